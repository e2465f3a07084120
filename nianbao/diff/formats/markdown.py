"""Format changes as `markdown`: a comment on a pull request, for GitHub and GitLab."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_LABELS
from nianbao.diff.formats import wording
from nianbao.diff.model import ParagraphStatus, RunKind
from nianbao.rendering.markdown.gfm import escape
from nianbao.utils.text import sanitize, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diff.model import Change, TextRun

# A comment can have 65,536 characters; longer output is cut, and a line says so.
LIMIT: Final = 60_000
# Room for the last line of a comment that was cut.
_RESERVE: Final = 400
_MAX_ROW: Final = 6_000
_MAX_NAME: Final = 120
_MAX_TEXT: Final = 500
# If a list has more rows than this, it is folded.
_SHORT: Final = 10
_MAX_LISTED: Final = 50
_GAP: Final = "&#8203;"
# The forges look for references in the rendered text, where a backslash has no effect but a
# zero-width space does. References of GitLab: !1 %1 $1 &1 ~label, and URLs of any scheme.
_REFERENCES: Final = re.compile(
    r"@|#|[!%&$~](?=[A-Za-z0-9\"])|(?i:\bGH-)(?=[0-9])|:(?=[\w+-]*:|//)|[0-9A-Fa-f]{6}(?=[0-9A-Fa-f])"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the comment: rows between an opening and a closing text."""

    opening: str
    rows: tuple[str, ...]
    closing: str = ""


def as_markdown(changes: Sequence[Change]) -> str:
    """Return the changes as Markdown of at most LIMIT characters: a summary, then each report."""
    edited = [change for change in changes if change.edited]
    parts = [_Part(f"**年报：{wording.summarize(changes)}**\n", ())]
    if len(edited) > 1:
        rows = [f"- {_name(wording.title(c))}：{wording.summarize([c])}\n" for c in edited]
        more = len(rows) - _MAX_LISTED
        listed = rows[:_MAX_LISTED] + ([f"- 还有 {more} 份\n"] if more > 0 else [])
        parts.append(_Part("\n", tuple(listed)))
    for change in edited:
        parts += _report(change)
    return _assembled(parts)


def _name(text: str) -> str:
    """Return a sanitized name for use between Markdown marks or tags; — for an empty name."""
    return sanitize_text(_clipped(text.strip(), _MAX_NAME)).strip() or "—"


def _text(text: str) -> str:
    return sanitize_text(_clipped(text, _MAX_TEXT))


def _clipped(text: str, limit: int) -> str:
    return shorten(text, limit, f"……（略 {len(text) - limit} 字）")


def sanitize_text(text: str) -> str:
    """Escape Markdown, HTML and references (@name) in a text for a comment on GitHub."""
    # The text may come from a stranger: it must open no tag, table or list, make no link, and refer
    # to nothing by @name, #number or commit hash.
    text = sanitize(text)
    blanks = len(text) - len(text.lstrip())
    inner = _REFERENCES.sub(lambda match: match.group() + _GAP, escape(text))
    return " " * min(blanks, 1) + inner + (" " if text.strip() and text[-1] == " " else "")


def _assembled(parts: Sequence[_Part]) -> str:
    """Join the parts into one text of at most LIMIT characters, and say how much is left out."""
    text: list[str] = []
    size = left_out = 0
    for part in parts:
        room = LIMIT - _RESERVE - size - _size(part.opening) - _size(part.closing)
        rows = []
        for row in part.rows:
            room -= _size(row)
            if left_out or room < 0:
                left_out += 1
            else:
                rows.append(row)
        if rows or (not part.rows and not left_out and room >= 0):
            whole = "".join([part.opening, *rows, part.closing])
            text.append(whole)
            size += _size(whole)
        elif not part.rows:
            left_out += 1
    if left_out:
        text.append(
            f"\n**到这里截断：太长，后面还有 {left_out} 处没有列出。** 全部的用 nianbao diff 看。\n"
        )
    return "".join(text).rstrip("\n")


def _size(text: str) -> int:
    """Return the length of a text in UTF-16 code units, which GitHub or GitLab may count."""
    return len(text) + sum(character > "\uffff" for character in text)


def _report(change: Change) -> Iterator[_Part]:
    yield _Part(f"\n#### {_name(wording.title(change))}\n", ())
    if change.remarks:
        yield _Part("\n", tuple(_row(f"- 注意：{_text(each)}") for each in change.remarks))
    yield from _folded("检查结果", list(_findings(change)), "")
    heads = [
        f"| {_name(h.label)} | {_text(wording.absent(h.old))} | {_text(wording.absent(h.new))} |"
        for h in change.metadata
    ]
    yield from _folded("开头的内容", heads, "| 项 | 旧 | 新 |\n| --- | --- | --- |\n")
    for table, cells in groupby(change.cells, lambda cell: cell.table):
        rows = []
        for cell in cells:
            names = [" › ".join(cell.row), wording.column_name(cell)]
            values = [wording.cell_text(cell.old), wording.cell_text(cell.new)]
            texts = [*names, *values, wording.difference_note(cell)]
            rows.append("| " + " | ".join(map(_text, texts)) + " |")
        head = "| 行 | 列 | 旧 | 新 | 差 |\n| --- | --- | ---: | ---: | ---: |\n"
        yield from _folded(_name(table), rows, head)
    for prose in change.prose:
        rows = []
        for paragraph in prose.paragraphs:
            if paragraph.status is not ParagraphStatus.EQUAL:
                moved = bool(paragraph.elsewhere)
                runs = wording.excerpt(paragraph, limit=40 if moved else 600)
                words = "".join(_marked(run, moved=moved) for run in runs)
                rows.append(f"- {_text(wording.paragraph_label(paragraph))}：{words}")
        yield from _folded(_name(" › ".join(prose.names)), rows, "")


def _findings(change: Change) -> Iterator[str]:
    for each in wording.finding_changes(change):
        kind = f"{SEVERITY_LABELS[each.finding.severity]} {each.finding.rule}"
        message = f"{_text(each.finding.message)}{each.line_note}"
        yield f"- {each.label} {kind if each.is_gone else f'**{kind}**'} {message}"
    if rest := wording.describe_remaining(change):
        yield f"- {rest}"


def _folded(name: str, rows: Sequence[str], head: str) -> Iterator[_Part]:
    """Yield rows under a name; they are folded if there are more than _SHORT rows.

    `head`: the lines before the rows, such as the header of a table.
    """
    if not rows:
        return
    whole = tuple(map(_row, rows))
    if len(rows) <= _SHORT:
        yield _Part(f"\n**{name}**\n\n{head}", whole)
    else:
        opening = f"\n<details><summary>{name}：{len(rows)} 处</summary>\n\n{head}"
        yield _Part(opening, whole, "\n</details>\n")


def _row(row: str) -> str:
    if len(row) <= _MAX_ROW:
        return f"{row}\n"
    return "| 这一处太长，没有列出 |\n" if row.startswith("|") else "- 这一处太长，没有列出\n"


def _marked(run: TextRun, *, moved: bool) -> str:
    text = sanitize_text(run.text)
    if moved or run.kind is RunKind.EQUAL or not text:
        return text
    tag = "del" if run.kind is RunKind.DELETE else "ins"
    return f"<{tag}>{text}</{tag}>"
