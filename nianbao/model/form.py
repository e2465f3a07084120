"""The form of one edition, read from schema.json: sections, header trees, row trees, addresses.

Nesting is grouping and the order of properties is the order of rows and columns; docs/schema.md
explains the `x-…` annotations. Outputs, rules and messages ask the form for its words; none of
them stands in Python or in a template.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from nianbao.model.schema import EditionSchema, Schema, edition_schema, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer

CellKind = Literal["count", "amount", "signed"]
TextKind = Literal["lead", "block", "extra", "notes"]


@dataclass(frozen=True, slots=True)
class Heading:
    """One label of a row or column: the key by which it is told apart, and the printed words."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its labels, the groups above included, and what its cells hold."""

    key: str
    path: tuple[Heading, ...]
    kind: CellKind
    unit: str
    role: str
    total: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its pointer in the report, its labels with the groups above, and its columns.

    `stock` names the columns (by role) of a level and of what comes in and goes out in a year.
    """

    pointer: Pointer
    path: tuple[Heading, ...]
    columns: tuple[Column, ...]
    role: str
    group_role: str
    total: bool
    stock: tuple[str, str, str] | None
    _cells: tuple[tuple[Pointer, Column], ...]

    def cells(self) -> tuple[tuple[Pointer, Column], ...]:
        """The address of every cell of the row, with its column."""
        return self._cells  # made once, as it is asked for thousands of times a report


# Grid, Section and Form equal themselves alone: caches go by them, and hashing all of one is slow.
@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One drawn table. `title` is a full-width row above the header, `stub` heads the labels.

    `sideways`: the rows are laid side by side, as one row of cells under their labels.
    """

    pointer: Pointer
    title: str
    stub: str
    corner: str
    rows: tuple[Row, ...]
    sideways: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, which all rows of a grid share."""
        return self.rows[0].columns


@dataclass(frozen=True, slots=True)
class Text:
    """A place for prose: its pointer, its printed title, and how it is printed."""

    pointer: Pointer
    title: str
    kind: TextKind
    numbering: str = ""
    prefix: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One of the six sections: `texts` before the `grids`, `notes` after them.

    Each of `identities` is two lists of rows, by role, whose sums are equal in every column;
    `carry` is the row (by role) of last year that must equal a row of this year.
    """

    key: str
    title: str
    texts: tuple[Text, ...]
    grids: tuple[Grid, ...]
    notes: Text | None
    identities: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    carry: tuple[str, str] | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all grids of the section."""
        return tuple(row for grid in self.grids for row in grid.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """One edition of the national form; what follows from it alone may be kept by it."""

    edition: int
    title: tuple[str, ...]
    sections: tuple[Section, ...]
    lead: Text
    schema: EditionSchema

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all tables."""
        return tuple(row for section in self.sections for row in section.rows)

    def names(self, pointer: Pointer) -> tuple[str, ...]:
        """The printed words along a pointer, keys where there are none; items count from 1."""
        names = []
        for depth, part in enumerate(pointer):
            if isinstance(part, int):
                names.append(str(part + 1))
            else:
                properties = self.schema.properties_at(pointer[:depth])
                names.append(properties.get(part, {}).get("title", part))
        return tuple(names)


@cache
def load_form(edition: int) -> Form:
    """Read the form of an edition (a value of 格式) from the schema."""
    schema = edition_schema(edition)
    nodes = schema.properties_at(())
    sections = [_section(key, node) for key, node in nodes.items() if "x-section" in node]
    leads = [key for key, node in nodes.items() if node.get("x-text") == "lead"]
    lead = Text((leads[0],), nodes[leads[0]]["title"], "lead")
    return Form(edition, tuple(load_schema()["x-title"]), tuple(sections), lead, schema)


def _section(key: str, node: Schema) -> Section:
    title = node["title"]
    if node["x-section"] == "text":
        text = Text((key,), title, "lead", role=node.get("x-role", ""))
        return Section(key, title, (text,), (), None, (), None)
    children = node["properties"].items()
    texts = [_text((key, name), child) for name, child in children if "x-text" in child]
    notes = [text for text in texts if text.kind == "notes"]
    return Section(
        key,
        title,
        tuple(text for text in texts if text.kind != "notes"),
        tuple(_grids(key, node)),
        notes[0] if notes else None,
        tuple((tuple(each["left"]), tuple(each["right"])) for each in node.get("x-identities", [])),
        (node["x-carry"]["from"], node["x-carry"]["to"]) if "x-carry" in node else None,
    )


def _text(pointer: Pointer, node: Schema) -> Text:
    more = [node.get(f"x-{name}", "") for name in ("numbering", "prefix", "role")]
    return Text(pointer, node["title"], node["x-text"], *more)


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
    """The rows below a group; a row is an object whose members are cells."""
    for key, child in group["properties"].items():
        path = (*above, Heading(key, child["title"]))
        own_role = child.get("x-role", "")
        columns = tuple(_columns(child))
        if columns:
            total = child.get("x-total", False)
            stock = child.get("x-stock")
            flow = (stock["level"], stock["in"], stock["out"]) if stock else None
            cells = tuple(((*pointer, key, column.key), column) for column in columns)
            yield Row((*pointer, key), path, columns, own_role, role, total, flow, cells)
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
    """The words of a label with the groups above, on one line."""
    return joiner.join(heading.title for heading in path)
