"""Render the pages of the preview: a report with its findings, and the list of reports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_to_bytes

from nianbao.county.formats import heading, summary_line, unit_row
from nianbao.diagnostics.reporters.summary import summary
from nianbao.diagnostics.reporters.units import STATUS_COLUMNS
from nianbao.preview.snapshot import digest
from nianbao.rendering.draft import make_marks
from nianbao.rendering.templates import render
from nianbao.utils.resources import resource
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.preview.board import Board
    from nianbao.preview.snapshot import Snapshot
    from nianbao.rendering.draft import Mark

_CONTEXT_LINES: Final = 2  # shown before and after the line of a finding
# Limits in characters of a context line, of the marked range and of the text after it, and of the
# text before it, because a paragraph of prose is one long line.
_CONTEXT_WIDTH: Final = 36
_MARKED_WIDTH: Final = 60
_LEADING_WIDTH: Final = 24
# Placeholder for the nonce in a cached page; no report name can contain it.
_NONCE: Final = "/nonce//"


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """A line of a file, with the part that a finding marks.

    `number`: the line number, counted from 1.
    `before`, `after`: the text before and after the marked part.
    `is_marked`: False if nothing is marked; `before` is then the whole line.
    """

    number: int
    before: str
    marked: str
    after: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page shows it; quoted text has no control characters.

    `key`: an identifier that stays the same when lines move.
    `sign`: the mark of the finding in the report, such as ▲1.
    `label`: the severity in Chinese.
    `help`: the remedy.
    `position`: path, line and column.
    `excerpt`: the lines of the file around the finding.
    """

    key: str
    sign: str
    severity: str
    label: str
    rule: str
    message: str
    help: str
    position: str
    excerpt: tuple[ExcerptLine, ...]


def report_page(name: str, snapshot: Snapshot, reports: Sequence[str], nonce: str) -> str:
    """Return the HTML page of the report `name`, with its findings.

    `reports`: the names of all reports.
    `nonce`: the token that allows the page's script to run.
    """
    marks = make_marks(snapshot.findings)
    views = [_finding_view(m, snapshot.lines if m.finding.path == name else ()) for m in marks]
    return render(
        resource("templates"),
        "preview/report.html",
        "html",
        None,
        report=shown_text(name),
        address=address(name),
        summary=summary(snapshot.findings),
        errors=sum(mark.finding.severity == "error" for mark in marks),
        findings=views,
        failures=[shown_text(failure) for failure in snapshot.failures],
        stale=snapshot.stale,
        page=digest(snapshot.page) if snapshot.page else "",
        version=snapshot.version,
        several=len(reports) > 1,
        nonce=nonce,
    )


def list_page(reports: Sequence[str], version: str, nonce: str, board: Board | None = None) -> str:
    """Return the HTML page that lists the reports.

    `version`: a text that changes when the list changes.
    `nonce`: the token that allows the page's script to run.
    `board`: the states of the units, which are shown above the list, or None.
    """
    if board is None:
        return cached_list_page(tuple(reports), version).replace(_NONCE, nonce)
    known = set(reports)
    units = [
        unit_row(unit, f"/report/{address(unit.path)}" if unit.path in known else "")
        for unit in board.status.units
    ]
    shown = {unit.path for unit in board.status.units}
    others = tuple(name for name in reports if name not in shown) if not board.unknown else ()
    counts = summary_line(board.status) if units else ""
    unknown = f"还有 {board.unknown} 个单位在检查……" if board.unknown else ""
    return _list(
        others,
        version,
        nonce,
        title=heading(board.status),
        counts="，".join(filter(None, [counts, unknown])),
        columns=STATUS_COLUMNS,
        units=units,
    )


@lru_cache(maxsize=1)
def cached_list_page(reports: tuple[str, ...], version: str) -> str:
    """Return the page that lists the reports, from a cache if possible.

    The page contains a placeholder for the nonce (the token of the page's script).

    `reports`: the paths of the reports.
    `version`: a text that changes when the list changes.
    """
    return _list(reports, version, _NONCE, title="", counts="", columns=(), units=())


def _list(reports: Sequence[str], version: str, nonce: str, **table: object) -> str:
    return render(
        resource("templates"),
        "preview/list.html",
        "html",
        None,
        reports=[(shown_text(name), address(name)) for name in reports],
        version=version,
        nonce=nonce,
        **table,
    )


def address(name: str) -> str:
    """Return the name of a report, percent-encoded for a URL."""
    return quote(os.fsencode(name))


def report_name(address: str) -> str:
    """Decode the percent-encoded name of a report.

    Return "" if the decoded bytes can't be a file name on this system.
    """
    try:
        return os.fsdecode(unquote_to_bytes(address))
    except UnicodeDecodeError:  # on Windows, where every name is Unicode
        return ""


def shown_text(text: str) -> str:
    """Return untrusted text with a space in place of each control or bidi character."""
    return sanitize(text).encode(errors="backslashreplace").decode()


def _finding_view(mark: Mark, lines: Sequence[str]) -> FindingView:
    finding, span = mark.finding, mark.finding.span
    return FindingView(
        mark.key,
        mark.sign,
        finding.severity.value,
        mark.label,
        finding.rule,
        shown_text(finding.message),
        shown_text(finding.help),
        f"{shown_text(finding.path)}:{span.line}:{span.column}",
        tuple(_excerpt(finding, lines)),
    )


def _excerpt(finding: Finding, lines: Sequence[str]) -> list[ExcerptLine]:
    """Return the lines around a finding, with its range marked.

    Return [] if `lines` does not have the line of the finding.
    """
    span = finding.span
    if not 1 <= span.line <= len(lines):
        return []
    first, last = max(1, span.line - _CONTEXT_LINES), min(len(lines), span.line + _CONTEXT_LINES)
    excerpt = []
    for number in range(first, last + 1):
        line = lines[number - 1]
        if number != span.line:
            excerpt.append(ExcerptLine(number, _cut(line, _CONTEXT_WIDTH), "", "", is_marked=False))
            continue
        start = min(span.column - 1, len(line))
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        left = start - _LEADING_WIDTH if start > _MARKED_WIDTH else 0
        before = ("…" if left else "") + line[left:start]
        marked, after = line[start : max(end, start)], line[max(end, start) :]
        excerpt.append(
            ExcerptLine(
                number,
                shown_text(before),
                _cut(marked, _MARKED_WIDTH),
                _cut(after, _MARKED_WIDTH),
                is_marked=True,
            )
        )
    return excerpt


def _cut(text: str, limit: int) -> str:
    return shown_text(text[:limit]) + ("…" if len(text) > limit else "")
