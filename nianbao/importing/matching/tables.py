"""Match the cells of tables to the cells of the form.

A cell is matched by the labels to its left and above, or by its position.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.vocabulary import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.importing.document import SourceCell, SourceTable
    from nianbao.importing.matching.labels import FormCell, FormLabels
    from nianbao.model.form import Row

# Labels of rows can be above a cell, and labels of columns to its left: a table that is turned by
# 90° gives the same result.
_NEAREST: Final = 12  # labels on each side of a cell that can name it


class Reading(NamedTuple):
    """A cell of the form, and the matching cell of a source table.

    `target`: the cell of the form.
    `source`: the cell of the source table.
    `by_position`: True if labels were missing and the order of the cells decided.
    """

    target: FormCell
    source: SourceCell
    by_position: bool = False


@dataclass(frozen=True, slots=True)
class RowReading:
    """The result of reading one row of a source table.

    `label`: the innermost label of the row as printed, or "".
    `readings`: the cells that were matched.
    `unread`: cells with text that are neither labels nor matched.
    `group`: the rows of the group whose sum the row contains, or ().
    """

    label: str
    readings: tuple[Reading, ...]
    unread: tuple[SourceCell, ...]
    group: tuple[Row, ...] = ()


@dataclass(slots=True)
class TableReading:
    """The result of reading a source table.

    `labels`: the number of cells that are labels.
    `headers`: earlier tables whose column labels are used for this table.
    """

    table: SourceTable
    rows: list[RowReading] = field(default_factory=list)
    labels: int = 0
    headers: list[SourceTable] = field(default_factory=list)

    @property
    def readings(self) -> list[Reading]:
        """The matched cells of all rows."""
        return [reading for row in self.rows for reading in row.readings]


def read_tables(
    tables: Iterable[SourceTable],
    labels: FormLabels,
    other: FormLabels,
    captions: Mapping[int, Sequence[str]] = MappingProxyType({}),
) -> list[TableReading]:
    """Match the cells of source tables to the cells of one edition of the form.

    `labels`: the labels of this edition.
    `other`: the labels of another edition, whose columns a table may have.
    `captions`: the paragraphs before each table, nearest first, by the table's `id()`.
    """
    readings: list[TableReading] = []
    header: _Header = {}
    width = 0
    ragged = _RaggedReader(labels, other)
    for table in tables:
        reader = ragged if table.ragged else _GridReader(labels, other)
        reader.follows_header = bool(readings) and not readings[-1].rows
        # A caption may be the label of a group of columns, such as 行政复议.
        reader.caption = labels.leading_groups(captions.get(id(table), ()))
        matrix = table.matrix()
        columns = max(map(len, matrix), default=0)
        reading, header = reader.read(table, header if columns == width else {})
        width = columns
        readings.append(reading)
    return readings


# The labels over each column of a table, the nearest first, and the table where they stand.
_Header = Mapping[int, tuple[tuple[str, ...], "SourceTable"]]


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """The labels to the left of a cell and above it, in both cases the nearest label first."""

    left: tuple[str, ...]
    above: tuple[str, ...]


class _Reader:
    caption: tuple[str, ...] = ()  # labels of groups over the table, the nearest first
    follows_header = False  # whether the table before has only labels

    def __init__(self, labels: FormLabels, other: FormLabels) -> None:
        self.labels = labels
        self.other = other

    def names_of(self, cell: SourceCell) -> tuple[str, ...]:
        """Return the labels that a cell holds.

        A label that only the other edition has begins with ~.
        """
        own = self.labels.lookup(cell.text)
        return own or tuple(f"~{name}" for name in self.other.lookup(cell.text))

    def form_row(self, names: Sequence[str]) -> Row | None:
        """Return the only form row that `names` can mean; None if there is none or more than one.

        `names`: the labels around the source row, the nearest first.
        """
        for name in names[:1]:
            rows = self.labels.rows.get(name, [])
            if len(rows) > 1:
                rows = [row for row in rows if any(path in names[1:] for path in self._groups(row))]
            if len(rows) == 1:
                return rows[0]
        return None

    def _groups(self, row: Row) -> tuple[str, ...]:
        return next(cell.row for cell in self.labels.cells if cell.form_row is row)[:-1]

    def cells_of(self, row: Row) -> list[FormCell]:
        """Return the cells of a row in the order of its columns."""
        return [cell for cell in self.labels.cells if cell.form_row is row]

    def by_other_edition(self, row: Row, cells: Sequence[SourceCell]) -> dict[int, FormCell]:
        """Match the cells of a source row that has the columns of the other edition.

        Return, by the index in `cells`, the matched cells of the form. A cell is left out if this
        edition does not have its column. Return {} if the source row has other columns.
        """
        leaf = _leaf(row)
        for other_row in self.other.form.rows:
            label = _leaf(other_row)
            if label != leaf and self.labels.lookup(label) != (leaf,):
                continue
            if len(other_row.columns) == len(cells) != len(row.columns):
                own = {cell.column[-1]: cell for cell in self.cells_of(row)}
                found = {}
                for index, column in enumerate(other_row.columns):
                    names = self.labels.lookup(column.path[-1].title)
                    if names and names[-1] in own:
                        found[index] = own[names[-1]]
                return found
        return {}

    def by_order(self, row: Row, cells: Sequence[SourceCell]) -> dict[int, FormCell]:
        """Match the cells of a source row, one after the other, to those of a row of the form.

        Return, by the index in `cells`, the matched cells of the form. Blank cells at the end may
        be too many. If the numbers of cells differ otherwise, try the columns of the other edition.
        """
        targets = self.cells_of(row)
        surplus = cells[len(targets) :]
        if len(targets) <= len(cells) and not any(cell.text.strip() for cell in surplus):
            return dict(enumerate(targets))
        return self.by_other_edition(row, cells)

    def sideways(self, names: Iterable[str], count: int) -> dict[int, FormCell]:
        """Match `count` cells to a table of the form that has all its cells in one row.

        They are all cells of this table, or those of the groups that are named. `names`: labels
        that stand above the cells. Return the cells of the form by index, or {}.
        """
        around = set(names)
        for section in self.labels.form.sections:
            for grid in section.grids:
                cells = [cell for cell in self.labels.cells if cell.grid is grid]
                inner = [cell for cell in cells if cell.row[-1] in around]
                outer = [cell for cell in cells if around.intersection(cell.row)]
                for part in (inner, outer, cells) if grid.sideways and outer else ():
                    if len(part) == count:
                        return dict(enumerate(part))
        return {}


class _GridReader(_Reader):
    """Reads a table in which equal column numbers mean equal columns."""

    _turned = False

    def read(self, table: SourceTable, inherited: _Header) -> tuple[TableReading, _Header]:
        """Match a table; also return the labels above each column, for the next table."""
        matrix = table.matrix()
        names = {id(cell): self.names_of(cell) for cell in table.cells}
        names |= {id(subtotal): () for subtotal in self._subtotals(matrix, names)}
        reading = TableReading(table, labels=sum(bool(found) for found in names.values()))
        self._turned = self._is_turned(table, names)
        self._extend_headers(matrix, names)
        if self._turned:
            columns = [list(column) for column in zip(*matrix, strict=True)]
            self._extend_headers(columns, names)
            matrix = [list(line) for line in zip(*columns, strict=True)]
        label_columns = self._label_columns(table, names)
        above: dict[int, list[SourceCell]] = {}
        in_header: dict[int, bool] = {}

        def header_of(column: int) -> tuple[tuple[str, ...], SourceTable]:
            if over := above.get(column):
                own = _flat(names, reversed(over))
                before = inherited.get(column, ((), table))[0] if self.follows_header else ()
                whole = (*own, *before, *self.caption)
                return (whole if self.labels.fit_one_cell(whole) else own), table
            if self._turned and self.caption:
                return self.caption, table
            return inherited.get(column, ((), table))

        left_out = set(self._blank_rows_over_headers(matrix, names))
        for number, line in enumerate(matrix):
            if number in left_out:
                continue
            left: list[SourceCell] = []
            data: list[tuple[SourceCell, _Neighbours]] = []
            used: set[int] = set()
            is_header = any(cell and self._heads_columns(names[id(cell)]) for cell in line)
            for column, cell in enumerate(line):
                if cell is None:
                    continue
                if names[id(cell)]:
                    if id(cell) not in used:
                        left.append(cell)
                        used.add(id(cell))
                        data = [each for each in data if each[0].text.strip()]
                    stack = above.setdefault(column, [])
                    if not in_header.get(column):
                        stack.clear()
                    if all(cell is not each for each in stack):
                        stack.append(cell)
                    in_header[column] = True
                    continue
                if cell.row == number and id(cell) not in used:
                    used.add(id(cell))
                    upper, source = header_of(column)
                    if all(source is not each for each in (table, *reading.headers)):
                        reading.headers.append(source)
                    neighbours = _Neighbours(_flat(names, reversed(left)), upper)
                    if cell.text.strip() or column not in label_columns:
                        data.append((cell, neighbours))
                if cell.text.strip() or (left and not is_header):
                    in_header[column] = False
            if is_header:
                foreign = tuple(cell for cell, _ in data if _is_foreign(cell))
                data = [each for each in data if not _is_foreign(each[0])]
                if foreign:
                    reading.rows.append(RowReading(left[-1].text if left else "", (), foreign))
            elif data:
                in_header.clear()  # what follows is another header, also over the labels
            if data:
                own = left[-1].text if left else ""
                reading.rows.append(self._row(own, _flat(names, reversed(left)), data))
        return reading, {column: header_of(column) for column in {**inherited, **above}}

    def _blank_rows_over_headers(
        self, matrix: Sequence[Sequence[SourceCell | None]], names: Mapping[int, tuple[str, ...]]
    ) -> Iterator[int]:
        """Yield the numbers of blank rows after which the next row with text heads columns."""
        is_header = False
        for number in reversed(range(len(matrix))):
            if any(cell and cell.text.strip() for cell in matrix[number]):
                is_header = any(c and self._heads_columns(names[id(c)]) for c in matrix[number])
            elif is_header:
                yield number

    def _subtotals(
        self, matrix: list[list[SourceCell | None]], names: Mapping[int, tuple[str, ...]]
    ) -> Iterator[SourceCell]:
        """Yield the cells that name the total of a group of rows: 小计 after （三）不予公开.

        The form has no such rows.
        """
        for line in matrix:
            for before, cell in itertools.pairwise(line):
                group = names[id(before)] if before and cell and words(cell.text) == "小计" else ()
                if cell and group and group[-1] in self.labels.groups:
                    yield cell

    def _heads_columns(self, names: Sequence[str]) -> bool:
        """Return True if the labels of a cell can only stand over columns."""
        own = self.labels.spanning | self.labels.only_columns
        return not self._turned and bool(names) and names[-1] in own

    def _extend_headers(
        self, matrix: list[list[SourceCell | None]], names: Mapping[int, tuple[str, ...]]
    ) -> None:
        """Extend labels of groups of columns over the blank cells after them in a header row.

        `matrix`: the cells by row and column; or by column and row for a turned table.
        In a text, cells can't be merged, so such a label stands only above its first column. It is
        not extended over the label of a column that the form does not have in this group.
        """
        spanning = self.labels.spanning
        for line, following in zip(matrix, [*matrix[1:], []], strict=False):
            if any(cell and cell.text.strip() and not names[id(cell)] for cell in line):
                continue
            for column in range(1, len(line)):
                cell, before = line[column], line[column - 1]
                if before is None or (cell is not None and cell.text.strip()):
                    continue
                below = following[column] if column < len(following) else None
                labels = (*names[id(before)], *(names[id(below)] if below else ()))
                is_group = names[id(before)] and names[id(before)][-1] in spanning
                if is_group and before.column_span == 1 and self.labels.fit_one_cell(labels):
                    line[column] = before

    def _is_turned(self, table: SourceTable, names: Mapping[int, tuple[str, ...]]) -> bool:
        """Return True if the form's column labels stand at the left of rows in the table.

        If the table has labels of the form's rows too, they must stand above its columns.
        """
        found = [(cell, names[id(cell)][-1]) for cell in table.cells if names[id(cell)]]
        upright = [cell for cell, name in found if name in self.labels.only_columns]
        across = [cell for cell, name in found if name in self.labels.only_rows]
        down, up = (
            len({cell.row for cell in cells}) - len({cell.column for cell in cells})
            for cells in (upright, across)
        )
        return down > 0 >= up

    def _label_columns(
        self, table: SourceTable, names: Mapping[int, tuple[str, ...]]
    ) -> frozenset[int]:
        """Return the numbers of columns with labels of rows; blank cells in them are not data.

        So are columns without any text, if other columns have labels over them.
        """
        upright = self.labels.spanning | self.labels.only_columns
        own = upright if self._turned else self.labels.only_rows
        of_labels = {
            cell.column for cell in table.cells if names[id(cell)] and names[id(cell)][-1] in own
        }
        if not any(self._heads_columns(found) for found in names.values()):
            return frozenset(of_labels)
        filled = (
            range(cell.column, cell.column + cell.column_span)
            for cell in table.cells
            if cell.text.strip()
        )
        columns = range(table.size[1])
        return frozenset(of_labels | set(columns).difference(*filled))

    def _row(
        self, label: str, left: tuple[str, ...], data: Sequence[tuple[SourceCell, _Neighbours]]
    ) -> RowReading:
        data = self._without_repeated(data)
        cells = [cell for cell, _ in data]
        targets = [self._match(near) for _, near in data]
        claimed = Counter(target.pointer for target in targets if target)
        found = {
            index: Reading(target, cell)
            for index, (target, cell) in enumerate(zip(targets, cells, strict=True))
            if target and claimed[target.pointer] == 1
        }
        row = self.form_row(left)
        over = {label for _, near in data for label in near.above}
        foreign = any(near.above and near.above[0].startswith("~") for _, near in data)
        unclear = any(index not in found and cell.text.strip() for index, cell in enumerate(cells))
        if self._is_in_place(data, targets):
            place = self.by_other_edition if foreign else self.by_order
            order = place(row, cells) if row else {}
            if not left and not foreign and (unclear or not found):
                order = self.sideways(over, len(data))
        else:  # spans of the header are lost: its labels stand over the wrong columns
            found = {}
            order = self.by_order(row, cells) if row else self.sideways(over, len(data))
        if not row and not all(self._may_be_under(data[at][1], each) for at, each in order.items()):
            order = {}
        agrees = all(order.get(index, each.target) is each.target for index, each in found.items())
        if not agrees and unclear:
            found = {}
        if agrees or unclear:
            for index, target in order.items():
                found.setdefault(index, Reading(target, cells[index], by_position=True))
        unread = [
            cell for index, cell in enumerate(cells) if index not in found and cell.text.strip()
        ]
        group = self.labels.groups.get(left[0], ()) if left and not found else ()
        if group and len(cells) == len(group[0].columns):
            return RowReading(label, (), tuple(cells), group)
        return RowReading(label, tuple(found.values()), tuple(unread))

    def _may_be_under(self, near: _Neighbours, target: FormCell) -> bool:
        """Return False if the nearest label above a cell names another column than `target`'s."""
        return not near.above or near.above[0] in ("", *target.labels)

    def _is_in_place(
        self, data: Sequence[tuple[SourceCell, _Neighbours]], targets: Sequence[FormCell | None]
    ) -> bool:
        """Return False if the labels above the cells of a row contradict each other.

        They do if no cell of the form has all labels of a column, or if a group of columns stands
        over some of its columns only. `targets`: the cells of the form that the labels name.
        """
        shown = {label for _, near in data for label in near.above} & self.labels.spanning
        shown -= self.labels.overall
        return self._turned or all(
            self.labels.fit_one_cell(near.above)
            and not (target and shown.intersection(target.labels).difference(near.above, near.left))
            for (_, near), target in zip(data, targets, strict=True)
        )

    def _without_repeated(
        self, data: Sequence[tuple[SourceCell, _Neighbours]]
    ) -> list[tuple[SourceCell, _Neighbours]]:
        """Return cells without those that repeat the cell before, as parts of a merged cell do.

        They have the same text and the same labels, and these labels name a cell of the form.
        """
        kept = list(data[:1])
        for before, each in itertools.pairwise(data):
            is_same = before[0].text.strip() == each[0].text.strip() and before[1] == each[1]
            if not (is_same and self._match(each[1])):
                kept.append(each)
        return kept

    def _match(self, near: _Neighbours) -> FormCell | None:
        """Return the only cell of the form that the labels `near` name; None if there is none."""
        available = Counter([*near.left, *near.above])
        around = dict.fromkeys([*near.left[:_NEAREST], *near.above[:_NEAREST]])
        best: dict[int, FormCell] = {}
        score = 0
        for first in around:
            named = self.labels.cells_in_row(first)
            for second in around if named else ():
                if first == second and available[first] < 2:
                    continue
                for cell in named.get(second, ()):
                    points = self._score(cell, near, available)
                    if points > score:
                        best, score = {id(cell): cell}, points
                    elif points and points == score:
                        best[id(cell)] = cell
        return next(iter(best.values())) if len(best) == 1 else None

    def _score(self, cell: FormCell, near: _Neighbours, available: Counter[str]) -> int:
        """Return how well the labels around a source cell name a cell of the form; 0 if not at all.

        The nearest label on each side must be a label of the form's cell. `available`: how often
        each label stands around the source cell.
        """
        needed = Counter(cell.labels)
        for side in (near.left, near.above):
            nearest = next((label for label in side if label), None)
            if nearest is not None and nearest not in needed:
                return 0
        left, above = (near.above, near.left) if self._turned else (near.left, near.above)
        straight = cell.row[-1] in left and cell.column[-1] in above
        points = 1000 + 100 * straight - (available - needed).total()
        for side in (near.left, near.above):
            for distance, label in enumerate(side):
                if needed[label] > 0:
                    needed[label] -= 1
                    points += max(10 - distance, 2)
        return points


