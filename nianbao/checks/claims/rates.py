"""Find rates and shares that contradict other numbers of the prose."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.consistency import (
    FigurePlace,
    alternatives,
    is_exact,
    says_exception,
    sentences_with,
)
from nianbao.checks.claims.lexer import words_of
from nianbao.checks.claims.numerals import Numeral, find_numerals
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.checks.visible_text import Passage

_PERCENT: Final = r"(?P<rate>[0-9]{1,4}(?:\.[0-9]{1,4})?)[%％]"
_SHARE: Final = lazy_pattern(
    r"[（(，,]?约?占(?:比例?|(?:申请|办结|答复|办理|受理)?总[数量]|总申请量)?[为约的]{0,2}"
    + _PERCENT
)
_PARAGRAPH: Final = re.compile(r"[^\n]+")
_STOP: Final = "。！？!?"
_MOST_WHOLES: Final = 12  # numbers before a share of which it can be the share
_FEWEST_SHARES: Final = 3
_MOST_SHARES: Final = 40
# How far a share can be from the exact one, in units of its last digit, and what is surely wrong.
_ROUNDED: Final = Decimal("1.05")
_WRONG: Final = Decimal(3)


class WrongRate(NamedTuple):
    """A rate or share that contradicts the numbers before it.

    `place`: the wrong rate, or the number with the wrong share.
    `written`, `right`: the rate or share as written and as computed, in per cent.
    """

    place: FigurePlace
    written: Decimal
    right: Decimal


class _Share(NamedTuple):
    """A number with its share of a whole.

    `percent`: the share in per cent. `unit`: the unit of its last digit, such as 0.1 for 80.6%.
    """

    number: Numeral
    percent: Decimal
    unit: Decimal

    def error(self, whole: Decimal) -> Decimal:
        """Return how far the written share is from the exact share, in multiples of `unit`."""
        return abs(self.number.value * 100 / whole - self.percent) / self.unit


def excessive_rates(passages: Iterable[Passage]) -> Iterator[FigurePlace]:
    """Yield each rate (办结率) above 100 %; its `value` is in per cent."""
    for passage, start, sentence in sentences_with(passages, "率"):
        for match in _rates().finditer(sentence):
            rate = Decimal(match["rate"])
            if rate > 100:
                yield FigurePlace(
                    passage, start + match.start("rate"), start + match.end("rate"), rate
                )


def wrong_rates(passages: Iterable[Passage]) -> Iterator[WrongRate]:
    """Yield each rate that contradicts the two numbers before it: 收到12件，办结11件，办结率100%.

    Both numbers must be directly before the rate. Sentences that leave out some requests (其余,
    按期) are skipped.
    """
    for passage, start, sentence in sentences_with(passages, "率"):
        match = _answered_rate().search(sentence)
        if match is None or says_exception(sentence):
            continue
        numbers = [
            each for each in find_numerals(sentence[: match.start("rate")]) if is_exact(each)
        ]
        if [each.start for each in numbers] != [match.start("came"), match.start("done")]:
            continue
        came, done = numbers
        rate = Decimal(match["rate"])
        if came.measure == done.measure and 0 < done.value <= came.value and rate <= 100:
            share = _Share(done, rate, _unit(match["rate"]))
            if share.error(came.value) > _ROUNDED:
                first, last = start + match.start("rate"), start + match.end("rate")
                right = _rounded(done.value * 100 / came.value)
                yield WrongRate(FigurePlace(passage, first, last, rate), rate, right)


def wrong_shares(passages: Iterable[Passage]) -> Iterator[WrongRate]:
    """Yield the wrong share of each list of shares in which only one is wrong.

    The last share is wrong in 5 件，占 50%；3 件，占 30%；2 件，占 60%. The whole is the sum, or a
    number before the list.
    """
    for passage in passages:
        if "占" not in passage.visible.text:
            continue
        for paragraph in _PARAGRAPH.finditer(passage.visible.text):
            if paragraph.group().count("占") >= _FEWEST_SHARES:
                yield from _wrong_in(passage, paragraph.start(), paragraph.group())


def _wrong_in(passage: Passage, start: int, paragraph: str) -> Iterator[WrongRate]:
    numbers = [each for each in find_numerals(paragraph) if each.kind == "count"]
    shares: list[_Share] = []
    before: list[Decimal] = []
    for number, following in itertools.zip_longest(numbers, numbers[1:]):
        match = _SHARE.match(paragraph, number.stop)
        if match and is_exact(number):
            shares.append(_Share(number, Decimal(match["rate"]), _unit(match["rate"])))
        before.append(number.value)
        gap = paragraph[number.stop : following.start] if following else _STOP
        if not set(gap).isdisjoint(_STOP):
            wrong = _outlier(shares, before[-_MOST_WHOLES - len(shares) :])
            if wrong is not None:
                share, right = wrong
                first, last = start + share.number.start, start + share.number.end
                place = FigurePlace(passage, first, last, share.number.value)
                yield WrongRate(place, share.percent, right)
            shares = []


def _outlier(shares: Sequence[_Share], numbers: Sequence[Decimal]) -> tuple[_Share, Decimal] | None:
    """Return the share that is wrong, and the right share in per cent; None if no share is wrong.

    All shares but one must be shares of the same whole. `numbers`: the numbers that can be the
    whole.
    """
    if not _FEWEST_SHARES <= len(shares) <= _MOST_SHARES:
        return None
    total = sum((share.number.value for share in shares), Decimal(0))
    wholes = [whole for whole in {*numbers, total} if whole]
    for whole in wholes:
        others = [share for share in shares if share.error(whole) > _ROUNDED]
        if len(others) == 1:
            (share,) = others
            if all(share.error(each) > _WRONG for each in wholes):
                return share, _rounded(share.number.value * 100 / whole)
    return None


def _unit(written: str) -> Decimal:
    return Decimal(1).scaleb(-len(written.partition(".")[2]))


def _rounded(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.1"))


@cache
def _rates() -> re.Pattern[str]:
    rate = r"[为达到是约高]{0,3}(?P<rate>[0-9]{3,}(?:\.[0-9]+)?)[%％]"
    return re.compile(f"(?:{alternatives('rate')}){rate}")


@cache
def _answered_rate() -> re.Pattern[str]:
    """Return a pattern that matches two numbers and a rate: 受理 12 件，办结 11 件，办结率 100%."""
    answers = words_of(frozenset({"conclude"}))
    rates = "|".join(word for word in words_of(frozenset({"rate"})) if word[:-1] in answers)
    gap = r"[^，,。；;：:（）()0-9]{0,16}"
    unit = r"[^，,0-9]{1,3}[，,]"
    return re.compile(
        rf"(?:{alternatives('receive', 'handle')}){gap}(?P<came>[0-9]+){unit}"
        rf"(?:已|共|均)?(?:{alternatives('conclude')})(?P<done>[0-9]+){unit}"
        rf"(?:{rates})[为达到是]{{0,2}}{_PERCENT}"
    )
