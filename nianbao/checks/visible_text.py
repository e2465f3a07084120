"""Visible text: prose without Markdown's markers, invisible characters and needless blanks.

The P rules read it, so that nothing which is not printed can hide a claim; waivers quote it.
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
_REMOVED: Final = re.compile(
    rf"\[(?=[^\[\]\n]{{0,400}}{_LINK_END})|{_LINK_END}"
    r"|\\(?=[\\`*_{}\[\]<>#+\-.!|~&])"
    rf"|[*`_{INVISIBLE}]+"
    # A blank separates digits or Latin words; a wide one does not.
    r"|[^\S\n ]+|(?<![A-Za-z0-9]) +| ++(?![A-Za-z0-9])"
)


@dataclass(frozen=True, slots=True)
class VisibleText:
    """The visible part of a text.

    `removed` has, for each removal, its offset in `text` and how many characters were removed
    from the start to there.
    """

    text: str
    removed: tuple[tuple[int, int], ...] = ()

    def source_offset(self, offset: int) -> int:
        """Return the offset in the whole text of an offset in the visible one."""
        index = bisect_right(self.removed, offset, key=lambda removal: removal[0])
        return offset + (self.removed[index - 1][1] if index else 0)


def visible_text(text: str) -> VisibleText:
    """Return the visible part of a text."""
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
    """A text of a report with its visible part; offsets of claims are in that."""

    prose: Prose
    visible: VisibleText

    @classmethod
    def of(cls, prose: Prose) -> Passage:
        """Return the passage of a prose."""
        return cls(prose, visible_text(prose.rendered))

    def quote(self, start: int, end: int) -> str:
        """Return a stretch of the visible text, to be shown."""
        return self.visible.text[start:end].strip()

    def span(self, report: Report, start: int, end: int) -> Span:
        """Return the span in the file of a stretch of the visible text."""
        first, last = self.visible.source_offset(start), self.visible.source_offset(end - 1) + 1
        begin, length = self.prose.written_span(first, last)
        return report.source.span_of_text(self.prose.pointer, self.prose.source_text, begin, length)
