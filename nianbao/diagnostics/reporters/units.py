"""Count findings by unit, and format the counts as a table of at most 80 columns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_COLOURS, Severity
from nianbao.diagnostics.reporters.summary import count_by_severity
from nianbao.utils.text import display_width, fit_width, sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.diagnostics.finding import Finding

_COLUMNS: Final = 80
_GAP: Final = "  "
_HEAD: Final = ("单位", "年度", "错误", "警告", "提示", "可改正")
_RED: Final = SEVERITY_COLOURS[Severity.ERROR]


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """A row of the table of units: a unit, and the counts of the findings of its reports.

    `unit`: the folder of the reports. `years`: the years in the names of the unit's reports, in
    ascending order; empty for a file that is no report, such as nianbao.toml. `fixable`: the number
    of findings that the command `fix` can remove. Waived findings count only as `waived`.
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

    `reports`: for each file its unit, its year ("" if it is no report) and its findings.
    """
    years: dict[str, list[str]] = {}
    counts: dict[str, Counter[str]] = {}
    for unit, year, found in reports:
        years.setdefault(unit, []).extend([year] if year else [])
        fixable = sum(finding.fixable for finding in found)
        counts.setdefault(unit, Counter()).update(**count_by_severity(found), fixable=fixable)
    return tuple(UnitSummary(unit, tuple(sorted(years[unit])), **counts[unit]) for unit in years)


def as_table(units: Sequence[UnitSummary], *, colour: bool) -> str:
    """Return the table as text: a line of headings, a line for each unit, a line of totals.

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
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    widths[0] = min(widths[0], _COLUMNS - sum(widths[1:]) - len(_GAP) * (len(widths) - 1))
    lines = [_line(row, widths) for row in rows]
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


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [fit_width(text, width) for text, width in zip(row, widths, strict=True)]
    blanks = [" " * (width - display_width(c)) for c, width in zip(cells, widths, strict=True)]
    aligned = [
        c + b if n < 2 else b + c for n, (c, b) in enumerate(zip(cells, blanks, strict=True))
    ]
    return _GAP.join(aligned).rstrip()
