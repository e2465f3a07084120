"""Rebuild paragraphs from the lines of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.pdf.lines import Line, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_INDENT: Final = 0.8  # of the size of a character, from which a first line is indented
_SLACK: Final = 0.6  # of the size of a character, that a full line may lack
_MAX_GAP: Final = 1.4  # of the usual distance of lines, from which a paragraph begins
_CENTERED: Final = 1.0  # of the size of a character, that a centred line may be off
_MARGIN: Final = 0.14  # of the height of a page, where headers and footers stand
_PAGE_NUMBER: Final = re.compile(
    r"[\s—–\-－─·~〜|]*(?:第?\s*[0-9]{1,3}\s*页?(?:\s*[,，/共]?\s*(?:of\s*)?共?\s*[0-9]{1,3}\s*页?)?"
    r"|page\s*[0-9]{1,3}(?:\s*(?:of|/)\s*[0-9]{1,3})?)[\s—–\-－─·~〜|]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the text of a page begins and ends, in points."""

    left: float
    right: float

    def centers(self, line: Line) -> bool:
        """Return True if a line stands in the middle between the margins."""
        off = abs(line.x0 + line.x1 - self.left - self.right) / 2
        return off <= _CENTERED * line.size and line.x0 - self.left > 2.5 * line.size

    def is_right(self, line: Line) -> bool:
        """Return True if a line stands at the right: a signature, a date, a unit."""
        return line.x0 > self.left + 0.4 * (self.right - self.left)

    def fills(self, line: Line, following: Line) -> bool:
        """Return True if the beginning of the following line had no room in a line."""
        return line.x1 + following.unit > self.right - _SLACK * line.size


def page_margins(pages: Sequence[Sequence[Line]]) -> list[Margins]:
    """Return the margins of each page, from its lines outside tables.

    A page with few lines has those of the page before the last one: odd and even pages may differ.
    """
    widest = [
        Margins(min(line.x0 for line in lines), max(line.x1 for line in lines)) if lines else None
        for lines in pages
    ]
    known = [margins for margins in widest if margins is not None]
    width = max((margins.right - margins.left for margins in known), default=0.0)
    result: list[Margins] = []
    for index, margins in enumerate(widest):
        if margins is not None and margins.right - margins.left > 0.9 * width:
            result.append(margins)
            continue
        same = [m for m in widest[index % 2 :: 2] if m and m.right - m.left > 0.9 * width]
        full = same or [m for m in known if m.right - m.left > 0.9 * width]
        result.append(full[0] if full else Margins(0.0, 0.0))
    return result


def page_furniture(
    pages: Sequence[Sequence[Line]], heights: Sequence[float]
) -> tuple[set[int], list[Line]]:
    """Return the ids of the lines that are page numbers, running headers or footers.

    Also the first one of each that is no page number. They stand in the margins; a header or a
    footer is the same, but for its digits, at the same place of several pages.
    """
    at: dict[tuple[str, int], list[Line]] = {}
    numbers: list[Line] = []
    for lines, height in zip(pages, heights, strict=True):
        for line in lines:
            if _MARGIN * height < (line.top + line.bottom) / 2 < (1 - _MARGIN) * height:
                continue
            if _PAGE_NUMBER.fullmatch(line.text):
                numbers.append(line)
            else:
                at.setdefault((re.sub(r"[0-9]+", "#", line.text), round(line.base / 4)), []).append(
                    line
                )
    repeated = [group for group in at.values() if len({line.page for line in group}) > 1]
    furniture = {id(line) for group in [numbers, *repeated] for line in group}
    return furniture, [group[0] for group in repeated]


def make_paragraphs(lines: Sequence[Line], margins: Sequence[Margins]) -> list[list[Line]]:
    """Return the lines of each paragraph of a text without tables between them.

    `margins`: those of each page, by its number less one.
    """
    usual = _usual_gap(lines)
    paragraphs: list[list[Line]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and _continues(paragraphs[-1], line, margins, usual):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _usual_gap(lines: Sequence[Line]) -> float:
    """Return the most common distance of two lines, in sizes of their characters."""
    found = sorted(
        (b.base - a.base) / a.size
        for a, b in pairwise(lines)
        if a.page == b.page and b.base > a.base and abs(a.size - b.size) < 1
    )
    return found[len(found) // 4] if found else 1.5


def _continues(
    paragraph: Sequence[Line], line: Line, margins: Sequence[Margins], usual: float
) -> bool:
    """Return True if a line belongs to the paragraph of the lines before it."""
    first, before = paragraph[0], paragraph[-1]
    here = margins[before.page - 1]
    there = margins[line.page - 1]
    if abs(before.size - line.size) > 0.15 * before.size:
        return False
    gap = (line.base - before.base) / before.size
    if before.page == line.page and gap > _MAX_GAP * usual:
        return False
    if here.centers(before) and there.centers(line):
        return before.font == line.font and before.page == line.page
    if not here.fills(before, line):
        return False
    if there.is_right(line):
        return False
    slack = _INDENT * line.size
    indent = line.x0 - there.left
    if first.marker and abs(indent - (first.marker - margins[first.page - 1].left)) < slack:
        return True  # hangs under the text after its marker
    before_indent = before.x0 - here.left
    if len(paragraph) > 1:
        return abs(indent - before_indent) < slack
    return indent < slack or indent < before_indent - slack


def paragraph_text(paragraph: Sequence[Line], margins: Sequence[Margins]) -> str:
    """Return the text of a paragraph; the lines of a centred title stay lines."""
    text = paragraph[0].text
    for before, line in pairwise(paragraph):
        here = margins[before.page - 1]
        if here.centers(before) and here.centers(line):
            text += "\n" + line.text
        else:
            text = join(text, line.text)
    return text


def texts(paragraphs: Iterable[Sequence[Line]], margins: Sequence[Margins]) -> list[str]:
    return [paragraph_text(paragraph, margins) for paragraph in paragraphs]
