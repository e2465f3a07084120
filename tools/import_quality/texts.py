"""Make plain texts like those that are copied from Word, browsers and PDF viewers."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from import_quality.printed import Printed, PrintedCell, Rows

_LINE = 56  # columns of 28 Chinese characters


def word_text(printed: Printed) -> str:
    """Return a text as Word copies it: a tab before each cell, an empty line after each row.

    The parts of a merged cell below its first row are empty cells.
    """

    def table(rows: Rows) -> str:
        return "".join(
            "".join(f"\t{'' if covered else cell.text}\n" for cell, covered in row) + "\n"
            for row in _with_covered(rows)
        )

    return _text(printed, table)


def browser_text(printed: Printed) -> str:
    """Return a text as a browser copies it: a line a row, a tab between cells."""

    def table(rows: Rows) -> str:
        return "".join("\t".join(cell.text for cell in row) + "\n" for row in rows)

    return _text(printed, table)


def values_text(printed: Printed) -> str:
    """Return a text as it is copied from some sites: every cell in a line of its own."""

    def table(rows: Rows) -> str:
        return "".join(f"{cell.text}\n" for row in rows for cell in row)

    return _text(printed, table)


def aligned_text(printed: Printed, gap: str) -> str:
    """Return a text whose cells are separated by `gap` (blanks), as PDF viewers copy it."""

    def table(rows: Rows) -> str:
        return "".join(gap.join(cell.text for cell in row) + "\n" for row in rows)

    return _text(printed, table)


def bars_text(printed: Printed) -> str:
    """Return a text with bars between cells; a merged cell is printed in its first position."""

    def table(rows: Rows) -> str:
        return "".join("|" + "|".join(f" {text} " for text in row) + "|\n" for row in _full(rows))

    return _text(printed, table)


def drawn_text(printed: Printed) -> str:
    """Return a text whose tables are drawn with box characters, without merged cells."""

    def table(rows: Rows) -> str:
        full = _full(rows)
        widths = [max(map(_width, column), default=0) for column in zip(*full, strict=True)]
        rules = ["─" * width for width in widths]
        lines = [f"┌{'┬'.join(rules)}┐"]
        for n, row in enumerate(full):
            lines += [f"├{'┼'.join(rules)}┤"] if n else []
            padded = (
                text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)
            )
            lines.append(f"│{'│'.join(padded)}│")
        return "\n".join([*lines, f"└{'┴'.join(rules)}┘", ""])

    return _text(printed, table)


def wrapped_text(printed: Printed) -> str:
    """Return a text with lines of one width and page numbers, as PDF viewers copy it."""
    lines: list[str] = []
    for part in printed.parts:
        if part.rows:
            lines += (" ".join(cell.text for cell in row) for row in part.rows)
            continue
        line = "" if part.kind == "title" else "\u3000\u3000"
        for char in part.text:
            if _width(line + char) > _LINE:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    pages = [lines[at : at + 40] for at in range(0, len(lines), 40)]
    return "\n".join(line for n, page in enumerate(pages, 1) for line in [*page, f"— {n} —"])


def _text(printed: Printed, table: Callable[[Rows], str]) -> str:
    return "".join(table(part.rows) if part.rows else f"{part.text}\n" for part in printed.parts)


def _with_covered(rows: Rows) -> Iterator[list[tuple[PrintedCell, bool]]]:
    """Yield the cells of each row in their columns, with those merged from above."""
    above: dict[int, tuple[PrintedCell, int]] = {}  # column → cell, rows left
    for row in rows:
        line: dict[int, tuple[PrintedCell, bool]] = {
            column: (cell, True) for column, (cell, _) in above.items()
        }
        taken = {column + n for column, (cell, _) in above.items() for n in range(cell.colspan)}
        column = 0
        below = {at: (cell, left - 1) for at, (cell, left) in above.items() if left > 1}
        for cell in row:
            while column in taken:
                column += 1
            line[column] = (cell, False)
            if cell.rowspan > 1:
                below[column] = (cell, cell.rowspan - 1)
            column += cell.colspan
        above = below
        yield [line[at] for at in sorted(line)]


def _full(rows: Rows) -> list[list[str]]:
    """Return a text for every position of a table; merged cells are filled up with ""."""
    full = []
    for row in _with_covered(rows):
        texts: list[str] = []
        for cell, covered in row:
            texts += ["" if covered else cell.text, *[""] * (cell.colspan - 1)]
        full.append(texts)
    return full


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
