"""The content of a Word file as it is printed, before it has places.

`anchor`: the number of the `w:p` in the order of document.xml, from 1, those in text boxes and in
unused alternatives included; in a note, that of the `w:p` with its reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """A paragraph; `boxes`: the content of the text boxes that are anchored in it."""

    text: str
    anchor: int
    level: int = 0
    picture: bool = False
    boxes: tuple[Block, ...] = ()


@dataclass(slots=True)
class WordCell:
    """A cell at a row and column from 0; it grows when cells below are merged into it."""

    blocks: list[Block]
    anchor: int
    row: int
    column: int
    column_span: int
    row_span: int = 1

    @property
    def paragraphs(self) -> list[WordParagraph]:
        """Return its paragraphs, those of text boxes included, those of inner tables not."""
        return [block for block in flatten(self.blocks) if isinstance(block, WordParagraph)]

    @property
    def text(self) -> str:
        """Return what is printed in it, a line for each paragraph."""
        texts = (paragraph.text for paragraph in self.paragraphs)
        return "\n".join(text for text in texts if text.strip())

    @property
    def has_table(self) -> bool:
        """Return whether there is a table in it."""
        return any(isinstance(block, WordTable) for block in flatten(self.blocks))


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table with its cells in reading order."""

    cells: list[WordCell] = field(default_factory=list)


Block: TypeAlias = WordParagraph | WordTable


def flatten(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks, and the content of the text boxes of a paragraph after it."""
    for block in blocks:
        yield block
        if isinstance(block, WordParagraph):
            yield from flatten(block.boxes)
