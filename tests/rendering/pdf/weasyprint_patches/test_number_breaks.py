"""Line breaks that nianbao.rendering.pdf.weasyprint_patches.number_breaks prevents."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.rendering.parsed_outputs import pages, squeeze
from tests.rendering.rendered_reports import build, changed

COUNTED = "收到1,234件，收费12.5万元，占3.14%等，比2025年12月31日、第12项多6亿次。"

# The same with emphasis and with blanks, as they come out of a word processor.
SHOWN = "见1234件，另567万元、第89项；“ 8 ” 个 ，9 万 次 ：完 ；"
WRITTEN = "见**1234**件，另*567*万元、第`89`项；“ 8 ” 个 ，9 万 次 ：完 ；"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The lines of paragraphs that put the same words to every place of a line."""
    prose = "\n".join(
        "字" * shift + words * 4 for shift in range(28) for words in (COUNTED, WRITTEN)
    )
    pdf = build(changed(2021, {("总体情况", "概述"): prose + "\n"})).pdf
    found = [line["text"] for page in pages(pdf) for line in page.extract_text_lines()]
    return [squeeze(line) for line in found]


def test_no_line_ends_between_a_number_and_what_it_counts(lines: list[str]) -> None:
    text = "\n".join(lines)
    for words in (COUNTED, squeeze(SHOWN)):
        assert text.replace("\n", "").count(words) >= 28
    assert not re.search(r"[0-9][百千万亿]*\n[%件万亿元年月日项次个]", text)
    assert not re.search(r"第\n[0-9]", text)


def test_no_line_begins_with_a_mark_that_a_blank_parts_from_its_word(lines: list[str]) -> None:
    assert [line for line in lines if line[0] in "，；：”"] == []


def test_lines_do_end_on_both_sides_of_such_words(lines: list[str]) -> None:
    ends = {(before[-1], after[0]) for before, after in pairwise(lines)}
    assert {("到", "1"), ("费", "1"), ("年", "1"), ("月", "3")} <= ends


def test_a_run_of_digits_wider_than_its_cell_is_still_broken() -> None:
    table = f"| 甲 | 乙 |\n| --- | --- |\n| {'1' * 300}件 | 二 |\n"
    pdf = build(changed(2021, {("总体情况", "概述"): table})).pdf
    for page in pages(pdf):
        assert max(char["x1"] for char in page.chars) < page.width - 25 * 72 / 25.4
