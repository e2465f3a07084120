"""The pages of the PDF: paper, 版心, page numbers, faces, and what must stand together."""

from __future__ import annotations

import io
import random
from functools import cache
from typing import Any

import pdfplumber
import pytest

from nianbao.rendering.fonts import installed_faces
from tests.rendering.parsed_outputs import boxes, pages, squeeze
from tests.rendering.rendered_reports import (
    EDITIONS,
    EIGHT_DIGITS,
    NAMES,
    build,
    built,
    cells_of_tables,
    changed,
)

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, 37 * MM, (297 - 35) * MM
ONE_CHARACTER = 14  # 四号, in points


@cache
def long_report() -> bytes:
    """A report whose headings of all levels fall on every line of a page sooner or later."""
    steps = random.Random(1)
    lines = []
    for number in range(120):
        lines.append(f"{'#' * steps.randint(1, 3)} 第{number}号小标题")
        lines += ["公开信息。" * steps.randint(1, 25) for _ in range(steps.randint(1, 3))]
    return build(changed(2021, {("总体情况", "概述"): "\n".join(lines) + "\n"})).pdf


PDFS = {**dict.fromkeys(NAMES), "long": None}


@pytest.fixture(params=PDFS)
def pdf(request: pytest.FixtureRequest) -> bytes:
    """Each of the PDFs in turn."""
    return long_report() if request.param == "long" else built(request.param).pdf


def body(page: Any) -> list[dict[str, Any]]:
    """The characters of a page without its number."""
    return [char for char in page.chars if char["top"] < BOTTOM + 1 * MM]


def lines(page: Any) -> list[str]:
    """The lines of a page without its number, from the top."""
    found = page.crop((0, 0, page.width, BOTTOM + 1 * MM)).extract_text_lines()
    return [squeeze(line["text"]) for line in found]


def test_the_paper_is_a4(pdf: bytes) -> None:
    for page in pages(pdf):
        assert page.width == pytest.approx(210 * MM, abs=0.1)
        assert page.height == pytest.approx(297 * MM, abs=0.1)


def test_the_text_stands_in_the_frame_of_gb_t_9704(pdf: bytes) -> None:
    for page in pages(pdf):
        chars = body(page)
        assert min(char["x0"] for char in chars) >= LEFT - 1 * MM
        assert max(char["x1"] for char in chars) <= RIGHT + 1 * MM
        assert min(char["top"] for char in chars) >= TOP - 1 * MM
        assert max(char["bottom"] for char in chars) <= BOTTOM + 1 * MM
        for edge in page.edges:
            assert LEFT - 1 * MM <= edge["x0"] <= edge["x1"] <= RIGHT + 1 * MM


def test_full_pages_fill_the_frame() -> None:
    first, second, *_ = pages(long_report())
    for page in (first, second):
        assert min(char["x0"] for char in body(page)) == pytest.approx(LEFT, abs=1 * MM)
        assert max(char["x1"] for char in body(page)) == pytest.approx(RIGHT, abs=1 * MM)
        assert max(char["bottom"] for char in body(page)) > BOTTOM - 12 * MM


def test_page_numbers_stand_below_the_frame_odd_ones_right_even_ones_left(pdf: bytes) -> None:
    for number, page in enumerate(pages(pdf), 1):
        chars = [char for char in page.chars if char["top"] >= BOTTOM + 1 * MM]
        assert "".join(char["text"] for char in chars) == f"— {number} —"
        assert {char["fontname"].partition("+")[2] for char in chars} == {"nianbao-song"}
        assert {round(char["size"]) for char in chars} == {14}
        assert min(char["top"] for char in chars) == pytest.approx(BOTTOM + 7 * MM, abs=1 * MM)
        if number % 2:
            end = max(char["x1"] for char in chars)
            assert end == pytest.approx(RIGHT - ONE_CHARACTER, abs=1 * MM)
        else:
            start = min(char["x0"] for char in chars)
            assert start == pytest.approx(LEFT + ONE_CHARACTER, abs=1 * MM)


