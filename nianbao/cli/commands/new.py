"""The command `new`: draft the report on a year from the latest earlier report."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.build.executors import map_chunks
from nianbao.checks.checker import compile_file
from nianbao.cli.printing import print_text
from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError
from nianbao.formatting.new_report import MARK, make_new_report
from nianbao.model.form import load_form
from nianbao.model.schema import edition_of, editions
from nianbao.utils.files import (
    absolute,
    create_file,
    ensure_folder,
    reject_symlinks,
    relative_path,
    remove_temporary_files,
)
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import (
    REPORTS_FOLDER,
    SUFFIXES,
    find_reports,
    reject_unportable,
)
from nianbao.workspace.readers import DISK_READER
from nianbao.workspace.series import YEAR_IN_NAME, Series, find_series
from nianbao.workspace.unit_names import similar_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.cli.console import Console
    from nianbao.model.form import Form
    from nianbao.model.report import Report

_BLANK_STEPS = "接着：填表里的空格、各段文字和成文日期。check 逐处提醒"
_MARKED_STEPS = (
    "接着：填表里的空格和成文日期；"
    f"有“{MARK}”的各段改写成今年的，删去记号；过时的批注删掉。check 逐处提醒"
)


@dataclass(frozen=True, slots=True)
class DraftPlan:
    """A report to draft.

    `target`: the path of the report.
    `base`: the path of the unit's latest earlier report, or None.
    """

    target: Path
    base: Path | None


@dataclass(frozen=True, slots=True)
class DraftResult:
    """The result of writing one draft.

    `messages`: lines to print, in Chinese.
    `written`: False if the file already exists; None after an error.
    `marked`: True if the draft contains texts of an earlier report, marked 【待定稿】.
    """

    messages: tuple[str, ...]
    written: bool | None
    marked: bool = False


def new(
    root: Path, year: str, names: tuple[str, ...], *, force: bool = False, console: Console
) -> int:
    """Draft the reports of units on a year; existing files are not overwritten.

    `year`: the year in digits.
    `names`: folders of units, or their report files; () for all units with a recent report.
    `force`: draft for a new unit even if its name resembles a known name.

    Return 1 if a draft failed or no draft was written. Raises UsageError if there is no form for
    `year` or if a name is wrong.
    """
    form = year_form(year, "new")
    series, skipped = _select_series(root, int(year), names)
    if not force:
        series = [each for one in series for each in _confirmed(root, year, one, console)]
    plans = [DraftPlan(each.path(int(year)), _latest(each, int(year))) for each in series]
    folders = {plan.target.parent for plan in plans}
    for folder in sorted(folders):
        reject_symlinks(root, folder)
    remove_temporary_files(folders)
    function = partial(
        draft_chunk, root=root, edition=form.edition, year=int(year), colour=console.colour
    )
    results = map_chunks(function, plans, ["nianbao.cli.commands.new"])
    messages: list[str] = []
    for plan, each in zip(plans, results, strict=True):
        died = f"没有起草 {_shown(plan.target)}（做它的进程被终止了，也许是内存不够）"
        messages += each.messages if each else [died]
    done = [each.written for each in results if each]
    for unused in skipped:
        newest = _shown(unused.path(max(unused.reports)))
        messages.append(f"跳过 {newest}：没有 {int(year) - 1} 年度的；要接着写，写出它的名字")
    if any(done):
        marked = any(each.marked for each in results if each)
        messages.append(_MARKED_STEPS if marked else _BLANK_STEPS)
    print_text("\n".join(messages), console)
    return int(len(done) < len(plans) or None in done or not any(done))


def draft_chunk(
    plans: Sequence[DraftPlan], root: Path, edition: int, year: int, *, colour: bool
) -> list[DraftResult]:
    """Write planned drafts in a worker process.

    `colour`: use terminal colours in the messages.

    Raises UserError if a file can't be written.
    """
    form = load_form(edition)
    return [_draft(plan, root, form, year, colour=colour) for plan in plans]


def _draft(plan: DraftPlan, root: Path, form: Form, year: int, *, colour: bool) -> DraftResult:
    target = plan.target
    exists = DraftResult((f"已有 {_shown(target)}，没有动",), written=False)
    if os.path.lexists(target):
        return exists
    last, problem = read_earlier_report(plan.base, colour=colour) if plan.base else (None, "")
    if problem:
        return DraftResult((problem, f"没有起草 {_shown(target)}：先改好上面的错误"), written=None)
    text = make_new_report(form, year, last, schema_comment(root, target))
    ensure_folder(target.parent)
    if not create_file(target, text.encode()):  # created in the meantime
        return exists
    done = f"已起草 {_shown(target)}（{_origin(last, year)}）"
    return DraftResult((done,), written=True, marked=MARK in text)


def year_form(year: str, command: str) -> Form:
    """Return the form for reports on `year`.

    `command`: the name of the command, for the message.

    Raises UsageError if there is no such form.
    """
    if not re.fullmatch("20[0-9]{2}", year):
        raise UsageError(f"“{year}”不是年份。写报告的年度，例如 {command} 2023")
    edition = edition_of(int(year))
    if edition is None:
        raise UsageError(f"{year} 年度还没有全国统一的格式，最早是 {min(editions())} 年度")
    return load_form(edition)


def _select_series(
    root: Path, year: int, names: tuple[str, ...]
) -> tuple[list[Series], list[Series]]:
    """Return the series to draft a report for, and the series to skip.

    Without `names`, the series with a report on `year` or on the year before are drafted; if there
    are no such series, all series are drafted.
    """
    if names:
        return [each for name in names for each in _named_series(root, year, name)], []
    series = _series_below(root, root / REPORTS_FOLDER)
    current: list[Series] = []
    rest: list[Series] = []
    for each in series:
        is_current = year - 1 in each.reports or year in each.reports
        (current if is_current else rest).append(each)
    return (current, rest) if current else (series, [])


def _latest(series: Series, year: int) -> Path | None:
    """Return the path of the latest report of a series before `year`, or None."""
    latest = series.latest_before(year)
    return None if latest is None else series.path(latest)


def _named_series(root: Path, year: int, name: str) -> list[Series]:
    """Return the series in a folder, or the series that a report file belongs to.

    For a new unit, return a series without reports. `name`: the path of the folder or file. Raises
    UsageError if it is neither a unit nor a report.
    """
    path = Path(name)
    if path.suffix.lower() in SUFFIXES:
        named = find_series(file.path for file in find_reports(root, (name,)))
        if not named or not path.is_file():
            raise UsageError(f"{name} 不是哪一年的报告，写出单位的文件夹")
        siblings = find_series(sorted(path.parent.iterdir()))
        return [each for each in siblings if path in each.reports.values()]
    folder = absolute(root / REPORTS_FOLDER)
    inside = absolute(path).is_relative_to(folder)
    unit = path if path.is_dir() or inside else folder / path
    series = _series_below(root, unit)
    if any(each.reports for each in series):
        return series
    # A new unit.
    unit_path = absolute(unit)
    if not unit_path.is_relative_to(folder):
        raise UsageError(f"{name} 不在 {REPORTS_FOLDER} 文件夹里，里面也没有报告")
    if YEAR_IN_NAME.fullmatch(unit.name) and not unit.exists():
        raise UsageError(f"“{name}”是年份，不是单位。只写要起草的年度：new {year}")
    reject_unportable(unit_path.relative_to(folder))
    return series


def _confirmed(root: Path, year: str, series: Series, console: Console) -> list[Series]:
    """Return the series to draft; ask the user if a new unit may be a mistake.

    If the name of a new unit is similar to that of a known unit, the user chooses one of the two.
    Raises UsageError, with the commands for both, if there is no terminal or no clear answer.
    """
    folder = absolute(root / REPORTS_FOLDER)
    here = absolute(series.folder)
    if series.reports or here == folder or here.is_dir() or not _has_reports(folder):
        return [series]
    units = {file.unit: file.path.parent for file in find_reports(root, ())}
    name = here.relative_to(folder).as_posix()
    near = similar_unit(name, units)
    if not near:
        return [series]
    problem = f"没有“{sanitize(name)}”这个单位，是不是{sanitize(near)}？"
    answer = ""
    # Python has no stdin if it was closed.
    if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        console.warn(f"{problem}是就写 y，确实是新的单位就写 n")
        answer = sys.stdin.readline().strip().casefold()
    if answer in ("y", "yes", "是"):
        return _series_below(root, units[near])
    if answer in ("n", "no", "不", "不是", "否"):
        return [series]
    raise UsageError(
        f"{problem}是就运行 new {year} {near}，确实是新的单位就运行 new {year} {name} --force"
    )


def _has_reports(folder: Path) -> bool:
    return any(path.suffix.lower() in SUFFIXES for path in folder.rglob("*"))


def _series_below(root: Path, folder: Path) -> list[Series]:
    """Return the series in a folder and below it; if there are none, a series without reports."""
    reject_symlinks(root, folder)
    if folder.is_dir() and _has_reports(folder):
        named = () if folder == root / REPORTS_FOLDER else (str(folder),)
        return find_series(file.path for file in find_reports(root, named))
    return [Series(folder, "", "", {})]


def read_earlier_report(path: Path, *, colour: bool) -> tuple[Report | None, str]:
    """Read an earlier report; return the report and "", or None and its errors as text.

    `colour`: use terminal colours in the errors.
    """
    checked = compile_file(path, _shown(path), DISK_READER)
    if checked.report is not None:
        return checked.report, ""
    errors = [each for each in checked.findings if each.severity is Severity.ERROR]
    errors.sort(key=lambda finding: finding.sort_key)
    lines = {_shown(path): checked.source.lines}
    return None, format_findings(errors, lines, to="text", colour=colour)


def schema_comment(root: Path, target: Path) -> tuple[str, ...]:
    """Return a comment line that shows editors the path of schema.json.

    `target`: the path of the report that gets the comment.

    Return () if there is no schema.json.
    """
    schema = root / "schema.json"
    if not schema.is_file():
        return ()
    path = relative_path(schema, target.parent)
    return (f"# yaml-language-server: $schema={path}",)


def _origin(last: Report | None, year: int) -> str:
    """Return a Chinese text that says which report a draft was made from."""
    if last is None:
        return "空表，各项怎么填写在批注里"
    name = sanitize(Path(last.source.path).name)
    if last.year != year - 1:
        return f"抄自 {name}；那不是 {year - 1} 年度的，上年结转没有填"
    return f"抄自 {name}，上年结转已填"


def _shown(path: Path) -> str:
    return sanitize(relative_path(path))
