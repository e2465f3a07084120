"""P rules: certain contradictions and questions, and contradictions within the prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path

NEW = "收到和处理政府信息公开申请情况/本年新收"
OLD = "收到和处理政府信息公开申请情况/上年结转"
GRANTED = "收到和处理政府信息公开申请情况/本年度办理结果/予以公开"
NEXT = "收到和处理政府信息公开申请情况/结转下年度继续办理"
TABLES = {
    f"{NEW}/自然人": 20,
    f"{OLD}/自然人": 2,
    f"{GRANTED}/自然人": 21,
    f"{NEXT}/自然人": 1,
}


def prose_findings(folder: Path, text: str) -> list[tuple[str, str]]:
    """Return rule and severity of the findings of P rules for a text over TABLES."""
    outcome = check_case(folder, {**TABLES, "总体情况/依申请公开": text})
    return [(f.rule, f.severity) for f in outcome.findings if f.rule.startswith("P")]


def test_what_can_mean_several_values_is_a_question(tmp_path: Path) -> None:
    text = "收到政府信息公开申请25件。"
    assert prose_findings(tmp_path, text) == [("P301", "info")]


def test_a_neighbour_that_agrees_makes_it_certain(tmp_path: Path) -> None:
    text = "收到政府信息公开申请25件，结转下年度1件。"
    assert prose_findings(tmp_path, text) == [("P301", "warning")]


@pytest.mark.parametrize(
    "text", ["收到申请20件，均已办结。", "收到申请22件，全部答复。", "所有申请均已办结。"]
)
def test_all_answered_contradicts_a_carry_over(tmp_path: Path, text: str) -> None:
    assert prose_findings(tmp_path, text) == [("P305", "info")]


@pytest.mark.parametrize(
    "text",
    [
        "收到申请20件，均已按期办结。",
        "收到申请20件，1件结转，其余均已办结。",
        "来信均已办结。",
        "所有申请均已登记。",
    ],
)
def test_what_leaves_some_out_contradicts_nothing(tmp_path: Path, text: str) -> None:
    assert prose_findings(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("公开信息186条，其中图文231条。", ["P304"]),
        ("公开信息186条，其中图文131条。", []),
        ("公开信息186条，其中浏览231次。", []),
        ("公开信息约186条，其中图文231条。", []),
        ("公开信息186条，比去年多40条，其中图文231条。", []),
        ("公开信息186条；发布稿件400篇。其中图文231条。", []),
    ],
)
def test_a_part_is_not_greater_than_its_whole(tmp_path: Path, text: str, rules: list[str]) -> None:
    assert [rule for rule, _ in prose_findings(tmp_path, text)] == rules
