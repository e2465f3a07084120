"""Describe the reports of years in sentences and in charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.model.report import Value, number_text
from nianbao.site.charts import Bar, UnitSeries, bar_chart, line_chart, small_multiples
from nianbao.site.figures import FIGURES, add
from nianbao.site.sentences import describe_largest, describe_many, describe_parts
from nianbao.site.series import YearSeries
from nianbao.site.unit_charts import (
    HANDLED,
    describe_outcomes,
    describe_refusals,
    result_names,
    result_values,
    results_chart,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.site.charts import Chart, Multiples
    from nianbao.site.figures import Figure
    from nianbao.site.model import SiteReport, SiteYear

# By key: the main figures that are described in words.
_DESCRIBED: Final = ("received", "reconsideration", "litigation")
_MOST_BARS: Final = 25
_MOST_PANELS: Final = 12
_MOST_NAMES: Final = 3
_BY_KEY: Final = {figure.key: figure for figure in FIGURES}


def year_sentences(year: SiteYear, before: SiteYear | None) -> tuple[str, ...]:
    """Return Chinese sentences about the sums of a year.

    The comparison with the year before covers only units that both years include.

    `before`: the year before, or None if it has no reports.
    """
    units = {report.unit for report in year.counted}
    earlier = {report.unit for report in before.counted} if before else set()
    figures = [_BY_KEY[key] for key in _DESCRIBED]
    shared = units & earlier
    found = []
    if not shared or units != shared:
        sums = (
            f"{figure.short_label(year.edition)}{number_text(total)}{figure.unit(year.edition)}"
            for figure in figures
            if (total := year.total(figure)) is not None
        )
        whose = f"{len(units)}个单位合计：" if len(units) > 1 else ""
        found.append(f"{year.year}年{whose}{'、'.join(sums)}。")
    if before and shared:
        by_year = {
            each.year: [report for report in each.counted if report.unit in shared]
            for each in (year, before)
        }
        compared = describe_many([_sums(figure, by_year, year.edition) for figure in figures])
        found.append(_compared_units(units, earlier) + compared)
    if len(units) > 1:
        received = _BY_KEY["received"]
        found.append(_most(year, received, received.short_label(year.edition)))
    unit = FIGURES[0].unit(year.edition)
    values = result_values(year.counted, year.edition)
    parts = zip(result_names(year.edition), values, strict=True)
    found += [
        describe_parts(f"{year.year}年", unit, parts, HANDLED),
        describe_refusals(year.counted),
        describe_outcomes(year.counted),
    ]
    return tuple(filter(None, found))


def _compared_units(units: set[str], earlier: set[str]) -> str:
    """Return the beginning of a sentence that says which units of two years are compared."""
    if units == earlier:
        return ""
    if units < earlier:
        return f"{len(units)}个单位合计，上年也只算这些单位："
    return f"只算两年都有年报的{len(units & earlier)}个单位："


def _most(year: SiteYear, figure: Figure, name: str) -> str:
    """Return a sentence that names the units with the largest number; `name`: what is counted."""
    numbers = {report.unit: report.figure(figure) or 0 for report in year.counted}
    most = max(numbers.values())
    if not most:
        return f"各单位的{name}都是0。"
    largest = [unit.name for unit, _ in year.entries if numbers.get(unit.id) == most]
    shown = "、".join(largest[:_MOST_NAMES])
    more = f"等{len(largest)}个单位" if len(largest) > _MOST_NAMES else ""
    text = f"{number_text(most)}{figure.unit(year.edition)}"
    return f"{name}最多的是{shown}{more}，{'都是' if len(largest) > 1 else ''}{text}。"


def unit_bars(year: SiteYear) -> Chart | None:
    """Return a chart with the results of each unit's applications in a year.

    The unit with the most results comes first. The number of units is limited.
    Units without a result are left out.

    Return None if no unit has a result.
    """
    names = {unit.id: unit.name for unit, _ in year.entries}
    handled = _BY_KEY["handled"]
    reports = [report for report in year.counted if report.figure(handled)]
    reports.sort(key=lambda report: -(report.figure(handled) or 0))
    if not reports:
        return None
    unit = handled.unit(year.edition)
    sentence = _most(year, handled, "办结")
    if len(reports) > _MOST_BARS:
        sentence += f"只画了最多的{_MOST_BARS}个单位。"
    bars = [
        Bar(each.unit, names[each.unit], result_values([each], year.edition))
        for each in reports[:_MOST_BARS]
    ]
    title = f"{year.year}年各单位办结的申请，按结果"
    return bar_chart("chart-units", title, unit, result_names(year.edition), bars, sentence)


def sum_charts(years: Sequence[SiteYear]) -> tuple[Chart, ...]:
    """Return charts of the sums over all units.

    A chart is left out if it has only one year, or only zeros.

    `years`: the newest first.
    """
    if len(years) == 1:
        return ()
    edition = years[0].edition
    by_year = {year.year: year.counted for year in years}
    received = _sums(_BY_KEY["received"], by_year, edition)
    if not any(received.number(year) for year in received.values):
        return ()
    units = {frozenset(report.unit for report in year.counted) for year in years}
    sentence = describe_largest([received]) if len(units) == 1 else _unlike(years)
    lines = line_chart("chart-received", f"各年{received.name}", [received], sentence)
    bars = [
        Bar(year.year, f"{year.year}年", result_values(year.counted, edition)) for year in years
    ]
    results = results_chart(bars, edition)
    return (lines, results) if results else (lines,)


def unit_panels(years: Sequence[SiteYear]) -> Multiples | None:
    """Return small charts, one for each unit, of the new applications over the years.

    Only units with many applications in the newest year are drawn. Return None if there is only one
    year, or if fewer than two units can be drawn.

    `years`: the newest first.
    """
    received, latest = _BY_KEY["received"], years[0]
    reports = [report for report in latest.counted if report.figure(received)]
    reports.sort(key=lambda report: -(report.figure(received) or 0))
    if len(years) == 1 or len(reports) == 1 or not reports:
        return None
    names = {unit.id: unit.name for unit, _ in latest.entries}
    unit = received.unit(latest.edition)
    values: dict[str, dict[int, Value | None]] = {
        report.unit: {} for report in reports[:_MOST_PANELS]
    }
    for report in (report for year in reversed(years) for report in year.counted):
        if report.unit in values:
            values[report.unit][report.year] = Value(report.figure(received, latest.edition))
    series = [UnitSeries(id_, YearSeries(names[id_], unit, found)) for id_, found in values.items()]
    title = f"各单位各年{received.short_label(latest.edition)}"
    more = len(reports) > _MOST_PANELS
    sentence = f"只画了{latest.year}年最多的{_MOST_PANELS}个单位。" if more else ""
    return small_multiples("chart-each", title, series, sentence)


def _unlike(years: Sequence[SiteYear]) -> str:
    counts = "，".join(f"{year.year}年{len(year.counted)}个" for year in reversed(years))
    return f"各年合计的单位不一样，不能直接相比：{counts}。"


def _sums(figure: Figure, by_year: Mapping[int, Sequence[SiteReport]], edition: int) -> YearSeries:
    """Return the sums of a main figure over years.

    `by_year`: the reports to add up, by year. Reports are left out if the figure has another
    meaning in them than in the edition `edition`.
    """
    values = {
        year: None
        if (sum_ := add(r.figure(figure, edition) for r in reports)) is None
        else Value(sum_)
        for year, reports in by_year.items()
    }
    return YearSeries(figure.short_label(edition), figure.unit(edition), values)
