"""The Word file of a report: styles, page, tables, properties; valid, and the same every time."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import docx
import pytest
from hypothesis import given, settings
from lxml import etree

from nianbao.rendering import render_report
from nianbao.rendering.document import build_document
from nianbao.rendering.docx import render_docx
from nianbao.rendering.docx.xml import link_target
from nianbao.workspace.settings import Settings
from tests.rendering.docx.validators import faults
from tests.rendering.docx.word_files import W, body_of, lines_of, parts_of, style_of, text_of
from tests.rendering.parsed_outputs import NUMBER, Labels, cells_of_html, squeeze
from tests.rendering.rendered_reports import NAMES, NO_TEMPLATES, built, changed, compiled
from tests.strategies import reports, write_yaml

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import _Cell as WordCell

    from nianbao.model.report import Report

MANY = int(os.environ.get("ROUND_TRIPS", "3"))
REQUESTS = "收到和处理政府信息公开申请情况"


def printed(report: Report) -> bytes:
    return render_report(report, "docx", Settings(), NO_TEMPLATES)


def with_text(*lines: str) -> bytes:
    """Return the Word file of a report with these lines under 主动公开."""
    return printed(compiled(changed(2021, {("总体情况", "主动公开"): "\n".join(lines) + "\n"})))


def opened(data: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(data))


def found(data: bytes, text: str) -> etree._Element:
    """Return the paragraph that has a text."""
    return next(each for each in body_of(data).iter(f"{W}p") if text in text_of(each))


# ── valid files


@pytest.mark.parametrize("name", NAMES)
def test_validators_find_nothing_in_the_sample_reports(name: str) -> None:
    assert faults(printed(built(name).report)) == []


@settings(max_examples=MANY)
@given(reports())
def test_validators_find_nothing_in_any_report(data: dict[str, Any]) -> None:
    assert faults(printed(compiled(write_yaml(data)))) == []


def test_the_same_report_gives_the_same_bytes_and_no_date_of_today() -> None:
    report = built("2022").report
    assert printed(report) == printed(compiled(report.source.raw.decode()))
    with zipfile.ZipFile(io.BytesIO(printed(report))) as archive:
        assert {(each.date_time, each.create_system) for each in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0)
        }
    properties = opened(printed(report)).core_properties
    days = {properties.created.date(), properties.modified.date()}
    assert days == {date(2023, 1, 31)}


def test_the_properties_name_the_report_and_its_body() -> None:
    properties = opened(printed(built("2022").report)).core_properties
    assert properties.title == "古县文化和旅游局2022年政府信息公开工作年度报告"
    assert properties.author == "古县文化和旅游局"
    assert properties.subject == "2022年政府信息公开工作年度报告"
    assert properties.language == "zh-CN"


@pytest.mark.parametrize(
    "hostile",
    [
        "<w:t>&amp;</w:t>]]>",
        '"><w:p/> & \' " <!-- -->',
        "\x00\x0b\x1f\ud800\ufffe\ufdd0控制",
        "{{ 机关 }}${x}%s\\",
        "أ" + "\u202e" + "年报",
    ],
)
def test_hostile_words_in_every_field_are_printed_as_they_stand(hostile: str) -> None:
    document = build_document(built("2022").report, Settings())
    section = document.sections[2]
    table = section.tables[0]
    row = table.bodies[0][0]
    cells = (row.cells[0]._replace(text=hostile, note=hostile), *row.cells[1:])
    table = replace(
        table, title=hostile, bodies=((row._replace(cells=cells), *table.bodies[0][1:]),)
    )
    section = replace(section, title=hostile, tables=(table,), notes=(hostile,))
    sections = (*document.sections[:2], section, *document.sections[3:])
    data = render_docx(
        replace(
            document,
            title=(hostile,),
            title_lines=(hostile,),
            body=hostile,
            number=hostile,
            signature=(hostile,),
            lead=hostile if hostile.isprintable() else "",
            sections=sections,
        ),
        NO_TEMPLATES,
    )
    assert faults(data) == []
    shown = "".join(
        "\ufffd" if c in "\x00\x0b\x1f\ud800\ufffe\ufdd0" else c
        for c in " ".join(hostile.split(" "))
    )
    printed_texts = [text.replace("\u200e", "") for _, text in lines_of(data)]
    assert printed_texts.count(shown) >= 5
    assert f"{shown}（{shown}）" in printed_texts
    assert opened(data).core_properties.author == shown


# ── styles and page


@pytest.mark.parametrize("name", NAMES)
def test_headings_have_words_own_styles_and_levels(name: str) -> None:
    document = opened(printed(built(name).report))
    styles = [each.style.name for each in document.paragraphs if each.style is not None]
    assert styles[0] == "Title"
    assert styles[-2:] == ["Signature", "Date"]
    sections = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]  # type: ignore[union-attr]
    assert sections == [section.title for section in built(name).form.sections]
    levels = {
        style.name: style.element.find(f".//{W}outlineLvl").get(f"{W}val")
        for style in document.styles
        if style.name and style.name.startswith("Heading")
    }
    assert levels == {f"Heading {level}": str(level - 1) for level in range(1, 10)}


def test_no_style_takes_a_font_from_a_theme_and_each_has_one_for_chinese() -> None:
    parts = parts_of(printed(built("2022").report))
    assert b"Theme=" not in b"".join(parts.values())
    fonts = list(etree.fromstring(parts["word/styles.xml"]).iter(f"{W}rFonts"))
    assert len(fonts) > 8
    assert all(each.get(f"{W}eastAsia") for each in fonts)
    known = etree.fromstring(parts["word/fontTable.xml"])
    names = {each.get(f"{W}name"): each for each in known}
    assert {each.get(f"{W}eastAsia") for each in fonts} <= set(names)
    for font in names.values():
        assert font.find(f"{W}altName") is not None
        assert font.find(f"{W}panose1") is not None
    assert not [name for name in parts if "stylesWithEffects" in name]


def test_page_numbers_stand_at_the_outer_side_between_dashes() -> None:
    section = opened(printed(built("2022").report)).sections[0]
    sides = {}
    for name, footer in (("odd", section.footer), ("even", section.even_page_footer)):
        paragraph = footer.paragraphs[0]
        field = paragraph._p.find(f"{W}fldSimple")
        assert field.get(f"{W}instr").strip() == "PAGE"
        assert squeeze("".join(each.text or "" for each in paragraph._p.iter(f"{W}t"))) == "—1—"
        sides[name] = paragraph.alignment
    assert [str(side).split(" ")[0] for side in sides.values()] == ["RIGHT", "LEFT"]


# ── prose


def test_every_construct_of_markdown_has_its_style() -> None:
    data = with_text(
        "段落，**突出**、*强调*、`代码`、[链接](https://a.cn/?b=1&c=2)。",
        *("- 点一", "  - 点二", "1. 号一", "7. 号七", "> 引用", "## 标题"),
        *("", "| 甲 | 乙 |", "| --- | --- |", "| 丙 | **丁** |"),
    )
    styles = {text: style for style, text in lines_of(data)}
    expected = {
        "段落，突出、强调、代码、链接。": "BodyText",
        "点一": "ListBullet",
        "点二": "ListBullet",
        "1. 号一": "ListNumber",
        "7. 号七": "ListNumber",
        "引用": "Quote",
        "标题": "Heading3",
        "甲": "TableTextLarge",
        "丁": "TableTextLarge",
    }
    assert {text: styles[text] for text in expected} == expected
    runs = {
        text_of(each): each.find(f"{W}rPr/{W}rStyle").get(f"{W}val")  # type: ignore[union-attr]
        for each in found(data, "段落").iter(f"{W}r")
        if each.find(f"{W}rPr/{W}rStyle") is not None
    }
    assert runs == {"突出": "Strong", "强调": "Emphasis", "代码": "HTMLCode", "链接": "Hyperlink"}
    links = etree.fromstring(parts_of(data)["word/_rels/document.xml.rels"])
    external = [each.get("Target") for each in links if each.get("TargetMode") == "External"]
    assert external == ["https://a.cn/?b=1&c=2"]
    level = found(data, "点二").find(f"{W}pPr/{W}numPr/{W}ilvl")
    assert level is not None
    assert level.get(f"{W}val") == "1"


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (
            "https://www.example.gov.cn/政策 一",
            "https://www.example.gov.cn/%E6%94%BF%E7%AD%96%20%E4%B8%80",
        ),
        ("https://a.cn:8080/x?y=%20&z=1#q", "https://a.cn:8080/x?y=%20&z=1#q"),
        ("mailto:a@b.cn", "mailto:a@b.cn"),
        ("mailto:nobody", ""),
        ("https://", ""),
        ("http://[::", ""),
        ("http://a b/", ""),
        ("https://a.cn:99999/", ""),
        ("https://a.cn:port/", ""),
    ],
)
def test_no_address_makes_a_file_unreadable(address: str, target: str) -> None:
    assert link_target(address) == target


def test_a_text_in_another_script_has_its_font_and_language_and_direction() -> None:
    data = with_text("ئۇيغۇر تىلى", "藏文：བོད་ཡིག 和汉字", "壮文 Gvangjsih ƨ")
    uyghur = found(data, "ئۇيغۇر")
    assert uyghur.find(f"{W}pPr/{W}bidi") is not None
    run = uyghur.find(f"{W}r/{W}rPr")
    assert run is not None
    assert [etree.QName(each).localname for each in run] == ["rFonts", "rtl", "cs", "lang"]
    assert run.find(f"{W}lang").get(f"{W}bidi") == "ug-CN"  # type: ignore[union-attr]
    tibetan = [
        each for each in found(data, "藏文").iter(f"{W}r") if each.find(f"{W}rPr") is not None
    ]
    assert [text_of(each) for each in tibetan] == ["བོད་ཡིག"]
    fonts = tibetan[0].find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert {fonts.get(f"{W}{slot}") for slot in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Microsoft Himalaya"
    }


# ── tables


def cells_of_docx(data: bytes) -> dict[Labels, str]:
    """Return the numbers of the form's tables, by the labels above and to the left of each."""
    cells: dict[Labels, str] = {}
    for table in opened(data).tables:
        header = sum(row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows)
        grid = [list(row.cells) for row in table.rows]
        for row in range(header, len(grid)):
            for column in range(len(grid[row])):
                text = squeeze(grid[row][column].text)
                if NUMBER.fullmatch(text):
                    key = _labels(grid, header, row, column)
                    assert key not in cells
                    cells[key] = text
    return cells


