"""Numbers and dates as people print and type them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from nianbao.model.numbers import cell_text, number_value, read_date, read_number, read_year

if TYPE_CHECKING:
    from nianbao.model.form import CellKind


@pytest.mark.parametrize(
    ("text", "kind", "cell"),
    [
        ("１，２００件", "count", "1200"),
        (" 12 ", "count", "12"),
        ("“12”", "count", "12"),
        ("0123", "count", "123"),
        ("1_000", "count", "1000"),
        ("／", "count", "/"),
        ("128,600元", "amount", "12.86"),
        ("12.860万元", "amount", "12.86"),
        ("减少了３项", "signed", "-3"),
        ("－3", "signed", "-3"),
        ("不增不减", "signed", "0"),
        ("-3", "count", None),
        ("增3", "count", None),
        ("12.5", "count", None),
        ("12元", "count", None),
        ("12件", "amount", None),
    ],
)
def test_a_number_is_read_as_a_cell_of_its_kind_takes_it(
    text: str, kind: CellKind, cell: str | None
) -> None:
    number = read_number(text)
    assert number is not None
    assert cell_text(number, kind) == cell


def test_a_note_is_kept_apart() -> None:
    number = read_number("124件，其中修订16件")
    assert number is not None
    assert (cell_text(number, "count"), number.note) == ("124", "其中修订16件")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "约30",
        "30余件",
        "1 200",
        "12,34",
        "1.2万",
        "三",
        "2-3",
        "9" * 13,
        "22（16）",
        "0,123",
    ],
)
def test_what_has_no_one_reading_is_no_number(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("１,２００", 1200), ("一千二百", 1200), ("二〇二二", 2022), ("1 200", 1200)],
)
def test_digits_of_any_width_have_a_value(text: str, value: int) -> None:
    assert number_value(text) == value


@pytest.mark.parametrize("text", ["", "件", "十件", "1.2.3", "1件", "万", "“3”"])
def test_what_is_no_number_has_no_value(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its message is the text
        number_value(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2024年1月22日",
            "2024.1.22",
            "2024/01/22",
            "2024-1-22",
            "20240122",
            "２０２４年１月２２号",
        ),
        *("二〇二四年一月二十二日", "2024 年 1 月 22 日", "“2024-01-22”"),
    ],
)
def test_a_date_is_read(text: str) -> None:
    assert read_date(text) == date(2024, 1, 22)


@pytest.mark.parametrize(
    "text", ["24年1月22日", "1月22日", "2024年2月30日", "22/1/2024", "2024-1/22"]
)
def test_what_may_be_another_date_is_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("text", ["2023年", "２０２３", "2023年度", "二〇二三年"])
def test_a_year_is_read(text: str) -> None:
    assert read_year(text) == 2023


@pytest.mark.parametrize("text", ["23年", "2022-2023", "20231", "去年"])
def test_what_is_no_year_of_four_digits_is_none(text: str) -> None:
    assert read_year(text) is None
