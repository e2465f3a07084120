"""F: text copied from last year's report, and placeholders of drafts.

Each text is the 概述 of the report of 2022 unless a test says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.rules.leftovers import import_doubts
from nianbao.checks.rules.rule import MAX_VIOLATIONS
from nianbao.parsing.reader import parse_source
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import (
    Changes,
    changed,
    check_case,
    check_written,
    extract_markers,
    report_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path

OVERVIEW = "总体情况/概述"


# ── copied text


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


# ── placeholders


@pytest.mark.parametrize(
    "words",
    [
        "公开信息⟦XX⟧条。",
        "公开信息⟦××⟧条。",
        "公开信息⟦xx⟧条。",
        "公开信息⟦ＸＸ⟧条。",
        "公开信息⟦××××⟧条。",
        "20⟦XX⟧年公开信息30条。",
        "⟦XXX⟧局公开信息30条。",
        "于⟦×年⟧⟦×月⟧⟦×日⟧发布。",
        "于⟦X⟧月⟦X⟧日发布。",
        "公开信息⟦X⟧条。",
        "示政办发〔2022〕⟦X⟧号。",
        "示政办发〔2022〕⟦××⟧号。",
        "公开信息⟦____⟧条。",
        "公开信息⟦？？？⟧条。",
        "公开信息⟦???⟧条。",
        "⟦TODO⟧：补上数字。",
        "⟦TBD⟧",
        "此段⟦待补充⟧。",
        "（⟦待补充⟧）",
        "⟦此处填写⟧公开数量。",
        "数字⟦待填写⟧。",
    ],
)
def test_placeholder_is_reported_at_its_text(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {OVERVIEW: words})
    assert outcome.reported == outcome.expected(*["F415"] * len(outcome.markers))


@pytest.mark.parametrize(
    "words",
    [
        "提供5×8小时咨询服务。",
        "提供7×24小时咨询服务。",
        "尺寸为210×297毫米。",
        "门诊新增X光检查预约。",
        "发放XL、XXL号宣传服30件。",
        "发放XXXL号宣传服30件。",
        "开展“互联网+监管”，公开信息30条。",
        "网址为http://www.example.gov.cn/xx/xxgk/index.html。",
        "网址为xx.example.gov.cn。",
        "公开信息的内容还有待补充完善。",
        "公开目录亟待补充。",
        "申请人可当面提交（填写申请表）。",
        "对需要补充材料的，一次性告知。",
        "申请人身份证号码只公开为1234********5678。",
        "群众问：怎么申请？如何答复？",
        "什么是政府信息公开？！",
        "发布Excel数据集3个、XML文件3个。",
        "重点：**政策解读**，公开信息30条。",
        "公开目录_2022_版已更新。",
    ],
)
def test_characters_that_are_no_placeholder_are_accepted(tmp_path: Path, words: str) -> None:
    assert check_case(tmp_path, {OVERVIEW: words}).rules == []


def test_placeholder_in_a_note_or_an_extra_block_is_reported(tmp_path: Path) -> None:
    text = report_yaml(
        changed(base_report(), {"收到和处理政府信息公开申请情况/注": ["含⟦XX⟧件。"]})
    )
    further = "  补充:\n    - 标题: ⟦××⟧工作\n      正文: 第⟦XX⟧项。\n主动公开政府信息情况:\n"
    text, markers = extract_markers(text.replace("主动公开政府信息情况:\n", further))
    outcome = check_written(tmp_path, text, markers)
    assert outcome.reported == outcome.expected("F415", "F415", "F415")


def test_number_of_findings_of_a_rule_is_limited(tmp_path: Path) -> None:
    assert check_case(tmp_path, {OVERVIEW: "第×条。" * 300}).rules.count("F415") == MAX_VIOLATIONS


# ── comments of import


@pytest.mark.parametrize("indicator", ["|", "|-"])
def test_a_doubt_is_a_comment_and_never_a_line_of_text(indicator: str) -> None:
    doubt = "# 导入存疑：甲"
    text = f"引言: {indicator}\n  一\n  {doubt}\n  二 {doubt}\n{doubt}\n年度: 2022  {doubt}\n"
    doubts = list(import_doubts(parse_source(text.encode(), "2022.yaml")))
    assert [(each.span and each.span.line, each.pointer) for each in doubts] == [
        (5, ("年度",)),
        (6, ("年度",)),
    ]
