"""A printed report as a source document, and changes of its tables."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.importing.document import (
    Place,
    SourceCell,
    SourceDocument,
    SourceParagraph,
    SourceTable,
)
from nianbao.importing.importer import import_document
from nianbao.importing.readers import read_document
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.importing.round_trip import compile_report
from tests.support import fixture_reports

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nianbao.importing.importer import ImportedReport
    from nianbao.model.report import Report

Block = SourceParagraph | SourceTable


@cache
def printed(name: str = "large-city-2025") -> SourceDocument:
    """Return a sample report as it is read from its web page."""
    page = render_report(truth(name), "html", Settings(), Path(os.devnull))
    return read_document(page, "html")


@cache
def truth(name: str = "large-city-2025") -> Report:
    """Return the sample report itself."""
    return compile_report(fixture_reports()[name].read_text("utf-8"))


def tables(document: SourceDocument) -> list[SourceTable]:
    """Return the tables of a document."""
    return [block for block in document.blocks if isinstance(block, SourceTable)]


def paragraphs(*texts: str) -> list[SourceParagraph]:
    """Return texts as paragraphs with their places."""
    return [SourceParagraph(text, Place(paragraph=number)) for number, text in enumerate(texts, 1)]


def grid(*rows: Sequence[str]) -> SourceTable:
    """Return a table without merged cells; the place of each cell is its row and column."""
    cells = tuple(
        SourceCell(text, Place(table=1, row=row + 1, column=column + 1), row, column)
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
    )
    return SourceTable(cells, Place(table=1))


def with_tables(
    change: Callable[[list[SourceTable]], Sequence[Block]], name: str = "large-city-2025"
) -> SourceDocument:
    """Return the sample with its tables replaced, all of them at the place of the first.

    `change` gets table two (in one, as most offices have it), three and four.
    """
    document = printed(name)
    first = next(i for i, block in enumerate(document.blocks) if isinstance(block, SourceTable))
    others = [block for block in document.blocks[first:] if isinstance(block, SourceParagraph)]
    *second, third, fourth = tables(document)
    changed = change([_joined(second), third, fourth])
    return replace(document, blocks=(*document.blocks[:first], *changed, *others))


def with_blocks(change: Callable[[list[Block]], Sequence[Block]]) -> SourceDocument:
    """Return the sample with its blocks changed."""
    document = printed()
    return replace(document, blocks=tuple(change(list(document.blocks))))


def change_cells(table: SourceTable, change: Callable[[str], str]) -> SourceTable:
    """Return a table with the text of each cell changed."""
    return replace(table, cells=tuple(replace(c, text=change(c.text)) for c in table.cells))


def turned(table: SourceTable) -> SourceTable:
    """Return a table with rows and columns exchanged."""
    cells = [
        replace(
            cell,
            row=cell.column,
            column=cell.row,
            row_span=cell.column_span,
            column_span=cell.row_span,
        )
        for cell in table.cells
    ]
    return replace(table, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def rows_of(table: SourceTable, start: int, end: int) -> SourceTable:
    """Return rows of a table as a table; merged cells that reach into them are cut."""
    cells = []
    for cell in table.cells:
        first, last = max(cell.row, start), min(cell.row + cell.row_span, end)
        if first < last:
            cut = "" if cell.row < start else cell.text
            cells.append(replace(cell, text=cut, row=first - start, row_span=last - first))
    return replace(table, cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))))


def flowed(table: SourceTable, change: Callable[[SourceCell], SourceCell]) -> SourceTable:
    """Return a table with each cell changed, placed as a web page places cells of these spans."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for cell in map(change, sorted(table.cells, key=lambda cell: (cell.row, cell.column))):
        column = next(at for at in range(1000) if (cell.row, at) not in taken)
        spans = range(cell.row_span), range(cell.column_span)
        taken |= {(cell.row + y, column + x) for y in spans[0] for x in spans[1]}
        cells.append(replace(cell, column=column))
    return replace(table, cells=tuple(cells))


def _joined(parts: Sequence[SourceTable]) -> SourceTable:
    """Return tables below each other, their last columns as wide as the widest table."""
    widths = [max(map(len, part.matrix())) for part in parts]
    wide = []
    for part, width in zip(parts, widths, strict=True):
        missing = max(widths) - width
        cells = (
            replace(cell, column_span=cell.column_span + missing)
            if cell.column + cell.column_span == width
            else cell
            for cell in part.cells
        )
        wide.append(replace(part, cells=tuple(cells)))
    return below(*wide)


def below(*parts: SourceTable) -> SourceTable:
    """Return tables joined into one, below each other."""
    cells: list[SourceCell] = []
    for part in parts:
        height = max((cell.row + cell.row_span for cell in cells), default=0)
        cells += [replace(cell, row=cell.row + height) for cell in part.cells]
    return replace(parts[0], cells=tuple(cells))


def wrong_numbers(
    document: SourceDocument, name: str = "large-city-2025"
) -> tuple[list[str], list[str]]:
    """Import a document; return the cells that differ from the sample, without and with a doubt."""
    imported = import_document(document)
    silent: list[str] = []
    listed: list[str] = []
    read = cells_of(imported)
    for pointer, value in truth(name).values.items():
        number = "/" if value.number is None else str(value.number)
        if read.get(pointer, "") not in (number, f"{number}（{value.note}）"):
            doubts = (doubt.pointer for doubt in imported.doubts if doubt.pointer)
            known = any(pointer[: len(each)] == each for each in doubts)
            (listed if known else silent).append(f"{pointer}: {number} → {read.get(pointer)}")
    return silent, listed


def cells_of(imported: ImportedReport) -> dict[tuple[str | int, ...], str]:
    """Return the cells of a report file as text, blank ones as ""."""
    import yaml

    data = yaml.load(imported.text, yaml.CSafeLoader)
    found = {}
    for row in imported.form.rows:
        for pointer, _ in row.cells():
            value = data
            for key in pointer:
                value = value.get(key) if isinstance(value, dict) else None
            if isinstance(value, dict):
                value = f"{value['数值']}（{value['注']}）"
            found[pointer] = "" if value is None else str(value)
    return found
