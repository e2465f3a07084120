"""Lay out charts: lines over years, stacked bars, small multiples of units.

A chart is plain data: texts, and positions in units of its drawing. The macros of
templates/site/_charts.html print it as inline SVG with its numbers as a table. Axes begin at 0, and
each number is exactly one mark: a cell with `/`, a blank one and a year without a report have none.
A drawing is at most as wide as the column of a telephone, so that its text never gets too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from nianbao.model.report import number_text
from nianbao.site.series import Series, value_text, years_of
from nianbao.utils.text import display_width, fit_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.model.report import Number, Value

MAX_LINES: Final = 6  # of a chart; the style sheet has as many markers and dashes
MAX_PARTS: Final = 8  # of a bar; the style sheet has as many patterns

_WIDTH: Final = 320
_EM: Final = 13  # the size of text
_NARROW: Final = 7.8  # the width of the widest digits of usual fonts
_LINE: Final = 16  # the height of a line of text
_TOP: Final = 36  # the highest tick of a line chart, below the unit and the number of a point
_BASE: Final = 176  # 0 of a line chart
_MOST_TICKS: Final = 4  # above 0
_MOST_LABEL: Final = 112  # the width of a label at the end of a line
_BESIDE: Final = 92  # the width of labels beside bars; wider ones stand above them
_BAR: Final = 18  # the height of a bar
_PITCH: Final = 26  # from bar to bar, without a name above
_SWATCH: Final = 12
_SEE_TABLE: Final = "数在图后的表里。"
_PANEL: Final = (160, 74)  # of small multiples

Anchor = Literal["", "m", "e"]  # start, middle, end: the class of a text
Key = int | str


class Text(NamedTuple):
    """A text of a drawing.

    `kind`: its class: v for a value, q for a remark, or "". `full`: the whole text if `text` is
    shortened, or "".
    """

    x: str
    y: str
    text: str
    anchor: Anchor = ""
    kind: str = ""
    full: str = ""


class Tick(NamedTuple):
    """A tick of the axis of numbers: the path of its line, its label, and its number in digits."""

    path: str
    x: str
    y: str
    label: str
    anchor: Anchor
    number: str


class Mark(NamedTuple):
    """A mark for one number, which is `value` in digits.

    `key`: its year, or the id of its unit. A point has its position in `x` and `y`, and no
    `width`; a part of a bar begins at `x` and is `width` wide.
    """

    key: Key
    value: str
    x: str
    y: str
    width: str = ""


class Sign(NamedTuple):
    """The sign of a layer beside its name: a marker around this position, or a swatch from there.

    `layer`: the number of the layer, from 0.
    """

    layer: int
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The marks of one series; `path` joins those of years that follow each other, or is ""."""

    name: str
    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class NumberTable:
    """The numbers of a chart as a table. The first cell of each row is its label."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its texts and numbers.

    `id`: the prefix of all ids in the page. `description`: how it is drawn, for those who cannot
    see it. `sentence`: what the numbers say. `by`: what the keys of the marks are. `maximum`: the
    number at the end of the axis. `bar`: the height of a bar.
    """

    id: str
    kind: Literal["lines", "bars"]
    title: str
    unit: str
    description: str
    sentence: str
    height: str
    maximum: str
    ticks: tuple[Tick, ...]
    layers: tuple[Layer, ...]
    signs: tuple[Sign, ...]
    texts: tuple[Text, ...]
    table: NumberTable
    by: Literal["year", "unit"] = "year"
    width: str = str(_WIDTH)
    bar: str = str(_BAR)


