"""Format a table of units, with counts of findings or states of reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_COLOURS, Severity
from nianbao.diagnostics.reporters.summary import count_by_severity
from nianbao.utils.text import align_columns, fit_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.diagnostics.finding import Finding

_HEAD: Final = ("单位", "年度", "错误", "警告", "提示", "可改正")
STATUS_COLUMNS: Final = ("单位", "状态", "日期", "期限", "错误", "警告", "说明")
_RED: Final = SEVERITY_COLOURS[Severity.ERROR]


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """A row in the table of units: a unit, and the number of its findings.

    A waived finding is counted only in `waived`.

    `unit`: the folder of the unit's reports.
    `years`: the years of the reports, ascending; () in the row of units.toml.
    `fixable`: the number of findings that the command `fix` can remove.
    """

    unit: str
    years: tuple[str, ...]
    errors: int
    warnings: int
    infos: int
    waived: int
    fixable: int


@dataclass(frozen=True, slots=True)
class UnitStatus(UnitSummary):
    """A row in the table of units: a unit, and the state of its report.

    Dates are YYYY-MM-DD, or "" if unknown.

    `name`: the unit's full name, or its folder if the name is unknown.
    `path`: the report file, as messages show it; "" if there is none.
    `state`: 未交, 草稿, 有错误, 迟交 or 可以公布.
    `date`: the date of publication, or else of the signature.
    `deadline`: the last day to publish the report.
    `days_late`: the number of days after the deadline; 0 if not late.
    `publication`: 按时公布, 未按时公布, 未到期 or 没有期限; "" if the parent unit
        publishes the report.
    `reason`: a Chinese text that explains the state.
    `level`: the unit's depth in the tree of units, counted from 0.
    """

    name: str
    path: str
    state: str
    date: str
    deadline: str
    days_late: int
    publication: str
    reason: str
    level: int


def summarize_units(
    reports: Iterable[tuple[str, str, Sequence[Finding]]],
) -> tuple[UnitSummary, ...]:
    """Return a row for each unit, in the order of first appearance.

    `reports`: unit, year and findings of each file; the year can be "".
    """
    years: dict[str, list[str]] = {}
    counts: dict[str, Counter[str]] = {}
    for unit, year, found in reports:
        years.setdefault(unit, []).extend([year] if year else [])
        fixable = sum(finding.fixable for finding in found)
        counts.setdefault(unit, Counter()).update(**count_by_severity(found), fixable=fixable)
    return tuple(UnitSummary(unit, tuple(sorted(years[unit])), **counts[unit]) for unit in years)


def as_table(units: Sequence[UnitSummary], *, colour: bool) -> str:
    """Return the table of units as text, with headings above and totals below.

    `colour`: True to print units with errors in red.
    """
    if units and isinstance(units[0], UnitStatus):
        return _status_table([each for each in units if isinstance(each, UnitStatus)], colour)
    reports = sum(len(each.years) for each in units)
    named = sum(bool(each.years) for each in units)
    rows = [
        _HEAD,
        *((sanitize(each.unit), _years(each.years), *_numbers([each])) for each in units),
        (f"合计 {named} 个单位", f"{reports} 份", *_numbers(units)),
    ]
    lines = align_columns(rows, right=range(2, len(_HEAD)))
    return _painted(lines, units if colour else ())


def status_cells(unit: UnitStatus) -> tuple[str, ...]:
    """Return the texts of a unit's row, one for each column in STATUS_COLUMNS."""
    numbers = [str(number or "") for number in (unit.errors, unit.warnings)]
    return (unit.name, unit.state, unit.date, unit.deadline, *numbers, unit.reason)


def _status_table(units: Sequence[UnitStatus], colour: bool) -> str:
    """Return the table of the units of one year.

    Most deadlines are in the same year; dates in that year are shortened to month and day.
    """
    years = Counter(each.deadline[:5] for each in units if each.deadline)
    usual = years.most_common(1)[0][0] if years else "-"
    rows: list[Sequence[str]] = [STATUS_COLUMNS]
    for unit in units:
        name, state, *dates, errors, warnings, reason = map(sanitize, status_cells(unit))
        short = (each.removeprefix(usual) for each in dates)
        rows.append((name, state, *short, errors or "-", warnings or "-", reason))
    sums = [str(sum(c) or "-") for c in zip(*((u.errors, u.warnings) for u in units), strict=True)]
    rows.append((f"合计 {len(units)} 个单位", "", "", "", *sums, ""))
    return _painted(align_columns(rows, right={4, 5}, flexible=(6, 0)), units if colour else ())


def _painted(lines: list[str], units: Sequence[UnitSummary]) -> str:
    """Join the lines of a table; the lines of units with errors are red.

    `lines`: the headings, then one line for each of `units`, then any other lines.
    """
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
