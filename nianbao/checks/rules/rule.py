"""What a rule is: an ID, a severity, a function that yields hits, and a page of documentation."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from nianbao.checks.rules.equations import Equation, broken_equations
from nianbao.diagnostics.finding import Finding, Pointer, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from nianbao.checks.claims import ClaimResult
    from nianbao.model.report import Number, Report
    from nianbao.parsing.reader import Location

MAX_VIOLATIONS = 200


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """Last year's report as the rules see it.

    `report` is None where there is no file or where it has errors; `name` is the file's name and
    `older` says that reports of still earlier years are there. `named` is the year in the name of
    this year's file where it is another than the report's, so that last year's can't be told.
    """

    name: str
    exists: bool
    older: bool
    report: Report | None
    named: int | None = None


@dataclass(frozen=True)  # no slots: cached properties need __dict__
class Context:
    """What a rule may look at: the report, last year's, and the settings of the repository."""

    report: Report
    previous: PreviousReport
    body_kind: str
    deadline: date | None

    @cached_property
    def claims(self) -> list[ClaimResult]:
        """Every claim of the prose, compared with the tables."""
        from nianbao.checks.claims import evaluate_claims

        return evaluate_claims(self.report, self.body_kind)

    @cached_property
    def broken_equations(self) -> list[Equation]:
        """The identities of the tables that do not hold."""
        return broken_equations(self.report)

    @property
    def last(self) -> Report | None:
        """Last year's report, if it can be compared with: sound, and really of last year."""
        report = self.previous.report
        return report if report is not None and report.year == self.report.year - 1 else None


@dataclass(frozen=True, slots=True)
class Violation:
    """What a rule found: where, what, and the mend. Without `span` it points at the value.

    `quote` is the words found fault with, `numbers` the written and the expected number: what a
    waiver is given for. `note` is what readers of the published report are told under the table
    if it is waived.
    """

    pointer: Pointer
    message: str
    help: str
    span: Span | None = None
    quote: str = ""
    numbers: tuple[Number, ...] = ()
    note: str = ""


def strip_markup(text: str) -> str:
    """The text without blanks and Markdown's marks."""
    return re.sub(r"[\s*_#`>]+", "", text)


def _span(mark: Location) -> Span:
    """What stands on lines of its own is meant as a whole and pointed at by its key."""
    apart = mark.key is not None and mark.value.line != mark.key.line
    return mark.key_or_value if mark.literal or apart else mark.value


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. Its page is the docstring of `check`: title, why, an example that fails, one that
    passes (see docs/adding-rules.md).
    """

    id: str
    severity: Severity
    check: Callable[[Context], Iterator[Violation]]

    @property
    def documentation(self) -> str:
        """The rule's documentation in Markdown, its title on the first line."""
        return inspect.getdoc(self.check) or ""

    @property
    def title(self) -> str:
        """The first line of the page."""
        return self.documentation.split("\n", 1)[0].rstrip("。")

    def run(self, context: Context) -> Iterator[Finding]:
        """What the rule finds in a report; of very many, the first."""
        source = context.report.source
        for hit in islice(self.check(context), MAX_VIOLATIONS):
            span = hit.span or _span(source.location_of(hit.pointer))
            yield Finding(
                self.id,
                self.severity,
                source.path,
                span,
                hit.pointer,
                hit.message,
                hit.help,
                # A waiver's words stand on one line.
                quote=" ".join(hit.quote.split()),
                numbers=hit.numbers,
                note=hit.note,
            )
