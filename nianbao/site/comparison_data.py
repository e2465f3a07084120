"""Make the data of the page that compares units: the units' figures, and the form's tables.

The data is in scripts: a page that is opened from a disk can load no other data.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from nianbao.model.form import load_form
from nianbao.rendering.data.fields import data_tables, wide_text
from nianbao.site.search import part_script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.model.form import Column, Row
    from nianbao.site.model import SiteUnit

# The page first loads the index, then the files of the units that a reader has chosen.
PAGE: Final = "compare.html"
FOLDER: Final = "compare"
INDEX: Final = f"{FOLDER}/index"
SCRIPTS: Final = ("parts.js", "compare.js")
# A table with more rows first shows only the totals of those rows that have one.
_SHORT: Final = 5


def comparison_index(units: Iterable[SiteUnit]) -> dict[str, bytes]:
    """Return JavaScript files with the names of all units and the tables of each edition.

    The result has the content of each file by its path. Editions without reports are left out.
    """
    listed = list(units)
    entries = [[unit.id, unit.name, part_name(unit.id)] for unit in listed]
    editions = {report.record.edition for unit in listed for report in unit.reports}
    files = {f"{INDEX}.js": part_script(INDEX, entries)}
    for edition in sorted(editions):
        name = f"{FOLDER}/form-{edition}"
        files[f"{name}.js"] = part_script(name, _form(edition))
    return files


def comparison_unit(unit: SiteUnit) -> dict[str, bytes]:
    """Return the script with the figures of all reports of a unit.

    The result is a dictionary with one item: the path and the content of the script.
    """
    name = part_name(unit.id)
    years: dict[str, Any] = {}
    for report in unit.reports:
        values = report.record.values
        notes = {str(n): value.note for n, value in enumerate(values) if value.note}
        figures = [wide_text(value) for value in values]
        years[str(report.year)] = [report.record.edition, report.href, figures, notes]
    data = {"id": unit.id, "name": unit.name, "href": unit.href, "years": years}
    return {f"{name}.js": part_script(name, data)}


def part_name(unit_id: str) -> str:
    """Return the path, without .js, of the script with a unit's figures."""
    return f"{FOLDER}/{sha256(unit_id.encode(errors='surrogateescape')).hexdigest()[:16]}"


def _form(edition: int) -> list[dict[str, Any]]:
    """Return the tables of an edition, each with its title and cells.

    A cell is a list: path, row, column, unit of measure, and whether it is a detail. Details are
    shown only if a reader asks. The cells have the order of the values in a unit's file.
    """
    form = load_form(edition)
    grids = (grid for section in form.sections for grid in section.grids)
    tables = []
    for grid, table in zip(grids, data_tables(form), strict=True):
        is_long = len(grid.rows) > _SHORT
        cells = ((row, column) for row in grid.rows for _, column in row.cells())
        tables.append(
            {
                "title": table.title,
                "cells": [
                    [*field[:4], is_long and _is_detail(row, column)]
                    for (row, column), field in zip(
                        cells,
                        ((f.path, f.row, f.column, f.unit) for f in table.fields),
                        strict=True,
                    )
                ],
            }
        )
    return tables


def _is_detail(row: Row, column: Column) -> bool:
    return not column.total and any(each.total for each in row.columns)
