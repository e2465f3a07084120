"""Build the form of an edition from the schema: sections, tables, rows, columns and texts.

Outputs, rules and messages get the form's labels from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from nianbao.model.schema import EditionSchema, Schema, edition_schema, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer

CellKind = Literal["count", "amount", "signed"]
TextKind = Literal["lead", "block", "extra", "notes"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a row, a column or a group: its key and its printed title."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    `key`: the column's key in a row of the file.
    `path`: the headings of the groups around the column, outermost first, and the column's heading.
    `kind`: the kind of number in the column's cells.
    `unit`: the printed unit of the numbers, such as 件, or "".
    `role`: the `x-role` of the column in the schema, or "".
    `total`: True if the column is the sum of the other columns.
    """

    key: str
    path: tuple[Heading, ...]
    kind: CellKind
    unit: str
    role: str
    total: bool


class Stock(NamedTuple):
    """The columns of a row with the number in force (现行有效件数) and its changes.

    The equation is: level = last year's level + inflow - outflow.

    `level`: the `x-role` of the column with the number in force.
    `inflow`: the `x-role` of the column with the number added in the year.
    `outflow`: the `x-role` of the column with the number removed in the year.
    """

    level: str
    inflow: str
    outflow: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    `pointer`: the pointer of the mapping that contains the row's cells.
    `path`: the headings of the groups around the row, outermost first, and the row's heading.
    `role`: the `x-role` of the row in the schema, or "".
    `group_role`: the role of the row's nearest group that has a role, or "".
    `total`: True if the row is the sum of other rows.
    `stock`: the columns with the number in force (现行有效件数) and its changes, or None.
    """

    pointer: Pointer
    path: tuple[Heading, ...]
    columns: tuple[Column, ...]
    role: str
    group_role: str
    total: bool
    stock: Stock | None
    # The result of `cells`, stored because a check of one report calls `cells` thousands of times.
    _cells: tuple[tuple[Pointer, Column], ...]

    def cells(self) -> tuple[tuple[Pointer, Column], ...]:
        """Return the pointer and the column of each cell in the row."""
        return self._cells


# Grid, Section and Form are compared by identity: they are the keys of caches, and hashing their
# content is slow.
@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One printed table.

    `pointer`: the pointer of the mapping that contains the rows in a report.
    `title`: the text of the full-width row above the header, or "".
    `stub`: the heading over the row labels, such as 信息内容, or "".
    `corner`: a remark in the top-left cell, such as the 勾稽关系, or "".
    `sideways`: True if the rows are printed side by side, with all cells on one line.
    """

    pointer: Pointer
    title: str
    stub: str
    corner: str
    rows: tuple[Row, ...]
    sideways: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, which are the same in all rows of a grid."""
        return self.rows[0].columns


@dataclass(frozen=True, slots=True)
class TextField:
    """A field of the report that contains prose.

    `title`: the printed title.
    `kind`: where and how the field is printed.
    `numbering`: the format of the numbers of extra blocks (补充), or "".
    `prefix`: the text before the first note under a table, or "".
    `role`: the field's `x-role` in the schema, or "".
    """

    pointer: Pointer
    title: str
    kind: TextKind
    numbering: str = ""
    prefix: str = ""
    role: str = ""


class Identity(NamedTuple):
    """An equation between rows of a section.

    In every column, the left rows and the right rows must have equal sums.

    `left`: the `x-role` of each left row in the schema.
    `right`: the `x-role` of each right row in the schema.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]


class CarriedRow(NamedTuple):
    """A row of this year's report that must equal a row of last year's report.

    `last_year`: the `x-role` of last year's row in the schema.
    `this_year`: the `x-role` of this year's row in the schema.
    """

    last_year: str
    this_year: str


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One of the six sections of the form.

    The texts are printed first, the grids next, the notes last.

    `grids`: the tables.
    `notes`: the field with the notes under the tables, or None.
    `identities`: the equations between rows.
    `carry`: the row that must equal a row of last year's report, or None.
    """

    key: str
    title: str
    texts: tuple[TextField, ...]
    grids: tuple[Grid, ...]
    notes: TextField | None
    identities: tuple[Identity, ...]
    carry: CarriedRow | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all grids of the section."""
        return tuple(row for grid in self.grids for row in grid.rows)

    @property
    def table_names(self) -> tuple[str, ...]:
        """A name for each grid: the section's title, and the grid's title if there is one."""
        return tuple(f"{self.title} {grid.title}".strip() for grid in self.grids)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One edition of the national form.

    `edition`: the value of 格式.
    `title`: the lines of the report's title, with the placeholders {机关} and {年度}.
    `lead`: the introduction.
    """

    edition: int
    title: tuple[str, ...]
    sections: tuple[Section, ...]
    lead: TextField
    schema: EditionSchema

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all tables."""
        return tuple(row for section in self.sections for row in section.rows)

    def labels(self, pointer: Pointer) -> tuple[str, ...]:
        """Return the printed title of each part of a pointer.

        A key without a title is returned unchanged. The title of a list item is its number, counted
        from 1.
        """
        labels = []
        for depth, part in enumerate(pointer):
            if isinstance(part, int):
                labels.append(str(part + 1))
            else:
                properties = self.schema.properties_at(pointer[:depth])
                labels.append(properties.get(part, {}).get("title", part))
        return tuple(labels)


