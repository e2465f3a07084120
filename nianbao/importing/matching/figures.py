"""Read the numbers of matched cells, and list cells that are blank, missing or unclear."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.document import Place
from nianbao.importing.doubts import Doubt, quoted
from nianbao.importing.matching.tables import TableReading, read_tables
from nianbao.importing.readers.builder import SUPERSCRIPTS
from nianbao.importing.vocabulary import vocabulary, words
from nianbao.model.numbers import PrintedNumber, cell_text, number_value, read_number
from nianbao.utils.characters import half_width, is_blank
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.document import SourceCell, SourceTable
    from nianbao.importing.matching.labels import FormLabels
    from nianbao.importing.matching.tables import Reading, RowReading
    from nianbao.model.form import CellKind, Form, Grid, Row

_MISSING: Final = "没有找到"
_BLANK: Final = "是空的"
_SEVERAL: Final = "像是几个数连在一起"
_LARGEST_IN_PROSE: Final = 10  # cells that were matched in a table that illustrates prose
_FEW_DIFFERING: Final = 5  # cells of a table that are listed one by one
# A number with the mark of a note: 22①, 22¹, 22*, 22[1].
_MARKED = re.compile(
    rf"(?P<number>[0-9０-９.,，/]+)\s*(?P<mark>[{SUPERSCRIPTS}①-⑳*＊※#]+|[\[【〔][0-9①-⑳*]{{1,2}}[\]】〕])"
)
# A number with a blank between its thousands or at its point: 3 055, 12 .5.
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?:\s[0-9]{3})+(?:\.[0-9]+)?|[0-9]+\s?\.\s?[0-9]+")
# The unit of amounts: in a label, and in a line that says nothing else (计量单位：件、人民币元。).
_UNIT = re.compile(r"[十百千万亿]*元")
_UNIT_LINE = re.compile(r"单位.{0,12}元[)）]?[。；]?\Z")
_OWN_UNIT = re.compile(r"[^(（]*万元")
_MULTIPLES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LEADING_ZERO = re.compile(r"0[0-9]")
_ON_LINES = re.compile(r"[0-9]\s*\n\s*[0-9.,]")  # each line of a cell may be a number of its own


class TablePosition(NamedTuple):
    """The position of a table in a document.

    `section`: the key of the section.
    `captions`: the paragraphs between the previous table and this table, nearest first.
    """

    section: str
    captions: tuple[str, ...] = ()


class CellText(NamedTuple):
    """The content of a cell, as a report file contains it.

    `number`: digits, "/", or "" for none.
    `note`: the remark in the cell, or "".
    `problem`: the reason for a missing or doubtful number, in Chinese; else "".
    """

    number: str
    note: str = ""
    problem: str = ""


# A cell of the form, the cell that was read, and the texts of all that were found.
_Differing = tuple["Pointer", "SourceCell", tuple[str, ...]]


@dataclass(slots=True)
class Figures:
    """The numbers in a source document, for one edition of the form.

    `cells`: the content of each cell of the form, by pointer.
    `places`: the place of each cell in the document, by pointer.
    `tables`: the result of matching each table.
    """

    cells: dict[Pointer, CellText] = field(default_factory=dict)
    places: dict[Pointer, Place] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    tables: list[TableReading] = field(default_factory=list)

    @property
    def numbers(self) -> int:
        """The number of cells that contain a number or a `/`."""
        return sum(bool(cell.number) for cell in self.cells.values())


def read_cell(text: str, kind: CellKind) -> CellText:
    """Read the number and the note in the text of a cell.

    `kind`: the kind of numbers that the cell can contain.
    """
    bare = "".join(text.split("\n")).strip()
    if is_blank(bare):
        return CellText("", "", _BLANK)
    if _ON_LINES.search(half_width(text)):
        return CellText("", "", f"写的是{quoted(text)}，{_SEVERAL}")
    marked = _MARKED.fullmatch(bare)
    if marked and (plain := read_cell(marked["number"], kind)).number and not plain.problem:
        return plain._replace(problem=f"写的是{quoted(bare)}，“{marked['mark']}”当作注的记号")
    number = read_number(bare)
    if number is None and _SPACED.fullmatch(spaced := half_width(bare)):
        joined = read_cell("".join(spaced.split()), kind)
        return joined._replace(problem=joined.problem or f"写的是{quoted(bare)}，中间有空格")
    if number is None:
        return CellText("", "", f"写的是{quoted(bare)}，不是数")
    if number.unit == "元" and number.value and kind == "amount":
        return CellText("", "", f"写的是{quoted(bare)}，{_remedy(number)}")
    if _LEADING_ZERO.match(bare):
        return CellText("", "", f"写的是{quoted(bare)}，{_SEVERAL}")
    written = cell_text(number, kind)
    if written is None:
        return CellText("", "", f"写的是{quoted(bare)}，这里不能这样写")
    return CellText(written, number.note)


def _remedy(number: PrintedNumber) -> str:
    """Return the sentence that says what to do about a number of 元 in a cell of 万元."""
    return f"这里以万元为单位：核对后填 {cell_text(number, 'amount')}"


def read_figures(
    tables: Sequence[SourceTable],
    labels: FormLabels,
    other: FormLabels,
    positions: Mapping[int, TablePosition] = MappingProxyType({}),
) -> Figures:
    """Read the numbers in all tables, for one edition of the form.

    `labels`: the labels of this edition.
    `other`: the labels of another edition, which tables may contain.
    `positions`: the position of each table, by the `id()` of the table.
    """
    homes = {table: position.section for table, position in positions.items()}
    captions = {table: position.captions for table, position in positions.items()}
    figures = Figures(tables=_without_prose(read_tables(tables, labels, other, captions), homes))
    claims: dict[Pointer, list[tuple[Reading, TableReading]]] = defaultdict(list)
    for table in figures.tables:
        for row in table.rows:
            for reading in row.readings:
                claims[reading.target.pointer].append((reading, table))
    own = {
        pointer
        for pointer, claimed in claims.items()
        if not all(is_blank(reading.source.text) for reading, _ in claimed)
    }
    for row in (row for table in figures.tables for row in table.rows):
        _read_group(figures, row, own)
    differing: dict[Pointer, list[_Differing]] = defaultdict(list)
    for cell in labels.cells:
        claimed = claims.get(cell.pointer, [])
        filled = [each for each in claimed if not is_blank(each[0].source.text)] or claimed
        if not filled or cell.pointer in figures.cells:
            continue
        best, table = max(filled, key=lambda each: _preference(each[0], each[1], positions))
        text = read_cell(best.source.text, cell.form_column.kind)
        unit = _unit_of(best, table, labels, positions) if text.number not in ("", "/", "0") else ""
        if unit not in ("", "万元"):
            factor = math.prod(_MULTIPLES[each] for each in unit[:-1])
            yuan = PrintedNumber(number_value(text.number) * factor, "元")
            problem = f"写的是{quoted(best.source.text)}，表头的单位是{unit}，{_remedy(yuan)}"
            text = CellText("", "", problem)
        figures.cells[cell.pointer] = text
        figures.places[cell.pointer] = best.source.place
        texts = dict.fromkeys(each.source.text.strip() for each, _ in filled)
        if len(texts) > 1:
            differing[cell.grid.pointer].append((cell.pointer, best.source, tuple(texts)))
    figures.doubts += _differing(differing)
    figures.doubts += _positions(figures.tables)
    figures.doubts += _problems(figures, labels.form)
    read = [table for table in figures.tables if table.readings]
    used = {id(source) for table in read for source in (table.table, *table.headers)}
    for table in figures.tables:
        figures.doubts += _unread(table)
        figures.doubts += _reordered(table, labels)
        figures.doubts += _uneven(table)
        if id(table.table) in used:
            figures.doubts += _guessed_labels(table.table, labels)
    return figures


def _preference(
    reading: Reading, table: TableReading, positions: Mapping[int, TablePosition]
) -> tuple[bool, bool, bool, int]:
    """Return a value that is greater the more likely a reading is the one that counts.

    Tables of last year, tables whose columns have no labels, and tables in other sections come
    after the others; then the number of cells that were matched decides.
    """
    position = positions.get(id(table.table), TablePosition(""))
    words_of_earlier = vocabulary()["earlier"]["captions"]
    earlier = any(word in caption for caption in position.captions[:1] for word in words_of_earlier)
    in_place = position.section == reading.target.pointer[0]
    filled = sum(bool(each.source.text.strip()) for each in table.readings)
    return not earlier, not reading.by_position, in_place, filled


def _differing(grids: Mapping[Pointer, Sequence[_Differing]]) -> Iterator[Doubt]:
    """Yield a doubt for each cell that the document has several times with different texts.

    `grids`: such cells by the pointer of their table. Many cells of one table give a single doubt.
    """
    for grid, cells in grids.items():
        for pointer, source, texts in cells:
            values = "、".join(map(quoted, texts))
            message = f"原文有{len(texts)}处，写的不一样：{values}；读的是{quoted(source.text)}"
            if len(cells) <= _FEW_DIFFERING:
                yield Doubt(pointer, source.place, message)
        if len(cells) > _FEW_DIFFERING:
            place = cells[0][1].place
            message = f"原文有几张这样的表，{len(cells)}格写的不一样；读的是{place}起的那张"
            yield Doubt(grid, place, message)


def _without_prose(tables: Sequence[TableReading], homes: Mapping[int, str]) -> list[TableReading]:
    """Return the readings of tables; a table that only illustrates prose gets an empty reading.

    `homes`: the key of the section that each table stands in, by the `id()` of the table. A table
    illustrates prose if it is an extract of another table (see `_is_extract`), or if all its labels
    belong to other sections, such as 行政许可 | 3604 in 总体情况. In the second case, each of these
    sections must have its own table in its place, too; if no column label of this table is known, a
    heading of that section is enough.
    """
    in_place = {
        (key, homes.get(id(table.table)) == key) for table in tables for key in _sections_of(table)
    }
    headed = set(homes.values())
    named = Counter(pointer for table in tables for pointer in _named(table))
    kept = []
    for table in tables:
        home = homes.get(id(table.table))
        keys = _sections_of(table)
        by_order = all(reading.by_position for reading in table.readings)
        is_prose = home and all(
            len(table.readings) <= _LARGEST_IN_PROSE
            and key != home
            and ((key, True) in in_place or (by_order and key in headed))
            for key in keys
        )
        is_prose = is_prose or _is_extract(table, named - Counter(_named(table)))
        kept.append(TableReading(table.table) if is_prose and keys else table)
    return kept


def _named(table: TableReading) -> set[Pointer]:
    """Return the cells of the form that a table has with the labels of their row and column."""
    return {each.target.pointer for each in table.readings if not each.by_position}


def _is_extract(table: TableReading, others: Container[Pointer]) -> bool:
    """Return True if a table only repeats some rows of the form, such as 规章 | 3, within prose.

    No label over its columns is known, or most of its cells are not in the form. `others`: the
    cells of the form that other tables have with the labels of row and column.
    """
    unread = sum(len(row.unread) for row in table.rows)
    return all(each.target.pointer in others for each in table.readings) and (
        all(each.by_position for each in table.readings) or len(table.readings) < unread
    )


def _sections_of(table: TableReading) -> set[str]:
    return {str(reading.target.pointer[0]) for reading in table.readings}


def _unit_of(
    reading: Reading,
    table: TableReading,
    labels: FormLabels,
    positions: Mapping[int, TablePosition],
) -> str:
    """Return the unit of an amount, such as 元, from the nearest text that has one; "" if none has.

    The nearest text is the cell itself, then its labels, then the title and the stub of the table,
    then a line above the table or in it. If two texts at the same distance have different units,
    the unit that is not 万元 is returned.
    """
    target = reading.target
    if target.form_column.kind != "amount" or _OWN_UNIT.match(reading.source.text):
        return ""
    sources = (table.table, *table.headers)
    found = [(labels.lookup(cell.text), cell.text) for each in sources for cell in each.cells]
    over = [
        text
        for each in sources
        if id(each) in positions
        for text in positions[id(each)].captions[:1]
    ]
    lines = [*over, *(text for names, text in found if not names)]
    for names in ((target.row[-1], target.column[-1]), (target.title, words(target.grid.stub))):
        texts = [text for own, text in found if any(name and name in own for name in names)]
        if unit := _unit_in(texts):
            return unit
    return _unit_in(text for text in lines if _UNIT_LINE.search("".join(text.split())))


def _unit_in(texts: Iterable[str]) -> str:
    units = [unit[0] for text in texts for unit in _UNIT.finditer("".join(text.split()))]
    return min(units, key=lambda unit: unit == "万元", default="")


def _read_group(figures: Figures, row: RowReading, own: Container[Pointer]) -> None:
    """Read a row that has numbers for a whole group of rows of the form.

    A number 0 or a `/` applies to each row of the group; other numbers can't be divided among the
    rows. `own`: the cells of the form that have a number of their own in the document.
    """
    rows = [each for each in row.group if any(cell not in own for cell, _ in each.cells())]
    if not rows:
        return
    taken = True
    for index, source in enumerate(row.unread):
        text = read_cell(source.text, row.group[0].columns[index].kind)
        taken = taken and text.number in ("0", "/")
        for below in rows:
            pointer = below.cells()[index][0]
            if pointer in own:
                continue
            same = text.number in ("0", "/")
            figures.cells[pointer] = text if same else CellText("", "", "")
            figures.places[pointer] = source.place
    first = row.unread[0]
    names = join_first([below.path[-1].title for below in rows], 3)
    values = "、".join(cell.text.strip() for cell in row.unread)
    done = "各行都填了同样的数" if taken else "不是 0 的不能拆开，空着"
    message = f"{quoted(row.label)}在原文里是一行（{values}），格式里是几行：{names}；{done}"
    pointer = row.group[0].pointer[:-1]
    figures.doubts.append(Doubt(pointer, first.place, message, values))


def _positions(tables: Iterable[TableReading]) -> Iterator[Doubt]:
    """Yield a doubt for each row whose cells were matched by their order."""
    for table in tables:
        for row in table.rows:
            guessed = [reading for reading in row.readings if reading.by_position]
            placed = guessed if any(each.source.text.strip() for each in guessed) else ()
            if placed:
                first = placed[0]
                values = "、".join(reading.source.text.strip() or "空" for reading in placed)
                message = f"表头认不全，按先后顺序读：{values}"
                yield Doubt(first.target.form_row.pointer, first.source.place, message, values)


def _unread(table: TableReading) -> Iterator[Doubt]:
    """Yield a doubt for each row with cells that were not read, if the table is one of the form."""
    if not table.readings:
        return
    for row in table.rows:
        if row.unread and not row.group:
            pointer = _common_pointer(row.readings)
            values = "、".join(cell.text.strip() for cell in row.unread)
            name = f"{quoted(row.label)}这一行的" if row.label else ""
            message = f"没有读入{name}{quoted(values)}：格式里没有对应的格"
            yield Doubt(pointer, row.unread[0].place, message, values)


def _common_pointer(readings: Sequence[Reading]) -> Pointer:
    """Return the pointer of the form's row or table that has all cells of a source row, or ()."""
    targets = [reading.target for reading in readings]
    for pointers in (
        {each.form_row.pointer for each in targets},
        {each.grid.pointer for each in targets},
    ):
        if len(pointers) == 1:
            return pointers.pop()
    return ()


