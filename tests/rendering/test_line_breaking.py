"""Line breaks of a long title, and the longer one of name and date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.rendering.line_breaking import TITLE_WIDTH, balance_lines, is_date_longer, text_width


@pytest.mark.parametrize(
    "lines",
    [
        ("古县文化和旅游局",),
        ("2022年政府信息公开工作年度报告",),
        ("内蒙古自治区锡林郭勒盟", "西乌珠穆沁旗农牧和科技局"),
        ("新疆维吾尔自治区伊犁哈萨克自治州", "尼勒克县喀拉苏乡人民政府"),
        ("甲市市场监督管理局（甲市知识产权局、", "甲市食品安全委员会办公室）"),
    ],
)
def test_a_long_name_is_broken_at_the_ends_of_words(lines: tuple[str, ...]) -> None:
    assert balance_lines("".join(lines)) == lines


NAMES = st.text("甲乙丙市区县局委员会和、（）《》“”ab1", min_size=1, max_size=90)


@given(NAMES)
def test_nothing_is_lost_and_no_line_is_too_wide(name: str) -> None:
    lines = balance_lines(name)
    assert "".join(lines) == name
    if "ab1" not in name and len(lines) > 1:
        assert all(line for line in lines)


@given(st.text("甲乙丙市区县局委员会和、，（）《》", min_size=21, max_size=90))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(name: str) -> None:
    lines = balance_lines(name)
    if all(text_width(line) <= TITLE_WIDTH for line in lines):
        assert not any(line[0] in "、，）》" for line in lines[1:])
        assert not any(line[-1] in "（《" for line in lines[:-1])


@given(st.text("甲乙丙丁市县局", min_size=21, max_size=120))
def test_lines_are_alike_in_length(name: str) -> None:
    widths = [text_width(line) for line in balance_lines(name)]
    assert max(widths) <= TITLE_WIDTH
    assert len(widths) <= text_width(name) // TITLE_WIDTH + 2


def test_a_number_stays_with_its_year_sign() -> None:
    assert any("2022年" in line for line in balance_lines("甲" * 17 + "2022年" + "乙" * 17))


@pytest.mark.parametrize(
    ("body", "longer"), [("甲县乙局", True), ("示例市人民政府", False), ("甲县乙丙丁局", True)]
)
def test_digits_are_half_as_wide_as_characters(body: str, longer: bool) -> None:
    assert is_date_longer(body, "2023年1月31日") is longer
