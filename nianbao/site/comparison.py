"""Lay out a unit's reports as tables: a line for each cell, a column for each year.

Cells with the same keys in several editions share a line.
ABSENT is printed for a cell that an edition does not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.model.form import load_form
from nianbao.rendering.data.fields import cell_fields, wide_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Column, Grid, Row
    from nianbao.site.model import SiteReport

ABSENT: Final = "—"


class YearCell(NamedTuple):
    """A cell in a line of a table, for one year.

    `text`: the text of the cell, or "" if it is blank.
    `note`: the note of the cell, or "".
    """

    text: str
    note: str = ""


class YearLine(NamedTuple):
    """A line of a table: the same cell of the form in each year.

    `cells`: one cell for each year.
    `total`: True for a line of totals.
    """

    label: str
    cells: tuple[YearCell, ...]
    total: bool


class LineGroup(NamedTuple):
    """Consecutive lines of a table under a common label.

    `label`: "" if the lines need no common label.
    """

    label: str
    lines: tuple[YearLine, ...]


@dataclass(frozen=True, slots=True)
class YearTable:
    """A table of figures on the page of a unit, with a column for each year.

    `section`: the title of the section of the report.
    `title`: the title of the table, or "".
    `unit`: the unit of measure, or "" if the table has several.
    `years`: the years of the columns.
    """

    section: str
    title: str
    unit: str
    years: tuple[int, ...]
    groups: tuple[LineGroup, ...]

    @property
    def weight(self) -> int:
        """The estimated size of the table on a page, in bytes."""
        lines = sum(len(group.lines) + 1 for group in self.groups)
        return 600 + lines * (110 + 24 * len(self.years))


class _Place(NamedTuple):
    """A cell of the form.

    `edition`: the newest edition that has the cell.
    `section`: the title of its section.
    `grid`: its table.
    `pointer`: leads to its value in a report.
    """

    edition: int
    section: str
    grid: Grid
    row: Row
    column: Column
    pointer: Pointer


def year_tables(reports: Sequence[SiteReport]) -> list[YearTable]:
    """Return the tables of a unit, with a column for each report.

    A table has no column for a report whose form has none of the table's cells.

    `reports`: the reports of the unit, in the order of the columns.
    """
    editions = tuple(sorted({report.record.edition for report in reports}, reverse=True))
    cells = {report.year: _cells_of(report) for report in reports}
    tables = []
    for _, places in groupby(_places(editions), key=lambda place: place.grid.pointer):
        for title, groups in _layout(list(places)):
            printed = [place for _, lines in groups for _, place in lines]
            shown = {
                year: of_year
                for year, of_year in cells.items()
                if any(place.pointer in of_year for place in printed)
            }
            laid = tuple(
                LineGroup(name, tuple(_line(text, place, shown.values()) for text, place in lines))
                for name, lines in groups
            )
            units = {place.column.unit for place in printed}
            unit = units.pop() if len(units) == 1 else ""
            tables.append(YearTable(printed[0].section, title, unit, tuple(shown), laid))
    return tables


def _cells_of(report: SiteReport) -> dict[Pointer, YearCell]:
    fields = cell_fields(load_form(report.record.edition))
    return {
        each.pointer: YearCell(wide_text(value), value.note)
        for each, value in zip(fields, report.record.values, strict=True)
    }


def _line(label: str, place: _Place, cells: Iterable[dict[Pointer, YearCell]]) -> YearLine:
    texts = tuple(each.get(place.pointer, YearCell(ABSENT)) for each in cells)
    heading = place.column.path[-1].title
    return YearLine(label, texts, place.row.total or (place.column.total and label == heading))


def _layout(
    places: Sequence[_Place],
) -> Iterator[tuple[str, list[tuple[str, list[tuple[str, _Place]]]]]]:
    """Yield title and line groups of each printed table that is made from one table of the form.

    `places`: the cells of the table of the form. A group is a label and its lines; a line is a
    label and its cell. A table with more rows than columns is split into one table for each column,
    those of totals first. In any other table, the cells that only an older edition has are split
    off as a table of their own.
    """
    columns = {place.column.key: place.column for place in places}
    rows = {place.row.pointer for place in places}
    title = places[0].grid.title
    if len(rows) <= len(columns) or len(columns) == 1:
        for edition in sorted({place.edition for place in places}, reverse=True):
            chosen = [place for place in places if place.edition == edition]
            is_newest = edition == places[0].edition
            name = title if is_newest else f"{title}（{edition}年的格式）"
            yield name, _grouped([(_row_label(p), p.column.path[-1].title, p) for p in chosen])
        return
    for key, column in sorted(columns.items(), key=lambda item: not item[1].total):
        chosen = [place for place in places if place.column.key == key]
        lines = [(_group_label(p), p.row.path[-1].title, p) for p in chosen]
        yield f"{title} {_column_label(column)}".strip(), _grouped(lines)


def _grouped(
    lines: Iterable[tuple[str, str, _Place]],
) -> list[tuple[str, list[tuple[str, _Place]]]]:
    """Group consecutive lines by their first label.

    `lines`: the label of the group, the label of the line, and the cell of each line.
    """
    return [
        (name, [(text, place) for _, text, place in group])
        for name, group in groupby(lines, key=lambda line: line[0])
    ]


def _row_label(place: _Place) -> str:
    return " ".join(heading.title for heading in place.row.path)


def _group_label(place: _Place) -> str:
    return " ".join(heading.title for heading in place.row.path[:-1])


def _column_label(column: Column) -> str:
    return "：".join(heading.title for heading in column.path)


@cache
def _places(editions: tuple[int, ...]) -> tuple[_Place, ...]:
    """Return the cells of several editions, section by section and table by table.

    `editions`: the newest first, which decides on the order of the cells.
    """
    tables: dict[Pointer, list[_Place]] = {}
    sections: dict[str, int] = {}
    for edition in editions:
        for section in load_form(edition).sections:
            sections.setdefault(section.key, len(sections))
            for grid in section.grids:
                places = [
                    _Place(edition, section.title, grid, row, column, pointer)
                    for row in grid.rows
                    for pointer, column in row.cells()
                ]
                tables[grid.pointer] = _merged(tables.get(grid.pointer, []), places)
    ordered = sorted(tables.values(), key=lambda places: sections[str(places[0].pointer[0])])
    return tuple(place for places in ordered for place in places)


def _merged(newer: Sequence[_Place], older: Iterable[_Place]) -> list[_Place]:
    """Return the cells of a table in two editions, each cell once.

    A cell that only the older edition has comes after the same cell as in the older edition. If it
    is the first one there, it comes at the end.
    """
    merged, known = list(newer), {place.pointer for place in newer}
    position = 0
    for place in older:
        if place.pointer in known:
            position = next(n for n, each in enumerate(merged, 1) if each.pointer == place.pointer)
        else:
            merged.insert(position or len(merged), place)
            position += position > 0
    return merged
