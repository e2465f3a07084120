"""Write the site: pages of reports by the build, then the data, then all other pages.

What the site was made from is recorded in the manifests of `build`. The folder of the site holds a
list of its files, so that those of reports that are gone can be removed, and no others.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from nianbao.build.digests import add_to_digest, environment_digests, file_digest
from nianbao.build.executors import map_chunks
from nianbao.build.manifest import ManifestWriter, OutputRecord, ReportRecord, read_manifest
from nianbao.build.plan import plan_build
from nianbao.build.runner import run_build
from nianbao.errors import UserError
from nianbao.rendering.data.dataset import DATASET_FORMATS, Dataset
from nianbao.rendering.data.package import DESCRIPTOR
from nianbao.rendering.document import SitePage
from nianbao.site import addresses
from nianbao.site.model import ReportReader, Site, build_site
from nianbao.site.pages import (
    PageGroup,
    change_pages,
    make_frame,
    page_groups,
    render_groups,
)
from nianbao.utils.files import (
    display_path,
    ensure_folder,
    reject_symlinks,
    remove_temporary_files,
    write_atomically,
)
from nianbao.workspace.discovery import TOP, output_path
from nianbao.workspace.git import GitError, find_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nianbao.build.plan import BuildPlan, ReportPlan
    from nianbao.build.runner import BuildResult
    from nianbao.rendering import Format
    from nianbao.site.model import SiteReport
    from nianbao.site.pages import DataFiles, Frame
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitIndex

# Made with the page of each report, and those that only `build` makes.
MADE: Final[tuple[Format, ...]] = ("html", "md", "json", "csv")
COPIED: Final[tuple[Format, ...]] = ("pdf", "docx")
# The list of the site's files, in its folder.
FILE_LIST: Final = ".nianbao-site"
_HEADER: Final = "nianbao site"
_DATA: Final = "data"


@dataclass(frozen=True, slots=True)
class SiteJob:
    """A site to publish: `output` is the folder that `build` writes to, `folder` that of the site.

    `jobs`: the highest number of processes; None means one per CPU.
    """

    root: Path
    files: Sequence[ReportFile]
    settings: Settings
    index: UnitIndex
    output: Path
    folder: Path
    force: bool = False
    jobs: int | None = None


@dataclass(slots=True)
class SiteResult:
    """The result of publishing.

    `plan`, `build`: those of the pages of the reports. `reports`: how many are on the site.
    `left_out`: messages about reports that are not. `written`, `unchanged`, `removed`: the numbers
    of files. `missing`: by format, how many reports have no such file. `problems`: what could not
    be written. `notes`: what the site lacks.
    """

    plan: BuildPlan
    build: BuildResult
    reports: int = 0
    left_out: list[str] = field(default_factory=list)
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan_site(job: SiteJob) -> tuple[BuildPlan, list[str]]:
    """Return the plan of the pages of reports, and messages about reports that are left out.

    Raises UserError if the folder holds files that are not of a site.
    """
    left_out: list[str] = []
    files = []
    for file in job.files:
        unit = (
            job.index.roster.units.get(job.index.unit_id(file) or "") if job.index.roster else None
        )
        problem = addresses.address_problem(file)
        if problem:
            left_out.append(f"{file.shown}：{problem}")
        elif unit is None or not unit.is_own:  # own figures of a parent are not published
            files.append(file)
    _reject_other_files(job)
    copies = _copies(job, files)
    pages = {file: _page(file, job, copies[file]) for file in files}
    plan = plan_build(
        job.root,
        files,
        MADE,
        job.folder,
        job.settings,
        job.index,
        force=job.force,
        keep_others=False,
        pages=pages,
    )
    return plan, left_out


def publish(
    job: SiteJob, plan: BuildPlan, left_out: list[str], on_report_done: Callable[[], None]
) -> SiteResult:
    """Write the site as planned; call `on_report_done` after each report that is made.

    Raises UserError if a file can't be written or no report can be published, TemplateError.
    """
    ensure_folder(job.folder)
    listed = _read_list(job.folder)
    if not listed:
        write_atomically(job.folder / FILE_LIST, f"{_HEADER}\n".encode())
    result = SiteResult(plan, run_build(plan, job.jobs, on_report_done), left_out=left_out)
    published = _read_reports(job, result)
    if not published:
        raise UserError("没有一份报告可以放进网站。改好错误再做；check 说明是什么错误")
    site = build_site(published.values(), job.index, job.settings)
    result.reports = len(published)
    _copy_files(job, result, published)
    environment = environment_digests(job.root, job.settings, ("md",))["md"]
    records = read_manifest(job.folder / FILE_LIST)
    known: dict[str, ReportRecord] = {}
    data = _write_data(job, site, environment, records, known, result)
    frame = make_frame(site, job.root / "templates")
    groups = list(page_groups(site, frame, environment, data, job.folder))
    groups.append(_change_group(job, frame, environment, published, result))
    _write_groups(job, groups, records, known, result)
    paths = [path for record in known.values() for path in record.outputs]
    paths += [f"{name}.{to}" for name, report in published.items() for to in report.files]
    ManifestWriter(job.folder / FILE_LIST, known)
    made = {f"{each.name}.{to}" for each in plan.reports for to in MADE}
    _remove_outdated(job.folder, (listed | made).difference(paths), result)
    lines = "".join(f"{path}\n" for path in sorted(paths))
    write_atomically(job.folder / FILE_LIST, f"{_HEADER}\n{lines}".encode())
    return result


def _page(file: ReportFile, job: SiteJob, copied: tuple[Format, ...]) -> SitePage:
    path = f"{file.stem.as_posix()}.html"
    unit = addresses.unit_page(file.stem.parent.as_posix() if file.stem.parent.parts else TOP)
    address, top = job.settings.address, addresses.top(path)
    return SitePage(
        top, top + addresses.url(unit), address and address + addresses.url(path), copied
    )


def _copies(job: SiteJob, files: Sequence[ReportFile]) -> dict[ReportFile, tuple[Format, ...]]:
    """Return, for each report, the formats whose files in the output folder are up to date."""
    plan = plan_build(
        job.root,
        files,
        COPIED,
        job.output,
        job.settings,
        job.index,
        force=False,
        keep_others=True,
    )
    return {each.file: _made(each) for each in plan.reports}


def _made(report: ReportPlan) -> tuple[Format, ...]:
    record = report.record
    if record is None:
        return ()
    return tuple(
        to
        for to in COPIED
        if to not in report.due and to in record.outputs and record.outputs[to].digest
    )


def _read_reports(job: SiteJob, result: SiteResult) -> dict[str, SiteReport]:
    """Return the reports that are published, by the paths of their outputs without suffix.

    Of several reports of a unit and a year, the one whose name is the year is published.
    """
    reader = ReportReader()
    found: dict[tuple[str, int], SiteReport] = {}
    roster = job.index.roster
    for each in sorted(result.plan.reports, key=lambda each: len(each.file.stem.name)):
        record = result.build.records.get(each.name)
        outputs = record.outputs if record else {}
        made = [to for to in MADE if to in outputs and outputs[to].digest]
        if not {"html", "json"} <= set(made):
            continue
        unit = each.file.stem.parent.as_posix()
        report = reader.read(
            output_path(each.file, "json", job.folder),
            each.name,
            outputs["json"].digest or "",
            (*(each.page.files if each.page else ()), *made),
            is_parent=bool(roster and unit in roster.children),
        )
        first = found.setdefault((unit, report.year), report)
        if first is not report:
            result.left_out.append(f"{each.file.shown}：这个单位这一年度已有 {first.record.report}")
    return {report.record.report: report for report in found.values()}


def _copy_files(job: SiteJob, result: SiteResult, published: Mapping[str, SiteReport]) -> None:
    """Copy the files that `build` has made next to the pages; count those that are missing."""
    tasks = []
    for each in result.plan.reports:
        for to in COPIED if each.name in published else ():
            if to in published[each.name].files:
                tasks.append((each.file, to))
            else:
                result.missing[to] = result.missing.get(to, 0) + 1

    def copy(task: tuple[ReportFile, Format]) -> bool:
        file, to = task
        source, target = (output_path(file, to, each) for each in (job.output, job.folder))
        if file_digest(source) == file_digest(target):
            return False
        write_atomically(target, source.read_bytes())
        return True

    with ThreadPoolExecutor(4) as threads:  # reading, hashing and writing release the GIL
        for written in threads.map(copy, tasks):
            _count(result, int(written), 1)


def _write_data(
    job: SiteJob,
    site: Site,
    environment: str,
    records: Mapping[str, ReportRecord],
    known: dict[str, ReportRecord],
    result: SiteResult,
) -> DataFiles:
    """Write the files of the command `data` if a report has changed; return what to list."""
    folder = job.folder / _DATA
    key = add_to_digest(environment, sorted(report.key for report in site.reports))
    record = records.get(_DATA)
    if job.force or record is None or not _is_current(job.folder, record, key):
        reject_symlinks(job.folder, folder)
        ensure_folder(folder)
        remove_temporary_files([folder])
        with ExitStack() as stack:
            dataset = Dataset(folder, DATASET_FORMATS, stack)
            for report in site.reports:
                dataset.add(report.record)
            dataset.close()
        dataset.remove_outdated()
        result.problems += dataset.problems
        names = [f"{_DATA}/{name}" for name in dataset.names]
        record = _record(key, {name: file_digest(job.folder / name) or "" for name in names})
        result.written += len(names)
    else:
        result.unchanged += len(record.outputs)
    known[_DATA] = record
    described = json.loads((folder / DESCRIPTOR).read_bytes())["resources"]
    return tuple(
        (each["path"], each.get("title", ""), (folder / each["path"]).stat().st_size)
        for each in described
    )


def _write_groups(
    job: SiteJob,
    groups: Sequence[PageGroup],
    records: Mapping[str, ReportRecord],
    known: dict[str, ReportRecord],
    result: SiteResult,
) -> None:
    """Render and write the groups of pages whose inputs have changed."""
    due = []
    for group in groups:
        record = records.get(group.name)
        if not job.force and record and _is_current(job.folder, record, group.digest):
            known[group.name] = record
            result.unchanged += len(record.outputs)
        else:
            due.append(group)
    here = [group for group in due if group.here]
    others = [group for group in due if not group.here]
    made = [*render_groups(here), *map_chunks(render_groups, others, ["nianbao.site.pages"])]
    for group, files in zip([*here, *others], made, strict=True):
        if files is None:
            raise UserError(f"没有做完 {group.name}：做它的进程被终止了，也许是内存不够")
        for path, content in files.items():
            target = job.folder / path
            reject_symlinks(job.folder, target)
            ensure_folder(target.parent)
            write_atomically(target, content)
        digests = {path: sha256(content).hexdigest() for path, content in files.items()}
        known[group.name] = _record(group.digest, digests)
        result.written += len(files)


def _change_group(
    job: SiteJob,
    frame: Frame,
    environment: str,
    published: Mapping[str, SiteReport],
    result: SiteResult,
) -> PageGroup:
    """Return the pages of changes after publication, which depend on the commit."""
    hrefs = {name: report.href for name, report in sorted(published.items())}
    try:
        commit = find_repository(job.root).commit_id("HEAD")
    except GitError as error:
        commit = ""
        result.notes.append(f"没有列出公布后的改动：{error}")
    key = add_to_digest(environment, frame.name, frame.latest, frame.unit_count, commit, hrefs)
    return PageGroup("changes", key, partial(change_pages, frame, job.root, hrefs), here=True)


def _record(key: str, digests: Mapping[str, str]) -> ReportRecord:
    """Return the record of files with the same inputs; `digests`: of each file by path."""
    outputs = {path: OutputRecord(key, digest) for path, digest in digests.items()}
    return ReportRecord(key, None, failed=False, encoded_findings="", outputs=outputs)


def _is_current(folder: Path, record: ReportRecord, key: str) -> bool:
    """Return True if the files were made from these inputs and are still as they were made."""
    return record.input_digest == key and all(
        made.digest == file_digest(folder / path) for path, made in record.outputs.items()
    )


def _count(result: SiteResult, written: int, whole: int) -> None:
    result.written += written
    result.unchanged += whole - written


def _reject_other_files(job: SiteJob) -> None:
    """Raise UserError if the folder has files, but not the list of files of a site."""
    reject_symlinks(job.root, job.folder)
    try:
        names = [name for name in os.listdir(job.folder) if not name.startswith(".")]  # noqa: PTH208
    except OSError:
        return
    if names and not (job.folder / FILE_LIST).is_file():
        shown = display_path(job.folder)
        raise UserError(f"{shown} 里有别的文件，没有动。用 --output 换一个空的文件夹")


def _read_list(folder: Path) -> set[str]:
    """Return the paths of the files that an earlier run wrote; empty without a list."""
    try:
        header, *lines = (folder / FILE_LIST).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return set()
    return set(lines) if header == _HEADER else set()


def _remove_outdated(folder: Path, paths: Iterable[str], result: SiteResult) -> None:
    """Remove files of an earlier run, and folders that are then empty.

    Anybody can have written the list: nothing outside the folder is removed.
    """
    for path in paths:
        parts = PurePosixPath(path).parts
        target = folder.joinpath(*parts)
        if ".." in parts or PurePosixPath(path).is_absolute() or not target.suffix:
            continue
        with suppress(OSError, UserError):  # a folder is not empty, or a link
            reject_symlinks(folder, target)
            if target.is_file():
                target.unlink()
                result.removed += 1
            for parent in list(target.parents)[: len(parts) - 1]:
                parent.rmdir()