@dataclass(frozen=True, slots=True)
class Panel:
    """The small line of one unit. `key`: the unit's id. `latest`: its latest number in words."""

    key: str
    name: str
    latest: str
    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Multiples:
    """Small lines of units, all on one scale.

    `first`, `last`: the years at the ends of all axes, 0 if there are none. `base`, `top`: the
    heights of 0 and of `maximum` in each panel. The other fields are those of a `Chart`.
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


class Bar(NamedTuple):
    """A bar of a stacked chart, with a value for each of its parts; () if there is no report.

    `key`: a year, or the id of a unit.
    """

    key: Key
    name: str
    values: tuple[Value | None, ...]


class UnitSeries(NamedTuple):
    """The series of a unit with the unit's id; the name of the series is the unit's."""

    key: str
    series: Series


@dataclass(frozen=True, slots=True)
class _Scale:
    """A linear scale from 0 at position `start` to `maximum` at position `end`."""

    maximum: Number
    step: Number
    start: float
    end: float

    def at(self, number: Number) -> float:
        """Return the position of a number, rounded to a tenth."""
        return round(self.start + float(number / self.maximum) * (self.end - self.start), 1)

    def ticks(self) -> Iterator[Number]:
        """Yield 0, `maximum` and the round numbers between them."""
        tick: Number = 0
        while tick <= self.maximum:
            yield tick
            tick += self.step


def line_chart(
    id: str,  # noqa: A002 - the word of HTML
    title: str,
    series: Sequence[Series],
    sentence: str,
) -> Chart:
    """Return lines over years, one for each of at most MAX_LINES series of one unit."""
    unit = _common_unit(series, MAX_LINES)
    years = years_of(series)
    numbers = _numbers(series)
    scale = _scale(numbers, _BASE, _TOP)
    ends = [_end_label(each, years) for each in series] if len(series) > 1 else []
    left = max(_text_width(_tick_text(tick)) for tick in scale.ticks()) + 8
    right = _WIDTH - (max(_text_width(text) for text, _ in ends) + 20 if ends else 4)
    printed = [*map(number_text, numbers), "2022"]
    margin = 6 if ends else max(map(_text_width, printed)) / 2
    place = _positions(years, left + margin, right - margin)
    layers = tuple(_line_layer(each, place, scale) for each in series)
    labels = list(_end_labels(ends, layers, right))
    texts = [
        *_unit_text(unit),
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
        f"纵轴从0到{number_text(scale.maximum)}{unit}。{_SEE_TABLE}",
        sentence=sentence,
        height=_n(_BASE + _LINE + 8),
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


def bar_chart(
    id: str,  # noqa: A002 - the word of HTML
    title: str,
    unit: str,
    parts: Sequence[str],
    bars: Sequence[Bar],
    sentence: str,
) -> Chart:
    """Return a horizontal bar for each year or unit, made up of at most MAX_PARTS parts."""
    if not 0 < len(parts) <= MAX_PARTS:
        raise ValueError(f"{len(parts)} parts")
    totals = [_total(bar) for bar in bars]
    widest = max((_text_width(bar.name) for bar in bars), default=0)
    left, above = (widest + 8, 0) if widest <= _BESIDE else (0, _LINE + 2)
    right = _WIDTH - max((_text_width(text) for _, text in totals), default=0) - 8
    values = [value for bar in bars for value in bar.values]
    sums = [total for total, _ in totals if total is not None]
    scale = _scale([*sums, *(value.amount for value in values if value)], left, right)
    legend = list(_legend(parts, _LINE * 2 if unit else _LINE))
    top = float(legend[-1][0].y) + _SWATCH + 2
    pitch = above + _PITCH
    rows = [top + above + 4 + number * pitch for number in range(len(bars))]
    bottom = top + len(bars) * pitch
    layers, inside = _bar_layers(parts, bars, rows, scale)
    texts = [
        *_unit_text(unit),
        *(text for _, text in legend),
        *inside,
        *_bar_texts(bars, totals, rows, scale, above=bool(above)),
    ]
    by_unit = any(isinstance(bar.key, str) for bar in bars)
    return Chart(
        id=id,
        kind="bars",
        title=title,
        unit=unit,
        description=f"横条图，{len(bars)}条，每条从左到右是{'、'.join(parts)}，"
        f"横轴从0到{number_text(scale.maximum)}{unit}。{_SEE_TABLE}",
        sentence=sentence,
        height=_n(bottom + _LINE + 6),
        maximum=number_text(scale.maximum),
        ticks=tuple(_width_tick(tick, scale, top, bottom) for tick in scale.ticks()),
        layers=layers,
        signs=tuple(sign for sign, _ in legend),
        texts=tuple(texts),
        table=NumberTable(
            ("单位" if by_unit else "年度", *parts, "合计"),
            tuple(
                (bar.name, *(map(value_text, bar.values) if bar.values else "—" * len(parts)), text)
                for bar, (_, text) in zip(bars, totals, strict=True)
            ),
        ),
        by="unit" if by_unit else "year",
    )


def small_multiples(
    id: str,  # noqa: A002 - the word of HTML
    title: str,
    units: Sequence[UnitSeries],
    sentence: str,
) -> Multiples:
    """Return a small line over years for each unit, all on one scale."""
    series = [each.series for each in units]
    unit = _common_unit(series, len(series))
    years = years_of(series)
    width, height = _PANEL
    base, top = height - _LINE - 6, 8
    scale = _scale(_numbers(series), base, top)
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
        width=_n(width),
        height=_n(height),
        base=_n(base),
        top=_n(top),
        maximum=number_text(scale.maximum),
        first=first,
        last=last,
        panels=tuple(panels),
        table=NumberTable(
            ("单位", *(f"{year}年" for year in years)),
            tuple((each.name, *(each.text(year) for year in years)) for each in series),
        ),
    )


def _common_unit(series: Sequence[Series], most: int) -> str:
    units = {each.unit for each in series}
    if len(units) != 1 or len(series) > most:
        raise ValueError(f"{len(series)} series of the units {sorted(units)}")
    return units.pop()


def _numbers(series: Iterable[Series]) -> list[Number]:
    values = [value for each in series for value in each.values.values()]
    return [value.number for value in values if value is not None and value.number is not None]


def _scale(numbers: Iterable[Number], start: float, end: float) -> _Scale:
    """Return the scale for numbers, which are not negative, with at most _MOST_TICKS steps.

    A step is 1, 2 or 5 times a power of ten, and whole if all numbers are.
    """
    found = list(numbers)
    largest = max(found, default=0)
    if min(found, default=0) < 0:
        raise ValueError("negative number")
    if not largest:
        return _Scale(1, 1, start, end)
    whole = all(number == int(number) for number in found)
    exponent = Decimal(largest).adjusted() - 1
    steps = (Decimal(digit).scaleb(exponent + more) for more in range(3) for digit in (1, 2, 5))
    exact = next(
        step for step in steps if step * _MOST_TICKS >= largest and (step >= 1 or not whole)
    )
    step: Number = int(exact) if exact >= 1 else exact
    count = next(n for n in range(1, _MOST_TICKS + 1) if step * n >= largest)
    return _Scale(step * count, step, start, end)


def _height_tick(number: Number, scale: _Scale, left: float, right: float) -> Tick:
    y = scale.at(number)
    path = f"M{_n(left)} {_n(y)}H{_n(right)}"
    digits = number_text(number)
    return Tick(path, _n(left - 4), _n(y + 4.7), _tick_text(number), "e", digits)


def _width_tick(number: Number, scale: _Scale, top: float, bottom: float) -> Tick:
    x = _n(scale.at(number))
    path = f"M{x} {_n(top)}V{_n(bottom)}"
    digits = number_text(number)
    return Tick(path, x, _n(bottom + _LINE), _tick_text(number), "m" if number else "", digits)


def _positions(years: Sequence[int], left: float, right: float) -> dict[int, float]:
    """Return the position of every year from the first to the last one."""
    if not years:
        return {}
    first, last = years[0], years[-1]
    if first == last:
        return {first: round((left + right) / 2, 1)}
    return {
        year: round(left + (year - first) / (last - first) * (right - left), 1)
        for year in range(first, last + 1)
    }


def _line_layer(series: Series, place: Mapping[int, float], scale: _Scale) -> Layer:
    """Return the points of a series; only those of years that follow each other are joined."""
    points = {
        year: (_n(x), _n(scale.at(number)), number_text(number))
        for year, x in place.items()
        if (number := series.number(year)) is not None
    }
    path = "".join(
        f"{'L' if year - 1 in points else 'M'}{x} {y}"
        for year, (x, y, _) in points.items()
        if year - 1 in points or year + 1 in points
    )
    marks = (Mark(year, value, x, y) for year, (x, y, value) in points.items())
    return Layer(series.name, path, tuple(marks))


def _bar_layers(
    parts: Sequence[str], bars: Sequence[Bar], rows: Sequence[float], scale: _Scale
) -> tuple[tuple[Layer, ...], list[Text]]:
    """Return the parts of all bars, and their numbers inside them where there is room."""
    marks: list[list[Mark]] = [[] for _ in parts]
    inside = []
    for bar, row in zip(bars, rows, strict=True):
        whole, _ = _total(bar)  # is printed after the bar, even if it is a single part
        total: Number = 0
        for layer, value in enumerate(bar.values):
            if value is None or value.number is None:
                continue
            start, end = scale.at(total), scale.at(total + value.number)
            total += value.number
            text = number_text(value.number)
            marks[layer].append(Mark(bar.key, text, _n(start), _n(row), _n(end - start)))
            if end - start > _text_width(text) + 6 and value.number != whole:
                inside.append(Text(_n((start + end) / 2), _n(row + 14), text, "m", "v"))
    layers = (Layer(name, "", tuple(own)) for name, own in zip(parts, marks, strict=True))
    return tuple(layers), inside


def _bar_texts(
    bars: Sequence[Bar],
    totals: Sequence[tuple[Number | None, str]],
    rows: Sequence[float],
    scale: _Scale,
    *,
    above: bool,
) -> Iterator[Text]:
    """Yield the name of each bar, beside or above it, and its sum after it."""
    for bar, (total, text), row in zip(bars, totals, rows, strict=True):
        name = fit_width(bar.name, int(_WIDTH / (_EM / 2)))
        yield Text("0", _n(row - 5 if above else row + 14), name, full=_full(bar.name, name))
        kind = "q" if total is None else "v"
        yield Text(_n(scale.at(total or 0) + 5), _n(row + 14), text, kind=kind)


def _total(bar: Bar) -> tuple[Number | None, str]:
    """Return the sum of a bar's parts and its text, or None and why there is none."""
    if not bar.values:
        return None, "没有报告"
    numbers = [value.number for value in bar.values if value and value.number is not None]
    if not numbers:
        return None, value_text(bar.values[0])
    total = sum(numbers)
    return total, number_text(total)


