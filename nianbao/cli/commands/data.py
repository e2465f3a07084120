"""The command `data`: write the numbers of all reports as CSV files, a workbook and a database."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from nianbao.build.executors import WorkerDiedError, cancelled_on_error, make_executor, run_bounded
from nianbao.checks.checker import check_file
from nianbao.checks.draft import compile_draft
from nianbao.cli.exit_codes import exit_code, report_failures
from nianbao.cli.printing import print_text
from nianbao.cli.progress import Progress
from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError, UserError
from nianbao.rendering.data.dataset import Dataset
from nianbao.rendering.data.package import DESCRIPTOR
from nianbao.rendering.data.records import DataRecord, make_record
from nianbao.utils.files import ensure_folder, reject_symlinks, remove_temporary_files
from nianbao.utils.text import sanitize, shorten
from nianbao.workspace.discovery import REPORTS_FOLDER, find_reports, reject_output_collisions
from nianbao.workspace.series import year_or_stem
from nianbao.workspace.settings import FILE_NAME, read_settings
from nianbao.workspace.unit_names import similar_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from nianbao.checks.checker import CheckResult
    from nianbao.cli.console import Console
    from nianbao.rendering.data.dataset import DatasetFormat
    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings

_LONGEST_MESSAGE: Final = 60


@dataclass(frozen=True, slots=True)
class DataOptions:
    """The options of `data`.

    `years`: the years of the reports to write; empty for all.
    `units`: the units of the reports to write; empty for all.
    `draft`: write all reports, even those with errors.
    """

    formats: Sequence[DatasetFormat]
    years: frozenset[int] = frozenset()
    units: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of reading one report.

    `record`: the data of the report, or None if the report is left out.
    `problem`: the reason, in Chinese, for leaving the report out, or "".
    `failures`: logs of bugs of the program.
    """

    record: DataRecord | None = None
    problem: str = ""
    failures: tuple[str, ...] = ()


def data(root: Path, *, options: DataOptions, output: Path, console: Console) -> int:
    """Write the data of the reports into the folder `output`; return the exit code.

    Return 1 if a report with errors is left out, or if a format fails. Raises UsageError for a unit
    or a year without reports. Raises UserError if there is no data, or to protect files that `data`
    did not write.
    """
    settings, findings = read_settings(root)
    if findings:
        lines = {FILE_NAME: ("",)}
        print_text(format_findings(findings, lines, to="text", colour=console.colour), console)
    if exit_code(findings, strict=False):
        return 1
    files = _of_units(find_reports(root, ()), options.units)
    reject_output_collisions(files)
    reject_symlinks(root, output)
    ensure_folder(output)
    remove_temporary_files([output])
    left_out = 0
    failures: list[str] = []
    with ExitStack() as stack:
        # Raises UserError if a file of the folder was not written by `data`; nothing is changed.
        dataset = Dataset(output, options.formats, stack)
        progress = stack.enter_context(Progress(len(files), "汇总", console))
        for result in _read_all(files, settings, options):
            if result.record:
                dataset.add(result.record)
            elif result.problem:
                left_out += 1
                console.warn(f"没有收进 {result.problem}")
            failures += result.failures
            progress.step()
        if not dataset.reports and not failures:
            years = "、".join(map(str, sorted(options.years)))
            if not left_out:
                raise UsageError(f"没有 {years} 年度的报告")
            raise UserError("一份也没有收进，没有写文件。改好错误，或者用 --draft 连有错误的一起收")
        dataset.close()
    dataset.remove_outdated()
    rest = f"，{left_out} 份有错误，没有收进（check 说明是什么错误）" if left_out else ""
    console.print(f"收进 {dataset.reports} 份报告{rest}")
    shown = sanitize(output.as_posix())
    console.print(f"已写入 {shown}：{len(dataset.names)} 个文件，说明在 {DESCRIPTOR}")
    console.warn(*dataset.problems)
    code = report_failures(failures, console)
    return code or int(bool(left_out or dataset.problems))


def _of_units(files: Sequence[ReportFile], units: Sequence[str]) -> list[ReportFile]:
    """Return the reports in the folders of `units`; without units, all reports.

    Raises UsageError for a unit without reports.
    """
    if not units:
        return list(files)
    folders = {file: file.stem.parent.as_posix() for file in files}
    chosen: set[ReportFile] = set()
    for unit in units:
        name = unit.strip("/").removeprefix(f"{REPORTS_FOLDER}/")
        found = [file for file in files if f"{folders[file]}/".startswith(f"{name}/")]
        if not found:
            near = similar_unit(name, sorted(set(folders.values())))
            raise UsageError(f"没有“{unit}”这个单位" + (f"，是不是 {near}？" if near else ""))
        chosen.update(found)
    return [file for file in files if file in chosen]


def _read_all(
    files: Sequence[ReportFile], settings: Settings, options: DataOptions
) -> Iterator[ReadResult]:
    """Read reports in several processes; yield the results in the order of `files`."""
    function = partial(read_record, settings=settings, years=options.years, draft=options.draft)
    executor, limit = make_executor(len(files), ["nianbao.cli.commands.data"], pdf=False)
    early: dict[int, ReadResult] = {}  # read before those in front of them
    position = 0
    with executor, cancelled_on_error(executor):
        for index, future in run_bounded(executor, function, files, limit):
            early[index] = _result(files[index], future)
            while position in early:
                yield early.pop(position)
                position += 1


def _result(file: ReportFile, future: Future[ReadResult]) -> ReadResult:
    try:
        return future.result()
    except WorkerDiedError:
        return ReadResult(problem=f"{file.shown}：读它的进程被终止了，也许是内存不够")


def read_record(
    file: ReportFile, settings: Settings, years: frozenset[int], *, draft: bool
) -> ReadResult:
    """Check a report, and return its data, or the reason for leaving the report out.

    `years`: the wanted years; empty for all.
    `draft`: return data even after errors; cells without a valid number are blank.
    """
    checked = check_file(file, settings)
    if years and _year(checked, file) not in years:
        return ReadResult(failures=checked.failures)
    name, unit = file.stem.as_posix(), file.stem.parent.as_posix()
    unit = "" if unit == "." else unit
    errors = [f for f in checked.findings if f.severity is Severity.ERROR and not f.waived]
    if checked.report and not errors:
        return ReadResult(make_record(name, unit, checked.report), failures=checked.failures)
    if draft and checked.form and (unfinished := compile_draft(checked)):
        report = unfinished.report
        if report.body and report.year:
            signed = unfinished.has_date
            record = make_record(name, unit, report, errors=len(errors), has_date=signed)
            return ReadResult(record, failures=checked.failures)
    problem = f"{file.shown}：{len(errors)} 个错误"
    if errors:
        message = shorten(errors[0].message, _LONGEST_MESSAGE)
        problem += f"，第 {errors[0].span.line} 行：{message}"
    return ReadResult(None, problem, checked.failures)


def _year(checked: CheckResult, file: ReportFile) -> int | None:
    """Return the year of a report; if it is not in the file, return the year in the file's name."""
    written = checked.source.data
    year = written.get("年度") if isinstance(written, dict) else None
    if type(year) is int:
        return year
    named = year_or_stem(file.path)
    return int(named) if named.isdecimal() else None