@cache
def load_form(edition: int) -> Form:
    """Build the form of an edition (a value of 格式) from the schema."""
    schema = edition_schema(edition)
    nodes = schema.properties_at(())
    sections = [_section(key, node) for key, node in nodes.items() if "x-section" in node]
    leads = [key for key, node in nodes.items() if node.get("x-text") == "lead"]
    lead = TextField((leads[0],), nodes[leads[0]]["title"], "lead")
    return Form(edition, tuple(load_schema()["x-title"]), tuple(sections), lead, schema)


# Nested properties of the schema become groups. The order of properties is the order of rows and
# columns. docs/schema.md explains the `x-…` keywords. No label is written in Python or a template.
def _section(key: str, node: Schema) -> Section:
    title = node["title"]
    if node["x-section"] == "text":
        text = TextField((key,), title, "lead", role=node.get("x-role", ""))
        return Section(key, title, (text,), (), None, (), None)
    children = node["properties"].items()
    texts = [_text_field((key, name), child) for name, child in children if "x-text" in child]
    carry = node.get("x-carry")
    return Section(
        key,
        title,
        tuple(text for text in texts if text.kind != "notes"),
        tuple(_grids(key, node)),
        next((text for text in texts if text.kind == "notes"), None),
        tuple(
            Identity(tuple(each["left"]), tuple(each["right"]))
            for each in node.get("x-identities", [])
        ),
        CarriedRow(carry["from"], carry["to"]) if carry else None,
    )


def _text_field(pointer: Pointer, node: Schema) -> TextField:
    more = [node.get(f"x-{name}", "") for name in ("numbering", "prefix", "role")]
    return TextField(pointer, node["title"], node["x-text"], *more)


def _grids(key: str, node: Schema) -> Iterator[Grid]:
    children = node["properties"].items()
    groups = {name: child for name, child in children if "x-text" not in child}
    if not groups:
        return
    layout = node.get("x-layout", "rows")
    stub, corner = node.get("x-stub", ""), node.get("x-corner", "")
    if layout == "stack":
        for name, child in groups.items():
            rows = tuple(_rows((key, name), child, (), ""))
            yield Grid((key, name), child["title"], stub, corner, rows, sideways=False)
    else:
        rows = tuple(_rows((key,), {"properties": groups}, (), ""))
        yield Grid((key,), "", stub, corner, rows, sideways=layout == "columns")


def _rows(pointer: Pointer, group: Schema, above: tuple[Heading, ...], role: str) -> Iterator[Row]:
    """Yield the rows in a group of the schema; a row is an object whose members are cells.

    `pointer`: the pointer of the group.
    `above`: the headings of the group and of the groups around it, outermost first.
    `role`: the role of the innermost of these groups that has one, or "".
    """
    for key, child in group["properties"].items():
        path = (*above, Heading(key, child["title"]))
        own_role = child.get("x-role", "")
        columns = tuple(_columns(child))
        if columns:
            stock = child.get("x-stock")
            yield Row(
                (*pointer, key),
                path,
                columns,
                own_role,
                role,
                child.get("x-total", False),
                Stock(stock["level"], stock["in"], stock["out"]) if stock else None,
                tuple(((*pointer, key, column.key), column) for column in columns),
            )
        else:
            yield from _rows((*pointer, key), child, path, own_role or role)


def _columns(row: Schema) -> Iterator[Column]:
    header = row.get("x-header")
    above = (Heading("*", header),) if header else ()
    groups = {
        key: (Heading(f"*{group['title']}", group["title"]),)
        for group in row.get("x-groups", [])
        for key in group["columns"]
    }
    for key, cell in row["properties"].items():
        if "x-cell" not in cell:
            return
        yield Column(
            key,
            (*above, *groups.get(key, ()), Heading(key, cell["title"])),
            cell["x-cell"],
            cell.get("x-unit", ""),
            cell.get("x-role", ""),
            cell.get("x-total", False),
        )


def label(path: Sequence[Heading], joiner: str = " / ") -> str:
    """Join the titles of headings into a label on one line.

    `joiner`: the text between two titles.
    """
    return joiner.join(heading.title for heading in path)
