"""A rule: an ID, a severity, a function that yields violations, and a page of documentation."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from nianbao.checks.rules.equations import Equation, broken_equations
from nianbao.diagnostics.finding import Edit, Finding, Pointer, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from nianbao.checks.claims import ClaimResult
    from nianbao.checks.rules.body_kinds import BodyKind
    from nianbao.model.report import Number, Report
    from nianbao.model.source import Location, Source

MAX_VIOLATIONS = 200


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """Last year's report for the rules that compare years.

    `report` is None if the file is missing or has errors; `has_older` says that there are reports
    of earlier years. `year_in_name` is the year in the name of this year's file if it is not the
    year of the report: the file of the year before is unknown then.
    """

    name: str
    exists: bool
    has_older: bool
    report: Report | None
    year_in_name: int | None = None


@dataclass(frozen=True)  # no slots: cached properties need __dict__
class Context:
    """All that a rule may use: the report, last year's, the kind of body and its deadline."""

    report: Report
    previous: PreviousReport
    body_kind: BodyKind
    deadline: date | None

    @cached_property
    def claims(self) -> list[ClaimResult]:
        """Every claim of the prose, compared with the tables."""
        from nianbao.checks.claims import evaluate_claims

        return evaluate_claims(self.report, self.body_kind.covers_subordinates)

    @cached_property
    def broken_equations(self) -> list[Equation]:
        """The equations of the tables that do not hold."""
        return broken_equations(self.report)

    @property
    def last_year(self) -> Report | None:
        """Last year's report, or None if it is missing, has errors or is of another year."""
        report = self.previous.report
        return report if report is not None and report.year == self.report.year - 1 else None


@dataclass(frozen=True, slots=True)
class Violation:
    """What breaks a rule, at a pointer. Without `span`, the location of the value is reported.

    A waiver refers to `quote`, the text that is wrong, or to `numbers`, the written and the
    expected one. The outputs print `note` under the table if the finding is waived. `edits` fix it.
    """

    pointer: Pointer
    message: str
    help: str
    span: Span | None = None
    quote: str = ""
    numbers: tuple[Number, ...] = ()
    note: str = ""
    edits: tuple[Edit, ...] = ()


def strip_markup(text: str) -> str:
    """Return the text without blanks and the special characters of Markdown."""
    return re.sub(r"[\s*_#`>]+", "", text)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. The docstring of `check` is its page: title, reason, an example that fails and one
    that passes (see docs/adding-rules.md).
    """

    id: str
    severity: Severity
    check: Callable[[Context], Iterator[Violation]]

    @property
    def documentation(self) -> str:
        """The page in Markdown, with the title on the first line."""
        return inspect.getdoc(self.check) or ""

    def run(self, context: Context) -> Iterator[Finding]:
        """Yield the findings of a report, at most MAX_VIOLATIONS."""
        for violation in islice(self.check(context), MAX_VIOLATIONS):
            yield self.finding(context.report.source, violation)

    def finding(self, source: Source, violation: Violation) -> Finding:
        """Return a violation as a finding of this rule."""
        return Finding(
            self.id,
            self.severity,
            source.path,
            violation.span or _span(source.location_of(violation.pointer)),
            violation.pointer,
            violation.message,
            violation.help,
            quote=" ".join(violation.quote.split()),  # one line, as a waiver quotes it
            numbers=violation.numbers,
            note=violation.note,
            edits=violation.edits,
        )


def _span(location: Location) -> Span:
    """Return the span of the key for a value on lines of its own, else that of the value."""
    apart = location.key is not None and location.value.line != location.key.line
    return location.key_or_value if location.literal or apart else location.value
