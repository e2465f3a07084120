"""Join the lines of texts with a fixed line width, such as texts from a PDF."""

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
    """The line width of a wrapped text, and the function that measures lines.

    `width`: the length of the longest line, in the unit of `measure`.
    `measure`: returns the length of a line in characters or in terminal columns.
    """

    width: int
    measure: Callable[[str], int]

    def goes_on(self, before: str, text: str) -> bool:
        """Return True if two lines belong to the same paragraph.

        `before`: the first line.
        `text`: the next line.
        """
        # A full line without a full stop goes on, unless the next line looks like a beginning.
        before = before.rstrip()
        if _STOP.search(before) or _START.match(text):
            return False
        unbroken = _UNBROKEN.match(text)
        room = max(_SLACK, self.measure(unbroken[0]) if unbroken else 0)
        return self.measure(before) >= self.width - room


def wrapping_of(lines: Sequence[str]) -> Wrap | None:
    """Return the line width of a wrapped text; None if its lines are not wrapped."""
    # Many lines of the same length without full stops show that a text is wrapped.
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
    """Join two lines of a wrapped text, with a blank only between Latin letters."""
    # A word is broken only at a blank, Chinese text and numbers anywhere.
    words = all(end.isascii() and end.isalpha() for end in (before[-1:], rest[:1]))
    return before + (" " if words else "") + rest


def join_paragraphs(
    blocks: Iterable[SourceParagraph | SourceTable],
) -> tuple[list[SourceParagraph | SourceTable], list[Remark]]:
    """Join the lines of wrapped texts into paragraphs.

    Return all blocks of the document, and a remark if lines were joined.
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
