"""Adapt click: help and usage messages in Chinese, and a default command."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.utils.suggestions import closest
from nianbao.utils.text import display_width, pad_width

if TYPE_CHECKING:
    from collections.abc import Iterable

# Words that could be a command: names of reports have a dot, a slash or Chinese characters.
_WORD = re.compile(r"[a-z][a-z-]*", re.IGNORECASE)


class _Formatter(click.HelpFormatter):
    """Formatter of help with aligned columns; a Chinese character counts as two columns."""

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(f"{heading}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names with their explanations, one per line."""
        rows = list(rows)
        widest = min(max(display_width(name) for name, _ in rows), col_max)
        for name, explanation in rows:
            self.write(f"  {pad_width(name, widest + col_spacing)}{explanation}\n")


class _ChineseContext(click.Context):
    formatter_class = _Formatter


class DocumentedArgument(click.Argument):
    """A click argument with an explanation in the help."""

    def __init__(self, *args: Any, explanation: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.explanation = explanation


class UnknownCommandError(click.UsageError):
    """Raised if the first word is not a command.

    The message, in Chinese, suggests a similar command.
    """


class ChineseCommand(click.Command):
    """A command whose whole help is in Chinese."""

    context_class = _ChineseContext

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how to call the command."""
        pieces = " ".join(self.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[选项]")
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments and the options."""
        arguments = [item for item in self.get_params(ctx) if isinstance(item, DocumentedArgument)]
        if arguments:
            with formatter.section("参数"):
                formatter.write_dl([(item.metavar or "", item.explanation) for item in arguments])
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        rows = [row for item in options if (row := item.get_help_record(ctx))]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option --help with an explanation in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这份说明"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands, one of which is the default.

    `default`: the name of the command to run if the user writes none.
    """

    def __init__(self, *args: Any, default: str, **kwargs: Any) -> None:
        kwargs["subcommand_metavar"] = "[命令] [参数]…"
        super().__init__(*args, **kwargs)
        self.no_args_is_help = False
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Insert the default command if the arguments contain no command.

        Raises UnknownCommandError if the first word is no command and no file.
        """
        own = {name for item in self.get_params(ctx) for name in item.opts}
        if args and _WORD.fullmatch(args[0]) and args[0] not in self.commands:
            near = closest(args[0], self.commands)
            if not Path(args[0]).exists():
                guess = f"，是不是 {near}？" if near else "，也没有这个文件"
                raise UnknownCommandError(f"没有 {args[0]} 这个命令{guess}", ctx)
        if not args or args[0] not in own | set(self.commands):
            args.insert(0, self.default)
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        with formatter.section("命令"):
            formatter.write_dl(
                [(name, command.get_short_help_str(60)) for name, command in self.commands.items()]
            )
        super().format_options(ctx, formatter)


def explain_usage_error(error: click.ClickException) -> str:
    """Return the message of a usage error in Chinese."""
    context = getattr(error, "ctx", None)
    hint = f"（{context.command_path} --help 看说明）" if context else ""
    if isinstance(error, UnknownCommandError):
        return f"{error.message}{hint}"
    if isinstance(error, click.NoSuchOption):
        known = [name for item in context.command.params for name in item.opts] if context else []
        near = closest(error.option_name, known)
        guess = f"，是不是 {near}？" if near else ""
        return f"没有 {error.option_name} 这个选项{guess}{hint}"
    if isinstance(error, click.BadOptionUsage):
        given = "does not take a value" in error.message
        return f"{error.option_name} 后面{'不能' if given else '要'}写一个值{hint}"
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"缺少 {name}{hint}"
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param else ""
        return f"{name} 的值不对：{error.message}{hint}"
    extra = re.search(r"unexpected extra arguments? \((.*)\)", error.message)
    return f"命令写得不对：{f'多了 {extra.group(1)}' if extra else error.format_message()}{hint}"
