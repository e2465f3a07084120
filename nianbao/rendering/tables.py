"""Fill the numbers of a report into the tables of the form.

Tables for HTML and PDF have merged header cells; tables for Markdown have none.
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
    """A cell with a number.

    `text`: the number as printed.
    `note`: the note of the number, or "".
    `headers`: the ids of the cell's header cells, separated by blanks.
    """

    text: str
    note: str
    headers: str = ""


class TableRow(NamedTuple):
    """A row of a table.

    `labels`: the header cells that start in this row.
    `cells`: the data cells; () in a header row.
    """

    # A cell that spans several rows is in the first of these rows only.
    labels: tuple[HeaderCell, ...]
    cells: tuple[DataCell, ...]


@dataclass(frozen=True, slots=True)
class PrintedValue(Value):
    """A cell value, and the text that is printed in place of the number.

    `printed`: plain text, or HTML if the type is Markup.
    """

    printed: str = ""

    @property
    def text(self) -> str:
        """The plain text or HTML to print in the cell."""
        return self.printed


@dataclass(frozen=True, slots=True)
class Table:
    """A table with merged header cells.

    `id`: the id in HTML.
    `title`: the accessible name.
    `widths`: the width of each column in per cent.
    `label_columns`: the number of columns with row labels.
    `head`: the header rows.
    `bodies`: the rows below the head, in one group for each page of the PDF.
    """

    id: str
    title: str
    widths: tuple[float, ...]
    label_columns: int
    head: tuple[TableRow, ...]
    bodies: tuple[tuple[TableRow, ...], ...]

    @property
    def digits(self) -> int:
        """The length of the longest number in the table, in characters; 0 without numbers."""
        return max(
            (len(cell.text) for body in self.bodies for row in body for cell in row.cells),
            default=0,
        )


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table without merged cells, for Markdown.

    `head`: the column labels.
    `rows`: the label and the data cells of each row.
    """

    title: str
    # Markdown cannot merge cells, so each label includes the labels of its groups.
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[DataCell, ...]], ...]


def layout_table(grid: Grid, values: Mapping[Pointer, Value], table_id: str, name: str) -> Table:
    """Fill the numbers of a report into a table with merged header cells.

    `values`: every cell of the form, by pointer.
    `table_id`: the id of the table in HTML.
    `name`: the accessible name of the table.
    """
    layout = grid_of(grid, table_id)
    head, body = _filled(layout.head, values), _filled(layout.body, values)
    return Table(table_id, name, layout.widths, layout.label_columns, head, (body,))


def _filled(rows: Iterable[GridRow], values: Mapping[Pointer, Value]) -> tuple[TableRow, ...]:
    return tuple(
        TableRow(row.labels, tuple([_data(values[cell], headers) for cell, headers in row.cells]))
        for row in rows
    )


def flatten_table(grid: Grid, values: Mapping[Pointer, Value]) -> FlatTable:
    """Fill the numbers of a report into a table without merged cells.

    Rows that the form prints side by side become rows below each other.

    `values`: every cell of the form, by pointer.
    """
    layout = flat_grid_of(grid)
    rows = tuple(
        (name, tuple([_data(values[cell]) for cell in cells])) for name, cells in layout.rows
    )
    return FlatTable(grid.title, layout.head, rows)


def _data(value: Value, headers: str = "") -> DataCell:
    return DataCell(value.text, value.note, headers)
