"""Lay out the empty tables of the form, with merged header cells and ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from nianbao.model.form import Grid, Heading, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer

# The layouts are the same in every report of an edition, so each is computed only once.
_MAX_GRIDS = 64  # cache size: the tables of several editions
_LABEL_SHARE = {1: (25.0,), 2: (10.0, 22.0), 3: (4.3, 8.4, 21.2)}


class HeaderCell(NamedTuple):
    """A header cell of a table: a label of rows or columns, or the title.

    `kind`: title, label (of rows or columns), stub (above row labels) or corner (a remark).
    `scope`, `colspan`, `rowspan`: the HTML attributes of these names.
    `headers`: the ids of the header cells above or to the left, separated by blanks.
    `unit`: the unit to print with the column label, or "".
    """

    id: str
    text: str
    kind: str
    scope: str
    colspan: int
    rowspan: int
    headers: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """The layout of a table row, without the numbers.

    `labels`: the header cells that start in this row.
    `cells`: the pointer and the header ids (separated by blanks) of each data cell.
    """

    labels: tuple[HeaderCell, ...]
    cells: tuple[tuple[Pointer, str], ...]


@dataclass(frozen=True, slots=True)
class TableGrid:
    """The layout of a table with merged header cells, without the numbers.

    `widths`: the width of each column in per cent.
    `label_columns`: the number of columns with row labels.
    `head`: the header rows.
    `body`: the rows below the head.
    """

    widths: tuple[float, ...]
    label_columns: int
    head: tuple[GridRow, ...]
    body: tuple[GridRow, ...]


@dataclass(frozen=True, slots=True)
class FlatGrid:
    """The layout of a table without merged cells, without the numbers.

    `head`: the column labels.
    `rows`: the label and the cell pointers of each row.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Pointer, ...]], ...]


@lru_cache(_MAX_GRIDS)
def grid_of(grid: Grid, table_id: str) -> TableGrid:
    """Return the layout of a table with merged header cells.

    `table_id`: the beginning of every id in the table.
    """
    columns, rows, cells = _axes(grid)
    column_labels = tuple(_labels(columns))
    row_labels = tuple(_labels(rows))
    label_columns = max(map(len, rows), default=0)
    title_ids = [f"{table_id}t"] if grid.title else []
    units = [column.unit for column in grid.columns] if not grid.sideways else []
    head: list[GridRow] = []
    if grid.title:
        width = label_columns + len(columns)
        title = HeaderCell(title_ids[0], grid.title, "title", "colgroup", width, 1, "")
        head.append(GridRow((title,), ()))
    depth = max(map(len, columns))
    for level in range(depth):
        line: list[HeaderCell] = []
        if level == 0 and label_columns:
            kind = "stub" if grid.stub else "corner"
            text = grid.stub or grid.corner
            above = " ".join(title_ids)
            line.append(HeaderCell(f"{table_id}s", text, kind, "col", label_columns, depth, above))
        line += [
            HeaderCell(
                f"{table_id}c{node.level}-{node.start}",
                node.heading.title,
                "label",
                "col" if node.leaf else "colgroup",
                node.span,
                node.levels,
                " ".join([*title_ids, *_ids(column_labels, f"{table_id}c", node.start, level)]),
                units[node.start] if node.leaf and units else "",
            )
            for node in column_labels
            if node.level == level
        ]
        head.append(GridRow(tuple(line), ()))
    body = []
    above_each = [
        _ids(column_labels, f"{table_id}c", position, depth) for position in range(len(columns))
    ]
    for index, pointers in enumerate(cells):
        labels = [
            HeaderCell(
                f"{table_id}r{node.level}-{node.start}",
                node.heading.title,
                "label",
                "row" if node.leaf else "rowgroup",
                node.levels,
                node.span,
                " ".join(_ids(row_labels, f"{table_id}r", index, node.level)),
            )
            for node in row_labels
            if node.start == index
        ]
        own = [*title_ids, *_ids(row_labels, f"{table_id}r", index, label_columns)]
        headers = [" ".join([*own, *above]) for above in above_each]
        body.append(GridRow(tuple(labels), tuple(zip(pointers, headers, strict=True))))
    widths = _widths(label_columns, len(columns))
    return TableGrid(widths, label_columns, tuple(head), tuple(body))


@lru_cache(_MAX_GRIDS)
def flat_grid_of(grid: Grid) -> FlatGrid:
    """Return the layout of a table without merged cells.

    Rows that the form prints side by side are put below each other.
    """
    return FlatGrid(
        (grid.stub or grid.corner, *(label(column.path) for column in grid.columns)),
        tuple((label(row.path), tuple(cell for cell, _ in row.cells())) for row in grid.rows),
    )


@dataclass(frozen=True, slots=True)
class _Label:
    """A node of the tree of row labels or column labels.

    `heading`: the label.
    `start`: the number of the first row or column that the label covers, counted from 0.
    `span`: how many rows or columns it covers.
    `level`: its level in the tree, counted from 0.
    `levels`: how many levels it covers.
    `leaf`: True for the label of a single row or column.
    """

    heading: Heading
    start: int
    span: int
    level: int
    levels: int
    leaf: bool


def _labels(paths: Sequence[tuple[Heading, ...]]) -> Iterator[_Label]:
    """Yield the nodes of the tree of labels, level by level.

    `paths`: for each row or column its label after the labels of its groups. A leaf covers all
    levels down to the last level of the tree.
    """
    depth = max(map(len, paths), default=0)
    for level in range(depth):
        start = 0
        while start < len(paths):
            end = start + 1
            if len(paths[start]) > level:
                prefix = paths[start][: level + 1]
                while end < len(paths) and paths[end][: level + 1] == prefix:
                    end += 1
                leaf = len(prefix) == len(paths[start])
                yield _Label(
                    prefix[-1], start, end - start, level, depth - level if leaf else 1, leaf
                )
            start = end


def _ids(labels: Sequence[_Label], prefix: str, position: int, level: int) -> list[str]:
    """Return the ids of the labels that cover the row or column `position`, outermost first.

    `prefix`: the beginning of each id. `level`: labels from this level on are left out.
    """
    return [
        f"{prefix}{node.level}-{node.start}"
        for node in labels
        if node.start <= position < node.start + node.span and node.level < level
    ]


def _axes(
    grid: Grid,
) -> tuple[list[tuple[Heading, ...]], list[tuple[Heading, ...]], list[list[Pointer]]]:
    """Return the labels of the columns, the labels of the rows, and the cell pointers of each row.

    The label of a column or row comes after the labels of its groups. Rows that the form prints
    side by side become a single row without labels.
    """
    if grid.sideways:
        columns = [(*row.path, *column.path) for row in grid.rows for column in row.columns]
        return columns, [()], [[pointer for row in grid.rows for pointer, _ in row.cells()]]
    return (
        [column.path for column in grid.columns],
        [row.path for row in grid.rows],
        [[pointer for pointer, _ in row.cells()] for row in grid.rows],
    )


def _widths(labels: int, cells: int) -> tuple[float, ...]:
    """Return column widths in per cent.

    `labels`: the number of columns with row labels, which have fixed widths. `cells`: the number of
    columns that share the remaining width.
    """
    if labels == 0:
        share: tuple[float, ...] = ()
    else:
        share = _LABEL_SHARE.get(labels, (36.0 / labels,) * labels)
    each = (100.0 - sum(share)) / cells
    return (*share, *(round(each, 3),) * cells)
