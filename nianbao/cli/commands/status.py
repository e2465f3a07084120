"""The command `status`: print which reports on a year are missing, unfinished, wrong or late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from nianbao.cli.commands.units import format_roster_findings
from nianbao.cli.printing import print_text
from nianbao.county.formats import StatusFormat, StatusList, format_status
from nianbao.county.status import YearStatus, default_year, find_statuses
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError
from nianbao.workspace.settings import read_settings
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.cli.console import Console


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """The options of `status`.

    `to`: the output format.
    `which`: the list of units to print.
    `as_of`: the day (YYYY-MM-DD) to compare deadlines with; None for today.
    """

    to: StatusFormat
    which: StatusList
    as_of: str | None


def status(root: Path, year: str | None, *, options: StatusOptions, console: Console) -> int:
    """Print the states of the units' reports on a year (missing, draft, late …).

    `year`: the year in digits; None for the newest year with a report.

    Return 1 if units.toml is wrong. Raises UsageError if a year or a day is invalid, or if there is
    nothing to list.
    """
    as_of = _day(options.as_of) if options.as_of is not None else date.today()  # noqa: DTZ011
    settings, problems = read_settings(root)
    index = UnitIndex(root)
    if index.findings:
        text = format_roster_findings(root, index.findings, colour=console.colour)
        print_text(text, console)
        return 1
    if problems:
        console.warn(*format_findings(problems, {}, to="text").split("\n"))
    wanted = _year(year) if year is not None else default_year(index, as_of)
    units = find_statuses(index, settings, wanted, as_of)
    if not units:
        raise UsageError(f"没有 {wanted} 年度的报告，名单里也没有要报的单位")
    found = YearStatus(wanted, as_of, units)
    output = format_status(found, options.which, options.to, colour=console.colour)
    if options.to in ("text", "markdown"):
        print_text(output, console)
        if year is None and index.roster and wanted < as_of.year - 1:
            console.warn(f"{as_of.year - 1} 年度也该报了，还一份没有：status {as_of.year - 1}")
    else:
        console.print(output)
    return 0


def _year(text: str) -> int:
    if not re.fullmatch("20[0-9]{2}", text):
        raise UsageError(f"“{text}”不是年份。写报告的年度，例如 status 2023")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of 要写 2024-02-01 这样的日期，写的是“{text}”") from None
