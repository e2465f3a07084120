"""Describe every cell of the form as a field of data, and the value of a cell as number and status.

The long table has one line for each cell, the wide tables have one field for each cell.
"""

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
    """A cell of the form.

    `path`: its keys, joined as in a reference of prose. `name`: its keys below the table, which
    name it in a wide table. `table`, `row`, `column`: the printed labels. `kind`, `unit`, `total`:
    see `Column`; `total` also for a cell of a total row. `description`: how to fill it in.
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
        """The labels of its table, row and column."""
        return self.table, self.row, self.column


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table of an edition.

    `name`: the edition, the number of the section and, if it has several tables, that of the table:
    2021-2-1. `label`: the printed title without that of the section, if it has one.
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
    """Return a pointer as prose refers to it: 部分.行.列."""
    return ".".join(map(str, pointer))


def _description(form: Form, *pointers: Pointer) -> str:
    return "".join(form.schema.node_at(pointer).get("description", "") for pointer in pointers)


def status_of(value: Value) -> Status:
    """Return what a cell holds: a number, `/` (not applicable), or nothing yet."""
    if value.number is not None:
        return "数"
    return "空" if isinstance(value, OpenValue) else "不适用"


def number_text(value: Value) -> str:
    """Return the number of a cell, "" if it holds none."""
    return "" if value.number is None else value.text


def wide_text(value: Value) -> str:
    """Return what stands in a cell of a wide table: the number, `/`, or "" if it is blank."""
    return NOT_APPLICABLE if status_of(value) == "不适用" else number_text(value)
