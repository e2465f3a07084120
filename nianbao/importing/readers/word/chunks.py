"""Read web pages that are embedded in a Word file (w:altChunk), as some web editors do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.importing.readers.html import page_blocks, parse_page
from nianbao.importing.readers.html_blocks import RawParagraph, RawTable
from nianbao.importing.readers.word.content import WordCell, WordParagraph, WordTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.importing.readers.word.content import Block


def chunk_blocks(data: bytes, anchor: int) -> Iterator[Block]:
    """Yield the paragraphs and tables of a web page that is embedded in a Word file.

    `anchor`: the number of the Word paragraph before the page; all blocks get it.

    Raises UserError if the page is empty, too large or nested too deep.
    """
    root, _ = parse_page(data)
    for block in page_blocks(root):
        if isinstance(block, RawParagraph):
            yield WordParagraph(block.text, anchor, block.level)
        elif isinstance(block, RawTable):
            cells = []
            for cell in block.cells:
                text: list[Block] = [WordParagraph(cell.text, anchor, picture=cell.picture)]
                where = cell.row, cell.column, cell.column_span, cell.row_span
                cells.append(WordCell(text, anchor, *where))
            yield WordTable(cells)
