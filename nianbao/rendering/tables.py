"""Lay out tables: the numbers of a report in the grids of the form.

HTML and PDF get merged header trees; Markdown cannot merge cells and gets flattened labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from nianbao.model.report import Value
from nianbao.rendering.table_grid import flat_grid_of, grid_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Grid
    from nianbao.rendering.table_grid import GridRow, HeaderCell


class DataCell(NamedTuple):  # a tuple: there are hundreds in a report
    """A number, its note, and the ids of its row and column labels."""

    text: str
    note: str
    headers: str = ""


class TableRow(NamedTuple):
    """One row: the labels that begin in it, then its cells; a header row has no cells."""

    labels: tuple[HeaderCell, ...]
    cells: tuple[DataCell, ...]


@dataclass(frozen=True, slots=True)
class PrintedValue(Value):
    """A cell value that is printed as `printed`: text, or HTML if that is Markup."""

    printed: str = ""

    @property
    def text(self) -> str:
        """The text or HTML, in place of the number."""
        return self.printed


@dataclass(frozen=True, slots=True)
class Table:
    """A table with merged labels. `widths` are per cent for each column.

    It has one body, or one for each page if it is longer than a page of the PDF.
    """

    id: str
    title: str
    widths: tuple[float, ...]
    label_columns: int
    head: tuple[TableRow, ...]
    bodies: tuple[tuple[TableRow, ...], ...]

    @property
    def digits(self) -> int:
        """The number of characters of its longest number."""
        return max(
            (len(cell.text) for body in self.bodies for row in body for cell in row.cells),
            default=0,
        )


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table for Markdown: each label is written together with its groups."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[DataCell, ...]], ...]


def layout_table(grid: Grid, values: Mapping[Pointer, Value], table_id: str, name: str) -> Table:
    """Lay out a grid with merged labels; `name` is the accessible name of the table."""
    layout = grid_of(grid, table_id)
    head, body = _filled(layout.head, values), _filled(layout.body, values)
    return Table(table_id, name, layout.widths, layout.label_columns, head, (body,))


def _filled(rows: Iterable[GridRow], values: Mapping[Pointer, Value]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(row.labels, tuple([_data(values[cell], headers) for cell, headers in row.cells]))
        for row in rows
    )


def flatten_table(grid: Grid, values: Mapping[Pointer, Value]) -> FlatTable:
    """Lay out a grid with flattened labels; rows that the form prints side by side stay rows."""
    layout = flat_grid_of(grid)
    rows = tuple(
        (name, tuple([_data(values[cell]) for cell in cells])) for name, cells in layout.rows
    )
    return FlatTable(grid.title, layout.head, rows)


def _data(value: Value, headers: str = "") -> DataCell:
    return DataCell(value.text, value.note, headers)
