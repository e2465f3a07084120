"""Parse the numbers in prose: 1,200, １２００, 一千二百, 1.2万, 50余件, 约30件, 12.5万元."""

from __future__ import annotations

import re
import string
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from nianbao.model.numbers import number_value

if TYPE_CHECKING:
    from collections.abc import Iterator

NumeralKind = Literal["count", "money", "other"]

_MEASURES: Final = "件次|件|条|宗|份|起|项|例|个|封|部(?![门委队分位署])"
_SCALES: Final = {"千": 1000, "万": 10_000, "亿": 100_000_000}
_D = r"[0-9０-９]"
_NUMERAL = re.compile(
    # Test the first character first: most characters can't start a numeral.
    rf"""(?=[\s0-9０-９〇零一二三四五六七八九十百千两约近将大超逾不至最])
    (?P<before>约为|约|近|将近|大约|超过|超|逾|不足|不到|至少|最多)?\s{{0,3}}
    (?P<value>
        {_D}{{1,3}}(?:[,，]{_D}{{3}})+(?!{_D})(?:\.{_D}+)?
      | {_D}{{1,3}}(?:[ ]{_D}{{3}})+(?!{_D})
      | {_D}+(?:[.．]{_D}+)?
      | (?<![〇零一二三四五六七八九十百千两])[〇零一二三四五六七八九十百千两]{{1,12}}
        (?:万[零一二三四五六七八九十百千两]{{1,12}})?
        (?=(?:余|多)?[万亿]?\s*(?:{_MEASURES}|万?元))
      | (?<=[为是])零(?![零一二三四五六七八九十])
    )
    (?P<more>余|多|几)?\s*(?P<scale>[万亿千](?!人|字|平|亩|家|户|公里))?(?P<more2>余|多)?\s*
    (?P<measure>{_MEASURES}|元)?
    (?P<after>左右|以上|以内|上下)?
    """,
    re.VERBOSE,
)
# After a measure word: 5个工作日, 3项制度, 12件次 count something else.
_OTHER_UNIT = re.compile(
    r"[次套]|工作日|方面|部门|单位|平台|网站|栏目|工作|自然日|月|小时|类|大|板块|制度|环节"
)
_END_WITHOUT_UNIT = re.compile(r"\s*(?:[，。；、：,;:)）（(！!？?]|\Z|其中|\*|均|全部|已)")
_NOT_BEFORE = re.compile(
    r"(?:第|每|每一|同|任|〔|\[|【|-|—|/|No\.?|[0-9] |：[0-9]{1,2}|[A-Za-z0-9])\Z"
)
# The last character of what _NOT_BEFORE finds, and the first one of what _OTHER_UNIT finds.
_ENDS_NOT_BEFORE = frozenset("第每一同任〔[【-—/. ") | frozenset(
    string.ascii_letters + string.digits
)
_STARTS_OTHER_UNIT = frozenset("次套工方部单平网栏自月小类大板制环")
_SEVERAL = frozenset("几数上")  # 数十件, but 总数 32 件
_LONGEST = 40  # characters of a number; arithmetic with a million digits overflows
# Tolerances, as shares of the number.
_EXACT, _ABOUT, _SOME_MORE, _FAR_LESS = map(Decimal, ("0", "0.2", "0.3", "0.5"))


class Numeral(NamedTuple):
    """A number in a text.

    `start`, `end`: the offsets of the number, with 万 or 亿; the end is exclusive.
    `stop`: the offset after the measure word (件), or after a word such as 左右.
    `value`: the number, with 万 or 亿 multiplied out; money is in 元.
    `kind`: count, money, or other for a number that counts nothing (第3项).
    `measure`: the measure word, or "".
    `below`, `above`: the tolerance on each side, as a fraction of `value`; 0 if exact.
    """

    start: int
    end: int
    stop: int
    value: Decimal
    kind: NumeralKind
    measure: str
    below: Decimal
    above: Decimal

    def fits(self, value: Decimal) -> bool:
        """Return True if `value` is within the tolerance of this number."""
        return self.value * (1 - self.below) <= value <= self.value * (1 + self.above)


def find_numerals(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[Numeral]:
    """Yield the numbers of a text, or of a part of the text, in order.

    `start`, `end`: the offsets of the part; the end is exclusive.
    """
    for match in _NUMERAL.finditer(text, start, end):
        numeral = _numeral(text, match)
        if numeral is not None:
            yield numeral


def _numeral(text: str, match: re.Match[str]) -> Numeral | None:
    before, written, more, scale, more2, measure, after = match.groups("")
    start, stop = match.start("value"), match.end()
    if len(written) > _LONGEST:
        return None
    try:
        value = Decimal(written) if written.isdecimal() else number_value(written)
    except ValueError:
        return None
    kind: NumeralKind = "count"
    before_it, after_it = text[start - 1 : start], text[stop : stop + 1]
    several = not written[0].isdigit() and before_it in _SEVERAL
    if measure == "元":
        kind = "money"
    elif (
        several
        or (before_it in _ENDS_NOT_BEFORE and _NOT_BEFORE.search(text[max(start - 4, 0) : start]))
        or (
            after_it in _STARTS_OTHER_UNIT and _OTHER_UNIT.match(text, stop)
            if measure
            else not _END_WITHOUT_UNIT.match(text, stop)
        )
    ):
        kind = "other"
    below = above = _EXACT
    if more or more2:
        above = _SOME_MORE
    if before in ("不足", "不到"):
        below = _FAR_LESS
    elif before or after:
        below = above = _ABOUT
    if scale and not above and value:
        # 1.2万 is rounded to its last digit.
        below = above = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1) / value
    end = match.end("scale") if scale else match.end("value")
    value = value * _SCALES[scale] if scale else value
    return Numeral(start, end, stop, value, kind, measure, below, above)
