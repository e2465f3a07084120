"""Find prose that is too long for the PDF, and characters that no font has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import Finding, Severity
from nianbao.model.report import printed_texts
from nianbao.rendering.pdf.glyphs import GlyphCoverageError, find_missing_glyphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.model.report import Report

_LINE_WIDTH: Final = 28  # Chinese characters (GB/T 9704-2012 5.2.2)
# About 180 pages, 110,000 Chinese characters. WeasyPrint takes about ten seconds for them at most.
MAX_PRINTED_LINES: Final = 4_000


def find_unprintable(report: Report) -> Iterator[Finding]:
    """Yield the findings that prevent a PDF of a report.

    Yield F502 if there is too much prose, else F501 for each missing character.

    Raises GlyphCoverageError if the fonts are missing or damaged.
    """
    if excessive := _find_excessive_prose(report):
        yield excessive
    else:
        yield from find_missing_glyphs(report)


def add_unprintable(findings: Iterable[Finding], report: Report | None) -> list[Finding]:
    """Add warnings about texts that the PDF can't print (F501, F502).

    `findings`: the findings of a check.
    `report`: None if the file has errors of structure; nothing is added then.

    Return all findings, sorted by position.
    """
    try:
        unprintable = list(find_unprintable(report)) if report else []
    except GlyphCoverageError:
        # F501 needs the fonts.
        unprintable = []
    warnings = (replace(finding, severity=Severity.WARNING) for finding in unprintable)
    return sorted([*findings, *warnings], key=lambda finding: finding.sort_key)


def _find_excessive_prose(report: Report) -> Finding | None:
    """Return a finding (F502) at the text that makes the PDF too long, or None."""
    lines = 0
    longest = None
    for pointer, text in printed_texts(report):
        lines += _printed_lines(text)
        if longest is None and lines > MAX_PRINTED_LINES:
            longest = pointer, text
    if longest is None:
        return None
    pointer, text = longest
    return Finding(
        "F502",
        Severity.ERROR,
        report.source.path,
        report.source.span_of_text(pointer, text, 0, 1),
        pointer,
        f"文字印出来有 {lines} 行（一行 {_LINE_WIDTH} 字），PDF 最多印 {MAX_PRINTED_LINES} 行",
        "精简，或者把长的部分另作附件；网页和 Markdown 不受影响",
    )


def _printed_lines(text: str) -> int:
    """Return an estimate of the number of lines that a text takes on paper."""
    return sum(1 + _half_widths(line) // (2 * _LINE_WIDTH) for line in text.split("\n") if line)


def _half_widths(text: str) -> int:
    """Return the width of a text in half-width characters, from the number of its UTF-8 bytes.

    ASCII has 1 byte and width 1, Chinese has 3 bytes and width 2.
    """
    return (len(text) + len(text.encode())) // 2
