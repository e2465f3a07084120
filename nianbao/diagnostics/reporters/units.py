"""Count findings by unit, and format the counts as a table of at most 80 columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.reporters.summary import count_by_severity
from nianbao.utils.text import align_columns, fit_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.diagnostics.finding import Finding

_HEAD: Final = ("单位", "年度", "错误", "警告", "提示", "可改正")
_RED: Final = "31;1"


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """A row of the table of units: a unit, and the counts of the findings of its reports.

    `unit`: the folder of the reports. `years`: of its reports, in ascending order, as in their
    names; empty for a file that is no report, such as nianbao.toml. `fixable`: how many of the
    findings `fix` can remove. Waived findings count only as `waived`.
    """

    unit: str
    years: tuple[str, ...]
    errors: int
    warnings: int
    infos: int
    waived: int
    fixable: int


def summarize_units(
    reports: Iterable[tuple[str, str, Sequence[Finding]]],
) -> tuple[UnitSummary, ...]:
    """Return a row for each unit, in the order in which the units first appear.

    `reports`: the unit, the year and the findings of each file; no year if it is no report.
    """
    years: dict[str, list[str]] = {}
    findings: dict[str, list[Finding]] = {}
    for unit, year, found in reports:
        years.setdefault(unit, []).extend([year] if year else [])
        findings.setdefault(unit, []).extend(found)
    return tuple(_count(unit, sorted(years[unit]), findings[unit]) for unit in years)


def _count(unit: str, years: Iterable[str], findings: Sequence[Finding]) -> UnitSummary:
    fixable = sum(finding.fixable for finding in findings)
    return UnitSummary(unit, tuple(years), **count_by_severity(findings), fixable=fixable)


def as_table(units: Sequence[UnitSummary], *, colour: bool) -> str:
    """Return a line for each unit between the headings and the totals.

    A name that is too long for 80 columns is shortened in its middle. `colour`: print the units
    with errors in red.
    """
    reports = sum(len(each.years) for each in units)
    named = sum(bool(each.years) for each in units)
    rows = [
        _HEAD,
        *((sanitize(each.unit), _years(each.years), *_numbers([each])) for each in units),
        (f"合计 {named} 个单位", f"{reports} 份", *_numbers(units)),
    ]
    lines = align_columns(rows, right=range(2, len(_HEAD)))
    if colour:
        for number, each in enumerate(units, 1):
            if each.errors:
                lines[number] = f"\x1b[{_RED}m{lines[number]}\x1b[0m"
    return "\n".join(lines)


def _numbers(units: Sequence[UnitSummary]) -> list[str]:
    counts = [(each.errors, each.warnings, each.infos, each.fixable) for each in units]
    return [str(sum(column) or "-") for column in zip(*counts, strict=True)]


def _years(years: Sequence[str]) -> str:
    if len(years) > 2:
        return f"{fit_width(years[0], 6)}至{fit_width(years[-1], 6)}，{len(years)} 份"
    return "、".join(fit_width(year, 10) for year in years)
