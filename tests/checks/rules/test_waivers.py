"""W: a waiver silences one finding, as long as its text or numbers are the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from nianbao.checks.rules import RULES
from nianbao.checks.rules.documentation import parse_rule_doc
from nianbao.diagnostics.finding import Severity, json_pointer
from tests.checks.rules.examples import base_report, check_example
from tests.checks.rules.report_cases import Changes, changed, check_case, report_yaml
from tests.checks.rules.waiver_cases import (
    CASES,
    CLAIM,
    FIELDS,
    NUMBERS,
    marked_waiver,
    waived,
    waiver,
)
from tests.support import run_cli, write_repo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.checks.rules.rule import Rule
    from nianbao.diagnostics.finding import Finding

WRONG_SUM: Changes = {"行政复议": {"结果维持": 2, "总计": 3}}


def claim(*sentences: str) -> Changes:
    return {"依申请公开": "。".join(sentences) + "。"}


# ── valid waivers


def test_waiver_silences_its_finding(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, claim(CLAIM) | waived(waiver(**FIELDS)))
    assert outcome.rules == []
    assert (outcome.only().rule, outcome.only().waived) == ("P301", True)


def test_waiver_silences_one_of_two_equal_claims(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, claim(CLAIM, CLAIM) | waived(waiver(**FIELDS)))
    assert sorted((f.rule, f.waived) for f in outcome.findings) == [("P301", False), ("P301", True)]


def test_two_waivers_silence_two_equal_claims(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, claim(CLAIM, CLAIM) | waived(*[waiver(**FIELDS)] * 2))
    assert [(f.rule, f.waived) for f in outcome.findings] == [("P301", True)] * 2


def test_third_waiver_of_two_equal_claims_is_reported(tmp_path: Path) -> None:
    lines = [waiver(**FIELDS), waiver(**FIELDS), marked_waiver(FIELDS)]
    outcome = check_case(tmp_path, claim(CLAIM, CLAIM) | waived(*lines))
    assert outcome.reported == outcome.expected("W901")


def test_waiver_does_not_silence_the_next_claim(tmp_path: Path) -> None:
    text = {"依申请公开": f"{CLAIM}，办结⟦2⟧件。"}
    outcome = check_case(tmp_path, text | waived(waiver(**FIELDS)))
    assert outcome.reported == outcome.expected("P301")


def test_waiver_does_not_silence_a_claim_of_another_block(tmp_path: Path) -> None:
    changes: Changes = claim(CLAIM) | {"总体情况/概述": "我局收到⟦1⟧件政府信息公开申请。"}
    outcome = check_case(tmp_path, changes | waived(waiver(**FIELDS)))
    assert outcome.reported == outcome.expected("P301")


def test_waiver_may_quote_more_than_the_claim(tmp_path: Path) -> None:
    fields = FIELDS | {"原文": f"2022年，{CLAIM}，均已答复"}
    outcome = check_case(tmp_path, claim(f"2022年，{CLAIM}，均已答复") | waived(waiver(**fields)))
    assert outcome.rules == []
    assert outcome.only().waived


def test_quote_has_single_blanks(tmp_path: Path) -> None:
    text = {"依申请公开": "我局收到 1  件政府信息公开申请。"}
    quote = check_case(tmp_path, text).only().quote
    assert "  " not in quote
    outcome = check_case(tmp_path, text | waived(waiver(**FIELDS | {"原文": quote})))
    assert outcome.rules == []
    assert outcome.only().waived


def test_finding_with_exactly_the_quoted_text_is_silenced_first(
    tmp_path: Path,
) -> None:
    text: Changes = {"总体情况/概述": "⟦2021年⟧，我局公开信息。2021年，我局公开信息30条。"}
    quote = "2021年，我局公开信息30条"
    line = waiver(规则="F405", 位置="/总体情况/概述", 原文=quote, 理由="说明上年")
    outcome = check_case(tmp_path, text | waived(line))
    assert outcome.reported == outcome.expected("F405")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_help_of_every_rule_makes_a_valid_waiver(rule: Rule, tmp_path: Path) -> None:
    """The help of a waiver without quote or numbers shows what it must contain."""
    lines = parse_rule_doc(rule.documentation).fails
    bare: dict[str, object] = {"规则": rule.id, "理由": "已核实"}
    found = [f for f in check_example(lines, tmp_path).findings if f.rule == rule.id]
    bare["位置"] = json_pointer(found[0].pointer)
    findings = _checked_with(bare, lines, tmp_path)
    helps = [f.help for f in findings if f.rule == "W901"]
    full = bare | (yaml.safe_load(f"{{{helps[0].removeprefix('核实后写成 ')}}}") if helps else {})
    after = _checked_with(full, lines, tmp_path)
    assert [f.span for f in after if f.rule == rule.id and f.waived] == [found[0].span]
    assert not [f for f in after if f.rule.startswith("W")]
    assert len([f for f in after if f.rule == rule.id]) == len(found)


def _checked_with(waiver: object, lines: Sequence[str], folder: Path) -> tuple[Finding, ...]:
    line = json.dumps([waiver], ensure_ascii=False)
    return check_example([*lines, f"/豁免: {line}"], folder).findings


# ── waivers that become invalid


@pytest.mark.parametrize(
    "text",
    [
        "我局收到2件政府信息公开申请",
        "我局共收到1件政府信息公开申请",
        "我局收到1件申请",
        "我局收到11件政府信息公开申请",
    ],
)
def test_other_text_makes_the_waiver_invalid(tmp_path: Path, text: str) -> None:
    outcome = check_case(tmp_path, claim(text) | waived(marked_waiver(FIELDS)))
    assert outcome.rules == ["P301", "W901"]
    assert outcome.findings[1].span == outcome.markers[0]
    assert outcome.findings[1].help.startswith("核实后写成 原文: ")


def test_waiver_with_numbers_is_valid_only_for_them(tmp_path: Path) -> None:
    line = waiver(**FIELDS, 数值="[1, 0]")
    assert check_case(tmp_path, claim(CLAIM) | waived(line)).rules == []
    table: Changes = {"本年新收": {"自然人": 3}, "结转下年度继续办理": {"自然人": 3}}
    outcome = check_case(tmp_path, claim(CLAIM) | table | waived(line))
    assert outcome.rules == ["P301", "W901"]


def test_quote_alone_is_valid_only_if_the_table_has_zero(tmp_path: Path) -> None:
    table: Changes = {"本年新收": {"自然人": 3}, "结转下年度继续办理": {"自然人": 3}}
    assert check_case(tmp_path, claim(CLAIM) | waived(waiver(**FIELDS))).rules == []
    outcome = check_case(tmp_path, claim(CLAIM) | table | waived(marked_waiver(FIELDS)))
    assert outcome.rules == ["P301", "W901"]
    assert outcome.findings[1].help == f'核实后写成 原文: "{CLAIM}", 数值: [1, 3]'
    full = waiver(**FIELDS, 数值="[1, 3]")
    assert check_case(tmp_path, claim(CLAIM) | table | waived(full)).rules == []


def test_denial_is_waived_with_the_number_of_the_table(tmp_path: Path) -> None:
    words = "未收到政府信息公开申请"
    table: Changes = {"本年新收": {"自然人": 3}, "结转下年度继续办理": {"自然人": 3}}
    fields = FIELDS | {"规则": "P302", "原文": words}
    bare = check_case(tmp_path, claim(words) | table | waived(marked_waiver(fields)))
    assert bare.rules == ["P302", "W901"]
    assert bare.findings[1].message.startswith("豁免 P302 没有写 数值")
    full = waiver(**fields, 数值="[0, 3]")
    assert check_case(tmp_path, claim(words) | table | waived(full)).rules == []
    more: Changes = {"本年新收": {"自然人": 4}, "结转下年度继续办理": {"自然人": 4}}
    assert check_case(tmp_path, claim(words) | more | waived(full)).rules == ["P302", "W901"]


@pytest.mark.parametrize("words", ["1", "1件", "收到1件"])
def test_short_part_of_the_claim_is_no_valid_quote(tmp_path: Path, words: str) -> None:
    outcome = check_case(
        tmp_path, claim(CLAIM) | waived(marked_waiver(FIELDS | {"原文": f'"{words}"'}))
    )
    assert outcome.rules == ["P301", "W901"]


def test_most_of_the_claim_with_its_number_is_a_valid_quote(tmp_path: Path) -> None:
    fields = FIELDS | {"原文": CLAIM.removeprefix("我局")}
    assert check_case(tmp_path, claim(CLAIM) | waived(waiver(**fields))).rules == []


def test_claim_with_markup_is_quoted_as_printed(tmp_path: Path) -> None:
    text = {"依申请公开": "我局收到**1**件[政府信息公开申请](https://example.cn/a)。"}
    assert check_case(tmp_path, text | waived(waiver(**FIELDS))).rules == []


def test_wrong_sum_is_waived_by_its_two_numbers(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, WRONG_SUM | waived(waiver(**NUMBERS)))
    assert outcome.rules == []
    finding = outcome.only()
    assert (finding.rule, finding.severity, finding.waived) == ("A101", Severity.ERROR, True)
    assert not outcome.checked.has_errors


@pytest.mark.parametrize(
    "row",
    [
        {"结果维持": 2, "总计": 4},
        {"结果维持": 1, "总计": 3},
        {"结果维持": 3, "总计": 2},
    ],
)
def test_other_numbers_make_the_waiver_of_a_sum_invalid(
    tmp_path: Path, row: dict[str, int]
) -> None:
    outcome = check_case(tmp_path, {"行政复议": row} | waived(waiver(**NUMBERS)))
    assert outcome.rules == ["A101", "W901"]
    expected = [row["总计"], row["结果维持"]]
    assert outcome.findings[1].help == f"核实后写成 数值: {expected}"
    assert outcome.checked.has_errors


def test_wrong_sum_is_not_waived_by_a_quote(tmp_path: Path) -> None:
    quoted = waived(waiver(**NUMBERS | {"原文": "照抄的话"}))
    assert check_case(tmp_path, WRONG_SUM | quoted).rules == ["A101", "W901"]


def test_wrong_sum_is_not_waived_without_its_numbers(tmp_path: Path) -> None:
    bare = {key: value for key, value in NUMBERS.items() if key != "数值"}
    outcome = check_case(tmp_path, WRONG_SUM | waived(waiver(**bare)))
    assert outcome.rules == ["A101", "W901"]
    assert outcome.findings[1].help == "核实后写成 数值: [3, 2]"


def test_waiver_of_one_sum_does_not_silence_another(tmp_path: Path) -> None:
    other: Changes = {"复议后起诉": {"结果维持": 2, "总计": "⟦3⟧"}}
    outcome = check_case(tmp_path, WRONG_SUM | other | waived(waiver(**NUMBERS)))
    assert outcome.reported == outcome.expected("A101")


def test_row_and_column_total_in_one_cell_are_waived_separately(tmp_path: Path) -> None:
    """（七）总计 › 总计 is the total of a row and of a column."""
    keys = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    cell = "收到和处理政府信息公开申请情况/本年度办理结果/总计"
    changes: Changes = {cell: {**dict.fromkeys(keys, 0), "总计": 1}, "本年新收": {"总计": 1}}
    before = check_case(tmp_path, changes)
    assert before.rules == ["A101", "A101", "A102"]
    line = waiver(规则="A102", 位置=f"/{cell}/总计", 数值="[1, 0]", 理由="按原数")
    assert check_case(tmp_path, changes | waived(line)).rules == ["A101", "A101"]


# ── the summary


def test_waived_findings_are_counted_and_in_the_json(tmp_path: Path) -> None:
    text = report_yaml(changed(base_report(), WRONG_SUM | waived(waiver(**NUMBERS))))
    root = write_repo(tmp_path, **{"2022": text})
    done = run_cli(["check", "--strict"], root)
    assert done.returncode == 0
    assert done.stdout.strip() == "0 个错误，0 个警告，1 个已豁免"
    found = json.loads(run_cli(["check", "--format", "json"], root).stdout)
    assert found["summary"] == {"errors": 0, "warnings": 0, "infos": 0, "waived": 1}
    (finding,) = found["findings"]
    assert (finding["rule"], finding["pointer"], finding["waived"]) == ("A101", CASES, True)
