"""Define the parts of a chart's drawing as plain data, and measure and shorten its texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from nianbao.model.report import number_text
from nianbao.utils.text import display_width

if TYPE_CHECKING:
    from nianbao.model.report import Number

WIDTH: Final = 320  # of a drawing
EM: Final = 13  # the size of texts
_NARROW: Final = 7.8  # the width of the widest digits of usual fonts
LINE: Final = 16  # the height of a line of text
SEE_TABLE: Final = "数在图后的表里。"

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
    width: str = str(WIDTH)
    bar: str = ""


def unit_text(unit: str) -> list[Text]:
    """Return the text that names the unit of the numbers, in the first line, if there is one."""
    return [Text("0", str(EM), f"单位：{unit}", kind="q")] if unit else []


def full_text(text: str, shortened: str) -> str:
    """Return the `full` of a `Text` that prints `shortened` for `text`."""
    return "" if shortened == text else text


def text_width(text: str) -> float:
    """Estimate the width of a text in a usual font."""
    wide = max(display_width(text) - len(text), 0)
    return wide * EM + (len(text) - wide) * _NARROW


def tick_text(number: Number) -> str:
    """Return a number of the axis, from 10000 on in 万 or 亿."""
    for size, name in ((100_000_000, "亿"), (10_000, "万")):
        if number >= size:
            return f"{(Decimal(number) / size).normalize():f}{name}"
    return number_text(number)


def fixed(number: float) -> str:
    """Return a position with one decimal place, or none if it is 0."""
    return f"{number:.1f}".removesuffix(".0")
