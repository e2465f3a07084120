"""Write the site: the pages of reports, the open data, and all other pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from nianbao.build.digests import add_to_digest, file_digest
from nianbao.build.executors import (
    InlineExecutor,
    WorkerDiedError,
    cancelled_on_error,
    iter_chunks,
    start_worker,
)
from nianbao.build.plan import plan_build
from nianbao.build.runner import run_build
from nianbao.errors import UserError
from nianbao.rendering.document import SitePage
from nianbao.site import addresses
from nianbao.site.files import SiteFiles, reject_other_files
from nianbao.site.history import find_commit, read_change_log
from nianbao.site.model import ReportReader, build_site
from nianbao.site.open_data import FOLDER as DATA_FOLDER
from nianbao.site.open_data import describe_data, load_libraries, write_data
from nianbao.site.pages import (
    PageGroup,
    change_pages,
    frame_key,
    make_frame,
    page_groups,
    site_groups,
    write_groups,
)
from nianbao.utils.files import (
    ensure_folder,
    reject_symlinks,
    write_atomically,
)
from nianbao.workspace.discovery import TOP, output_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future
    from pathlib import Path

    from nianbao.build.plan import BuildPlan, ReportPlan
    from nianbao.build.runner import BuildResult
    from nianbao.rendering import Format
    from nianbao.site.model import Site, SiteReport
    from nianbao.site.open_data import WrittenData
    from nianbao.site.pages import Frame
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitIndex

# Made with the page of each report, and those that only `build` makes.
MADE: Final[tuple[Format, ...]] = ("html", "md", "json", "csv")
COPIED: Final[tuple[Format, ...]] = ("pdf", "docx")


@dataclass(frozen=True, slots=True)
class SiteJob:
    """A site to publish.

    `root`: the folder of the repository.
    `files`: the reports to publish.
    `output`: the output folder of `build`, from which PDF and DOCX files are copied.
    `folder`: the folder of the site.
    `force`: True to make all files again.
    `jobs`: the highest number of processes; None for one per CPU.
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
    """The result of publishing a site.

    `plan`, `build`: the plan and the result of making the pages of reports.
    `files`: all files of the site.
    `reports`: the number of reports on the site.
    `left_out`: messages about reports that are not on the site.
    `missing`: for each format, the number of reports that have no file in it.
    `problems`: messages about data that can't be written.
    `notes`: messages about changes after publication that are not listed.
    """

    plan: BuildPlan
    build: BuildResult
    files: SiteFiles
    reports: int = 0
    left_out: list[str] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan_site(job: SiteJob) -> tuple[BuildPlan, list[str]]:
    """Return the plan of the reports' pages, and messages about reports that are left out.

    Raises UserError if `job.folder` contains files but is not the folder of a site.
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
    reject_symlinks(job.root, job.folder)
    reject_other_files(job.folder)
    copies = _copies(job, files)
    pages = {file: _page(file, job, copies.get(file, ())) for file in files}
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
    """Write the site as planned.

    `plan`, `left_out`: the result of `plan_site`.
    `on_report_done`: a function that is called after each report.

    Raises UserError if a file can't be written, or if no report can be published.
    Raises TemplateError if a template is invalid.
    """
    ensure_folder(job.folder)
    files = SiteFiles(job.folder, job.force)
    worker = _start_worker(job, plan)  # before any thread starts, because it forks this process
    with worker, cancelled_on_error(worker):
        build = run_build(plan, job.jobs, on_report_done)
        result = SiteResult(plan, build, files, left_out=left_out)
        published = _read_reports(job, result)
        if not published:
            raise UserError("没有一份报告可以放进网站。改好错误再做；check 说明是什么错误")
        _write_site(job, published, result, worker)
    paths = [f"{name}.{to}" for name, report in published.items() for to in report.files]
    for each in plan.reports:
        made = len(each.due) if each.name in published else 0
        files.written += made
        files.unchanged += len(MADE) - made if each.name in published else 0
    files.close(paths, (f"{each.name}.{to}" for each in plan.reports for to in MADE))
    return result


def _write_site(
    job: SiteJob, published: Mapping[str, SiteReport], result: SiteResult, worker: Executor
) -> None:
    """Write all files of the site except those of the reports, as far as they have changed.

    `worker`: writes the open data, while this process makes pages.
    """
    site = build_site(published.values(), job.index, job.settings)
    result.reports = len(published)
    _copy_files(job, result, published)
    environment = result.plan.digests["md"]
    frame = make_frame(site, job.root / "templates")
    key = frame_key(frame, environment)
    with _data_written(job, site, environment, result, worker):
        groups = list(page_groups(site, frame, key, job.folder))
        groups.append(_change_group(job, frame, key, published, result))
        _write_groups(groups, result.files)
    data = [describe_data(job.folder, year.year) for year in site.years]
    _write_groups(list(site_groups(site, frame, key, data)), result.files)


def _page(file: ReportFile, job: SiteJob, copied: tuple[Format, ...]) -> SitePage:
    path = f"{file.stem.as_posix()}.html"
    unit = addresses.unit_page(file.stem.parent.as_posix() if file.stem.parent.parts else TOP)
    address, top = job.settings.address, addresses.top(path)
    return SitePage(
        top, top + addresses.url(unit), address and address + addresses.url(path), copied
    )


def _copies(job: SiteJob, files: Sequence[ReportFile]) -> dict[ReportFile, tuple[Format, ...]]:
    """Return which of PDF and DOCX are up to date, for each report that `build` has made one of."""
    built = [
        file for file in files if any(output_path(file, to, job.output).is_file() for to in COPIED)
    ]
    if not built:
        return {}
    plan = plan_build(
        job.root,
        built,
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
    """Return the published reports by the paths of their outputs, without suffix.

    If a unit has several reports of a year, only the one with the shortest file name is published.
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
    """Copy PDF and DOCX files from the output folder into the site, and count the missing ones."""
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
            result.files.written += written
            result.files.unchanged += not written


