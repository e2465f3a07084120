"""Compare cells, matching rows and columns across editions of the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.diff.model import CellChange
from nianbao.diff.side import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.diff.side import ReportSide
    from nianbao.model.form import Column, Form, Row


@dataclass(frozen=True, slots=True)
class _Match:
    """Cells of the old and of the new version that mean the same.

    If a version has several such cells, their sum is compared. `form`, `row` and `column` give the
    labels of a change.
    """

    old: tuple[Pointer, ...]
    new: tuple[Pointer, ...]
    form: Form
    row: Row
    column: Column


def compare_cells(
    old: ReportSide, new: ReportSide
) -> tuple[tuple[CellChange, ...], tuple[str, ...]]:
    """Return the changed cells, and remarks about rows that only one edition has.

    The cells are in the order of the form. The remarks are in Chinese.
    """
    assert old.form is not None
    assert new.form is not None
    if not old.cells or not new.cells:
        return (), ()
    matches = list(_matches(old.form, new.form))
    changes = []
    for match in matches:
        before, after = _sum(match.old, old.cells), _sum(match.new, new.cells)
        lacks = before is None or after is None
        if lacks and (match.row.total or match.column.total):
            continue  # a total that could not be computed
        if not _same(before, after):
            changes.append(_change(match, before, after))
    remarks = [
        f"只在旧表里有：{'；'.join(rows)}"
        for rows in [_unmatched(old.form, matches, "old")]
        if rows
    ]
    remarks += [
        f"只在新表里有：{'；'.join(rows)}"
        for rows in [_unmatched(new.form, matches, "new")]
        if rows
    ]
    return tuple(changes), tuple(remarks)


def _matches(old: Form, new: Form) -> Iterator[_Match]:
    if old.edition == new.edition:
        for row in new.rows:
            for pointer, column in row.cells():
                yield _Match((pointer,), (pointer,), new, row, column)
        return
    taken: set[Pointer] = set()
    for row in new.rows:
        others = _rows_like(row, old)
        if len(others) == 1:
            back = _rows_like(others[0], new)
            if len(back) > 1 and row in back:
                # One row of the old form matches several rows of the new form.
                if others[0].pointer not in taken:
                    taken.add(others[0].pointer)
                    yield from _columns(others, back, old, others[0])
                continue
        if others:
            yield from _columns(others, [row], new, row)


def _rows_like(row: Row, form: Form) -> list[Row]:
    """Return the rows of `form` that mean the same as `row`, a row of another edition.

    They have the same pointer, or else the same role. Otherwise one of the two may have the role of
    the group around the other. If there are several rows, their sum means the same.
    """
    for rows in (
        [other for other in form.rows if other.pointer == row.pointer],
        [other for other in form.rows if row.role and other.role == row.role],
        [other for other in form.rows if row.role and other.group_role == row.role],
        [other for other in form.rows if row.group_role and other.role == row.group_role],
    ):
        if rows:
            return rows
    return []


def _columns(old: Sequence[Row], new: Sequence[Row], form: Form, shown: Row) -> Iterator[_Match]:
    one, other = (old, new) if shown in new else (new, old)
    for column in shown.columns:
        cells = [
            (*row.pointer, like.key)
            for row in one
            for like in row.columns
            if like.key == column.key or (column.role and like.role == column.role)
        ]
        if len(cells) == len(one):
            own = tuple((*row.pointer, column.key) for row in other)
            pair = (tuple(cells), own) if one is old else (own, tuple(cells))
            yield _Match(*pair, form, shown, column)


def _sum(pointers: Sequence[Pointer], cells: Mapping[Pointer, Cell]) -> Cell | None:
    found = [cells[pointer] for pointer in pointers if pointer in cells]
    if len(found) < len(pointers):
        return None
    if len(found) == 1:
        return found[0]
    if not all(cell.readable for cell in found):
        return None
    total = sum((cell.number or 0 for cell in found), 0)
    return Cell(str(total), total, "", written=False)


def _same(old: Cell | None, new: Cell | None) -> bool:
    if old is None or new is None:
        return old is new
    return (old.text, old.note) == (new.text, new.note)


def _change(match: _Match, before: Cell | None, after: Cell | None) -> CellChange:
    section = next(s for s in match.form.sections if s.key == match.row.pointer[0])
    grid = next(grid for grid in section.grids if match.row in grid.rows)
    return CellChange(
        (*match.row.pointer, match.column.key),
        " ".join(part for part in (section.title, grid.title) if part),
        tuple(heading.title for heading in match.row.path),
        tuple(heading.title for heading in match.column.path),
        before,
        after,
    )


def _unmatched(form: Form, matches: Sequence[_Match], side: str) -> list[str]:
    """Return a text for each row of a form that has cells without a match.

    The text has the labels of the row and of these cells. `side`: "old" or "new", the version to
    which `form` belongs.
    """
    labels = []
    known = {p for match in matches for p in (match.old if side == "old" else match.new)}
    for row in form.rows:
        columns = [column.path[-1].title for cell, column in row.cells() if cell not in known]
        if columns:
            names = " › ".join(form.labels(row.pointer)[-2:])
            whole = len(columns) == len(row.columns)
            labels.append(names if whole else f"{names}（{'、'.join(columns)}）")
    return labels
