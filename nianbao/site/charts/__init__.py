"""Lay out charts as plain data: texts, and positions in an SVG drawing.

Templates print a chart as inline SVG, followed by a table of its numbers.
"""

# In all charts, axes begin at 0. Each number is drawn once, as a point of a line or as a part of a
# bar. Nothing is drawn for a blank cell, a cell with / and a year without a report.
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
