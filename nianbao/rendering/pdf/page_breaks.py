"""Split tables that are longer than a page, and repeat the row labels on every page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.rendering.document import Document
    from nianbao.rendering.table_grid import HeaderCell
    from nianbao.rendering.tables import Table, TableRow

# If a header cell spans rows of two pages, WeasyPrint draws it only on the first page. Therefore
# the page breaks are read from a first layout, and the tables are split there with repeated header
# cells.

# By table id, the number of the first row on every page after the first.
Breaks = dict[str, list[int]]


def find_breaks(pages: Sequence[Any]) -> Breaks:
    """Find the page breaks inside the tables of a layout.

    `pages`: the pages of WeasyPrint's layout.

    Return the first row of each new page, by table id. Rows are counted from 0, without the head.
    """
    breaks: Breaks = {}
    begun: set[str] = set()
    for page in pages:
        for table in _tables(page._page_box):
            name = table.element.get("id", "")
            rows = [row for body in table.element.iter("tbody") for row in body]
            first = next((rows.index(row) for row in _rows(table) if row in rows), None)
            if first is not None and name in begun:
                breaks.setdefault(name, []).append(first)
            begun.add(name)
    breaks.pop("", None)  # a table in prose has no labels that span rows
    return breaks


def _tables(box: Any) -> Iterator[Any]:
    """Yield the table boxes inside a box."""
    if box.element_tag == "table":
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _tables(child)


def _rows(box: Any) -> Iterator[Any]:
    """Yield the row elements inside a box, in order."""
    if box.element_tag == "tr":
        yield box.element
        return
    for child in getattr(box, "children", ()):
        yield from _rows(child)


def split_tables(document: Document, breaks: Breaks) -> Document:
    """Return the document with its tables split at page breaks.

    `breaks`: the result of `find_breaks`.
    """
    sections = tuple(
        replace(
            section,
            tables=tuple(_split(table, breaks.get(table.id, ())) for table in section.tables),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def _split(table: Table, starts: Sequence[int]) -> Table:
    rows = [row for body in table.bodies for row in body]
    edges = [0, *starts, len(rows)]
    bodies = []
    # Header cells with the number of their first row, to find header cells that span a break.
    open_labels: list[tuple[int, HeaderCell]] = []
    for start, end in pairwise(edges):
        piece = list(rows[start:end])
        repeated_labels = [
            (begun, cell) for begun, cell in open_labels if begun + cell.rowspan > start
        ]
        new_ids = {cell.id: f"{cell.id}p{start}" for _, cell in repeated_labels}
        if piece:
            repeated = tuple(
                cell._replace(id=new_ids[cell.id], rowspan=begun + cell.rowspan - start)
                for begun, cell in repeated_labels
            )
            piece[0] = piece[0]._replace(labels=repeated + piece[0].labels)
        open_labels += [
            (row_number, cell)
            for row_number, row in enumerate(rows[start:end], start)
            for cell in row.labels
        ]
        bodies.append(
            tuple(
                _rename_headers(_limit_rowspans(row, end - number), new_ids)
                for number, row in enumerate(piece, start)
            )
        )
    return replace(table, bodies=tuple(bodies))


def _limit_rowspans(row: TableRow, limit: int) -> TableRow:
    """Return a row whose header cells span at most `limit` rows."""
    labels = tuple(cell._replace(rowspan=min(cell.rowspan, limit)) for cell in row.labels)
    return row._replace(labels=labels)


def _rename_headers(row: TableRow, names: Mapping[str, str]) -> TableRow:
    """Return a row that refers to header cells by their new ids. `names`: the new ids by old id."""

    def rename(headers: str) -> str:
        return " ".join(names.get(name, name) for name in headers.split())

    return row._replace(
        labels=tuple(cell._replace(headers=rename(cell.headers)) for cell in row.labels),
        cells=tuple(cell._replace(headers=rename(cell.headers)) for cell in row.cells),
    )
