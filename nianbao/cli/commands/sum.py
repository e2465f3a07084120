"""The command `sum`: add up the tables of units, and write the sums into the parent's report."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.cli.commands.new import read_earlier_report, schema_comment, year_form
from nianbao.cli.commands.units import format_roster_findings
from nianbao.cli.printing import print_text
from nianbao.county.summing import draft_sum, explain_cell, put_sums, sum_units
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UsageError, UserError
from nianbao.formatting.new_report import make_new_report
from nianbao.model.form import load_form
from nianbao.model.report import cell_value, number_text, value_at
from nianbao.model.schema import SUM_KEY, known_edition
from nianbao.parsing.reader import parse_source, read_source
from nianbao.utils.files import (
    create_file,
    ensure_folder,
    reject_symlinks,
    relative_path,
    remove_temporary_files,
    write_atomically,
)
from nianbao.utils.suggestions import closest
from nianbao.utils.text import align_columns, join_first, sanitize
from nianbao.workspace.discovery import REPORTS_FOLDER, TOP, reject_unportable
from nianbao.workspace.series import find_series
from nianbao.workspace.unit_names import similar_unit
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.summation import Summation, SummedUnit
    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form
    from nianbao.model.report import Number
    from nianbao.model.source import Source
    from nianbao.workspace.units import UnitReport

_MAX_LISTED: Final = 20  # units or cells that a message lists


@dataclass(frozen=True, slots=True)
class SumOptions:
    """The options of `sum`.

    `partial`: leave out units whose report is missing or has errors.
    `explain`: the name of a cell whose summands are printed; None to write sums.
    """

    partial: bool = False
    explain: str | None = None


@dataclass(frozen=True, slots=True)
class _SumTarget:
    """The report into which the sums are written.

    `id`, `body`: the id and the name of its unit.
    `path`: its file.
    `source`: the content of the file, or None if there is no file yet.
    """

    id: str
    body: str
    path: Path
    source: Source | None
    form: Form

    @property
    def shown(self) -> str:
        """The path of the report, as messages show it."""
        return sanitize(relative_path(self.path))


def sum_reports(
    root: Path, year: str, unit: str | None, *, options: SumOptions, console: Console
) -> int:
    """Add up the reports of units, and write the sums into their parent's report.

    `unit`: the id or the folder of the parent; None for reports/ itself.

    Return 1 if reports are missing or have errors. Raises UsageError if the year or the unit is
    wrong. Raises UserError if the file can't be written.
    """
    form = year_form(year, "sum")
    index = UnitIndex(root)
    if index.findings:
        text = format_roster_findings(root, index.findings, colour=console.colour)
        print_text(text, console)
        return 1
    target = _find_target(root, index, int(year), unit, form)
    below = index.below(target.id, int(year))
    if not below:
        where = "units.toml 里" if index.roster else f"{REPORTS_FOLDER} 里"
        raise UsageError(f"{where}没有 {year} 年度归它汇总的单位")
    most = target.form.schema.node_at((SUM_KEY,))["maxItems"]
    if len(below) > most:
        raise UserError(f"归它汇总的有 {len(below)} 个单位，一份报告最多 {most} 个。分级汇总")
    if target.source is not None and target.source.findings:
        lines = {target.source.path: target.source.lines}
        findings = target.source.findings
        print_text(format_findings(findings, lines, to="text", colour=console.colour), console)
        console.warn(f"没有汇总：先改好 {target.shown}")
        return 1
    if options.explain is not None:
        return _explain(target, below, int(year), options.explain, console)
    summation = sum_units(below, target.form, int(year))
    wrong = [each for each in summation.units if each.problem]
    if (wrong and not options.partial) or not summation.counted:
        console.warn(*_named(wrong), f"{len(wrong)} 个单位不能汇总，没有写 {target.shown}")
        if summation.counted:
            steps = "、从下往上汇总" if any(each.outdated for each in wrong) else ""
            console.warn(f"先改好、补齐{steps}；不等它们的，加 --partial，文件里会写明没有计入哪些")
        return 1
    messages = _write(root, target, summation, int(year), console)
    print_text("\n".join([*messages, *_remarks(target, summation)]), console)
    return 0


def _find_target(
    root: Path, index: UnitIndex, year: int, name: str | None, form: Form
) -> _SumTarget:
    """Return the report of the unit `name` on `year`; the file need not exist.

    `name`: the id of the unit, or the path of its folder; None means reports/ itself. `form`: the
    form of a new report. Raises UsageError if there is no such unit.
    """
    id_ = _unit_id(root, name) if name else TOP
    known = index.roster.units if index.roster else None
    if known is not None and id_ not in known and id_ != TOP:
        by_name = next((each.id for each in known.values() if each.name == id_), "")
        near = by_name or similar_unit(id_, known) or closest(id_, known)
        guess = f"，是不是 {near}？" if near else ""
        raise UsageError(f"units.toml 里没有 {id_} 这个单位{guess}")
    folder = root / REPORTS_FOLDER / id_
    reject_symlinks(root, folder)
    if id_ != TOP:
        reject_unportable(Path(id_))
    body = known[id_].name if known and id_ in known else ""
    report = index.reports.get((id_, year))
    path = report.path if report else folder / f"{year}.yaml"
    if not os.path.lexists(path):
        return _SumTarget(id_, body, path, None, form)
    source = read_source(path, relative_path(path))
    edition = known_edition(source.data)
    if not source.findings and edition is None:
        raise UserError(f"{relative_path(path)} 的格式不认识，没有汇总。先用 check 看，改好")
    return _SumTarget(id_, body, path, source, load_form(edition) if edition else form)


def _unit_id(root: Path, name: str) -> str:
    """Return the id of a unit. `name`: the id, or the path of the unit's folder."""
    folder = Path(os.path.abspath(root / REPORTS_FOLDER))  # noqa: PTH100 - resolve() follows links
    given = Path(os.path.abspath(name))  # noqa: PTH100
    place = given if given.is_relative_to(folder) else Path(os.path.abspath(folder / name))  # noqa: PTH100
    if not place.is_relative_to(folder):
        raise UsageError(f"{name} 不在 {REPORTS_FOLDER} 文件夹里")
    return place.relative_to(folder).as_posix()


