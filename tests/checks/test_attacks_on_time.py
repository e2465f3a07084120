"""Texts for which a quadratic algorithm takes minutes: each ends, with findings or without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.model.prose import MAX_CHARACTERS
from nianbao.parsing.constructor import MAX_VALUES
from tests.checks.rules.report_cases import check_case
from tests.checks.rules.waiver_cases import waived, waiver
from tests.parsing.fault_cases import change, seed
from tests.support import check_text, structural_findings

if TYPE_CHECKING:
    from pathlib import Path

BODY = "机关: 古县文化和旅游局"


@pytest.mark.parametrize(
    "unit", ["一", "一千", "十", "收到", "《", "“", "1", "2021年", "X", "{", "　", "收到1件申请，"]
)
def test_two_hundred_thousand_characters_in_a_line_are_checked(tmp_path: Path, unit: str) -> None:
    text = unit * (200_000 // len(unit))
    outcome = check_case(tmp_path, {"总体情况/依申请公开": f'"{text}。"'})
    assert outcome.checked.report is not None


def test_a_line_that_may_open_a_text_is_read_in_linear_time(tmp_path: Path) -> None:
    blanks = " " * 4_900
    text = change(seed(), "引言: |", f"引言: {blanks}甲{blanks[:50]}|\n引言: |")
    assert structural_findings(check_text(text, tmp_path))


@pytest.mark.parametrize("value", ["1{}1", '"1{}1"', "甲{}1"])
def test_two_hundred_thousand_blanks_in_a_cell_are_one_finding(tmp_path: Path, value: str) -> None:
    cell = "规章:           {本年制发件数: 0"
    text = change(seed(), cell, f"{cell[:-1]}{value.format(chr(0x3000) * 200_000)}")
    (finding,) = structural_findings(check_text(text, tmp_path))
    assert finding.severity == "error"


def test_a_long_text_that_begins_like_none_is_compared_with_none_only_once(tmp_path: Path) -> None:
    text = "本" * 19 + "无" + "的" * 300_000 + "。"
    outcome = check_case(tmp_path, {"存在的主要问题及改进情况": text})
    assert "F418" not in outcome.rules


def test_too_much_prose_is_one_finding_and_no_rule_runs(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"总体情况/概述": "2021年。" * (MAX_CHARACTERS // 6 + 1)})
    assert outcome.only().rule == "S202"
    assert outcome.only().pointer == ("总体情况", "概述")
    assert outcome.checked.has_errors


def test_values_of_references_count_as_prose(tmp_path: Path) -> None:
    name = "局" * 2000
    text = "{{ 机关 }}" * (MAX_CHARACTERS // 1000)
    outcome = check_case(tmp_path, {"机关": name, "总体情况/概述": f"'{text}'"})
    assert {"S201", "S202"} == {finding.rule for finding in outcome.findings}


def test_a_line_that_is_too_long_is_an_error_of_structure(tmp_path: Path) -> None:
    for key, value in (("机关", "局" * 2001), ("文号", "1" * 2001)):
        assert check_case(tmp_path, {key: value}).only().rule == "S105"
    note = f"{{数值: 0, 注: {'甲' * 2001}}}"
    text = change(
        seed(), "规章:           {本年制发件数: 0", f"规章:           {{本年制发件数: {note}"
    )
    (finding,) = structural_findings(check_text(text, tmp_path))
    assert (finding.rule, finding.pointer[-1]) == ("S105", "注")
    assert "2001 字" in finding.message


def test_two_hundred_waivers_are_read_and_no_more(tmp_path: Path) -> None:
    line = waiver(规则="F405", 位置="/总体情况/概述", 原文="甲", 理由="乙")
    assert "S105" not in check_case(tmp_path, waived(*[line] * 200)).rules
    outcome = check_case(tmp_path, waived(*[line] * 201))
    assert (outcome.only().rule, outcome.only().help) == ("S105", "最多 200 项")


def test_a_text_is_prepared_once_for_all_waivers(tmp_path: Path) -> None:
    line = waiver(规则="F415", 位置="/总体情况/概述", 原文="××", 理由="乙")
    text = r"\n".join(["××"] * 200) + r"\n" + "甲 " * 50_000
    outcome = check_case(tmp_path, {"总体情况/概述": f'"{text}"', **waived(*[line] * 200)})
    assert [f.waived for f in outcome.findings if f.rule == "F415"] == [True] * 200


def test_a_file_with_too_many_values_is_one_finding(tmp_path: Path) -> None:
    text = seed() + "豁免:\n" + "  - [1]\n" * MAX_VALUES
    (finding,) = structural_findings(check_text(text, tmp_path))
    assert finding.rule == "S011"


@pytest.mark.parametrize(
    "line",
    [
        f"机关{'　' * 200_000}局",
        f"机关: 局{' ' * 200_000}局 x: y",
        'a: "' + '\\"' * 200_000,
        "a: {b" + " #" * 200_000,
        "a: " + "{b" * 100_000,
        f"机关: 局{' #' * 100_000}",
    ],
)
def test_a_line_of_structure_with_very_many_signs_is_explained(tmp_path: Path, line: str) -> None:
    text = change(seed(), BODY, line)
    assert structural_findings(check_text(text, tmp_path)) or line.startswith("机关: 局")
