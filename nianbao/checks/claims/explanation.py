"""Explain how the program reads each number and each denial (无, 未收到) in the prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nianbao.checks.claims import evaluate_claims, read_prose
from nianbao.checks.claims.grammar import Unread
from nianbao.checks.claims.interpretations import describe_interpretation
from nianbao.checks.claims.lexer import words_of
from nianbao.checks.claims.numerals import find_numerals
from nianbao.checks.claims.tokens import NEGATIONS, Reason
from nianbao.checks.visible_text import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.checks.claims import ClaimResult
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation of how the program reads a number or a denial in the prose.

    `start`, `end`: offsets in the visible text of `passage`; the end is exclusive.
    `meaning`: a Chinese text: the cells and their value, or the reason for no comparison.
    `agrees`: True if the tables agree, False if not, None without a comparison.
    """

    passage: Passage
    start: int
    end: int
    meaning: str
    agrees: bool | None = None


def explain_prose(report: Report, covers_subordinates: bool) -> Iterator[Explanation]:
    """Yield an explanation of every number and every denial in the prose, in order.

    `covers_subordinates`: True if the figures in the prose include those of subordinate bodies.
    """
    passages = [Passage.of(prose) for prose in report.texts.values()]
    results = evaluate_claims(report, passages, covers_subordinates)
    known = [_of_claim(report, each) for each in results]
    known += [
        Explanation(passage, each.start, each.end, _because(each.reason, each.words))
        for passage, each in read_prose(report, passages, covers_subordinates)
        if isinstance(each, Unread)
    ]
    by_text: dict[Pointer, list[Explanation]] = {}
    for explanation in known:
        by_text.setdefault(explanation.passage.prose.pointer, []).append(explanation)
    denials = [each for each in results if each.claim.number is None]
    for text in passages:
        pointer = text.prose.pointer
        of_text = by_text.get(pointer, [])
        taken = {each.start for each in of_text}
        taken.update(
            each.claim.quote_start for each in denials if each.passage.prose.pointer == pointer
        )
        yield from sorted([*of_text, *_others(text, taken)], key=lambda e: e.start)


def _of_claim(report: Report, result: ClaimResult) -> Explanation:
    claim = result.claim
    start = claim.start if claim.number else claim.quote_start
    compared = result.fitting or result.expected
    if compared is None:
        reason = result.reason or Reason.NOT_BOUND
        return Explanation(result.passage, start, claim.end, _because(reason, claim.unclear))
    meaning = f"{describe_interpretation(report, compared)}：{compared.value}"
    return Explanation(result.passage, start, claim.end, meaning, result.fitting is not None)


def _because(reason: Reason, words: Iterable[str]) -> str:
    quoted = "".join(f"“{word}”" for word in words)
    return f"{reason}{f'（{quoted}）' if quoted else ''}"


def _others(passage: Passage, taken: set[int]) -> Iterator[Explanation]:
    """Yield explanations of the numbers and denials whose offsets are not in `taken`."""
    text = passage.visible.text
    for numeral in find_numerals(text):
        if numeral.start not in taken:
            reason = Reason.NOT_A_COUNT if numeral.kind == "other" else Reason.NOTHING_NAMED
            yield Explanation(passage, numeral.start, numeral.stop, str(reason))
    for match in _denials().finditer(text):
        if match.start() not in taken and match.group() in words_of(NEGATIONS):
            yield Explanation(passage, match.start(), match.end(), str(Reason.NOTHING_NAMED))


@cache
def _denials() -> re.Pattern[str]:
    """Return a pattern of words that deny, and of words that begin alike but deny nothing: 无法."""
    denials = tuple(words_of(NEGATIONS))
    words = [word for word in words_of() if word.startswith(denials)]
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
