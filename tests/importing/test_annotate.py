"""The findings of a Word file are comments in its copy, at the cell or words they are about."""

from __future__ import annotations

import io
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import docx
import pytest
from lxml import etree

from import_quality import word, word_xml
from import_quality.printed import Part, Printed, PrintedCell, make_printed
from nianbao.diagnostics.finding import FILE_START, SEVERITY_LABELS, Finding, Severity
from nianbao.importing.annotation import annotate_word
from nianbao.importing.checking import Excerpt, SourceCheck, check_source_file
from nianbao.importing.document import Place
from nianbao.utils.text import sanitize
from nianbao.workspace.settings import Settings
from tests.importing.annotated import (
    ReadComment,
    characters,
    parts_of,
    read_comments,
    without_runs,
)

if TYPE_CHECKING:
    from pathlib import Path

Change = Callable[[Printed], Printed]


@dataclass(frozen=True)
class Fault:
    """A fault put into a report.

    `words`: what the range of the comment must hold; `before`: how the text of the paragraph, or of
    the cell before it, ends before the range.
    """

    rule: str
    change: Change
    words: str
    before: str = ""


def said(sentence: str, *, kind: str = "text", number: int = 1) -> Change:
    """Return a change that adds a sentence to a paragraph; 0 is the lead of the report."""

    def change(printed: Printed) -> Printed:
        indexes = [n for n, part in enumerate(printed.parts) if part.kind == kind]
        parts = list(printed.parts)
        parts[indexes[number]] = replace(
            parts[indexes[number]], text=parts[indexes[number]].text + sentence
        )
        return printed.with_parts(parts)

    return change


def replaced(pattern: str, text: str) -> Change:
    """Return a change of the first match of a pattern in the prose."""

    def change(printed: Printed) -> Printed:
        parts = list(printed.parts)
        index = next(n for n, part in enumerate(parts) if re.search(pattern, part.text))
        parts[index] = replace(parts[index], text=re.sub(pattern, text, parts[index].text, count=1))
        return printed.with_parts(parts)

    return change


def without(first: str, last: str) -> Change:
    """Return a change that drops the paragraphs from one text up to before another."""

    def change(printed: Printed) -> Printed:
        texts = [part.text for part in printed.parts]
        start, end = texts.index(first), texts.index(last)
        return printed.with_parts([*printed.parts[:start], *printed.parts[end:]])

    return change


def added(*parts: Part, before: str) -> Change:
    """Return a change that adds paragraphs."""

    def change(printed: Printed) -> Printed:
        index = max(n for n, part in enumerate(printed.parts) if part.text == before)
        return printed.with_parts([*printed.parts[:index], *parts, *printed.parts[index:]])

    return change


def cell(table: int, row: int, column: int, text: str) -> Change:
    """Return a change of a number: table and row of the file from 0, column from the right."""

    def change(printed: Printed) -> Printed:
        parts = list(printed.parts)
        index = [n for n, part in enumerate(parts) if part.rows][table]
        rows = [list(each) for each in parts[index].rows]
        rows[row][-column] = replace(rows[row][-column], text=text)
        parts[index] = replace(parts[index], rows=tuple(tuple(each) for each in rows))
        return printed.with_parts(parts)

    return change


def signed(text: str) -> Change:
    """Return a change of the date at the end."""
    return replaced("^20..年1月.*日$", text)


def both(*changes: Change) -> Change:
    def change(printed: Printed) -> Printed:
        for each in changes:
            printed = each(printed)
        return printed

    return change


REAL_NAME = replaced("^东湖街道办事处$", "东湖区教育局")  # which has a date to keep
SECOND = "二、主动公开政府信息情况"
NOTE = Part("note", "注：本表由各股室报送１２次。")
SEVENTH = Part("heading", "七、数字政府建设"), Part("text", "建成平台1个。")
FURTHER = Part("subheading", "（六）政务新媒体"), Part("text", "开展XX宣传，效果良好。")

