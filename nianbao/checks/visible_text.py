"""A text as its reader sees it: without Markdown's marks, invisible characters and idle blanks.

The P rules read this, so that nothing which the printed page doesn't show can hide a claim from
them; so do the waivers, which quote it.
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
_UNSEEN: Final = re.compile(
    rf"\[(?=[^\[\]\n]{{0,400}}{_LINK_END})|{_LINK_END}"
    r"|\\(?=[\\`*_{}\[\]<>#+\-.!|~&])"
    rf"|[*`_{INVISIBLE}]+"
    # Between figures or Latin words a blank says where one ends; a wide one only sets them apart.
    r"|[^\S\n ]+|(?<![A-Za-z0-9]) +| ++(?![A-Za-z0-9])"
)


@dataclass(frozen=True, slots=True)
class VisibleText:
    """What is seen of a text; `cuts` are the places in it where something is left out, with how
    much up to there.
    """

    text: str
    removed: tuple[tuple[int, int], ...] = ()

    def source_offset(self, offset: int) -> int:
        """Where a character of what is seen stands in the whole text."""
        index = bisect_right(self.removed, offset, key=lambda cut: cut[0])
        return offset + (self.removed[index - 1][1] if index else 0)


def visible_text(text: str) -> VisibleText:
    """What is seen of a text."""
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    end = left_out = 0
    for match in _UNSEEN.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        left_out += end - match.start()
        cuts.append((end - left_out, left_out))
    return VisibleText("".join([*pieces, text[end:]]), tuple(cuts))


@dataclass(frozen=True, slots=True)
class Passage:
    """A text, and what is seen of it: the places of claims are places in that."""

    prose: Prose
    visible: VisibleText

    @classmethod
    def of(cls, prose: Prose) -> Passage:
        """The passage that a prose is."""
        return cls(prose, visible_text(prose.rendered))

    def quote(self, first: int, last: int) -> str:
        """Words of it, to be shown."""
        return self.visible.text[first:last].strip()

    def span(self, report: Report, start: int, end: int) -> Span:
        """Where a stretch stands in the file."""
        first, last = self.visible.source_offset(start), self.visible.source_offset(end - 1) + 1
        begin, length = self.prose.written_span(first, last)
        return report.source.span_of_text(self.prose.pointer, self.prose.source_text, begin, length)
