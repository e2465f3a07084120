"""Tables laid out for drawing: the numbers of a report in the frames of the form.

HTML and PDF draw the merged header trees; Markdown, which can't merge cells, gets the same table
with flattened labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nianbao.rendering.table_grid import flat_grid_of, grid_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Grid
    from nianbao.model.report import Value
    from nianbao.rendering.table_grid import GridRow, HeaderCell


class DataCell(NamedTuple):  # hundreds a report, made and taken apart faster than an object
    """A number, its note, and the ids of exactly the labels that it stands under and beside."""

    text: str
    note: str
    headers: str = ""


class TableRow(NamedTuple):
    """One row: the labels that begin in it, then its cells, of which a row of the head has none."""

    labels: tuple[HeaderCell, ...]
    cells: tuple[DataCell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with merged labels. `widths` are per cent, a column each.

    There is one body, but for a table that is longer than a page of the PDF: then one a page.
    """

    id: str
    title: str
    widths: tuple[float, ...]
    label_columns: int
    head: tuple[TableRow, ...]
    bodies: tuple[tuple[TableRow, ...], ...]

    @property
    def digits(self) -> int:
        """How many characters its longest number has."""
        return max(
            (len(cell.text) for body in self.bodies for row in body for cell in row.cells),
            default=0,
        )


@dataclass(frozen=True, slots=True)
class FlatTable:
    """The same table for Markdown: every label with the groups above it on one line."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[DataCell, ...]], ...]


def layout_table(grid: Grid, values: Mapping[Pointer, Value], table_id: str, name: str) -> Table:
    """Lay a grid out with merged labels; `name` is the table's name for those who can't see it."""
    frame = grid_of(grid, table_id)
    head, body = _filled(frame.head, values), _filled(frame.body, values)
    return Table(table_id, name, frame.widths, frame.label_columns, head, (body,))


def _filled(rows: Iterable[GridRow], values: Mapping[Pointer, Value]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(row.labels, tuple([_data(values[cell], headers) for cell, headers in row.cells]))
        for row in rows
    )


def flatten_table(grid: Grid, values: Mapping[Pointer, Value]) -> FlatTable:
    """Lay a grid out with flattened labels; rows that the form lays side by side stay rows."""
    frame = flat_grid_of(grid)
    rows = tuple(
        (name, tuple([_data(values[cell]) for cell in cells])) for name, cells in frame.rows
    )
    return FlatTable(grid.title, frame.head, rows)


def _data(value: Value, headers: str = "") -> DataCell:
    return DataCell(value.text, value.note, headers)