def test_no_heading_stands_at_the_foot_of_a_page() -> None:
    all_pages = [lines(page) for page in pages(long_report())]
    assert len(all_pages) > 20
    headings = [line for page in all_pages for line in page if "号小标题" in line]
    assert len(headings) == 120
    assert [page[-1] for page in all_pages if page and page[-1] in headings] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_heading_of_the_form_stands_at_the_foot_of_a_page(name: str) -> None:
    titles = [squeeze(section.title) for section in built(name).form.sections]
    everything = [lines(page) for page in pages(built(name).pdf)]
    assert {title for title in titles for page in everything if title in page} == set(titles)
    assert [page[-1] for page in everything if page[-1] in titles] == []


def test_five_faces_are_embedded_and_subset() -> None:
    document = pdfplumber.open(io.BytesIO(built("large-city-2025").pdf)).doc
    found = {}
    for reference in document.xrefs[0].get_objids():
        entry = document.getobj(reference)
        if isinstance(entry, dict) and str(entry.get("Type")) == "/'FontDescriptor'":
            tag, plus, name = entry["FontName"].name.partition("+")
            assert plus
            assert tag.isupper()
            assert len(tag) == 6
            found[name] = len((entry.get("FontFile3") or entry["FontFile2"]).resolve().get_data())
    whole = {one.face.family: one.size for one in installed_faces() if not one.face.blocks}
    assert set(found) == set(whole)
    assert len(found) == 5
    for family, size in found.items():
        assert 1000 < size < whole[family] / 8


def test_each_kind_of_words_has_its_face() -> None:
    first = pages(built("2022").pdf)[0]
    faces: dict[tuple[str, int], str] = {}
    for char in body(first) + body(pages(built("2022").pdf)[1]):
        face = (char["fontname"].partition("+")[2], round(char["size"]))
        faces[face] = faces.get(face, "") + char["text"]
    assert faces["nianbao-xiaobiaosong", 22] == "古县文化和旅游局2022年政府信息公开工作年度报告"
    assert faces["nianbao-hei", 16] == "一、总体情况"
    assert faces["nianbao-kai", 16].startswith("（一）主动公开")
    assert "围绕我局重点工作" in faces["nianbao-fangsong", 16]


def test_the_pdf_says_its_language_title_and_author() -> None:
    document = pdfplumber.open(io.BytesIO(built("2022").pdf))
    assert document.doc.catalog["Lang"] == b"zh-CN"
    assert document.metadata["Title"] == "古县文化和旅游局2022年政府信息公开工作年度报告"
    assert document.metadata["Author"] == "古县文化和旅游局"
    assert not {"CreationDate", "ModDate"} & set(document.metadata)


TABLE_3 = "收到和处理政府信息公开申请情况"
SHORT = ["注释的文字。", "另一条注释的文字。"]
LONG = ["注释的文字很长。" * 60]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("number", "notes", "before"),
    [(0, [], 0), (EIGHT_DIGITS, [], 9), (EIGHT_DIGITS, SHORT, 4), (EIGHT_DIGITS, LONG, 0)],
    ids=["zeros", "eight digits", "notes", "a very long note"],
)
def test_table_3_stands_on_one_page_with_its_heading_and_notes(
    edition: int, number: int, notes: list[str], before: int
) -> None:
    changes: dict[Any, Any] = cells_of_tables(edition, number)
    if notes:
        changes[TABLE_3, "注"] = notes
    if before:
        changes["主动公开政府信息情况", "说明"] = "文字。\n" * before
    report = build(changed(edition, changes))
    tables = [(page, cells) for page, cells in boxes(report.pdf) if len(cells) > 100]
    assert len(tables) == 1, "broken over two pages"
    ((page, cells),) = tables
    assert len([cell for cell in cells if cell.text == str(number)]) % 7 == 0
    text = lines(pages(report.pdf)[page - 1])
    (heading,) = [section.title for section in report.form.sections if section.key == TABLE_3]
    assert text[0] == squeeze(heading)
    # A note that is longer than the rest of the page goes on on the next.
    follows = "".join(text + lines(pages(report.pdf)[page]))
    assert all(note in "".join(text) for note in notes if note not in LONG)
    assert all(note in follows for note in notes)
