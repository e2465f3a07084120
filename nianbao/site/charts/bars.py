"""Lay out stacked bars: a horizontal bar for each year or unit, divided into parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.model.report import number_text
from nianbao.site.charts.drawing import (
    EM,
    LINE,
    SEE_TABLE,
    WIDTH,
    Chart,
    ChartMark,
    Key,
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
from nianbao.site.series import value_text
from nianbao.utils.text import fit_width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.report import Number, Value

MAX_PARTS: Final = 8  # of a bar; the style sheet has as many patterns
_LEFT_WIDTH: Final = 92  # of labels to the left of bars; wider ones stand above them
_PITCH: Final = 26  # from bar to bar, without a name above
_SWATCH: Final = 12
_BAR: Final = 18  # the height of a bar


class Bar(NamedTuple):
    """A bar of a stacked chart.

    `key`: a year, or the id of a unit.
    `name`: the label of the bar.
    `values`: the value of each part, None if not in the form; () without a report.
    """

    key: Key
    name: str
    values: tuple[Value | None, ...]


def bar_chart(
    id: str,  # noqa: A002 - the word of HTML
    title: str,
    unit: str,
    parts: Sequence[str],
    bars: Sequence[Bar],
    sentence: str,
) -> Chart:
    """Return a chart with one horizontal bar for each year or unit, divided into parts.

    `id`: the prefix of the ids in the SVG.
    `unit`: the unit of measure, such as 件, or "".
    `parts`: the names of the parts, at most MAX_PARTS.
    `sentence`: what the numbers say, in Chinese.

    Raises ValueError if there are no parts or too many.
    """
    if not 0 < len(parts) <= MAX_PARTS:
        raise ValueError(f"{len(parts)} parts")
    totals = [_total(bar) for bar in bars]
    widest = max((text_width(bar.name) for bar in bars), default=0)
    left, above = (widest + 8, 0) if widest <= _LEFT_WIDTH else (0, LINE + 2)
    right = WIDTH - max((text_width(text) for _, text in totals), default=0) - 8
    values = [value for bar in bars for value in bar.values]
    sums = [total for total, _ in totals if total is not None]
    scale = make_scale([*sums, *(value.amount for value in values if value)], left, right)
    legend = list(_legend(parts, LINE * 2 if unit else LINE))
    top = float(legend[-1][0].y) + _SWATCH + 8
    pitch = above + _PITCH
    rows = [top + above + 4 + number * pitch for number in range(len(bars))]
    bottom = top + len(bars) * pitch
    layers, inside = _bar_layers(parts, bars, rows, scale)
    texts = [
        *unit_text(unit),
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
        f"横轴从0到{number_text(scale.maximum)}{unit}。{SEE_TABLE}",
        sentence=sentence,
        height=fixed(bottom + LINE + 6),
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
        bar=str(_BAR),
    )


def _width_tick(number: Number, scale: Scale, top: float, bottom: float) -> Tick:
    x = fixed(scale.at(number))
    path = f"M{x} {fixed(top)}V{fixed(bottom)}"
    digits = number_text(number)
    return Tick(path, x, fixed(bottom + LINE), tick_text(number), "m" if number else "", digits)


def _bar_layers(
    parts: Sequence[str], bars: Sequence[Bar], rows: Sequence[float], scale: Scale
) -> tuple[tuple[Layer, ...], list[Text]]:
    """Return one layer for each part, and the texts of the numbers that fit into the bars.

    `rows`: the vertical position of each bar. A number that is printed after the bar as its sum is
    not repeated in the bar.
    """
    marks: list[list[ChartMark]] = [[] for _ in parts]
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
            marks[layer].append(
                ChartMark(
                    bar.key,
                    text,
                    fixed(start),
                    fixed(row),
                    fixed(end - start),
                )
            )
            if end - start > text_width(text) + 6 and value.number != whole:
                inside.append(Text(fixed((start + end) / 2), fixed(row + 14), text, "m", "v"))
    layers = (Layer(name, "", tuple(own)) for name, own in zip(parts, marks, strict=True))
    return tuple(layers), inside


def _bar_texts(
    bars: Sequence[Bar],
    totals: Sequence[tuple[Number | None, str]],
    rows: Sequence[float],
    scale: Scale,
    *,
    above: bool,
) -> Iterator[Text]:
    """Yield the name of each bar and, after the end of the bar, its sum.

    `totals`: the result of `_total` for each bar.
    `rows`: the vertical position of each bar.
    `above`: True to put the name above the bar, False to put it on the left.
    """
    for bar, (total, text), row in zip(bars, totals, rows, strict=True):
        name = fit_width(bar.name, int(WIDTH / (EM / 2)))
        yield Text("0", fixed(row - 5 if above else row + 14), name, full=full_text(bar.name, name))
        kind = "q" if total is None else "v"
        yield Text(fixed(scale.at(total or 0) + 5), fixed(row + 14), text, kind=kind)


def _total(bar: Bar) -> tuple[Number | None, str]:
    """Return the sum of a bar's parts and its text, or None and the reason why there is no sum."""
    if not bar.values:
        return None, "没有报告"
    numbers = [value.number for value in bar.values if value and value.number is not None]
    if not numbers:
        return None, value_text(bar.values[0])
    total = sum(numbers)
    return total, number_text(total)


def _legend(parts: Sequence[str], y: float) -> Iterator[tuple[Sign, Text]]:
    """Yield the swatch and the name of each part, with as many names in a line as fit.

    `y`: the position of the first line.
    """
    x = 0.0
    for layer, name in enumerate(parts):
        text = fit_width(name, int((WIDTH - LINE) / (EM / 2)))
        width = LINE + text_width(text)
        if x and x + width > WIDTH:
            x, y = 0.0, y + LINE + 4
        sign = Sign(layer, fixed(x), fixed(y - _SWATCH + 1))
        yield (
            sign,
            Text(fixed(x + LINE), fixed(y), text, full=full_text(name, text)),
        )
        x += width + _SWATCH
