"""Put characters together into lines, and lines into running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.importing.readers.builder import superscript
from nianbao.importing.readers.pdf.glyphs import Box, Glyph, turn_box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SAME_LINE: Final = 0.5  # of the size of a character: how far apart baselines of a line may be
_RAISED: Final = 0.2  # of the size of a line: from here a smaller character is a superscript
_SMALLER: Final = 0.8
_WORD_GAP: Final = 0.22  # of the size of a character: the gap between two Latin words
_WIDE_GAP: Final = 2.0  # the gap between two things in a line
_DOUBLE: Final = 0.4  # of the width of a character: how far a second one lies that makes it bold
_PIECE_GAP: Final = 0.6  # the gap between two texts of a table without lines
_CLOSING: Final = "，。、；：？！”’）》」』】〕…—％%‰℃)],.;:?!·～"
_OPENING: Final = "“‘（《「『【〔(["
_WORD: Final = r"(?:[!-~\u00a1-\u024f]+|.)"
# What a line does not break: a word or number, or one Chinese character, with its punctuation;
# many programs do not break at quotation marks at all.
_UNIT: Final = re.compile(
    rf"[{re.escape(_OPENING)}]*{_WORD}(?:[“”‘’]+{_WORD}|[{re.escape(_CLOSING)}])*", re.DOTALL
)


class PdfPiece(NamedTuple):
    """A part of a line, separated from its neighbours by wide gaps.

    `x0`, `x1`: the left and right edges of the part, in points.
    """

    text: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of text; positions are in points.

    `page`: the number of the page, counted from 1.
    `x0`, `top`, `x1`, `bottom`: its left, top, right and bottom edges.
    `base`: the y coordinate of the baseline.
    `size`: the median font size of its characters.
    `font`: the most frequent font.
    `unit`: the width of its first word, number or Chinese character.
    `marker`: the left edge of the text after a bullet or number; else 0.
    `pieces`: the parts between wide gaps.
    """

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    font: str
    unit: float
    marker: float = 0.0  # x of what follows a list marker, or 0
    pieces: tuple[PdfPiece, ...] = ()

    @property
    def box(self) -> Box:
        return Box(self.x0, self.top, self.x1, self.bottom)