FAULTS = {
    # ── prose
    "a number": Fault("P301", said("全年共收到政府信息公开申请99999件。"), "99999", "信息公开申请"),
    "a denial": Fault("P302", said("全年没有收到信息公开申请。"), "信息公开申请", "没有收到"),
    "a part of a sum": Fault(
        "P301", said("全年收到政府信息公开申请128件，其中自然人31件，法人98件。"), "98", "法人"
    ),
    "the period": Fault("F404", replaced("自20..年1月1日", "自2019年1月1日"), "2019"),
    "a year": Fault("F405", said("2024年，本机关加强公开。", number=3), "2024年", ""),
    "a gap": Fault("F415", said("联系电话：XXXX。"), "XX", "联系电话："),
    "a hidden character": Fault("F423", said("公开信\u200b息。"), "\u200b", "公开信"),
    "half-width punctuation": Fault("F431", said("公开,透明。"), ",", "公开"),
    "full-width digits": Fault("F432", said("公开１２次。"), "１２", "公开"),
    "blanks": Fault("F433", said("公开   透明。"), "   ", "公开"),
    "straight quotes": Fault("F434", said('推行"一网通办"。'), '"', "推行"),
    "escaped characters": Fault("F432", said("见a_b、*注*和[1](2)，\\*有１２次。"), "１２", "*有"),
    "a reference": Fault("S201", said("共{{ 没有.这个 }}件。"), "{{ 没有.这个 }}", "共"),
    "a later section": Fault("F415", said("另见XXX。", number=-1), "XXX", "另见"),
    "the problems": Fault("F418", replaced("^存在的主要问题.*|^下一步.*", "无。"), "无。"),
    "fees": Fault("F417", replaced("^无其他需要报告的事项。", "没有其他事项。"), "没有其他事项。"),
    # ── what stands in no text field
    "a late date": Fault("F401", both(REAL_NAME, signed("2026年12月28日")), "2026年12月28日"),
    "an early date": Fault("F402", signed("2021年1月28日"), "2021年1月28日"),
    "a missing date": Fault("S106", signed(""), "2025年政府信息公开工作年度报告"),
    "a missing block": Fault(
        "F411", without("（五）监督保障", "二、主动公开政府信息情况"), "一、总体情况"
    ),
    "a further section": Fault("F424", added(*SEVENTH, before="东湖街道办事处"), "数字政府"),
    "in a further block": Fault("F415", added(*FURTHER, before=SECOND), "XX"),
    "a note": Fault(
        "F432", added(NOTE, before="三、收到和处理政府信息公开申请情况"), "１２", "报送"
    ),
    # ── cells
    "a row's total": Fault("A101", cell(4, 6, 1, "7777"), "7777"),
    "a column's total": Fault("A102", cell(4, -2, 3, "7777"), "7777"),
    "a balance": Fault("A103", both(cell(4, 4, 7, "7777"), cell(4, -1, 7, "6666")), "6666"),
    "a total of lawsuits": Fault("A101", cell(5, -1, 1, "7777"), "7777"),
    "a blank": Fault("S103", both(cell(4, 3, 3, "7777"), cell(4, 3, 2, "")), "", "7777"),
    "words for a number": Fault("F424", cell(0, 3, 2, "若干"), "若干"),
    "half a decision": Fault("S103", cell(1, 2, 1, "22.5"), "22.5"),
    "a negative number": Fault("S103", cell(4, 9, 4, "-3"), "-3"),
    "a unit": Fault("F424", cell(2, 2, 1, "124元"), "124元"),
    "yuan": Fault("F421", cell(3, 2, 1, "4500000"), "4500000"),
    "regulations": Fault("F422", cell(0, 2, 3, "7777"), "7777"),
}  # fmt: skip


def report() -> Printed:
    """Return a report of a 街道 for 2025 without a fault of its own that matters here."""
    return make_printed(random.Random(5))


def checked(data: bytes, folder: Path) -> tuple[SourceCheck, bytes]:
    """Return the findings of a Word file and its annotated copy."""
    path = folder / "report.docx"
    path.write_bytes(data)
    result = check_source_file(path, "report.docx", Settings(), None)
    pairs = list(zip(result.result.findings, result.excerpts, strict=True))
    return result, annotate_word(data, pairs)


