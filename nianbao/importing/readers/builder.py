"""Collect the blocks of a document in reading order, and number them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.document import (
    Place,
    Remark,
    SourceCell,
    SourceDocument,
    SourceParagraph,
    SourceTable,
)
from nianbao.importing.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PARAGRAPH,
    MAX_ROWS,
    refuse_size,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUPERSCRIPTS: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED: Final = str.maketrans("0123456789", SUPERSCRIPTS)
# Blanks and invisible characters that print nothing at the ends of a line.
EDGES: Final = (
    " \t\r\f\n\v\xa0\u3000\u2000\u2001\u2002\u2003\u2009\u202f\u200b\u200c\u200d\u2060\ufeff"
)


class GridCell(NamedTuple):
    """A cell of a table that has no number yet.

    `text`: the text as printed.
    `row`, `column`: counted from 0.
    `row_span`, `column_span`: the number of rows and columns that the cell covers.
    `line`: the number of its line in the file, counted from 1; 0 if unknown.
    `picture`: True if the cell contains a picture.
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    line: int = 0
    picture: bool = False


class DocumentBuilder:
    """Collects paragraphs, tables and remarks in reading order, and numbers them.

    In all methods, `line` is the number of a line in the file, counted from 1; 0 if unknown.
    """

    def __init__(self) -> None:
        self.blocks: list[SourceParagraph | SourceTable] = []
        self.remarks: list[Remark] = []
        self._paragraphs = self._tables = self._cells = 0

    def add_paragraph(self, text: str, line: int = 0, level: int = 0) -> None:
        """Add a paragraph, or nothing if `text` is blank.

        `line`: the number of its line in the file; 0 if unknown.
        `level`: 1–9 for a heading, 0 for other text.

        Raises UserError if the paragraph is too long.
        """
        if text := text.strip(EDGES):
            if len(text) > MAX_PARAGRAPH:
                raise refuse_size(f"一段超过 {MAX_PARAGRAPH} 字")
            self._paragraphs += 1
            place = Place(paragraph=self._paragraphs, line=line)
            self.blocks.append(SourceParagraph(text, place, level))

    def add_table(self, cells: Iterable[GridCell], line: int = 0, *, ragged: bool = False) -> None:
        """Add a table.

        `line`: the number of its first line in the file; 0 if unknown.
        `ragged`: True if the column numbers of the cells are not reliable.

        Raises UserError if the table is too large.
        """
        self._tables += 1
        table = self._tables
        placed = tuple(
            SourceCell(
                cell.text.strip(EDGES),
                Place(table=table, row=cell.row + 1, column=cell.column + 1, line=cell.line),
                *cell[1:5],
                picture=cell.picture,
            )
            for cell in cells
        )
        height = max((cell.row + cell.row_span for cell in placed), default=0)
        width = max((cell.column + cell.column_span for cell in placed), default=0)
        self._cells += len(placed)
        if height > MAX_ROWS or width > MAX_COLUMNS:
            raise refuse_size(f"一个表超过 {MAX_ROWS} 行或 {MAX_COLUMNS} 列")
        if self._cells > MAX_CELLS:
            raise refuse_size(f"表格超过 {MAX_CELLS} 格")
        self.blocks.append(SourceTable(placed, Place(table=table, line=line), ragged))

    def add_remark(self, message: str, line: int = 0) -> None:
        """Add a remark about the last paragraph.

        The remark is about the whole file if there is no paragraph yet.

        `line`: the number of the line in the file; 0 if unknown.
        """
        self.remarks.append(Remark(Place(paragraph=self._paragraphs, line=line), message))

    def build(self, source_format: str) -> SourceDocument:
        """Return a document with everything that was added.

        `source_format`: the format of the file, such as docx or html.
        """
        return SourceDocument(source_format, tuple(self.blocks), tuple(self.remarks))


def rows_to_cells(rows: Sequence[Sequence[tuple[str, int]]]) -> list[GridCell]:
    """Return the cells of a table without merged cells.

    `rows`: for each cell, its text and the number of its line, counted from 1.
    """
    return [
        GridCell(text, row, column, line=line)
        for row, texts in enumerate(rows)
        for column, (text, line) in enumerate(texts)
    ]


def superscript(text: str) -> str:
    """Return a text with its digits as superscripts, such as ¹ for 1."""
    # The mark of a note must not be read as a digit of the number before it.
    return text.translate(_RAISED)
