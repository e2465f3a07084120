"""Lines that print the same are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.diff.prose import lines_of
from nianbao.rendering.markdown.html import markdown_to_html


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("　　甲。\n\n  乙。  \n", ["甲。", "乙。"]),
        ("- 甲\n  - 乙", ["- 甲", "  - 乙"]),
        ("| 甲 |\n| --- |\n\n| 乙 |", ["| 甲 |", "| --- |", "", "| 乙 |"]),
        ("| 甲 |\n\n乙", ["| 甲 |", "乙"]),
        ("\n \n", []),
    ],
)
def test_what_nothing_prints_is_left_out(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


LINES = st.lists(
    st.sampled_from(
        ["", "甲", "　乙", "- 丙", "  - 丁", "    - 戊", "1. 己", "| a | b |", "| - | - |", " # 题"]
    ),
    max_size=7,
).map("\n".join)


@given(LINES)
def test_the_lines_alone_print_what_the_prose_does(text: str) -> None:
    assert markdown_to_html("\n".join(lines_of(text))) == markdown_to_html(text)
