"""Define the data of the site about reports and units: the figures, without the texts.

The figures come from the JSON files that the build writes (`build --to json`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from nianbao.checks.rules.body_kinds import BODY_KINDS, body_kind_of, publication_deadline
from nianbao.model.form import load_form
from nianbao.model.report import cell_value, value_at
from nianbao.model.schema import SUM_KEY
from nianbao.rendering.data.records import DataRecord
from nianbao.site.addresses import unit_page, url
from nianbao.site.figures import Figure, add, figure_of
from nianbao.site.search import own_headings
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import TOP
from nianbao.workspace.units import UnitPlace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.model.form import Form
    from nianbao.model.report import Number, Value
    from nianbao.site.search import SearchPassage
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.unit_tree import Unit
    from nianbao.workspace.units import UnitIndex


@dataclass(frozen=True, slots=True)
class SiteReport:
    """A published report.

    `digest`: a digest of the report's JSON file.
    `files`: the formats in which the report can be downloaded.
    `is_sum`: True if the figures are the sum of other units' figures.
    `headings`: the headings that the author has added to those of the form.
    `kind`: 机关类型 of the report, or "".
    """

    record: DataRecord
    digest: str
    files: tuple[str, ...]
    is_sum: bool = False
    headings: tuple[SearchPassage, ...] = ()
    kind: str = ""

    @property
    def year(self) -> int:
        """The year that the report is about."""
        return self.record.year

    @property
    def unit(self) -> str:
        """The id of the unit that published the report."""
        return self.record.unit or TOP

    @property
    def date(self) -> str:
        """The date of publication or, if missing, of signature, in ISO 8601."""
        return self.record.published or self.record.signed

    @property
    def href(self) -> str:
        """The address of the report's page, relative to the folder of the site."""
        return url(f"{self.record.report}.html")

    def file(self, suffix: str) -> str:
        """Return the address of the report's file in a format.

        `suffix`: the suffix of the format, such as pdf.
        """
        return url(f"{self.record.report}.{suffix}")

    def figure(self, figure: Figure, edition: int = 0) -> Number | None:
        """Return the number of a main figure, or None.

        Return None if the figure means something else in the edition `edition`.

        `edition`: an edition of the form; 0 to compare no meanings.
        """
        own = self.record.edition
        if edition and not figure.means_the_same(own, edition):
            return None
        return figure_of(own, self.record.values, figure)

    @property
    def key(self) -> tuple[object, ...]:
        """The inputs of a page that come from this report.

        A page is made again if its inputs have changed.
        """
        return self.record.report, self.digest, self.files, self.is_sum


@dataclass(frozen=True, slots=True)
class SiteUnit:
    """A unit and its reports, the newest first.

    `level`: the depth of the unit in the roster, counted from 0.
    """

    id: str
    name: str
    level: int
    reports: tuple[SiteReport, ...]

    @property
    def href(self) -> str:
        """The address of the unit's page, relative to the folder of the site."""
        return url(unit_page(self.id))

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the unit's reports, the newest first."""
        return tuple(report.year for report in self.reports)


