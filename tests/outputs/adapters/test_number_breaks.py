"""Numbers stay with what they count: what nianbao.outputs.adapters.number_breaks adds to Pango."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.outputs.building import build, changed
from tests.outputs.reading import pages, squeeze

COUNTED = "收到1,234件，收费12.5万元，占3.14%等，比2025年12月31日、第12项多6亿次。"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The lines of paragraphs that put the same words to every place of a line."""
    prose = "\n".join("字" * shift + COUNTED * 4 for shift in range(28))
    pdf = build(changed(2021, {("总体情况", "概述"): prose + "\n"})).pdf
    found = [line["text"] for page in pages(pdf) for line in page.extract_text_lines()]
    return [squeeze(line) for line in found]


def test_no_line_ends_between_a_number_and_what_it_counts(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert text.replace("\n", "").count(COUNTED) >= 28
    assert not re.search(r"[0-9][%百千万亿]*\n[件万亿元年月日项次等]", text)
    assert "第\n1" not in text


def test_lines_do_end_on_both_sides_of_such_words(lines: list[str]) -> None:
    ends = {(before[-1], after[0]) for before, after in pairwise(lines)}
    assert {("到", "1"), ("费", "1"), ("年", "1"), ("月", "3")} <= ends


def test_a_run_of_digits_wider_than_its_cell_is_still_broken() -> None:
    table = f"| 甲 | 乙 |\n| --- | --- |\n| {'1' * 300}件 | 二 |\n"
    pdf = build(changed(2021, {("总体情况", "概述"): table})).pdf
    for page in pages(pdf):
        assert max(char["x1"] for char in page.chars) < page.width - 25 * 72 / 25.4