def _legend(parts: Sequence[str], y: float) -> Iterator[tuple[Sign, Text]]:
    """Yield the signs and names of the parts, as many in a line as fit; `y`: the first line."""
    x = 0.0
    for layer, name in enumerate(parts):
        text = fit_width(name, int((_WIDTH - _LINE) / (_EM / 2)))
        width = _LINE + _text_width(text)
        if x and x + width > _WIDTH:
            x, y = 0.0, y + _LINE + 4
        sign = Sign(layer, _n(x), _n(y - _SWATCH + 1))
        yield sign, Text(_n(x + _LINE), _n(y), text, full=_full(name, text))
        x += width + _SWATCH


def _end_label(series: Series, years: Sequence[int]) -> tuple[str, str]:
    """Return the label of a line, its name and its number in the last year, and the whole name.

    The whole name is "" if the label contains it.
    """
    number = series.number(years[-1]) if years else None
    value = "" if number is None else f" {number_text(number)}"
    room = max(int((_MOST_LABEL - _text_width(value)) / (_EM / 2)), 4)
    name = fit_width(series.name, room)
    return name + value, _full(series.name, name)


def _end_labels(
    texts: Sequence[tuple[str, str]], layers: Sequence[Layer], x: float
) -> Iterator[tuple[Sign, Text]]:
    """Yield the label of each line, as high as its last point where they do not overlap."""
    wanted = sorted(
        (float(layers[index].marks[-1].y) if layers[index].marks else _BASE, index)
        for index in range(len(texts))
    )
    above: float = _TOP - _LINE
    for number, (height, index) in enumerate(wanted, 1):
        lowest = _BASE - _LINE * (len(wanted) - number)
        above = max(min(height, lowest), above + _LINE)
        text, full = texts[index]
        yield Sign(index, _n(x + 7), _n(above)), Text(_n(x + 15), _n(above + 4.7), text, full=full)


