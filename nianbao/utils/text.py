"""Text for terminals and messages: without control characters, measured, shortened.

It may quote a pull request from outside, file names included.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from nianbao.utils.characters import CONTROL_CATEGORIES, MAYBE_CONTROL

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


def sanitize(text: str) -> str:
    """Return a text with a space for each control character, so that offsets stay."""

    def replaced(match: re.Match[str]) -> str:
        return " " if unicodedata.category(match.group()) in CONTROL_CATEGORIES else match.group()

    return MAYBE_CONTROL.sub(replaced, text)


def shorten(text: str, limit: int, ellipsis: str = "……") -> str:
    """Return the first `limit` characters of a text, and an ellipsis if there are more."""
    return text if len(text) <= limit else text[:limit] + ellipsis


def join_first(items: Iterable[str], limit: int = 8) -> str:
    """Return the first items as a Chinese list, and an ellipsis if there are more."""
    every = list(items)
    return "、".join(every[:limit]) + ("……" if len(every) > limit else "")


def display_width(text: str) -> int:
    """Return the columns a text takes on a terminal: Chinese two, combining marks none."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
