"""Read the paragraphs and tables of Word files (.docx)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from nianbao.importing.document import (
    Place,
    Remark,
    SourceCell,
    SourceDocument,
    SourceParagraph,
    SourceTable,
)
from nianbao.importing.readers.layout import split_table
from nianbao.importing.readers.word.body import BodyReader
from nianbao.importing.readers.word.content import Block, WordCell, WordParagraph, WordTable
from nianbao.importing.readers.word.package import WordParts, open_package
from nianbao.importing.readers.wrapping import join_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

_BOX: Final = "文本框"


def read_docx(data: bytes) -> SourceDocument:
    """Return the content of a .docx file, with tracked changes accepted.

    Headers, footers and comments are left out.

    Raises UserError if the file is damaged, encrypted or too large.
    """
    return read_parts(open_package(data), "docx")


def read_parts(parts: WordParts, source_format: str) -> SourceDocument:
    """Return the content of a Word file from its XML parts.

    `source_format`: the format of the file, such as docx or doc.
    """
    reader = BodyReader(parts)
    assembler = _Assembler()
    assembler.add(reader.read_body(), "")
    assembler.add_notes(reader.read_notes())
    for occurrence, anchors in reader.occurrences.items():
        place = assembler.places.get(anchors[0], Place())
        assembler.remarks.append(Remark(place, occurrence.value.format(len(anchors))))
    joined, remarks = join_paragraphs(assembler.blocks)
    return SourceDocument(source_format, tuple(joined), (*assembler.remarks, *remarks))


class _Assembler:
    """Gives places to the content of a file, in reading order."""

    def __init__(self) -> None:
        self.blocks: list[SourceParagraph | SourceTable] = []
        self.remarks: list[Remark] = []
        self.places: dict[int, Place] = {}  # by anchor
        self._paragraphs: Counter[str] = Counter()  # so far, by part
        self._tables = 0

    def add(self, blocks: Iterable[Block], part: str) -> None:
        for block in blocks:
            if isinstance(block, WordParagraph):
                self._add_paragraph(block, part)
            else:
                self._add_table(block, part)

    def add_notes(self, notes: Iterable[tuple[str, Iterable[Block]]]) -> None:
        """Add notes at the end, but those of a table after this table.

        `notes`: the kind and the content of each.
        """
        body, self.blocks = self.blocks, []
        for part, blocks in notes:
            self.add(blocks, part)
        of_table: dict[int, list[SourceParagraph | SourceTable]] = {}
        for note in self.blocks:
            of_table.setdefault(self.places.get(note.place.anchor, Place()).table, []).append(note)
        last = {block.place.table: block for block in body if isinstance(block, SourceTable)}
        self.blocks = []
        for block in body:
            self.blocks.append(block)
            if block is last.get(block.place.table):
                self.blocks += of_table.pop(block.place.table, [])
        self.blocks += (note for notes in of_table.values() for note in notes)

    def _add_paragraph(self, paragraph: WordParagraph, part: str) -> None:
        printed = bool(paragraph.text.strip())
        self._paragraphs[part] += printed or paragraph.picture
        place = Place(part=part, paragraph=self._paragraphs[part], anchor=paragraph.anchor)
        self.places.setdefault(paragraph.anchor, place)
        if printed:
            self.blocks.append(SourceParagraph(paragraph.text, place, paragraph.level))
        if paragraph.picture:
            self.remarks.append(Remark(place, "这里是图片，里面的文字没有读"))
        self.add(paragraph.boxes, part or _BOX)

    def _add_table(self, table: WordTable, part: str) -> None:
        """Add a table. If it only arranges text or other tables, add its content instead."""
        if any(cell.has_table for cell in table.cells):
            for cell in table.cells:
                self.add(cell.blocks, part)
            return
        pieces = list(split_table(table.cells)) if table.cells else []
        self._tables += any(is_table for is_table, _ in pieces)
        number = self._tables
        for is_table, cells in pieces:
            if is_table:
                top = cells[0].row
                place = Place(part=part, table=number, anchor=cells[0].anchor)
                placed = tuple(self._place_cell(cell, place, top) for cell in cells)
                self.blocks.append(SourceTable(placed, place))
            else:
                for cell in cells:
                    self.add(cell.blocks, part)

    def _place_cell(self, cell: WordCell, place: Place, top: int) -> SourceCell:
        """Return a cell with its place.

        A table of the file can hold several tables, separated by running text. `place`: the place
        of the table that the cell is in. `top`: the row of the file's table at which this table
        begins, counted from 0.
        """
        place = place._replace(row=cell.row + 1, column=cell.column + 1, anchor=cell.anchor)
        paragraphs = cell.paragraphs
        for paragraph in paragraphs:
            self.places.setdefault(paragraph.anchor, place)
        return SourceCell(
            cell.text,
            place,
            cell.row - top,
            cell.column,
            cell.row_span,
            cell.column_span,
            any(paragraph.picture for paragraph in paragraphs),
        )
