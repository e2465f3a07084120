"""Check that parts (其中自然人 3 件) add up to their whole (收到 5 件) within a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.tokens import WHOLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.checks.claims import ClaimResult
    from nianbao.checks.claims.grammar import Claim
    from nianbao.checks.visible_text import Passage
    from nianbao.model.report import Report

_RESULTS: Final = frozenset(
    f"results.{result}"
    for result in ("granted", "partial", "refused", "unavailable", "unprocessed", "otherwise")
)


@dataclass(frozen=True, slots=True)
class BrokenSum:
    """A claim about a whole, and the claims about its parts, which add up to something else."""

    passage: Passage
    whole: Claim
    parts: list[Claim]


def broken_sums(results: Iterable[ClaimResult], report: Report) -> Iterator[BrokenSum]:
    """Yield each whole whose parts are all given in the sentence but add up to something else.

    The parts are the six results, or 自然人 and 法人. A result that is 0 in the table can be left
    out.
    """
    sentences = groupby(results, lambda each: (each.passage.prose.pointer, each.claim.sentence_end))
    for _, group in sentences:
        in_sentence = list(group)
        for whole, parts in _wholes(in_sentence, report):
            total = sum((part.number.value for part in parts if part.number), Decimal(0))
            if whole.number is not None and total != whole.number.value:
                yield BrokenSum(in_sentence[0].passage, whole, parts)


def _wholes(sentence: Iterable[ClaimResult], report: Report) -> Iterator[tuple[Claim, list[Claim]]]:
    """Yield each whole for which a sentence gives all parts, with the claims about its parts."""
    claims = [result.claim for result in sentence]
    exact = [claim for claim in claims if claim.number and not claim.number.above]
    wholes = [claim for claim in exact if set(claim.names) <= WHOLES and claim.scope == "all"]
    results = [claim for claim in exact if set(claim.names) <= _RESULTS and claim.scope == "all"]
    concluded = [claim for claim in wholes if claim.names == ("concluded",)]
    if concluded and len(results) > 1 and _complete(results, report):
        yield concluded[-1], results
    applicants = [claim for claim in exact if claim.is_part and claim.scope in ("natural", "legal")]
    if wholes and sorted(claim.scope for claim in applicants) == ["legal", "natural"]:
        yield wholes[0], applicants


def _complete(results: Iterable[Claim], report: Report) -> bool:
    """Return True if the claims name every result that is not 0 in the table."""
    named = {name for claim in results for name in claim.names}
    return all(
        role in named
        for row in report.form.rows
        for role in (row.role, row.group_role)
        if role in _RESULTS and any(report.values[cell].amount for cell, _ in row.cells())
    )
