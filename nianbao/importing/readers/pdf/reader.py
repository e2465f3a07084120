"""Read a PDF as paragraphs and tables in reading order."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import pypdfium2
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from nianbao.errors import UserError
from nianbao.importing.document import Place, Remark, SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.isolation import read_isolated
from nianbao.importing.limits import MAX_BYTES, refuse_size
from nianbao.importing.readers.pdf.aligned import figures_in, take_aligned_tables
from nianbao.importing.readers.pdf.furniture import take_furniture
from nianbao.importing.readers.pdf.glyphs import Glyph, Page, PageReader
from nianbao.importing.readers.pdf.lines import PdfLine, make_lines
from nianbao.importing.readers.pdf.paragraphs import (
    PageText,
    TextLayout,
    make_paragraphs,
    paragraph_text,
    text_layout,
)
from nianbao.importing.readers.pdf.pdfium import Pdfium
from nianbao.importing.readers.pdf.remarks import page_remarks, refuse_without_text
from nianbao.importing.readers.pdf.rules import find_grids
from nianbao.importing.readers.pdf.tables import (
    PageTable,
    join_tables,
    make_table,
    source_table,
    text_runs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.readers.pdf.rules import RuledGrid

_FEWEST_LINES: Final = 4  # of running text in a cell
_FEWEST_FIGURES: Final = 3  # next to other texts in a cell, in a table that lacks lines
_MAX_PAGES: Final = 300
_DAMAGED: Final = "文件不完整或已损坏，打不开。重新下载，或打开后另存、打印成 PDF，再导入"


@dataclass(slots=True)
class _PageContent:
    """The text of a page outside tables, and the tables of the page."""

    text: PageText
    tables: list[PageTable]


def read_pdf(data: bytes) -> SourceDocument:
    """Return the printed text of a PDF, and an attached report file.

    Pictures are not read; remarks name them.

    Raises UserError if the file is a scan, damaged, encrypted or too large.
    """
    if len(data) > MAX_BYTES:
        raise refuse_size(f"文件超过 {MAX_BYTES // 1024**2} MB")
    return read_isolated(read_content, data)


def read_content(data: bytes) -> SourceDocument:
    """Return the content of a PDF, without a limit of time or memory."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it warns of every odd object
    pages = _read_pages(data)
    refuse_without_text(pages)
    pdfium = _open_pdfium(data)
    grids = [find_grids(page.rules) for page in pages]
    headers = take_furniture(pages, grids)
    contents = [_page_content(*each, pdfium) for each in zip(pages, grids, strict=True)]
    texts = [content.text for content in contents]
    reports = list(pdfium.attached_reports()) if pdfium else []
    remarks = [
        *(Remark(Place(page=line.page), f"页眉或页脚没有读：{line.text}") for line in headers),
        *page_remarks(pages, [text.tables for text in texts]),
    ]
    if pdfium is None:
        remarks.append(Remark(Place(), "表里的数没有用另一种方法核对：PDFium 打不开这个文件"))
    if len(reports) > 1:
        remarks.append(Remark(Place(), "附件里有几个 YAML 文件，只看第一个"))
    blocks = tuple(_in_order(_blocks(contents), text_layout(texts), remarks))
    return SourceDocument("pdf", blocks, tuple(remarks), reports[0] if reports else b"")


def _open_pdfium(data: bytes) -> Pdfium | None:
    try:
        return Pdfium(data)
    except pypdfium2.PdfiumError:
        return None


def _read_pages(data: bytes) -> list[Page]:
    """Return everything that is painted on the pages.

    pdfminer can raise any exception for a damaged file; it becomes a UserError.
    """
    pages: list[Page] = []
    try:
        document = PDFDocument(PDFParser(io.BytesIO(data)))
        reader = PageReader()
        for number, source in enumerate(PDFPage.create_pages(document), 1):
            if number > _MAX_PAGES:
                raise refuse_size(f"文件超过 {_MAX_PAGES} 页")
            pages.append(reader.read(source, number))
    except PDFPasswordIncorrect:
        raise UserError("文件有密码，读不了。打开后另存或打印成没有密码的 PDF，再导入") from None
    except (UserError, MemoryError, RecursionError):
        raise
    except Exception as error:
        raise UserError(_DAMAGED) from error
    if not pages:
        raise UserError(_DAMAGED)
    return pages


