"""Find tables without ruled lines by the positions of their texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.builder import superscript
from nianbao.importing.readers.headings import section_number
from nianbao.importing.readers.pdf.glyphs import Box
from nianbao.importing.readers.pdf.lines import join
from nianbao.importing.readers.pdf.tables import PageTable, TableCell
from nianbao.importing.vocabulary import begins_table_label, is_table_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.importing.readers.pdf.glyphs import Glyph
    from nianbao.importing.readers.pdf.lines import PdfLine

_FEWEST_ROWS: Final = 3
_MAX_GAP: Final = 4.0  # sizes of a character between two rows
_FIGURE: Final = re.compile(r"[0-9.,/+\-—%⁰¹²³⁴⁵⁶⁷⁸⁹]+")
# The rest in sizes of a character: the gap between the texts of two cells, how far the middles or
# the beginnings of the lines of a cell may be apart, and how far baselines of one line.
_GAP, _OFF, _SAME = 0.6, 1.0, 0.1
_DIGIT_GAP: Final = 0.25  # between two numbers
_FEWEST_TEXTS: Final = 3  # labels of the form and figures
_OTHER_SIZE: Final = 0.25
_WIDE: Final = 0.4  # of the width of a page: a line of prose
_SMALL: Final = 0.8  # of the usual size: a raised mark
_LINES: Final = 1.15  # of the smallest distance of two lines: those of a cell


@dataclass(slots=True)
class _AlignedText:
    """The text of a cell, from one or more lines.

    `base`: the y coordinate of the last baseline of the text.
    `has_figures`: True if a number stands on the same baseline in the table.
    `has_texts`: True if other texts stand on it.
    """

    text: str
    box: Box
    base: float
    has_figures: bool = False
    has_texts: bool = False

    @property
    def is_figure(self) -> bool:
        return _FIGURE.fullmatch(self.text) is not None


def take_aligned_tables(
    lines: list[PdfLine], glyphs: Sequence[Glyph], width: float
) -> list[PageTable]:
    """Return the tables without ruled lines, and remove their lines of text from `lines`.

    Lines with labels of the form and numbers are a table, and lines with numbers after wide gaps.

    `lines`: the lines of text of one page.
    `glyphs`: the characters of these lines.
    `width`: the width of the page in points.
    """
    tables = []
    for group in list(_groups(lines, width)):
        rows = [line for line in group if len(line.pieces) > 1]
        if not rows:
            continue
        figures = [row for row in rows if any(_FIGURE.fullmatch(p.text) for p in row.pieces[1:])]
        top, bottom = group[0].top, group[-1].bottom
        inside = [glyph for glyph in glyphs if top <= glyph.center[1] <= bottom]
        texts = _texts(inside, rows[0].size)
        # Texts without a gap are a cell; a number and the texts at its height are a row.
        labels = sum(is_table_label(each.text) for each in texts)
        values = sum(each.is_figure for each in texts)
        # Many lines with wide gaps are a table if at least half have a number after a gap.
        # Fewer lines are a table if they have labels of the form and numbers.
        many = len(rows) >= _FEWEST_ROWS and 2 * len(figures) >= len(rows)
        if many or (labels and values and labels + values >= _FEWEST_TEXTS):
            tables.append(_table(texts, rows[0].page, rows[0].size))
            taken = set(map(id, group))
            lines[:] = [line for line in lines if id(line) not in taken]
    return tables


def figures_in(lines: Iterable[PdfLine]) -> tuple[int, int]:
    """Count the numbers at the beginnings of lines, and the numbers after wide gaps.

    Return both counts.
    """
    pieces = [
        [_FIGURE.fullmatch(piece.text) is not None for piece in line.pieces] for line in lines
    ]
    first = sum(each[0] for each in pieces)
    return first, sum(map(sum, pieces)) - first


def _groups(lines: Sequence[PdfLine], width: float) -> Iterator[list[PdfLine]]:
    """Yield sequences of lines that may be a table.

    A sequence begins with a line of several texts or with a label. A heading of a section ends it,
    and so do two wide lines with a single text, which are prose.
    """
    run: list[PdfLine] = []
    for line in lines:
        heading = bool(section_number(line.text))
        far = bool(run) and line.base - run[-1].base > _MAX_GAP * line.size
        prose = len(run) > 1 and all(_is_prose(each, width) for each in run[-2:])
        other = bool(run) and abs(line.size - run[0].size) > _OTHER_SIZE * line.size  # a title
        if run and (heading or far or prose or other):
            yield _without_end(run)
            run = []
        if not heading and (run or len(line.pieces) > 1 or is_table_label(line.text)):
            run.append(line)
    if run:
        yield _without_end(run)


def _is_prose(line: PdfLine, width: float) -> bool:
    return len(line.pieces) == 1 and line.x1 - line.x0 > _WIDE * width


def _without_end(run: list[PdfLine]) -> list[PdfLine]:
    """Return a sequence of lines without lines of a single text at its end.

    A line that completes a label of the form above it is kept.
    """
    end = len(run)
    singles = len(list(takewhile(lambda line: len(line.pieces) == 1, reversed(run))))
    for index in range(end - singles, end):
        over = run[index - 1].pieces if index else ()
        if not any(begins_table_label(piece.text + run[index].text) for piece in over):
            return run[:index]
    return run


def _table(texts: Sequence[_AlignedText], page: int, size: float) -> PageTable:
    """Return the table that texts form. The texts of a row are in order, but columns are unknown.

    `page`: the number of the page, counted from 1. `size`: the usual font size, in points.
    """
    rows: list[list[_AlignedText]] = []
    figures = sorted((each for each in texts if each.is_figure), key=lambda each: each.base)
    for each in figures:
        if rows and abs(each.base - rows[-1][0].base) <= _GAP * size:
            rows[-1].append(each)
        else:
            rows.append([each])
    row_of = {id(row[0]): row for row in rows}
    alone: list[list[_AlignedText]] = []
    for each in sorted(texts, key=lambda each: each.box.center[1]):
        if each.is_figure:
            continue
        near = [row[0] for row in rows if each.box.holds((each.box.x0, row[0].box.center[1]), 1)]
        middle = each.box.center[1]
        if near:
            nearest = min(near, key=lambda row: abs(row.box.center[1] - middle))
            row_of[id(nearest)].append(each)
        elif alone and abs(alone[-1][0].box.center[1] - middle) <= _GAP * size:
            alone[-1].append(each)
        else:
            alone.append([each])
    ordered = sorted([*rows, *alone], key=lambda row: row[0].box.center[1])
    cells = [
        TableCell(each.text, page, each.box, number, column, 1, 1)
        for number, row in enumerate(ordered)
        for column, each in enumerate(sorted(row, key=lambda each: each.box.x0))
    ]
    xs = [min(cell.box.x0 for cell in cells), max(cell.box.x1 for cell in cells)]
    return PageTable(xs, len(ordered), cells, (page,), is_aligned=True)


def _texts(glyphs: Sequence[Glyph], size: float) -> list[_AlignedText]:
    """Return the texts of cells; several lines of one cell are joined."""
    runs = sorted(_runs(glyphs, size), key=lambda run: (run.base, run.box.x0))
    for run in runs:
        level = [each for each in runs if abs(each.base - run.base) <= _SAME * size]
        run.has_figures = any(each.is_figure for each in level)
        run.has_texts = len(level) > 1
    words = [run for run in runs if not run.is_figure]
    pairs = [(a, b) for a in words for b in words if a.base < b.base and _is_under(a, b, size)]
    least = min((b.base - a.base for a, b in pairs), default=0.0)
    texts: list[_AlignedText] = []
    for run in runs:
        over = [text for text in texts if _goes_on(text, run, _LINES * least, size)]
        if over:
            last, box = over[-1], over[-1].box
            last.text = join(last.text, run.text)
            x0, x1 = min(box.x0, run.box.x0), max(box.x1, run.box.x1)
            last.box = Box(x0, box.top, x1, run.box.bottom)
            last.base, last.has_figures, last.has_texts = run.base, run.has_figures, run.has_texts
        else:
            texts.append(run)
    return texts


def _goes_on(upper: _AlignedText, lower: _AlignedText, distance: float, size: float) -> bool:
    """Return True if the line `lower` continues the text `upper` of a cell.

    It does if both together begin a label of the form. Otherwise its distance must be at most
    `distance`, and `upper` must be no label. If both have other texts in their lines, each begins a
    row, and `lower` continues nothing.
    """
    if upper.is_figure or lower.is_figure or not _is_under(upper, lower, size):
        return False
    if begins_table_label(upper.text + lower.text) and not is_table_label(lower.text):
        return True
    both = upper.has_texts and lower.has_figures
    near = lower.base - upper.base <= distance
    return near and not both and not is_table_label(upper.text)


def _is_under(upper: _AlignedText, lower: _AlignedText, size: float) -> bool:
    """Return True if two lines may be in one cell: they overlap, and begin or are centred alike."""
    a, b = upper.box, lower.box
    if not 0 < lower.base - upper.base <= 2 * size or a.x1 <= b.x0 or b.x1 <= a.x0:
        return False
    offsets = abs(a.x0 - b.x0), abs(a.center[0] - b.center[0])
    return min(offsets) <= _OFF * size


def _runs(glyphs: Sequence[Glyph], size: float) -> list[_AlignedText]:
    """Return the texts of characters that stand together on one baseline.

    A raised mark after a number is added to the text of the number.
    """
    runs: list[_AlignedText] = []
    marks = [glyph for glyph in glyphs if glyph.size < _SMALL * size]
    plain = [glyph for glyph in glyphs if glyph.size >= _SMALL * size]
    for line in _by_baseline(plain, size):
        blanks = 0
        for before, glyph in zip([None, *line], line, strict=False):
            if glyph.text.isspace():
                blanks += 1
                continue
            digits = before is not None and before.text.isdigit() and glyph.text.isdigit()
            gap = _DIGIT_GAP if digits else _GAP
            apart = before is None or glyph.x0 - before.x1 > gap * size or blanks > 1
            box = Box(glyph.x0, glyph.top, glyph.x1, glyph.bottom)
            if apart or not runs:
                runs.append(_AlignedText(glyph.text, box, glyph.base))
            else:
                last = runs[-1]
                last.text += glyph.text
                last.box = Box(last.box.x0, last.box.top, glyph.x1, last.box.bottom)
            blanks = 0
    for mark in marks:
        near = [run for run in runs if 0 <= mark.x0 - run.box.x1 < size > abs(mark.base - run.base)]
        if near and not mark.text.isspace():
            near[0].text += superscript(mark.text)
            near[0].box = near[0].box._replace(x1=mark.x1)
    return runs


def _by_baseline(glyphs: Iterable[Glyph], size: float) -> Iterator[list[Glyph]]:
    """Yield the characters on each baseline from left to right, with the highest baseline first."""
    line: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.base, glyph.x0)):
        if line and glyph.base - line[0].base > _SAME * size:
            yield sorted(line, key=lambda each: each.x0)
            line = []
        line.append(glyph)
    if line:
        yield sorted(line, key=lambda each: each.x0)
