"""Lay out charts: lines over years, stacked bars, and small line charts of many units.

A chart is plain data: texts and positions. Positions are numbers in the coordinates of the SVG
drawing. The macros of templates/site/_charts.html print a chart as inline SVG, and its numbers as a
table. Axes begin at 0. Each number is drawn once, as a point of a line or as a part of a bar.
Nothing is drawn for a blank cell, a cell with `/` and a year without a report. A drawing is at most
as wide as the screen of a telephone, so that its text never gets too small.
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
