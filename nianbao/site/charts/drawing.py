"""Define the parts of a chart's drawing as plain data, and measure the width of texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from nianbao.model.report import number_text
from nianbao.utils.text import display_width

if TYPE_CHECKING:
    from nianbao.model.report import Number

WIDTH: Final = 320  # of a drawing: that of a telephone, so that its text never gets too small
EM: Final = 13  # the size of texts
_NARROW: Final = 7.8  # the width of the widest digits of usual fonts
LINE: Final = 16  # the height of a line of text
SEE_TABLE: Final = "数在图后的表里。"

Anchor = Literal["", "m", "e"]  # start, middle, end: the class of a text
Key = int | str


class Text(NamedTuple):
    """A text in a drawing.

    `x`, `y`: the position of the text.
    `anchor`: the point of the text at `x`: its start (""), middle ("m") or end ("e").
    `kind`: the CSS class: "v" for a value, "q" for a remark, or "".
    `full`: the complete text if `text` is shortened, or "".
    """

    x: str
    y: str
    text: str
    anchor: Anchor = ""
    kind: str = ""
    full: str = ""


class Tick(NamedTuple):
    """A tick on the axis of numbers, with its label.

    `path`: the SVG path of the tick's line.
    `x`, `y`, `anchor`: the position of the label, as in `Text`.
    `label`: the number as printed, such as 2万.
    `number`: the number in digits.
    """

    path: str
    x: str
    y: str
    label: str
    anchor: Anchor
    number: str


class ChartMark(NamedTuple):
    """A mark for one number: a point of a line or a part of a bar.

    `key`: the year, or the id of the unit.
    `value`: the number in digits.
    `x`, `y`: the position of the point, or of the upper left corner of the part.
    `width`: the width of the part; "" for a point.
    """

    key: Key
    value: str
    x: str
    y: str
    width: str = ""


class Sign(NamedTuple):
    """A sign in the legend of a chart.

    `layer`: the index of the line or part that the sign explains, counted from 0.
    `x`, `y`: the centre of a line's marker, or the upper left corner of a part's pattern.
    """

    layer: int
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The marks of one line, or of the same part in all bars.

    `name`: the name of the line or the part.
    `path`: the SVG path that joins the points of consecutive years; "" for bars.
    `marks`: the marks, in the order of the years or bars.
    """

    name: str
    path: str
    marks: tuple[ChartMark, ...]


@dataclass(frozen=True, slots=True)
class NumberTable:
    """The numbers of a chart as a table.

    `rows`: the cells of each row; the first cell is the label of the row.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of lines or bars: its drawing, its texts and its numbers as a table.

    `id`: the prefix of the ids in the SVG.
    `unit`: the unit of measure, such as 件, or "".
    `description`: how the chart is drawn, for readers who can't see it.
    `sentence`: what the numbers say.
    `maximum`: the number at the end of the axis.
    `by`: what each mark stands for: a "year" or a "unit" (an organisation).
    `bar`: the height of a bar, or "" for lines.
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
    width: str = str(WIDTH)
    bar: str = ""


def unit_text(unit: str) -> list[Text]:
    """Return the text above a drawing that names the unit of measure.

    Return [] if `unit` is "".
    """
    return [Text("0", str(EM), f"单位：{unit}", kind="q")] if unit else []


def full_text(text: str, shortened: str) -> str:
    """Return `text` if `shortened` differs from it, else "".

    The result is the value of the field `Text.full`.
    """
    return "" if shortened == text else text


def text_width(text: str) -> float:
    """Estimate the width of a text in a usual font, in the coordinates of a drawing."""
    wide = max(display_width(text) - len(text), 0)
    return wide * EM + (len(text) - wide) * _NARROW


def tick_text(number: Number) -> str:
    """Return the label of a tick, such as 2万.

    Numbers from 10,000 are written with 万, numbers from 100 million with 亿.
    """
    for size, name in ((100_000_000, "亿"), (10_000, "万")):
        if number >= size:
            return f"{(Decimal(number) / size).normalize():f}{name}"
    return number_text(number)


def fixed(number: float) -> str:
    """Return a coordinate as text with at most one decimal place, such as 12.5."""
    return f"{number:.1f}".removesuffix(".0")
