"""Clean, measure, shorten and align text for terminals and messages."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from nianbao.utils.characters import CONTROL_CATEGORIES, MAYBE_CONTROL

if TYPE_CHECKING:
    import re
    from collections.abc import Container, Iterable, Sequence
    from typing import TextIO

_COLUMNS: Final = 80
_GAP: Final = "  "


def escape_unencodable(stream: TextIO) -> None:
    """Make a stream print escapes for the characters that its encoding lacks.

    GBK on a Chinese Windows console lacks some characters of a report.
    """
    # A pipe on Windows, or a terminal without a locale, may lack all Chinese characters.
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def sanitize(text: str) -> str:
    """Replace each control character by one space, without changing any offset."""

    def replaced(match: re.Match[str]) -> str:
        return " " if unicodedata.category(match.group()) in CONTROL_CATEGORIES else match.group()

    return MAYBE_CONTROL.sub(replaced, text)


def shorten(text: str, limit: int, ellipsis: str = "……") -> str:
    """Return the first `limit` characters of a text, with an ellipsis if the text is longer."""
    return text if len(text) <= limit else text[:limit] + ellipsis


def join_first(items: Iterable[str], limit: int = 8) -> str:
    """Join the first `limit` items with 、; add an ellipsis if there are more items."""
    every = list(items)
    return "、".join(every[:limit]) + ("……" if len(every) > limit else "")


def display_width(text: str) -> int:
    """Return the width of a text in terminal columns.

    A Chinese character takes two columns, a combining mark none.
    """
    return sum(map(_columns, text))


@lru_cache(maxsize=8192)
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad_width(text: str, columns: int, *, right: bool = False) -> str:
    """Return a text padded with spaces to at least `columns` terminal columns.

    `right`: align the text to the right.
    """
    blanks = " " * (columns - display_width(text))
    return blanks + text if right else text + blanks


def fit_width(text: str, columns: int) -> str:
    """Shorten a text to a width in terminal columns; … replaces its middle.

    The end is not cut, because names often begin alike: 青山县…建设局.
    """
    if display_width(text) <= columns:
        return text
    room = max(columns - display_width("…"), 0)
    head = _start_of_width(text, room // 2)
    tail = _start_of_width(text[::-1], room - display_width(head))[::-1]
    return f"{head}…{tail}"


def align_columns(
    rows: Sequence[Sequence[str]], *, right: Container[int] = (), flexible: Sequence[int] = (0,)
) -> list[str]:
    """Return the rows of a table as aligned lines of at most 80 terminal columns.

    `right`: the indices of the table's columns to align to the right.
    `flexible`: the indices of the table's columns to shorten if a line is too long.
    """
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    excess = sum(widths) + len(_GAP) * (len(widths) - 1) - _COLUMNS
    while excess > 0 and any(widths[each] for each in flexible):
        # The widest column is shortened first.
        widest, *others = sorted(flexible, key=lambda each: -widths[each])
        most = max((widths[each] for each in others), default=0)
        cut = min(excess, max(widths[widest] - most, 1))
        widths[widest] = max(widths[widest] - cut, 0)
        excess -= cut
    return [_line(row, widths, right) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int], right: Container[int]) -> str:
    cells = []
    for number, (text, width) in enumerate(zip(row, widths, strict=True)):
        cell = fit_width(text, width)
        blanks = " " * (width - display_width(cell))
        cells.append(blanks + cell if number in right else cell + blanks)
    return _GAP.join(cells).rstrip()


def _start_of_width(text: str, columns: int) -> str:
    """Return the longest beginning of a text that takes at most `columns` terminal columns."""
    for number, character in enumerate(text):
        columns -= display_width(character)
        if columns < 0:
            return text[:number]
    return text
