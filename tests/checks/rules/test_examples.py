"""Every rule's page shows what it finds: its examples are run."""

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


def test_no_rule_finds_fault_with_the_report_that_examples_change(tmp_path: Path) -> None:
    assert found((), tmp_path) == set()


def test_no_rule_finds_fault_with_it_beside_last_years(tmp_path: Path) -> None:
    assert found(("上年/: 有",), tmp_path) == set()


@each_rule
def test_the_example_that_fails_fails(rule: Rule, tmp_path: Path) -> None:
    assert rule.id in found(parse_rule_doc(rule.documentation).fails, tmp_path)


@each_rule
def test_the_example_that_passes_passes_every_rule(rule: Rule, tmp_path: Path) -> None:
    assert found(parse_rule_doc(rule.documentation).passes, tmp_path) == set()


@each_rule
def test_the_page_is_short_and_gives_a_source_or_a_reason(rule: Rule) -> None:
    page = parse_rule_doc(rule.documentation)
    assert len(page.title) <= 40
    assert page.why.endswith("。")
    assert not page.title.endswith("。")


def test_a_mapping_changes_a_row_and_leaves_its_other_cells() -> None:
    data = base_report()
    pointer = ("收到和处理政府信息公开申请情况", "本年新收")
    patch(data, pointer, "{自然人: 2, 总计: 2}")
    row = data["收到和处理政府信息公开申请情况"]["本年新收"]
    assert (row["自然人"], row["商业企业"], row["总计"]) == (2, 0, 2)


def test_a_text_is_repeated() -> None:
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
def test_a_docstring_that_is_no_page_is_refused(docstring: str) -> None:
    with pytest.raises(ValueError, match="not a rule's page"):
        parse_rule_doc(docstring)


def test_lines_of_a_page_are_joined_as_chinese_is_written() -> None:
    why = "第一行\n第二行 GB/T\n9704，P301\n说过；2021\n年。"
    page = parse_rule_doc(
        f"题目。\n\n为什么：{why}\n\n不通过：\n\n    /引言: 甲\n\n通过：\n\n    /引言: 乙"
    )
    assert page.why == "第一行第二行 GB/T 9704，P301 说过；2021年。"
    assert (page.fails, page.passes) == (("/引言: 甲",), ("/引言: 乙",))