def _reordered(table: TableReading, labels: FormLabels) -> Iterator[Doubt]:
    """Yield a doubt about a table whose columns have another order than those of the form."""
    ranks = {cell.pointer: rank for rank, cell in enumerate(labels.cells)}
    for row in table.rows:
        order = [ranks[reading.target.pointer] for reading in row.readings]
        if order != sorted(order):
            first = row.readings[0]
            message = "各列的次序和格式不一样，按表头读"
            yield Doubt(first.target.grid.pointer, first.source.place, message)
            return


def _uneven(table: TableReading) -> Iterator[Doubt]:
    """Yield a doubt for each row that has fewer or more cells than the table has columns.

    Its numbers may stand in the wrong columns. It may have fewer, if all its cells were matched.
    """
    matrix = [] if table.table.ragged else table.table.matrix()
    widths = [max((n for n, cell in enumerate(line, 1) if cell), default=0) for line in matrix]
    usual = max(set(widths), key=widths.count, default=0)
    for row in table.rows if matrix else ():
        if not row.readings or (width := widths[row.readings[0].source.row]) == usual:
            continue
        targets = [reading.target for reading in row.readings]
        grid = targets[0].grid
        rows = grid.rows if grid.sideways else [targets[0].form_row]
        if width > usual or len(targets) < sum(len(each.columns) for each in rows):
            pointer = grid.pointer if grid.sideways else targets[0].form_row.pointer
            message = f"这一行有{width}列的格，别的行有{usual}列：数可能错位"
            yield Doubt(pointer, row.readings[0].source.place, message)


