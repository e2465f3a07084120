"""Lay out charts: lines over years, stacked bars, small multiples of units.

A chart is plain data: texts, and positions in units of its drawing. The macros of
templates/site/_charts.html print it as inline SVG with its numbers as a table. Axes begin at 0, and
each number is exactly one mark: a cell with `/`, a blank one and a year without a report have none.
A drawing is at most as wide as the column of a telephone, so that its text never gets too small.
"""

from nianbao.site.charts.bars import MAX_PARTS, Bar, bar_chart
from nianbao.site.charts.drawing import Chart
from nianbao.site.charts.lines import (
    MAX_LINES,
    Multiples,
    UnitSeries,
    line_chart,
    small_multiples,
)

__all__ = [
    "MAX_LINES",
    "MAX_PARTS",
    "Bar",
    "Chart",
    "Multiples",
    "UnitSeries",
    "bar_chart",
    "line_chart",
    "small_multiples",
]
