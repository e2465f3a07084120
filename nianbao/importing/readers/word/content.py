"""Define the paragraphs and tables that are read from a Word file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# An anchor is the position of a `w:p` among all `w:p` of document.xml. Those in text boxes are
# counted, and those in the second version of a drawing (mc:AlternateContent), which is not printed.
@dataclass(frozen=True, slots=True)
class WordParagraph:
    """A paragraph of a Word file.

    `anchor`: the number of its `w:p` element in document.xml, counted from 1.
        A paragraph of a note has the anchor of the paragraph with the note mark.
    `level`: 1–9 for a heading, 0 for other text.
    `picture`: True if the paragraph contains a picture.
    `boxes`: the content of the text boxes in the paragraph.
    """

    text: str
    anchor: int
    level: int = 0
    picture: bool = False
    boxes: tuple[Block, ...] = ()


@dataclass(slots=True)
class WordCell:
    """A cell of a table in a Word file.

    `anchor`: the number of its first paragraph (`w:p`) in document.xml, counted from 1.
    `row`, `column`: counted from 0.
    `column_span`: the number of columns that the cell covers.
    `row_span`: the number of rows that it covers; grows while the table is read.
    """

    blocks: list[Block]
    anchor: int
    row: int
    column: int
    column_span: int
    row_span: int = 1

    @property
    def paragraphs(self) -> list[WordParagraph]:
        """The paragraphs of the cell and of its text boxes, without inner tables."""
        return [block for block in flatten(self.blocks) if isinstance(block, WordParagraph)]

    @property
    def text(self) -> str:
        """The printed text of the cell, with one line for each paragraph that is not blank."""
        texts = (paragraph.text for paragraph in self.paragraphs)
        return "\n".join(text for text in texts if text.strip())

    @property
    def has_table(self) -> bool:
        """True if there is a table in the cell."""
        return any(isinstance(block, WordTable) for block in flatten(self.blocks))


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table with its cells in reading order."""

    cells: list[WordCell] = field(default_factory=list)


Block: TypeAlias = WordParagraph | WordTable


def flatten(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield each block, and after a paragraph the content of its text boxes."""
    for block in blocks:
        yield block
        if isinstance(block, WordParagraph):
            yield from flatten(block.boxes)
