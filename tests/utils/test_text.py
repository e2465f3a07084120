"""Text for terminals and messages."""

import pytest

from nianbao.utils.text import display_width, fit_width, join_first, sanitize, shorten


@pytest.mark.parametrize("control", ["\x1b", "\x07", "\n", "\x9b", "\u202e", "\u200b", "\u2028"])
def test_a_control_character_becomes_a_space(control: str) -> None:
    assert sanitize(f"甲{control}b") == "甲 b"


def test_other_characters_stay() -> None:
    assert sanitize("甲 é ﷽ 😀 ，…") == "甲 é ﷽ 😀 ，…"


@pytest.mark.parametrize(
    ("text", "expected"), [("", ""), ("一二三", "一二三"), ("一二三四", "一二三……")]
)
def test_a_text_is_shortened_past_its_limit(text: str, expected: str) -> None:
    assert shorten(text, 3) == expected


def test_the_ellipsis_can_be_another() -> None:
    assert shorten("abcd", 2, "…") == "ab…"


def test_the_first_of_many_items_are_listed() -> None:
    assert join_first(map(str, range(8))) == "0、1、2、3、4、5、6、7"
    assert join_first(map(str, range(9))) == "0、1、2、3、4、5、6、7……"
    assert join_first("甲乙丙", limit=2) == "甲、乙……"


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("ab", 2), ("年报", 4), ("e\u0301", 1), ("（１）", 6)]
)
def test_width_counts_terminal_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("青山县水利局", 12, "青山县水利局"),
        ("青山县水利局", 11, "青山…水利局"),
        ("青山县水利局", 10, "青山…利局"),
        ("青山县水利局", 1, "…"),
        ("abcdef", 4, "a…ef"),
    ],
)
def test_a_wide_text_keeps_its_start_and_its_end(text: str, columns: int, expected: str) -> None:
    assert fit_width(text, columns) == expected
    assert display_width(expected) <= columns
