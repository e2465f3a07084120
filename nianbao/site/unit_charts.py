"""Make charts and sentences about the figures of a unit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from nianbao.model.form import load_form
from nianbao.model.report import Value
from nianbao.site.charts import Bar, bar_chart, line_chart
from nianbao.site.figures import FIGURES, REFUSED, add, bare, field_positions, positions
from nianbao.site.sentences import (
    describe_gaps,
    describe_largest,
    describe_many,
    describe_most,
    describe_parts,
    describe_series,
    describe_shares,
)
from nianbao.site.series import YearSeries, years_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.model.report import Number
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
_GIVEN: Final = ("results.granted", "results.partial")
_FEES: Final = ("fees",)
_CASES: Final = ("reconsideration", "litigation.direct", "litigation.reconsidered")
# A chart of more years is too high for a page.
_MOST_YEARS: Final = 10


def unit_charts(reports: Sequence[SiteReport]) -> list[Chart]:
    """Return the charts of a unit.

    A chart omits the years in which the figure had another meaning.

    `reports`: the unit's reports, the newest first.
    """
    shown = reports[:_MOST_YEARS]
    by_key = {figure.key: figure for figure in FIGURES}
    charts = []
    for keys in _DRAWN:
        series = [_series(by_key[key], shown) for key in keys]
        if not any(each.number(year) for each in series for year in each.values):
            continue  # a chart of zeros says nothing that the table doesn't
        if len(years_of(series)) == 1:
            continue  # a single point is no line
        # What the last year was stands in `unit_sentences`, except that of the documents.
        sentence = describe_largest(series) if len(series) > 1 else describe_series(series[0])
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
    """Return Chinese sentences about the main figures of a unit's latest report.

    Some figures are compared with the year before.

    `reports`: all reports of the unit, the newest first.
    """
    newest = reports[0]
    by_key = {figure.key: figure for figure in FIGURES}
    received, carried, *disputes = (
        _series(by_key[key], reports)
        for key in ("received", "carried", "reconsideration", "litigation")
    )
    edition = newest.record.edition
    parts = zip(result_names(edition), result_values([newest], edition), strict=True)
    found = [
        describe_many([received, carried]) + describe_gaps([received]),
        describe_parts(f"{newest.year}年", received.unit, parts, HANDLED),
        describe_refusals([newest]),
        describe_many(disputes),
        describe_outcomes([newest]),
        _describe_fees(reports),
    ]
    return [sentence for sentence in found if sentence]


def describe_refusals(reports: Sequence[SiteReport]) -> str:
    """Say how many applications were refused, and for which reasons.

    `reports`: the reports of a year, whose numbers are added up.

    Return "" if no application was refused.
    """
    numbers: dict[str, Number] = {}
    for report in reports:
        for name, position in _reasons(report.record.edition):
            numbers[name] = numbers.get(name, 0) + (report.record.values[position].number or 0)
    edition = max(report.record.edition for report in reports)
    name, _ = _results(edition)[REFUSED]
    subject = f"{reports[0].year}年{name}"
    return describe_most(subject, FIGURES[0].unit(edition), numbers.items())


def describe_outcomes(reports: Sequence[SiteReport]) -> str:
    """Say how administrative reviews (行政复议) and lawsuits ended.

    `reports`: the reports of a year, whose numbers are added up.

    Return "" if there were no reviews and no lawsuits.
    """
    edition = max(report.record.edition for report in reports)
    rows = [row for row in load_form(edition).rows if row.role in _CASES]
    numbers = {
        column.path[-1].key: add(
            report.record.values[position].number
            for report in reports
            for position in positions(report.record.edition, _CASES, column.role)
        )
        for column in rows[0].columns
        if not column.total
    }
    if not any(numbers.values()):
        return ""
    name = "、".join(dict.fromkeys(row.path[0].key for row in rows))
    parts = [(outcome, Value(number)) for outcome, number in numbers.items()]
    return describe_parts(f"{reports[0].year}年", rows[0].columns[0].unit, parts, name)


def _describe_fees(reports: Sequence[SiteReport]) -> str:
    """Say what fees a unit took in its latest year, or "" if none; `reports`: the newest first."""
    cells = {each.year: positions(each.record.edition, _FEES, "amount") for each in reports}
    values = {
        each.year: each.record.values[cells[each.year][0]] if cells[each.year] else None
        for each in reports
    }
    newest = values[reports[0].year]
    if newest is None or not newest.number:
        return ""
    rows = load_form(reports[0].record.edition).rows
    row = next(row for row in rows if row.role in _FEES)
    return describe_many([YearSeries(row.path[-1].key, row.columns[0].unit, values)])


def result_names(edition: int) -> list[str]:
    """Return the kinds of results of applications, such as 予以公开, in the form's order."""
    return [name for name, _ in _results(edition).values()]


def result_values(reports: Sequence[SiteReport], edition: int) -> tuple[Value | None, ...]:
    """Return the number of applications with each kind of result, in all reports together.

    A number is None if none of the reports' forms has that kind of result.

    `edition`: the edition of the form whose kinds of results are counted.
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
    """Return a chart of the results of applications.

    `bars`: one bar for each year, the newest first, with values from `result_values`.
    `edition`: the edition that was passed to `result_values`.

    Return None if there were no results.
    """
    if not any(value and value.number for bar in bars for value in bar.values):
        return None
    unit, names = FIGURES[0].unit(edition), result_names(edition)
    given = [name for role, (name, _) in _results(edition).items() if role in _GIVEN]
    shares = []
    for bar in reversed(bars):
        numbers = [(value.number if value else None) or 0 for value in bar.values]
        part = sum(n for name, n in zip(names, numbers, strict=False) if name in given)
        shares.append((bar.name, part, sum(numbers)))
    sentence = describe_shares(f"{'和'.join(given)}的占办结申请的比例", shares)
    return bar_chart("chart-results", "办结的申请，按结果", unit, names, bars, sentence)


def _unit_results(reports: Sequence[SiteReport]) -> Chart | None:
    """Return the results of a unit's applications; a year without a report has an empty bar."""
    edition = reports[0].record.edition
    by_year = {report.year: result_values([report], edition) for report in reports}
    years = range(reports[0].year, reports[-1].year - 1, -1)[:_MOST_YEARS]
    return results_chart([Bar(y, f"{y}年", by_year.get(y, ())) for y in years], edition)


@cache
def _reasons(edition: int) -> tuple[tuple[str, int], ...]:
    """Return the name of each reason to refuse an application, and the index of its total.

    The index is that of a cell in the values of a record.
    """
    position = field_positions(edition)
    return tuple(
        (bare(row.path[-1].title), position[pointer])
        for row in load_form(edition).rows
        if row.group_role == REFUSED
        for pointer, column in row.cells()
        if column.total
    )


@cache
def _results(edition: int) -> Mapping[str, tuple[str, tuple[int, ...]]]:
    """Return the name of each kind of result and the indexes of its cells, by the role of the kind.

    The indexes are those of cells in the values of a record.
    """
    position = field_positions(edition)
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for row in load_form(edition).rows:
        in_group = row.group_role.startswith(_RESULTS)
        role = row.group_role if in_group else row.role
        if role.startswith(_RESULTS) and not row.total:
            heading = row.path[-2 if in_group else -1]
            cells = tuple(position[each] for each, column in row.cells() if column.total)
            found[role] = (heading.key, found.get(role, ("", ()))[1] + cells)
    return found
