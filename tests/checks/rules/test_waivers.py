"""W: a waiver silences the one finding it was given for, and is itself told when it does not."""

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


# ── what is silenced


def test_a_waiver_silences_its_finding(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, claim(CLAIM) | waived(waiver(**FIELDS)))
    assert outcome.rules == []
    assert (outcome.only().rule, outcome.only().waived) == ("P301", True)


def test_a_waiver_silences_one_of_two_equal_claims(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, claim(CLAIM, CLAIM) | waived(waiver(**FIELDS)))
    assert sorted((f.rule, f.waived) for f in outcome.findings) == [("P301", False), ("P301", True)]


def test_two_waivers_silence_two_equal_claims(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, claim(CLAIM, CLAIM) | waived(*[waiver(**FIELDS)] * 2))
    assert [(f.rule, f.waived) for f in outcome.findings] == [("P301", True)] * 2


def test_a_third_waiver_for_two_equal_claims_is_told(tmp_path: Path) -> None:
    lines = [waiver(**FIELDS), waiver(**FIELDS), marked_waiver(FIELDS)]
    outcome = check_case(tmp_path, claim(CLAIM, CLAIM) | waived(*lines))
    assert outcome.reported == outcome.expected("W901")


def test_the_claim_beside_it_stays(tmp_path: Path) -> None:
    text = {"依申请公开": f"{CLAIM}，办结⟦2⟧件。"}
    outcome = check_case(tmp_path, text | waived(waiver(**FIELDS)))
    assert outcome.reported == outcome.expected("P301")


def test_the_claim_of_another_block_stays(tmp_path: Path) -> None:
    changes: Changes = claim(CLAIM) | {"总体情况/概述": "我局收到⟦1⟧件政府信息公开申请。"}
    outcome = check_case(tmp_path, changes | waived(waiver(**FIELDS)))
    assert outcome.reported == outcome.expected("P301")


def test_a_waiver_may_quote_more_than_the_claim(tmp_path: Path) -> None:
    fields = FIELDS | {"原文": f"2022年，{CLAIM}，均已答复"}
    outcome = check_case(tmp_path, claim(f"2022年，{CLAIM}，均已答复") | waived(waiver(**fields)))
    assert outcome.rules == []
    assert outcome.only().waived


def test_a_claim_written_with_blanks_is_quoted_with_one(tmp_path: Path) -> None:
    text = {"依申请公开": "我局收到 1  件政府信息公开申请。"}
    quote = check_case(tmp_path, text).only().quote
    assert "  " not in quote
    outcome = check_case(tmp_path, text | waived(waiver(**FIELDS | {"原文": quote})))
    assert outcome.rules == []
    assert outcome.only().waived


def test_the_finding_with_just_these_words_is_silenced_before_one_that_they_contain(
    tmp_path: Path,
) -> None:
    text: Changes = {"总体情况/概述": "⟦2021年⟧，我局公开信息。2021年，我局公开信息30条。"}
    quote = "2021年，我局公开信息30条"
    line = waiver(规则="F405", 位置="/总体情况/概述", 原文=quote, 理由="说明上年")
    outcome = check_case(tmp_path, text | waived(line))
    assert outcome.reported == outcome.expected("F405")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_can_be_waived_as_the_program_says(rule: Rule, tmp_path: Path) -> None:
    """The mend of a waiver without words or numbers says what it must hold."""
    lines = parse_rule_doc(rule.documentation).fails
    bare: dict[str, object] = {"规则": rule.id, "理由": "已核实"}
    found = [f for f in check_example(lines, tmp_path).findings if f.rule == rule.id]
    bare["位置"] = json_pointer(found[0].pointer)
    told = _checked_with(bare, lines, tmp_path)
    mends = [f.help for f in told if f.rule == "W901"]
    full = bare | (yaml.safe_load(f"{{{mends[0].removeprefix('核实后写成 ')}}}") if mends else {})
    after = _checked_with(full, lines, tmp_path)
    assert [f.span for f in after if f.rule == rule.id and f.waived] == [found[0].span]
    assert not [f for f in after if f.rule.startswith("W")]
    assert len([f for f in after if f.rule == rule.id]) == len(found)


def _checked_with(waiver: object, lines: Sequence[str], folder: Path) -> tuple[Finding, ...]:
    line = json.dumps([waiver], ensure_ascii=False)
    return check_example([*lines, f"/豁免: {line}"], folder).findings


# ── what revives a finding


@pytest.mark.parametrize(
    "text",
    [
        "我局收到2件政府信息公开申请",
        "我局共收到1件政府信息公开申请",
        "我局收到1件申请",
        "我局收到11件政府信息公开申请",
    ],
)
def test_other_words_revive_the_finding(tmp_path: Path, text: str) -> None:
    outcome = check_case(tmp_path, claim(text) | waived(marked_waiver(FIELDS)))
    assert outcome.rules == ["P301", "W901"]
    assert outcome.findings[1].span == outcome.markers[0]
    assert outcome.findings[1].help.startswith("核实后写成 原文: ")


def test_a_waiver_that_names_the_numbers_too_holds_only_for_them(tmp_path: Path) -> None:
    line = waiver(**FIELDS, 数值="[1, 0]")
    assert check_case(tmp_path, claim(CLAIM) | waived(line)).rules == []
    table: Changes = {"本年新收": {"自然人": 3}, "结转下年度继续办理": {"自然人": 3}}
    outcome = check_case(tmp_path, claim(CLAIM) | table | waived(line))
    assert outcome.rules == ["P301", "W901"]


