"""The text of a cell becomes a number only if it can mean nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nianbao.importing.importer import import_document
from nianbao.importing.matching.figures import CellText, TablePosition, read_cell, read_figures
from nianbao.importing.matching.labels import form_labels
from tests.importing.matching.documents import (
    below,
    cells_of,
    change_cells,
    grid,
    paragraphs,
    truth,
    with_tables,
    wrong_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.document import SourceTable
    from nianbao.model.form import CellKind
    from tests.importing.matching.documents import Block


@pytest.mark.parametrize(
    ("text", "kind", "number", "note"),
    [
        ("124", "count", "124", ""),
        (" 1 24 ", "count", "", ""),
        ("124件", "count", "124", ""),
        ("1,200", "count", "1200", ""),
        ("1，200", "count", "1200", ""),
        ("１２", "count", "12", ""),
        ("12\n", "count", "12", ""),
        ("22\n件", "count", "22", ""),
        ("22\n（其中修订16件）", "count", "22", "其中修订16件"),
        ("22（其中修订16件）", "count", "22", "其中修订16件"),
        ("22(其中修订16件)", "count", "22", "其中修订16件"),
        ("/", "count", "/", ""),
        ("／", "count", "/", ""),
        ("12.86", "amount", "12.86", ""),
        ("12.86万元", "amount", "12.86", ""),
        ("+3", "signed", "3", ""),
        ("减3", "signed", "-3", ""),
        ("-3", "signed", "-3", ""),
        ("未增未减", "signed", "0", ""),
    ],
)
def test_a_printed_number_is_taken_as_it_is(
    text: str, kind: CellKind, number: str, note: str
) -> None:
    if number:
        assert read_cell(text, kind) == CellText(number, note)
    else:
        assert read_cell(text, kind).number == ""


@pytest.mark.parametrize("text", ["", " ", "\u3000", "-", "—", "——", "无", "\u200b", "\n"])
def test_a_blank_is_no_zero(text: str) -> None:
    cell = read_cell(text, "count")
    assert (cell.number, bool(cell.problem)) == ("", True)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("251000元", "amount"),
        ("0000000", "count"),
        ("00", "count"),
        ("22（12）", "count"),
        ("12 34", "count"),
        ("1.5", "count"),
        ("-3", "count"),
        ("3-5", "count"),
        ("约20", "count"),
        ("20余件", "count"),
        ("见附件", "count"),
        ("1,20", "count"),
        ("1,2,3", "count"),
        ("12万元", "count"),
        ("5%", "count"),
        ("#REF!", "count"),
        ("1e3", "count"),
        ("2022-01-01", "count"),
        ("①", "count"),
        ("O", "count"),
        ("l2", "count"),
    ],
)
def test_a_text_that_may_mean_something_else_gives_no_number_but_a_problem(
    text: str, kind: CellKind
) -> None:
    cell = read_cell(text, kind)
    assert cell.number == ""
    assert text.strip() in cell.problem


@pytest.mark.parametrize("text", ["3\n5", "12\n34", "0\n5", "1.5\n2", "1\n,200", "１２ \n ３"])
def test_numbers_on_several_lines_of_a_cell_are_not_joined_to_one(text: str) -> None:
    shown = " ".join(text.split())
    assert read_cell(text, "amount") == CellText("", "", f"写的是“{shown}”，像是几个数连在一起")


def _changed(index: int, old: str, new: str) -> tuple[list[str], list[str]]:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        assert any(cell.text == old for cell in found[index].cells)
        found[index] = change_cells(found[index], lambda text: new if text == old else text)
        return found

    return wrong_numbers(with_tables(change))


@pytest.mark.parametrize("text", ["", "-", "—", "无", "见附件", "0000000", "13612（3）", "136 12"])
def test_a_cell_without_a_number_stays_blank_and_is_listed(text: str) -> None:
    silent, listed = _changed(1, "13612", text)
    assert silent == []
    assert [each.rpartition(": ")[2] for each in listed] == ["13612 → "]


def test_a_blank_table_is_one_entry() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        blank = [
            replace(cell, text="") if cell.text[:1].isdigit() and cell.text.isdigit() else cell
            for cell in found[1].cells
        ]
        return [found[0], replace(found[1], cells=tuple(blank)), found[2]]

    document = with_tables(change)
    silent, listed = wrong_numbers(document)
    assert silent == []
    assert len(listed) > 100
    assert len(import_document(document).doubts) == 1


def test_a_missing_table_is_one_entry() -> None:
    document = with_tables(lambda found: [found[0], found[2]])
    assert wrong_numbers(document)[0] == []
    assert [doubt.pointer for doubt in import_document(document).doubts] == [
        ("收到和处理政府信息公开申请情况",)
    ]


def test_a_blank_row_is_one_entry() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        row = next(cell.row for cell in found[1].cells if cell.text == "13612")
        cells = [
            replace(cell, text="") if cell.row == row and cell.text.isdigit() else cell
            for cell in found[1].cells
        ]
        return [found[0], replace(found[1], cells=tuple(cells)), found[2]]

    document = with_tables(change)
    silent, listed = wrong_numbers(document)
    assert (silent, len(listed)) == ([], 7)
    (doubt,) = import_document(document).doubts
    assert (doubt.pointer[-1], doubt.message) == ("本年新收", "整行是空的")


def test_blank_columns_but_the_total_are_not_filled() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        last = max(cell.column for cell in found[1].cells)
        cells = [
            replace(cell, text="") if cell.text.isdigit() and cell.column != last else cell
            for cell in found[1].cells
        ]
        return [found[0], replace(found[1], cells=tuple(cells)), found[2]]

    document = with_tables(change)
    assert wrong_numbers(document)[0] == []
    read = cells_of(import_document(document))
    assert all(
        (read[pointer] != "") == (pointer[-1] == "总计")
        for pointer in truth().values
        if pointer[0] == "收到和处理政府信息公开申请情况"
    )


def test_numbers_that_do_not_add_up_are_listed_at_their_equation() -> None:
    def change(found: list[SourceTable]) -> list[SourceTable]:
        found[1] = change_cells(found[1], lambda text: "13613" if text == "13612" else text)
        return found

    doubts = import_document(with_tables(change)).doubts
    assert doubts
    assert all("勾稽不符" in doubt.message for doubt in doubts)


@pytest.mark.parametrize("text", ["10²", "10①", "10*", "10[2]", "10 ※"])
def test_a_number_with_the_mark_of_a_note_is_read_and_listed(text: str) -> None:
    cell = read_cell(text, "count")
    assert (cell.number, cell.note) == ("10", "")
    assert text in cell.problem


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [("3 055", "count", "3055"), ("12 345 678", "count", "12345678"), ("12 .5", "amount", "12.5")],
)
def test_a_blank_within_a_number_is_named(text: str, kind: CellKind, number: str) -> None:
    cell = read_cell(text, kind)
    assert (cell.number, cell.problem) == (number, f"写的是“{text}”，中间有空格")


@pytest.mark.parametrize("text", ["1 2", "3 05", "0 055", "12 34"])
def test_a_blank_that_may_part_two_numbers_is_no_number(text: str) -> None:
    assert read_cell(text, "count").number == ""


def test_an_amount_in_yuan_is_not_taken_but_listed_with_its_value() -> None:
    cell = read_cell("251000元", "amount")
    assert cell == CellText("", "", "写的是“251000元”，这里以万元为单位：核对后填 25.1")


def test_the_unit_over_a_table_counts() -> None:
    def change(found: list[SourceTable]) -> Sequence[Block]:
        second = change_cells(found[0], lambda text: re.sub("[(（]单位.*", "", text))
        return [*paragraphs("单位：件、元"), second, *found[1:]]

    imported = import_document(with_tables(change))
    (doubt,) = imported.doubts
    assert doubt.pointer[-1] == "本年收费金额"
    assert "表头的单位是元，这里以万元为单位：核对后填" in doubt.message


def _amount(*tables: SourceTable, caption: str = "") -> tuple[str, str]:
    """Return the one amount that is read of tables of the form of 2021, and its problem."""
    positions = {id(tables[0]): TablePosition("主动公开政府信息情况", (caption,))}
    found = read_figures(tables, form_labels(2021), form_labels(2019), positions)
    ((_, cell),) = found.cells.items()
    return cell.number, cell.problem


def _fees(
    column: str = "本年收费金额", row: str = "行政事业性收费", stub: str = "信息内容"
) -> SourceTable:
    return grid([stub, column], [row, "251000"])


_YUAN = "写的是“251000”，表头的单位是元，这里以万元为单位：核对后填 25.1"


@pytest.mark.parametrize(
    "column",
    [
        "本年收费金额元",
        "本年收费金额/元",
        "收费金额 元",
        "本年收费金额\n元",
        "本年收费金额（人民币元）",
        "本年收费金额（单位元）",
        "本年收费金额（单位：人民币元）",
    ],
)
def test_a_column_in_yuan_is_not_taken_however_its_label_says_so(column: str) -> None:
    assert _amount(_fees(column)) == ("", _YUAN)


@pytest.mark.parametrize(
    "tables",
    [
        (_fees(row="行政事业性收费（单位：元）"),),
        (_fees(stub="信息内容（单位：元）"),),
        (below(grid(["第二十条第（八）项（单位：元）", ""]), _fees()),),
        (below(grid(["单位：元", ""]), _fees()),),
        (grid(["信息内容", "本年收费金额（元）"]), grid(["行政事业性收费", "251000"])),
    ],
    ids=["row", "stub", "title", "line", "header of the table before"],
)
def test_the_unit_of_an_amount_may_stand_next_to_its_column(tables: Sequence[SourceTable]) -> None:
    assert _amount(*tables) == ("", _YUAN)


@pytest.mark.parametrize(
    "caption", ["单位：元", "（单位：件、元）", "计量单位 元", "单位：人民币元", "金额单位：元。"]
)
def test_the_line_over_a_table_may_give_the_unit_in_many_ways(caption: str) -> None:
    assert _amount(_fees(), caption=caption) == ("", _YUAN)


@pytest.mark.parametrize(("unit", "value"), [("千元", "25100"), ("百万元", "25100000")])
def test_an_amount_in_a_multiple_of_yuan_is_listed_with_its_value(unit: str, value: str) -> None:
    number, problem = _amount(_fees(f"本年收费金额（单位：{unit}）"))
    assert number == ""
    assert problem.endswith(f"表头的单位是{unit}，这里以万元为单位：核对后填 {value}")


@pytest.mark.parametrize(
    ("column", "caption"),
    [
        ("本年收费金额", ""),
        ("本年收费金额（单位：万元）", "单位：元"),
        ("本年收费金额（万元）", ""),
        ("本年收费金额", "单位：件、万元"),
        ("本年收费金额", "全年共收费251000元。"),
    ],
)
def test_an_amount_is_taken_if_the_nearest_unit_is_that_of_the_form(
    column: str, caption: str
) -> None:
    assert _amount(_fees(column), caption=caption) == ("251000", "")


def test_a_guessed_label_is_listed_even_if_it_stands_in_the_table_before() -> None:
    tables = grid(["信息内容", "本年处理决走数量"]), grid(["行政许可", "25"])
    doubts = read_figures(tables, form_labels(2021), form_labels(2019)).doubts
    assert "“本年处理决走数量”当作“本年处理决定数量”读" in [doubt.message for doubt in doubts]


def test_a_guessed_label_of_a_table_that_is_not_used_is_not_listed() -> None:
    tables = (
        grid(["信息内容", "本年处理决走数量"]),
        grid(["信息内容", "本年处理决定数量"], ["行政许可", "25"]),
    )
    doubts = read_figures(tables, form_labels(2021), form_labels(2019)).doubts
    assert not any("当作" in doubt.message for doubt in doubts)


def _numbers(*tables: SourceTable) -> tuple[dict[tuple[str, str], str], list[str]]:
    """Return the numbers by row and column, and the doubts about what was found."""
    found = read_figures(tables, form_labels(2021), form_labels(2019))
    cells = {
        (str(pointer[-2]), str(pointer[-1])): cell.number
        for pointer, cell in found.cells.items()
        if cell.number
    }
    return cells, [each.message for each in found.doubts if "没有找到" not in each.message]


def _ragged(*rows: Sequence[str]) -> SourceTable:
    return replace(grid(*rows), ragged=True)


_RULES = ["规章", "1", "2", "3"]
_IN_ORDER = {
    ("规章", "本年制发件数"): "1",
    ("规章", "本年废止件数"): "2",
    ("规章", "现行有效件数"): "3",
}


def test_a_table_of_uncertain_columns_is_not_read_by_order_if_its_header_has_another_order() -> (
    None
):
    ordered = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
    swapped = ["信息内容", "本年废止件数", "本年制发件数", "现行有效件数"]
    assert _numbers(_ragged(ordered, _RULES)) == (_IN_ORDER, [])
    assert _numbers(_ragged(swapped, _RULES))[0] == {}
    assert _numbers(_ragged(ordered), _ragged(_RULES)) == (_IN_ORDER, [])
    assert _numbers(_ragged(swapped), _ragged(_RULES))[0] == {}


def test_a_table_of_uncertain_columns_without_a_header_is_listed() -> None:
    assert _numbers(_ragged(_RULES)) == (_IN_ORDER, ["表头认不全，按先后顺序读：1、2、3"])


def test_a_label_with_a_number_is_not_taken_for_a_label() -> None:
    cells, doubts = _numbers(grid(["信息内容", "本年处理决定数量"], ["行政许可 7", "12"]))
    assert cells == {}
    assert not any("当作" in doubt for doubt in doubts)


_APPLICANTS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
_REFUSED = "（三）不予公开"
_REASONS = [
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
]


def _group(total: str, reasons: Sequence[str]) -> SourceTable:
    rows = [[_REFUSED, reason, *"1000001"] for reason in reasons]
    return grid(["", "", *_APPLICANTS], [_REFUSED, "", *total], *rows)


def test_the_sum_of_a_group_does_not_take_the_numbers_of_its_rows() -> None:
    cells, doubts = _numbers(_group("8000008", _REASONS))
    assert (len(cells), doubts) == (8 * 7, [])
    assert cells["属于国家秘密", "自然人"] == "1"


def test_the_row_of_a_group_fills_only_rows_without_numbers_of_their_own() -> None:
    cells, doubts = _numbers(_group("2000002", _REASONS[:2]))
    assert cells["属于国家秘密", "自然人"] == "1"
    assert cells["属于国家秘密", "商业企业"] == "0"
    assert ("属于行政查询事项", "自然人") not in cells
    assert cells["属于行政查询事项", "商业企业"] == "0"
    (doubt,) = doubts
    assert "格式里是几行：3.危及" in doubt
