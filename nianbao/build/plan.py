"""What a build has to do: each report and output compared with what was built before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.build.fingerprints import CHECK, digest_of, inputs_of
from nianbao.build.manifest import Entry, Made
from nianbao.workspace.discovery import path_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.build.job import Result
    from nianbao.rendering import Format
    from nianbao.workspace.discovery import ReportFile


@dataclass(frozen=True, slots=True)
class Plan:
    """One report: the formats that are due, each with the reason, in Chinese.

    `entry` is what is known of it from before and still holds; without one it is to be checked
    even if no output is due.
    """

    file: ReportFile
    entry: Entry | None
    due: Mapping[Format, str]

    @property
    def kept(self) -> bool:
        """Whether all is as it should be."""
        return self.entry is not None and not self.due


def name_of(file: ReportFile) -> str:
    """What a report is called in the manifest."""
    return file.stem.as_posix()


def plan(
    files: Sequence[ReportFile],
    formats: Sequence[Format],
    means: Mapping[str, str],
    entries: Mapping[str, Entry],
    output: Path,
) -> list[Plan]:
    """Compare inputs and outputs with the entries of a manifest, by content."""

    def one(file: ReportFile) -> Plan:
        entry = entries.get(name_of(file))
        if entry is None:
            return Plan(file, None, dict.fromkeys(formats, "第一次生成"))
        if entry.inputs != inputs_of(file, entry.year, means[CHECK]):
            return Plan(file, None, dict.fromkeys(formats, "内容有变化"))
        due: dict[Format, str] = {}
        for to in () if entry.failed else formats:
            made = entry.outputs.get(to)
            if made is None:
                due[to] = "第一次生成"
            elif made.means != means[to]:
                due[to] = "模板、字体或程序有变化"
            elif made.digest and made.digest != digest_of(path_of(file, to, output)):
                due[to] = "原来的文件不在了，或被改过"
        return Plan(file, entry, due)

    if len(entries) < 16:
        return list(map(one, files))
    # Reading and hashing let other threads run; four keep two cores and a disk busy.
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(one, files))


def entry_of(done: Plan, result: Result, means: Mapping[str, str]) -> Entry:
    """What is known of a report that was worked on."""
    same = done.entry is not None and done.entry.inputs == result.inputs
    outputs = dict(done.entry.outputs) if same and done.entry else {}
    for to in done.due:
        outputs.pop(to, None)
        if to in result.written or to in result.withheld:
            withheld = tuple(result.withheld.get(to, ()))
            outputs[to] = Made(means[to], result.written.get(to), withheld)
    inputs = None if result.failures else result.inputs
    return Entry(inputs, result.year, result.failed, result.found, outputs)
