"""Define series of numbers over years, which charts and sentences of the site show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.rendering.data.fields import status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.model.report import Number, Value


@dataclass(frozen=True, slots=True)
class YearSeries:
    """The numbers of one quantity, such as the applications to a unit, over years.

    `name`: a short name of the quantity.
    `unit`: the printed unit of measure, such as 件, or "".
    `values`: one for each year with a report; None if the form has no such cell.
    """

    name: str
    unit: str
    values: Mapping[int, Value | None]

    def number(self, year: int) -> Number | None:
        """Return the number of a year; None if the year has no report or no number."""
        value = self.values.get(year)
        return None if value is None else value.number

    def text(self, year: int) -> str:
        """Return the number of a year as printed.

        Return the reason, in Chinese, if there is no number.
        """
        return value_text(self.values[year]) if year in self.values else "没有报告"


def value_text(value: Value | None) -> str:
    """Return a value as printed, without its note.

    `value`: None if the form has no cell for the value.

    Return the reason, in Chinese, if there is no value.
    """
    if value is None:
        return "没有这一项"
    return "没有填" if status_of(value) == "空" else value.text


def years_of(series: Iterable[YearSeries]) -> list[int]:
    """Return the years in which any of the series has a report, in ascending order."""
    return sorted({year for each in series for year in each.values})
