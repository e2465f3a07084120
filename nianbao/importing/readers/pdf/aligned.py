"""Find tables without lines by the positions of their texts; the last resort."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.pdf.glyphs import Box
from nianbao.importing.readers.pdf.lines import Line, join
from nianbao.importing.readers.pdf.tables import PageTable, TableCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FEWEST_ROWS: Final = 3
_MAX_GAP: Final = 4.0  # sizes of a character between two rows
_FIGURE: Final = re.compile(r"[0-9.,/+\-—]+")


def take_aligned_tables(lines: list[Line]) -> list[PageTable]:
    """Return the tables that lines of a page form by their positions, and remove these lines.

    A table has at least three rows with several texts that stand apart, and figures in half of
    them. A line with a single text between two rows belongs to the nearer one.
    """
    tables = []
    for group in list(_groups(lines)):
        rows = [line for line in group if len(line.pieces) > 1]
        figures = [row for row in rows if any(_FIGURE.fullmatch(p.text) for p in row.pieces[1:])]
        if len(rows) >= _FEWEST_ROWS and 2 * len(figures) >= len(rows):
            tables.append(_table(group, rows))
            taken = set(map(id, group))
            lines[:] = [line for line in lines if id(line) not in taken]
    return tables


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield runs of lines from one with several texts to the last such one without much between."""
    run: list[Line] = []
    for line in lines:
        if run and (line.base - run[-1].base > _MAX_GAP * line.size or len(_tail(run)) > 1):
            yield run[: len(run) - len(_tail(run))]
            run = []
        if run or len(line.pieces) > 1:
            run.append(line)
    if run:
        yield run[: len(run) - len(_tail(run))]


def _tail(run: Sequence[Line]) -> list[Line]:
    """Return the lines at the end of a run that have a single text."""
    return list(takewhile(_is_single, reversed(run)))


def _is_single(line: Line) -> bool:
    return len(line.pieces) == 1


def _table(group: Sequence[Line], rows: Sequence[Line]) -> PageTable:
    """Return a table whose rows have their texts in order: its columns are not known."""
    texts = [[piece.text for piece in row.pieces] for row in rows]
    for line in group:
        if _is_single(line):
            row = min(range(len(rows)), key=lambda index: abs(rows[index].base - line.base))
            nearest = min(
                range(len(texts[row])), key=lambda index: abs(rows[row].pieces[index].x0 - line.x0)
            )
            pair = texts[row][nearest], line.text
            texts[row][nearest] = join(*(pair if rows[row].base < line.base else pair[::-1]))
    cells = [
        TableCell(
            text, row.page, Box(piece.x0, row.top, piece.x1, row.bottom), number, column, 1, 1
        )
        for number, row in enumerate(rows)
        for column, (text, piece) in enumerate(zip(texts[number], row.pieces, strict=True))
    ]
    xs = [min(row.x0 for row in rows), max(row.x1 for row in rows)]
    return PageTable(xs, len(rows), cells, (rows[0].page,), is_aligned=True)
