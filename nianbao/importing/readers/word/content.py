"""The content of a Word file as it is printed, before it has places.

`anchor`: the number of the `w:p` in the order of document.xml, from 1, those in text boxes and in
unused alternatives included; 0 in other parts of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


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


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table with its cells in reading order."""

    cells: list[WordCell] = field(default_factory=list)


Block: TypeAlias = WordParagraph | WordTable