def _write(
    root: Path, target: _SumTarget, summation: Summation, year: int, console: Console
) -> list[str]:
    """Write the sums into the report; return Chinese texts that say what was done."""
    source = target.source or _new_report(root, target, year, console)
    result = put_sums(source, target.form, summation)
    remove_temporary_files([target.path.parent])
    counted = f"{len(summation.counted)} 个单位"
    if target.source is None:
        ensure_folder(target.path.parent)
        if not create_file(target.path, result.content):
            raise UserError(f"刚才有了 {target.shown}，没有动。再运行一次")
        steps = "接着：填日期，写各段文字。check 逐处提醒"
        return [f"已起草 {target.shown}，各表是 {counted}之和", steps]
    if result.content == target.source.raw:
        return [f"{target.shown} 已经是 {counted}之和，没有变化"]
    # Write to the file behind a symbolic link, so that the link remains.
    write_atomically(target.path.resolve(), result.content)
    changed = f"改了 {len(result.changes)} 格" if result.changes else "各格的数没有变"
    return [f"已汇总 {counted}到 {target.shown}，{changed}"]


def _new_report(root: Path, target: _SumTarget, year: int, console: Console) -> Source:
    """Return a new report for the sums, drafted from the latest earlier report of the body.

    Raises UserError if that report has errors, which are printed.
    """
    folder = target.path.parent
    siblings = sorted(folder.iterdir()) if folder.is_dir() else []
    series = [s for s in find_series(siblings) if (s.before, s.after) == ("", "")]
    latest = series[0].latest_before(year) if series else None
    last = None
    if latest is not None:
        last, problem = read_earlier_report(series[0].path(latest), colour=console.colour)
        if problem:
            print_text(problem, console)
            raise UserError(f"没有起草 {target.shown}：先改好上面的错误")
    text = make_new_report(target.form, year, last, schema_comment(root, target.path))
    source = parse_source(text.encode(), relative_path(target.path))
    return draft_sum(source, target.form, target.body)


