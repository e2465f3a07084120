"""Render Jinja templates of the repository or of the program, in a sandbox."""

from __future__ import annotations

import os
import re
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from nianbao.rendering.errors import TemplateError
from nianbao.rendering.json_ld import json_ld
from nianbao.rendering.markdown.gfm import escape
from nianbao.rendering.markdown.html import markdown_to_html, paragraphs_to_markdown
from nianbao.rendering.markdown.revisions import revisions_to_html
from nianbao.utils.characters import NUMBER_AFTER_RIGHT_TO_LEFT
from nianbao.utils.os_errors import describe_os_error
from nianbao.utils.resources import resource
from nianbao.utils.suggestions import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2.runtime import Context

    from nianbao.rendering.document import Document

Syntax = Literal["html", "redline", "markdown"]
_MAX_SIZE = 10_000_000  # characters, or items of a list
_MAX_BITS = 10_000  # of an integer: some 3,000 digits, which Python still prints
_START_OF_JINJA = re.compile(r"\{(?=[{%#])")
_END_OF_STYLE = re.compile("</(?=style)", re.IGNORECASE)
# Jinja's message for a missing macro: the template and the macro.
_NO_MACRO = re.compile(r"the template '([^']*)' .*does not export the requested name '([^']*)'")


class _TemplateFileError(TemplateSyntaxError):
    """A template file can't be read or compiled. The message, in Chinese, says why."""


class _TooLargeError(Exception):
    """An integer has more than _MAX_BITS bits."""


class _Missing(StrictUndefined):
    """The value of an undefined name. Its error message is in Chinese and names no Python class."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint:
            return f"用了没有的东西：{self._undefined_hint}"
        if not isinstance(name, str):
            return "没有这一项"
        known = [] if self._undefined_obj is missing else dir(self._undefined_obj)
        near = closest(name, [key for key in known if not key.startswith("_")])
        guess = f"，是不是 {near}？" if near else ""
        return f"没有 {name} 这个名字{guess}"


class _Folders(BaseLoader):
    """Loads each template from the first folder that has it, never from outside that folder."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - the signature is BaseLoader's
        template: str,
    ) -> tuple[str, str, Callable[[], bool]]:
        # A link, or a name like .. or .git, could bring any file of the machine into the output.
        path = Path(template)
        if path.is_absolute() or any(part.startswith(".") for part in path.parts):
            raise TemplateNotFound(template)
        for folder in self._folders:
            file = folder / path
            if not os.path.lexists(file):
                continue
            try:
                if not file.resolve().is_relative_to(folder.resolve()):
                    message = "是一个链接，指向 templates 文件夹以外"
                    raise _TemplateFileError(message, 1, template, str(file))
                text = file.read_text("utf-8-sig")
                plain = _as_template(text) if file.suffix == ".css" else text
                return plain, str(file), lambda: True
            except UnicodeDecodeError:
                raise _TemplateFileError("不是 UTF-8 编码", 1, template, str(file)) from None
            except OSError as error:
                message = f"读不了：{describe_os_error(error)}"
                raise _TemplateFileError(message, 1, template, str(file)) from None
        raise TemplateNotFound(template)