class _RaggedReader(_Reader):
    """Reads tables in which only the order of the cells in each row is known."""

    _header: Sequence[str] = ()  # labels of the latest row without data, also of a table before

    def read(self, table: SourceTable, inherited: _Header) -> tuple[TableReading, _Header]:
        """Match a table row by row. `inherited`: returned unchanged as the second value."""
        lines: dict[int, list[SourceCell]] = {}
        for cell in table.cells:
            lines.setdefault(cell.row, []).append(cell)
        reading = TableReading(table)
        context: list[str] = []  # labels of groups and headers, the latest first
        block: list[str] = list(self.caption)  # those since the latest row of data
        after_data = False
        for _, line in sorted(lines.items()):
            names = [self.names_of(cell) for cell in line]
            start = 0  # of the data: after the last label that only labels and blanks precede
            for index, cell in enumerate(line):
                if names[index]:
                    start = index + 1
                elif cell.text.strip():
                    break
            reading.labels += sum(map(bool, names))
            known = len(context)
            context[:0] = [each for found in reversed(names) for each in reversed(found) if each]
            left = [cell for index, cell in enumerate(line[:start]) if names[index]]
            data = [cell for index, cell in enumerate(line[start:], start) if not names[index]]
            if any(cell.text.strip() for cell in data) or (left and data):
                reading.rows.append(self._row(left, data, context, block))
                after_data = True
            else:
                block = [*context[: len(context) - known], *([] if after_data else block)]
                after_data = False
                self._header = [each for found in names for each in found]
        return reading, inherited

    def _row(
        self,
        left: Sequence[SourceCell],
        data: Sequence[SourceCell],
        context: Sequence[str],
        block: Sequence[str],
    ) -> RowReading:
        """Match the cells `data` of a row after its labels `left`.

        `context`: the labels of all rows so far. `block`: those of the header that the row follows,
        in both cases the latest first.
        """
        label = left[-1].text if left else ""
        names = [name for cell in reversed(left) for name in reversed(self.names_of(cell))]
        row = self.form_row([*names, *context]) if names else None
        foreign = any(each.startswith("~") for each in self._header)
        place = self.by_other_edition if foreign else self.by_order
        order = place(row, data) if row else {}
        if not names:
            order = self.sideways(block, len(data))
        leaves = [target.column[-1] for target in order.values()]
        rest = iter(leaves)
        if not all(name in rest for name in self._header if name in leaves):
            order = {}  # the labels over the columns have another order
        unlabelled = len(order) > 1 and not set(leaves) & {*context, *self._header}
        readings = tuple(
            Reading(target, data[index], unlabelled) for index, target in order.items()
        )
        unread = tuple(
            cell for index, cell in enumerate(data) if index not in order and cell.text.strip()
        )
        group = self.labels.groups.get(names[0], ()) if names and not order else ()
        if group and len(data) == len(group[0].columns):
            return RowReading(label, (), tuple(data), group)
        return RowReading(label, readings, unread)


def _is_foreign(cell: SourceCell) -> bool:
    """Return True if a cell in a header row is the label of a column that the form lacks."""
    return bool(cell.text.strip()) and not re.search(r"[\d/／]", cell.text)


def _flat(names: Mapping[int, tuple[str, ...]], cells: Iterable[SourceCell]) -> tuple[str, ...]:
    """Return the labels of several cells, the innermost label of each cell first.

    A label that is repeated directly after itself is returned once.
    """
    labels = (label for cell in cells for label in reversed(names[id(cell)]))
    return tuple(label for label, _ in itertools.groupby(labels))


def _leaf(row: Row) -> str:
    return words(row.path[-1].title)
