"""F414: text copied from last year's report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import Changes, check_case

if TYPE_CHECKING:
    from pathlib import Path

OVERVIEW = "总体情况/概述"
LONG = (
    "我局把政务公开纳入年度目标考核，明确分管领导和专职人员，"
    "建立审核、发布、检查、通报的工作机制，每季度对栏目更新情况开展检查，"
    "对发现的问题及时反馈责任科室限期改正，确保信息公开及时、准确、规范。"
)


def test_copied_block_is_reported_at_its_key(tmp_path: Path) -> None:
    now: Changes = {"监督保障": f"培训2次。\n{LONG}"}
    outcome = check_case(tmp_path, now, {"监督保障": f"培训3次。\n{LONG}"})
    assert outcome.rules == ["F414"]
    span = outcome.only().span
    line = outcome.checked.source.lines[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "监督保障"
    assert "（2021.yaml）9" in outcome.only().message


def test_changed_year_does_not_make_a_text_new(tmp_path: Path) -> None:
    words = "培训2次。" + "{year}年的工作，" * 6 + LONG
    now, last = (words.replace("{year}", year) for year in ("2022", "2021"))
    outcome = check_case(tmp_path, {"监督保障": now}, {"监督保障": last})
    assert outcome.rules == ["F414"]
    assert "100% 相同" in outcome.only().message


@pytest.mark.parametrize("place", ["存在的主要问题及改进情况", OVERVIEW, "主动公开"])
def test_every_block_and_the_problems_are_compared(tmp_path: Path, place: str) -> None:
    words = f"共3项。{LONG}"
    assert check_case(tmp_path, {place: words}, {place: words}).rules == ["F414"]


@pytest.mark.parametrize(
    "place",
    [
        "引言",
        "主动公开政府信息情况/说明",
        "收到和处理政府信息公开申请情况/说明",
        "其他需要报告的事项",
    ],
)
def test_set_phrases_may_be_the_same_each_year(tmp_path: Path, place: str) -> None:
    words = f"未收取信息处理费。{LONG}"
    assert check_case(tmp_path, {place: words}, {place: words}).rules == []


def test_short_blocks_may_be_the_same_each_year(tmp_path: Path) -> None:
    words = "全年开展政务公开业务培训2次，组织检查4次。未发生责任追究情形。"
    assert check_case(tmp_path, {"监督保障": words}, {"监督保障": words}).rules == []


def test_rewritten_block_is_accepted(tmp_path: Path) -> None:
    now = (
        "全年组织政务公开培训2次，96人参加；县政府办公室每月抽查栏目，共通报4期，"
        "问题已逐一销号；社会评议满意度为百分之九十六，未发生责任追究情形，评议结果已向社会公布。"
    )
    assert check_case(tmp_path, {"监督保障": now}, {"监督保障": f"2次。{LONG}"}).rules == []


def test_text_moved_to_another_block_is_not_compared(tmp_path: Path) -> None:
    now, last = {"监督保障": f"2次。{LONG}"}, {"平台建设": f"2次。{LONG}"}
    assert check_case(tmp_path, now, last).rules == []
