"""Find the unit of a report, and the reports of the units that the unit sums up."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.errors import UsageError
from nianbao.model.schema import SUM_KEY
from nianbao.workspace.discovery import REPORTS_FOLDER, ROSTER_NAME, TOP, find_reports
from nianbao.workspace.series import year_or_stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.unit_tree import Roster, Unit

_LARGEST: Final = 8 * 1024 * 1024  # bytes; more than a report can have
# Levels below a report that it depends on. There are five in the country; since a report is read
# once for each level above it, a chain of thousands would take too much time.
_MAX_LEVELS: Final = 8


class UnitReport(NamedTuple):  # made much faster than a dataclass at each start of the program
    """A unit and its report on one year.

    `file`: None if there is no report.
    `below`: the units that the report sums up; () if none are known.
    """

    unit: Unit
    file: ReportFile | None
    # () if the report is not a sum, or if the units were not looked up.
    below: tuple[UnitReport, ...] = ()


class UnitPlace(NamedTuple):
    """The unit of a report and its position in the roster.

    `unit`: the unit's entry in the roster, or None.
    `is_listed`: False if a roster exists, but without this unit.
    `is_parent`: True if the unit sums up other units of the roster.
    `below`: the units that the report may sum up, with their reports, or ().
    """

    unit: Unit | None
    is_listed: bool  # the unit of reports/ itself need not be in the roster
    is_parent: bool
    below: tuple[UnitReport, ...]

    def apply(self, settings: Settings) -> Settings:
        """Return `settings` with the body kind and the deadline of the unit.

        A value that the roster does not give stays unchanged.
        """
        if self.unit is None or not (self.unit.kind or self.unit.deadline):
            return settings
        from dataclasses import replace

        kind, deadline = self.unit.kind, self.unit.deadline
        return replace(
            settings,
            body_kind=kind or settings.body_kind,
            deadline=deadline or settings.deadline,
        )


def with_all_below(reports: Iterable[UnitReport]) -> Iterator[UnitReport]:
    """Yield each report, followed by all reports that it sums up directly or indirectly."""
    for each in reports:
        yield each
        yield from with_all_below(each.below)


class UnitIndex:
    """The units of a repository and their reports.

    Without a roster, each folder below reports/ with reports is a unit.

    `roster`: None if units.toml is missing or has errors.
    `findings`: the findings about units.toml.
    """

    def __init__(self, root: Path, files: Sequence[ReportFile] | None = None) -> None:
        """Read the roster. `files`: all reports of the repository, None if they are not known."""
        self._files = files  # None until they are looked for, on first use
        self._folder = Path(os.path.abspath(root / REPORTS_FOLDER))  # noqa: PTH100
        self._root = root
        self.roster: Roster | None = None
        self.findings: list[Finding] = []
        if os.path.lexists(root / ROSTER_NAME):
            from nianbao.workspace.roster import read_roster

            self.roster, self.findings = read_roster(root)

    def unit_id(self, file: ReportFile) -> str | None:
        """Return the id of a report's unit; None for a file outside reports/."""
        path = Path(os.path.abspath(file.path))  # noqa: PTH100 - resolve() would follow links
        return file.stem.parent.as_posix() if path.is_relative_to(self._folder) else None

    def place(self, file: ReportFile) -> UnitPlace | None:
        """Return the unit of a report and its position in the roster.

        Return None if the report is outside reports/. Without a roster, return None for a report
        that is not a sum.
        """
        id_, year = self.unit_id(file), year_or_stem(file.path)
        if id_ is None:
            return None
        roster = self.roster
        unit = roster.units.get(id_) if roster else None
        is_parent = unit is not None and roster is not None and id_ in roster.children
        may_be_sum = is_parent or (unit is None and _mentions_sum(file))
        if roster is None and not may_be_sum:
            return None
        is_listed = roster is None or unit is not None or id_ == TOP
        below = self.below(id_, int(year)) if may_be_sum and year.isdigit() else ()
        return UnitPlace(unit, is_listed, is_parent, below)

    def below(self, id_: str, year: int, levels: int = _MAX_LEVELS) -> tuple[UnitReport, ...]:
        """Return the units whose figures the unit `id_` adds up in a year, with their reports.

        Without a roster, these are all other units, without those whose report is a sum.

        `levels`: the number of tree levels below `id_` to return; 1 for direct children.
        """
        if self.roster is None:
            from nianbao.workspace.unit_tree import Unit

            files = ((each, file) for (each, known), file in self.reports.items() if known == year)
            units = [
                Unit(each, each) for each, file in files if each != id_ and not _mentions_sum(file)
            ]
        else:
            named = (self.roster.units[each] for each in self.roster.children.get(id_, ()))
            units = [unit for unit in named if unit.reports_in(year)]
        return tuple(self._report(unit, year, levels - 1) for unit in units)

    def _report(self, unit: Unit, year: int, levels: int) -> UnitReport:
        """Return the report of a unit, with up to `levels` levels of what it sums up."""
        file = self.reports.get((unit.id, year))
        is_parent = self.roster is not None and unit.id in self.roster.children
        if file is None or not is_parent or not levels or not _mentions_sum(file):
            return UnitReport(unit, file)
        return UnitReport(unit, file, self.below(unit.id, year, levels))

    def in_year(self, year: int) -> Sequence[UnitReport]:
        """Return the units of a year, with their reports.

        The units that must report come first, in the roster's order. Other units with a report
        follow. Without a roster, every folder with a report on any year must report.
        """
        from nianbao.workspace.unit_tree import Unit

        if self.roster:
            units = [unit for _, unit in self.roster.tree() if unit.reports_in(year)]
        else:
            units = [Unit(id_, "") for id_ in dict.fromkeys(id_ for id_, _ in self.reports)]
        due = [UnitReport(unit, self.reports.get((unit.id, year))) for unit in units]
        known = {each.unit.id for each in due}
        others = [key for key in self.reports if key[1] == year and key[0] not in known]
        return [*due, *(UnitReport(Unit(id_, ""), self.reports[id_, year]) for id_, _ in others)]

    @cached_property
    def years(self) -> Sequence[int]:
        """The years of all reports, in ascending order."""
        return sorted({year for _, year in self.reports})

    @cached_property
    def reports(self) -> Mapping[tuple[str, int], ReportFile]:
        """The report of each unit and year.

        Of several reports on a year, a file named only by the year (2022.yaml) is preferred.
        """
        found: dict[tuple[str, int], ReportFile] = {}
        for file in self._all_files():
            year = year_or_stem(file.path)
            if year.isdigit():
                key = (file.stem.parent.as_posix(), int(year))
                if key not in found or file.stem.name == year:
                    found[key] = file
        return found

    def _all_files(self) -> Sequence[ReportFile]:
        if self._files is None:
            try:
                self._files = find_reports(self._root, ())
            except UsageError:  # no reports
                self._files = ()
        return self._files


def _mentions_sum(file: ReportFile) -> bool:
    """Return True if a report may list the reports that its tables add up (汇总)."""
    try:
        found = file.path.stat()
        if not S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            return False
        return SUM_KEY.encode() in file.path.read_bytes()
    except OSError:
        return False
