"""Y: carry-over and stock compared with last year's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import (
    base_report_2019,
    changed,
    check_case,
    check_written,
    extract_markers,
    report_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path

NEXT, CARRIED = "结转下年度继续办理", "上年结转"
TABLE_2, TABLE_3 = "主动公开政府信息情况", "收到和处理政府信息公开申请情况"
NORMATIVE, REGULATIONS = "行政规范性文件", "第二十条第一项/规章"
COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]


def carried(column: str, last: int, now: object) -> tuple[dict[str, object], dict[str, object]]:
    """Return changes of this year's and of last year's report, with both adding up."""
    amount = int(str(now).strip("⟦⟧"))
    return (
        {CARRIED: {column: now}, NEXT: {column: amount}},
        {"本年新收": {column: last}, NEXT: {column: last}},
    )


# ── carry-over


@pytest.mark.parametrize("column", COLUMNS)
def test_different_carry_over_is_reported_in_its_column(tmp_path: Path, column: str) -> None:
    now, last = carried(column, 3, "⟦2⟧")
    outcome = check_case(tmp_path, now, last)
    assert outcome.reported == outcome.expected("Y201")
    finding = outcome.only()
    assert finding.message == (
        f"二、上年结转政府信息公开申请数量 › {column}是 2，"
        "上一年（2021.yaml）四、结转下年度继续办理是 3，请核实"
    )
    assert finding.numbers == (2, 3)


@pytest.mark.parametrize("column", COLUMNS)
def test_same_carry_over_is_accepted(tmp_path: Path, column: str) -> None:
    assert check_case(tmp_path, *carried(column, 3, 3)).findings == ()


def test_every_column_is_compared_separately(tmp_path: Path) -> None:
    """Two columns that differ by the same number in opposite directions keep the total."""
    now = {CARRIED: {"自然人": "⟦1⟧", "其他": "⟦3⟧"}, NEXT: {"自然人": 1, "其他": 3}}
    last = {"本年新收": {"自然人": 2, "其他": 2}, NEXT: {"自然人": 2, "其他": 2}}
    outcome = check_case(tmp_path, now, last)
    assert outcome.reported == outcome.expected("Y201", "Y201")


def test_only_a_written_total_is_compared(tmp_path: Path) -> None:
    rest: dict[str, object] = dict.fromkeys(COLUMNS[1:], 0)
    now = {CARRIED: {"自然人": "⟦2⟧", **rest, "总计": "⟦2⟧"}, NEXT: {"自然人": 2}}
    outcome = check_case(tmp_path, now, carried("自然人", 3, 2)[1])
    assert outcome.reported == outcome.expected("Y201", "Y201")


def test_not_applicable_equals_zero_across_years(tmp_path: Path) -> None:
    assert (
        check_case(tmp_path, {CARRIED: {"科研机构": "/"}}, {NEXT: {"科研机构": "/"}}).findings == ()
    )
    assert (
        check_case(tmp_path, {CARRIED: {"科研机构": 0}}, {NEXT: {"科研机构": "/"}}).findings == ()
    )


def test_note_in_a_cell_silences_only_its_column(tmp_path: Path) -> None:
    now = {
        CARRIED: {"自然人": "{数值: 1, 注: 1件更正为信访件}", "其他": "⟦3⟧"},
        NEXT: {"自然人": 1, "其他": 3},
    }
    last = {"本年新收": {"自然人": 2, "其他": 2}, NEXT: {"自然人": 2, "其他": 2}}
    outcome = check_case(tmp_path, now, last)
    assert outcome.reported == outcome.expected("Y201")


def test_note_under_the_table_silences_the_carry_over(tmp_path: Path) -> None:
    now, last = carried("自然人", 3, 2)
    notes = {f"{TABLE_3}/注": ["上年结转数按核减后的数填报。"]}
    assert check_case(tmp_path, now | notes, last).findings == ()


def test_note_under_another_table_silences_nothing(tmp_path: Path) -> None:
    now, last = carried("自然人", 3, 2)
    notes = {f"{TABLE_2}/注": ["规范性文件含修订的。"]}
    assert check_case(tmp_path, now | notes, last).rules == ["Y201"]


# ── stock


def stock(issued: object, repealed: object, effective: object) -> dict[str, object]:
    return {
        NORMATIVE: {"本年制发件数": issued, "本年废止件数": repealed, "现行有效件数": effective}
    }


def test_wrong_stock_is_reported_at_its_cell(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, stock(3, 1, "⟦11⟧"), stock(0, 0, 10))
    assert outcome.reported == outcome.expected("Y202")
    finding = outcome.only()
    assert finding.message == (
        "行政规范性文件：上年现行有效 10 + 本年制发 3 - 本年废止 1 = 12，表中是 11，请核实"
    )
    assert finding.help == "改对，或在格子里写明原因：{数值: 11, 注: 含……}"
    assert finding.numbers == (11, 12)


def test_right_stock_is_accepted(tmp_path: Path) -> None:
    assert check_case(tmp_path, stock(3, 1, 12), stock(0, 0, 10)).findings == ()


def test_help_of_a_wrong_stock_is_valid_yaml(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, stock(3, 1, 11), stock(0, 0, 10))
    noted = outcome.only().help.split("：", 1)[1]
    assert check_case(tmp_path, stock(3, 1, noted), stock(0, 0, 10)).findings == ()


@pytest.mark.parametrize("noted", range(3))
def test_note_on_any_cell_of_the_row_silences_the_stock(tmp_path: Path, noted: int) -> None:
    cells: list[object] = [3, 1, 11]
    cells[noted] = f"{{数值: {cells[noted]}, 注: 含自然失效1件}}"
    assert check_case(tmp_path, stock(*cells), stock(0, 0, 10)).findings == ()


def test_note_under_the_table_silences_the_stock(tmp_path: Path) -> None:
    notes = {f"{TABLE_2}/注": ["本年度开展了规范性文件清理。"]}
    assert check_case(tmp_path, stock(3, 1, 11) | notes, stock(0, 0, 10)).findings == ()


def test_note_on_one_row_does_not_silence_another_row(tmp_path: Path) -> None:
    now = stock(0, 0, "{数值: 8, 注: 清理}") | {REGULATIONS: {"现行有效件数": "⟦1⟧"}}
    now["机关类型"] = "县级以上政府"
    outcome = check_case(tmp_path, now, stock(0, 0, 10))
    assert outcome.reported == outcome.expected("Y202")


# ── from the 2019 edition to the 2021 edition


def across(tmp_path: Path, now: dict[str, object], last: dict[str, object]) -> list[str]:
    before = report_yaml(changed(base_report_2019(2020), last))
    (tmp_path / "2020.yaml").write_text(before, "utf-8")
    text, markers = extract_markers(report_yaml(changed(base_report(2021), now)))
    outcome = check_written(tmp_path, text, markers, "2021")
    assert outcome.reported == outcome.expected(*outcome.rules)
    return outcome.rules


@pytest.mark.parametrize("column", COLUMNS)
def test_carry_over_is_compared_across_editions(tmp_path: Path, column: str) -> None:
    now, last = carried(column, 3, "⟦2⟧")
    assert across(tmp_path, now, last) == ["Y201"]
    assert across(tmp_path, *carried(column, 3, 3)) == []


def test_published_documents_of_2019_are_not_compared_with_documents_in_force(
    tmp_path: Path,
) -> None:
    last: dict[str, object] = {"第二十条第一项/规范性文件": {"对外公开总数量": 15}}
    assert across(tmp_path, stock(0, 0, 3), last) == []


def test_file_named_for_another_year_is_reported(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"年度": "⟦2022⟧"}, name="2020")
    assert outcome.reported == outcome.expected("Y203")


def test_earlier_year_in_a_longer_file_name_is_ignored(tmp_path: Path) -> None:
    assert check_case(tmp_path, name="2019格式").rules == []
