"""Make the equations of the form (勾稽关系), which are sums of cells that must be equal."""

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
    """Two groups of cells, `left` and `right`, that must have the same sum.

    `kind`: row or column for a total and its parts, balance for 收办平衡.
    `pointer`: the cell at which a violation is reported.
    """

    kind: str
    section: Section
    pointer: Pointer
    left: tuple[Pointer, ...]
    right: tuple[Pointer, ...]

    def gap(self, values: Mapping[Pointer, Value]) -> Number:
        """Return the left sum minus the right sum, which is 0 for a correct equation."""
        return sum_of(values, self.left) - sum_of(values, self.right)


@lru_cache(maxsize=64)  # the sections of several editions
def equations(section: Section) -> tuple[Equation, ...]:
    """Return the equations of a section: totals of rows and columns, and identities (收办平衡)."""
    return (*_totals(section), *_balances(section))


def broken_equations(report: Report) -> list[Equation]:
    """Return the equations of a report whose two sums differ.

    Equations in which the program computes all cells are left out.
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
    for identity in section.identities:
        for column in by_role[identity.left[0]].columns:
            left, right = (
                tuple((*by_role[role].pointer, column.key) for role in side) for side in identity
            )
            yield Equation("balance", section, right[-1], left, right)