# Faults that leave the report whole, so that all rules run, and that do not hide each other.
TOGETHER = (
    "a number", "a gap", "a hidden character", "half-width punctuation", "full-width digits",
    "blanks", "straight quotes", "escaped characters", "a year", "the period", "a later section",
    "an early date", "in a further block", "a note", "a row's total", "a column's total",
    "yuan", "regulations",
)  # fmt: skip
BOX = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}txbxContent"
WAYS: dict[str, Callable[[Printed], bytes | None]] = {
    "plain": word_xml.plain,
    "numbered": word_xml.numbered,
    "tracked": lambda printed: word_xml.tracked(printed, random.Random(4)),
    "boxed": word_xml.boxed_signature,
    "shattered": lambda printed: word_xml.shattered(printed, random.Random(1)),
    "layout table": word_xml.in_layout_table,
    "one paragraph": word_xml.one_paragraph,
    "contents": word_xml.with_contents,
    "python-docx": word.python_docx_file,
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("way", ["plain", "shattered"])
def test_a_fault_has_its_comment_at_the_words(name: str, way: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    data = WAYS[way](fault.change(report()))
    assert data is not None
    _, copy = checked(data, tmp_path)
    found = [each for each in read_comments(copy) if f" {fault.rule}：" in each.text]
    assert any(_is_at(each, fault) for each in found), found


def _is_at(comment: ReadComment, fault: Fault) -> bool:
    if fault.words not in comment.words or len(comment.words) > len(fault.words) + 60:
        return False
    return comment.before.endswith(fault.before) or comment.left == fault.before


@pytest.mark.parametrize("way", WAYS)
def test_every_finding_is_one_comment_and_nothing_else_changes(way: str, tmp_path: Path) -> None:
    data = WAYS[way](both(*(FAULTS[name].change for name in TOGETHER))(report()))
    assert data is not None
    result, copy = checked(data, tmp_path)
    findings = result.result.findings
    assert {"A101", "A102", "F402", "F404", "F415", "F422", "F432", "P301"} <= {
        finding.rule for finding in findings
    }
    texts = [
        f"{SEVERITY_LABELS[each.severity]} {each.rule}：{sanitize(each.message)}\n改法：{each.help}"
        for each in findings
    ]
    document = docx.Document(io.BytesIO(copy))
    ours = [each for each in document.comments if each.author == "年报检查"]
    assert [each.text for each in ours] == texts
    assert characters(copy) == characters(data)
    assert without_runs(copy) == without_runs(data)
    before, after = parts_of(data), parts_of(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert "word/document.xml" in changed
    assert changed <= {
        "word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels",
        "[Content_Types].xml",
    }  # fmt: skip
    assert list(after)[: len(before)] == list(before)


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("layout table", "boxed")])
def test_a_comment_stands_where_check_says_that_the_finding_is(way: str, tmp_path: Path) -> None:
    data = WAYS[way](both(*(FAULTS[name].change for name in TOGETHER))(report()))
    assert data is not None
    result, copy = checked(data, tmp_path)
    comments = [each for each in read_comments(copy) if each.author == "年报检查"]
    cells = paragraphs = 0
    for finding, comment in zip(result.result.findings, comments, strict=True):
        if place := re.search(r"第(\d+)个表第(\d+)行第(\d+)列", finding.place):
            assert comment.cell == tuple(map(int, place.groups())), finding
            cells += 1
        elif place := re.fullmatch(r"第(\d+)段", finding.place):
            assert comment.paragraph == int(place[1]), finding
            paragraphs += 1
    assert cells > 5
    assert paragraphs > 10


def test_a_finding_in_a_text_box_stands_at_the_paragraph_of_the_box(tmp_path: Path) -> None:
    data = word_xml.boxed_signature(FAULTS["an early date"].change(report()))
    _, copy = checked(data, tmp_path)
    root = etree.fromstring(parts_of(copy)["word/document.xml"])
    starts = list(root.iter("{*}commentRangeStart"))
    assert all(next(start.iterancestors(BOX), None) is None for start in starts)
    comment = next(each for each in read_comments(copy) if " F402：" in each.text)
    assert "2021年1月28日" in comment.words
    assert "街道" in comment.words  # the rest of the box, and no more
    assert len(comment.words) < 60


def test_a_finding_in_a_table_of_prose_stands_in_its_cell(tmp_path: Path) -> None:
    rows = tuple(
        tuple(PrintedCell(text) for text in row)
        for row in (("平台", "信息"), ("网站", "公开１２次"), ("公众号", "发布３４条"))
    )
    table = Part("table", rows=rows)
    data = word_xml.plain(added(table, before="（二）依申请公开")(report()))
    _, copy = checked(data, tmp_path)
    comments = [each for each in read_comments(copy) if " F432：" in each.text]
    assert comments[0].words == "公开１２次"
    assert comments[0].cell == (1, 2, 2)


def test_words_after_a_line_break_are_found_in_their_own_line(tmp_path: Path) -> None:
    printed = replaced("^一是健全工作机制.*", "公开XX条。\n公开XX条。\n另公开XX条。")(report())
    _, copy = checked(word_xml.plain(printed), tmp_path)
    comments = [each for each in read_comments(copy) if " F415：" in each.text]
    assert [each.words for each in comments] == ["XX", "XX", "XX"]
    assert [each.before[-2:] for each in comments] == ["公开", "公开", "公开"]
    assert len({each.before for each in comments}) == 3


def test_blank_totals_do_not_keep_prose_from_its_words(tmp_path: Path) -> None:
    printed = both(FAULTS["a gap"].change, cell(4, 5, 1, ""))(report())
    _, copy = checked(word_xml.plain(printed), tmp_path)
    comments = [each for each in read_comments(copy) if " F415：" in each.text]
    assert comments[0].words == "XXXX"
    assert any(" S103：" in each.text for each in read_comments(copy))


def test_words_of_paragraphs_that_a_tracked_change_joins_are_found(tmp_path: Path) -> None:
    def write(part: Part) -> str:
        if "XXXX" not in part.text:
            return word_xml.plain_part(part)
        start, end = part.text.split("XXXX")
        mark = '<w:rPr><w:del w:id="9" w:author="a"/></w:rPr>'
        first = word_xml.paragraph(word_xml.run(f"{start}XXXX"), mark)
        return first + word_xml.paragraph(word_xml.run(end))

    data = word_xml.package(word_xml.body(FAULTS["a gap"].change(report()), write))
    _, copy = checked(data, tmp_path)
    comments = [each for each in read_comments(copy) if " F415：" in each.text]
    assert [each.words for each in comments] == ["XXXX"]


def test_a_finding_in_a_footnote_stands_at_the_paragraph_that_refers_to_it(tmp_path: Path) -> None:
    body = word_xml.body(report())
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    place = body.index("</w:p>", body.index("一是健全工作机制"))
    body = body[:place] + reference + body[place + len("</w:p>") :]
    note = word_xml.paragraph(word_xml.run("数据由XX科提供，以报送的为准。"))
    data = word_xml.package(body, {"footnotes": f'<w:footnote w:id="1">{note}</w:footnote>'})
    _, copy = checked(data, tmp_path)
    comments = read_comments(copy)
    assert any(
        " F415：" in each.text and each.words.startswith("一是健全工作机制") for each in comments
    )


def test_the_comments_of_other_people_stay(tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(word_xml.plain(FAULTS["a gap"].change(report()))))
    paragraph = next(each for each in document.paragraphs if "XXXX" in each.text)
    document.add_comment(paragraph.runs, text="请核对", author="张三", initials="张")
    stream = io.BytesIO()
    document.save(stream)
    _, copy = checked(stream.getvalue(), tmp_path)
    first, *others = docx.Document(io.BytesIO(copy)).comments
    assert (first.author, first.text) == ("张三", "请核对")
    assert {each.author for each in others} == {"年报检查"}
    theirs, *ours = read_comments(copy)
    assert (theirs.author, theirs.words) == ("张三", paragraph.text)
    assert [each.words for each in ours if " F415：" in each.text] == ["XXXX"]


def test_the_ids_of_comments_are_not_used_twice(tmp_path: Path) -> None:
    """The body of this file refers to comment 0 in every heading."""
    data = word_xml.with_leftovers(FAULTS["a gap"].change(report()))
    result, copy = checked(data, tmp_path)
    first, *ours = docx.Document(io.BytesIO(copy)).comments
    assert (first.comment_id, first.text) == (0, "请核对3件")
    assert [each.comment_id for each in ours] == list(range(1, len(result.excerpts) + 1))
    assert characters(copy) == characters(data)


def test_a_reference_to_a_comment_that_is_not_there_gets_no_text(tmp_path: Path) -> None:
    """Word drops comments on saving as another format, but not always what refers to them."""
    body = word_xml.body(FAULTS["a gap"].change(report()))
    dangling = '<w:r><w:commentReference w:id="7"/></w:r></w:p>'
    _, copy = checked(word_xml.package(body.replace("</w:p>", dangling, 1)), tmp_path)
    numbers = {each.comment_id for each in docx.Document(io.BytesIO(copy)).comments}
    assert min(numbers) == 8


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    data = word_xml.plain(FAULTS["a gap"].change(report()))
    assert checked(data, tmp_path)[1] == checked(data, tmp_path)[1]


def test_a_file_without_findings_is_copied_as_it_is() -> None:
    data = word_xml.plain(report())
    assert annotate_word(data, []) == data


def test_a_strict_file_gets_comments_of_its_own_namespace(tmp_path: Path) -> None:
    data = word_xml.strict(FAULTS["a gap"].change(report()))
    _, copy = checked(data, tmp_path)
    parts = parts_of(copy)
    assert b"schemas.openxmlformats.org/wordprocessingml" not in parts["word/comments.xml"]
    relationships = etree.fromstring(parts["word/_rels/document.xml.rels"])
    kinds = [node.get("Type") or "" for node in relationships]
    assert "http://purl.oclc.org/ooxml/officeDocument/relationships/comments" in kinds


def test_a_comment_has_the_date_of_the_file_and_never_that_of_today(tmp_path: Path) -> None:
    data = word.python_docx_file(FAULTS["a gap"].change(report()))
    _, copy = checked(data, tmp_path)
    document = docx.Document(io.BytesIO(copy))
    assert {each.timestamp for each in document.comments} == {document.core_properties.modified}


def test_control_characters_do_not_get_into_a_comment() -> None:
    finding = Finding(
        "F999", Severity.INFO, "x", FILE_START, (), "\0b\x1b[31m\ufffe\ud800c", "\x0b"
    )
    copy = annotate_word(word_xml.plain(report()), [(finding, Excerpt(Place(anchor=3)))])
    (comment,) = read_comments(copy)
    assert comment.text == "提示 F999： b [31m  c改法： "
    assert comment.words.startswith("根据《中华人民共和国政府信息公开条例》")


@pytest.mark.parametrize("anchor", [0, 10**9])
def test_a_place_that_is_not_in_the_body_is_the_first_paragraph_with_text(anchor: int) -> None:
    finding = Finding("F999", Severity.INFO, "x", FILE_START, (), "message")
    copy = annotate_word(word_xml.plain(report()), [(finding, Excerpt(Place(anchor=anchor)))])
    (comment,) = read_comments(copy)
    assert comment.words == "东湖街道办事处"


def test_a_word_in_a_field_or_a_plain_control_is_marked_around_it(tmp_path: Path) -> None:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    marked = {
        "field": field.format("begin") + field.format("separate") + "{}" + field.format("end"),
        "control": "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "link": '<w:hyperlink w:anchor="a">{}</w:hyperlink>',
    }
    for name, around in marked.items():

        def write(part: Part, around: str = around) -> str:
            if "XXXX" not in part.text:
                return word_xml.plain_part(part)
            content = around.format(word_xml.run(part.text))
            return word_xml.paragraph(word_xml.run("甲") + content + word_xml.run("乙"))

        printed = FAULTS["a gap"].change(report())
        text = next(part.text for part in printed.parts if "XXXX" in part.text)
        data = word_xml.package(word_xml.body(printed, write))
        _, copy = checked(data, tmp_path)
        words = [each.words for each in read_comments(copy) if " F415：" in each.text]
        assert words == (["XXXX"] if name == "link" else [text]), name


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_the_copy_with_the_same_text(tmp_path: Path) -> None:
    change = both(*(FAULTS[name].change for name in TOGETHER))
    for way in ("plain", "shattered", "tracked", "boxed", "python-docx"):
        data = WAYS[way](change(report()))
        assert data is not None
        (tmp_path / f"{way}.docx").write_bytes(data)
        (tmp_path / f"{way}-copy.docx").write_bytes(checked(data, tmp_path)[1])
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "txt:Text", "--outdir", tmp_path, *tmp_path.glob("*.docx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    for copy in tmp_path.glob("*-copy.txt"):
        original = copy.with_name(copy.name.replace("-copy", ""))
        assert copy.read_text("utf-8") == original.read_text("utf-8"), copy
    assert len(list(tmp_path.glob("*-copy.txt"))) == 5
