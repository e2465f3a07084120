"""Collect the notes that are printed under the tables of a section."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.model.form import Section
    from nianbao.model.report import Report, Value

# In characters, which are twenty lines in the narrowest column of the form.
_MAX_NOTE = 60


def place_notes(
    report: Report, section: Section, waived: Sequence[Finding]
) -> tuple[Mapping[Pointer, Value], tuple[str, ...]]:
    """Collect the notes to print under the tables of a section.

    A long note of a cell is moved there, and the cell gets a reference (见注2).

    `waived`: the findings that the report waives, whose notes are printed there.

    Return the changed values of all cells, and the notes.
    """
    # In a narrow column, a row with a long note would not fit on a page.
    values, text = report.values, section.notes
    if text is None:
        return values, ()
    own = [prose.rendered for p, prose in sorted(report.texts.items()) if is_below(p, text.pointer)]
    long = {
        pointer: value
        for pointer, value in values.items()
        if len(value.note) > _MAX_NOTE and is_below(pointer, text.pointer[:1])
    }
    of_cells = list(dict.fromkeys(value.note for value in long.values()))
    of_waived = dict.fromkeys(
        f.note for f in waived if f.note and is_below(f.pointer, text.pointer[:1])
    )
    notes = [*own, *of_cells, *of_waived]
    several = len(notes) > 1
    see = {
        note: f"见注{len(own) + number}" if several else "见注"
        for number, note in enumerate(of_cells, 1)
    }
    shortened = {p: replace(value, note=see[value.note]) for p, value in long.items()}
    # The first note gets the prefix that the form defines; several notes are numbered.
    printed = (
        (text.prefix if number == 1 else "")
        + (f"{number}. " if several else "")
        + note.strip().removeprefix(text.prefix)
        for number, note in enumerate(notes, 1)
    )
    return {**values, **shortened}, tuple(printed)


def is_below(pointer: Pointer, above: Pointer) -> bool:
    """Return True if `pointer` leads to a value inside the value at `above`."""
    return len(pointer) > len(above) and pointer[: len(above)] == above