def test_words_alone_hold_only_while_the_table_has_nothing(tmp_path: Path) -> None:
    table: Changes = {"本年新收": {"自然人": 3}, "结转下年度继续办理": {"自然人": 3}}
    assert check_case(tmp_path, claim(CLAIM) | waived(waiver(**FIELDS))).rules == []
    outcome = check_case(tmp_path, claim(CLAIM) | table | waived(marked_waiver(FIELDS)))
    assert outcome.rules == ["P301", "W901"]
    assert outcome.findings[1].help == f'核实后写成 原文: "{CLAIM}", 数值: [1, 3]'
    full = waiver(**FIELDS, 数值="[1, 3]")
    assert check_case(tmp_path, claim(CLAIM) | table | waived(full)).rules == []


def test_a_denial_is_waived_with_the_number_that_it_denies(tmp_path: Path) -> None:
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
def test_a_scrap_of_the_claim_is_not_enough(tmp_path: Path, words: str) -> None:
    outcome = check_case(
        tmp_path, claim(CLAIM) | waived(marked_waiver(FIELDS | {"原文": f'"{words}"'}))
    )
    assert outcome.rules == ["P301", "W901"]


def test_most_of_the_claim_with_its_number_is_enough(tmp_path: Path) -> None:
    fields = FIELDS | {"原文": CLAIM.removeprefix("我局")}
    assert check_case(tmp_path, claim(CLAIM) | waived(waiver(**fields))).rules == []


def test_a_claim_with_marks_is_quoted_as_it_is_printed(tmp_path: Path) -> None:
    text = {"依申请公开": "我局收到**1**件[政府信息公开申请](https://example.cn/a)。"}
    assert check_case(tmp_path, text | waived(waiver(**FIELDS))).rules == []


def test_arithmetic_is_waived_by_its_two_numbers(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, WRONG_SUM | waived(waiver(**NUMBERS)))
    assert outcome.rules == []
    finding = outcome.only()
    assert (finding.rule, finding.severity, finding.waived) == ("A101", Severity.ERROR, True)
    assert not outcome.checked.failed


@pytest.mark.parametrize(
    "row",
    [
        {"结果维持": 2, "总计": 4},
        {"结果维持": 1, "总计": 3},
        {"结果维持": 3, "总计": 2},
    ],
)
def test_other_numbers_revive_the_arithmetic(tmp_path: Path, row: dict[str, int]) -> None:
    outcome = check_case(tmp_path, {"行政复议": row} | waived(waiver(**NUMBERS)))
    assert outcome.rules == ["A101", "W901"]
    expected = [row["总计"], row["结果维持"]]
    assert outcome.findings[1].help == f"核实后写成 数值: {expected}"
    assert outcome.checked.failed


def test_arithmetic_is_not_waived_by_words_that_nobody_wrote(tmp_path: Path) -> None:
    told = waived(waiver(**NUMBERS | {"原文": "照抄的话"}))
    assert check_case(tmp_path, WRONG_SUM | told).rules == ["A101", "W901"]


def test_arithmetic_is_not_waived_without_its_numbers(tmp_path: Path) -> None:
    bare = {key: value for key, value in NUMBERS.items() if key != "数值"}
    outcome = check_case(tmp_path, WRONG_SUM | waived(waiver(**bare)))
    assert outcome.rules == ["A101", "W901"]
    assert outcome.findings[1].help == "核实后写成 数值: [3, 2]"


def test_a_waiver_of_one_sum_leaves_the_other(tmp_path: Path) -> None:
    other: Changes = {"复议后起诉": {"结果维持": 2, "总计": "⟦3⟧"}}
    outcome = check_case(tmp_path, WRONG_SUM | other | waived(waiver(**NUMBERS)))
    assert outcome.reported == outcome.expected("A101")


def test_a_row_and_a_column_that_end_in_one_cell_are_waived_apart(tmp_path: Path) -> None:
    """（七）总计 › 总计 closes a row and a column."""
    keys = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
    cell = "收到和处理政府信息公开申请情况/本年度办理结果/总计"
    changes: Changes = {cell: {**dict.fromkeys(keys, 0), "总计": 1}, "本年新收": {"总计": 1}}
    before = check_case(tmp_path, changes)
    assert before.rules == ["A101", "A101", "A102"]
    line = waiver(规则="A102", 位置=f"/{cell}/总计", 数值="[1, 0]", 理由="按原数")
    assert check_case(tmp_path, changes | waived(line)).rules == ["A101", "A101"]


# ── the count


def test_what_is_waived_is_counted_and_told_to_programs(tmp_path: Path) -> None:
    text = report_yaml(changed(base_report(), WRONG_SUM | waived(waiver(**NUMBERS))))
    root = write_repo(tmp_path, **{"2022": text})
    told = run_cli(["check", "--strict"], root)
    assert told.returncode == 0
    assert told.stdout.strip() == "0 个错误，0 个警告，1 个已豁免"
    found = json.loads(run_cli(["check", "--format", "json"], root).stdout)
    assert found["summary"] == {"errors": 0, "warnings": 0, "infos": 0, "waived": 1}
    (finding,) = found["findings"]
    assert (finding["rule"], finding["pointer"], finding["waived"]) == ("A101", CASES, True)
