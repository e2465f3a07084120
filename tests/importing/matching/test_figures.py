"""The text of a cell becomes a number only if it can mean nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nianbao.importing.importer import import_document
from nianbao.importing.matching.figures import CellText, read_cell
from tests.importing.matching.documents import (
    cells_of,
    change_cells,
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
