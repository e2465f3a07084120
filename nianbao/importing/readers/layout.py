"""Separate running text and data tables in tables that are used for layout."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from nianbao.importing.readers.headings import section_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMBER: Final = re.compile(r"[\d.,]+[%％]?")
_LONGEST_TITLE: Final = 30


class LayoutCell(Protocol):
    """A cell of a table in any file format.

    `text`: the text with "\\n" between lines.
    `row`, `column`: counted from 0.
    """

    @property
    def text(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def row_span(self) -> int: ...
    @property
    def column(self) -> int: ...


C = TypeVar("C", bound=LayoutCell)


def split_table(cells: Sequence[C]) -> Iterator[tuple[bool, list[C]]]:
    """Split a table, which may be used for layout, into data tables and running text.

    Yield (True, cells) for each data table and (False, cells) for each running text, in order.
    """
    # A table of one column is a real table if one of its cells is a number.
    if all(cell.column == cells[0].column for cell in cells):
        yield any(_NUMBER.fullmatch(cell.text) for cell in cells), list(cells)
        return
    # A label next to a number (主动公开 | 48) is no heading.
    numbers = {cell.row for cell in cells if _NUMBER.fullmatch(cell.text)}
    headings = [
        cell.row
        for cell in cells
        if cell.row not in numbers and any(map(section_number, cell.text.split("\n")))
    ]
    rows: dict[int, list[C]] = defaultdict(list)
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row].append(cell)
    alone = {row for row, those in rows.items() if len(those) == 1 and those[0].row_span == 1}
    # A wider table without headings is a real table.
    # A table with a heading next to other cells is text.
    if not alone.issuperset(headings):
        yield not headings, list(cells)
        return
    # A single cell in a row is text, unless it is the title of the rows below it.
    pending: list[C] = []
    for row in sorted(rows):
        first = rows[row][0]
        is_text = row in alone and (row in headings or not _is_title(first, row, rows, alone))
        if is_text and headings:
            if pending:
                yield True, pending
            pending = []
            yield False, [first]
        else:
            pending += (cell for cell in rows[row] if cell.row == row)
    if pending:
        yield True, pending


def _is_title(cell: C, row: int, rows: dict[int, list[C]], alone: set[int]) -> bool:
    """Return True if a row with a single cell is the title of the rows below: 第二十条第（一）项.

    `rows`: the cells of each row. `alone`: the rows that have a single cell.
    """
    short = len(cell.text) <= _LONGEST_TITLE and not re.search("[。：]", cell.text)
    return short and row + 1 in rows and row + 1 not in alone
