"""Tables are matched by their labels, whatever their order and shape."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nianbao.importing.document import SourceParagraph, SourceTable
from nianbao.importing.importer import import_document
from nianbao.importing.matching.labels import form_labels
from tests.importing.matching.documents import (
    below,
    change_cells,
    flowed,
    grid,
    paragraphs,
    rows_of,
    turned,
    with_blocks,
    with_tables,
    wrong_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nianbao.importing.document import SourceCell
    from tests.importing.matching.documents import Block


def _height(table: SourceTable) -> int:
    return len(table.matrix())


def _in_four(found: list[SourceTable]) -> list[SourceTable]:
    titles = [cell.row for cell in found[0].cells if re.match("第二十条", cell.text)]
    ends = [*titles[1:], _height(found[0])]
    return [*(rows_of(found[0], *span) for span in zip(titles, ends, strict=True)), *found[1:]]


def _over_pages(at: int, *, header: bool) -> Callable[[list[SourceTable]], list[SourceTable]]:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        table = found[1]
        second = rows_of(table, at, _height(table))
        if header:
            second = below(rows_of(table, 0, 3), second)
        return [found[0], rows_of(table, 0, at), second, *found[2:]]

    return change


def _spaced(text: str) -> str:
    return text if re.search("[0-9]", text) else " \u3000".join(text)


def _broken(text: str) -> str:
    return text if re.search("[0-9]{2}", text) else re.sub("(..)", "\\1\n", text)


def _nested(found: list[SourceTable]) -> list[SourceTable]:
    """Lay each table out inside a wider one: a blank column before it and a blank row above."""
    return [
        replace(
            table,
            cells=(
                replace(table.cells[0], text="", row=0, column=0, row_span=1, column_span=1),
                *(replace(cell, row=cell.row + 1, column=cell.column + 1) for cell in table.cells),
            ),
        )
        for table in found
    ]


def _unmerged(found: list[SourceTable]) -> list[SourceTable]:
    """Repeat the text of every merged label in each of the cells that it covers."""
    return [
        replace(
            table,
            cells=tuple(
                cell
                if cell.text.isdigit()
                else replace(cell, row=row, column=column, row_span=1, column_span=1)
                for row, line in enumerate(table.matrix())
                for column, cell in enumerate(line)
                if cell and not (cell.text.isdigit() and cell.column != column)
            ),
        )
        for table in found
    ]


def _with_blanks(
    table: SourceTable, row: int | None = None, column: int | None = None
) -> SourceTable:
    """Return a table with a blank row, or a blank column, before the one of this number."""
    height, width = len(table.matrix()), max(map(len, table.matrix()))
    rows, columns = [1000 if row is None else row], [1000 if column is None else column]
    cells = [
        replace(
            cell,
            row=cell.row + (cell.row >= rows[0]),
            column=cell.column + (cell.column >= columns[0]),
            row_span=cell.row_span + (cell.row < rows[0] < cell.row + cell.row_span),
            column_span=cell.column_span
            + (cell.column < columns[0] < cell.column + cell.column_span),
        )
        for cell in table.cells
    ]
    blank = replace(cells[0], text="", row_span=1, column_span=1)
    new = [(rows[0], x) for x in range(width)] if row is not None else []
    new += [(y, columns[0]) for y in range(height)] if column is not None else []
    covered = {
        (cell.row + y, cell.column + x)
        for cell in cells
        for y in range(cell.row_span)
        for x in range(cell.column_span)
    }
    cells += [replace(blank, row=y, column=x) for y, x in new if (y, x) not in covered]
    return replace(table, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def _once(table: SourceTable) -> SourceTable:
    """Return a table without merged cells; each text stands in the first of its cells only."""
    cells = [
        replace(cell, row=y, column=x, row_span=1, column_span=1)
        if (y, x) == (cell.row, cell.column)
        else replace(cell, text="", row=y, column=x, row_span=1, column_span=1)
        for y, line in enumerate(table.matrix())
        for x, cell in enumerate(line)
        if cell
    ]
    return replace(table, cells=tuple(cells))


def _in_one_cell(found: list[SourceTable]) -> list[SourceTable]:
    """Write the labels of a row of table three into one cell, each in a line of its own."""
    table = found[1]
    matrix = table.matrix()
    cells = [replace(c, column=c.column - 2) for c in table.cells if c.column > 2]
    for row, line in enumerate(matrix):
        labels = dict.fromkeys(cell.text for cell in line[:3] if cell)
        text = "\n".join(labels) if row > 2 else ""
        cells.append(replace(cells[0], text=text, row=row, column=0, row_span=1, column_span=1))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return [found[0], replace(table, cells=tuple(cells)), found[2]]


def _remarks(table: SourceTable) -> SourceTable:
    """Return a table with a column 备注 at its right."""
    width = max(map(len, table.matrix()))
    table = _with_blanks(table, column=width)
    cells = (replace(c, text="备注") if (c.row, c.column) == (0, width) else c for c in table.cells)
    return replace(table, cells=tuple(cells))


def _with_last_year(found: list[SourceTable]) -> list[Block]:
    """Put last year's table three, with other numbers, before this year's."""
    other = change_cells(found[1], lambda text: str(int(text) + 1) if text.isdigit() else text)
    caption = paragraphs("上年同期收到和处理政府信息公开申请情况")
    return [found[0], *caption, other, *paragraphs("本年度"), *found[1:]]


SHAPES: dict[str, Callable[[list[SourceTable]], Sequence[Block]]] = {
    "as printed": lambda found: found,
    "in another order": lambda found: found[::-1],
    "table two as four": _in_four,
    "table two as four in another order": lambda found: _in_four(found)[::-1],
    **{
        f"over pages at row {at} with{'' if header else 'out'} the header again": _over_pages(
            at, header=header
        )
        for at in (3, 4, 8, 13, 20, 24)
        for header in (True, False)
    },
    "joined": lambda found: [below(*found)],
    "tables two and three joined": lambda found: [below(*found[:2]), *found[2:]],
    "table three turned": lambda found: [found[0], turned(found[1]), *found[2:]],
    "table four turned": lambda found: [*found[:2], turned(found[2])],
    "in a layout": _nested,
    "labels with blanks": lambda found: [change_cells(table, _spaced) for table in found],
    "labels with line breaks": lambda found: [change_cells(table, _broken) for table in found],
    "nothing merged": _unmerged,
    "a blank row in the header": lambda found: [
        found[0],
        *(_with_blanks(table, row=2) for table in found[1:]),
    ],
    "a blank column": lambda found: [_with_blanks(table, column=3) for table in found],
    "a column of remarks": lambda found: [_remarks(table) for table in found],
    "a blank column, nothing merged": lambda found: (
        [_with_blanks(table, column=5) for table in _unmerged(found[1:])] + found[:1]
    ),
    "table four turned, nothing merged": lambda found: [*found[:2], _once(turned(found[2]))],
    "last year's table too": _with_last_year,
    "a table for each row": lambda found: [
        rows_of(table, row, row + 1) for table in found for row in range(_height(table))
    ],
    "labels of groups and rows in one cell": _in_one_cell,
    "an empty table": lambda found: [replace(found[0], cells=()), *found],
    "twice": lambda found: [*found, *found],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_numbers_are_read_whatever_the_shape_of_the_tables(shape: str) -> None:
    silent, listed = wrong_numbers(with_tables(SHAPES[shape]))
    assert silent == []
    assert listed == []


@pytest.mark.parametrize("number", range(15))
def test_a_row_without_one_of_its_cells_is_not_read_in_silence(number: int) -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        last = max(cell.row for cell in found[2].cells)
        cells = (
            replace(cell, column=cell.column - 1)
            if cell.row == last and cell.column > number
            else cell
            for cell in found[2].cells
            if (cell.row, cell.column) != (last, number)
        )
        return [*found[:2], replace(found[2], cells=tuple(cells))]

    silent, _ = wrong_numbers(with_tables(change))
    assert silent == []


@pytest.mark.parametrize("shape", SHAPES)
def test_no_number_of_the_2019_edition_is_wrong_without_a_doubt(shape: str) -> None:
    try:
        document = with_tables(SHAPES[shape], "edition-2019")
    except (IndexError, ValueError):
        pytest.skip("other tables")
    silent, _ = wrong_numbers(document, "edition-2019")
    assert silent == []


def _without_column(table: SourceTable, number: int) -> SourceTable:
    """Return a table without a column."""
    cells = []
    for cell in table.cells:
        end = cell.column + cell.column_span
        width = cell.column_span - (cell.column <= number < end)
        if width:
            cells.append(
                replace(cell, column=cell.column - (cell.column > number), column_span=width)
            )
    return replace(table, cells=tuple(cells))


@pytest.mark.parametrize("row", range(1, 27))
def test_no_row_that_is_taken_out_moves_the_numbers_of_another(row: int) -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        table = found[1]
        return [
            found[0],
            below(rows_of(table, 0, row), rows_of(table, row + 1, _height(table))),
            found[2],
        ]

    silent, _ = wrong_numbers(with_tables(change))
    assert silent == []


@pytest.mark.parametrize("table", [0, 1, 2])
@pytest.mark.parametrize("column", range(15))
def test_no_column_that_is_taken_out_moves_the_numbers_of_another(table: int, column: int) -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        found[table] = _without_column(found[table], column)
        return found

    silent, _ = wrong_numbers(with_tables(change))
    assert silent == []


@pytest.mark.parametrize("table", [0, 1, 2])
@pytest.mark.parametrize("index", range(0, 40, 2))
def test_no_label_that_is_unreadable_gives_a_wrong_number(table: int, index: int) -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        labels = [i for i, cell in enumerate(found[table].cells) if not cell.text[:1].isdigit()]
        at = labels[index % len(labels)]
        cells = list(found[table].cells)
        cells[at] = replace(cells[at], text="乱码")
        found[table] = replace(found[table], cells=tuple(cells))
        return found

    silent, _ = wrong_numbers(with_tables(change))
    assert silent == []


def _unspanned(label: str, kind: str) -> Callable[[list[SourceTable]], list[SourceTable]]:
    """Return a change that takes a span of a label away, or of all labels for "", and moves cells.

    `kind`: of rows or of columns.
    """

    def unspan(cell: SourceCell) -> SourceCell:
        if label not in cell.text or cell.text[:1].isdigit():
            return cell
        return replace(cell, row_span=1) if kind == "rows" else replace(cell, column_span=1)

    return lambda found: [found[0], *(flowed(table, unspan) for table in found[1:])]


@pytest.mark.parametrize("kind", ["rows", "columns"])
@pytest.mark.parametrize(
    "label",
    [
        "", "勾稽", "申请人情况", "自然人", "法人或其他组织", "总计", "本年新收", "本年度办理结果",
        "不予公开", "其他处理", "行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉",
    ],
)  # fmt: skip
def test_no_span_that_is_lost_gives_a_wrong_number_without_a_doubt(label: str, kind: str) -> None:
    silent, _ = wrong_numbers(with_tables(_unspanned(label, kind)))
    assert silent == []


def test_a_header_whose_labels_have_moved_is_read_by_the_order_of_the_cells_and_listed() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        # As pandoc writes a table in which 行政复议 covers two rows.
        over = [*["行政复议"] * 5, *["行政诉讼"] * 10]
        groups = [*["未经复议直接起诉"] * 5, *["复议后起诉"] * 5, *[""] * 5]
        return [*found[:2], grid(over, groups, *_groups(found, (0,))[0])]

    document = with_tables(change)
    assert wrong_numbers(document) == ([], [])
    assert "表头认不全，按先后顺序读" in import_document(document).doubts[0].message


def test_columns_in_another_order_are_read_by_their_labels_and_listed_once() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        width = max(map(len, found[1].matrix()))
        moved = {width - 1: width - 7, width - 7: width - 1}
        cells = (
            replace(cell, column=moved.get(cell.column, cell.column))
            if cell.column_span == 1
            else cell
            for cell in found[1].cells
        )
        third = replace(found[1], cells=tuple(sorted(cells, key=lambda c: (c.row, c.column))))
        return [found[0], third, found[2]]

    document = with_tables(change)
    assert wrong_numbers(document) == ([], [])
    (doubt,) = import_document(document).doubts
    assert "各列的次序和格式不一样" in doubt.message
    assert doubt.pointer == ("收到和处理政府信息公开申请情况",)


def test_a_number_in_each_part_of_a_merged_cell_is_one_number() -> None:
    fees = grid(["信息内容", *["本年收费金额（单位：万元）"] * 3], ["行政事业性收费", *["7.5"] * 3])
    imported = import_document(with_tables(lambda found: [fees, *found[1:]]))
    assert "行政事业性收费: {本年收费金额: 7.5}" in imported.text
    assert not any("行政事业性收费" in doubt.pointer for doubt in imported.doubts)


_GROUPS = ("行政复议", "行政诉讼：未经复议直接起诉", "行政诉讼：复议后起诉")


def _groups(found: list[SourceTable], starts: Sequence[int]) -> list[list[list[str]]]:
    """Return the last two rows of table four, its labels and its numbers, cut at `starts`."""
    rows = [[cell.text if cell else "" for cell in row] for row in found[2].matrix()[-2:]]
    ends = [*starts[1:], 15]
    return [[row[start:end] for row in rows] for start, end in zip(starts, ends, strict=True)]


def _under_lines(found: list[SourceTable]) -> list[Block]:
    parts = zip(_GROUPS, _groups(found, (0, 5, 10)), strict=True)
    blocks: list[Block] = []
    for name, rows in parts:
        blocks += [*paragraphs(name), grid(*rows)]
    return blocks


def _under_titles(found: list[SourceTable]) -> list[SourceTable]:
    parts = zip(_GROUPS, _groups(found, (0, 5, 10)), strict=True)
    return [grid([name, "", "", "", ""], *rows) for name, rows in parts]


def _under_titles_in_one(found: list[SourceTable]) -> list[Block]:
    return [below(*_under_titles(found))]


def _in_two(found: list[SourceTable]) -> list[Block]:
    first, second = _groups(found, (0, 5))
    over = ["未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4]
    names = paragraphs("行政复议", "行政诉讼")
    return [names[0], grid(*first), names[1], grid(over, *second)]


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("parts", [_under_lines, _under_titles, _under_titles_in_one, _in_two])
def test_the_groups_of_table_four_may_be_tables_of_their_own(
    parts: Callable[[list[SourceTable]], Sequence[Block]], ragged: bool
) -> None:
    def change(found: list[SourceTable]) -> Sequence[Block]:
        heading = "四、政府信息公开行政复议、行政诉讼情况"
        return [*found[:2], *paragraphs(heading), *map(shaped, parts(found))]

    def shaped(block: Block) -> Block:
        if isinstance(block, SourceParagraph) or not ragged:
            return block
        cells = (cell for cell in block.cells if cell.text)
        return replace(block, cells=tuple(cells), ragged=True)

    document = with_tables(change)
    assert wrong_numbers(document) == ([], [])
    imported = import_document(document)
    assert [doubt for doubt in imported.doubts if doubt.pointer[:1] == _FOURTH] == []
    assert (*_FOURTH, "说明") not in imported.lines


_FOURTH = ("行政复议行政诉讼情况",)


def test_a_table_of_the_form_that_is_not_recognized_is_listed_at_it() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        unreadable = grid(["结果维持", "甲", "乙"], ["1", "2", "3"])
        at = [i for i, block in enumerate(blocks) if not isinstance(block, SourceParagraph)][-1]
        return [*blocks[:at], unreadable, *blocks[at + 1 :]]

    imported = import_document(with_blocks(change))
    messages = [doubt.message for doubt in imported.doubts if doubt.pointer == _FOURTH]
    assert any("有一张表没有认出来" in each and "1 2 3" in each for each in messages)
    assert "| 1 | 2 | 3 |" in [line.text for line in imported.lines[*_FOURTH, "说明"]]


def test_a_row_that_the_form_does_not_have_is_listed_and_not_read() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        top, rest = rows_of(found[0], 0, 4), rows_of(found[0], 4, _height(found[0]))
        return [below(top, grid(["其他主动公开文件", "71", "72", "73"]), rest), *found[1:]]

    document = with_tables(change)
    assert wrong_numbers(document) == ([], [])
    doubts = import_document(document).doubts
    assert any("其他主动公开文件、71、72、73" in doubt.message for doubt in doubts)


def test_a_table_that_stands_twice_with_other_numbers_is_listed_with_both() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        other = change_cells(found[0], lambda text: "77" if text == "984" else text)
        return [*found, other]

    doubts = import_document(with_tables(change)).doubts
    assert any("“984”" in doubt.message and "“77”" in doubt.message for doubt in doubts)


def test_a_foreign_table_gives_no_numbers() -> None:
    foreign = grid(
        ["序号", "平台", "数量", "总计"],
        ["1", "网站", "3301", "3302"],
        ["2", "公众号", "3303", "3304"],
    )
    document = with_tables(lambda found: [foreign, *found, foreign])
    assert wrong_numbers(document) == ([], [])
    assert "3303" in import_document(document).text


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("复议总计", ("行政复议", "总计")),
        ("诉讼（未经复议）结果维持", ("行政诉讼", "未经复议直接起诉", "结果维持")),
        ("行政诉讼-复议后起诉-其他结果", ("行政诉讼", "复议后起诉", "其他结果")),
        ("法人或其他组织（商业企业）", ("法人或其他组织", "商业企业")),
        ("本年收费金额（单位：万元）", ("本年收费金额",)),
        ("商业企业科研机构", ()),
        ("复议诉讼", ()),
    ],
)
def test_a_cell_may_hold_the_labels_of_a_group_and_of_a_column(
    text: str, labels: tuple[str, ...]
) -> None:
    assert form_labels(2021).lookup(text) == labels


@pytest.mark.parametrize(
    "rows",
    [
        [("信息类别", "公开条数"), ("行政许可", "3604"), ("行政处罚", "499")],
        [("信息内容", "本年处理决定数量"), ("行政许可", "3604"), ("行政处罚", "499")],
        [("申请情况", "件数"), ("本年新收", "68"), ("总计", "71")],
    ],
)
def test_a_table_that_illustrates_a_text_gives_no_numbers_and_stays_in_it(
    rows: list[tuple[str, ...]],
) -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        texts = [block.text if isinstance(block, SourceParagraph) else "" for block in blocks]
        at = texts.index("（二）依申请公开")
        return [*blocks[:at], grid(*rows), *blocks[at:]]

    document = with_blocks(change)
    assert wrong_numbers(document) == ([], [])
    imported = import_document(document)
    assert imported.doubts == ()
    lines = [line.text for line in imported.lines["总体情况", "主动公开"]]
    assert lines[1 - len(rows) :] == [f"| {label} | {number} |" for label, number in rows[1:]]
    assert ("总体情况", "依申请公开") in imported.lines


@pytest.mark.parametrize(
    "rows",
    [
        [("类别", "2021年", "2022年"), ("规章", "1", "0"), ("行政规范性文件", "5", "3")],
        [("项目", "县政府", "示例镇"), ("网站", "120", "35"), ("规章", "12", "9")],
    ],
)
def test_an_extract_above_the_table_of_the_form_gives_no_numbers_and_stays_in_the_text(
    rows: list[tuple[str, ...]],
) -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        at = next(at for at, block in enumerate(blocks) if isinstance(block, SourceTable))
        return [*blocks[:at], grid(*rows), *blocks[at:]]

    document = with_blocks(change)
    assert wrong_numbers(document) == ([], [])
    lines = import_document(document).lines["主动公开政府信息情况", "说明"]
    printed = [f"| {' | '.join(row)} |" for row in rows[1:]]
    assert [line.text for line in lines][-len(printed) :] == printed


def test_a_blank_row_of_a_table_in_a_text_is_left_out() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        at = next(at for at, block in enumerate(blocks) if isinstance(block, SourceTable))
        rows = ("事项", "数量"), ("网站", "120"), ("", ""), ("新媒体", "35")
        return [*blocks[:at], grid(*rows), *blocks[at:]]

    lines = import_document(with_blocks(change)).lines["主动公开政府信息情况", "说明"]
    assert [line.text for line in lines][-2:] == ["| 网站 | 120 |", "| 新媒体 | 35 |"]


def _third(change: Callable[[SourceTable], SourceTable]) -> tuple[list[str], list[str]]:
    return wrong_numbers(with_tables(lambda found: [found[0], change(found[1]), *found[2:]]))


def _total_first(table: SourceTable) -> SourceTable:
    """Return table three with the total as the first of its seven columns, not under 申请人情况."""
    width = len(table.matrix()[0])
    first = width - 7

    def moved(cell: SourceCell) -> SourceCell:
        if cell.text.strip() == "申请人情况":
            return replace(cell, column=cell.column + 1, column_span=6)
        if cell.column == width - 1:
            tall = 3 if cell.row < 3 else 1
            return replace(cell, column=first, row=0 if cell.row < 3 else cell.row, row_span=tall)
        return replace(cell, column=cell.column + 1) if cell.column >= first else cell

    cells = sorted(map(moved, table.cells), key=lambda cell: (cell.row, cell.column))
    return replace(table, cells=tuple(cells))


def test_a_total_column_that_stands_first_next_to_the_applicants_is_read_by_its_label() -> None:
    assert _third(_total_first) == ([], [])


def _with_subtotal(table: SourceTable) -> SourceTable:
    """Return table three with a row 小计, all of 7, at the end of （三）不予公开."""
    last = next(cell for cell in table.cells if "行政查询事项" in cell.text)
    at = last.row + 1

    def moved(cell: SourceCell) -> SourceCell:
        if cell.row >= at:
            return replace(cell, row=cell.row + 1)
        return (
            replace(cell, row_span=cell.row_span + 1)
            if cell.row + cell.row_span > last.row and (cell.column < last.column)
            else cell
        )

    width = len(table.matrix()[0])
    added = [
        replace(last, text="小计" if column == last.column else "7", row=at, column=column)
        for column in range(last.column, width)
    ]
    cells = sorted([*map(moved, table.cells), *added], key=lambda cell: (cell.row, cell.column))
    return replace(table, cells=tuple(cells))


def test_a_subtotal_of_a_group_is_no_total() -> None:
    assert _third(_with_subtotal) == ([], [])


def test_all_labels_of_a_row_in_a_single_cell_are_read() -> None:
    labels = form_labels(2021)
    path = labels.lookup("三、本年度办理结果—（三）不予公开—1.属于国家秘密")
    assert path == ("本年度办理结果", "不予公开", "属于国家秘密")
    assert labels.is_exact("三、本年度办理结果—（三）不予公开—1.属于国家秘密")
    assert labels.lookup("（三）不予公开1.属于国家秘密") == ("不予公开", "属于国家秘密")


@pytest.mark.parametrize("label", ["上年现行有效件数", "上一年现行有效件数", "往年现行有效件数"])
def test_a_column_of_last_years_numbers_is_not_that_of_this_years(label: str) -> None:
    assert form_labels(2021).lookup(label) == ()


def test_the_head_of_a_table_that_stands_twice_is_no_text() -> None:
    document = with_tables(lambda found: [found[0], rows_of(found[1], 0, 3), *found[1:]])
    texts = [line.text for lines in import_document(document).lines.values() for line in lines]
    assert not any("自然人" in text for text in texts if text.startswith("|"))
