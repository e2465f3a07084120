"""Define the content of a Word file: paragraphs of runs, and tables with merged cells."""

# Two versions of a report are compared in this form, before any XML is written.

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Revision(StrEnum):
    """The kind of a tracked change; the value is an element name in WordprocessingML."""

    NONE = ""
    INSERTED = "ins"
    DELETED = "del"


class Run(NamedTuple):
    """A piece of text that has the same format throughout.

    `text`: the text, with newlines for line breaks.
    `style`: the id of a character style, or "".
    `link`: the address that the text links to, or "".
    `size`: the font size in half-points; 0 for the size of the style.
    `revision`: whether the text was inserted or deleted.
    """

    text: str
    style: str = ""
    link: str = ""
    size: int = 0
    revision: Revision = Revision.NONE


class DocxParagraph(NamedTuple):
    """A paragraph of a Word file.

    `style`: the id of the paragraph style.
    `indent`: the indent of a list item or a quotation, in units of two characters.
    `left`: the indent of a line of the signature, in hundredths of a character.
    `is_kept`: True if the paragraph stays on one page with the next paragraph.
    `before`: the space above the paragraph, in twips.
    `is_left_aligned`: True if the lines begin at the left, whatever the style says.
    `is_rtl`: True if the text runs from right to left.
    `is_flush`: True if the first line is not indented, whatever the style says.
    `revision`: whether the whole paragraph was inserted or deleted.
    """

    style: str
    runs: tuple[Run, ...]
    indent: int = 0
    left: int = 0
    is_kept: bool = False
    before: int = 0
    is_left_aligned: bool = False
    is_rtl: bool = False
    is_flush: bool = False
    revision: Revision = Revision.NONE

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)


class DocxCell(NamedTuple):
    """A cell of a table of a Word file.

    `span`: the number of columns that the cell covers.
    `merge`: "restart" in the first row of a merged cell, "continue" in its other rows, else "".
    `is_label`: True for a header cell.
    `side`: the left and right margin in twips; None for the table's margin.
    """

    paragraph: DocxParagraph
    span: int = 1
    merge: str = ""
    is_label: bool = False
    side: int | None = None


class DocxRow(NamedTuple):
    """A row of a table of a Word file.

    `is_header`: True if the row is repeated on every page.
    `revision`: whether the row was inserted or deleted.
    """

    cells: tuple[DocxCell, ...]
    is_header: bool = False
    revision: Revision = Revision.NONE


class DocxTable(NamedTuple):
    """A table of a Word file.

    `title`, `description`: texts for screen readers.
    `widths`: the widths of the columns, in per cent.
    `margins`: the inner margins of a cell in twips: above, then at the sides.
    `has_row_labels`: True if the first column contains row labels.
    `joins_above`: True if this table and the table above look like one table.
    """

    title: str
    description: str
    widths: tuple[float, ...]
    margins: tuple[int, int]
    rows: tuple[DocxRow, ...]
    has_row_labels: bool = False
    joins_above: bool = False


Block = DocxParagraph | DocxTable
