"""The long table of one report as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pandas
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nianbao.rendering.data.csv import escape_text, render_csv, unescape_text
from nianbao.rendering.data.fields import join_keys
from nianbao.rendering.data.records import CELLS_OF_REPORT
from tests.rendering.rendered_reports import NAMES, built, changed, compiled
from tests.strategies import reports, write_yaml

NEW = ("收到和处理政府信息公开申请情况", "本年新收")
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "\t=1",
    "\r=1",
    "\u3000=1",
    " =1",
)


def lines(content: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file as a plain library reads them."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_each_cell_of_the_form_is_one_line_with_its_labels_in_the_order_of_the_form(
    name: str,
) -> None:
    report = built(name).report
    content = render_csv(report)
    assert content.startswith(b"\xef\xbb\xbf")  # Excel needs it
    found = lines(content)
    assert list(found[0]) == [column.name for column in CELLS_OF_REPORT]
    expected = [
        (title, row.path[-1].title, column.path[-1].title, join_keys(pointer))
        for section in report.form.sections
        for grid, title in zip(section.grids, section.table_names, strict=True)
        for row in grid.rows
        for pointer, column in row.cells()
    ]
    assert [
        (line["表"], line["行"].split(" / ")[-1], line["列"].split(" / ")[-1], line["路径"])
        for line in found
    ] == expected
    assert {(line["机关"], line["年度"], line["格式"]) for line in found} == {
        (report.body, str(report.year), str(report.form.edition))
    }


@settings(max_examples=20, deadline=None)
@given(reports())
def test_numbers_and_notes_are_those_of_the_report(data: Any) -> None:
    report = compiled(write_yaml(data))
    found = {line["路径"]: line for line in lines(render_csv(report))}
    assert len(found) == len(report.values)
    for pointer, value in report.values.items():
        line = found[join_keys(pointer)]
        assert unescape_text(line["注"]) == value.note
        if value.number is None:
            assert (line["数值"], line["状态"]) == ("", "不适用")
        else:
            assert (line["数值"], line["状态"]) == (value.text, "数")


@pytest.mark.parametrize("name", NAMES)
def test_pandas_adds_up_the_totals_of_the_form(name: str) -> None:
    table = pandas.read_csv(io.BytesIO(render_csv(built(name).report)))
    requests = table[table["路径"].str.startswith(f"{NEW[0]}.")]
    is_total = requests["路径"].str.endswith(".总计")
    row = requests["路径"].str.rpartition(".")[0]
    sums = requests[~is_total].groupby(row)["数值"].sum()
    totals = requests[is_total].groupby(row)["数值"].sum()
    assert len(totals) > 20
    assert sums.to_dict() == totals.to_dict()


def test_nought_not_applicable_and_a_note_differ() -> None:
    cells = {
        "自然人": 3,
        "商业企业": "/",
        "科研机构": {"数值": "/", "注": "=没有"},
        "其他": {"数值": 0, "注": "'引"},
    }
    report = compiled(changed(2021, {(*NEW, key): cell for key, cell in cells.items()}))
    found = {line["路径"]: line for line in lines(render_csv(report))}
    assert [
        tuple(found[join_keys((*NEW, key))][name] for name in ("数值", "状态", "注"))
        for key in cells
    ] == [("3", "数", ""), ("", "不适用", ""), ("", "不适用", "'=没有"), ("0", "数", "''引")]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_begins_with_a_quote(text: str) -> None:
    assert escape_text(text) == f"'{text}"


@given(st.text())
@example("'=1")
@example("''")
def test_every_text_comes_back(text: str) -> None:
    escaped = escape_text(text)
    assert unescape_text(escaped) == text
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_ordinary_texts_stay_as_they_are() -> None:
    for text in ("其中修订16件", "（含自然失效29件）", "1-2月", "“=”"):
        assert escape_text(text) == text
