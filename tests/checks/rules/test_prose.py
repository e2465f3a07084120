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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("受理留言12件，办结11件，办结率100%。", [("P306", "info")]),
        ("受理留言12件，办结11件，办结率91.7%。", []),
        ("受理留言12件，办结11件，按时办结率100%。", []),
        ("受理留言12件，办结11件，其余正在办理，办结率100%。", []),
        ("受理留言12件，办结11件，转办2件，办结率100%。", []),
        ("受理留言11件，办结12件，办结率100%。", []),
    ],
)
def test_a_rate_follows_from_its_two_numbers(
    tmp_path: Path, text: str, found: list[tuple[str, str]]
) -> None:
    assert prose_findings(tmp_path, text) == found


SHARES = "留言200件，其中咨询100件，占50%；求助48件，占{}；投诉52件，占26%。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SHARES.format("42%"), [("P306", "warning")]),
        (SHARES.format("24%"), []),
        (SHARES.format("25%"), []),  # rounded badly
        # Of another whole, which the text names.
        ("信件96件。留言200件，其中咨询100件，占50%；求助48件，占50%；投诉52件，占26%。", []),
        (SHARES.format("全部求助的42%"), []),
        ("其中咨询100件，占50%；求助48件，占42%。", []),  # two shares prove nothing
    ],
)
def test_the_only_share_that_does_not_fit_is_wrong(
    tmp_path: Path, text: str, found: list[tuple[str, str]]
) -> None:
    assert prose_findings(tmp_path, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("收到申请20件，其中网上申请15件，信函申请8件。", [("P303", "warning")]),
        ("收到申请20件，其中网上申请15件（占75%），信函申请5件（占25%）。", []),
        ("收到申请20件，其中网上申请15件，信函申请3件。", []),
        ("收到申请20件，其中网上申请16件，信函申请6件。", []),  # with those carried over
        ("收到申请20件，网上咨询15件，现场咨询8次。", []),
        ("收到申请20件，其中网上申请15件，其中邮箱9件。", []),
    ],
)
def test_channels_are_not_more_than_came_in(
    tmp_path: Path, text: str, found: list[tuple[str, str]]
) -> None:
    assert prose_findings(tmp_path, text) == found


def test_all_kinds_of_applicants_add_up_to_the_whole(tmp_path: Path) -> None:
    tables = {
        f"{NEW}/自然人": 18,
        f"{NEW}/商业企业": 2,
        f"{OLD}/自然人": 2,
        f"{GRANTED}/自然人": 20,
        f"{GRANTED}/商业企业": 2,
    }
    text = "收到政府信息公开申请20件，其中自然人20件，商业企业2件。"
    outcome = check_case(tmp_path, {**tables, "总体情况/依申请公开": text})
    assert [f.rule for f in outcome.findings if f.rule.startswith("P")] == ["P303"]
    # The applicants may be those of any whole in the sentence.
    text = "收到政府信息公开申请20件，办结22件，其中自然人20件，商业企业2件。"
    outcome = check_case(tmp_path, {**tables, "总体情况/依申请公开": text})
    assert "P303" not in {finding.rule for finding in outcome.findings}