def _value_texts(layer: Layer) -> list[Text]:
    """Return the numbers above the points of a line, the last, the first, the largest before all.

    A number that would lie over one before is left out.
    """
    marks = layer.marks
    order = sorted(
        range(len(marks)),
        key=lambda at: (at != len(marks) - 1, at != 0, Decimal(marks[at].value) * -1, at),
    )
    placed: list[tuple[float, float, float]] = []
    texts = []
    for mark in (marks[at] for at in order):
        x, y, width = float(mark.x), float(mark.y) - 7, _text_width(mark.value)
        if all(
            abs(x - other_x) > (width + other_width) / 2 + 3 or abs(y - other_y) > _LINE
            for other_x, other_y, other_width in placed
        ):
            placed.append((x, y, width))
            texts.append(Text(mark.x, _n(y), mark.value, "m", "v"))
    return texts


def _year_texts(place: Mapping[int, float]) -> list[Text]:
    """Return labels of years, of the last one and of as many before as have room."""
    years = list(place)
    gap = _text_width("2022") + 6
    wide_enough = (n for n, year in enumerate(years) if place[year] - place[years[0]] >= gap)
    step = next(wide_enough, len(years) or 1)
    y = _n(_BASE + _LINE + 2)
    return [Text(_n(place[year]), y, str(year), "m") for year in years[::-1][::step][::-1]]


