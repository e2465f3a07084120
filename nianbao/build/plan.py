"""Plan a build: compare each report and output with the manifest, and say what is due."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.build.fingerprints import CHECK, environment_digests, file_digest, input_digest
from nianbao.build.manifest import OutputRecord, ReportRecord, read_manifest
from nianbao.workspace.discovery import output_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.build.job import JobResult
    from nianbao.rendering import Format
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """One report of a build: the formats that are due, each with the reason in Chinese.

    `record` is the manifest's record if it still holds. Without it the report is checked even if
    no output is due.
    """

    file: ReportFile
    record: ReportRecord | None
    due: Mapping[Format, str]

    @property
    def name(self) -> str:
        """The report's name in the manifest."""
        return self.file.stem.as_posix()


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """A build: the plans of its reports, and what all of them share.

    `digests` are the environment digests. `records` are the manifest's records that still hold, by
    report name; in a build of some reports only, those of all others too. `manifest_changed` is
    True if the manifest holds anything else.
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
        """The reports of which a check or an output is due."""
        return [each for each in self.reports if each.record is None or each.due]


def plan_build(
    root: Path,
    files: Sequence[ReportFile],
    formats: Sequence[Format],
    output: Path,
    settings: Settings,
    *,
    force: bool,
    keep_others: bool,
) -> BuildPlan:
    """Compare reports and outputs with the manifest of `output`, by content.

    `force` makes everything due. `keep_others` keeps the records of reports not in `files`.
    """
    digests = environment_digests(root, settings, formats)
    manifest = read_manifest(output) if formats else {}

    def plan(file: ReportFile) -> ReportPlan:
        record = None if force else manifest.get(file.stem.as_posix())
        return _plan_report(file, record, formats, digests, output)

    if len(manifest) < 16:
        reports = list(map(plan, files))
    else:  # reading and hashing release the interpreter: four threads keep two cores busy
        with ThreadPoolExecutor(4) as threads:
            reports = list(threads.map(plan, files))
    records = {each.name: each.record for each in reports if each.record}
    if keep_others:
        names = {each.name for each in reports}
        records |= {name: each for name, each in manifest.items() if name not in names}
    templates, changed = root / "templates", records != manifest
    return BuildPlan(reports, formats, output, templates, settings, digests, records, changed)


def _plan_report(
    file: ReportFile,
    record: ReportRecord | None,
    formats: Sequence[Format],
    digests: Mapping[str, str],
    output: Path,
) -> ReportPlan:
    if record is None:
        return ReportPlan(file, None, dict.fromkeys(formats, "第一次生成"))
    if record.input_digest != input_digest(file, record.year, digests[CHECK]):
        return ReportPlan(file, None, dict.fromkeys(formats, "内容有变化"))
    due: dict[Format, str] = {}
    for to in () if record.failed else formats:
        made = record.outputs.get(to)
        if made is None:
            due[to] = "第一次生成"
        elif made.environment_digest != digests[to]:
            due[to] = "模板、字体或程序有变化"
        elif made.digest and made.digest != file_digest(output_path(file, to, output)):
            due[to] = "原来的文件不在了，或被改过"
    return ReportPlan(file, record, due)


def updated_record(plan: ReportPlan, result: JobResult, digests: Mapping[str, str]) -> ReportRecord:
    """Return the record of a report after its job."""
    same = plan.record is not None and plan.record.input_digest == result.input_digest
    outputs = dict(plan.record.outputs) if same and plan.record else {}
    for to in plan.due:
        outputs.pop(to, None)
        if to in result.written or to in result.withheld:
            findings = tuple(result.withheld.get(to, ()))
            outputs[to] = OutputRecord(digests[to], result.written.get(to), findings)
    digest = None if result.failures else result.input_digest
    return ReportRecord(digest, result.year, result.failed, result.encoded_findings, outputs)
