"""Read tables that are drawn with characters: +---+ as by pandoc, ┌──┐ as on terminals."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from nianbao.importing.readers.builder import GridCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DRAWN: Final = re.compile(
    r"\s*[+\u250c-\u2523\u2552-\u2560\u256d-\u2570][-=:+\u2500-\u2570]{2,}\s*$"
)
_INSIDE: Final = re.compile(r"\s*[|+\u2500-\u2570]")
_BORDER: Final = re.compile(r"\+[-=:]{2,}")
_MAX_AREA: Final = 2_000_000  # characters
_HORIZONTAL: Final = "─━═┄┅┈┉╌╍"
_VERTICAL: Final = "│┃║┆┇┊┋╎╏"


def display_width(text: str) -> int:
    """Return the width of a text in terminal columns, two for each Chinese character."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def drawn_lines(lines: Sequence[str], start: int) -> int:
    """Return how many lines the drawn table (+---+ or ┌──┐) at `lines[start]` has.

    Return 0 if no drawn table begins there.
    """
    if not _DRAWN.match(lines[start]):
        return 0
    end = start + 1
    while end < len(lines) and _INSIDE.match(lines[end]):
        if _DRAWN.match(lines[end]) and _DRAWN.match(lines[end - 1]):
            break  # the next table begins under this one
        end += 1
    return end - start


def grid_cells(lines: Sequence[str], first_line: int) -> list[GridCell]:
    """Return the cells of a table that is drawn with characters (+---+ or ┌──┐).

    `first_line`: the number of the first line in the file, counted from 1.

    Return [] if `lines` are no such table, or if the table is too large.
    """
    if sum(map(len, lines)) > _MAX_AREA:  # before there is an item a character
        return []
    rows = [character_columns(line) for line in _plain(lines)]
    width = max(map(len, rows))
    if width * len(rows) > _MAX_AREA:
        return []
    rows = [row + [" "] * (width - len(row)) for row in rows]
    borders = [y for y, row in enumerate(rows) if _BORDER.search("".join(row))]
    bars = sorted({x for y in borders for x, char in enumerate(rows[y]) if char == "+"})
    if len(borders) < 2 or len(bars) < 2:
        return []
    grid = _Grid(rows, borders, bars)
    return list(grid.cells(first_line))


class _Grid:
    """A table drawn with characters.

    `rows`: its lines, as one character for each column of the terminal.
    `borders`: the indexes of the lines with horizontal borders.
    `bars`: the columns with vertical borders.
    """

    def __init__(self, rows: list[list[str]], borders: list[int], bars: list[int]) -> None:
        self.rows, self.borders, self.bars = rows, borders, bars

    def cells(self, first_line: int) -> Iterable[GridCell]:
        """Yield the cells from top to bottom.

        `first_line`: the number of the table's first line in the file, counted from 1.
        """
        taken: set[tuple[int, int]] = set()
        for row in range(len(self.borders) - 1):
            if self.borders[row + 1] - self.borders[row] < 2:
                continue  # two borders with nothing between
            for column in range(len(self.bars) - 1):
                if (row, column) in taken:
                    continue
                right, below = column, row
                while right + 2 < len(self.bars) and not self._barred(row, right + 1):
                    right += 1
                while below + 2 < len(self.borders) and not self._closed(below + 1, column):
                    below += 1
                taken |= {(y, x) for y in range(row, below + 1) for x in range(column, right + 1)}
                yield GridCell(
                    self._text(row, below, column, right),
                    row,
                    column,
                    below - row + 1,
                    right - column + 1,
                    first_line + self.borders[row] + 1,
                )

    def _barred(self, row: int, bar: int) -> bool:
        x = self.bars[bar]
        lines = self.rows[self.borders[row] + 1 : self.borders[row + 1]]
        return any(line[x] in ("|", "+") for line in lines)

    def _closed(self, border: int, column: int) -> bool:
        line = self.rows[self.borders[border]][self.bars[column] + 1 : self.bars[column + 1]]
        return bool(line) and all(char and char in "-=:+" for char in line)

    def _text(self, top: int, bottom: int, left: int, right: int) -> str:
        lines = self.rows[self.borders[top] + 1 : self.borders[bottom + 1]]
        start, end = self.bars[left] + 1, self.bars[right + 1]
        texts = ("".join(line[start:end]).strip() for line in lines)
        return "\n".join(text for text in texts if text)


def character_columns(line: str) -> list[str]:
    """Return the character in each terminal column of a line.

    A wide character takes two columns, and the second one is "".
    """
    columns = []
    for char in line:
        columns.append(char)
        if unicodedata.east_asian_width(char) in "WF":
            columns.append("")
    return columns


def _plain(lines: Sequence[str]) -> list[str]:
    """Replace characters such as ┌ and ─ by + - |, in the width that makes the lines equally long.

    On some terminals, these characters are as wide as a Chinese character.
    """
    narrow = [_translated(line, 1) for line in lines]
    wide = [_translated(line, 2) for line in lines]
    return min(
        (narrow, wide), key=lambda each: len({display_width(line.rstrip()) for line in each})
    )


def _translated(line: str, width: int) -> str:
    plain = []
    for char in line:
        if not "\u2500" <= char <= "\u2570":
            plain.append(char)
        elif char in _HORIZONTAL:
            plain.append("-" * width)
        elif char in _VERTICAL:
            plain.append("|".ljust(width))
        else:
            plain.append("+".ljust(width, "-"))
    return "".join(plain)
