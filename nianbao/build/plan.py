"""What a build has to do: each report and output compared with what was built before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.build.fingerprints import CHECK, digest_of, input_digest
from nianbao.build.manifest import OutputRecord, ReportRecord
from nianbao.workspace.discovery import output_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.build.job import JobResult
    from nianbao.rendering import Format
    from nianbao.workspace.discovery import ReportFile


@dataclass(frozen=True, slots=True)
class Plan:
    """One report: the formats that are due, each with the reason, in Chinese.

    `entry` is what is known of it from before and still holds; without one it is to be checked
    even if no output is due.
    """

    file: ReportFile
    record: ReportRecord | None
    due: Mapping[Format, str]

    @property
    def kept(self) -> bool:
        """Whether all is as it should be."""
        return self.record is not None and not self.due


def name_of(file: ReportFile) -> str:
    """What a report is called in the manifest."""
    return file.stem.as_posix()


def plan(
    files: Sequence[ReportFile],
    formats: Sequence[Format],
    means: Mapping[str, str],
    entries: Mapping[str, ReportRecord],
    output: Path,
) -> list[Plan]:
    """Compare inputs and outputs with the entries of a manifest, by content."""

    def one(file: ReportFile) -> Plan:
        entry = entries.get(name_of(file))
        if entry is None:
            return Plan(file, None, dict.fromkeys(formats, "第一次生成"))
        if entry.inputs != input_digest(file, entry.year, means[CHECK]):
            return Plan(file, None, dict.fromkeys(formats, "内容有变化"))
        due: dict[Format, str] = {}
        for to in () if entry.failed else formats:
            made = entry.outputs.get(to)
            if made is None:
                due[to] = "第一次生成"
            elif made.environment_digest != means[to]:
                due[to] = "模板、字体或程序有变化"
            elif made.digest and made.digest != digest_of(output_path(file, to, output)):
                due[to] = "原来的文件不在了，或被改过"
        return Plan(file, entry, due)

    if len(entries) < 16:
        return list(map(one, files))
    # Reading and hashing let other threads run; four keep two cores and a disk busy.
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(one, files))


def updated_record(done: Plan, result: JobResult, means: Mapping[str, str]) -> ReportRecord:
    """What is known of a report that was worked on."""
    same = done.record is not None and done.record.inputs == result.inputs
    outputs = dict(done.record.outputs) if same and done.record else {}
    for to in done.due:
        outputs.pop(to, None)
        if to in result.written or to in result.withheld:
            withheld = tuple(result.withheld.get(to, ()))
            outputs[to] = OutputRecord(means[to], result.written.get(to), withheld)
    inputs = None if result.failures else result.inputs
    return ReportRecord(inputs, result.year, result.failed, result.encoded_findings, outputs)