def _missing_texts(series: Sequence[Series], place: Mapping[int, float]) -> list[Text]:
    """Return a sign for each year without any number: `/` if all cells have it, else 缺."""
    years = list(place)
    if len(years) > 1 and place[years[1]] - place[years[0]] < _EM:
        return []
    texts = []
    for year in years:
        if all(each.number(year) is None for each in series):
            states = {each.text(year) for each in series}
            full = "、".join(sorted(states))
            texts.append(
                Text(
                    _n(place[year]), _n(_BASE - 8), "/" if states == {"/"} else "缺", "m", "q", full
                )
            )
    return texts


def _unit_text(unit: str) -> list[Text]:
    return [Text("0", str(_EM), f"单位：{unit}", kind="q")] if unit else []


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}年至{years[-1]}年" if years else "没有报告"


def _full(text: str, shortened: str) -> str:
    return "" if shortened == text else text


def _text_width(text: str) -> float:
    """Estimate the width of a text in a usual font."""
    wide = max(display_width(text) - len(text), 0)
    return wide * _EM + (len(text) - wide) * _NARROW


def _tick_text(number: Number) -> str:
    """Return a number of the axis, from 10000 on in 万 or 亿."""
    for size, name in ((100_000_000, "亿"), (10_000, "万")):
        if number >= size:
            return f"{(Decimal(number) / size).normalize():f}{name}"
    return number_text(number)


def _n(number: float) -> str:
    """Return a position without needless digits."""
    return f"{number:.1f}".removesuffix(".0")
