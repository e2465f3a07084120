"""An exception in a rule is reported, and everything else is checked as usual."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nianbao.checks.rules import RULES, run_rules
from nianbao.checks.rules.body_kinds import BODY_KINDS
from nianbao.checks.rules.rule import Context, PreviousReport, Rule, Violation
from nianbao.diagnostics.finding import FILE_START, Severity
from nianbao.model.form import load_form
from nianbao.model.report import compile_report
from nianbao.parsing.reader import parse_source
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import Changes, changed, report_yaml
from tests.checks.rules.waiver_cases import FIELDS, waived, waiver
from tests.support import run_python, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG_SUM: Changes = {"行政复议": {"结果维持": 2, "总计": 3}}


def context(changes: Changes) -> Context:
    source = parse_source(
        report_yaml(changed(base_report(), changes)).encode(), "reports/2022.yaml"
    )
    report, faults = compile_report(source, load_form(2021))
    assert not faults
    nothing = PreviousReport("", False, False, None)
    return Context(report, nothing, BODY_KINDS["县级以上部门"], None)


def break_at_once(_context: Context) -> Iterator[Violation]:
    raise ZeroDivisionError("injected")
    yield


def break_after_one(_context: Context) -> Iterator[Violation]:
    yield Violation(("机关",), "先找到一个", "")
    raise RecursionError("injected")


def without(rule: str) -> list[Rule]:
    return [each for each in RULES if each.id != rule]


@pytest.mark.parametrize("place", [0, 3, len(RULES) - 1])
def test_other_rules_still_report_their_findings(place: int) -> None:
    rules = without("F402")
    rules.insert(place, Rule("F402", Severity.WARNING, break_at_once))
    results = run_rules(context(WRONG_SUM), rules)
    found = {finding.rule: finding for finding in results.findings}
    assert set(found) == {"A101", "F402"}
    assert found["F402"].message == "规则 F402 出错了，没有查完：ZeroDivisionError: injected"
    assert found["F402"].severity is Severity.WARNING
    assert found["F402"].path == "reports/2022.yaml"
    assert found["F402"].span.line == FILE_START.line


def test_log_names_the_rule_the_report_and_the_function() -> None:
    results = run_rules(context({}), [Rule("F402", Severity.WARNING, break_at_once)])
    (log,) = results.failures
    assert log.startswith("F402 reports/2022.yaml\nTraceback (most recent call last):")
    assert "in break_at_once" in log
    assert log.rstrip().endswith("ZeroDivisionError: injected")


def test_findings_before_the_exception_are_kept() -> None:
    results = run_rules(context({}), [Rule("F402", Severity.WARNING, break_after_one)])
    assert [finding.message for finding in results.findings] == [
        "先找到一个",
        "规则 F402 出错了，没有查完：RecursionError: injected",
    ]


def test_each_broken_rule_is_reported() -> None:
    rules = [Rule(rule, Severity.WARNING, break_at_once) for rule in ("F402", "F403")]
    results = run_rules(context({}), rules)
    assert [finding.rule for finding in results.findings] == ["F402", "F403"]
    assert len(results.failures) == 2


def test_waiver_of_a_broken_rule_is_not_called_unused() -> None:
    rules = [*without("P301"), Rule("P301", Severity.WARNING, break_at_once)]
    results = run_rules(context(waived(waiver(**FIELDS))), rules)
    assert [finding.rule for finding in results.findings] == ["P301"]


def test_keyboard_interrupt_is_not_caught() -> None:
    def interrupt(_context: Context) -> Iterator[Violation]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        run_rules(context({}), [Rule("F402", Severity.WARNING, interrupt)])


# ── the program, with a rule that raises an exception for one of three reports

BREAK = """
import dataclasses, sys
import nianbao.checks.rules as rules

def check(context):
    '''坏规则。'''
    if context.report.year == 2023:
        raise ZeroDivisionError("injected")
    yield from ()

broken = rules.Rule("F402", rules.Severity.WARNING, check)
listed = tuple(broken if rule.id == "F402" else rule for rule in rules.RULES)
rules.run_rules.__defaults__ = (listed,)

from nianbao.cli.main import main
main(sys.argv[1:])
"""


def three_reports(tmp_path: Path) -> Path:
    # Different bodies, so that no report is last year's of another.
    return write_repo(
        tmp_path,
        甲局__2022=report_yaml(changed(base_report(), {"成文日期": "2023-02-03"})),
        乙局__2023=report_yaml(changed(base_report(2023), {"成文日期": "2024-02-03"})),
        丙局__2024=report_yaml(changed(base_report(2024), {"成文日期": "2025-02-03"})),
    )


def test_check_reports_a_broken_rule_and_exits_with_3(tmp_path: Path) -> None:
    done = run_python(BREAK, three_reports(tmp_path), "check", TMPDIR=str(tmp_path))
    assert done.returncode == 3
    assert "规则 F402 出错了，没有查完：ZeroDivisionError: injected" in done.stdout
    assert done.stdout.count("规则 F402 出错了") == 1
    # The other rules check this report too, and the other reports are checked.
    assert re.findall(r"reports/(.局)/.*? F401", done.stdout) == ["丙局", "乙局", "甲局"]
    assert "Traceback" not in done.stdout + done.stderr
    log = re.search(r"请把 (\S+) 的内容报告给开发者", done.stderr)
    assert log is not None
    log_text = Path(log.group(1)).read_text("utf-8")
    assert "F402 reports/乙局/2023.yaml" in log_text
    assert "ZeroDivisionError: injected" in log_text


def test_build_writes_all_outputs_and_exits_with_3(tmp_path: Path) -> None:
    root = three_reports(tmp_path)
    done = run_python(BREAK, root, "build", "--to", "md", TMPDIR=str(tmp_path))
    assert done.returncode == 3
    written = sorted(file.relative_to(root).as_posix() for file in root.glob("output/*/*.md"))
    assert written == ["output/丙局/2024.md", "output/乙局/2023.md", "output/甲局/2022.md"]


def test_check_of_the_same_reports_without_the_broken_rule_exits_with_0(tmp_path: Path) -> None:
    code = "import sys; from nianbao.cli.main import main; main(sys.argv[1:])"
    assert run_python(code, three_reports(tmp_path), "check").returncode == 0
