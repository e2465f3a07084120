"""Rebuild paragraphs from the lines of the pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.pdf.lines import HEADING, PdfLine, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.readers.pdf.glyphs import Box

_ENDS_SENTENCE: Final = re.compile(r"[。；：！？]\s*\Z")
_IN_TEXT: Final = re.compile("[。；，]")  # no heading has it
_BULLETS: Final = "•●■◆▪"
_INDENT: Final = 0.8  # of the size of a character, from which a first line is indented
_SLACK: Final = 2.5  # of the size of a character, that a full line may lack
_MAX_GAP: Final = 1.4  # of the usual distance of lines, from which a paragraph begins
_CENTERED: Final = 1.0  # of the size of a character, that a centred line may be off
_TITLE: Final = 1.2  # of the size of the text, from which a line is one of a title
_OTHER_SIZE: Final = 0.15  # of the size of a character, by which lines of a paragraph may differ
_ENOUGH: Final = 3  # full lines of a page, that show its margin


@dataclass(frozen=True, slots=True)
class Margins:
    """The left and right edges of the text on a page, in points from the left."""

    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(slots=True)
class PageText:
    """A page with its lines outside tables, and the rectangles of its tables.

    `width`, `height`: the size of the page in points.
    """

    width: float
    height: float
    lines: list[PdfLine]
    tables: list[Box]

    @property
    def extent(self) -> Margins:
        """The left edge of the leftmost line and the right edge of the rightmost line."""
        return _extent([line.box for line in self.lines])

    @property
    def full_lines(self) -> int:
        """The number of lines that end near the right edge of the text."""
        right = self.extent.right
        return sum(line.x1 > right - _SLACK * line.size for line in self.lines)


@dataclass(frozen=True, slots=True)
class TextLayout:
    """The margins and sizes of the running text of a file.

    `margins`: the margins of each page.
    `gap`: the usual distance of two baselines, as a multiple of the font size.
    `size`: the font size of most characters, in points.
    """

    margins: tuple[Margins, ...]
    gap: float
    size: float

    def margins_of(self, line: PdfLine) -> Margins:
        """Return the margins of the page that a line is on."""
        return self.margins[line.page - 1]

    def indent(self, line: PdfLine) -> float:
        """Return the distance of a line from the left margin, in points."""
        return line.x0 - self.margins_of(line).left

    def is_centered(self, line: PdfLine) -> bool:
        """Return True if a line is centred between the margins."""
        # A line of the usual size must also begin further right than an indented first line.
        margins = self.margins_of(line)
        off = abs(line.x0 + line.x1 - margins.left - margins.right) / 2
        title = line.size > _TITLE * self.size
        return off <= _CENTERED * line.size and (
            title or line.x0 - margins.left > 2.5 * line.size  # a first line is indented by 2
        )

    def is_right(self, line: PdfLine) -> bool:
        """Return True if a line begins far from the left margin, like a signature."""
        return self.indent(line) > 0.4 * self.margins_of(line).width

    def is_full(self, line: PdfLine, following: PdfLine) -> bool:
        """Return True if the first word of the next line has no room in this line.

        `following`: the next line.
        """
        return line.x1 + following.unit > self.margins_of(line).right - _SLACK * line.size


def text_layout(pages: Sequence[PageText]) -> TextLayout:
    """Return the margins and sizes of the running text of all pages.

    `pages`: the pages without headers and footers.
    """
    lines = [line for page in pages for line in page.lines]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    gaps = sorted(
        (b.base - a.base) / a.size
        for a, b in pairwise(lines)
        if a.page == b.page and b.base > a.base and max(abs(a.size - size), abs(b.size - size)) < 1
    )
    margins = [_margins(page, index, pages) for index, page in enumerate(pages)]
    return TextLayout(tuple(margins), gaps[len(gaps) // 4] if gaps else 1.5, size)


def _margins(page: PageText, index: int, pages: Sequence[PageText]) -> Margins:
    """Return the margins of a page.

    If too few lines of the page are full, take the margins of another page of the same width, if
    possible with the same parity of page number. If no such page has enough full lines, all lines
    and tables of pages of this width count. `index`: the index of the page in `pages`.
    """
    alike = [other for other in pages if abs(other.width - page.width) < 1]
    width = 0.9 * max(other.extent.width for other in alike)
    parity = [other for other in pages[index % 2 :: 2] if abs(other.width - page.width) < 1]
    for other in [page, *parity, *alike]:
        if other.extent.width >= width and other.full_lines >= _ENOUGH:
            return other.extent
    boxes = [line.box for other in alike for line in other.lines]
    boxes += [box for other in alike for box in other.tables]
    return _extent(boxes)


def _extent(boxes: Sequence[Box]) -> Margins:
    left = min((box.x0 for box in boxes), default=0.0)
    return Margins(left, max((box.x1 for box in boxes), default=0.0))


def make_paragraphs(lines: Sequence[PdfLine], layout: TextLayout) -> list[list[PdfLine]]:
    """Group lines into paragraphs, and return the lines of each paragraph.

    `lines`: lines without a table in between.
    """
    paragraphs: list[list[PdfLine]] = []
    for line in lines:
        if paragraphs and _continues(paragraphs[-1], line, layout):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _continues(paragraph: Sequence[PdfLine], line: PdfLine, layout: TextLayout) -> bool:
    """Return True if `line` belongs to the paragraph of the lines before it."""
    first, before = paragraph[0], paragraph[-1]
    if abs(before.size - line.size) > _OTHER_SIZE * before.size:
        return False
    gap = (line.base - before.base) / before.size
    if before.page == line.page and gap > _MAX_GAP * layout.gap:
        return False
    if layout.is_centered(before) and layout.is_centered(line):
        return before.font == line.font and before.page == line.page
    if layout.is_right(before) or layout.is_right(line) or not layout.is_full(before, line):
        return False
    slack = _INDENT * line.size
    if line.marker and line.text[0] in _BULLETS:
        return False
    if HEADING.match(line.text) and _ENDS_SENTENCE.search(before.text):
        return False
    other_font = first is before and line.font != first.font and not _IN_TEXT.search(first.text)
    if abs(line.x0 - first.x0) < 1 and ((first.marker and line.marker) or other_font):
        return False  # the next item or heading, or the text under a heading
    indent, before_indent = layout.indent(line), layout.indent(before)
    hanging = first.marker - layout.margins_of(first).left
    if first.marker and not HEADING.match(first.text) and abs(indent - hanging) < slack:
        return True  # hangs under the text after its marker
    if HEADING.match(first.text) and not _IN_TEXT.search(before.text) and indent >= slack:
        return False  # the first line of the text under a heading
    if len(paragraph) > 1:
        return abs(indent - before_indent) < slack
    return indent < slack or indent < before_indent - slack


def paragraph_text(paragraph: Sequence[PdfLine], layout: TextLayout) -> str:
    """Return the text of a paragraph, with its lines joined.

    Each line of a centred title stays a line.
    """
    text = paragraph[0].text
    for before, line in pairwise(paragraph):
        if layout.is_centered(before) and not layout.is_full(before, line):
            text += "\n" + line.text
        else:
            text = join(text, line.text)
    return text