def _guessed_labels(table: SourceTable, labels: FormLabels) -> Iterator[Doubt]:
    """Yield a doubt for each label that is neither in the form's words nor in the vocabulary."""
    for cell in table.cells:
        names = labels.lookup(cell.text)
        if names and not all(labels.is_exact(part) for part in re.split(r"\s/\s", cell.text)):
            message = f"{quoted(cell.text)}当作“{names[-1]}”读"
            yield Doubt((), cell.place, message, cell.text.strip())


def _problems(figures: Figures, form: Form) -> Iterator[Doubt]:
    """Yield doubts about cells without a number.

    Cells of a row or of a table that have the same problem give a single doubt.
    """
    for section in form.sections:
        for grid in section.grids:
            problems = {
                pointer: figures.cells[pointer].problem if pointer in figures.cells else _MISSING
                for row in grid.rows
                for pointer, _ in row.cells()
            }
            reasons = dict.fromkeys(reason for reason in problems.values() if reason)
            for reason in reasons:
                cells = [pointer for pointer, each in problems.items() if each == reason]
                yield from _grouped(figures, grid, cells, reason)


def _grouped(
    figures: Figures, grid: Grid, cells: Sequence[Pointer], reason: str
) -> Iterator[Doubt]:
    """Yield doubts about cells of a grid that have the same problem, as few as possible.

    `reason`: the problem, in Chinese.
    """
    place = next((figures.places[cell] for cell in cells if cell in figures.places), Place())
    count = sum(len(row.columns) for row in grid.rows)
    name = grid.title or ""
    if len(cells) == count and count > 1:
        yield Doubt(
            grid.pointer, place, f"整张表{name}{reason}".replace("整张表没有", "这张表没有")
        )
        return
    by_columns: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in grid.rows:
        columns = tuple(column.key for pointer, column in row.cells() if pointer in cells)
        if columns:
            by_columns[columns].append(row)
    for columns, rows in by_columns.items():
        if len(rows) > 2 and len(rows) * 2 > len(grid.rows):
            shown = join_first(columns, 7)
            yield Doubt(grid.pointer, place, f"{len(rows)}行的{shown}{reason}")
            continue
        for row in rows:
            first = (*row.pointer, columns[0])
            where = figures.places.get(first, Place())
            if len(columns) == len(row.columns) > 1:
                yield Doubt(row.pointer, where, f"整行{reason}")
            elif len(columns) > 1:
                yield Doubt(row.pointer, where, f"{join_first(columns, 7)}{reason}")
            else:
                yield Doubt(first, where, reason)
