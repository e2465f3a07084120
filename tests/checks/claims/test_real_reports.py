"""The prose rules on the development half of the published reports, where these exist."""

from __future__ import annotations

import json

import pytest

from tests.checks.claims.real_reports import FOLDER, PARTS, measure_part, part_of

there = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"没有 {FOLDER}")


def test_a_report_and_its_altered_copies_are_in_one_part() -> None:
    for name in ("甲县-2022", "乙局-2023", "丙镇-2021"):
        assert part_of(f"mut-{name}-3") == part_of(f"deny-{name}-12") == part_of(name)
    assert {part_of(f"{number}-2022") for number in range(20)} == set(PARTS)


@there
def test_false_alarms_are_rare_and_nine_of_ten_changes_are_found() -> None:
    scores = measure_part("开发")
    assert scores["distinct_false_positives"] <= 2
    assert scores["recall_mutated"]["recall"] >= 0.9
    assert scores["recall_denial"]["recall"] >= 0.9


@there
def test_the_halves_are_of_like_size() -> None:
    reports = json.loads((FOLDER / "expected.json").read_text("utf-8"))["reports"]
    share = sum(part_of(each["id"]) == "开发" for each in reports) / len(reports)
    assert 0.4 < share < 0.6
