"""Remove Markdown markers, invisible characters and needless blanks from texts.

The rules of family P and the waivers use the result, the visible text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.utils.characters import INVISIBLE

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Span
    from nianbao.model.report import Prose, Report

_LINK_END: Final = (
    r"\]\([^()\s]{0,400}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?(?: {1,3}\"[^\"\n]{0,200}\")?\)"
)
# Removed before claims are searched, because characters that are not printed could hide a claim.
_REMOVED: Final = re.compile(
    rf"\[(?=[^\[\]\n]{{0,400}}{_LINK_END})|{_LINK_END}"
    r"|\\(?=[\\`*_{}\[\]<>#+\-.!|~&])"
    rf"|[*`_{INVISIBLE}]+"
    # Keep a blank only between digits or Latin words, and only an ordinary one.
    r"|[^\S\n ]+|(?<![A-Za-z0-9]) +| ++(?![A-Za-z0-9])"
)


@dataclass(frozen=True, slots=True)
class VisibleText:
    """The part of a text that a reader can see.

    `text`: the visible part.
    `removed`: pairs of an offset in `text` and the number of characters removed before it.
    """

    text: str
    removed: tuple[tuple[int, int], ...] = ()

    def source_offset(self, offset: int) -> int:
        """Convert an offset in the visible text into an offset in the original text."""
        index = bisect_right(self.removed, offset, key=lambda removal: removal[0])
        return offset + (self.removed[index - 1][1] if index else 0)


def visible_text(text: str) -> VisibleText:
    """Return the visible part of a text, without Markdown markers and invisible characters."""
    pieces: list[str] = []
    removed: list[tuple[int, int]] = []
    end = count = 0
    for match in _REMOVED.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        count += end - match.start()
        removed.append((end - count, count))
    return VisibleText("".join([*pieces, text[end:]]), tuple(removed))


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a report with its visible part.

    The offsets of claims are offsets in `visible.text`.
    """

    prose: Prose
    visible: VisibleText

    @classmethod
    def of(cls, prose: Prose) -> Passage:
        """Pair a text with its visible part."""
        return cls(prose, visible_text(prose.rendered))

    def quote(self, start: int, end: int) -> str:
        """Return `visible.text[start:end]` without blanks at its ends, for a message."""
        return self.visible.text[start:end].strip()

    def span(self, report: Report, start: int, end: int) -> Span:
        """Return the position of `visible.text[start:end]` in the file."""
        first, last = self.visible.source_offset(start), self.visible.source_offset(end - 1) + 1
        return self.prose.span(report.source, first, last)
