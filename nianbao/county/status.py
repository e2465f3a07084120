"""Find the state of each unit's report: missing, a draft, wrong, late or ready."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from nianbao.build.executors import map_chunks
from nianbao.checks.checker import check_file
from nianbao.checks.draft import compile_draft
from nianbao.checks.rules import REMARKS, UNFINISHED
from nianbao.checks.rules.body_kinds import BODY_KINDS, body_kind_of, publication_deadline
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.diagnostics.reporters.summary import count_by_severity
from nianbao.diagnostics.reporters.units import UnitStatus
from nianbao.model.draft import OpenValue
from nianbao.rendering.pdf.printability import add_unprintable
from nianbao.workspace.discovery import REPORTS_FOLDER, TOP
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.units import UnitPlace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.checks.checker import CheckResult
    from nianbao.workspace.readers import Reader
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitIndex, UnitReport

MISSING, DRAFT, ERRORS, LATE, READY = STATES = ("未交", "草稿", "有错误", "迟交", "可以公布")
IN_TIME, OVERDUE, NOT_YET, UNDATED = PUBLICATIONS = ("按时公布", "未按时公布", "未到期", "没有期限")


@dataclass(frozen=True, slots=True)
class StatusJob:
    """A unit for whose report `find_status` finds the state.

    `report`: the unit, and its report if there is one.
    `place`: the position of the unit in the roster, or None if unknown.
    `level`: the depth of the unit in the tree of the roster, counted from 0.
    """

    report: UnitReport
    place: UnitPlace | None
    level: int


@dataclass(frozen=True, slots=True)
class YearStatus:
    """The states of all units' reports on a year.

    `as_of`: the day for which the states were found.
    """

    year: int
    as_of: date
    units: tuple[UnitStatus, ...]

    @property
    def to_remind(self) -> tuple[UnitStatus, ...]:
        """The units whose report is missing, unfinished or wrong."""
        return tuple(unit for unit in self.units if unit.state in (MISSING, DRAFT, ERRORS))

    @property
    def to_publish(self) -> tuple[UnitStatus, ...]:
        """The units that must publish their report, sorted by state of publication.

        The states are 按时公布, 未按时公布, 未到期 and 没有期限, in this order.
        """
        due = [unit for unit in self.units if unit.publication]
        return tuple(sorted(due, key=lambda unit: PUBLICATIONS.index(unit.publication)))

    @property
    def totals(self) -> Mapping[str, int]:
        """The number of units in each state: 未交, 草稿 and so on."""
        found = Counter(unit.state for unit in self.units)
        return {state: found[state] for state in STATES}

    @property
    def publications(self) -> Mapping[str, int]:
        """The number of units in each state of publication: 按时公布, 未按时公布 and so on.

        Only units that must publish their report are counted.
        """
        found = Counter(unit.publication for unit in self.to_publish)
        return {each: found[each] for each in PUBLICATIONS}


def default_year(index: UnitIndex, as_of: date) -> int:
    """Return the newest year with a report, which is shown by default.

    If there is no report, return the year before the year of `as_of`.
    """
    return index.years[-1] if index.years else as_of.year - 1


def status_jobs(index: UnitIndex, year: int) -> list[StatusJob]:
    """Return a `StatusJob` for each unit that must report, or has reported, on a year.

    The units of the roster come first, in the order of its tree.
    """
    levels = {unit.id: depth for depth, unit in index.roster.tree()} if index.roster else {}
    return [
        StatusJob(each, index.place(each.file) if each.file else None, levels.get(each.unit.id, 0))
        for each in index.in_year(year)
    ]


def find_statuses(
    index: UnitIndex, settings: Settings, year: int, as_of: date
) -> tuple[UnitStatus, ...]:
    """Check the reports on a year, and return the states of all units.

    `as_of`: the day for which the states are found.
    """
    jobs = status_jobs(index, year)
    function = partial(_check_chunk, settings=settings, year=year, as_of=as_of)
    results = map_chunks(function, jobs, ["nianbao.county.status"])
    return tuple(
        result or _failed(job, settings, year, as_of)
        for job, result in zip(jobs, results, strict=True)
    )


def _check_chunk(
    jobs: Sequence[StatusJob], settings: Settings, year: int, as_of: date
) -> list[UnitStatus]:
    return [find_status(job, settings, year, as_of) for job in jobs]


def _failed(job: StatusJob, settings: Settings, year: int, as_of: date) -> UnitStatus:
    """Return the state of a unit if the process that checked its report has died."""
    state = _Known(job, _deadline(job, settings, year, None), as_of)
    return state.status(ERRORS, "", (), ["没有查完（内存也许不够）"])


def find_status(
    job: StatusJob, settings: Settings, year: int, as_of: date, reader: Reader = DISK_READER
) -> UnitStatus:
    """Check the report of a unit, and return the unit's state.

    A report is late if its 发布日期 is after the deadline.
    A finished report without 发布日期 is judged by its 成文日期.

    `as_of`: the day to compare with the deadline, for a report without a date.
    """
    file = job.report.file
    if file is None:
        known = _Known(job, _deadline(job, settings, year, None), as_of)
        return known.status(MISSING, "", (), [])
    checked = check_file(file, settings, reader, job.place)
    findings = add_unprintable(checked.findings, checked.report)
    known = _Known(job, _deadline(job, settings, year, checked), as_of)
    live = [finding for finding in findings if not finding.waived]
    errors = [finding for finding in live if finding.severity is Severity.ERROR]
    unfinished = _unfinished(checked, live)
    published, signed = (_date(checked, key) for key in ("发布日期", "成文日期"))
    written = published or signed  # the date of a finished report; of any other, `published`
    remarks = [text for rule, text in REMARKS.items() if any(f.rule == rule for f in live)]
    if checked.failures:
        return known.status(ERRORS, written, findings, ["程序出错，没有查完"], published)
    if unfinished:
        return known.status(DRAFT, written, findings, [unfinished, *remarks], published)
    if errors:
        first = min(errors, key=lambda finding: finding.sort_key)
        reason = f"第 {first.span.line} 行：{first.message}"
        return known.status(ERRORS, written, findings, [reason, *remarks], published)
    state = LATE if known.days(written) > 0 else READY
    return known.status(state, written, findings, remarks, written)


@dataclass(frozen=True, slots=True)
class _Known:
    """The facts about a unit that are known before its report is read.

    `deadline`: the last day to publish the report, or None. `as_of`: the day for which the state is
    found.
    """

    job: StatusJob
    deadline: date | None
    as_of: date

    def days(self, written: str) -> int:
        """Return the number of days from the deadline to a date; 0 if the date is not after it.

        `written`: the date as YYYY-MM-DD; "" stands for `as_of`.
        """
        if self.deadline is None:
            return 0
        day = date.fromisoformat(written) if written else self.as_of
        return max((day - self.deadline).days, 0)

    def status(
        self,
        state: str,
        written: str,
        findings: Sequence[Finding],
        reasons: Sequence[str],
        published: str = "",
    ) -> UnitStatus:
        """Return the row of the unit in the table.

        `written`: the date to print.
        `reasons`: Chinese texts that explain the state.
        `published`: the date of publication, for a report that is not ready; "" if it is not
            published.
        """
        unit, file = self.job.report.unit, self.job.report.file
        counted = written if state in (LATE, READY) else published
        days = self.days(counted)
        return UnitStatus(
            unit.id,
            (file.stem.name,) if file else (),
            **count_by_severity(findings),
            fixable=sum(finding.fixable for finding in findings),
            name=unit.name or (REPORTS_FOLDER if unit.id == TOP else unit.id),
            path=file.shown if file else "",
            state=state,
            date=written,
            deadline=self.deadline.isoformat() if self.deadline else "",
            days_late=days,
            publication="" if unit.is_own else self._publication(counted),
            reason="；".join([*self._timing(state, days), *reasons]),
            level=self.job.level,
        )

    def _publication(self, published: str) -> str:
        if self.deadline is None:
            return UNDATED
        if self.days(published):
            return OVERDUE
        return IN_TIME if published else NOT_YET

    def _timing(self, state: str, days: int) -> list[str]:
        """Return texts that say how late the report is, or how many days remain."""
        if days:
            return [f"迟 {days} 天" if state in (LATE, READY) else f"过期 {days} 天"]
        if state != MISSING:
            return []
        if self.deadline is None:
            return ["没有期限"]
        left = (self.deadline - self.as_of).days
        return [f"还有 {left} 天" if left else "今天到期"]


def _deadline(
    job: StatusJob, settings: Settings, year: int, checked: CheckResult | None
) -> date | None:
    """Return the last day to publish a report, as in rule F401, or None if there is none."""
    unit, place = job.report.unit, job.place
    own = place.apply(settings) if place else _of_unit(job, settings)
    data = checked.source.data if checked and isinstance(checked.source.data, dict) else {}
    named, body = data.get("机关类型"), data.get("机关")
    kind = named if named in BODY_KINDS else own.body_kind
    name = body if isinstance(body, str) else unit.name or unit.id
    return publication_deadline(
        year, BODY_KINDS[kind] if kind else body_kind_of(name), own.deadline
    )


def _of_unit(job: StatusJob, settings: Settings) -> Settings:
    return UnitPlace(job.report.unit, True, False, ()).apply(settings)


def _unfinished(checked: CheckResult, findings: Sequence[Finding]) -> str:
    """Return a Chinese text that says what a report still lacks; "" if it lacks nothing."""
    marks = sum(finding.rule in UNFINISHED for finding in findings)
    cells = 0
    if checked.report is None and (draft := compile_draft(checked)) is not None:
        values = draft.report.values.values()
        cells = sum(isinstance(v, OpenValue) and v.is_blank and not v.is_missing for v in values)
    parts = (f"空格 {cells} 处" if cells else "", f"没写完的 {marks} 处" if marks else "")
    return "，".join(filter(None, parts))


def _date(checked: CheckResult, key: str) -> str:
    """Return the date that a report has under a key, as YYYY-MM-DD; "" if it has no valid date."""
    data = checked.source.data
    written = data.get(key) if isinstance(data, dict) else None
    try:
        return date.fromisoformat(written).isoformat() if isinstance(written, str) else ""
    except ValueError:
        return ""
