"""Numbers of one thing over years, as charts and sentences of the site take them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.rendering.data.fields import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.model.form import Column, Row
    from nianbao.model.report import Number, Value

_THIS_YEAR = re.compile("本年度?")


@dataclass(frozen=True, slots=True)
class Series:
    """The numbers of one thing over years.

    `name`: what is counted, short. `unit`: the printed unit, such as 件, or "". `values`: by year;
    a year without a report is not in it, and None stands for a year whose edition of the form has
    no such cell.
    """

    name: str
    unit: str
    values: Mapping[int, Value | None]

    def number(self, year: int) -> Number | None:
        """Return the number of a year, or None if there is none."""
        value = self.values.get(year)
        return None if value is None else value.number

    def text(self, year: int) -> str:
        """Return the number of a year as printed, or why there is none."""
        return value_text(self.values[year]) if year in self.values else "没有报告"


def value_text(value: Value | None) -> str:
    """Return a value as printed, without its note, or in words if its cell is blank or missing."""
    if value is None:
        return "没有这一项"
    return "没有填" if status_of(value) == "空" else value.text


def short_name(row: Row, column: Column) -> str:
    """Return a short name of a cell, from the keys of its row and, but for a total, of its column.

    It does not contain 本年, so that a year can precede it: 2022年新收.
    """
    keys = (row.path[-1].key, "" if column.total else column.path[-1].key)
    return "".join(_THIS_YEAR.sub("", key, count=1) for key in keys)


def years_of(series: Iterable[Series]) -> list[int]:
    """Return the years of which any series has a report, in their order."""
    return sorted({year for each in series for year in each.values})
