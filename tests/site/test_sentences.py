"""Sentences from numbers: what is compared with what, and what stands where a number is missing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.model.draft import OpenValue
from nianbao.model.report import Value
from nianbao.site.sentences import (
    describe_gaps,
    describe_largest,
    describe_many,
    describe_most,
    describe_parts,
    describe_series,
    describe_shares,
    percent,
    years_text,
)
from nianbao.site.series import YearSeries

if TYPE_CHECKING:
    from nianbao.model.report import Number

SLASH = Value(None)
BLANK = OpenValue(None)


def received(values: dict[int, int | Value | None]) -> YearSeries:
    """A series of applications by year."""
    return YearSeries(
        "新收",
        "件",
        {year: Value(each) if isinstance(each, int) else each for year, each in values.items()},
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({2021: 2, 2022: 7}, "2022年新收7件，比上年多5件。"),
        ({2021: 7, 2022: 2}, "2022年新收2件，比上年少5件。"),
        ({2021: 7, 2022: 7}, "2022年新收7件，与上年相同。"),
        ({2022: 7}, "2022年新收7件。"),
        ({2020: 2, 2022: 7}, "2022年新收7件，上年没有报告，比2020年多5件。"),
        ({2021: SLASH, 2022: 7}, "2022年新收7件，上年填的是“/”（不适用）。"),
        ({2021: BLANK, 2022: 7}, "2022年新收7件，上年没有填。"),
        ({2020: 9, 2021: None, 2022: 7}, "2022年新收7件，上年的格式没有这一项，比2020年少2件。"),
        ({2021: 2, 2022: SLASH}, "2022年新收填的是“/”（不适用）。"),
        ({2021: 2, 2022: BLANK}, "2022年新收没有填。"),
        ({2021: 2, 2022: None}, "2022年新收：这一年的格式没有这一项。"),
        ({}, "没有新收的数。"),
    ],
)
def test_the_latest_year_is_compared_with_the_last_number_before(
    values: dict[int, int | Value | None], sentence: str
) -> None:
    assert describe_series(received(values)) == sentence


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ({2020: 9, 2021: 2, 2022: 7}, "比上年多5件。最多的是2020年，9件。"),
        ({2020: 9, 2021: 2, 2022: 9}, "比上年多7件。最多的是2020年、2022年，都是9件。"),
        ({2020: 0, 2021: 0, 2022: 0}, "与上年相同。2020年至2022年都是0件。"),
        ({2020: 1, 2021: SLASH, 2022: 2}, "比2020年多1件。"),
        ({2015: 1, 2018: 1, 2019: 2}, "最多的是2019年，2件。没有2016年、2017年的报告。"),
        ({2015: 1, 2019: 2}, "比2015年多1件。没有2016年、2017年的报告。"),
        ({2020: 1, 2022: SLASH}, "（不适用）。没有2021年的报告。"),
        ({2010: 1, 2018: 1, 2022: 3}, "没有2011年至2017年、2019年、2020年的报告。"),
    ],
)
def test_the_largest_number_and_missing_years_are_named(
    values: dict[int, int | Value | None], end: str
) -> None:
    assert describe_series(received(values)).endswith(end)


def test_several_series_are_described_in_the_year_of_the_latest_report() -> None:
    cases = YearSeries("行政复议", "件", {2021: Value(1)})
    assert (
        describe_many([received({2021: 2, 2022: 7}), cases])
        == "2022年新收7件，比上年多5件；行政复议没有报告。"
    )
    assert describe_gaps([received({2018: 2, 2021: 1, 2022: 7}), cases]) == (
        "没有2019年、2020年的报告。"
    )
    assert describe_many([]) == describe_many([received({})]) == ""


def test_decimals_keep_their_value() -> None:
    fees = YearSeries(
        "收费金额", "万元", {2021: Value(Decimal("1.2345")), 2022: Value(Decimal("0.01"))}
    )
    assert describe_series(fees) == "2022年收费金额0.01万元，比上年少1.2245万元。"


def test_a_number_never_runs_into_a_name_that_ends_in_digits() -> None:
    assert "信访3：7件" in describe_series(YearSeries("信访3", "件", {2022: Value(7)}))


def test_parts_say_of_what_they_are_a_part() -> None:
    parts = [("予以公开", Value(15)), ("部分公开", Value(5)), ("其他处理", Value(0))]
    assert (
        describe_parts("2022年", "件", parts)
        == "2022年办结20件，其中予以公开15件，占办结的75%；部分公开5件，占25%。"
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0, 0], "2022年办结0件。"),
        ([SLASH, 3], "2022年办结3件，其中乙3件，占办结的100%。"),
        ([SLASH, None], "2022年没有办结的数。"),
        ([], "2022年没有办结的数。"),
    ],
)
def test_parts_without_numbers_are_never_divided(
    values: list[int | Value | None], sentence: str
) -> None:
    parts = [
        (name, Value(value) if isinstance(value, int) else value)
        for name, value in zip("甲乙", values, strict=False)
    ]
    assert describe_parts("2022年", "件", parts) == sentence


def test_the_largest_of_several_series_is_named_if_there_are_three_numbers() -> None:
    cases = YearSeries("行政复议", "件", {2021: Value(1), 2022: Value(3)})
    assert describe_largest([received({2020: 2, 2021: 7, 2022: 0}), cases]) == (
        "新收最多的是2021年，7件。"
    )
    assert describe_largest([cases]) == ""


def test_the_largest_reasons_are_named_and_the_rest_is_added_up() -> None:
    parts = [("甲", 1), ("乙", 9), ("丙", 0), ("丁", 4), ("戊", 2), ("己", 1)]
    assert describe_most("2022年不予公开", "件", parts) == (
        "2022年不予公开17件，理由是：乙9件、丁4件、戊2件、其他理由2件。"
    )
    assert describe_most("2022年不予公开", "件", parts[:5]) == (
        "2022年不予公开16件，理由是：乙9件、丁4件、戊2件、甲1件。"
    )
    assert describe_most("2022年不予公开", "件", [("甲", 0)]) == ""


def test_shares_are_compared_only_if_there_are_two() -> None:
    assert describe_shares("公开的", [("2021年", 1, 8), ("2022年", 0, 0), ("2023年", 3, 10)]) == (
        "公开的：2021年12.5%，2023年30%。"
    )
    assert describe_shares("公开的", [("2021年", 1, 8), ("2022年", 0, 0)]) == ""


@pytest.mark.parametrize(
    ("part", "total", "text"),
    [
        (1, 3, "33.3%"),
        (1, 8, "12.5%"),
        (10, 10, "100%"),
        (0, 7, "0%"),
        (1, 100_000, "不到0.1%"),
        (99_999, 100_000, "超过99.9%"),
        (1, 2000, "0.1%"),
        (Decimal("0.5"), 2, "25%"),
    ],
)
def test_percent(part: Number, total: Number, text: str) -> None:
    assert percent(part, total) == text


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_only_everything_is_all_and_only_nothing_is_none(part: int, more: int) -> None:
    assert percent(part, part + more) not in ("100%", "0%" if part else "")
    assert percent(more, more) == "100%"


@given(st.sets(st.integers(2008, 2100), min_size=1))
def test_years_in_words_name_every_year_and_no_other(years: set[int]) -> None:
    named: set[int] = set()
    for span in years_text(years).split("、"):
        first, *last = map(int, re.findall("[0-9]{4}", span))
        named |= {*range(first, (last or [first])[0] + 1)}
    assert named == years


@given(
    st.dictionaries(
        st.integers(2008, 2100),
        st.one_of(st.builds(Value, st.integers(0, 10**12)), st.sampled_from([SLASH, BLANK, None])),
    )
)
def test_any_series_has_a_sentence_of_its_own_numbers(values: dict[int, Value | None]) -> None:
    series = received({**values})
    numbers = [value.number for value in values.values() if value and value.number is not None]
    allowed = {str(abs(int(one - other))) for one in numbers for other in [0, *numbers]}
    said = re.findall("([0-9]+)件", describe_series(series) + describe_many([series]))
    assert {*said} <= allowed
