"""Define a rule: an ID, a severity, a function that yields violations, and a help page."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from nianbao.checks.rules.equations import Equation, broken_equations
from nianbao.checks.visible_text import Passage
from nianbao.diagnostics.finding import Edit, Finding, Pointer, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from nianbao.checks.claims import ClaimResult
    from nianbao.checks.rules.body_kinds import BodyKind
    from nianbao.checks.summation import UnitContext
    from nianbao.model.report import Number, Report
    from nianbao.model.source import Location, Source

MAX_VIOLATIONS = 200


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """Last year's report, for the rules that compare years.

    `name`: the name of last year's file; "" if this year's file name lacks its 年度.
    `year_in_name`: the wrong year in the name of this year's file, or None.
    `exists`: True if last year's file exists.
    `has_older`: True if only reports of earlier years exist.
    `report`: None if last year's file is missing or has errors.
    """

    name: str
    exists: bool
    has_older: bool
    report: Report | None
    year_in_name: int | None = None


@dataclass(frozen=True)  # no slots: cached properties need __dict__
class Context:
    """The input of a rule.

    `previous`: last year's report.
    `deadline`: the last day to publish, or None if there is none.
    `units`: the input of the rules that compare several units, or None to skip them.
    """

    report: Report
    previous: PreviousReport
    body_kind: BodyKind
    deadline: date | None
    units: UnitContext | None = None

    @cached_property
    def claims(self) -> list[ClaimResult]:
        """The claims of the prose, each compared with the tables."""
        from nianbao.checks.claims import evaluate_claims

        covers_subordinates = self.body_kind.covers_subordinates
        return evaluate_claims(self.report, self.passages, covers_subordinates)

    @cached_property
    def passages(self) -> list[Passage]:
        """The texts of the report, each with its visible part."""
        return [Passage.of(prose) for prose in self.report.texts.values()]

    @cached_property
    def broken_equations(self) -> list[Equation]:
        """The equations of the tables whose two sums differ."""
        return broken_equations(self.report)

    @property
    def last_year(self) -> Report | None:
        """Last year's report; None if it is missing, has errors or has another 年度."""
        report = self.previous.report
        return report if report is not None and report.year == self.report.year - 1 else None


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where a report breaks a rule.

    `span`: the position; None to use the value at `pointer`.
    `quote`: the wrong text, which a waiver repeats.
    `numbers`: the written number, then the expected number; a waiver repeats both.
    `note`: text that outputs print under the table if the finding is waived.
    `edits`: edits of the file that remove the cause.
    `severity`: None to use the severity of the rule.
    """

    pointer: Pointer
    message: str
    help: str
    span: Span | None = None
    quote: str = ""
    numbers: tuple[Number, ...] = ()
    note: str = ""
    edits: tuple[Edit, ...] = ()
    severity: Severity | None = None


def strip_markup(text: str) -> str:
    """Return the text without blanks and without the special characters of Markdown."""
    return re.sub(r"[\s*_#`>]+", "", text)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule; the docstring of `check` is its help page (see docs/adding-rules.md).

    `repeats`: True if a report can have several violations at one pointer, with different quotes.
    """

    id: str
    severity: Severity
    check: Callable[[Context], Iterator[Violation]]
    # The command `diff` then matches the findings of two versions by pointer and quote, else by
    # pointer alone.
    repeats: bool = False

    @property
    def documentation(self) -> str:
        """The help page in Markdown, with the title on the first line."""
        return inspect.getdoc(self.check) or ""

    def run(self, context: Context) -> Iterator[Finding]:
        """Yield the findings of this rule for a report, at most MAX_VIOLATIONS."""
        for violation in islice(self.check(context), MAX_VIOLATIONS):
            yield self.finding(context.report.source, violation)

    def finding(self, source: Source, violation: Violation) -> Finding:
        """Return the finding of this rule for a violation in the report file `source`."""
        return Finding(
            self.id,
            violation.severity or self.severity,
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
    """Return the span of a value, or of its key if the value is a block or begins further down."""
    apart = location.key is not None and location.value.line != location.key.line
    return location.key_or_value if location.literal or apart else location.value
