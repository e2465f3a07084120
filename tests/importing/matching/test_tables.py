"""Tables are matched by their labels, whatever their order and shape."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nianbao.importing.document import Paragraph
from nianbao.importing.importer import import_document
from nianbao.importing.matching.labels import form_labels
from tests.importing.matching.documents import (
    below,
    change_cells,
    grid,
    rows_of,
    turned,
    with_blocks,
    with_tables,
    wrong_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nianbao.importing.document import SourceTable
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


SHAPES: dict[str, Callable[[list[SourceTable]], Sequence[SourceTable]]] = {
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
    "twice": lambda found: [*found, *found],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_numbers_are_read_whatever_the_shape_of_the_tables(shape: str) -> None:
    silent, listed = wrong_numbers(with_tables(SHAPES[shape]))
    assert silent == []
    assert listed == []


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
        texts = [block.text if isinstance(block, Paragraph) else "" for block in blocks]
        at = texts.index("（二）依申请公开")
        return [*blocks[:at], grid(*rows), *blocks[at:]]

    document = with_blocks(change)
    assert wrong_numbers(document) == ([], [])
    imported = import_document(document)
    assert imported.doubts == ()
    lines = [line.text for line in imported.lines["总体情况", "主动公开"]]
    assert lines[1 - len(rows) :] == [f"| {label} | {number} |" for label, number in rows[1:]]
    assert ("总体情况", "依申请公开") in imported.lines
