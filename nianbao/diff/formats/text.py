"""Format changes as `text`: with ANSI colours, or with marks like [-旧-]{+新+}."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_COLOURS, SEVERITY_LABELS
from nianbao.diff.formats import wording
from nianbao.diff.model import ParagraphStatus, RunKind
from nianbao.utils.text import display_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.diff.model import CellChange, Change, ProseChange

# Text and its ANSI attributes.
_Fragment = tuple[str, str]

_COLUMNS: Final = 80
_OLD, _NEW, _BOLD, _SOFT = "31;9", "32;4", "1", "2"
# A word or a Chinese character with the punctuation around it: no line break inside.
_UNBROKEN: Final = re.compile(r"[（《“]*(?:[!-~]+|.)[，。；：、！？）》”…]*|.", re.DOTALL)


def as_text(changes: Sequence[Change], *, colour: bool) -> str:
    """Format changes as text: each changed report, then a summary of all changes.

    `colour`: True to use ANSI colours.
    """
    lines: list[str] = []
    for change in changes:
        if change.edited:
            lines += _report(change, colour)
            lines.append("")
    return "\n".join([*lines, *_fold([(wording.summarize(changes), _BOLD)], 0, colour)])


def _report(change: Change, colour: bool) -> Iterator[str]:
    yield from _fold([(wording.title(change), _BOLD)], 0, colour)
    for remark in change.remarks:
        yield from _fold([(f"注意：{sanitize(remark)}", "")], 2, colour)
    for head in change.metadata:
        yield from _fold(
            [(f"{sanitize(head.label)}：", ""), *_values(head.old, head.new, colour)], 2, colour
        )
    for table, cells in groupby(change.cells, lambda cell: cell.table):
        yield from _fold([(table, _BOLD)], 2, colour)
        for cell in cells:
            yield from _cell(cell, colour)
    for prose in change.prose:
        yield from _prose(prose, colour)
    findings = list(wording.finding_changes(change))
    if findings or (change.findings.still and change.old and change.new):
        yield from _fold([("检查", _BOLD)], 2, colour)
    for each in findings:
        finding = each.finding
        look = "" if each.is_gone else SEVERITY_COLOURS[finding.severity]
        kind = (f"{SEVERITY_LABELS[finding.severity]} {finding.rule}", look)
        message = (f" {sanitize(finding.message)}{each.line_note}", "")
        yield from _fold([(f"{each.label} ", ""), kind, message], 4, colour)
    if rest := wording.describe_remaining(change):
        yield from _fold([(rest, _SOFT)], 4, colour)


def _cell(cell: CellChange, colour: bool) -> Iterator[str]:
    values = _values(wording.cell_text(cell.old), wording.cell_text(cell.new), colour)
    note = wording.difference_note(cell)
    tail: list[_Fragment] = [(f"（{note}）", "")] if note else []
    yield from _fold([(f"{wording.cell_label(cell)}：", ""), *values, *tail], 4, colour)


def _prose(prose: ProseChange, colour: bool) -> Iterator[str]:
    yield from _fold([(sanitize(" › ".join(prose.names)), _BOLD)], 2, colour)
    for paragraph in prose.paragraphs:
        if paragraph.status is ParagraphStatus.EQUAL:
            continue
        pieces: list[_Fragment] = [(f"{wording.paragraph_label(paragraph)}：", "")]
        moved = paragraph.status in (ParagraphStatus.MOVED_AWAY, ParagraphStatus.MOVED_HERE)
        runs = wording.excerpt(paragraph, limit=40 if moved else 600)
        pieces += [_marked(run.text, "" if moved else run.kind, colour) for run in runs]
        yield from _fold(pieces, 4, colour)


def _marked(text: str, mark: str, colour: bool) -> _Fragment:
    if mark == RunKind.DELETE:
        return (text, _OLD) if colour else (f"[-{text}-]", "")
    if mark == RunKind.INSERT:
        return (text, _NEW) if colour else (f"{{+{text}+}}", "")
    return text, ""


def _values(old: str | None, new: str | None, colour: bool) -> list[_Fragment]:
    before, after = (sanitize(wording.absent(text)) for text in (old, new))
    return [(before, _OLD if colour else ""), (" → ", ""), (after, _NEW if colour else "")]


def _fold(pieces: Iterable[_Fragment], indent: int, colour: bool) -> Iterator[str]:
    """Break text into lines of 80 columns. Further lines are indented by two more columns.

    `pieces`: texts with their ANSI attributes. `indent`: the number of blanks before the first
    line.
    """
    line: list[_Fragment] = []
    room = _COLUMNS - indent
    margin = indent
    for text, look in pieces:
        for token in _tokens(text):
            width = display_width(token)
            if width > room and line:
                yield _line(line, margin, colour)
                line, margin = [], indent + 2
                room = _COLUMNS - margin
                token = token.lstrip(" ")
                width = display_width(token)
            if token:
                line.append((token, look))
                room -= width
    if line:
        yield _line(line, margin, colour)


def _tokens(text: str) -> Iterator[str]:
    for token in _UNBROKEN.findall(text):
        # A token longer than half a line may be broken anywhere.
        yield from [token] if display_width(token) <= _COLUMNS // 2 else token


def _line(pieces: Sequence[_Fragment], margin: int, colour: bool) -> str:
    out = []
    for look, group in groupby(pieces, lambda piece: piece[1]):
        text = "".join(token for token, _ in group)
        out.append(f"\x1b[{look}m{text}\x1b[0m" if look and colour else text)
    return (" " * margin + "".join(out)).rstrip()
