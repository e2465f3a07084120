"""Automatic numbers as Word prints them."""

from __future__ import annotations

import pytest

from nianbao.importing.readers.word.number_formats import format_number


@pytest.mark.parametrize(
    ("style", "numbers"),
    [
        ("decimal", {1: "1", 12: "12", 0: "0"}),
        ("decimalZero", {1: "01", 12: "12"}),
        ("decimalFullWidth", {10: "１０"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedParen", {3: "⑶"}),
        ("upperRoman", {4: "IV", 1994: "MCMXCIV"}),
        ("lowerRoman", {9: "ix"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 53: "AAA"}),
        ("lowerLetter", {2: "b"}),
        ("ordinal", {1: "1st", 12: "12th", 23: "23rd"}),
        (
            "chineseCounting",
            {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一○○", 110: "一一○"},
        ),
        (
            "chineseCountingThousand",
            {
                10: "十", 15: "十五", 100: "一百", 101: "一百零一", 110: "一百一十",
                1005: "一千零五", 1010: "一千零一十", 10_000: "一万", 10_001: "一万零一",
                12_345: "一万二千三百四十五",
            },
        ),
        ("chineseLegalSimplified", {3: "叁", 10: "壹拾", 21: "贰拾壹", 105: "壹佰零伍"}),
        ("ideographDigital", {9: "九", 10: "一〇", 21: "二一"}),
        ("japaneseCounting", {10: "十", 100: "百", 111: "百十一", 200: "二百"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("none", {1: ""}),
        ("bullet", {1: ""}),
        ("no such format", {7: "7"}),
    ],
)  # fmt: skip
def test_numbers_are_written_in_the_format_of_their_list(
    style: str, numbers: dict[int, str]
) -> None:
    assert {number: format_number(number, style) for number in numbers} == numbers


def test_numbers_beyond_any_list_are_digits() -> None:
    assert format_number(10**6, "chineseCountingThousand") == "1000000"
    assert format_number(50_000, "upperLetter") == "50000"
