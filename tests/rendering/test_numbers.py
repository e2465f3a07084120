"""The numbers: read back from every output, cell by cell, they are those of the YAML."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rendering.parsed_outputs import (
    Box,
    boxes,
    cells_of_html,
    cells_of_markdown,
    cells_of_pdf,
    labels_of_form,
    numbers_of_pdf,
    pages,
    squeeze,
)
from tests.rendering.rendered_reports import (
    EDITIONS,
    EIGHT_DIGITS,
    NAMES,
    Built,
    at,
    build,
    built,
    cells_of_tables,
    changed,
)


def expected(report: Built) -> dict[tuple[str, ...], str]:
    """Every cell by its labels, from the YAML alone."""
    return {
        tuple(map(squeeze, labels)): _printed(report, pointer)
        for labels, pointer in labels_of_form(report)
    }


def _printed(report: Built, pointer: tuple[str | int, ...]) -> str:
    try:
        value = at(report.data, pointer)
    except KeyError:
        return str(_total(report, pointer))
    if isinstance(value, dict):
        return f"{value['数值']}（{value['注']}）"
    return str(value)


def _total(report: Built, pointer: tuple[str | int, ...]) -> Any:
    """A total that the YAML leaves out: of its row, or of its column for a row of totals."""
    *above, key = pointer
    try:
        row = at(report.data, tuple(above))
    except KeyError:
        group = at(report.data, tuple(above[:-1]))
        return sum(_column(group, str(key)))
    return sum(number for name, number in row.items() if name != key)


def _column(group: dict[str, Any], key: str) -> list[Any]:
    """The numbers of a column in all rows below a group, totals computed where they're left out."""
    found = []
    for row in group.values():
        if all(isinstance(cell, dict) for cell in row.values()):
            found += _column(row, key)
        else:
            found.append(row[key] if key in row else sum(row.values()))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_yaml_has_numbers_enough_to_report_cells_apart(name: str) -> None:
    cells = expected(built(name))
    assert len(cells) > 190
    assert name == "2022" or len(set(cells.values())) > 15


@pytest.mark.parametrize("name", NAMES)
def test_the_web_page_has_the_numbers_of_the_yaml(name: str) -> None:
    assert cells_of_html(built(name).html) == expected(built(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_markdown_has_the_numbers_of_the_yaml(name: str) -> None:
    assert cells_of_markdown(built(name).markdown) == expected(built(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_pdf_has_the_numbers_of_the_yaml(name: str) -> None:
    assert cells_of_pdf(built(name).pdf) == expected(built(name))


def test_signed_changes_strokes_and_notes_in_cells_are_among_them() -> None:
    assert {"-3", "/", "4068.208"} <= set(expected(built("edition-2019")).values())
    assert "564（其中修订16件）" in expected(built("large-city-2025")).values()


@pytest.mark.parametrize("edition", EDITIONS)
def test_eight_digits_in_every_cell_stay_on_one_line_inside_their_cells(edition: int) -> None:
    report = build(changed(edition, cells_of_tables(edition, EIGHT_DIGITS)))
    found = [box for _, box in numbers_of_pdf(report.pdf) if box.text == str(EIGHT_DIGITS)]
    assert len(found) > 150
    for box in found:
        _fits(box, 8)
    assert cells_of_pdf(report.pdf) == expected(report)


def test_eight_digits_with_a_note_stay_on_one_line_and_the_note_in_the_cell() -> None:
    noted = {"数值": EIGHT_DIGITS, "注": "其中含上年结转12345件"}
    rows = ("本年新收", "上年结转")
    cells = cells_of_tables(2021, noted)
    report = build(changed(2021, {p: value for p, value in cells.items() if set(rows) & set(p)}))
    found = [box for _, box in numbers_of_pdf(report.pdf) if "（" in box.text]
    assert len(found) == 15  # two rows of seven, and one that the report has anyway
    for box in found[1:]:
        _fits(box, 8)
    assert cells_of_pdf(report.pdf) == expected(report)


@pytest.mark.parametrize(
    ("own", "marks"), [([], ["见注1", "见注2", "见注1"]), (["一条。"], ["见注2", "见注3", "见注2"])]
)
def test_a_note_too_long_for_its_cell_stands_under_the_table(
    own: list[str], marks: list[str]
) -> None:
    section = "收到和处理政府信息公开申请情况"
    notes = ["说明的文字。" * 12, "另外的说明。" * 12, "说明的文字。" * 12]
    columns = ("自然人", "商业企业", "其他")
    cells: dict[Any, Any] = {
        (section, "本年新收", column): {"数值": 7, "注": note}
        for column, note in zip(columns, notes, strict=True)
    }
    report = build(changed(2021, {**cells, **({(section, "注"): own} if own else {})}))
    for read in (cells_of_html(report.html), cells_of_markdown(report.markdown)):
        found = [cell for labels, cell in read.items() if labels[0].startswith("一、本年新收")]
        assert [cell for cell in found if "注" in cell] == [f"7（{mark}）" for mark in marks]
    assert [cell for cell in cells_of_pdf(report.pdf).values() if "见" in cell] == [
        f"7（{mark}）" for mark in marks
    ]
    text = squeeze("".join(page.extract_text() for page in pages(report.pdf)))
    for place, note in enumerate(notes[:2], 1 + len(own)):
        for output in (squeeze(report.html), squeeze(report.markdown).replace("\\", ""), text):
            assert f"{place}.{note[:20]}" in output
    # No row is taller than its page, which would leave the header alone on the page before.
    assert len([cells for _, cells in boxes(report.pdf) if len(cells) > 100]) == 1


def test_a_single_long_note_has_no_number() -> None:
    section = "行政复议行政诉讼情况"
    noted = {"数值": 7, "注": "说明的文字。" * 50}
    report = build(changed(2021, {(section, "行政复议", "结果维持"): noted}))
    assert [cell for cell in cells_of_pdf(report.pdf).values() if "见" in cell] == ["7（见注）"]
    assert "注：说明的文字。" in report.html


def _fits(box: Box, digits: int) -> None:
    number = box.chars[:digits]
    assert len({round(char["top"]) for char in number}) == 1
    for char in box.chars:
        assert box.x0 <= char["x0"]
        assert char["x1"] <= box.x1
        assert box.top <= char["top"]
        assert char["bottom"] <= box.bottom
