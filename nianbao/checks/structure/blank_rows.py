"""Rows that nobody has filled in yet, each told once and not cell by cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.model.form import Form
    from nianbao.model.source import Source


def merge_blank_rows(findings: Sequence[Finding], source: Source, form: Form) -> list[Finding]:
    """The findings of the structure, those about the cells of a wholly blank row made one.

    A draft has some 160 blank cells in 30 rows; a row is what one fills in at a time.
    """
    of_cell = {finding.pointer: finding for finding in findings if finding.rule == "S103"}
    folded: dict[Pointer, Finding | None] = {}
    for row in form.rows:
        cells = [cell for cell, column in row.cells() if not column.total]
        totals = [cell for cell, column in row.cells() if column.total and _blank(source, cell)]
        if len(cells) < 2 or any(cell not in of_cell or not _blank(source, cell) for cell in cells):
            continue
        where = " › ".join(form.labels(row.pointer))
        folded |= dict.fromkeys((*cells, *totals))
        folded[cells[0]] = replace(
            of_cell[cells[0]],
            span=source.location_of(row.pointer).key_or_value,
            pointer=row.pointer,
            message=f"“{where}”整行空着，{len(cells)} 格都要填",
        )
    told = (folded.get(f.pointer, f) if f.rule == "S103" else f for f in findings)
    return [finding for finding in told if finding is not None]


def _blank(source: Source, cell: Pointer) -> bool:
    """Whether nothing stands where a cell's number should be."""
    value: object = source.data
    for part in cell:
        value = value.get(part, ...) if isinstance(value, dict) else ...
    return value is None
