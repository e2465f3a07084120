"""The findings of a newer report that are new, gone or still there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.checks.rules import RULES
from nianbao.diff.compare import compare
from nianbao.diff.side import make_side
from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.diff.model import FindingChanges

COPIED = "落实专人负责，把政务公开纳入考核，定期通报。" * 8
LAST = {"总体情况/监督保障": COPIED, "总体情况/平台建设": "依托门户网站公开信息20条。"}


def changes(folder: Path, old: dict[str, Any], new: dict[str, Any]) -> FindingChanges:
    """Compare two versions of a report that have the same report of the year before."""
    sides = []
    for name, version in (("old", old), ("new", new)):
        (folder / name).mkdir()
        sides.append(make_side(check_case(folder / name, version, LAST).checked, "2022.yaml"))
    return compare(*sides).findings


def rules(found: FindingChanges) -> tuple[list[str], list[str], list[str]]:
    """Return the rules of the new, gone and remaining findings."""
    new, gone, still = (
        [each.rule for each in part] for part in (found.new, found.gone, found.still)
    )
    return new, gone, still


@pytest.mark.parametrize(
    ("rule", "place", "old", "new"),
    [
        ("F414", "总体情况/监督保障", f"今年{COPIED}", COPIED),
        ("F418", "存在的主要问题及改进情况", "无。", "没有。"),
        ("F401", "成文日期", "2023-02-06", "2023-02-07"),
        (
            "F431",
            "总体情况/平台建设",
            "公开信息20条,转载30条,合计50条。",
            "公开信息20条，转载30条,合计50条。",
        ),
    ],
)
def test_a_finding_about_a_whole_text_is_still_there_when_the_text_changes(
    rule: str, place: str, old: str, new: str, tmp_path: Path
) -> None:
    found = changes(tmp_path, {place: old}, {place: new})
    assert (found.new, found.gone) == ((), ())
    (still,) = (each for each in found.still if each.rule == rule)
    assert still.message != _old(tmp_path, {place: old}, rule)


def _old(folder: Path, version: dict[str, Any], rule: str) -> str:
    return next(
        f.message
        for f in check_case(folder / "old", version, LAST).checked.findings
        if f.rule == rule
    )


def test_a_finding_about_another_passage_of_a_text_is_new(tmp_path: Path) -> None:
    place = "总体情况/依申请公开"
    found = changes(
        tmp_path, {place: "收到政府信息公开申请1件。"}, {place: "收到政府信息公开申请2件。"}
    )
    assert rules(found) == (["P301"], ["P301"], [])


def test_a_block_that_is_missing_too_is_new(tmp_path: Path) -> None:
    one: dict[str, Any] = {"总体情况/平台建设": None}
    found = changes(tmp_path, one, {**one, "总体情况/监督保障": None})
    assert rules(found) == (["F411"], [], ["F411"])
    assert "监督保障" in found.new[0].message


def test_only_rules_that_say_so_have_different_quotes_at_one_pointer(tmp_path: Path) -> None:
    everything = {
        "成文日期": "2024-02-06",
        "发布日期": "2024-02-05",
        "存在的主要问题及改进情况": "无。",
        "总体情况/主动公开": None,
        "总体情况/平台建设": None,
        "总体情况/监督保障": "统计期限为2021年1月1日至2021年12月31日，"
        "统计期限为2020年1月1日至2020年12月31日。2021年，我局公开信息。XX局XXXX处。\n"
        f'{COPIED},共2项.  "ａ"２条,无。2021年，收到\u200b申请5件，\u200b办结6件。',
    }
    quotes = defaultdict(set)
    for finding in check_case(tmp_path, everything, LAST).checked.findings:
        quotes[finding.rule, finding.pointer].add(finding.quote)
    repeating = {rule for (rule, _), each in quotes.items() if len(each) > 1}
    assert {"F404", "F411", "F415", "F423"} <= repeating
    assert repeating <= {rule.id for rule in RULES if rule.repeats}
