"""W: waivers without effect are reported at their own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.diagnostics.finding import Severity
from tests.checks.rules.report_cases import check_case
from tests.checks.rules.waiver_cases import (
    BLOCK,
    CASES,
    CLAIM,
    FIELDS,
    NUMBERS,
    marked_waiver,
    waived,
    waiver,
)

if TYPE_CHECKING:
    from pathlib import Path

CLAIMED = {"依申请公开": f"{CLAIM}。"}


@pytest.mark.parametrize(
    ("fields", "rule", "message"),
    [
        (FIELDS, "W901", f"豁免没有用上：P301 在 {BLOCK} 没有与它相符的结果"),
        (NUMBERS, "W901", f"豁免没有用上：A101 在 {CASES} 没有与它相符的结果"),
        (FIELDS | {"规则": "P999"}, "W902", "没有 P999 这条规则"),
        (FIELDS | {"规则": "X001"}, "W902", "没有 X001 这条规则"),
        (FIELDS | {"规则": "S103"}, "W904", "S103 不能豁免"),
        (FIELDS | {"规则": "W901"}, "W904", "W901 不能豁免"),
        (FIELDS | {"规则": "F501"}, "W904", "F501 不能豁免"),
    ],
)
def test_wrong_waiver_is_reported_at_its_line(
    tmp_path: Path, fields: dict[str, str], rule: str, message: str
) -> None:
    outcome = check_case(tmp_path, waived(marked_waiver(fields)))
    assert outcome.reported == outcome.expected(rule)
    assert outcome.only().message == message
    assert outcome.only().severity is Severity.WARNING


@pytest.mark.parametrize("reason", [None, '""', '"  "', '"　"'])
def test_waiver_without_a_reason_has_no_effect_and_is_reported(
    tmp_path: Path, reason: str | None
) -> None:
    fields = {key: value for key, value in FIELDS.items() if key != "理由"}
    fields |= {"理由": reason} if reason else {}
    outcome = check_case(tmp_path, CLAIMED | waived(marked_waiver(fields)))
    assert outcome.rules == ["P301", "W903"]
    assert outcome.findings[1].span == outcome.markers[0]


def test_several_waivers_are_reported_at_their_own_lines(tmp_path: Path) -> None:
    lines = [waiver(**FIELDS), marked_waiver(FIELDS | {"规则": "P999"})]
    lines += [marked_waiver(NUMBERS)]
    outcome = check_case(tmp_path, CLAIMED | waived(*lines))
    assert outcome.reported == outcome.expected("W902", "W901")


def test_finding_about_a_waiver_cannot_be_waived(tmp_path: Path) -> None:
    unused = waiver(**FIELDS)
    second = waiver(规则="W901", 位置="/豁免/0", 理由="知道")
    assert check_case(tmp_path, waived(unused, second)).rules == ["W901", "W904"]