def _labels(grid: list[list[WordCell]], header: int, row: int, column: int) -> Labels:
    left = grid[row][:column]
    above = [grid[each][column] for each in range(header)]
    titles = [each for each in above if each._tc is grid[0][0]._tc]
    labels: dict[int, str] = {}
    for cell in (*titles, *left, *above):
        text = squeeze(cell.text)
        if not NUMBER.fullmatch(text):
            labels.setdefault(id(cell._tc), text)
    return tuple(labels.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_number_stands_under_and_right_of_its_labels(name: str) -> None:
    expected = {
        tuple(map(squeeze, labels)): text
        for labels, text in cells_of_html(built(name).html).items()
    }
    assert cells_of_docx(printed(built(name).report)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_widths_agree_and_rows_and_headers_are_distinct(name: str) -> None:
    body = body_of(printed(built(name).report))
    for table in body.iter(f"{W}tbl"):
        columns = [int(each.get(f"{W}w", 0)) for each in table.iter(f"{W}gridCol")]
        width = table.find(f"{W}tblPr/{W}tblW")
        assert width is not None
        assert int(width.get(f"{W}w", 0)) == sum(columns)
        assert table.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"  # type: ignore[union-attr]
        for wanted in ("tblCaption", "tblDescription"):
            assert table.find(f"{W}tblPr/{W}{wanted}").get(f"{W}val")  # type: ignore[union-attr]
        for row in table.iter(f"{W}tr"):
            assert row.find(f"{W}trPr/{W}cantSplit") is not None
            start = 0
            for cell in row.iter(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                end = start + (1 if span is None else int(span.get(f"{W}val", 1)))
                assert int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w", 0)) == sum(columns[start:end])  # type: ignore[union-attr]
                start = end
            assert start == len(columns)


def test_a_table_its_heading_and_its_first_note_stay_together() -> None:
    notes = {(REQUESTS, "注"): ["第一条", "第二条"]}
    body = body_of(printed(compiled(changed(2021, notes))))
    blocks = list(body)
    start = next(n for n, each in enumerate(blocks) if text_of(each).startswith("三、收到"))
    assert blocks[start].find(f"{W}pPr/{W}keepNext") is not None
    table = blocks[start + 1]
    assert table.tag == f"{W}tbl"
    for paragraph in table.iter(f"{W}p"):
        assert paragraph.find(f"{W}pPr/{W}keepNext") is not None
    assert [text_of(each) for each in blocks[start + 2 : start + 4]] == [
        "注：1. 第一条",
        "2. 第二条",
    ]
    assert {style_of(each) for each in blocks[start + 2 : start + 4]} == {"TableNote"}


def test_the_label_of_all_results_stands_upright_and_those_of_groups_below_their_numbers() -> None:
    body = body_of(printed(compiled(changed(2021, {}))))
    labels = {text_of(each) for table in body.iter(f"{W}tbl") for each in table.iter(f"{W}p")}
    assert {"三、\n本\n年\n度\n办\n理\n结\n果", "（三）\n不予公开"} <= labels


def test_the_signature_does_not_stand_alone_on_a_page() -> None:
    paragraphs = list(body_of(printed(compiled(changed(2021, {})))).iterchildren(f"{W}p"))
    styles = [style_of(each) for each in paragraphs]
    signature = styles.index("Signature")
    for each in paragraphs[signature - 1 : signature + 1]:
        assert each.find(f"{W}pPr/{W}keepNext") is not None


def test_a_number_too_long_for_its_column_is_set_smaller() -> None:
    wide = printed(compiled(changed(2021, {(REQUESTS, "本年新收", "其他"): 123456789012})))
    sizes = [int(each.get(f"{W}val", 0)) for each in found(wide, "123456789012").iter(f"{W}sz")]
    assert sizes == [11]
    assert not list(found(printed(built("2022").report), "总计").iter(f"{W}sz"))
