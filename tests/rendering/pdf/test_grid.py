"""The grid of GB/T 9704-2012 on the real page: lines, characters, signature, cells."""

from __future__ import annotations

from functools import cache
from itertools import groupby, pairwise
from typing import Any

import pytest

from tests.rendering.parsed_outputs import Box, boxes, numbers_of_pdf, pages, squeeze
from tests.rendering.rendered_reports import EDITIONS, EIGHT_DIGITS, build, changed, compiled
from tests.rendering.rendered_reports import cells_of_tables as cells_of

MM = 72 / 25.4
LEFT, RIGHT = 28 * MM, (28 + 156) * MM
ONE_CHARACTER = 156 * MM / 28
NOT_FIRST = "。，、；：？！）》」』”"
NOT_LAST = "（《「『“"
PARAGRAPH = (
    "围绕全市重点工作，深入推进“五公开”（含决策、执行、管理、服务、结果），全年发布信息1234条，"
    "其中《条例》的解读（Government Information Disclosure）“图文”、《问答》各5678件；"
)
PLAIN = "政府信息公开工作年度报告"

Line = list[dict[str, Any]]


@cache
def long_report() -> bytes:
    """A report of some forty pages of prose: plain, and with every kind of mark."""
    prose = (PLAIN * 30 + "。\n") * 6 + (PARAGRAPH * 9 + "\n") * 45
    return build(changed(2021, {("总体情况", "概述"): prose})).pdf


def body_lines(page: Any) -> list[Line]:
    """The lines of text of 三号 on a page, each from left to right."""
    body = [c for c in page.chars if abs(c["size"] - 16) < 0.5 and c["text"].strip()]
    body.sort(key=lambda char: (round(char["bottom"]), char["x0"]))
    return [list(line) for _, line in groupby(body, key=lambda char: round(char["bottom"]))]


def words(line: Line) -> str:
    return "".join(char["text"] for char in line)


def pages_of_prose() -> list[list[Line]]:
    found = [body_lines(page) for page in pages(long_report())[2:38]]
    assert len(found) == 36
    return found


def test_a_full_page_has_22_lines() -> None:
    assert {len(lines) for lines in pages_of_prose()} == {22}


def test_a_full_line_of_characters_without_marks_has_28() -> None:
    lines = [words(line) for page in pages(long_report())[:3] for line in body_lines(page)]
    plain = [line for line in lines if set(line) <= set(PLAIN)]
    assert len(plain) > 20
    assert {len(line) for line in plain} <= {26, 28}  # the first of a paragraph is indented
    assert sum(len(line) == 28 for line in plain) > 15


def test_lines_that_go_on_end_flush() -> None:
    ends = [
        line[-1]["x1"]
        for lines in pages_of_prose()
        for line, after in pairwise(lines)
        if after[0]["x0"] < LEFT + 8
    ]
    assert len(ends) > 600
    flush = [end for end in ends if abs(end - RIGHT) < 0.5 * MM]
    assert len(flush) >= 0.95 * len(ends)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    lines = [words(line) for page in pages_of_prose() for line in page]
    assert [line for line in lines if line[0] in NOT_FIRST] == []
    assert [line for line in lines if line[-1] in NOT_LAST] == []


def test_words_of_letters_and_numbers_are_not_broken() -> None:
    text = "\n".join(words(line) for page in pages_of_prose() for line in page)
    for word in ("1234", "5678", "Government", "Information", "Disclosure"):
        broken = [f"{word[:cut]}\n{word[cut:]}" for cut in range(1, len(word))]
        assert word in text
        assert not any(piece in text for piece in broken)


def test_a_run_wider_than_the_page_is_broken_and_not_cut_off() -> None:
    pdf = build(changed(2021, {("总体情况", "概述"): "A" * 3000 + "\n"})).pdf
    run = [char for page in pages(pdf) for char in page.chars if char["text"] == "A"]
    assert len(run) == 3000
    assert max(char["x1"] for char in run) <= RIGHT + 1 * MM


def signature(body: str) -> tuple[Line, Line]:
    """The lines of name and date at the end of a report."""
    *_, name, date = body_lines(pages(build(changed(2021, {("机关",): body})).pdf)[-1])
    return name, date


