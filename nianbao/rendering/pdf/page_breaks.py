"""Tables that are longer than a page: cut between rows, so that every page has whole labels.

A label that spans rows of two pages would be drawn on the first alone, and the rows of the second
would stand beside nothing. So a laid-out page tells where its tables went on, the tables are cut
there, and each piece gets the labels of its rows again.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.rendering.document import Document
    from nianbao.rendering.table_grid import HeaderCell
    from nianbao.rendering.tables import Table, TableRow

# The first rows of the pages after the first, for each table that is longer than a page.
Breaks = dict[str, list[int]]


def find_breaks(pages: Sequence[Any]) -> Breaks:
    """Where the tables of the form go on on a further page, in a document that WeasyPrint laid out.

    Rows are counted over all bodies of a table.
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
    """The boxes of tables in a box."""
    if box.element_tag == "table":
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _tables(child)


def _rows(box: Any) -> Iterator[Any]:
    """The elements of the rows in a box, in order."""
    if box.element_tag == "tr":
        yield box.element
        return
    for child in getattr(box, "children", ()):
        yield from _rows(child)


def split_tables(document: Document, breaks: Breaks) -> Document:
    """The document with its tables cut before these rows."""
    sections = tuple(
        replace(
            section,
            tables=tuple(_cut(table, breaks.get(table.id, ())) for table in section.tables),
        )
        for section in document.sections
    )
    return replace(document, sections=sections)


def _cut(table: Table, starts: Sequence[int]) -> Table:
    rows = [row for body in table.bodies for row in body]
    edges = [0, *starts, len(rows)]
    bodies = []
    # The labels that reach down from the rows above: where they began, and what they are.
    open_labels: list[tuple[int, HeaderCell]] = []
    for start, end in pairwise(edges):
        piece = list(rows[start:end])
        again = [(begun, cell) for begun, cell in open_labels if begun + cell.rowspan > start]
        new_ids = {cell.id: f"{cell.id}p{start}" for _, cell in again}
        if piece:
            repeated = tuple(
                cell._replace(id=new_ids[cell.id], rowspan=begun + cell.rowspan - start)
                for begun, cell in again
            )
            piece[0] = piece[0]._replace(labels=repeated + piece[0].labels)
        open_labels += [
            (row_number, cell)
            for row_number, row in enumerate(rows[start:end], start)
            for cell in row.labels
        ]
        bodies.append(
            tuple(
                _renamed(_shortened(row, end - number), new_ids)
                for number, row in enumerate(piece, start)
            )
        )
    return replace(table, bodies=tuple(bodies))


def _shortened(row: TableRow, most: int) -> TableRow:
    """A row whose labels span no more than so many rows."""
    labels = tuple(cell._replace(rowspan=min(cell.rowspan, most)) for cell in row.labels)
    return row._replace(labels=labels)


def _renamed(row: TableRow, names: Mapping[str, str]) -> TableRow:
    """A row whose cells and labels name the labels of their own page."""

    def rename(headers: str) -> str:
        return " ".join(names.get(name, name) for name in headers.split())

    return row._replace(
        labels=tuple(cell._replace(headers=rename(cell.headers)) for cell in row.labels),
        cells=tuple(cell._replace(headers=rename(cell.headers)) for cell in row.cells),
    )
