"""Find the claims of the prose (what it says about numbers), and compare them with the tables.

docs/prose.md explains the steps. Imports only `visible_text` and packages below `checks`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.checks.claims.grammar import Claim, parse_claims
from nianbao.checks.claims.grammar.context import Facts
from nianbao.checks.claims.interpretations import (
    Interpretation,
    case_texts,
    find_interpretations,
    request_texts,
    row_names,
)
from nianbao.checks.claims.lexer import sentences
from nianbao.checks.claims.tokens import WHOLES
from nianbao.checks.visible_text import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.checks.claims.tokens import Names
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report

# Words that make a number a part of the number before: 予以公开 9 件，其中部分公开 2 件.
_NESTED = re.compile("其中|含|包括|[（(]")


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim and the result of its comparison with the tables.

    `expected`: the likeliest interpretation if the tables contradict the claim, else None.
    """

    passage: Passage
    claim: Claim
    expected: Interpretation | None


def evaluate_claims(report: Report, covers_subordinates: bool) -> list[ClaimResult]:
    """Compare every claim of a report with its tables.

    `covers_subordinates`: True if the figures of the text include those of subordinate bodies, as
    for a government or a township; False for a department.
    """
    results = []
    claims = list(_claims(report, covers_subordinates))
    exclusive = _exclusive_grants(claims)
    confirmed: dict[tuple[Pointer, Names, str], Decimal] = {}
    for passage, claim in claims:
        pointer = passage.prose.pointer
        found = find_interpretations(report, claim.names, claim.scope)
        # A denial, or a 予以公开 without 部分公开, allows only the likeliest interpretation.
        plain = claim.number is None or (pointer, claim.start) in exclusive
        fits = not found or any(_fits(claim, each) for each in (found[:1] if plain else found))
        what = (pointer, claim.names, claim.scope)
        fits = fits or _is_part(claim, confirmed.get(what))
        if fits and claim.number is not None:
            confirmed.setdefault(what, claim.number.value)
        results.append(ClaimResult(passage, claim, None if fits else found[0]))
    return results


def claimed_value(claim: Claim) -> Decimal:
    """Return the number of a claim in the table's unit: money in 万元."""
    assert claim.number is not None
    value = claim.number.value
    return value / 10_000 if claim.number.kind == "money" else value


def _claims(report: Report, covers_subordinates: bool) -> Iterator[tuple[Passage, Claim]]:
    """Yield every claim of every text of a report with its passage, in order."""
    names = row_names(report.form)
    requests, cases = request_texts(report.form), case_texts(report.form)
    for pointer, prose in report.texts.items():
        about_requests = _is_below(pointer, requests)
        facts = Facts(
            report.year,
            report.body,
            covers_subordinates,
            about_requests,
            about_requests or _is_below(pointer, cases),
        )
        passage = Passage.of(prose)
        for tokens in sentences(passage.visible.text, names):
            for claim in parse_claims(tokens, facts):
                yield passage, claim


def _is_below(pointer: Pointer, texts: frozenset[Pointer]) -> bool:
    return any(pointer[: len(each)] == each for each in texts)


def _fits(claim: Claim, interpretation: Interpretation) -> bool:
    number = claim.number
    if number is None:
        return not interpretation.value
    value = Decimal(interpretation.value)
    return number.fits(value * 10_000 if number.kind == "money" else value)


def _is_part(claim: Claim, confirmed: Decimal | None) -> bool:
    """Return True for a part of the `confirmed` number: 予以公开 109 件……区政府予以公开 32 件.

    A part is smaller. Return False for requests received or answered: a text more often repeats
    such a number than divides it.
    """
    if confirmed is None or claim.number is None or set(claim.names) <= WHOLES:
        return False
    return claim.number.value < confirmed


def _exclusive_grants(claims: list[tuple[Passage, Claim]]) -> set[tuple[Pointer, int]]:
    """Return pointer and start of each claim about 予以公开 that cannot include 部分公开.

    It cannot if a claim about 部分公开 comes next in the sentence and is not a part (其中……).
    """
    exclusive = set()
    for (passage, left), (_, right) in itertools.pairwise(claims):
        if left.names == ("results.granted",) and right.names == ("results.partial",):
            between = passage.visible.text[left.end : right.start]
            if left.sentence_end == right.sentence_end and not _NESTED.search(between):
                exclusive.add((passage.prose.pointer, left.start))
    return exclusive
