"""Format lists of units with the states of their reports."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, get_args

from nianbao.diagnostics.reporters.units import STATUS_COLUMNS, UnitStatus, as_table, status_cells
from nianbao.utils.resources import resource
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.county.status import YearStatus

StatusFormat = Literal["text", "markdown", "csv", "json", "html"]
STATUS_FORMATS: Final[tuple[StatusFormat, ...]] = get_args(StatusFormat)
StatusList = Literal["all", "remind", "published"]
_TITLES: Final[Mapping[StatusList, str]] = {
    "all": "年报进度",
    "remind": "催报名单",
    "published": "公布情况",
}
_CLASSES: Final = {
    "未交": "missing",
    "未按时公布": "missing",
    "草稿": "draft",
    "有错误": "wrong",
    "迟交": "late",
}
_MAX_LEVEL: Final = 3  # of indentation
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def format_status(status: YearStatus, which: StatusList, to: StatusFormat, *, colour: bool) -> str:
    """Return a list of units with the states of their reports.

    In the list "published", a state says if the report was published in time.

    `which`: the list: "all" units, units to "remind", or units that must publish ("published").
    `to`: the format.
    `colour`: True to use terminal colours, in the format "text" only.
    """
    units = _selected(status, which)
    if to == "json":
        return _as_json(status, which, units)
    if to == "csv":
        return _as_csv(which, units)
    if to == "html":
        return _as_html(status, which, units)
    title, counts = sanitize(heading(status, which)), summary_line(status, which)
    if to == "markdown":
        return _as_markdown(title, counts, which, units)
    table = as_table([_shown(unit, which) for unit in units], colour=colour) if units else ""
    return "\n".join(filter(None, [title, counts, table]))


def heading(status: YearStatus, which: StatusList = "all") -> str:
    """Return the title of a list of units in Chinese, with the year and the date.

    `which`: the list: "all" units, units to "remind", or units that must publish ("published").
    """
    return f"{status.year} 年度{_TITLES[which]}（截至 {status.as_of.isoformat()}）"


def summary_line(status: YearStatus, which: StatusList = "all") -> str:
    """Return a Chinese line with the number of units in each state.

    For the list "remind", the line only gives the number of units to remind.
    For the list "published", the states are those of publication.
    """
    if which == "published":
        counts = status.publications
        head = f"应公布 {sum(counts.values())} 个"
    else:
        counts = status.totals
        head = f"{len(status.units)} 个单位"
    shown = [f"{name} {number}" for name, number in counts.items() if number]
    if which == "remind":
        return f"{head}，要催的 {len(status.to_remind)} 个"
    return "，".join([head, *shown])


def _selected(status: YearStatus, which: StatusList) -> Sequence[UnitStatus]:
    if which == "remind":
        return status.to_remind
    return status.to_publish if which == "published" else status.units


def _shown(unit: UnitStatus, which: StatusList) -> UnitStatus:
    """Return the row of a unit as the list `which` shows it.

    In the list of publications, `state` is whether the report was published in time.
    """
    if which != "published":
        return unit
    state = "" if unit.state in ("可以公布", "迟交") else unit.state
    reason = "；".join(filter(None, [state, unit.reason]))
    return replace(unit, state=unit.publication, reason=reason)


def _as_markdown(title: str, counts: str, which: StatusList, units: Sequence[UnitStatus]) -> str:
    from nianbao.rendering.markdown.gfm import escape

    lines = [f"## {title}", "", counts]
    if units:
        rows = [STATUS_COLUMNS, *(status_cells(_shown(unit, which)) for unit in units)]
        cells = ["| " + " | ".join(escape(sanitize(cell)) for cell in row) + " |" for row in rows]
        alignment = "|" + "|".join("-:" if number in (4, 5) else "-" for number in range(7)) + "|"
        lines += ["", cells[0], alignment, *cells[1:]]
    return "\n".join(lines)


def _as_csv(which: StatusList, units: Sequence[UnitStatus]) -> str:
    """Return a list of units as CSV with all columns.

    A text that a spreadsheet program would take for a formula gets an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["编号", *STATUS_COLUMNS, "迟几天", "公布", "文件"])
    for unit in units:
        cells = status_cells(_shown(unit, which))
        numbers = (str(unit.errors), str(unit.warnings))
        row = [unit.unit, *cells[:4], *numbers, cells[6], str(unit.days_late)]
        row += [unit.publication, unit.path]
        writer.writerow(
            ["'" + cell if cell.startswith(_FORMULA) else cell for cell in map(sanitize, row)]
        )
    return out.getvalue().rstrip("\n")


def _as_json(status: YearStatus, which: StatusList, units: Sequence[UnitStatus]) -> str:
    from nianbao.utils.safe_json import dump_json

    return dump_json(
        {
            "year": status.year,
            "as_of": status.as_of.isoformat(),
            "list": which,
            "units": [asdict(unit) for unit in units],
            "totals": status.totals,
            "publications": status.publications,
        }
    )


def _as_html(status: YearStatus, which: StatusList, units: Sequence[UnitStatus]) -> str:
    from nianbao.rendering.templates import render

    return render(
        resource("templates"),
        "preview/status.html",
        "html",
        None,
        title=heading(status, which),
        counts=summary_line(status, which),
        columns=STATUS_COLUMNS,
        units=[unit_row(_shown(unit, which)) for unit in units],
    )


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A row of the table of units as templates print it.

    `css`: the CSS class for the state.
    `level`: the level of indentation, counted from 0.
    `cells`: the texts of the columns between state and reason.
    `address`: the address that the name links to, or "".
    """

    css: str
    level: int
    name: str
    state: str
    cells: tuple[str, ...]
    reason: str
    address: str


def unit_row(unit: UnitStatus, address: str = "") -> StatusRow:
    """Return the row of a unit for a web page.

    Control characters in the texts are replaced.

    `address`: the address that the name links to, or "".
    """
    name, state, written, deadline, errors, warnings, reason = map(_clean, status_cells(unit))
    cells = (written, deadline, errors, warnings)
    css = _CLASSES.get(unit.state, "")
    return StatusRow(css, min(unit.level, _MAX_LEVEL), name, state, cells, reason, address)


def _clean(text: str) -> str:
    return sanitize(text).encode(errors="backslashreplace").decode()
