"""The pages of the preview: a report beside its findings, and the list of reports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from nianbao.diagnostics.finding import SEVERITY_LABELS
from nianbao.diagnostics.reporters.summary import fingerprints, infos_last, summary
from nianbao.preview.snapshot import digest
from nianbao.rendering.templates import render
from nianbao.utils.resources import resource
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.preview.snapshot import Snapshot

_AROUND: Final = 2  # lines shown before and after the one that is meant
# Characters shown of a line beside it, and before, within and after the place that is meant: prose
# is one long line a paragraph.
_BESIDE: Final = 36
_WIDEST: Final = 60
_BEFORE: Final = 24


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """A line of an excerpt; `marked` is what is meant, empty but in one line."""

    number: int
    before: str
    marked: str
    after: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding for the page: words that others chose are cleaned, and hold nothing that steers.

    `key` tells it apart from others while lines move.
    """

    key: str
    severity: str
    word: str
    rule: str
    message: str
    help: str
    place: str
    excerpt: tuple[ExcerptLine, ...]


def report_page(name: str, proof: Snapshot, reports: Sequence[str], nonce: str) -> str:
    """The page that shows a report with its findings; `nonce` lets its own script run."""
    live = infos_last([finding for finding in proof.findings if not finding.waived])
    told = [
        _told(finding, key, proof.lines if finding.path == name else ())
        for finding, key in zip(live, fingerprints(live), strict=True)
    ]
    return render(
        resource("templates"),
        "preview/report.html",
        "html",
        None,
        report=words(name),
        address=address(name),
        summary=summary(proof.findings),
        errors=sum(finding.severity == "error" for finding in live),
        findings=told,
        failures=[words(failure) for failure in proof.failures],
        stale=proof.stale,
        page=digest(proof.page) if proof.page else "",
        version=proof.version,
        several=len(reports) > 1,
        nonce=nonce,
    )


def list_page(reports: Sequence[str], version: str, nonce: str) -> str:
    """The page that lists the reports; `version` is the desk's of the list."""
    return render(
        resource("templates"),
        "preview/list.html",
        "html",
        None,
        reports=[(words(name), address(name)) for name in reports],
        version=version,
        nonce=nonce,
    )


def address(name: str) -> str:
    """The name of a report within an address: percent-encoded, whatever bytes it has."""
    return quote(os.fsencode(name))


def words(text: str) -> str:
    """Text that others chose, as it may be shown: nothing in it turns the reading order around."""
    return sanitize(text).encode(errors="backslashreplace").decode()


def _told(finding: Finding, key: str, lines: Sequence[str]) -> FindingView:
    span = finding.span
    return FindingView(
        key,
        finding.severity.value,
        SEVERITY_LABELS[finding.severity],
        finding.rule,
        words(finding.message),
        words(finding.help),
        f"{words(finding.path)}:{span.line}:{span.column}",
        tuple(_excerpt(finding, lines)),
    )


def _excerpt(finding: Finding, lines: Sequence[str]) -> list[ExcerptLine]:
    """The lines around a finding, with what is meant marked; none where the file is not at hand."""
    span = finding.span
    if not 1 <= span.line <= len(lines):
        return []
    first, last = max(1, span.line - _AROUND), min(len(lines), span.line + _AROUND)
    shown = []
    for number in range(first, last + 1):
        line = lines[number - 1]
        if number != span.line:
            shown.append(ExcerptLine(number, _cut(line, _BESIDE), "", "", is_marked=False))
            continue
        start = min(span.column - 1, len(line))
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        left = start - _BEFORE if start > _WIDEST else 0
        before = ("…" if left else "") + line[left:start]
        marked, after = line[start : max(end, start)], line[max(end, start) :]
        shown.append(
            ExcerptLine(
                number, words(before), _cut(marked, _WIDEST), _cut(after, _WIDEST), is_marked=True
            )
        )
    return shown


def _cut(text: str, most: int) -> str:
    return words(text[:most]) + ("…" if len(text) > most else "")
