"""Prose as its lines, each a paragraph; what the prints pass over makes no difference."""

from __future__ import annotations

import re
from typing import Final

_BLANKS: Final = " \u3000\u00a0\t"
# Indents count before the items of a list alone.
_ITEM: Final = re.compile(r"[ \t]*(?:[*+-]|[0-9]{1,9}\.)[ ]+\S")


def lines_of(text: str) -> list[str]:
    """The lines of a prose that are not blank, without blanks around them that nothing prints."""
    lines = (line.rstrip(_BLANKS) for line in text.split("\n"))
    return [line if _ITEM.match(line) else line.lstrip(_BLANKS) for line in lines if line]
