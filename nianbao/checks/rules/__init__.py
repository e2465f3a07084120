"""List the rules and run them."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.checks.rules import (
    amounts,
    characters,
    citations,
    content,
    copied_text,
    dates,
    placeholders,
    previous_year,
    problems,
    proofreading,
    prose,
    stale_year,
    totals,
    units,
)
from nianbao.checks.rules.rule import Context, Rule, Violation
from nianbao.checks.rules.waivers import apply_waivers
from nianbao.diagnostics.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.model.source import Source

_ERROR, _WARNING, _INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

RULES: Final[tuple[Rule, ...]] = (
    Rule("A101", _ERROR, totals.check_row_totals),
    Rule("A102", _ERROR, totals.check_column_totals),
    Rule("A103", _ERROR, totals.check_balance),
    Rule("Y201", _WARNING, previous_year.check_carry_over),
    Rule("Y202", _WARNING, previous_year.check_stock),
    Rule("Y203", _WARNING, previous_year.check_gap),
    Rule("Y204", _WARNING, previous_year.check_same_body),
    Rule("Y205", _WARNING, previous_year.check_previous_report_usable),
    Rule("P301", _WARNING, prose.check_numbers, repeats=True),
    Rule("P302", _WARNING, prose.check_denials, repeats=True),
    Rule("P303", _WARNING, prose.check_sums, repeats=True),
    Rule("P304", _WARNING, prose.check_parts, repeats=True),
    Rule("P305", _INFO, prose.check_finished, repeats=True),
    Rule("P306", _WARNING, prose.check_rates, repeats=True),
    Rule("F401", _WARNING, dates.check_deadline),
    Rule("F402", _WARNING, dates.check_signed_before_end),
    Rule("F403", _WARNING, dates.check_edition),
    Rule("F404", _WARNING, dates.check_period, repeats=True),
    Rule("F405", _WARNING, stale_year.check_stale_year, repeats=True),
    Rule("F406", _WARNING, dates.check_published_before_signed),
    Rule("F407", _WARNING, dates.check_broken_dates, repeats=True),
    Rule("F411", _WARNING, content.check_empty_block, repeats=True),
    Rule("F412", _INFO, content.check_figureless_block),
    Rule("F413", _INFO, content.check_long_overview),
    Rule("F414", _WARNING, copied_text.check_copied_block),
    Rule("F415", _WARNING, placeholders.check_placeholder, repeats=True),
    Rule("F416", _WARNING, content.check_requests_reported),
    Rule("F417", _INFO, content.check_fees_reported),
    Rule("F418", _WARNING, content.check_problems_reported),
    Rule("F419", _INFO, problems.check_measures),
    Rule("F421", _WARNING, amounts.check_fee_unit),
    Rule("F422", _WARNING, amounts.check_regulations),
    Rule("F423", _WARNING, characters.check_invisible, repeats=True),
    Rule("F424", _WARNING, placeholders.check_import_doubts),
    Rule("F425", _WARNING, citations.check_citations, repeats=True),
    Rule("F426", _INFO, citations.check_section_names),
    Rule("F427", _INFO, problems.check_speaks_of_others, repeats=True),
    Rule("F431", _INFO, proofreading.check_half_width_punctuation),
    Rule("F432", _INFO, proofreading.check_full_width_digits),
    Rule("F433", _INFO, proofreading.check_double_blanks),
    Rule("F434", _INFO, proofreading.check_straight_quotes),
    Rule("F435", _INFO, proofreading.check_broken_paragraph),
    Rule("H601", _WARNING, units.check_sums),
    Rule("H602", _WARNING, units.check_outdated_sum, repeats=True),
    Rule("H603", _WARNING, units.check_missing_units, repeats=True),
    Rule("H604", _WARNING, units.check_unusable_units, repeats=True),
    Rule("H605", _WARNING, units.check_listed),
    Rule("H606", _WARNING, units.check_listed_name),
)
# The rules whose findings say that a report is not finished.
UNFINISHED: Final = frozenset(("F415", "F424"))
# What the table of units says besides the state, by the rule that has found it.
REMARKS: Final = {
    "H605": "不在名单里",
    "H606": "名称和名单里的不同",
    "F403": "格式不是这一年的",
}
ARITHMETIC: Final = tuple(rule for rule in RULES if rule.id.startswith("A"))
PROOFREADING: Final = tuple(rule for rule in RULES if "F431" <= rule.id <= "F435")


@dataclass(frozen=True, slots=True)
class RuleResults:
    """The result of running the rules.

    `findings`: the findings of all rules, with waivers applied.
    `failures`: a log for each rule that raised an exception.
    """

    findings: tuple[Finding, ...]
    failures: tuple[str, ...]


def run_rules(context: Context, rules: Sequence[Rule] = RULES) -> RuleResults:
    """Run the rules on a report, and apply its waivers.

    An exception in a rule becomes a finding, and a log in `failures`.
    """
    findings: list[Finding] = []
    failures: dict[str, str] = {}
    source = context.report.source
    for rule in rules:
        try:
            findings += rule.run(context)
        except Exception as error:  # noqa: BLE001 - a bug in one rule must not stop the others
            failures[rule.id] = f"{rule.id} {source.path}\n{traceback.format_exc()}"
            message = f"规则 {rule.id} 出错了，没有查完：{type(error).__name__}: {error}"
            help_ = "这是程序的毛病，不是报告的；请把下面的记录报告给开发者"
            span = source.location_of(()).value
            findings.append(Finding(rule.id, _WARNING, source.path, span, (), message, help_))
    known = [rule.id for rule in rules]
    # Without the units the H rules find nothing, and their waivers are needed all the same.
    unchecked = [id_ for id_ in known if id_.startswith("H") and context.units is None]
    findings = apply_waivers(context.report, findings, known, [*failures, *unchecked])
    return RuleResults(tuple(findings), tuple(failures.values()))


def rule_of(check: Callable[[Context], Iterator[Violation]]) -> Rule:
    """Return the rule whose check is the function `check`."""
    return next(rule for rule in RULES if rule.check is check)


def find_open_marks(source: Source) -> list[Finding]:
    """Return the findings about draft marks (F415) and comments of the command `import` (F424).

    Unlike the rules, this function works for a file with errors of structure.
    """
    placeholder = rule_of(placeholders.check_placeholder)
    doubt = rule_of(placeholders.check_import_doubts)
    return [
        *(placeholder.finding(source, violation) for violation in placeholders.draft_marks(source)),
        *(doubt.finding(source, violation) for violation in placeholders.import_doubts(source)),
    ]
