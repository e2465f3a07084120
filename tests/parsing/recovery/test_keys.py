"""Lines with one sure fix: what is read, and the original columns; valid lines stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.parsing.reader import parse_source
from nianbao.parsing.recovery.keys import fix_keys

KNOWN = frozenset(("甲", "乙", "数值", "注", "标题"))


def fixed(*lines: str) -> list[tuple[int, str]]:
    return [(number, each.text) for number, each in fix_keys(lines, KNOWN, {"标题"})]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("甲：1", "甲: 1"),
        ("甲: {乙：１，甲：２}", "甲: {乙: 1, 甲: 2}"),
        ("甲: （乙: 1、甲: 2）", "甲: {乙: 1, 甲: 2}"),
        ("甲: {乙: 1,200}。", "甲: {乙: 1200}"),
        ("  － 标题：丙", "  - 标题: 丙"),
        ("甲: {乙: {数值：22，注：其中16件}}", "甲: {乙: {数值: 22, 注: 其中16件}}"),
    ],
)
def test_a_typo_is_read_as_what_was_meant(line: str, text: str) -> None:
    assert fixed(line) == [(0, text)]


@pytest.mark.parametrize(
    "line",
    [
        "丙：1",  # no key of the form
        "# 甲：1",
        "甲: 一，二：三",
        "甲: {{ 乙.甲 }}",
        "- 甲：一条注",  # a note of a list, no key of an item
        "甲: {乙: 一，二, 甲: 三、四）}",
        "甲: {乙: 1, 甲: /}  # 注：１，２",
    ],
)
def test_what_may_be_meant_as_it_stands_is_left_alone(line: str) -> None:
    assert fixed(line) == []


def test_prose_is_left_alone() -> None:
    assert fixed("甲: |", "  乙：1", "- 标题: |", "    标题：1", "乙：1") == [(4, "乙: 1")]


def test_a_bracket_of_a_text_is_left_alone_if_the_row_ends_on_a_later_line() -> None:
    assert fixed("甲: {数值: 0, 注: ）", "  # 批注", "", "  }") == []
    assert fixed("甲: {数值: 0, 注: ）", "乙: 1") == [(0, "甲: {数值: 0, 注: }")]


def test_what_stands_inside_brackets_or_quotes_is_left_alone() -> None:
    for text in ('甲: "\n  乙：1"\n', "甲: {乙: {甲: 1\n  }, 丙: 2 }\n乙: 1\n"):
        assert [f for f in parse_source(text.encode(), "r").findings if f.rule == "S104"] == []


@given(st.text(alphabet="甲乙1 :：,，、{}｛｝（）[]－-#。|１", max_size=30))
def test_every_character_that_is_read_has_its_place(line: str) -> None:
    for _, each in fix_keys([line], KNOWN, KNOWN):
        assert len(each.columns) == len(each.text) + 1
        assert list(each.columns) == sorted(each.columns)
        assert each.columns[-1] == len(line) + 1
        assert all(1 <= typo.column <= len(line) + 1 for typo in each.problems)
