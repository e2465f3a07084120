"""Check that parts (其中自然人 3 件) add up to their whole (收到 5 件) within a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.consistency import alternatives, is_exact
from nianbao.checks.claims.interpretations import columns_of, find_interpretations
from nianbao.checks.claims.numerals import find_numerals
from nianbao.checks.claims.tokens import CONCLUSIONS, WHOLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.checks.claims import ClaimResult
    from nianbao.checks.claims.grammar import Claim
    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.visible_text import Passage
    from nianbao.model.report import Report

_RESULTS: Final = frozenset(
    f"results.{result}"
    for result in ("granted", "partial", "refused", "unavailable", "unprocessed", "otherwise")
)
_APPLICANTS: Final = frozenset({"natural", "legal", "enterprise", "research", "charity"})
_PIECE: Final = re.compile(r"[^，,、；;：:]+")


@dataclass(frozen=True, slots=True)
class BrokenSum:
    """A claim about a whole whose parts add up to another number.

    `whole`: the claim about the whole.
    `total`: the sum of the parts.
    `end`: the offset after the last part, in the visible text of `passage`.
    `parts`: the claims about the parts; () if the parts are channels (网络, 信函).
    """

    passage: Passage
    whole: Claim
    total: Decimal
    end: int
    parts: Sequence[Claim] = ()


def broken_sums(results: Iterable[ClaimResult], report: Report) -> Iterator[BrokenSum]:
    """Yield each total that differs from the sum of its parts in the same sentence.

    Parts are results (予以公开), applicants (自然人) or channels (网络). Channels are wrong only if
    their sum exceeds the total.
    """
    sentences = groupby(results, lambda each: (each.passage.prose.pointer, each.claim.sentence_end))
    for _, group in sentences:
        in_sentence = list(group)
        passage = in_sentence[0].passage
        for whole, parts in _wholes(in_sentence, report) if len(in_sentence) > 2 else ():
            total = _sum_of(parts)
            if whole.number is not None and total != whole.number.value:
                yield BrokenSum(passage, whole, total, parts[-1].quote_end, parts)
        for each in in_sentence:
            if each.fitting is not None and _is_whole(each.claim):
                yield from _channels(passage, each.claim, report)


def _sum_of(claims: Iterable[Claim]) -> Decimal:
    return sum((claim.number.value for claim in claims if claim.number), Decimal(0))


def _is_whole(claim: Claim) -> bool:
    exact = claim.number is not None and is_exact(claim.number)
    return exact and set(claim.names) <= WHOLES and claim.scope == "all" and not claim.is_part


def _wholes(sentence: Iterable[ClaimResult], report: Report) -> Iterator[tuple[Claim, list[Claim]]]:
    """Yield each whole for which a sentence gives all parts, with the claims about these parts."""
    claims = [result.claim for result in sentence]
    exact = [claim for claim in claims if claim.number and not claim.number.above]
    wholes = [claim for claim in exact if set(claim.names) <= WHOLES and claim.scope == "all"]
    results = [claim for claim in exact if set(claim.names) <= _RESULTS and claim.scope == "all"]
    concluded = [claim for claim in wholes if CONCLUSIONS.issuperset(claim.names)]
    if concluded and len(results) > 1 and _complete(results, report):
        yield concluded[-1], results
    applicants = [claim for claim in exact if claim.is_part and claim.scope in _APPLICANTS]
    if wholes and _all_applicants([claim.scope for claim in applicants], report):
        total = _sum_of(applicants)
        # 新收 38 件，办结 36 件，其中自然人…: the parts may be those of any whole.
        if all(whole.number and whole.number.value != total for whole in wholes):
            yield wholes[0], applicants


def _all_applicants(scopes: list[str], report: Report) -> bool:
    """Return True if `scopes` are all columns for which requests came in, each once."""
    if "natural" not in scopes or len(scopes) < 2:
        return False
    columns = [columns_of(scope) for scope in scopes]
    named = frozenset[str]().union(*columns)
    if len(named) < sum(map(len, columns)):
        return False
    return all(
        column.role in named or column.total or not report.values[cell].amount
        for row in report.form.rows
        if row.role in ("received.new", "received.carried")
        for cell, column in row.cells()
    )


def _complete(results: Iterable[Claim], report: Report) -> bool:
    """Return True if the claims are about all results that are not 0 in the table."""
    named = {name for claim in results for name in claim.names}
    return all(
        role in named
        for row in report.form.rows
        for role in (row.role, row.group_role)
        if role in _RESULTS and any(report.values[cell].amount for cell, _ in row.cells())
    )


def _channels(passage: Passage, whole: Claim, report: Report) -> Iterator[BrokenSum]:
    """Yield a whole if the channels directly after it add up to more than the whole."""
    assert whole.number is not None
    rest = passage.visible.text[whole.number.stop : whole.sentence_end]
    parts = _channel_parts(rest) if _channel().search(rest) else []
    total = sum((part.value for part in parts), Decimal(0))
    if len(parts) < 2 or any(part.measure != whole.number.measure for part in parts):
        return
    known = [each.value for each in find_interpretations(report, ("handled",), "all")]
    if total > max(whole.number.value, *known):
        yield BrokenSum(passage, whole, total, whole.number.stop + parts[-1].stop)


def _channel_parts(text: str) -> list[Numeral]:
    """Return the numbers in a list of channels; [] if it is unclear what they count.

    Their offsets are offsets in `text`.
    """
    parts: list[Numeral] = []
    for piece in _PIECE.finditer(text):
        inside = piece.group()
        numbers = [each for each in find_numerals(inside) if each.kind != "other"]
        if not numbers:
            continue
        nested = parts and "其中" in inside
        if len(numbers) > 1 or nested or not is_exact(numbers[0]) or not _channel().search(inside):
            break
        (number,) = numbers
        start = piece.start()
        parts.append(
            number._replace(
                start=start + number.start, end=start + number.end, stop=start + number.stop
            )
        )
    return parts


@cache
def _channel() -> re.Pattern[str]:
    return re.compile(alternatives("channel"))
