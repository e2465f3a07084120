"""Define the fields of the data formats: one for each cell of the form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from nianbao.model.draft import OpenValue
from nianbao.model.form import CellKind, Form, label

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Value

Status = Literal["数", "不适用", "空"]
STATUSES: Final[tuple[Status, ...]] = ("数", "不适用", "空")
NOT_APPLICABLE: Final = "/"


@dataclass(frozen=True, slots=True)
class CellField:
    """A cell of the form, as a field of data.

    `path`: the keys that lead to the cell in a report file, joined by dots.
    `name`: the column's name in files of a single table: `path` without the keys of the table.
    `table`, `row`, `column`: the printed labels.
    `kind`: the kind of numbers in the cell.
    `unit`: the unit of the numbers (件, 万元), or "".
    `total`: True if the row or the column is a total.
    `description`: how to fill in the cell, in Chinese.
    """

    pointer: Pointer
    path: str
    name: str
    table: str
    row: str
    column: str
    kind: CellKind
    unit: str
    total: bool
    description: str

    @property
    def labels(self) -> tuple[str, str, str]:
        """The printed labels of the cell's table, row and column."""
        return self.table, self.row, self.column


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of an edition of the form.

    `name`: edition, section and table number (2021-2-1); a single table has no number.
    `title`: the title of the section, followed by the printed title of the table.
    `label`: the printed title of the table, or else the title of the section.
    `fields`: the cells, row by row.
    """

    name: str
    title: str
    label: str
    fields: tuple[CellField, ...]


@lru_cache(16)
def data_tables(form: Form) -> tuple[DataTable, ...]:
    """Return the tables of an edition, in the order of the form."""
    tables = []
    for number, section in enumerate(form.sections, 1):
        for index, (grid, title) in enumerate(
            zip(section.grids, section.table_names, strict=True), 1
        ):
            name = f"{form.edition}-{number}" + (f"-{index}" if len(section.grids) > 1 else "")
            fields = tuple(
                CellField(
                    pointer,
                    join_keys(pointer),
                    join_keys(pointer[len(grid.pointer) :]),
                    title,
                    label(row.path),
                    label(column.path),
                    column.kind,
                    column.unit,
                    row.total or column.total,
                    _description(form, row.pointer, pointer),
                )
                for row in grid.rows
                for pointer, column in row.cells()
            )
            tables.append(DataTable(name, title, grid.title or section.title, fields))
    return tuple(tables)


def cell_fields(form: Form) -> tuple[CellField, ...]:
    """Return every cell of an edition, in the order of the form."""
    return tuple(field for table in data_tables(form) for field in table.fields)


def join_keys(pointer: Pointer) -> str:
    """Return the keys of a pointer, joined by dots: 部分.行.列."""
    return ".".join(map(str, pointer))


def _description(form: Form, *pointers: Pointer) -> str:
    return "".join(form.schema.node_at(pointer).get("description", "") for pointer in pointers)


def status_of(value: Value) -> Status:
    """Return the status of a cell: 数 (a number), 不适用 (`/`) or 空 (blank)."""
    if value.number is not None:
        return "数"
    return "空" if isinstance(value, OpenValue) else "不适用"


def number_text(value: Value) -> str:
    """Return the number of a cell in digits; "" if the cell has no number."""
    return "" if value.number is None else value.text


def wide_text(value: Value) -> str:
    """Return the text of a cell in a wide table: a number, `/`, or "" if blank."""
    return NOT_APPLICABLE if status_of(value) == "不适用" else number_text(value)
