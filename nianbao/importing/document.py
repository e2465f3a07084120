"""Define the paragraphs and tables of a source file, in the same way for every format.

Texts are stored as printed, without corrections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

NOTES: Final = ("脚注", "尾注")  # parts of a Word file whose text is read after the body


class Place(NamedTuple):
    """A position in a source file, as a person would look for it.

    Numbers start at 1. 0 stands for a number that is unknown or does not exist.

    `page`, `table`, `line`: the numbers in the file.
    `part`: the name of a sheet, 文本框, 脚注 …; "" for the body.
    `paragraph`: the number among the paragraphs outside tables.
    `row`, `column`: the numbers in the table.
    `anchor`: the number of the paragraph element (`w:p`) in a Word file.
    """

    page: int = 0
    part: str = ""
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    line: int = 0
    # `check --annotate` finds by it where to put a comment.
    anchor: int = 0

    def __str__(self) -> str:
        """Return the place in Chinese: 第2页第1个表第3行第4列."""
        names = ("page", "页"), ("table", "个表"), ("row", "行"), ("column", "列")
        texts = ("paragraph", "段"), ("line", "行")
        numbers = names if self.table else (names[0], *texts)
        shown = (f"第{getattr(self, name)}{unit}" for name, unit in numbers if getattr(self, name))
        return (f"{self.part} " if self.part else "") + "".join(shown)


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A paragraph outside tables.

    `text`: the text as printed, with its automatic number; line breaks are "\\n".
    `level`: 1–9 if the file itself marks the paragraph as a heading, else 0.
    """

    text: str
    place: Place
    level: int = 0


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of a table.

    `text`: the text as printed; "\\n" separates paragraphs and lines.
    `row`, `column`: the position in the table, counted from 0.
    `row_span`, `column_span`: the number of rows and columns that the cell covers.
    `picture`: True if the cell contains a picture.
    """

    text: str
    place: Place
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    picture: bool = False


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a source file.

    `cells`: the cells in reading order; a merged cell occurs once.
    `ragged`: True if the column numbers of the cells are not reliable.
    """

    cells: tuple[SourceCell, ...]
    place: Place
    ragged: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """The numbers of rows and columns."""
        height = max((cell.row + cell.row_span for cell in self.cells), default=0)
        width = max((cell.column + cell.column_span for cell in self.cells), default=0)
        return height, width

    def matrix(self) -> list[list[SourceCell | None]]:
        """Return the cell that covers each position, by row and column.

        A position without a cell is None. If cells overlap, the first cell is returned.
        """
        height, width = self.size
        matrix: list[list[SourceCell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            for row in matrix[cell.row : cell.row + cell.row_span]:
                for column in range(cell.column, cell.column + cell.column_span):
                    row[column] = row[column] or cell
        return matrix


class Remark(NamedTuple):
    """A note for the person who imports a file.

    `message`: a text about a part that was not read or is unclear, in Chinese.
    """

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The content of a source file.

    `format`: docx, html, pdf …
    `blocks`: the paragraphs and tables in reading order.
    `attachment`: the report file inside a PDF of this program, or b"".
    """

    format: str
    blocks: tuple[SourceParagraph | SourceTable, ...]
    remarks: tuple[Remark, ...] = ()
    attachment: bytes = b""
