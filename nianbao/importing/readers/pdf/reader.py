"""Put the pages of a PDF together into paragraphs and tables in reading order."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from nianbao.errors import UserError
from nianbao.importing.document import Paragraph, Place, Remark, SourceDocument, SourceTable
from nianbao.importing.readers.pdf.glyphs import Box, Glyph, Page, PageReader
from nianbao.importing.readers.pdf.lines import Line, make_lines
from nianbao.importing.readers.pdf.paragraphs import (
    Margins,
    make_paragraphs,
    page_furniture,
    page_margins,
    paragraph_text,
)
from nianbao.importing.readers.pdf.rules import find_grids
from nianbao.importing.readers.pdf.tables import PageTable, join_tables, make_table, source_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_PAGES: Final = 300


@dataclass(slots=True)
class _PageContent:
    """The lines outside tables and the tables of a page."""

    page: Page
    lines: list[Line]
    tables: list[tuple[Box, PageTable]] = field(default_factory=list)


def read_pdf(data: bytes) -> SourceDocument:
    """Return the content of a PDF."""
    pages = _read_pages(data)
    contents = [_page_content(page) for page in pages]
    furniture, headers = page_furniture(
        [content.lines for content in contents], [page.height for page in pages]
    )
    for content in contents:
        content.lines = [line for line in content.lines if id(line) not in furniture]
    margins = page_margins([content.lines for content in contents])
    blocks = _blocks(contents)
    remarks = [
        Remark(Place(page=line.page), f"页眉或页脚没有读：{line.text}") for line in headers
    ]
    return SourceDocument("pdf", tuple(_in_order(blocks, margins)), tuple(remarks))


def _read_pages(data: bytes) -> list[Page]:
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
    except PDFPasswordIncorrect:
        raise UserError("这份 PDF 加了密，打不开；请去掉密码再导入") from None
    reader = PageReader()
    pages = []
    for number, source in enumerate(PDFPage.create_pages(document), 1):
        if number > _MAX_PAGES:
            raise UserError(f"这份 PDF 超过 {_MAX_PAGES} 页，不像年报；请只导入年报的那几页")
        pages.append(reader.read(source, number))
    return pages


def _page_content(page: Page) -> _PageContent:
    """Find the tables of a page, the smallest first: a frame may stand around others."""
    content = _PageContent(page, [])
    rest = page.glyphs
    for grid in sorted(find_grids(page.rules), key=lambda grid: grid.box.area):
        if len(grid.cells) == 1:
            continue
        inside = [glyph for glyph in rest if grid.box.holds(glyph.center)]
        if not inside:
            continue
        table, outside = make_table(grid, inside, page.pictures, page.number)
        taken = {id(glyph) for glyph in inside} - {id(glyph) for glyph in outside}
        rest = [glyph for glyph in rest if id(glyph) not in taken]
        content.tables.append((grid.box, table))
    content.lines = make_lines(rest, page.number)
    return content


def _blocks(contents: Sequence[_PageContent]) -> list[Line | PageTable]:
    """Return lines and tables in reading order, with the tables that go over a page joined."""
    blocks: list[Line | PageTable] = []
    for content in contents:
        items: list[tuple[float, Line | PageTable]] = [
            *((line.top, line) for line in content.lines),
            *((box.top, table) for box, table in content.tables),
        ]
        for number, (_, item) in enumerate(sorted(items, key=lambda item: item[0])):
            last = blocks[-1] if blocks else None
            joined = None
            if number == 0 and isinstance(item, PageTable) and isinstance(last, PageTable):
                joined = join_tables(last, item)
            if joined is None:
                blocks.append(item)
            else:
                blocks[-1] = joined
    return blocks


def _in_order(
    blocks: Sequence[Line | PageTable], margins: Sequence[Margins]
) -> Iterable[Paragraph | SourceTable]:
    tables = paragraphs = 0
    lines: list[Line] = []
    for block in [*blocks, None]:
        if isinstance(block, Line):
            lines.append(block)
            continue
        for paragraph in make_paragraphs(lines, margins):
            paragraphs += 1
            place = Place(page=paragraph[0].page, paragraph=paragraphs)
            yield Paragraph(paragraph_text(paragraph, margins), place)
        lines = []
        if block is None:
            return
        if block.is_layout:
            for cell in sorted(block.cells, key=lambda cell: cell.row):
                if cell.text:
                    paragraphs += 1
                    yield Paragraph(cell.text, Place(page=cell.page, paragraph=paragraphs))
            continue
        tables += 1
        yield source_table(block, tables)
