"""Convert a document to the paragraphs and tables of a Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.rendering.docx.blocks import Block, DocxCell, DocxParagraph, DocxRow, DocxTable, Run
from nianbao.rendering.docx.prose import one_line, prose_blocks
from nianbao.rendering.docx.styles import ABOVE_NOTE, BELOW_TABLE, MM
from nianbao.rendering.line_breaking import text_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.rendering import tables
    from nianbao.rendering.document import Document, SectionView
    from nianbao.rendering.table_grid import HeaderCell


class _TableLook(NamedTuple):
    """The look of a table of the form. It depends on the number of columns with row labels.

    `style`: the id of the paragraph style of all texts.
    `size`: the font size of labels and notes, in half-points.
    `digits`: the font size, in half-points, at which a single digit fills a cell; a number of n
        digits fits with the size `digits` / n.
    `margins`: the inner margins of a cell, above and at the sides, in mm.
    """

    style: str
    size: int
    digits: int
    margins: tuple[float, float]


_LOOKS: Final = {
    0: _TableLook("TableTextSmall", 16, 72, (1, 0.2)),
    1: _TableLook("TableTextLarge", 21, 500, (0.9, 0.9)),
}
_LOOK: Final = _TableLook("TableText", 18, 132, (0.55, 0.15))
_LEFT_MARGIN: Final = round(0.7 * MM)  # of a row label
# A label of four characters in a narrow column breaks into two and two.
_NARROW_MARGIN: Final = round(2 * MM)


def document_blocks(document: Document, line_length: float) -> Iterator[Block]:
    """Yield the paragraphs and tables of a document, the signature last.

    `line_length`: the number of full-width characters on a line.
    """
    content = list(_content(document))
    if document.signed and isinstance(content[-1], DocxParagraph):
        # The signature must not stand alone on a page (GB/T 9704-2012 7.3.5.5).
        content[-1] = content[-1]._replace(is_kept=True)
    yield from content
    if document.signed:
        yield from _signature(document, line_length)


def _content(document: Document) -> Iterator[Block]:
    """Yield everything above the signature."""
    title = "\n".join(map(one_line, document.title_lines))
    yield DocxParagraph("Title", (Run(title),))
    if document.number:
        yield DocxParagraph("Subtitle", (Run(one_line(document.number)),))
    lead = list(prose_blocks(document.lead))
    if document.has_salutation and isinstance(lead[0], DocxParagraph):
        lead[0] = lead[0]._replace(is_flush=True)  # GB/T 9704-2012 7.3.2
    yield from lead
    after_table = False
    for section in document.sections:
        before = BELOW_TABLE if after_table else 0
        kept = bool(section.tables) and not section.blocks
        yield DocxParagraph("Heading1", (Run(section.title),), is_kept=kept, before=before)
        yield from _section(section)
        after_table = bool(section.tables)


def _section(section: SectionView) -> Iterator[Block]:
    for block in section.blocks:
        if block.title:
            yield DocxParagraph("Heading2", (Run(one_line(block.title)),))
        yield from prose_blocks(block.text, 3 if block.title else 2)
    last = len(section.tables) - 1
    for index, table in enumerate(section.tables):
        is_end = index == last and not section.notes
        yield _table(table, joins_above=index > 0, keeps_end=not is_end)
    for note in section.notes:
        yield DocxParagraph("TableNote", (Run(one_line(note)),), before=ABOVE_NOTE)


def _signature(document: Document, line_length: float) -> Iterator[Block]:
    """Yield the name of the body and the date (GB/T 9704-2012 7.3.5.2, see `line_breaking`).

    `line_length`: how many full-width characters fit on a line.
    """
    width = max(map(text_width, document.signature), default=0)
    if document.date_is_longer:
        width = text_width(document.signed) + 2
    left = max(round((line_length - 2 - width) * 100), 0)
    name = "\n".join(map(one_line, document.signature))
    yield DocxParagraph("Signature", (Run(name),), left=left, is_kept=True)
    yield DocxParagraph("Date", (Run(document.signed),), left=left + 200)


# ── tables of the form


def _table(table: tables.Table, *, joins_above: bool, keeps_end: bool) -> DocxTable:
    """Return a table of the form as a table of the Word file.

    `joins_above`: True if the table stands directly below another table, and both look like one
    table. `keeps_end`: True if the last row stays on one page with what follows the table.
    """
    look = _LOOKS.get(table.label_columns, _LOOK)
    size = min(look.size, int(look.digits / max(table.digits, 1)))
    body = [row for rows in table.bodies for row in rows]
    columns, labels, lines = len(table.widths), table.label_columns, len(table.head)
    placed: list[DocxRow] = []
    open_cells: dict[int, tuple[int, DocxCell]] = {}  # merged downwards, by column: rows left
    for number, row in enumerate((*table.head, *body), 1):
        is_kept = keeps_end or number < lines + len(body)
        cells = [
            *(_label(cell, table, look, is_kept) for cell in row.labels),
            *((1, _number(cell, look, size, is_kept)) for cell in row.cells),
        ]
        placed.append(DocxRow(tuple(_placed(cells, open_cells, columns)), number <= lines))
    description = f"{lines} 行表头，{len(body)} 行数据" + (
        f"，左起 {labels} 列是行标题" * bool(labels)
    )
    return DocxTable(
        table.title,
        description,
        table.widths,
        (round(look.margins[0] * MM), round(look.margins[1] * MM)),
        tuple(placed),
        has_row_labels=labels > 0,
        joins_above=joins_above,
    )


def _placed(
    cells: Sequence[tuple[int, DocxCell]], open_cells: dict[int, tuple[int, DocxCell]], columns: int
) -> Iterator[DocxCell]:
    """Yield the cells of a row in the order of the columns.

    Where a cell of a row above covers this row too, an empty cell continues it.

    `cells`: for each cell that begins in the row, how many rows it covers, and the cell.
    `open_cells`: the merged cells that continue in this row, by column, each with the number of
        rows that it still covers; updated for the next row.
    `columns`: the number of columns.
    """
    waiting = iter(cells)
    column = 0
    while column < columns:
        if column in open_cells:
            left, cell = open_cells.pop(column)
        else:
            left, cell = next(waiting)
        yield cell
        if left > 1:
            empty = cell.paragraph._replace(runs=())
            open_cells[column] = (left - 1, cell._replace(paragraph=empty, merge="continue"))
        column += cell.span


def _label(
    cell: HeaderCell, table: tables.Table, look: _TableLook, is_kept: bool
) -> tuple[int, DocxCell]:
    """Return how many rows a header cell covers, and the cell of the Word file."""
    is_narrow = table.label_columns == 0 and cell.scope == "col"
    is_left = cell.kind == "corner" or (cell.scope == "row" and table.label_columns > 1)
    side = _NARROW_MARGIN if is_narrow else _LEFT_MARGIN if is_left else None
    text = _group_label(cell.text) if cell.scope == "rowgroup" else cell.text
    paragraph = DocxParagraph(look.style, (Run(text),), is_kept=is_kept, is_left_aligned=is_left)
    merge = "restart" if cell.rowspan > 1 else ""
    return cell.rowspan, DocxCell(paragraph, cell.colspan, merge, cell.kind != "corner", side)


def _group_label(text: str) -> str:
    """Return the label of a group of rows with the line breaks that its narrow column needs.

    （三）不予公开 breaks after its number; 三、本年度办理结果 stands upright, a character a line.
    """
    number, mark, name = text.partition("）")
    if mark:
        return f"{number}{mark}\n{name}"
    number, mark, name = text.rpartition("、")
    return "\n".join((f"{number}{mark}", *name)).lstrip("\n")


def _number(cell: tables.DataCell, look: _TableLook, size: int, is_kept: bool) -> DocxCell:
    runs = [Run(cell.text, size=0 if size == look.size else size)]
    if cell.note:
        runs.append(Run(f"（{one_line(cell.note)}）"))
    return DocxCell(DocxParagraph(look.style, tuple(runs), is_kept=is_kept))
