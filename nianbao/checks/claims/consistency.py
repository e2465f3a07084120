"""Find statements of the prose that contradict each other, or that can contradict the tables."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.lexer import words_of
from nianbao.checks.claims.numerals import find_numerals
from nianbao.checks.claims.tokens import WHOLES
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.checks.claims import ClaimResult
    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.visible_text import Passage
    from nianbao.diagnostics.finding import Pointer

_SENTENCE: Final = re.compile(r"[^。！？!?\n；;]+")
_PART: Final = "其中"
# Words after which a number need not be a part of what was counted before 其中.
_NEW_COUNT: Final = lazy_pattern("同比|增|减|较|比|次|累计|上年|去年")
# Words that leave out some requests: 其余均已办结; 均已按期办结 says nothing of those not yet due.
_EXCEPT: Final = lazy_pattern("其余|除|到期|结转|转入|转下|延期|正在|尚|未|部分|期|按时|时限")


class FigurePlace(NamedTuple):
    """A number or a statement in the prose, with its position.

    `start`, `end`: offsets in the visible text of `passage`; the end is exclusive.
    `value`: the number; 0 for a statement without a number.
    """

    passage: Passage
    start: int
    end: int
    value: Decimal


class ExcessivePart(NamedTuple):
    """A part (其中……231 条) that is greater than its whole (186 条).

    `place`: the number of the part, with its position.
    `whole`: the greatest number before 其中.
    """

    place: FigurePlace
    whole: Decimal


def excessive_parts(passages: Iterable[Passage]) -> Iterator[ExcessivePart]:
    """Yield each part (其中……231 条) that is greater than its whole (186 条).

    The part is the first number after 其中 in a sentence. Only exact numbers with the same measure
    word are compared.
    """
    for passage, start, sentence in sentences_with(passages, _PART):
        before, _, after = sentence.partition(_PART)
        part = next(find_numerals(after), None) if before else None
        if part is None or not is_exact(part) or _NEW_COUNT.search(sentence):
            continue
        counted = [each for each in find_numerals(before) if each.kind == "count"]
        wholes = [each.value for each in counted if each.measure == part.measure]
        inexact = any(not is_exact(each) for each in counted)
        if wholes and not inexact and part.value > max(wholes):
            offset = start + len(before) + len(_PART)
            place = FigurePlace(passage, offset + part.start, offset + part.end, part.value)
            yield ExcessivePart(place, max(wholes))


def unfinished(
    passages: Iterable[Passage], results: Iterable[ClaimResult]
) -> Iterator[FigurePlace]:
    """Yield each statement that all requests were answered: 均已办结.

    The statement must name all requests (所有申请), or their correct number must be in the
    sentence.

    `results`: the claims of the report.
    """
    received: dict[Pointer, list[int]] = {}
    for each in results:
        claim = each.claim
        whole = WHOLES.issuperset(claim.names) and claim.scope == "all" and not claim.is_part
        if each.fitting is not None and claim.number is not None and whole:
            received.setdefault(each.passage.prose.pointer, []).append(claim.start)
    for passage, start, sentence in sentences_with(passages, ""):
        starts = received.get(passage.prose.pointer, ())
        counts = any(start <= each < start + len(sentence) for each in starts)
        match = (_all_done() if counts else _every_done()).search(sentence)
        if match and not says_exception(sentence):
            yield FigurePlace(passage, start + match.start(), start + match.end(), Decimal(0))


def says_exception(sentence: str) -> bool:
    """Return True if a sentence leaves out some requests, with a word such as 其余 or 到期."""
    return _EXCEPT.search(sentence) is not None


def sentences_with(passages: Iterable[Passage], word: str) -> Iterator[tuple[Passage, int, str]]:
    """Yield each sentence that contains a word: its passage, its offset, its text.

    `word`: "" for all sentences.
    """
    for passage in passages:
        if word in passage.visible.text:
            for match in _SENTENCE.finditer(passage.visible.text):
                if word in match.group():
                    yield passage, match.start(), match.group()


def is_exact(number: Numeral) -> bool:
    """Return True if a number is an exact count with a measure word: 5 件, not 约 5 件."""
    return number.kind == "count" and bool(number.measure) and not (number.above or number.below)


@cache
def _all_done() -> re.Pattern[str]:
    """Return a pattern that matches a clause such as 均已按期办结."""
    verbs = alternatives("conclude")
    return re.compile(
        rf"(?:均|全部|都)已?(?:[^，。、：:（）()0-9]{{0,8}})(?:{verbs})(?=[，,）)]|\Z)"
    )


@cache
def _every_done() -> re.Pattern[str]:
    """Return a pattern that matches a clause such as 所有申请均已办结."""
    requests = alternatives("request")
    return re.compile(rf"(?:所有|全部)的?(?:{requests}){_all_done().pattern}")


def alternatives(*kinds: str) -> str:
    """Return a regular expression for any word of some classes of vocabulary.toml.

    `kinds`: the names of the classes.
    """
    words = words_of(frozenset(kinds))
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
