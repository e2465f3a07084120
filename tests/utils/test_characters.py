"""The sets of characters: each matches what it is for, and conversions keep the rest."""

import re
import unicodedata

import pytest

from nianbao.utils.characters import (
    CONTROL_CATEGORIES,
    DEFAULT_IGNORABLE,
    INVISIBLE,
    MAYBE_CONTROL,
    ODD_BLANK,
    UNPARSABLE,
    UNPRINTABLE,
    blank_name,
    half_width,
    half_width_digits,
    is_blank,
)

EVERY = [chr(code) for code in range(0x110000)]


def members(characters: str) -> set[str]:
    pattern = re.compile(f"[{characters}]")
    return {character for character in EVERY if pattern.match(character)}


def test_every_control_character_may_be_one() -> None:
    controls = [each for each in EVERY if unicodedata.category(each) in CONTROL_CATEGORIES]
    assert [each for each in controls if not MAYBE_CONTROL.match(each)] == []


def test_the_sets_for_values_and_for_print_contain_what_they_extend() -> None:
    assert members(UNPARSABLE) < members(UNPRINTABLE)
    assert {"\t", "\r", "\ud800"} <= members(UNPRINTABLE) - members(UNPARSABLE)
    assert members(INVISIBLE) ^ members(DEFAULT_IGNORABLE) == {
        *map(chr, range(0xFFF0, 0xFFFC)),
        *map(chr, range(0x1BCA0, 0x1BCA4)),
    }


@pytest.mark.parametrize("text", ["", " ", "\u3000\u200b\xa0", "\t\n\ufeff"])
def test_blanks_and_invisible_characters_are_a_blank_text(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}无")


def test_a_blank_is_named_for_a_message() -> None:
    assert blank_name("\u3000") == "全角空格"
    assert blank_name("\u200b") == "看不见的字符 U+200B"
    assert ODD_BLANK.match(" ") is None


def test_half_width_keeps_raised_and_circled_digits() -> None:
    assert half_width("（１２．５％）－3\u3000−–～") == "(12.5%)-3 --~"
    assert half_width("2²②万元，") == "2²②万元,"


def test_half_width_digits_changes_digits_alone() -> None:
    assert half_width_digits("第２０条（５）") == "第20条（5）"