class UnitLink(NamedTuple):
    """The name of a unit and the address of its page.

    `href`: the address, or "" if the unit has no page.
    """

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class SiteYear:
    """The reports of one year.

    `entries`: each unit with a report of the year, and that report.
    `missing`: the units whose report of the year is missing, sorted by name.
    `late`: the entries whose report was published after the deadline.
    """

    year: int
    entries: tuple[tuple[SiteUnit, SiteReport], ...]
    missing: tuple[UnitLink, ...]
    late: tuple[tuple[SiteUnit, SiteReport], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """The inputs of a page that come from this year.

        A page is made again if its inputs have changed.
        """
        entries = [(unit.id, unit.name, report.key) for unit, report in self.entries]
        return self.year, entries, self.missing, [report.href for _, report in self.late]

    @property
    def edition(self) -> int:
        """The newest edition of the form among the reports of the year."""
        return max(report.record.edition for _, report in self.entries)

    @property
    def counted(self) -> Sequence[SiteReport]:
        """The reports whose figures are added up for the year.

        A report that is itself a sum of reports is left out.
        If all reports of the year are sums, all are included.
        """
        reports = [report for _, report in self.entries]
        # No number counts twice.
        return [report for report in reports if not report.is_sum] or reports

    def total(self, figure: Figure, edition: int = 0) -> Number | None:
        """Return the sum of a main figure over the reports in `counted`.

        Reports in which the figure has another meaning than in `edition` are left out.

        `edition`: an edition of the form, or 0 to include all reports.

        Return None if no report has a number.
        """
        return add(report.figure(figure, edition) for report in self.counted)


@dataclass(frozen=True, slots=True)
class Site:
    """The units and the years from which the pages of the site are made.

    `settings`: the settings of the repository.
    `units`: in the order of the roster.
    `years`: the newest first.
    """

    settings: Settings
    units: tuple[SiteUnit, ...]
    years: tuple[SiteYear, ...]

    def year(self, year: int) -> SiteYear | None:
        """Return the reports of a year, or None if there are none."""
        return next((each for each in self.years if each.year == year), None)

    @property
    def reports(self) -> list[SiteReport]:
        """All reports, in the order of the units."""
        return [report for unit in self.units for report in unit.reports]


@dataclass(slots=True)
class ReportReader:
    """Reads the JSON files of reports."""

    # Equal values share one object, to save memory.
    _known: dict[Number | str, Value] = field(default_factory=dict)

    def read(
        self, file: Path, name: str, digest: str, files: tuple[str, ...], *, is_parent: bool
    ) -> SiteReport:
        """Return the report whose JSON is in `file`.

        `name`: the path of the report's outputs, without suffix, in the folder of the site.
        `digest`: a digest of `file`.
        `files`: the formats in which the report can be downloaded.
        `is_parent`: True if the unit has subordinate units in the roster.
        """
        data = json.loads(file.read_bytes(), parse_float=Decimal)
        form = load_form(data["格式"])
        unit = name.rpartition("/")[0]
        record = DataRecord(
            name,
            unit,
            sanitize(data["机关"]),
            data["年度"],
            form.edition,
            data["成文日期"],
            data.get("发布日期", ""),
            data.get("文号", ""),
            0,
            tuple(self._values(data, form)),
        )
        is_sum = is_parent or SUM_KEY in data
        kind = data.get("机关类型", "")
        return SiteReport(record, digest, files, is_sum, own_headings(data), kind)

    def _values(self, data: Mapping[str, Any], form: Form) -> Iterator[Value]:
        """Yield the value of every cell, totals included, in the order of `cell_fields`."""
        known = self._known
        for row in form.rows:
            written = value_at(data, row.pointer)
            for column in row.columns:
                cell = written[column.key]
                if isinstance(cell, dict):  # a number with a note
                    yield cell_value(cell)
                else:
                    yield known.get(cell) or known.setdefault(cell, cell_value(cell))


def build_site(reports: Iterable[SiteReport], index: UnitIndex, settings: Settings) -> Site:
    """Return the site with the given reports.

    `reports`: at most one report for each unit and year.
    """
    by_unit: dict[str, list[SiteReport]] = {}
    for report in reports:
        by_unit.setdefault(report.unit, []).append(report)
    for listed in by_unit.values():
        listed.sort(key=lambda report: -report.year)
    units = _ordered(by_unit, index)
    years = sorted({year for unit in units for year in unit.years}, reverse=True)
    return Site(settings, units, tuple(_year(year, units, index, settings) for year in years))


def _ordered(by_unit: Mapping[str, list[SiteReport]], index: UnitIndex) -> tuple[SiteUnit, ...]:
    """Return the units in the order of the roster, then those that are not in it, by name."""
    roster = index.roster
    levels = {unit.id: (depth, unit.name) for depth, unit in roster.tree()} if roster else {}
    units = []
    for id_, reports in by_unit.items():
        depth, name = levels.get(id_, (0, ""))
        units.append(SiteUnit(id_, name or reports[0].record.body, depth, tuple(reports)))
    order = {id_: number for number, id_ in enumerate(levels)}
    units.sort(key=lambda unit: (order.get(unit.id, len(order)), by_name(unit.name), unit.id))
    return tuple(units)


def by_name(name: str) -> bytes:
    """Return a sort key that orders common Chinese characters by pinyin, as in GB 2312."""
    return name.encode("gb18030", "replace")


def _year(year: int, units: Sequence[SiteUnit], index: UnitIndex, settings: Settings) -> SiteYear:
    entries = [(u, report) for u in units for report in u.reports if report.year == year]
    known = {unit.id: unit for unit in units}
    present = {unit.id for unit, _ in entries}
    due = (each.unit for each in index.in_year(year))
    missing = [_link(each, known) for each in due if each.id not in present and not each.is_own]
    missing.sort(key=lambda each: by_name(each.name))
    listed = {each.unit.id: each.unit for each in index.in_year(year)}
    late = [
        (unit, report)
        for unit, report in entries
        if _is_late(report, listed.get(unit.id), settings)
    ]
    return SiteYear(year, tuple(entries), tuple(missing), tuple(late))


def _is_late(report: SiteReport, unit: Unit | None, settings: Settings) -> bool:
    """Return True if a report was published after the deadline, found as rule F401 does."""
    own = UnitPlace(unit, True, False, ()).apply(settings) if unit else settings
    kind = report.kind or own.body_kind
    kind_of_body = BODY_KINDS[kind] if kind else body_kind_of(report.record.body)
    deadline = publication_deadline(report.year, kind_of_body, own.deadline)
    return deadline is not None and report.date > deadline.isoformat()


def _link(unit: Unit, known: Mapping[str, SiteUnit]) -> UnitLink:
    page = known.get(unit.id)
    name = sanitize(unit.name or (page.name if page else unit.id))
    return UnitLink(name, page.href if page else "")