def make_lines(glyphs: Iterable[Glyph], page: int) -> list[PdfLine]:
    """Return the lines that characters form, from top to bottom.

    `page`: the number of the page, counted from 1.
    """
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        # A raised character comes before its line: compare with the last one of the line.
        if lines and _share_line(lines[-1][-1], glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    made = (_line(sorted(line, key=lambda glyph: glyph.x0), page) for line in lines)
    return [line for line in made if line is not None]


def _share_line(upper: Glyph, lower: Glyph) -> bool:
    """Return True if two characters are on one line. One of them may be raised."""
    small, large = sorted((upper, lower), key=lambda glyph: glyph.size)
    if lower.base - upper.base <= _SAME_LINE * small.size:
        return True
    # A small raised character is within the height of its line.
    return (
        upper is small
        and small.size < _SMALLER * large.size
        and lower.base - upper.base <= _SAME_LINE * large.size
    )


def _line(glyphs: list[Glyph], page: int) -> PdfLine | None:
    while glyphs and glyphs[0].text.isspace():
        del glyphs[0]
    while glyphs and glyphs[-1].text.isspace():
        del glyphs[-1]
    if not glyphs:
        return None
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    size = sorted(glyph.size for glyph in inked)[len(inked) // 2]
    base = sorted(glyph.base for glyph in inked)[len(inked) // 2]
    text, starts = "", []
    for before, glyph in zip([None, *glyphs], glyphs, strict=False):
        if before is not None:
            if _is_double(before, glyph):
                continue
            if _is_apart(before, glyph):
                text += " "
                starts.append(glyph.x0)
        piece = glyph.text
        if base - glyph.base > _RAISED * size and glyph.size < _SMALLER * size:
            piece = superscript(piece)
        text += piece
        starts += [glyph.x0] * len(piece)
    unit = _UNIT.match(text)
    end = unit.end() if unit else 1
    marker = MARKER.match(text)
    return PdfLine(
        text,
        page,
        glyphs[0].x0,
        min(glyph.top for glyph in inked),
        glyphs[-1].x1,
        max(glyph.bottom for glyph in inked),
        base,
        size,
        max({glyph.font for glyph in inked}, key=[glyph.font for glyph in inked].count),
        (starts[end] if end < len(starts) else glyphs[-1].x1) - glyphs[0].x0,
        starts[marker.end()] if marker and marker.end() < len(starts) else 0.0,
        tuple(_pieces(inked, size)),
    )


def _pieces(inked: Sequence[Glyph], size: float) -> Iterator[PdfPiece]:
    start = 0
    for index in range(1, len(inked) + 1):
        if index == len(inked) or inked[index].x0 - inked[index - 1].x1 > _PIECE_GAP * size:
            text = "".join(glyph.text for glyph in inked[start:index])
            yield PdfPiece(text, inked[start].x0, inked[index - 1].x1)
            start = index


_HEADING: Final = r"[(（]?[一二三四五六七八九十]{1,3}[)）、]"
HEADING: Final = re.compile(_HEADING)
MARKER: Final = re.compile(rf"(?:[-•·●○■◆▪*–]|[(（]?[0-9]{{1,2}}[.)）．、]|{_HEADING})\s*")


def _is_double(before: Glyph, glyph: Glyph) -> bool:
    """Return True if a character is painted twice in order to look bold."""
    return before.text == glyph.text and glyph.x0 - before.x0 < _DOUBLE * (glyph.x1 - glyph.x0)


def _is_apart(before: Glyph, glyph: Glyph) -> bool:
    """Return True if there is a visible gap, but no blank character, between two characters."""
    if before.text.isspace() or glyph.text.isspace():
        return False
    gap = (glyph.x0 - before.x1) / max(before.size, glyph.size, 1)
    latin = _is_latin(before.text[-1:]) and _is_latin(glyph.text[:1])
    return gap > (_WORD_GAP if latin else _WIDE_GAP)


def _is_latin(char: str) -> bool:
    return char < "\u2000" and not char.isspace()


def join(before: str, after: str, *, full: bool = True) -> str:
    """Join two lines of a text, with a blank only between Latin words.

    `full`: True if the first line had no room for more characters.

    If `full` is False, a line break between two digits stays.
    """
    if not before or not after:
        return before + after
    last, first = before[-1], after[0]
    # A number that fills the line goes on in the next line; shorter ones are two numbers.
    if last.isdigit() and first.isdigit():
        return before + ("" if full else "\n") + after
    if _is_latin(last) and _is_latin(first) and (last.isalnum() or first.isalnum()):
        return before + ("" if last in "-/" else " ") + after
    return before + after


def cell_text(glyphs: Sequence[Glyph], box: Box, page: int) -> str:
    """Return the text of a cell, with its lines joined.

    `glyphs`: the characters in the cell.
    `box`: the edges of the cell.
    `page`: the number of the page, counted from 1.
    """
    text = ""
    lines = _cell_lines(glyphs, page)
    for before, line in zip([None, *lines], lines, strict=False):
        full = before is not None and before.x1 + line.unit > box.x1 - 0.6 * line.size
        text = join(text, line.text, full=full)
    return text


def _cell_lines(glyphs: Sequence[Glyph], page: int) -> list[PdfLine]:
    """Return the lines of a cell. If the text stands on its side, it is turned upright first."""
    turned = [glyph.turn for glyph in glyphs if glyph.turn % 2]
    if len(turned) * 2 <= len(glyphs):
        return make_lines(glyphs, page)
    turn = max(set(turned), key=turned.count)
    upright = [
        glyph._replace(x0=box.x0, top=box.top, x1=box.x1, bottom=box.bottom, base=box.bottom)
        for glyph in glyphs
        for box in [turn_box(Box(*glyph[1:5]), turn, 0, 0)]
    ]
    return make_lines(upright, page)