def _page_content(page: Page, grids: Sequence[RuledGrid], pdfium: Pdfium | None) -> _PageContent:
    """Find the tables of a page, and its text outside these tables.

    Small tables come first, because a frame may surround other tables.
    """
    text = PageText(page.width, page.height, [], [])
    tables = []
    rest = list(text_runs(page.glyphs))
    for grid in sorted(grids, key=lambda grid: grid.box.area):
        inside = [run for run in rest if any(grid.box.holds(glyph.center) for glyph in run)]
        if not inside or _is_frame(grid, inside, page):
            continue
        if _lacks_columns(grid, inside, page):
            continue  # the texts show the columns better than the lines
        table, outside = make_table(grid, inside, page, pdfium)
        taken = set(map(id, inside)) - set(map(id, outside))
        rest = [run for run in rest if id(run) not in taken]
        tables.append(table)
        text.tables.append(grid.box)
    text.lines = _lines(rest, page)
    for table in take_aligned_tables(text.lines, list(chain.from_iterable(rest)), page.width):
        tables.append(table)
        text.tables.append(table.box)
    return _PageContent(text, tables)


def _is_frame(grid: RuledGrid, runs: Sequence[Sequence[Glyph]], page: Page) -> bool:
    """Return True if the lines surround running text: a box, or the areas of a web page.

    No two cells in a row have text, and a cell as wide as the grid has several lines. A box around
    a single line may be a part of a table.
    """
    fewest = 2 if len(grid.cells) == 1 else _FEWEST_LINES
    rows: set[int] = set()
    is_wide = False
    for cell in grid.cells:
        lines = _lines([run for run in runs if cell.box.holds(run[0].center)], page)
        own = set(range(cell.row, cell.row + cell.row_span)) if lines else set()
        if rows & own:
            return False
        rows |= own
        is_wide |= cell.column_span == len(grid.xs) - 1 and len(lines) >= fewest
    return is_wide


def _lacks_columns(grid: RuledGrid, runs: Sequence[Sequence[Glyph]], page: Page) -> bool:
    """Return True if the lines of a table do not separate its columns, or only some of them."""
    separate = together = 0
    for cell in grid.cells:
        lines = _lines([run for run in runs if cell.box.holds(run[0].center)], page)
        own, others = figures_in(lines)
        separate, together = separate + own, together + others
    return together >= max(separate, _FEWEST_FIGURES)


def _lines(runs: Sequence[Sequence[Glyph]], page: Page) -> list[PdfLine]:
    return make_lines(chain.from_iterable(runs), page.number)


def _blocks(contents: Sequence[_PageContent]) -> list[PdfLine | PageTable]:
    """Return lines and tables in reading order. Parts of a table on several pages are joined."""
    blocks: list[PdfLine | PageTable] = []
    for content in contents:
        items: list[tuple[float, PdfLine | PageTable]] = [
            *((line.top, line) for line in content.text.lines),
            *((b.top, table) for b, table in zip(content.text.tables, content.tables, strict=True)),
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
    blocks: Sequence[PdfLine | PageTable], layout: TextLayout, remarks: list[Remark]
) -> Iterator[SourceParagraph | SourceTable]:
    """Yield the paragraphs and tables; append remarks about cells to `remarks`."""
    tables = paragraphs = 0
    lines: list[PdfLine] = []
    for block in [*blocks, None]:
        if isinstance(block, PdfLine):
            lines.append(block)
            continue
        for paragraph in make_paragraphs(lines, layout):
            paragraphs += 1
            place = Place(page=paragraph[0].page, paragraph=paragraphs)
            yield SourceParagraph(paragraph_text(paragraph, layout), place)
        lines = []
        if block is None:
            return
        if block.is_layout:
            for cell in sorted(block.cells, key=lambda cell: cell.row):
                if cell.text:
                    paragraphs += 1
                    yield SourceParagraph(cell.text, Place(page=cell.page, paragraph=paragraphs))
            continue
        tables += 1
        yield source_table(block, tables, remarks)
