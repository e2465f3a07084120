"""Describe numbers in Chinese sentences: their changes from year to year, and shares."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from nianbao.model.report import number_text
from nianbao.site.series import YearSeries, years_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.model.report import Number, Value

_TENTH: Final = Decimal("0.1")
_FEW: Final = 3  # numbers; of fewer, the largest is plain to see


def describe_series(series: YearSeries) -> str:
    """Describe the latest year of a series, its largest number and the years without a report.

    An example: 2022年新收7件，比上年多5件。最多的是2020年，12件。没有2019年的报告。
    """
    if not series.values:
        return f"没有{series.name}的数。"
    year = max(series.values)
    largest = _largest(series)
    return f"{year}年{_clause(series, year)}。{largest and f'{largest}。'}{describe_gaps([series])}"


def describe_many(series: Sequence[YearSeries]) -> str:
    """Describe the latest year of several series.

    An example: 2022年新收7件，比上年多5件；行政复议1件，与上年相同。

    Return "" if there is no report.
    """
    years = years_of(series)
    if not years:
        return ""
    year = years[-1]
    return f"{year}年{'；'.join(_clause(each, year) for each in series)}。"


def describe_gaps(series: Sequence[YearSeries]) -> str:
    """Return a sentence about years without a report; "" if there are none.

    The year before the last one is left out if `describe_many` has a sentence about it.
    """
    known = years_of(series)
    last = known[-1]
    missing = {*range(known[0], last)} - {*known}
    if any(each.number(last) is not None for each in series):
        missing.discard(last - 1)  # is named where the last number is compared
    return f"没有{years_text(missing)}的报告。" if missing else ""


def describe_largest(series: Iterable[YearSeries]) -> str:
    """Say in which years each series was largest.

    An example: 新收申请最多的是2020年，12件；行政复议2020年至2022年都是0件。

    Return "" if no series has at least three numbers.
    """
    found = [f"{each.name}{text}" for each in series if (text := _largest(each))]
    return f"{'；'.join(found)}。" if found else ""


def describe_shares(name: str, shares: Iterable[tuple[str, Number, Number]]) -> str:
    """Say how large a part of a sum was in each year.

    An example: 予以公开和部分公开的占办结申请的比例：2021年12.5%，2022年30%。

    `name`: the text before the colon.
    `shares`: for each year its name (2021年), the part and the sum.

    A year whose sum is 0 is left out. Return "" if fewer than two years are left.
    """
    found = [f"{time}{percent(part, total)}" for time, part, total in shares if total]
    return f"{name}：{'，'.join(found)}。" if len(found) > 1 else ""


def describe_most(subject: str, unit: str, parts: Iterable[tuple[str, Number]]) -> str:
    """State a sum, and name its largest parts as reasons.

    An example:
    2022年不予公开20件，理由是：属于行政执法案卷9件、属于国家秘密5件、重复申请4件、其他理由2件。

    `subject`: the words before the sum, such as 2022年不予公开.
    `unit`: the unit of measure, such as 件.
    `parts`: the name and the number of each part.

    Return "" if the sum is 0.
    """
    largest = sorted((part for part in parts if part[1] > 0), key=lambda part: -part[1])
    if not largest:
        return ""
    total = sum(number for _, number in largest)
    named = largest[:_FEW] if len(largest) > _FEW + 1 else largest
    rest = total - sum(number for _, number in named)
    words = [_of(name, number, unit) for name, number in named]
    words += [f"其他理由{number_text(rest)}{unit}"] if rest else []
    return f"{subject}{number_text(total)}{unit}，理由是：{'、'.join(words)}。"


def describe_parts(
    subject: str, unit: str, parts: Iterable[tuple[str, Value | None]], verb: str = "办结"
) -> str:
    """State a sum, its parts, and their shares. Parts that are 0 are left out.

    An example: 2022年办结20件，其中予以公开15件，占办结的75%；部分公开5件，占25%。

    `subject`: the first words of the sentence: a year, or a unit.
    `unit`: the unit of measure, such as 件.
    `parts`: the name and the value of each part.
    `verb`: the word before the sum.
    """
    numbers = [(name, value.number) for name, value in parts if value and value.number is not None]
    if not numbers:
        return f"{subject}没有{verb}的数。"
    total = sum(number for _, number in numbers)
    said = f"{subject}{verb}{number_text(total)}{unit}"
    positive = [(name, number) for name, number in numbers if number > 0]
    words = [f"占{verb}的", *["占"] * len(positive)]
    shares = [
        f"{_of(name, number, unit)}，{of_all}{percent(number, total)}"
        for (name, number), of_all in zip(positive, words, strict=False)
    ]
    return f"{said}，其中{'；'.join(shares)}。" if shares else f"{said}。"


def percent(part: Number, total: Number) -> str:
    """Return the share of `part` in `total` as a percentage, such as 12.5%.

    The share is rounded to one decimal place.
    Instead of a wrong 0% or 100%, return 不到0.1% or 超过99.9%.

    `total`: a number greater than 0.
    """
    rounded = (Decimal(part) * 100 / Decimal(total)).quantize(_TENTH, ROUND_HALF_UP)
    if part and not rounded:
        return "不到0.1%"
    if part < total and rounded == 100:
        return "超过99.9%"
    return f"{rounded.normalize():f}%"


def years_text(years: Iterable[int]) -> str:
    """Return a list of years in words, such as 2015年、2018年至2021年.

    Three or more consecutive years become a range.
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = [
        [f"{run[0]}年至{run[-1]}年"] if len(run) >= _FEW else [f"{year}年" for year in run]
        for run in runs
    ]
    return "、".join(text for span in spans for text in span)


