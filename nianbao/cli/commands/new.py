"""`new`: a year's report, drafted from the one before it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.checks.checker import check_file
from nianbao.cli.commands.output import print_text
from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError
from nianbao.formatting.draft import MARK, draft_report
from nianbao.model.form import load_form
from nianbao.model.schema import edition_of, editions
from nianbao.utils.files import create_file, ensure_folder, reject_symlinks
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import REPORTS_FOLDER, SUFFIXES, ReportFile, find_reports
from nianbao.workspace.series import YEAR_IN_NAME, Series, find_series
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    from nianbao.cli.console import Console
    from nianbao.model.form import Form
    from nianbao.model.report import Report

_NEXT = (
    "接着：填表里的空格和成文日期；"
    f"有“{MARK}”的各段改写成今年的，删去记号；过时的批注删掉。check 逐处提醒"
)


def new(root: Path, year: str, names: tuple[str, ...], *, console: Console) -> int:
    """Draft the reports of a year for the units named, or for all; 1 where one could not be.

    What is there is never overwritten.
    """
    form = _form(year)
    wanted = int(year)
    series, left = _wanted(root, wanted, names)
    told = []
    written = failed = 0
    for each in series:
        target = each.path(wanted)
        reject_symlinks(root, target.parent)
        if os.path.lexists(target):
            told.append(f"已有 {_shown(target)}，没有动")
            continue
        base = each.latest_before(wanted)
        last, problem = _read(each.path(base), console) if base is not None else (None, "")
        if problem:
            told += [problem, f"没有起草 {_shown(target)}：先改好上面的错误"]
            failed += 1
            continue
        ensure_folder(target.parent)
        if create_file(target, draft_report(form, wanted, last, _head(root, target)).encode()):
            told.append(f"已起草 {_shown(target)}（{_origin(last, wanted)}）")
            written += 1
        else:  # it has come in the meantime
            told.append(f"已有 {_shown(target)}，没有动")
    for each in left:
        newest = _shown(each.path(max(each.reports)))
        told.append(f"跳过 {newest}：没有 {wanted - 1} 年度的；要接着写，写出它的名字")
    print_text("\n".join([*told, *([_NEXT] if written else [])]), console)
    return int(failed > 0 or not written)


def _form(year: str) -> Form:
    """The form in force for the reports of a year."""
    if not re.fullmatch("20[0-9]{2}", year):
        raise UsageError(f"“{year}”不是年份。写报告的年度，例如 new 2023")
    edition = edition_of(int(year))
    if edition is None:
        raise UsageError(f"{year} 年度还没有全国统一的格式，最早是 {min(editions())} 年度")
    return load_form(edition)


def _wanted(root: Path, year: int, names: tuple[str, ...]) -> tuple[list[Series], list[Series]]:
    """The series that are to have a report of a year, and those that are left alone.

    Without names: those that have one of the year before; where none has, every one that there is.
    """
    if names:
        return [each for name in names for each in _named(root, year, name)], []
    found = _below(root, root / REPORTS_FOLDER)
    going_on = [each for each in found if year - 1 in each.reports or year in each.reports]
    return (going_on, [each for each in found if each not in going_on]) if going_on else (found, [])


def _named(root: Path, year: int, name: str) -> list[Series]:
    """The series of a folder or file that was named; a unit that is new has none yet."""
    path = Path(name)
    if path.suffix.lower() in SUFFIXES:
        found = find_series(file.path for file in find_reports(root, (name,)))
        if not found or not path.is_file():
            raise UsageError(f"{name} 不是哪一年的报告，写出单位的文件夹")
        every = find_series(sorted(path.parent.iterdir()))
        return [each for each in every if path in each.reports.values()]
    folder = Path(os.path.abspath(root / REPORTS_FOLDER))  # noqa: PTH100 - resolve() would follow links
    inside = Path(os.path.abspath(path)).is_relative_to(folder)  # noqa: PTH100
    place = path if path.is_dir() or inside else folder / path
    found = _below(root, place)
    if any(each.reports for each in found):
        return found
    # A unit that is new.
    if not Path(os.path.abspath(place)).is_relative_to(folder):  # noqa: PTH100
        raise UsageError(f"{name} 不在 {REPORTS_FOLDER} 文件夹里，里面也没有报告")
    if YEAR_IN_NAME.fullmatch(place.name) and not place.exists():
        raise UsageError(f"“{name}”是年份，不是单位。只写要起草的年度：new {year}")
    return found


def _below(root: Path, folder: Path) -> list[Series]:
    """The series below a folder; an empty one where it holds no reports."""
    reject_symlinks(root, folder)
    if folder.is_dir() and any(path.suffix.lower() in SUFFIXES for path in folder.rglob("*")):
        named = () if folder == root / REPORTS_FOLDER else (str(folder),)
        return find_series(file.path for file in find_reports(root, named))
    return [Series(folder, "", "", {})]


def _read(path: Path, console: Console) -> tuple[Report | None, str]:
    """An earlier report, or what is wrong with it, as lines to print."""
    checked = check_file(ReportFile(path, _shown(path), path), Settings())
    if checked.report is not None:
        return checked.report, ""
    errors = [each for each in checked.findings if each.severity is Severity.ERROR]
    lines = {_shown(path): checked.source.lines}
    return None, format_findings(errors, lines, to="text", colour=console.colour)


def _head(root: Path, target: Path) -> tuple[str, ...]:
    """The line by which an editor finds the schema, where the repository has it."""
    schema = root / "schema.json"
    if not schema.is_file():
        return ()
    way = Path(os.path.relpath(schema, target.parent)).as_posix()
    return (f"# yaml-language-server: $schema={way}",)


def _origin(last: Report | None, year: int) -> str:
    """Where a draft comes from, in words."""
    if last is None:
        return "空表，各项怎么填写在批注里"
    name = sanitize(Path(last.source.path).name)
    if last.year != year - 1:
        return f"抄自 {name}；那不是 {year - 1} 年度的，上年结转没有填"
    return f"抄自 {name}，上年结转已填"


def _shown(path: Path) -> str:
    return sanitize(Path(os.path.relpath(path)).as_posix())
