"""Make tables of ruled cells, and join those that go over a page."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nianbao.importing.document import Cell, Place, SourceTable
from nianbao.importing.readers.pdf.lines import cell_text, join

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.importing.readers.pdf.glyphs import Box, Glyph
    from nianbao.importing.readers.pdf.rules import Grid

_SAME: Final = 4.0  # points between edges of columns that are the same on two pages
_NUMBERED: Final = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）]?[、.．]?|第[一二三四五六七八九十]+)")
_VALUE: Final = re.compile(r"[\s0-9.,，+\-—/%]*")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table of a page. `full`: its text reaches the end of its last line."""

    text: str
    page: int
    box: Box
    row: int
    column: int
    row_span: int
    column_span: int
    picture: bool = False
    full: bool = False


@dataclass(slots=True)
class PageTable:
    """A table, of one page or joined from several; `xs`: the edges of its columns, in points."""

    xs: list[float]
    height: int
    cells: list[TableCell]
    pages: tuple[int, ...]

    @property
    def is_layout(self) -> bool:
        """True for a frame around text: a single column."""
        return len(self.xs) <= 2  # noqa: PLR2004


def make_table(
    grid: Grid, glyphs: Iterable[Glyph], pictures: Sequence[Box], page: int
) -> tuple[PageTable, list[Glyph]]:
    """Return a table with the texts of its cells, and the characters that are in none of them."""
    held: dict[int, list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    for glyph in glyphs:
        index = _holder(grid, glyph.center)
        if index is None:
            outside.append(glyph)
        else:
            held[index].append(glyph)
    cells = []
    for index, cell in enumerate(grid.cells):
        inside = held[index]
        text = cell_text(inside, cell.box, page)
        size = max((glyph.size for glyph in inside), default=0)
        lowest = max((glyph.base for glyph in inside), default=0)
        full = any(g.base > lowest - 2 and g.x1 > cell.box.x1 - 1.6 * size for g in inside)
        picture = any(cell.box.holds(box.center) and box.area > 30 for box in pictures)
        cells.append(
            TableCell(
                text,
                page,
                cell.box,
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                picture,
                full,
            )
        )
    return PageTable(grid.xs, len(grid.ys) - 1, cells, (page,)), outside


def _holder(grid: Grid, point: tuple[float, float]) -> int | None:
    for index, cell in enumerate(grid.cells):
        if cell.box.holds(point):
            return index
    return None


# ── over a page


def join_tables(first: PageTable, second: PageTable) -> PageTable | None:
    """Return the table that goes on at the top of the next page; None if the columns differ."""
    if not _same_columns(first, second):
        return None
    xs = _merged(first.xs, second.xs)
    above, below = _on_columns(first, xs), _on_columns(second, xs)
    repeated = _repeated_rows(above, below)
    below = [replace(c, row=c.row - repeated) for c in below if c.row >= repeated]
    height = second.height - repeated
    if height <= 0:
        return PageTable(xs, first.height, above, (*first.pages, *second.pages))
    split = _is_split_row(above, below, first.height)
    shift = first.height - (1 if split else 0)
    below = [replace(cell, row=cell.row + shift) for cell in below]
    cells = _without_seam(above, below, first.height, split)
    return PageTable(xs, shift + height, cells, (*first.pages, *second.pages))


def _same_columns(first: PageTable, second: PageTable) -> bool:
    ends = abs(first.xs[0] - second.xs[0]) < _SAME and abs(first.xs[-1] - second.xs[-1]) < _SAME
    if not ends:
        return False
    if _within(second.xs, first.xs) or _within(first.xs, second.xs):
        return True
    last = {edge for c in first.cells if c.row + c.row_span == first.height for edge in _edges(c)}
    top = {edge for cell in second.cells if cell.row == 0 for edge in _edges(cell)}
    return _within(last, top) and _within(top, last)


def _edges(cell: TableCell) -> tuple[float, float]:
    return cell.box.x0, cell.box.x1


def _within(some: Iterable[float], others: Iterable[float]) -> bool:
    others = list(others)
    return all(any(abs(x - other) < _SAME for other in others) for x in some)


def _merged(first: Sequence[float], second: Sequence[float]) -> list[float]:
    return sorted([*first, *(x for x in second if not _within([x], first))])


def _on_columns(table: PageTable, xs: Sequence[float]) -> list[TableCell]:
    """Return the cells of a table with its columns numbered by more edges."""

    def index(x: float) -> int:
        return min(range(len(xs)), key=lambda i: abs(xs[i] - x))

    columns = [index(x) for x in table.xs]
    return [
        replace(
            cell,
            column=columns[cell.column],
            column_span=columns[cell.column + cell.column_span] - columns[cell.column],
        )
        for cell in table.cells
    ]


def _rows(cells: Iterable[TableCell]) -> dict[int, list[TableCell]]:
    rows: dict[int, list[TableCell]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(cell)
    return rows


def _repeated_rows(above: Sequence[TableCell], below: Sequence[TableCell]) -> int:
    """Return how many rows at the top of the second part repeat those of the first: its header.

    A header has text; rows of numbers or blanks are never one.
    """
    first, second = _rows(above), _rows(below)

    def shape(row: Sequence[TableCell]) -> list[tuple[str, int, int, int]]:
        return [(cell.text, cell.column, cell.column_span, cell.row_span) for cell in row]

    count = 0
    while count in second and shape(second[count]) == shape(first.get(count, [])):
        if any(cell.text and _VALUE.fullmatch(cell.text) for cell in second[count]):
            break
        count += 1
    texts = [cell.text for row in range(count) for cell in second[row]]
    if not any(texts):
        return 0
    # Do not cut through a cell that spans the header and more.
    reach = max((c.row + c.row_span for row in range(count) for c in second[row]), default=0)
    return count if reach <= count else 0


def _is_split_row(above: Sequence[TableCell], below: Sequence[TableCell], height: int) -> bool:
    """Return True if the first row of the second part is the rest of the last row of the first."""
    last = {cell.column: cell for cell in above if cell.row + cell.row_span == height}
    top = {cell.column: cell for cell in below if cell.row == 0}
    texts = [cell for cell in top.values() if cell.text]
    if not texts or set(last) != set(top):
        return False
    rests = [cell for cell in texts if last[cell.column].text]
    values = [cell for cell in texts if not last[cell.column].text]
    return (
        all(last[c.column].full and not _NUMBERED.match(c.text) for c in rests)
        and len(rests) == 1
        and all(_VALUE.fullmatch(cell.text) for cell in values)
    )


def _without_seam(
    above: Sequence[TableCell], below: Sequence[TableCell], height: int, split: bool
) -> list[TableCell]:
    """Join the cells at the page break that are two parts of one cell."""
    last = {cell.column: cell for cell in above if cell.row + cell.row_span == height}
    start = height - 1 if split else height
    rests: dict[int, TableCell] = {}
    kept: list[TableCell] = []
    for cell in below:
        before = last.get(cell.column)
        if cell.row == start and before is not None and (split or _is_rest(before, cell)):
            rests[cell.column] = cell
        else:
            kept.append(cell)
    joined = []
    for cell in above:
        rest = rests.get(cell.column) if cell is last.get(cell.column) else None
        if rest is not None:
            cell = replace(  # noqa: PLW2901
                cell,
                text=join(cell.text, rest.text),
                row_span=cell.row_span + rest.row_span - (1 if split else 0),
                picture=cell.picture or rest.picture,
            )
        joined.append(cell)
    return [*joined, *kept]


def _is_rest(before: TableCell, cell: TableCell) -> bool:
    """Return True if a cell at the top of a page is the rest of the merged one at the bottom."""
    if before.column_span != cell.column_span or before.row_span + cell.row_span <= 2:  # noqa: PLR2004
        return False
    if not cell.text or not before.text:
        return True
    return bool(_NUMBERED.match(before.text)) and not _NUMBERED.match(cell.text)


# ── to the neutral document


def source_table(table: PageTable, number: int) -> SourceTable:
    """Return a table for the document."""
    cells = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    return SourceTable(
        tuple(
            Cell(
                cell.text,
                Place(page=cell.page, table=number, row=cell.row + 1, column=cell.column + 1),
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                cell.picture,
            )
            for cell in cells
        ),
        Place(page=table.pages[0], table=number),
    )
