"""A whole and its parts within one sentence."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.checks.claims.grammar import Claim
    from nianbao.checks.visible_text import Passage
    from nianbao.model.report import Report

_RESULTS: Final = frozenset(
    {
        "results.granted",
        "results.partial",
        "results.refused",
        "results.unavailable",
        "results.unprocessed",
        "results.otherwise",
    }
)
_WHOLES: Final = frozenset({"received", "handled", "concluded", "requests"})


def broken_sums(
    claims: Iterable[tuple[Passage, Claim]], report: Report
) -> Iterator[tuple[Passage, Claim, list[Claim]]]:
    """Wholes whose parts, told in full after them in the sentence, do not add up to them.

    In full: all six results (those that are 0 in the table may be left out), or 自然人 and 法人.
    """
    group: list[Claim] = []
    where: Passage | None = None
    end = -1
    for passage, claim in (*claims, (None, None)):
        if passage is None or claim is None or passage is not where or claim.first > end:
            if where is not None:
                yield from (
                    (where, whole, parts) for whole, parts in _broken_sums_of(group, report)
                )
            group, where = [], passage
        if passage is not None and claim is not None:
            end = claim.sentence
            group.append(claim)


def _broken_sums_of(group: list[Claim], report: Report) -> Iterator[tuple[Claim, list[Claim]]]:
    exact = [c for c in group if c.number is not None and not c.number.above]
    wholes = [c for c in exact if set(c.names) <= _WHOLES and c.scope == "all"]
    if not wholes:
        return
    results = [c for c in exact if set(c.names) <= _RESULTS and c.scope == "all"]
    named = {name for claim in results for name in claim.names}
    concluded = [c for c in wholes if c.names == ("concluded",)]
    if concluded and len(results) > 1 and _complete(named, report):
        yield from _compare(concluded[-1], results)
    applicants = [c for c in exact if c.part and c.scope in ("natural", "legal")]
    if {c.scope for c in applicants} == {"natural", "legal"} and len(applicants) == 2:
        yield from _compare(wholes[0], applicants)


def _complete(named: set[str], report: Report) -> bool:
    told = {
        role
        for row in report.form.rows
        for role in (row.role, row.group_role)
        if role in _RESULTS and any(report.values[cell].amount for cell, _ in row.cells())
    }
    return bool(named) and told <= named


def _compare(whole: Claim, parts: list[Claim]) -> Iterator[tuple[Claim, list[Claim]]]:
    total = sum((part.number.value for part in parts if part.number), Decimal(0))
    if whole.number is not None and total != whole.number.value:
        yield whole, parts
