"""Prose as its lines, each a paragraph; what the prints pass over makes no difference."""

from __future__ import annotations

import re
from typing import Final

_BLANKS: Final = " \u3000\u00a0\t"
# Indents count before the items of a list alone.
_ITEM: Final = re.compile(r"[ \t]*(?:[*+-]|[0-9]{1,9}\.)[ ]+\S")


def lines_of(text: str) -> list[str]:
    """The lines of a prose without blanks around them that nothing prints.

    A blank line is none, but for one between two lines of tables: it ends the first.
    """
    lines: list[str] = []
    parted = False
    for raw in text.split("\n"):
        line = raw.rstrip(_BLANKS)
        line = line if _ITEM.match(line) else line.lstrip(_BLANKS)
        if line:
            tables = bool(lines) and lines[-1].startswith("|") and line.startswith("|")
            lines += [""] if parted and tables else []
            lines.append(line)
        parted = not line
    return lines