def _clause(series: YearSeries, year: int) -> str:
    """Return the number of a year, and its difference from the last number before that year."""
    number = series.number(year)
    if number is not None:
        said = _of(series.name, number, series.unit)
        change = _change(series, year, number)
        return f"{said}，{change}" if change else said
    if _is_in_form(series, year):
        return f"{series.name}{_absence(series, year)}"
    return f"{series.name}：这一年的格式没有这一项"


def _change(series: YearSeries, year: int, number: Number) -> str:
    """Return the difference from the last number before a year, or "" in the first year."""
    earlier = [each for each in series.values if each < year]
    if not earlier:
        return ""
    known = {each: other for each in earlier if (other := series.number(each)) is not None}
    if not known:
        return f"上年{_absence(series, year - 1)}"
    last = max(known)
    if last == year - 1:
        return _difference("上年", number, known[last], series.unit)
    change = _difference(f"{last}年", number, known[last], series.unit)
    return f"上年{_absence(series, year - 1)}，{change}"


def _difference(before: str, number: Number, other: Number, unit: str) -> str:
    if number == other:
        return f"与{before}相同"
    more, change = ("多", number - other) if number > other else ("少", other - number)
    return f"比{before}{more}{number_text(change)}{unit}"


def _of(name: str, number: Number, unit: str) -> str:
    """Return a name with its number: 新收7件, but 项目3：7件 if the name ends with a digit."""
    colon = "：" if name[-1:].isascii() else ""
    return f"{name}{colon}{number_text(number)}{unit}"


def _absence(series: YearSeries, year: int) -> str:
    if not _is_in_form(series, year):
        return "的格式没有这一项"
    text = series.text(year)
    return "填的是“/”（不适用）" if text == "/" else text


def _is_in_form(series: YearSeries, year: int) -> bool:
    """Return False if a year has a report whose edition of the form has no cell for the series."""
    return year not in series.values or series.values[year] is not None


def _largest(series: YearSeries) -> str:
    """Return a clause about the largest number, or "" if there are fewer than three numbers."""
    numbers: dict[int, Number] = {
        year: number
        for year in sorted(series.values)
        if (number := series.number(year)) is not None
    }
    if len(numbers) < _FEW:
        return ""
    most = max(numbers.values())
    text = f"{number_text(most)}{series.unit}"
    if most == min(numbers.values()):
        return f"{years_text(numbers)}都是{text}"
    years = [year for year, number in numbers.items() if number == most]
    return f"最多的是{years_text(years)}，{'都是' if len(years) > 1 else ''}{text}"