def _as_template(style: str) -> str:
    """Return a template that prints a style sheet exactly as it is written.

    Characters that have a meaning in Jinja are escaped: `@media print{#main{…` begins no comment.
    An end tag in a comment or string is escaped too, so that it does not end the HTML element
    around the style sheet.
    """
    return _START_OF_JINJA.sub("{{ '{' }}", _END_OF_STYLE.sub(r"<\\/", style))


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with limits on repeated text and on large integers.

    Declared fields of dataclasses and of named tuples skip the checks of the sandbox: these fields
    are plain data, and nearly all lookups are for them.
    """

    intercepted_binops = frozenset(("*", "**"))

    def compile(self, source: str, name: str | None = None, filename: str | None = None) -> Any:  # type: ignore[override]
        """Compile a template. Any failure becomes an error in this template.

        Jinja evaluates constants here, and Python can refuse the code that Jinja generates.
        """
        try:
            return super().compile(source, name, filename)
        except TemplateSyntaxError:
            raise
        except Exception as error:
            reason = "嵌套太深" if isinstance(error, RecursionError) else _reason(error)
            raise _TemplateFileError(reason, 1, name, filename) from error

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Evaluate `*` or `**`. Raises MemoryError or _TooLargeError if the result is too large."""
        if isinstance(left, int) and isinstance(right, int):
            bits, more = left.bit_length(), right.bit_length()
            if (bits * right if operator == "**" else bits + more) > _MAX_BITS:
                raise _TooLargeError
        sizes = [len(each) for each in (left, right) if isinstance(each, (str, list, tuple))]
        times = [each for each in (left, right) if isinstance(each, int)]
        if sizes and times and sizes[0] * times[0] > _MAX_SIZE:
            raise MemoryError
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up an attribute for a template."""
        if attribute in getattr(type(obj), "__match_args__", ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@cache
def jinja_environment(templates: Path, syntax: Syntax) -> ImmutableSandboxedEnvironment:
    """Return the Jinja environment for templates of HTML, redlines or Markdown.

    `templates`: the repository's templates folder, which need not exist.
    `syntax`: the format of the output.
    """
    environment = _Sandbox(
        loader=_Folders([templates, resource("templates")]),
        autoescape=syntax != "markdown",
        undefined=_Missing,
        auto_reload=False,
        keep_trailing_newline=True,
    )
    if syntax == "html":
        environment.filters["prose"] = lambda text, top=3: Markup(markdown_to_html(text, top))
    elif syntax == "redline":
        environment.filters["prose"] = lambda text, top=3: Markup(revisions_to_html(text, top))
    else:
        environment.filters["prose"] = paragraphs_to_markdown
    environment.filters["md"] = escape
    environment.filters["json_ld"] = json_ld
    return environment


def render(
    templates: Path, name: str, syntax: Syntax, document: Document | None, **extra: Any
) -> str:
    """Render the template `name`.

    `templates`: the repository's templates folder, which need not exist.
    `syntax`: the format of the output.
    `document`: the document to print, or None if the template does not need one.
    `extra`: further variables for the template.

    Raises TemplateError if a template in `templates` has an error.
    """
    environment = jinja_environment(templates, syntax)
    try:
        text = environment.get_template(name).render(document=document, **extra)
        if syntax != "markdown":
            text = NUMBER_AFTER_RIGHT_TO_LEFT.sub("\u200e", text)
        text.encode()  # "\ud800" is a valid string for Jinja but cannot be encoded
        return text
    except TemplateSyntaxError as error:
        path = error.filename or error.name or name
        reason = "" if isinstance(error, _TemplateFileError) else "语法不对："
        raise TemplateError(_short(path), error.lineno, f"{reason}{error.message}") from error
    except RecursionError as error:
        raise TemplateError(f"templates/{name}", 1, "模板互相套用，没有尽头") from error
    except Exception as error:
        # An error in a user's template is reported to its author; in our own template it is a bug.
        # In a checkout of this project both are in the same folder, and both are reported.
        position = _template_line(error, templates) or _overriding(error, templates, name)
        if position is None:
            raise
        raise TemplateError(_short(position[0]), position[1], _reason(error)) from error


def _reason(error: Exception) -> str:
    """Describe an error in Chinese; an unknown error is quoted in Jinja's English."""
    if isinstance(error, TemplateNotFound):
        return f"找不到模板“{error.name}”，只能用 templates 文件夹里的"
    if isinstance(error, SecurityError):
        return f"用了模板里不许用的东西：{error}"
    if isinstance(error, UndefinedError):
        macro = _NO_MACRO.search(str(error))
        return f"里面没有 {macro[2]}，别的模板要用它" if macro else str(error)
    if isinstance(error, UnicodeEncodeError):
        return f"写出了不是文字的字符 U+{ord(error.object[error.start]):04X}"
    if isinstance(error, MemoryError):
        return "要的内存太多"
    if isinstance(error, _TooLargeError) or "int_max_str_digits" in str(error):
        return "算出的数太大"
    if isinstance(error, SyntaxError):  # of the Python code that Jinja generates
        return f"语法不对：{error.msg}"
    return f"出错了：{error}"


def _template_line(error: Exception, templates: Path) -> tuple[str, int] | None:
    """Return the path and line of a user's template in which an error occurred, or None.

    If several templates call each other, this is the innermost.
    """
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(templates):
            return frame.filename, frame.lineno or 1
    return None


def _overriding(error: Exception, templates: Path, name: str) -> tuple[str, int] | None:
    """Return the path and line of a user's template that causes an error elsewhere, or None.

    Jinja reports a missing macro where the macro is called. It joins and encodes the text of a
    template only at the end, when no line of the template is known.
    """
    if not isinstance(error, (UndefinedError, UnicodeEncodeError, MemoryError)):
        return None
    macro = _NO_MACRO.search(str(error))
    file = templates / (macro[1] if macro else name)
    return (str(file), 1) if file.is_file() else None


def _short(path: str) -> str:
    """Return a template's path as the user knows it: templates/report.html."""
    parts = Path(path).parts
    start = max((n for n, part in enumerate(parts[:-1]) if part == "templates"), default=-2)
    return "/".join(parts[start:])