@contextmanager
def _data_written(
    job: SiteJob, site: Site, environment: str, result: SiteResult, worker: Executor
) -> Iterator[None]:
    """Write the open data of the years that have changed while the `with` block runs.

    `environment`: a digest of the program. Raises UserError if a file can't be written.
    """
    due: dict[str, tuple[str, Future[WrittenData]]] = {}
    for year in site.years:
        name = f"{DATA_FOLDER}/{year.year}"
        reports = [report for _, report in year.entries]
        key = add_to_digest(environment, [(each.record.report, each.digest) for each in reports])
        if not result.files.keep(name, key):
            records = [each.record for each in reports]
            due[name] = key, worker.submit(write_data, job.folder, name, records)
    yield
    for name, (key, future) in due.items():
        try:
            written = future.result()
        except WorkerDiedError:
            raise _unfinished(name) from None
        result.files.add(name, key, written.digests)
        result.problems += [each for each in written.problems if each not in result.problems]


def _start_worker(job: SiteJob, plan: BuildPlan) -> Executor:
    """Return an executor for the open data: a forked process if something has changed.

    It is this process if it can't be forked safely, as in `serve`, which has threads.
    """
    changed = plan.due or plan.manifest_changed
    return start_worker(load_libraries) if changed and job.jobs != 1 else InlineExecutor()


def _unfinished(name: str) -> UserError:
    return UserError(f"没有做完 {name}：做它的进程被终止了，也许是内存不够")


def _write_groups(groups: Iterable[PageGroup], files: SiteFiles) -> None:
    """Render and write the groups of pages whose inputs have changed."""
    due = [group.with_view() for group in groups if not files.keep(group.name, group.digest)]
    here = [group for group in due if group.here]
    others = [group for group in due if not group.here]
    write = partial(write_groups, folder=files.folder)
    for group, digests in zip(here, write(here), strict=True):
        files.add(group.name, group.digest, digests)
    for number, made in iter_chunks(write, others, ["nianbao.site.pages"]):
        group = others[number]
        if made is None:
            raise _unfinished(group.name)
        files.add(group.name, group.digest, made)


def _change_group(
    job: SiteJob,
    frame: Frame,
    frame_digest: str,
    published: Mapping[str, SiteReport],
    result: SiteResult,
) -> PageGroup:
    """Return the group with the pages of changes after publication, which depend on the commit.

    The own figures of a parent are not published, and so neither are their changes.
    """
    hrefs = {name: report.href for name, report in sorted(published.items())}
    roster = job.index.roster
    own = sorted(unit.id for unit in roster.units.values() if unit.is_own) if roster else []
    commit, reason = find_commit(job.root)
    if reason:
        result.notes.append(f"没有列出公布后的改动：{reason}")
    key = add_to_digest(frame_digest, commit, reason, hrefs, own)

    def make() -> dict[str, bytes]:
        log = read_change_log(job.root).without_units(own)
        if log.reason and not reason:
            result.notes.append(f"没有列出公布后的改动：{log.reason}")
        return change_pages(frame, log, hrefs)

    return PageGroup("changes", key, make, here=True)
