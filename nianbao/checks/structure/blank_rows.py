"""Merge the findings about the cells of a blank row into one finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.model.report import value_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.model.form import Form
    from nianbao.model.source import Source


def merge_blank_rows(findings: Sequence[Finding], source: Source, form: Form) -> list[Finding]:
    """Merge the findings about the cells of each blank row into one finding."""
    # A draft has some 160 blank cells in 30 rows, and people fill in one row at a time.
    by_cell = {finding.pointer: finding for finding in findings if finding.rule == "S103"}
    if not by_cell:
        return list(findings)
    merged: dict[Pointer, Finding | None] = {}
    for row in form.rows:
        cells = [cell for cell, column in row.cells() if not column.total]
        blank = {cell for cell, _ in row.cells() if value_at(source.data, cell) is None}
        if len(cells) < 2 or not blank.issuperset(cells) or not by_cell.keys() >= set(cells):
            continue
        merged |= dict.fromkeys(blank)
        merged[cells[0]] = replace(
            by_cell[cells[0]],
            span=source.location_of(row.pointer).key_or_value,
            pointer=row.pointer,
            message=f"“{' › '.join(form.labels(row.pointer))}”整行空着，{len(cells)} 格都要填",
        )
    kept = (merged.get(f.pointer, f) if f.rule == "S103" else f for f in findings)
    return [finding for finding in kept if finding is not None]
