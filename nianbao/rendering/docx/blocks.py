"""Define the content of a Word file: paragraphs of runs, and tables with merged cells.

The content is independent of XML, so that two versions of a report can be compared.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Revision(StrEnum):
    """A tracked change: the value is the name of its element in WordprocessingML."""

    NONE = ""
    INSERTED = "ins"
    DELETED = "del"


class Run(NamedTuple):
    """A piece of text with one format; a line break is \\n.

    `style`: the id of a character style, or "". `link`: the address that it leads to, or "".
    `size`: the font size in half-points, 0 for that of the style.
    """

    text: str
    style: str = ""
    link: str = ""
    size: int = 0
    revision: Revision = Revision.NONE


class Paragraph(NamedTuple):
    """A paragraph.

    `style`: the id of its style. `indent`: the indent, in units of two characters. `left`:
    an indent in hundredths of a character, for the signature. `is_kept`: True if it stays on the
    page of the next one. `before`: space above it, in twips. `is_left`: True if its lines begin at
    the left, not as the style says. `is_rtl`: True if it is written from right to left. `revision`:
    that of the paragraph as a whole.
    """

    style: str
    runs: tuple[Run, ...]
    indent: int = 0
    left: int = 0
    is_kept: bool = False
    before: int = 0
    is_left: bool = False
    is_rtl: bool = False
    revision: Revision = Revision.NONE

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


class Cell(NamedTuple):
    """A cell of a table; `merge`: restart in the first row of a merged cell, continue below it.

    `is_label`: True for a header cell. `side`: the inner margin at left and right in twips, None
    for that of the table.
    """

    paragraph: Paragraph
    span: int = 1
    merge: str = ""
    is_label: bool = False
    side: int | None = None


class Row(NamedTuple):
    """A row of a table; `is_header`: True if it is repeated on every page."""

    cells: tuple[Cell, ...]
    is_header: bool = False
    revision: Revision = Revision.NONE


class Table(NamedTuple):
    """A table. `title`, `description`: for screen readers. `widths`: of its columns, in per cent.

    `margins`: the inner margins of a cell, above and at the sides, in twips. `joins_above`: True if
    it stands directly below another table, as one table of several parts.
    """

    title: str
    description: str
    widths: tuple[float, ...]
    margins: tuple[int, int]
    rows: tuple[Row, ...]
    has_row_labels: bool = False
    joins_above: bool = False


Block = Paragraph | Table