def test_the_date_stands_two_characters_right_of_the_start_of_the_name() -> None:
    name, date = signature("示例市住房和城乡建设管理委员会")
    assert words(name) == "示例市住房和城乡建设管理委员会"
    assert words(date) == "2026年3月20日"
    assert name[-1]["x1"] == pytest.approx(RIGHT - 2 * ONE_CHARACTER, abs=1 * MM)
    assert date[0]["x0"] - name[0]["x0"] == pytest.approx(2 * ONE_CHARACTER, abs=1 * MM)


def test_a_date_longer_than_the_name_ends_two_characters_before_the_edge() -> None:
    name, date = signature("甲县乙局")
    assert date[-1]["x1"] == pytest.approx(RIGHT - 2 * ONE_CHARACTER, abs=1 * MM)
    assert date[0]["x0"] - name[0]["x0"] == pytest.approx(2 * ONE_CHARACTER, abs=1 * MM)


def test_one_blank_line_stands_above_the_signature() -> None:
    *_, text, name, _ = body_lines(pages(build(changed(2021, {})).pdf)[-1])
    assert name[0]["bottom"] - text[0]["bottom"] == pytest.approx(2 * 225 * MM / 22, abs=1)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("number", "sideways"), [(EIGHT_DIGITS, 98989), (EIGHT_DIGITS * 10**4, EIGHT_DIGITS)]
)
def test_numbers_stand_on_one_line_inside_their_cells(
    edition: int, number: int, sideways: int
) -> None:
    values = compiled(changed(edition, {})).values
    narrow = {place: sideways for place in values if place[0] == "行政复议行政诉讼情况"}
    pdf = build(changed(edition, {**cells_of(edition, number), **narrow})).pdf
    checked = [cell for _, cell in numbers_of_pdf(pdf) if len(cell.text) > 4]
    assert {cell.text for cell in checked} == {str(number), str(sideways)}
    assert len(checked) > 150
    for cell in checked:
        assert len({round(char["top"]) for char in cell.chars}) == 1
    assert [cell.text for cell in checked if sticks_out(cell)] == []


def sticks_out(cell: Box) -> bool:
    """Return True if a character of a cell reaches over its borders."""
    return any(char["x0"] < cell.x0 or char["x1"] > cell.x1 for char in cell.chars)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_label_reaches_over_its_borders(edition: int) -> None:
    cells = [cell for _, table in boxes(build(changed(edition, {})).pdf) for cell in table]
    assert len(cells) > 200
    assert [cell.text for cell in cells if sticks_out(cell)] == []


def test_the_numbers_of_a_list_are_the_written_ones() -> None:
    prose = "1. 甲\n2. 乙\n10. 癸\n\n文字。\n5. 戊\n"
    pdf = build(changed(2021, {("总体情况", "概述"): prose})).pdf
    text = [squeeze(words(line)) for page in pages(pdf) for line in body_lines(page)]
    assert [line for line in text if line[-1] in "甲乙癸戊"] == ["1.甲", "2.乙", "10.癸", "5.戊"]


def test_rare_characters_print_and_are_not_boxes() -> None:
    pdf = build(changed(2021, {("总体情况", "概述"): "㙍𬭎两字。\n"})).pdf
    line = next(line for page in pages(pdf) for line in body_lines(page) if "㙍" in words(line))
    assert words(line).startswith("㙍𬭎两字")


@pytest.mark.parametrize("edition", EDITIONS)
def test_tables_are_set_in_nine_points_or_more_but_for_the_one_laid_sideways(edition: int) -> None:
    noted = {p: {"数值": 7, "注": "其中二件"} for p in cells_of(edition, 7)}
    pdf = build(changed(edition, noted)).pdf
    (sideways,) = [
        squeeze(row.path[0].title)
        for section in build(changed(edition, {})).form.sections
        for grid in section.grids
        if grid.sideways
        for row in grid.rows[:1]
    ]
    smallest = []
    for _, cells in boxes(pdf):
        least = min(round(char["size"], 1) for cell in cells for char in cell.chars)
        smallest.append((any(cell.text == sideways for cell in cells), least))
    assert [least for is_sideways, least in smallest if is_sideways] == [8]
    assert all(least >= 9 for is_sideways, least in smallest if not is_sideways)
