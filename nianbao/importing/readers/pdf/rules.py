"""Find tables and their cells from the ruled lines of a page."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.readers.pdf.glyphs import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SNAP: Final = 3.5  # rules that are not farther apart are one
_REACH: Final = 3.0  # rules that do not quite meet
_OVERHANG: Final = 30.0  # how far text may hang out of a cell at the end of a page
_MIN_LENGTH: Final = 3.0
_MAX_RULES: Final = 4_000  # of a page, after joining
_MAX_POSITIONS: Final = 100_000  # rows × columns of a table


@dataclass(slots=True)
class RuledCell:
    """A cell bounded by ruled lines.

    `row`, `column`: counted from 0.
    `row_span`, `column_span`: how many rows and columns the cell covers.
    """

    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(slots=True)
class RuledGrid:
    """A table drawn by ruled lines.

    `xs`: the edges of the columns, in points; n columns have n + 1 edges.
    `ys`: the edges of the rows, in points; n rows have n + 1 edges.
    """

    xs: list[float]
    ys: list[float]
    cells: list[RuledCell] = field(default_factory=list)

    @property
    def box(self) -> Box:
        """The bounding box of the table."""
        # A cell without a line below can reach further down than the last line.
        bottom = max((cell.box.bottom for cell in self.cells), default=self.ys[-1])
        return Box(self.xs[0], self.ys[0], self.xs[-1], bottom)


def find_grids(rules: Iterable[Box]) -> list[RuledGrid]:
    """Return the tables that ruled lines draw on a page, from top to bottom.

    `rules`: the lines, as boxes without width or without height.

    Raises UserError if the page has too many lines, or if a table is too large.
    """
    lengths = [r for r in rules if max(r.x1 - r.x0, r.bottom - r.top) >= _MIN_LENGTH]
    across = _joined([Box(r.top, r.x0, r.top, r.x1) for r in lengths if r.bottom - r.top < 1])
    down = _joined([Box(r.x0, r.top, r.x0, r.bottom) for r in lengths if r.x1 - r.x0 < 1])
    if len(across) + len(down) > _MAX_RULES:
        raise UserError("这份 PDF 的线条太多，不像年报；请另存或打印成普通的 PDF 再导入")
    rows = [Box(r.top, r.x0, r.bottom, r.x1) for r in across]
    grids = [_grid(h, v) for h, v in _components(rows, down)]
    return sorted((g for g in grids if g is not None), key=lambda grid: (grid.ys[0], grid.xs[0]))


def _joined(rules: list[Box]) -> list[Box]:
    """Join vertical rules that touch on the same line, so that dashes become one rule."""
    positions = _clusters(rule.x0 for rule in rules)
    by_position: dict[float, list[Box]] = {}
    for rule in rules:
        by_position.setdefault(_nearest(positions, rule.x0), []).append(rule)
    joined: list[Box] = []
    for x, group in by_position.items():
        group.sort(key=lambda rule: rule.top)
        top, bottom = group[0].top, group[0].bottom
        for rule in group[1:]:
            if rule.top > bottom + _REACH:
                joined.append(Box(x, top, x, bottom))
                top = rule.top
                bottom = rule.bottom
            bottom = max(bottom, rule.bottom)
        joined.append(Box(x, top, x, bottom))
    return joined


def _clusters(values: Iterable[float]) -> list[float]:
    """Group values that are close together; return the mean of each group, in ascending order."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= _SNAP:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _nearest(values: Sequence[float], value: float) -> float:
    return values[nearest_index(values, value)]


def nearest_index(values: Sequence[float], value: float) -> int:
    """Return the index of the value in `values` that is nearest to `value`.

    `values`: in ascending order, not empty.
    """
    index = bisect_left(values, value)
    if index and (index == len(values) or value - values[index - 1] < values[index] - value):
        index -= 1
    return index


