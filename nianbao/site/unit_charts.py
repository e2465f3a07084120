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
from nianbao.site.series import YearSeries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.site.charts import Chart
    from nianbao.site.figures import Figure
    from nianbao.site.model import SiteReport

# Main figures that are drawn together, by key.
_DRAWN: Final = (
    ("received", "carried"),  # what was handled is the sum of the results
    ("documents",),
    ("reconsideration", "litigation"),
)
HANDLED: Final = "办结申请"
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
    results = _unit_results(shown)
    return [*charts[:1], results, *charts[1:]] if results else charts


def _series(figure: Figure, reports: Sequence[SiteReport]) -> YearSeries:
    newest = reports[0].record.edition
    values: dict[int, Value | None] = {}
    for report in reversed(reports):
        if figure.means_the_same(report.record.edition, newest):
            values[report.year] = Value(report.figure(figure))
        elif values:  # the first years of a series are those of which the form has the cells
            values[report.year] = None
    return YearSeries(figure.short_label(newest), figure.unit(newest), values)


def unit_sentences(reports: Sequence[SiteReport]) -> list[str]:
    """Return what a unit's latest report says, in sentences; `reports`: the newest first."""
    newest = reports[0]
    by_key = {figure.key: figure for figure in FIGURES}
    received, *disputes = (
        _series(by_key[key], reports) for key in ("received", "reconsideration", "litigation")
    )
    edition = newest.record.edition
    parts = zip(result_names(edition), result_values([newest], edition), strict=True)
    return [
        describe_series(received),
        describe_parts(f"{newest.year}年", received.unit, parts, HANDLED),
        describe_many(disputes),
    ]


def result_names(edition: int) -> list[str]:
    """Return the names of the kinds of results, in the order of the form."""
    return [name for name, _ in _results(edition).values()]


def result_values(reports: Sequence[SiteReport], edition: int) -> tuple[Value | None, ...]:
    """Return how many applications had each kind of result of an edition, over all reports.

    None stands for a kind that the editions of the reports do not have.
    """
    found: list[Value | None] = []
    for role in _results(edition):
        numbers = [
            report.record.values[position].number
            for report in reports
            for position in _results(report.record.edition).get(role, ("", ()))[1]
        ]
        found.append(Value(add(numbers)) if numbers else None)
    return tuple(found)


def results_chart(bars: Sequence[Bar], edition: int) -> Chart | None:
    """Return a chart of the results of applications, or None if there were none.

    `bars`: one for each year, the newest first, with the `result_values` of an edition.
    """
    if not any(value and value.number for bar in bars for value in bar.values):
        return None
    unit, names = FIGURES[0].unit(edition), result_names(edition)
    latest = zip(names, bars[0].values, strict=True)
    sentence = describe_parts(bars[0].name, unit, latest)
    return bar_chart("chart-results", "办结的申请，按结果", unit, names, bars, sentence)


def _unit_results(reports: Sequence[SiteReport]) -> Chart | None:
    """Return the results of a unit's applications; a year without a report has an empty bar."""
    edition = reports[0].record.edition
    by_year = {report.year: result_values([report], edition) for report in reports}
    years = range(reports[0].year, reports[-1].year - 1, -1)[:_MOST_YEARS]
    return results_chart([Bar(y, f"{y}年", by_year.get(y, ())) for y in years], edition)


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
