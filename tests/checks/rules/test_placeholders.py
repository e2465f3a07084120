"""F415 and F424: placeholders of drafts, and comments of `import`.

Each text is the 概述 of the report of 2022 unless a test says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.rules.placeholders import import_doubts
from nianbao.checks.rules.rule import MAX_VIOLATIONS
from nianbao.parsing.reader import parse_source
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import (
    changed,
    check_case,
    check_written,
    extract_markers,
    report_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path

OVERVIEW = "总体情况/概述"


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
