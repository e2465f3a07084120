"""Plan a build: compare reports and outputs with the manifest to find what is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from nianbao.build.digests import (
    CHECK,
    add_to_digest,
    environment_digests,
    file_digest,
    input_digest,
)
from nianbao.build.manifest import OutputRecord, ReportRecord, read_manifest
from nianbao.workspace.discovery import output_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.build.job import JobResult
    from nianbao.rendering import Format
    from nianbao.rendering.document import SitePage
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitIndex, UnitPlace

_MANY: Final = 200  # reports, from which a second process pays off


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """The plan for one report of a build.

    A report without a record is checked, even if no output is due.

    `record`: the manifest's record; None if it is missing or out of date.
    `due`: the formats to make, each with the reason in Chinese.
    `digests`: the result of `environment_digests`; that of html depends on `page`, too.
    `place`: the unit of the report and its position in the roster, or None.
    `page`: the addresses that the web page needs in a site; None without a site.
    """

    file: ReportFile
    record: ReportRecord | None
    due: Mapping[Format, str]
    digests: Mapping[str, str]
    place: UnitPlace | None = None
    page: SitePage | None = None

    @property
    def name(self) -> str:
        """The path of the report's outputs in the output folder, without suffix: unit/2022."""
        return self.file.stem.as_posix()

    def linked(self, formats: Sequence[Format]) -> tuple[Format, ...]:
        """Return the outputs that the web page links to.

        This build makes these outputs, or an earlier build made them.

        `formats`: the formats to choose from.
        """
        made = self.record.outputs if self.record else {}
        return tuple(
            to
            for to in formats
            if to != "html" and (to in self.due or (to in made and made[to].digest))
        )


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """The plan of a build.

    `output`: the output folder.
    `templates`: the repository's templates folder.
    `digests`: the result of `environment_digests`.
    `records`: the records in the manifest that are still valid, by report name.
    `manifest_changed`: True if the manifest has records that are not in `records`.
    """

    reports: Sequence[ReportPlan]
    formats: Sequence[Format]
    output: Path
    templates: Path
    settings: Settings
    digests: Mapping[str, str]
    records: Mapping[str, ReportRecord]
    manifest_changed: bool

    @property
    def due(self) -> list[ReportPlan]:
        """The plans of the reports that must be checked or have an output to make."""
        return [each for each in self.reports if each.record is None or each.due]


def plan_build(
    root: Path,
    files: Sequence[ReportFile],
    formats: Sequence[Format],
    output: Path,
    settings: Settings,
    units: UnitIndex,
    *,
    force: bool,
    keep_others: bool,
    pages: Mapping[ReportFile, SitePage] | None = None,
) -> BuildPlan:
    """Find the reports to check and the outputs to make in a build.

    `root`: the folder of the repository.
    `output`: the output folder.
    `force`: True to check all `files` and make all their outputs.
    `keep_others`: True to keep the records of reports that are not in `files`.
    `pages`: by report, the addresses that its web page needs; None without a site.
    """
    digests = environment_digests(root, settings, formats)
    manifest = read_manifest(output) if formats else {}

    plans = []
    for file in files:
        record = None if force else manifest.get(file.stem.as_posix())
        page = pages[file] if pages else None
        own = {**digests, "html": add_to_digest(digests["html"], page)} if page else digests
        plans.append(ReportPlan(file, record, {}, own, units.place(file), page))
    found = _find_due(plans, formats, output)
    reports = [
        replace(each, record=each.record if is_valid else None, due=due)
        for each, (is_valid, due) in zip(plans, found, strict=True)
    ]
    records = {each.name: each.record for each in reports if each.record}
    # Only some reports are built.
    if keep_others:
        names = {each.name for each in reports}
        records |= {name: each for name, each in manifest.items() if name not in names}
    templates, changed = root / "templates", records != manifest
    return BuildPlan(reports, formats, output, templates, settings, digests, records, changed)


def _find_due(
    plans: Sequence[ReportPlan], formats: Sequence[Format], output: Path
) -> list[tuple[bool, Mapping[Format, str]]]:
    """Return the result of `_due_formats` for each plan.

    If there are many plans, another process examines half of them.
    """
    function = partial(_due_in_chunk, formats=formats, output=output)
    half = len(plans) // 2
    if len(plans) < _MANY:
        return function(plans)
    from nianbao.build.executors import WorkerDiedError, start_worker

    with start_worker() as worker:  # threads would wait for each other: most files are small
        task = worker.submit(function, plans[:half])
        rest = function(plans[half:])
        try:
            return task.result() + rest
        except WorkerDiedError:
            return function(plans[:half]) + rest


def _due_in_chunk(
    plans: Sequence[ReportPlan], formats: Sequence[Format], output: Path
) -> list[tuple[bool, Mapping[Format, str]]]:
    return [_due_formats(plan, formats, output) for plan in plans]


def _due_formats(
    plan: ReportPlan, formats: Sequence[Format], output: Path
) -> tuple[bool, Mapping[Format, str]]:
    """Return whether the record of a plan is up to date, and the formats that are due."""
    file, record = plan.file, plan.record
    if record is None:
        return False, dict.fromkeys(formats, "第一次生成")
    if record.input_digest != input_digest(
        file, record.year, plan.digests[CHECK], place=plan.place
    ):
        return False, dict.fromkeys(formats, "内容有变化")
    due: dict[Format, str] = {}
    for to in () if record.failed else formats:
        made = record.outputs.get(to)
        if made is None:
            due[to] = "第一次生成"
        elif made.environment_digest != plan.digests[to]:
            due[to] = "模板、字体或程序有变化"
        elif made.digest and made.digest != file_digest(output_path(file, to, output)):
            due[to] = "原来的文件不在了，或被改过"
    if due and "html" in formats:  # its links depend on which other outputs can be made
        due.setdefault("html", "和它一起的文件要重做")
    return True, due


def updated_record(plan: ReportPlan, result: JobResult) -> ReportRecord:
    """Return the new record of a report from its plan and the result of its job."""
    same = plan.record is not None and plan.record.input_digest == result.input_digest
    outputs = dict(plan.record.outputs) if same and plan.record else {}
    for to in plan.due:
        outputs.pop(to, None)
        if to in result.written or to in result.withheld:
            findings = tuple(result.withheld.get(to, ()))
            outputs[to] = OutputRecord(plan.digests[to], result.written.get(to), findings)
    digest = None if result.failures else result.input_digest
    return ReportRecord(digest, result.year, result.failed, result.encoded_findings, outputs)
