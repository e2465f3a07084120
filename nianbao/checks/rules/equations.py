"""The form's identities (勾稽关系): which cells must be equal, from its annotations alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from nianbao.model.report import sum_of, summands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Section
    from nianbao.model.report import Number, Report, Value


@dataclass(frozen=True, slots=True)
class Equation:
    """`left` and `right` are cells whose sums must be equal; `place` is where to report it."""

    kind: str
    section: Section
    place: Pointer
    left: tuple[Pointer, ...]
    right: tuple[Pointer, ...]

    def gap(self, values: Mapping[Pointer, Value]) -> Number:
        """The sum of the left side less that of the right; 0 where the identity holds."""
        return sum_of(values, self.left) - sum_of(values, self.right)


@lru_cache(maxsize=64)  # the sections of several editions
def equations(section: Section) -> tuple[Equation, ...]:
    """All identities of a section's tables: totals of rows, of columns, and 一+二=三（七）+四."""
    return (*_totals(section), *_balances(section))


def broken_equations(report: Report) -> list[Equation]:
    """Return the identities that do not hold.

    One whose cells are all computed is left out: another equation already reports the cause.
    """
    values = report.values
    return [
        equation
        for section in report.form.sections
        for equation in equations(section)
        if equation.gap(values)
        and any(values[cell].written for cell in (*equation.left, *equation.right))
    ]


def _totals(section: Section) -> Iterator[Equation]:
    for row in section.rows:
        parts = tuple(cell for cell, column in row.cells() if not column.total)
        for cell, column in row.cells():
            if column.total:
                yield Equation("row", section, cell, (cell,), parts)
        if row.total:
            others = summands(row, section.rows)
            for cell, column in row.cells():
                below = tuple((*other.pointer, column.key) for other in others)
                yield Equation("column", section, cell, (cell,), below)


def _balances(section: Section) -> Iterator[Equation]:
    by_role = {row.role: row for row in section.rows}
    for left, right in section.identities:
        for column in by_role[left[0]].columns:
            cells = [
                tuple((*by_role[role].pointer, column.key) for role in side)
                for side in (left, right)
            ]
            yield Equation("balance", section, cells[1][-1], cells[0], cells[1])
