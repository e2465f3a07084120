"""Arrange the blocks of a document (paragraphs and tables) like the blocks of a report."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from nianbao.importing.document import SourceCell, SourceParagraph, SourceTable
from nianbao.importing.readers.text import find_tables
from nianbao.importing.vocabulary import HIDDEN, is_table_label, opens_tables, section_key, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Block = SourceParagraph | SourceTable

# What begins a note under a table: 注：, 注1：, 备注：, 说明：.
NOTE: Final = re.compile(r"\s*(?:备?\s*注|说明)\s*(?:[0-9①-⑳]{0,2}\s*[:：]|(?=[0-9]\s*[.、．]))\s*")
_ONLY_NUMBER = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[(（]\s*[一二三四五六七八九十]{1,3}\s*[)）])\s*"
)
_LONGEST_HEADING: Final = 40
_FEWEST_OF_FORM: Final = 2  # labels, and numbers, in a table of the form
_FEWEST_HEADINGS: Final = 2  # next to texts
_HEADS: Final = ("内容", "正文", "文字", "具体内容", "文字内容")  # over the texts
_TITLES: Final = ("标题", "题目", "报告标题", "报告名称")  # left of the title


def arrange_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield a document's blocks (paragraphs and tables), arranged like the blocks of a report.

    Each line becomes a paragraph. A number in its own line (一、) joins the next heading. Texts and
    notes in tables become paragraphs.
    """
    number: SourceParagraph | None = None
    split = chain.from_iterable(map(_split_tables, map(_visible, blocks)))
    for block in _with_tables(_lines(_opened(split))):
        text = block.text.strip() if isinstance(block, SourceParagraph) else ""
        if number and isinstance(block, SourceParagraph) and _may_follow(text):
            yield replace(block, text=number.text.strip() + text)
            number = None
            continue
        if number:
            yield number
        number = None
        if isinstance(block, SourceParagraph) and _ONLY_NUMBER.fullmatch(text):
            number = block
        else:
            yield block
    if number:
        yield number


def _with_tables(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield all blocks, but paragraphs that are the rows of a table of the form as a table.

    In such a table, which was pasted as text, tabs or blanks separate the cells of a row.
    """
    run: list[SourceParagraph] = []
    for block in blocks:
        if isinstance(block, SourceParagraph):
            run.append(block)
        else:
            yield from _tables_in(run)
            run = []
            yield block
    yield from _tables_in(run)


def _tables_in(run: Sequence[SourceParagraph]) -> Iterator[Block]:
    position = 0
    for start, table in find_tables(each.text.removeprefix("- ") for each in run):
        labels = sum(is_table_label(cell.text) for cell in table.cells)
        values = sum(cell.text.strip().isdigit() for cell in table.cells)
        if min(labels, values) < _FEWEST_OF_FORM:
            continue
        # A line above, alone and no label, is a paragraph.
        first = next(c.row for c in table.cells if c.column or is_table_label(c.text))
        inside = [cell for cell in table.cells if cell.row >= first]
        begin = inside[0].line - 1
        yield from run[position:begin]
        cells = (
            SourceCell(c.text.strip(), run[c.line - 1].place, c.row - first, *c[2:5])
            for c in inside
        )
        yield SourceTable(tuple(cells), run[begin].place, table.ragged)
        position = start + table.length
    yield from run[position:]


def _may_follow(text: str) -> bool:
    """Return True if a text may be a heading whose number stands in the paragraph before it."""
    return len(text) <= _LONGEST_HEADING and not _ONLY_NUMBER.match(text)


def _visible(block: Block) -> Block:
    """Return a table without the characters that web pages hide in labels and numbers.

    Paragraphs keep them: `check` reports them.
    """
    if isinstance(block, SourceParagraph) or not any(
        HIDDEN.search(cell.text) for cell in block.cells
    ):
        return block
    cells = (replace(cell, text=HIDDEN.sub("", cell.text)) for cell in block.cells)
    return replace(block, cells=tuple(cells))


def _split_tables(block: Block) -> Iterator[Block]:
    """Yield a block; a table of prose and a table of the form below it as two tables.

    Programs print two tables as one if nothing stands between them. The first title of the form's
    tables, in a row of its own, begins the second table.
    """
    start = _title_row(block) if isinstance(block, SourceTable) else 0
    if not start or not isinstance(block, SourceTable):
        yield block
        return
    above = [cell for cell in block.cells if cell.row < start]
    below = [replace(c, row=c.row - start) for c in block.cells if c.row >= start]
    yield replace(block, cells=_without_unused_columns(above))
    yield replace(block, cells=_without_unused_columns(below), place=below[0].place)


def _without_unused_columns(cells: Sequence[SourceCell]) -> tuple[SourceCell, ...]:
    """Return cells without the columns in which no cell begins."""
    used = sorted({cell.column for cell in cells})
    return tuple(
        replace(
            cell,
            column=bisect_left(used, cell.column),
            column_span=bisect_left(used, cell.column + cell.column_span)
            - bisect_left(used, cell.column),
        )
        for cell in cells
    )


def _title_row(table: SourceTable) -> int:
    """Return the number of the row that has only the first title of the form's tables, or 0."""
    titles = (cell for cell in table.cells if opens_tables(cell.text))
    title = min(titles, key=lambda cell: cell.row, default=None)
    if title is None:
        return 0
    others = (c for c in table.cells if c is not title and 0 <= title.row - c.row < c.row_span)
    return 0 if any(c.text.strip() or c.row < title.row for c in others) else title.row


def _lines(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield all blocks, but each line of a paragraph as a paragraph of its own."""
    for block in blocks:
        if isinstance(block, SourceTable):
            yield block
            continue
        for number, line in enumerate(block.text.split("\n")):
            if line.strip():
                yield SourceParagraph(line, block.place, 0 if number else block.level)


def _opened(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield all blocks, with the texts and notes that stand in tables as paragraphs."""
    for block in blocks:
        if isinstance(block, SourceParagraph):
            yield block
            continue
        rows: dict[int, list[SourceCell]] = defaultdict(list)
        for cell in block.cells:
            if cell.text.strip():
                rows[cell.row].append(cell)
        lines = [rows[number] for number in sorted(rows)]
        if _holds_texts(lines):
            yield from _texts(lines)
            continue
        end = len(lines)
        while end > 1 and len(lines[end - 1]) == 1 and NOTE.match(lines[end - 1][0].text):
            end -= 1
        notes = [line[0] for line in lines[end:]]
        if notes:
            block = replace(
                block, cells=tuple(cell for cell in block.cells if cell.row < notes[0].row)
            )
        yield block
        for note in notes:
            yield SourceParagraph(note.text, note.place)


def _holds_texts(lines: list[list[SourceCell]]) -> bool:
    """Return True if a table has headings of sections on the left, and their texts to the right."""
    if any(len(line) > 2 or line[-1].column + line[-1].column_span > 2 for line in lines):
        return False
    headings = [line for line in lines if len(line) == 2 and _is_heading(line[0].text)]
    return len(headings) >= _FEWEST_HEADINGS and not any(
        line[1].text.strip().isdigit() for line in headings
    )


def _is_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and section_key(text, guess=False) is not None


def _texts(lines: list[list[SourceCell]]) -> Iterator[SourceParagraph]:
    for number, line in enumerate(lines):
        names = [words(cell.text) for cell in line]
        if number == 0 and names[-1] in _HEADS:
            continue
        for cell in line[1:] if names[0] in _TITLES else line:
            yield SourceParagraph(cell.text, cell.place)
