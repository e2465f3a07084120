"""Text for a terminal: its width, and nothing in it that moves the cursor or turns the direction.

What is printed may quote a stranger's pull request, names of files included.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# All but the characters that need no look: ASCII, Chinese and its punctuation.
UNUSUAL: Final = re.compile("[^ -~\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
STEERING: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})


def sanitize(text: str) -> str:
    """Text with a space for each control character, so that the others keep their places."""

    def replaced(match: re.Match[str]) -> str:
        return " " if unicodedata.category(match.group()) in STEERING else match.group()

    return UNUSUAL.sub(replaced, text)


def display_width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two, combining marks none."""
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )
