"""Remove page numbers, running headers and footers from the pages of a PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.pdf.glyphs import Box
from nianbao.importing.readers.pdf.lines import PdfLine, make_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.readers.pdf.glyphs import Page
    from nianbao.importing.readers.pdf.rules import RuledGrid

_MARGIN: Final = 0.11  # of the height of a page, where headers and footers stand
_PAGE_NUMBER: Final = re.compile(
    r"[\s—–\-－─·~〜|]*(?:第?\s*[0-9]{1,3}\s*页?(?:\s*[,，/共]?\s*(?:of\s*)?共?\s*[0-9]{1,3}\s*页?)?"
    r"|page\s*[0-9]{1,3}(?:\s*(?:of|/)\s*[0-9]{1,3})?)[\s—–\-－─·~〜|]*",
    re.IGNORECASE,
)
# What browsers print under a page: its address and number. It is known on a single page too.
_PRINT_FOOTER: Final = re.compile(r"(?:https?|file)://\S+\s+[0-9]{1,3}/[0-9]{1,3}")
_LETTER: Final = re.compile(r"[^\W\d_]")


def take_furniture(pages: Sequence[Page], grids: Sequence[Sequence[RuledGrid]]) -> list[PdfLine]:
    """Remove page numbers, headers and footers from `pages`, in place.

    Headers and footers are lines that about half of the pages repeat in the margin. Only the digits
    in these lines may differ.

    `grids`: the ruled tables of each page.

    Return one line for each header and footer.
    """
    at: dict[tuple[str, int], list[PdfLine]] = {}
    numbers: list[PdfLine] = []
    for page, tables in zip(pages, grids, strict=True):
        for line in _margin_lines(page, tables):
            if _PAGE_NUMBER.fullmatch(line.text):
                numbers.append(line)
            else:
                key = re.sub(r"[0-9]+", "#", line.text), round(line.base / 4)
                at.setdefault(key, []).append(line)
    # The same line, but for digits, at the same height on half of the pages, and at least two.
    enough = max(2, len(pages) // 2)
    repeated = [
        group
        for (text, _), group in at.items()
        if (len({line.page for line in group}) >= enough and _LETTER.search(text))
        or _PRINT_FOOTER.fullmatch(group[0].text)
    ]
    for line in [line for group in [numbers, *repeated] for line in group]:
        page = pages[line.page - 1]
        page.glyphs = [glyph for glyph in page.glyphs if not line.box.holds(glyph.center)]
    return [group[0] for group in repeated]


def _margin_lines(page: Page, tables: Sequence[RuledGrid]) -> Iterator[PdfLine]:
    """Yield the lines in the top and bottom margins of a page that are in no table."""
    low, high = _MARGIN * page.height, (1 - _MARGIN) * page.height
    boxes = [
        Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
        for grid in tables
        if len(grid.cells) > 1  # a single one is a frame around text
    ]
    glyphs = [
        glyph
        for glyph in page.glyphs
        if not low < glyph.center[1] < high and not any(b.holds(glyph.center) for b in boxes)
    ]
    yield from make_lines(glyphs, page.number)
