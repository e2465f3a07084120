"""Judging: every claim of a report against every reading of its tables."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.checks.claims.grammar import Claim, parse_claims
from nianbao.checks.claims.interpretations import (
    Interpretation,
    in_ten_thousands,
    interpretations,
    row_names,
)
from nianbao.checks.claims.lexer import sentences
from nianbao.checks.claims.tokens import WHOLES
from nianbao.checks.visible_text import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report

# 予以公开 9 件，其中部分公开 2 件: a part of what was named before.
_NESTED = re.compile("其中|含|包括|[（(]")


def claims_of(report: Report, covers_subordinates: bool) -> Iterator[tuple[Passage, Claim]]:
    """Every claim in every text of a report, in order."""
    names = row_names(report.form)
    requests = _about(report, "received.new") | _about_block(report)
    cases = _about(report, "reconsideration")
    for pointer, prose in report.texts.items():
        topic = _below(pointer, requests)
        disclosure = topic or _below(pointer, cases)
        passage = Passage.of(prose)
        for tokens in sentences(passage.visible.text, names):
            for claim in parse_claims(
                tokens,
                report.year,
                report.body,
                government=covers_subordinates,
                topic=topic,
                disclosure=disclosure,
            ):
                yield passage, claim


def _about(report: Report, role: str) -> set[Pointer]:
    """The texts that stand beside the table in which a row is."""
    return {
        text.pointer
        for section in report.form.sections
        if any(row.role == role for row in section.rows)
        for text in section.texts
    }


def _about_block(report: Report) -> set[Pointer]:
    return {
        text.pointer
        for section in report.form.sections
        for text in section.texts
        if text.role == "text.requests"
    }


def _below(pointer: Pointer, above: set[Pointer]) -> bool:
    return any(pointer[: len(each)] == each for each in above)


def claimed_value(claim: Claim) -> Decimal:
    """The claimed number in the table's unit."""
    assert claim.number is not None
    value = claim.number.value
    return in_ten_thousands(value) if claim.number.kind == "money" else value


def _fits(claim: Claim, reading: Interpretation) -> bool:
    number = claim.number
    if number is None:
        return not reading.value
    value = Decimal(reading.value)
    return number.fits(value * 10_000 if number.kind == "money" else value)


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A claim, and the likeliest reading of the tables where none fits it."""

    passage: Passage
    claim: Claim
    against: Interpretation | None


def evaluate_claims(report: Report, covers_subordinates: bool) -> list[ClaimResult]:
    """Compare every claim of a report with its tables.

    `covers_subordinates`: the figures of the text include those of the bodies below, as those of
    a government or a township do; a department's are its own.
    """
    judged = []
    claims = list(claims_of(report, covers_subordinates))
    alone = _granted_alone(claims)
    told: dict[tuple[Pointer, tuple[str, ...], str], Decimal] = {}
    for passage, claim in claims:
        found = interpretations(report, claim.names, claim.scope)
        if (passage.prose.pointer, claim.start) in alone:
            found = found[:1]
        # Who denies a thing denies it in its plain sense.
        plausible = found[:1] if claim.number is None else found
        fits = not found or any(_fits(claim, reading) for reading in plausible)
        what = (passage.prose.pointer, claim.names, claim.scope)
        fits = fits or _is_part(claim, told.get(what))
        if fits and claim.number is not None:
            told.setdefault(what, claim.number.value)
        judged.append(ClaimResult(passage, claim, None if fits else found[0]))
    return judged


def _is_part(claim: Claim, told: Decimal | None) -> bool:
    """Whether a smaller number comes after the right one: 予以公开 109 件……区政府予以公开 32 件.

    What came in and was answered is told twice more often than it is divided so.
    """
    if told is None or claim.number is None or set(claim.names) <= WHOLES:
        return False
    return claim.number.value < told


def _granted_alone(claims: list[tuple[Passage, Claim]]) -> set[tuple[Pointer, int]]:
    """Where 予以公开 can't hold 部分公开, since that is told beside it: not in it, as with 其中."""
    alone = set()
    for (passage, left), (_, right) in itertools.pairwise(claims):
        if left.names == ("results.granted",) and right.names == ("results.partial",):
            between = passage.visible.text[left.end : right.start]
            if left.sentence == right.sentence and not _NESTED.search(between):
                alone.add((passage.prose.pointer, left.start))
    return alone
