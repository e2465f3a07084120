"""Add up the tables of units for the report of the body above them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.diagnostics.finding import json_pointer
from nianbao.model.form import Form, Row, label
from nianbao.model.report import number_text, summands
from nianbao.utils.text import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Number, Report
    from nianbao.workspace.units import UnitPlace

_DIGEST_LENGTH: Final = 16
# Digits as letters, because YAML takes a text of digits for a number.
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class LeftOutCell(NamedTuple):
    """A cell of a unit that is not added to the sum.

    `text`: the label and the number of the cell.
    """

    cell: Pointer
    text: str


@dataclass(frozen=True, slots=True)
class SummedUnit:
    """A unit whose figures are to be added to the sum.

    `outdated` and `not_counted` are for a unit whose report is a sum itself.

    `id`, `name`: the id and the name in the roster.
    `path`: the path of the unit's report in messages; "" if there is none.
    `digest`: the digest of the unit's figures; "" if they can't be used.
    `edition`: the edition of the unit's report; 0 if unknown.
    `problem`: a Chinese text about the problem of the report, or "".
    `left_out`: the cells with numbers that the form of the sum does not have.
    `outdated`: the names of units (this one, or units below) whose sums are outdated.
    `not_counted`: the number of units below it that its sum leaves out.
    """

    id: str
    name: str
    path: str
    digest: str = ""
    edition: int = 0
    problem: str = ""
    left_out: tuple[LeftOutCell, ...] = ()
    outdated: tuple[str, ...] = ()
    not_counted: int = 0

    @property
    def has_figures(self) -> bool:
        """True if the unit has figures to add; its report may have errors."""
        return bool(self.digest)

    def describe_edition(self) -> str:
        """Return a Chinese message about a unit whose report has another edition than the sum.

        The message gives the edition, and the cells that are not added.
        """
        left_out = join_first((each.text for each in self.left_out), 5)
        left = f"；没有加的格：{left_out}" if left_out else ""
        return f"{self.name}用的是 {self.edition} 年格式，只加了意思相同的格{left}"


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit, and the number that it adds to each cell of the sum.

    `cells`: the numbers by cell, without zeros.
    """

    unit: SummedUnit
    cells: Mapping[Pointer, Number]


@dataclass(frozen=True, slots=True)
class Summation:
    """The sums of the figures of units.

    `units`: all units that were to be added.
    `counted`: the ids of the units that were added.
    `sums`: the sums by cell; cells that are 0 in all units are left out.
    """

    units: tuple[SummedUnit, ...]
    counted: frozenset[str]
    sums: Mapping[Pointer, Number]


def add_up(figures: Iterable[UnitFigures], left_out: Iterable[str] = ()) -> Summation:
    """Add up the figures of units.

    `left_out`: the ids of units that are not added.
    """
    units: list[SummedUnit] = []
    counted: set[str] = set()
    sums: dict[Pointer, Number] = {}
    without = frozenset(left_out)
    for each in figures:
        units.append(each.unit)
        if each.unit.has_figures and each.unit.id not in without:
            counted.add(each.unit.id)
            for cell, number in each.cells.items():
                sums[cell] = sums.get(cell, 0) + number
    return Summation(tuple(units), frozenset(counted), sums)


def digest_of_figures(report: Report) -> str:
    """Return a digest of a report's edition, its year and the numbers of its tables.

    Changes of text, notes or layout do not change the digest.
    """
    from hashlib import sha256  # takes 3 ms, and few reports are sums

    lines = [f"{report.form.edition} {report.year}"]
    for pointer, value in sorted(report.values.items()):
        if value.amount:
            lines.append(f"{json_pointer(pointer)}={Decimal(value.amount).normalize():f}")
    digest = sha256("\n".join(lines).encode()).hexdigest()[:_DIGEST_LENGTH]
    return digest.translate(_LETTERS)


def contribution(
    report: Report, form: Form
) -> tuple[dict[Pointer, Number], tuple[LeftOutCell, ...]]:
    """Return the numbers that a report adds to a sum, and the cells that can't be added.

    Cells that are 0 are left out of both results.

    `form`: the form of the sum. Cells that this form does not have can't be added.
    """
    amounts = {cell: value.amount for cell, value in report.values.items() if value.amount}
    # Totals that are waived, or of another edition, are computed again from their parts.
    if report.form is form and not _has_waived_sums(report):
        return amounts, ()
    targets = corresponding_cells(report.form, form)
    added: dict[Pointer, Number] = {}
    left_out: list[LeftOutCell] = []
    # Section 三 first: without its cells, 收办平衡 does not hold in the sum.
    sections = sorted(report.form.sections, key=lambda section: not section.identities)
    for row in (row for section in sections for row in section.rows):
        for cell, column in row.cells():
            if row.total or column.total or cell not in amounts:
                continue
            if cell in targets:
                added[targets[cell]] = amounts[cell]
            else:
                name = f"{label(row.path, ' › ')} › {column.path[-1].title}"
                left_out.append(LeftOutCell(cell, f"{name} {number_text(amounts[cell])}"))
    _add_totals(added, form)
    return added, tuple(left_out)


def _has_waived_sums(report: Report) -> bool:
    return any(waiver["规则"].startswith("A") for waiver in report.data.get("豁免") or ())


def _add_totals(amounts: dict[Pointer, Number], form: Form) -> None:
    """Add the totals to `amounts`, computed from the other cells of the form."""
    for section in form.sections:
        for row in sorted(section.rows, key=lambda row: row.total):  # total rows last
            parts = summands(row, section.rows) if row.total else ()
            for cell, column in row.cells():
                if row.total and not column.total:
                    below = [(*part.pointer, column.key) for part in parts]
                elif column.total:
                    below = [sibling for sibling, other in row.cells() if not other.total]
                else:
                    continue
                total = sum((amounts.get(part, 0) for part in below), 0)
                if total:
                    amounts[cell] = total


@lru_cache(maxsize=16)
def corresponding_cells(source: Form, target: Form) -> Mapping[Pointer, Pointer]:
    """Map each cell of the form `source` to the equivalent cell of the form `target`.

    Equivalent cells have the same row role and the same column role. A row without a role must have
    the same pointer.
    """

    def key(row: Row) -> object:
        return row.role or row.pointer

    targets = {(key(row), column.role): cell for row in target.rows for cell, column in row.cells()}
    pairs = (
        (cell, targets.get((key(row), column.role)))
        for row in source.rows
        for cell, column in row.cells()
    )
    return {cell: found for cell, found in pairs if found is not None}


@dataclass(frozen=True, slots=True)
class UnitContext:
    """The input of the rules about several units (H), for one report.

    `place`: the unit of the report and its position in the roster.
    `summation`: the sums of the units below it; None if the report is not a sum.
    """

    place: UnitPlace
    summation: Summation | None = None