def _components(across: list[Box], down: list[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Group rules that touch each other; return the horizontal and vertical rules of each group."""
    parents = list(range(len(across) + len(down)))
    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if (
                h.x0 - _REACH <= v.x0 <= h.x1 + _REACH
                and v.top - _REACH <= h.top <= v.bottom + _REACH
            ):
                parents[_root(parents, i)] = _root(parents, j)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for index, rule in enumerate([*across, *down]):
        group = groups.setdefault(_root(parents, index), ([], []))
        group[index >= len(across)].append(rule)
    return _with_sides(list(groups.values()))


def _with_sides(groups: list[tuple[list[Box], list[Box]]]) -> list[tuple[list[Box], list[Box]]]:
    """Add a vertical rule that touches no other rule to a table of the same height.

    Such a rule is the side of a column with a single cell that continues on other pages, because
    Chromium does not close such a cell at the page break.
    """
    tables = [group for group in groups if group[0] and group[1]]
    for _, down in [group for group in groups if not group[0]]:
        side = down[0]
        for _, others in tables:
            top, bottom = min(rule.top for rule in others), max(rule.bottom for rule in others)
            if abs(side.top - top) < _SNAP and abs(side.bottom - bottom) < _SNAP:
                others.append(side)
    return groups


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _grid(across: list[Box], down: list[Box]) -> RuledGrid | None:
    """Return the table that touching rules form; None if they enclose nothing.

    `across`, `down`: the horizontal and the vertical rules.
    """
    if not across or not down:
        return None
    # A table may be open at its sides.
    edges = (min(rule.x0 for rule in across), max(rule.x1 for rule in across))
    ends = (min(rule.top for rule in down), max(rule.bottom for rule in down))
    xs = _clusters([*(rule.x0 for rule in down), *edges])
    ys = _clusters([*(rule.top for rule in across), *ends])
    if len(xs) < 2 or len(ys) < 2:
        return None
    if len(xs) * len(ys) > _MAX_POSITIONS:
        raise UserError("这份 PDF 里有太大的表，不像年报；请另存或打印成普通的 PDF 再导入")
    grid = RuledGrid(xs, ys)
    grid.cells = _cells(grid, across, down)
    return grid


def _cells(grid: RuledGrid, across: list[Box], down: list[Box]) -> list[RuledCell]:
    """Return the cells of a table: positions that no rule separates are one cell."""
    width, height = len(grid.xs) - 1, len(grid.ys) - 1
    walls: set[tuple[int, int]] = set()  # at the left of (row, column)
    floors: set[tuple[int, int]] = set()  # above (row, column)
    for rule in down:
        column = nearest_index(grid.xs, rule.x0)
        walls |= {(row, column) for row in _crossed(grid.ys, rule.top, rule.bottom)}
    for rule in across:
        row = nearest_index(grid.ys, rule.top)
        floors |= {(row, column) for column in _crossed(grid.xs, rule.x0, rule.x1)}
    parents = list(range(width * height))
    for row in range(height):
        for column in range(width):
            index = row * width + column
            if column and (row, column) not in walls:
                parents[_root(parents, index)] = _root(parents, index - 1)
            if row and (row, column) not in floors:
                parents[_root(parents, index)] = _root(parents, index - width)
    regions: dict[int, list[int]] = {}
    for index in range(width * height):
        regions.setdefault(_root(parents, index), []).append(index)
    inside = (
        region for region in regions.values() if not _is_outside(region, width, height, walls)
    )
    return [_cell(grid, positions, width, floors) for positions in inside]


def _is_outside(positions: list[int], width: int, height: int, walls: set[tuple[int, int]]) -> bool:
    """Return True if positions are in no cell, but at the side of one of several tables that touch.

    They are open at the left or the right side of the grid, where other rows have a rule. If no row
    has a rule at a side, the table is open there, and the positions are inside. `positions`: row ×
    `width` + column. `walls`: the positions (row, column) with a rule at their left.
    """
    for side in (0, width):
        closed = {row for row in range(height) if (row, side) in walls}
        column = min(side, width - 1)
        rows = {position // width for position in positions if position % width == column}
        if closed and rows - closed:
            return True
    return False


def _crossed(values: Sequence[float], start: float, end: float) -> list[int]:
    """Return the indexes of the intervals that have their middle between `start` and `end`.

    `values`: the bounds of the intervals, in ascending order.
    """
    return [
        index
        for index, (low, high) in enumerate(pairwise(values))
        if start <= (low + high) / 2 <= end
    ]


def _cell(
    grid: RuledGrid, positions: list[int], width: int, floors: set[tuple[int, int]]
) -> RuledCell:
    rows = sorted({position // width for position in positions})
    columns = sorted({position % width for position in positions})
    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    # A page may end within a cell: its rest has no rule below.
    is_open = bottom == len(grid.ys) - 1 and not any((bottom, c) in floors for c in columns)
    end = grid.ys[bottom] + (_OVERHANG if is_open else 0)
    box = Box(grid.xs[left], grid.ys[top], grid.xs[right], end)
    return RuledCell(box, top, left, bottom - top, right - left)
