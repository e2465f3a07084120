"""Define a source file as paragraphs and tables, in the same way for every format.

A reader turns the bytes of a file into a `SourceDocument`. `nianbao.importing.matching` assigns its
content to the parts of the form. This module does not depend on the form. Texts are stored as they
are printed, without corrections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

NOTES: Final = ("脚注", "尾注")  # parts of a Word file whose text is read after the body


class Place(NamedTuple):
    """A position in a source file, as a person would look for it.

    Numbers count from 1; 0 means that the format has no such number, or that it is not known.

    `part`: the name of a sheet, 文本框, 脚注 …, or "" for the body.
    `table`: the number of the table in the file.
    `paragraph`: the number of the paragraph; paragraphs in tables do not count.
    `line`: the number of the line in the file.
    `row`, `column`: the numbers in the table.
    `anchor`: the number of the paragraph element (`w:p`) in a Word file, by which `check
        --annotate` finds where to put a comment.
    """

    page: int = 0
    part: str = ""
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    line: int = 0
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

    `text`: the text as printed, with the automatic number; line breaks are "\\n". `level`: 1–9 for
    a heading in the outline that the file itself defines, else 0.
    """

    text: str
    place: Place
    level: int = 0


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of a table.

    `text`: the text as printed; between paragraphs and at line breaks there is "\\n". `row`,
    `column`: counted from 0, unlike those in `place`. `row_span`, `column_span`: how many rows and
    columns the cell covers. `picture`: True if it contains a picture.
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

    `cells`: the cells in reading order; a merged cell is there once, with its spans. `ragged`: True
    if the same column number in two rows need not mean the same column, as in a table that was
    pasted into a text.
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

        A position without a cell is None. Where two cells overlap, the first one counts.
        """
        height, width = self.size
        matrix: list[list[SourceCell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            for row in matrix[cell.row : cell.row + cell.row_span]:
                for column in range(cell.column, cell.column + cell.column_span):
                    row[column] = row[column] or cell
        return matrix


class Remark(NamedTuple):
    """A note by the code that reads a file, for the person who imports it.

    It says, in Chinese, what was not read, or how an unclear part was read.
    """

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """The content of a source file.

    `format`: docx, html, pdf … `blocks`: paragraphs and tables in reading order. `attachment`: the
    report file that a PDF made by this program carries, or b"".
    """

    format: str
    blocks: tuple[SourceParagraph | SourceTable, ...]
    remarks: tuple[Remark, ...] = ()
    attachment: bytes = b""
