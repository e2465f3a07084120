"""Join lines of texts that are wrapped at a fixed width, such as texts from a PDF."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.document import Remark, SourceParagraph
from nianbao.importing.readers.builder import EDGES
from nianbao.importing.readers.grids import display_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nianbao.importing.document import SourceTable

JOINED: Final = "每行同样长的文字按段接了起来，请核对分段"
_SLACK: Final = 3  # columns that a full line may lack
_UNBROKEN: Final = re.compile(r"[!-~]+")  # a number or a word is not broken
_FEWEST_CUT: Final = 5  # lines that show that a text is wrapped
_STOP: Final = re.compile(r"[。！？：；!?:;…]$")
NUMBERING: Final = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]{1,2}(?!\d)|第[一二三四五六七八九十]{1,3}[条章部]|[①-⑳•·●◆*-]"
)
_START: Final = re.compile(rf"[\s\u3000]|{NUMBERING.pattern}|附件|注[：:]")


class Wrap(NamedTuple):
    """The way in which a text is wrapped.

    `width`: the length of its longest line.
    `measure`: returns the length of a line, in characters or in columns of a terminal.
    """

    width: int
    measure: Callable[[str], int]

    def goes_on(self, before: str, text: str) -> bool:
        """Return True if the line `text` continues the paragraph of the line `before`."""
        before = before.rstrip()
        if _STOP.search(before) or _START.match(text):
            return False
        unbroken = _UNBROKEN.match(text)
        room = max(_SLACK, self.measure(unbroken[0]) if unbroken else 0)
        return self.measure(before) >= self.width - room


def wrapping_of(lines: Sequence[str]) -> Wrap | None:
    """Return how the prose of a text is wrapped; None if it is not wrapped."""
    # Many lines have the same length and no full stop at their ends, and no line is longer.
    prose = [line.rstrip() for line in lines if not re.search(r"\S\s+\S", line)]
    ways: dict[int, Wrap] = {}  # by how many lines are cut
    for measure, least, most, slack in ((display_width, 40, 120, _SLACK), (len, 20, 60, 0)):
        lengths = [measure(line) for line in prose]
        width = max(lengths, default=0)
        full = [
            line for line, length in zip(prose, lengths, strict=True) if length >= width - slack
        ]
        cut = sum(not _STOP.search(line) for line in full)
        if least <= width <= most and cut >= _FEWEST_CUT:
            ways.setdefault(cut, Wrap(width, measure))
    return ways[max(ways)] if ways else None


def joined_lines(before: str, rest: str) -> str:
    """Return two lines of a wrapped text as one line.

    Between two Latin letters, a blank is inserted.
    """
    # Only Latin words are broken at blanks; Chinese text and numbers are broken anywhere.
    words = all(end.isascii() and end.isalpha() for end in (before[-1:], rest[:1]))
    return before + (" " if words else "") + rest


def join_paragraphs(
    blocks: Iterable[SourceParagraph | SourceTable],
) -> tuple[list[SourceParagraph | SourceTable], list[Remark]]:
    """Join the lines of wrapped texts into paragraphs; return all blocks, and remarks.

    There is one remark if lines were joined, and none otherwise.
    """
    blocks = list(blocks)
    wrap = wrapping_of([block.text for block in blocks if isinstance(block, SourceParagraph)])
    if wrap is None:
        return blocks, []
    joined: list[SourceParagraph | SourceTable] = []
    remarks: list[Remark] = []
    before = ""  # the last line of the paragraph that may go on
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            isinstance(block, SourceParagraph)
            and isinstance(last, SourceParagraph)
            and not (block.level or last.level)
            and wrap.goes_on(before, block.text)
        ):
            text = joined_lines(last.text, block.text.strip(EDGES))
            joined[-1] = SourceParagraph(text, last.place, last.level)
            before = block.text
            remarks = remarks or [Remark(last.place, JOINED)]
            continue
        before = block.text if isinstance(block, SourceParagraph) else ""
        joined.append(block)
    return joined, remarks
