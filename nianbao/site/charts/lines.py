"""Lay out lines over years: several lines in one drawing, or a small drawing for each unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from nianbao.model.report import number_text
from nianbao.site.charts.drawing import (
    EM,
    LINE,
    SEE_TABLE,
    WIDTH,
    Chart,
    ChartMark,
    Layer,
    NumberTable,
    Sign,
    Text,
    Tick,
    fixed,
    full_text,
    text_width,
    tick_text,
    unit_text,
)
from nianbao.site.charts.scale import Scale, make_scale
from nianbao.site.series import YearSeries, years_of
from nianbao.utils.text import fit_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.model.report import Number

MAX_LINES: Final = 6  # of a chart; the style sheet has as many markers and dashes
_TOP: Final = 40  # the highest tick of a line chart, below the unit and the number of a point
_BASE: Final = 176  # 0 of a line chart
_MOST_LABEL: Final = 112  # the width of a label at the end of a line
_PANEL: Final = (160, 77)  # of small multiples


@dataclass(frozen=True, slots=True)
class Panel:
    """The small line chart of one unit, in a group of such charts.

    `key`: the id of the unit.
    `latest`: the number of the last year, or the reason why there is no number, in Chinese.
    `path`: the SVG path that joins the points of consecutive years.
    `marks`: the points.
    """

    key: str
    name: str
    latest: str
    path: str
    marks: tuple[ChartMark, ...]


@dataclass(frozen=True, slots=True)
class Multiples:
    """A group of small line charts (`panels`), one for each unit, with equal axes.

    `unit`: the unit of measure, such as 件, or "".
    `sentence`: the Chinese text about the numbers.
    `width`, `height`: the size of a panel.
    `base`, `top`: the vertical positions of 0 and of `maximum` in a panel.
    `first`, `last`: the years at the ends of the axes, or 0 if there are no years.
    """

    id: str
    title: str
    unit: str
    sentence: str
    width: str
    height: str
    base: str
    top: str
    maximum: str
    first: int
    last: int
    panels: tuple[Panel, ...]
    table: NumberTable
    kind: Literal["multiples"] = "multiples"


class UnitSeries(NamedTuple):
    """The numbers of a unit over years.

    `key`: the id of the unit.
    `series`: the numbers; `series.name` is the name of the unit.
    """

    key: str
    series: YearSeries


def line_chart(
    id: str,  # noqa: A002 - the word of HTML
    title: str,
    series: Sequence[YearSeries],
    sentence: str,
) -> Chart:
    """Return a chart with one line over years for each series.

    `id`: the prefix of the ids in the SVG.
    `series`: from one to MAX_LINES series, with the same unit of measure.
    `sentence`: a Chinese sentence about the numbers.

    Raises ValueError if the number of series is wrong, or if units of measure differ.
    """
    unit = _common_unit(series, MAX_LINES)
    years = years_of(series)
    numbers = _numbers(series)
    scale = make_scale(numbers, _BASE, _TOP)
    ends = [_end_label(each, years) for each in series] if len(series) > 1 else []
    left = max(text_width(tick_text(tick)) for tick in scale.ticks()) + 8
    right = WIDTH - (max(text_width(text) for text, _ in ends) + 20 if ends else 4)
    printed = [*map(number_text, numbers), "2022"]
    margin = 6 if ends else max(map(text_width, printed)) / 2
    place = _positions(years, left + margin, right - margin)
    layers = tuple(_line_layer(each, place, scale) for each in series)
    labels = list(_end_labels(ends, layers, right))
    texts = [
        *unit_text(unit),
        *_year_texts(place),
        *_missing_texts(series, place),
        *([] if ends else _value_texts(layers[0])),
        *(text for _, text in labels),
    ]
    return Chart(
        id=id,
        kind="lines",
        title=title,
        unit=unit,
        description=f"折线图，{_span(years)}，{'、'.join(each.name for each in series)}，"
        f"纵轴从0到{number_text(scale.maximum)}{unit}。{SEE_TABLE}",
        sentence=sentence,
        height=fixed(_BASE + LINE + 8),
        maximum=number_text(scale.maximum),
        ticks=tuple(_height_tick(tick, scale, left, right) for tick in scale.ticks()),
        layers=layers,
        signs=tuple(sign for sign, _ in labels),
        texts=tuple(texts),
        table=NumberTable(
            ("年度", *(each.name for each in series)),
            tuple((f"{year}年", *(each.text(year) for each in series)) for year in years),
        ),
    )


def small_multiples(
    id: str,  # noqa: A002 - the word of HTML
    title: str,
    units: Sequence[UnitSeries],
    sentence: str,
) -> Multiples:
    """Return small line charts over years, one for each unit, with equal axes.

    `id`: the prefix of the ids in the SVG.
    `units`: at least one series, all with the same unit of measure.
    `sentence`: a Chinese sentence about the numbers.

    Raises ValueError if there is no series, or if units of measure differ.
    """
    series = [each.series for each in units]
    unit = _common_unit(series, len(series))
    years = years_of(series)
    width, height = _PANEL
    base, top = height - LINE - 9, 8  # the texts below touch no mark
    scale = make_scale(_numbers(series), base, top)
    place = _positions(years, 8, width - 8)
    first, last = (years[0], years[-1]) if years else (0, 0)
    panels = []
    for key, each in units:
        layer = _line_layer(each, place, scale)
        latest = f"{last}年{each.text(last)}{'' if each.number(last) is None else unit}"
        panels.append(Panel(key, each.name, latest, layer.path, layer.marks))
    return Multiples(
        id=id,
        title=title,
        unit=unit,
        sentence=sentence,
        width=fixed(width),
        height=fixed(height),
        base=fixed(base),
        top=fixed(top),
        maximum=number_text(scale.maximum),
        first=first,
        last=last,
        panels=tuple(panels),
        table=NumberTable(
            ("单位", *(f"{year}年" for year in years)),
            tuple((each.name, *(each.text(year) for year in years)) for each in series),
        ),
    )


def _common_unit(series: Sequence[YearSeries], most: int) -> str:
    units = {each.unit for each in series}
    if len(units) != 1 or len(series) > most:
        raise ValueError(f"{len(series)} series of the units {sorted(units)}")
    return units.pop()


def _numbers(series: Iterable[YearSeries]) -> list[Number]:
    values = [value for each in series for value in each.values.values()]
    return [value.number for value in values if value is not None and value.number is not None]


def _height_tick(number: Number, scale: Scale, left: float, right: float) -> Tick:
    y = scale.at(number)
    path = f"M{fixed(left)} {fixed(y)}H{fixed(right)}"
    digits = number_text(number)
    return Tick(path, fixed(left - 4), fixed(y + 4.7), tick_text(number), "e", digits)


def _positions(years: Sequence[int], left: float, right: float) -> dict[int, float]:
    """Return the horizontal position of every year from the first to the last, by year."""
    if not years:
        return {}
    first, last = years[0], years[-1]
    if first == last:
        return {first: round((left + right) / 2, 1)}
    return {
        year: round(left + (year - first) / (last - first) * (right - left), 1)
        for year in range(first, last + 1)
    }


def _line_layer(series: YearSeries, place: Mapping[int, float], scale: Scale) -> Layer:
    """Return the points of a series. Points of consecutive years are joined by lines.

    `place`: the horizontal position of each year.
    """
    points = {
        year: (fixed(x), fixed(scale.at(number)), number_text(number))
        for year, x in place.items()
        if (number := series.number(year)) is not None
    }
    path = "".join(
        f"{'L' if year - 1 in points else 'M'}{x} {y}"
        for year, (x, y, _) in points.items()
        if year - 1 in points or year + 1 in points
    )
    marks = (ChartMark(year, value, x, y) for year, (x, y, value) in points.items())
    return Layer(series.name, path, tuple(marks))


def _end_label(series: YearSeries, years: Sequence[int]) -> tuple[str, str]:
    """Return the label at the end of a line, and the whole name of the series if it is shortened.

    The label is the name of the series and its number in the last year. The second part of the
    result is "" if the name is not shortened.
    """
    number = series.number(years[-1]) if years else None
    value = "" if number is None else f" {number_text(number)}"
    room = max(int((_MOST_LABEL - text_width(value)) / (EM / 2)), 4)
    name = fit_width(series.name, room)
    return name + value, full_text(series.name, name)


def _end_labels(
    texts: Sequence[tuple[str, str]], layers: Sequence[Layer], x: float
) -> Iterator[tuple[Sign, Text]]:
    """Yield the marker and the label of each line, at the height of the line's last point.

    A label that would overlap another one is moved down. `texts`: the results of `_end_label`. `x`:
    the right end of the lines.
    """
    wanted = sorted(
        (float(layers[index].marks[-1].y) if layers[index].marks else _BASE, index)
        for index in range(len(texts))
    )
    above: float = _TOP - LINE
    for number, (height, index) in enumerate(wanted, 1):
        lowest = _BASE - LINE * (len(wanted) - number)
        above = max(min(height, lowest), above + LINE)
        text, full = texts[index]
        yield (
            Sign(index, fixed(x + 7), fixed(above)),
            Text(fixed(x + 15), fixed(above + 4.7), text, full=full),
        )


def _value_texts(layer: Layer) -> list[Text]:
    """Return the numbers above the points of a line, without those that would overlap others.

    The number of the last point is placed first, then that of the first point, then the others, the
    largest first.
    """
    marks = layer.marks
    order = sorted(
        range(len(marks)),
        key=lambda at: (at != len(marks) - 1, at != 0, Decimal(marks[at].value) * -1, at),
    )
    placed: list[tuple[float, float, float]] = []
    texts = []
    for mark in (marks[at] for at in order):
        x, y, width = float(mark.x), float(mark.y) - 7, text_width(mark.value)
        if all(
            abs(x - other_x) > (width + other_width) / 2 + 3 or abs(y - other_y) > LINE
            for other_x, other_y, other_width in placed
        ):
            placed.append((x, y, width))
            texts.append(Text(mark.x, fixed(y), mark.value, "m", "v"))
    return texts


def _year_texts(place: Mapping[int, float]) -> list[Text]:
    """Return the labels of the years: the last year, and as many earlier years as have room."""
    years = list(place)
    gap = text_width("2022") + 6
    wide_enough = (n for n, year in enumerate(years) if place[year] - place[years[0]] >= gap)
    step = next(wide_enough, len(years) or 1)
    y = fixed(_BASE + LINE + 2)
    return [Text(fixed(place[year]), y, str(year), "m") for year in years[::-1][::step][::-1]]


def _missing_texts(series: Sequence[YearSeries], place: Mapping[int, float]) -> list[Text]:
    """Return a text for each year that has no number in any series.

    The text is `/` if all cells of the year contain `/`, else 缺.
    """
    years = list(place)
    if len(years) > 1 and place[years[1]] - place[years[0]] < EM:
        return []
    texts = []
    for year in years:
        if all(each.number(year) is None for each in series):
            states = {each.text(year) for each in series}
            sign = "/" if states == {"/"} else "缺"
            full = "、".join(sorted(states))
            texts.append(Text(fixed(place[year]), fixed(_BASE - 8), sign, "m", "q", full))
    return texts


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}年至{years[-1]}年" if years else "没有报告"
