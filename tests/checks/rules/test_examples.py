"""The examples of every rule's page show what it reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.rules import RULES
from nianbao.checks.rules.documentation import parse_rule_doc
from tests.checks.rules.examples import base_report, check_example, patch

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.checks.rules.rule import Rule

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def found(lines: tuple[str, ...], folder: Path) -> set[str]:
    return {finding.rule for finding in check_example(lines, folder).findings}


def test_report_of_the_examples_has_no_findings(tmp_path: Path) -> None:
    assert found((), tmp_path) == set()


def test_report_of_the_examples_has_no_findings_with_last_years(tmp_path: Path) -> None:
    assert found(("上年/: 有",), tmp_path) == set()


@each_rule
def test_failing_example_is_reported(rule: Rule, tmp_path: Path) -> None:
    assert rule.id in found(parse_rule_doc(rule.documentation).fails, tmp_path)


@each_rule
def test_passing_example_has_no_findings_of_any_rule(rule: Rule, tmp_path: Path) -> None:
    assert found(parse_rule_doc(rule.documentation).passes, tmp_path) == set()


@each_rule
def test_page_has_a_short_title_and_a_reason(rule: Rule) -> None:
    page = parse_rule_doc(rule.documentation)
    assert len(page.title) <= 40
    assert page.why.endswith("。")
    assert not page.title.endswith("。")


def test_mapping_changes_some_cells_of_a_row() -> None:
    data = base_report()
    pointer = ("收到和处理政府信息公开申请情况", "本年新收")
    patch(data, pointer, "{自然人: 2, 总计: 2}")
    row = data["收到和处理政府信息公开申请情况"]["本年新收"]
    assert (row["自然人"], row["商业企业"], row["总计"]) == (2, 0, 2)


def test_text_is_repeated() -> None:
    data = base_report()
    patch(data, ("总体情况", "概述"), "甲乙 × 3")
    assert data["总体情况"]["概述"] == "甲乙甲乙甲乙"


@pytest.mark.parametrize(
    "docstring",
    [
        "",
        "只有题目。",
        "题目。\n\n为什么：有理由。\n\n不通过：\n\n    /引言: 甲",
        "题目。\n\n不通过：\n\n    /引言: 甲\n\n通过：\n\n    /引言: 乙",
    ],
)
def test_docstring_without_the_format_of_a_page_is_rejected(docstring: str) -> None:
    with pytest.raises(ValueError, match="not a rule's page"):
        parse_rule_doc(docstring)


def test_lines_of_a_page_are_joined_without_blanks_between_chinese() -> None:
    why = "第一行\n第二行 GB/T\n9704，P301\n说过；2021\n年。"
    page = parse_rule_doc(
        f"题目。\n\n为什么：{why}\n\n不通过：\n\n    /引言: 甲\n\n通过：\n\n    /引言: 乙"
    )
    assert page.why == "第一行第二行 GB/T 9704，P301 说过；2021年。"
    assert (page.fails, page.passes) == (("/引言: 甲",), ("/引言: 乙",))
