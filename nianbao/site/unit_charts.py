"""Make the charts of a unit: its main figures over the years, and the results of applications."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from nianbao.model.form import load_form
from nianbao.model.report import Value
from nianbao.rendering.data.fields import cell_fields
from nianbao.site.charts import Bar, bar_chart, line_chart
from nianbao.site.figures import FIGURES, add
from nianbao.site.sentences import describe_many, describe_parts, describe_series
from nianbao.site.series import Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.site.charts import Chart
    from nianbao.site.figures import Figure
    from nianbao.site.model import SiteReport

# Main figures that are drawn together, by key.
_DRAWN: Final = (
    ("received", "handled", "carried"),
    ("documents",),
    ("reconsideration", "litigation"),
)
_RESULTS: Final = "results."
# A chart of more years is too high for a page.
_MOST_YEARS: Final = 10


def unit_charts(reports: Sequence[SiteReport]) -> list[Chart]:
    """Return the charts of a unit. `reports`: the newest first.

    A figure is left out in a year whose edition of the form gives it another meaning than the
    newest edition does.
    """
    shown = reports[:_MOST_YEARS]
    by_key = {figure.key: figure for figure in FIGURES}
    charts = []
    for keys in _DRAWN:
        series = [_series(by_key[key], shown) for key in keys]
        if not any(each.number(year) for each in series for year in each.values):
            continue  # a chart of zeros says nothing that the table doesn't
        sentence = describe_many(series) if len(series) > 1 else describe_series(series[0])
        title = "、".join(each.name for each in series)
        charts.append(line_chart(f"chart-{keys[0]}", title, series, sentence))
    results = _results_chart(shown)
    return [*charts[:1], results, *charts[1:]] if results else charts


def _series(figure: Figure, reports: Sequence[SiteReport]) -> Series:
    newest = reports[0].record.edition
    values = {
        report.year: Value(report.figure(figure))
        if figure.means_the_same(report.record.edition, newest)
        else None
        for report in reports
    }
    return Series(figure.short_label(newest), figure.unit(newest), values)


def _results_chart(reports: Sequence[SiteReport]) -> Chart | None:
    """Return a bar for each year, divided by the results of applications; None if all are 0."""
    newest = reports[0].record.edition
    names = {role: name for role, (name, _) in _results(newest).items()}
    bars = []
    for report in reports:
        cells = _results(report.record.edition)
        values = report.record.values
        parts = [
            Value(add(values[position].number for position in cells[role][1]))
            if role in cells
            else None
            for role in names
        ]
        bars.append(Bar(report.year, f"{report.year}年", tuple(parts)))
    if not any(value and value.number for bar in bars for value in bar.values):
        return None
    unit = FIGURES[0].unit(newest)
    latest = zip(names.values(), bars[0].values, strict=True)
    sentence = describe_parts(f"{reports[0].year}年", unit, latest)
    return bar_chart("chart-results", "办结的申请，按结果", unit, [*names.values()], bars, sentence)


@cache
def _results(edition: int) -> Mapping[str, tuple[str, tuple[int, ...]]]:
    """Return, by role, the name of each kind of result and the indexes of its cells."""
    form = load_form(edition)
    position = {field.pointer: number for number, field in enumerate(cell_fields(form))}
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for row in form.rows:
        in_group = row.group_role.startswith(_RESULTS)
        role = row.group_role if in_group else row.role
        if role.startswith(_RESULTS) and not row.total:
            heading = row.path[-2 if in_group else -1]
            cells = tuple(position[each] for each, column in row.cells() if column.total)
            found[role] = (heading.key, found.get(role, ("", ()))[1] + cells)
    return found