def _named(units: Sequence[SummedUnit]) -> Iterator[str]:
    """Yield a line for each unit that can't be added, with its problem."""
    for unit in units[:_MAX_LISTED]:
        yield f"{unit.name}：{unit.problem}" + (f"（{unit.path}）" if unit.path else "")
    if len(units) > _MAX_LISTED:
        yield f"还有 {len(units) - _MAX_LISTED} 个单位"


def _remarks(target: _SumTarget, summation: Summation) -> Iterator[str]:
    """Yield lines that name the units not in the sum, and those only partly in the sum.

    Partly in the sum are units of another edition, and those that are sums without all their units.
    """
    without = [unit for unit in summation.units if unit.id not in summation.counted]
    if without:
        yield f"没有计入 {len(without)} 个单位，写在 {target.shown} 的“汇总”里："
        yield from (f"  {sanitize(line)}" for line in _named(without))
    for unit in summation.units:
        if unit.id not in summation.counted:
            continue
        if unit.edition != target.form.edition:
            yield sanitize(unit.describe_edition())
        if unit.not_counted:
            text = f"{unit.name}自己的汇总没有计入 {unit.not_counted} 个单位（{unit.path}）"
            yield sanitize(text)


def _explain(
    target: _SumTarget, below: Sequence[UnitReport], year: int, name: str, console: Console
) -> int:
    """Print the number that each unit adds to the cell `name`."""
    cell = _find_cell(target.form, name)
    rows = [("单位", "数", "报告")]
    others = 0
    total: Number = 0
    for unit, number in explain_cell(below, target.form, year, cell):
        if unit.problem:
            rows.append((sanitize(unit.name), unit.problem, sanitize(unit.path)))
        elif number:
            rows.append((sanitize(unit.name), number_text(number), sanitize(unit.path)))
            total += number
        else:
            others += 1
    lines = [" › ".join(target.form.labels(cell)), *align_columns(rows, right={1}, flexible=(2, 0))]
    if others:
        lines.append(f"别的 {others} 个单位是 0")
    lines.append(f"各单位之和 {number_text(total)}{_written(target, cell)}")
    print_text("\n".join(lines), console)
    return 0


def _written(target: _SumTarget, cell: Pointer) -> str:
    """Return a Chinese text with the number that the report itself has in a cell, or ""."""
    written = value_at(target.source.data, cell) if target.source else None
    if written is None:
        return ""
    return f"，{target.shown} 里是 {cell_value(written).text}"


def _find_cell(form: Form, name: str) -> Pointer:
    """Return the cell that a user names.

    `name`: the keys or the labels of the cell, joined with / or ›; the first of them may be left
    out. Raises UsageError if no cell, or several cells, have this name.
    """
    wanted = [part for part in re.split("[/›]", "".join(name.split())) if part]
    found: list[Pointer] = []
    for row in form.rows:
        for cell, _ in row.cells():
            named = (list(map(str, cell)), ["".join(t.split()) for t in form.labels(cell)])
            if wanted and any(each[-len(wanted) :] == wanted for each in named):
                found.append(cell)
    if len(found) == 1:
        return found[0]
    paths = [
        "/".join(map(str, cell)) for cell in found or (c for r in form.rows for c, _ in r.cells())
    ]
    if found:
        raise UsageError(f"“{name}”不止一格：{join_first(paths, 5)}。把前面的也写上")
    near = closest("/".join(wanted), paths, 0.3)
    raise UsageError(f"没有“{name}”这一格，写成 表/行/列，例如 {near or paths[0]}")
