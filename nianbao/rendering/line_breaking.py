"""Break long titles and the signature into lines (GB/T 9704-2012)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

# The text area (版心) of 156 mm holds twenty characters of 二号 (22 pt).
TITLE_WIDTH: Final = 20.0
# A line of 28 characters less two at the right, and two for a date that begins further left.
SIGNATURE_WIDTH: Final = 24.0
# Longer texts are broken at the limit without regard to words.
_MAX_WIDTH: Final = 200.0
# Penalties for a line that ends inside a word, and for one line more than necessary. A difference
# of one character in width costs 1.
_BROKEN_WORD: Final = 30.0
_FURTHER_LINE: Final = 12.0

# Good positions to break the name of a body: after a place name, an organ, or punctuation.
_AFTER: Final = re.compile(
    r"(?:自治[区州县旗]|[省州盟旗县镇乡]|(?<!城)市(?![场政民容辖])|区(?![域块划])|街道|人民政府|办事处"
    r"|委员会|管理委员会|[厅局部办院会署](?!公)|中心|公司|学校|[、，）》”])"
)
_BEFORE: Final = re.compile(r"[（《“和与及暨]")
_WORD: Final = re.compile(r"[0-9A-Za-z.,/-]+年?")
_NOT_FIRST: Final = "、，。：；？！）》」』”’"
_NOT_LAST: Final = "（《「『“‘"


def text_width(text: str) -> float:
    """Return the width of a text: 1 per full-width character, 0.5 per other character."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)


def is_date_longer(body: str, date: str) -> bool:
    """Return True if the date of a signature is wider than the body's name."""
    # GB/T 9704-2012 7.3.5.2: the date begins two characters right of the start of the body's name.
    # A date that is longer than the name ends two characters before the right edge.
    return text_width(date) > text_width(body)


def balance_lines(text: str, limit: float = TITLE_WIDTH) -> tuple[str, ...]:
    """Break a text between words into few lines of similar width.

    `limit`: the greatest width of a line, in full-width characters.
    """
    # GB/T 9704-2012 7.3.1: a title of several lines is broken between units of meaning, into lines
    # of similar length. One line more than necessary is allowed if this avoids bad breaks.
    total = text_width(text)
    if total <= limit:
        return (text,)
    if total > _MAX_WIDTH:
        return tuple(text[i : i + int(limit)] for i in range(0, len(text), int(limit)))
    fewest = int(-(-total // limit))
    costs = {count: _best_breaks(text, count, limit) for count in (fewest, fewest + 1)}
    costs[fewest + 1] = (costs[fewest + 1][0] + _FURTHER_LINE, costs[fewest + 1][1])
    return min(costs.values())[1]


def _best_breaks(text: str, count: int, limit: float) -> tuple[float, tuple[str, ...]]:
    """Break a text into `count` lines at the lowest cost; return the cost and the lines."""
    mean = text_width(text) / count
    good = {match.end() for match in _AFTER.finditer(text)}
    good |= {match.start() for match in _BEFORE.finditer(text)}
    never = {
        place
        for place in range(1, len(text))
        if text[place] in _NOT_FIRST or text[place - 1] in _NOT_LAST
    }
    never |= {p for word in _WORD.finditer(text) for p in range(word.start() + 1, word.end())}

    @cache
    def rest(start: int, lines: int) -> tuple[float, tuple[str, ...]]:
        if lines == 1:
            line = text[start:]
            over = text_width(line) > limit
            return (float("inf") if over else (text_width(line) - mean) ** 2), (line,)
        ways = []
        for end in range(start + 1, len(text) - lines + 2):
            line = text[start:end]
            if text_width(line) > limit:
                break
            if end in never:
                continue
            cost, lines_after = rest(end, lines - 1)
            broken = 0.0 if end in good else _BROKEN_WORD
            ways.append((cost + (text_width(line) - mean) ** 2 + broken, (line, *lines_after)))
        return min(ways, default=(float("inf"), (text[start:],)))

    return rest(0, count)
