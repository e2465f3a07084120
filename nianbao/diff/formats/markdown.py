"""markdown: changes as a comment on a pull request, for GitHub and GitLab.

What it quotes may be a stranger's: it stays words. It opens no tag, table or list, makes no link,
and calls nobody and nothing by @name, #number or the hash of a commit. A comment holds 65,536
characters, so it ends before, and says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_LABELS
from nianbao.diff.formats.wording import (
    FINDING_LABELS,
    absent,
    cell_text,
    column_name,
    describe_remaining,
    difference,
    excerpt,
    finding_changes,
    paragraph_label,
    summarize,
    title,
)
from nianbao.diff.model import ParagraphStatus, RunKind
from nianbao.rendering.markdown.gfm import escape
from nianbao.utils.text import sanitize, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diff.model import Change, TextRun

LIMIT: Final = 60_000
# For what ends a comment that was cut.
_RESERVE: Final = 400
_LONGEST_ROW: Final = 6_000
_LONGEST_NAME: Final = 120
_LONGEST_WORDS: Final = 500
# More rows than these are folded.
_SHORT: Final = 10
_MOST_LISTED: Final = 50
_GAP: Final = "&#8203;"
# The forges look for references in the words that are left when Markdown is done, so a backslash
# is no help; a blank of no width is. GitLab's own: !1 %1 $1 &1 ~label, and addresses of any kind.
_CALLS: Final = re.compile(
    r"@|#|[!%&$~](?=[A-Za-z0-9\"])|(?i:\bGH-)(?=[0-9])|:(?=[\w+-]*:|//)|[0-9A-Fa-f]{6}(?=[0-9A-Fa-f])"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the comment: rows between what opens and closes them."""

    opening: str
    rows: tuple[str, ...]
    closing: str = ""


def as_markdown(changes: Sequence[Change]) -> str:
    """The verdict on the first line, then report by report; under 60,000 characters."""
    edited = [change for change in changes if change.edited]
    parts = [_Part(f"**年报：{summarize(changes)}**\n", ())]
    if len(edited) > 1:
        rows = [f"- {_name(title(change))}：{summarize([change])}\n" for change in edited]
        more = len(rows) - _MOST_LISTED
        listed = rows[:_MOST_LISTED] + ([f"- 还有 {more} 份\n"] if more > 0 else [])
        parts.append(_Part("\n", tuple(listed)))
    for change in edited:
        parts += _report(change)
    return _assembled(parts)


def _name(text: str) -> str:
    """A name as `safe` words, on its own between marks."""
    return sanitize_text(_clipped(text.strip(), _LONGEST_NAME)).strip() or "—"


def _words(text: str) -> str:
    return sanitize_text(_clipped(text, _LONGEST_WORDS))


def _clipped(text: str, most: int) -> str:
    return shorten(text, most, f"……（略 {len(text) - most} 字）")


def sanitize_text(text: str) -> str:
    """Words that stay words in a comment, wherever in a line they stand."""
    text = sanitize(text)
    blanks = len(text) - len(text.lstrip())
    inner = _CALLS.sub(lambda match: match.group() + _GAP, escape(text))
    return " " * min(blanks, 1) + inner + (" " if text.strip() and text[-1] == " " else "")


def _assembled(parts: Sequence[_Part]) -> str:
    """The parts, as many of their rows as there is room for."""
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
    """Characters as a forge may count them: those beyond the first plane are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _report(change: Change) -> Iterator[_Part]:
    yield _Part(f"\n#### {_name(title(change))}\n", ())
    if change.remarks:
        yield _Part("\n", tuple(_row(f"- 注意：{_words(each)}") for each in change.remarks))
    yield from _folded("检查结果", list(_findings(change)), "")
    heads = [
        f"| {_name(h.label)} | {_words(absent(h.old))} | {_words(absent(h.new))} |"
        for h in change.metadata
    ]
    yield from _folded("开头的内容", heads, "| 项 | 旧 | 新 |\n| --- | --- | --- |\n")
    for table, cells in groupby(change.cells, lambda cell: cell.table):
        rows = []
        for cell in cells:
            note = "，".join(filter(None, [difference(cell), "算出" if cell.computed else ""]))
            names = [" › ".join(cell.row), column_name(cell)]
            texts = [*names, cell_text(cell.old), cell_text(cell.new), note]
            rows.append("| " + " | ".join(map(_words, texts)) + " |")
        head = "| 行 | 列 | 旧 | 新 | 差 |\n| --- | --- | ---: | ---: | ---: |\n"
        yield from _folded(_name(table), rows, head)
    for prose in change.prose:
        rows = []
        for paragraph in prose.paragraphs:
            if paragraph.status is not ParagraphStatus.EQUAL:
                moved = bool(paragraph.elsewhere)
                runs = excerpt(paragraph, most=40 if moved else 600)
                words = "".join(_marked(run, moved=moved) for run in runs)
                rows.append(f"- {_words(paragraph_label(paragraph))}：{words}")
        yield from _folded(_name(" › ".join(prose.place)), rows, "")


def _findings(change: Change) -> Iterator[str]:
    for word, finding in finding_changes(change):
        gone = word == FINDING_LABELS[1]
        place = "" if gone else f"（第 {finding.span.line} 行）"
        kind = f"{SEVERITY_LABELS[finding.severity]} {finding.rule}"
        told = f"{_words(finding.message)}{place}"
        yield f"- {word} {kind if gone else f'**{kind}**'} {told}"
    if rest := describe_remaining(change):
        yield f"- {rest}"


def _folded(name: str, rows: Sequence[str], head: str) -> Iterator[_Part]:
    """Rows under their name, which folds them where they are many."""
    if not rows:
        return
    whole = tuple(map(_row, rows))
    if len(rows) <= _SHORT:
        yield _Part(f"\n**{name}**\n\n{head}", whole)
    else:
        opening = f"\n<details><summary>{name}：{len(rows)} 处</summary>\n\n{head}"
        yield _Part(opening, whole, "\n</details>\n")


def _row(row: str) -> str:
    if len(row) <= _LONGEST_ROW:
        return f"{row}\n"
    return "| 这一处太长，没有列出 |\n" if row.startswith("|") else "- 这一处太长，没有列出\n"


def _marked(run: TextRun, *, moved: bool) -> str:
    text = sanitize_text(run.text)
    if moved or run.kind is RunKind.EQUAL or not text:
        return text
    tag = "del" if run.kind is RunKind.DELETE else "ins"
    return f"<{tag}>{text}</{tag}>"
