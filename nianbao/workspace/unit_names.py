"""Find the unit that a wrong name probably refers to.

Typical causes are a typing error, another ending (局, 委) or a missing county.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_COUNTY: Final = re.compile(r".*[省市县縣区區旗州盟]")
# Endings that stand for one another when a body is renamed or its name is shortened.
_ENDING: Final = re.compile(r"(?:管理局|局|委员会|委|办公室|办|中心|街道|镇|乡)$")
# In a shorter name one other character makes another body: 教育局, 体育局.
_LONG: Final = 4
# The part that distinguishes bodies of one kind: 第一中学, 东城街道.
_ORDINAL: Final = re.compile("[0-9一二三四五六七八九十东西南北]")
# GB 2312 orders its common characters by pronunciation: this far apart they often sound alike.
_SAME_SOUND: Final = 12


def similar_unit(name: str, known: Iterable[str]) -> str:
    """Return the first known unit that is similar to a wrong name, or "".

    The wrong name may have a typing error, another ending (局, 委) or no county. Short forms such
    as 卫健委 are recognized.

    `name`: a folder below reports/, such as 青山县/水利局.
    `known`: the folders of the known units.
    """
    wanted = _normalized(name)
    return next((each for each in known if _is_similar(wanted, _normalized(each))), "")


def _normalized(name: str) -> str:
    # Blanks, full or half width, and upper or lower case do not matter.
    return re.sub(r"[\s/\\]", "", unicodedata.normalize("NFKC", name)).casefold()


def _is_similar(name: str, known: str) -> bool:
    short, long = sorted((name, known), key=len)
    # Only the county before the body is missing.
    if long.endswith(short) and _COUNTY.fullmatch(long.removesuffix(short) or "县"):
        return True
    # Only the ending (局, 委) differs.
    bodies = [_ENDING.sub("", each) for each in (short, long) if _ENDING.search(each)]
    if len(bodies) == 2 and bodies[0] == bodies[1]:
        return True
    start = end = 0  # the number of equal characters before and after what differs
    while start < len(short) and short[start] == long[start]:
        start += 1
    while end < len(short) - start and short[-1 - end] == long[-1 - end]:
        end += 1
    one, other = short[start : len(short) - end], long[start : len(long) - end]
    if _ORDINAL.search(one + other) or len(short) < 2:
        return False
    if len(one) == len(other) == 1:
        # Input methods confuse characters that sound alike (水力局, 水利局).
        return _is_likely_typo(short, start) or _sound_alike(one, other)
    if len(one) == len(other):
        # Two characters are swapped.
        return one == other[::-1] and len(one) == 2
    # One character is missing or extra, or a name is a short form (卫健委).
    return (not one and len(other) == 1) or _is_short_form(short, long)


def _is_likely_typo(name: str, at: int) -> bool:
    """Return True if a wrong character in a name is probably a typing error.

    It is not if another character there would make the name of another county or body. `at`: the
    offset of the character.
    """
    county = _COUNTY.match(name)
    start = county.end() if county else 0
    body = _ENDING.sub("", name[start:])
    return at >= start + len(body) or (at >= start and len(body) >= _LONG)


def _is_short_form(short: str, long: str) -> bool:
    """Return True if `short` is a short form of `long`.

    Both begin alike, and `short` has characters of `long` in the same order.
    """
    county = _COUNTY.match(short)
    start = county.end() if county else 0
    rest = iter(long[start:])
    body = _ENDING.sub("", short[start:])
    ordered = all(character in rest for character in body)
    return (
        ordered and 1 < len(body) < len(short) - start and short[: start + 1] == long[: start + 1]
    )


def _sound_alike(one: str, other: str) -> bool:
    try:
        codes = [character.encode("gb2312") for character in (one, other)]
    except UnicodeEncodeError:  # a traditional or a rare character
        return True
    first, second = (code[0] * 94 + code[-1] for code in codes)
    return one > "\x7f" < other and abs(first - second) <= _SAME_SOUND
