"""The command `rules`: print the documentation of the rules, which is in their docstrings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.checks.catalog import FAMILIES, find_kinds, finding_kinds
from nianbao.cli.printing import print_or_write
from nianbao.diagnostics.finding import SEVERITY_LABELS, FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.cli.console import Console

_INTRODUCTION = (
    "# 规则\n\n"
    "<!-- 由 make docs 生成，不要改这里：改 nianbao/checks/rules/ 里规则的文档字符串。 -->\n\n"
    "`check` 和 `build` 逐条检查的规则。文件和结构的问题（S 开头）见[检查结果](findings.md)，"
    "怎样加一条规则见[加一条规则](adding-rules.md)。\n\n"
    "例子的每一行，是在一份各格为 0、没有问题的 2022 年度报告上改一处：位置，冒号，新的值。"
    "“上年”开头的改上一年的报告；“× 8”是把前面的文字重复 8 遍。\n"
)


def rules(id_: str | None, *, markdown: bool, output: Path | None = None, console: Console) -> int:
    """Print the help page of one kind of finding, or a list of kinds.

    `id_`: an ID (A103) for a page; a letter (A) or None for a list.
    `markdown`: print Markdown; if `id_` is None, the text of docs/rules.md.
    `output`: the file to write; None to print.

    Raises UsageError if there is no such kind. Raises UserError if `output` can't be written.
    """
    kinds = finding_kinds() if id_ is None else find_kinds(id_)
    if markdown:
        each = [_markdown(kind, 1) for kind in kinds]
        text = as_markdown(kinds) if id_ is None else "\n".join(each)
    else:
        text = _page(kinds[0]) if len(kinds) == 1 else "\n".join(_list_lines(kinds))
    print_or_write(text, output, console)
    return 0


def _list_lines(known: Sequence[FindingKind]) -> Iterator[str]:
    for letter, family in FAMILIES.items():
        kinds = [kind for kind in known if kind.id.startswith(letter)]
        if kinds:
            yield f"{letter} {family}"
        for kind in kinds:
            yield f"  {kind.id} {SEVERITY_LABELS[kind.severity]} {kind.title}"


def _page(kind: FindingKind) -> str:
    head = f"{kind.id} {SEVERITY_LABELS[kind.severity]} {kind.title}"
    return f"{head}\n\n{kind.text}\n" if kind.text else f"{head}\n"


def as_markdown(known: Sequence[FindingKind]) -> str:
    """Return the text of docs/rules.md: the help page of every rule.

    Findings about the structure of a file (S…) are left out.
    """
    parts = [_INTRODUCTION]
    for letter, family in FAMILIES.items():
        if letter != "S":
            parts.append(f"## {letter} {family}\n")
            parts += [_markdown(kind, 3) for kind in known if _has_section(kind, letter)]
    return "\n".join(parts)


def _has_section(kind: FindingKind, letter: str) -> bool:
    return kind.id.startswith(letter) and not kind.id.startswith("F5")


def _markdown(kind: FindingKind, level: int) -> str:
    lines = [f"{'#' * level} {kind.id} {kind.title}", f"轻重：{SEVERITY_LABELS[kind.severity]}"]
    return "\n\n".join([*lines, *([kind.markdown] if kind.markdown else [])]) + "\n"
