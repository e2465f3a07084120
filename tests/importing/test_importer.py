"""Reports are read from their own printed pages, and from the text of a published report."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings

from nianbao.errors import UserError
from nianbao.importing.importer import import_document
from nianbao.importing.readers import read_document
from nianbao.rendering import Format, render_report
from nianbao.workspace.settings import Settings
from tests.importing.round_trip import (
    READERS,
    compile_report,
    differences,
    lost_in_print,
    printed_and_imported,
)
from tests.strategies import write_yaml, written_reports
from tests.support import ROOT, SEED, fixture_reports

SEED_TEXT = ROOT / "tests" / "fixtures" / "seed-2022.txt"
# How many reports go through HTML and Markdown, and through PDF: ROUND_TRIPS=200 for a long run.
MANY = int(os.environ.get("ROUND_TRIPS", "20"))
FEW = int(os.environ.get("ROUND_TRIPS", "4"))


# ── the text of a published report


def test_the_published_text_gives_the_report_and_lists_where_it_leaves_the_form() -> None:
    imported = import_document(read_document(SEED_TEXT.read_bytes(), "text"))
    report, truth = compile_report(imported.text), compile_report(SEED.read_text("utf-8"))
    assert differences(truth, report) == []
    tables = [doubt for doubt in imported.doubts if doubt.place.table]
    assert [
        ("·".join(map(str, doubt.pointer[-2:])), doubt.value, str(doubt.place)) for doubt in tables
    ] == [
        ("第二十条第六项·行政处罚", "5、0", "第1个表第10行第2列"),
        ("第二十条第六项·行政强制", "0、0", "第1个表第11行第2列"),
        ("本年度办理结果·其他处理", "0、0、0、0、0、0、0", "第2个表第24行第3列"),
    ]
    others = [doubt.message for doubt in imported.doubts if not doubt.place.table]
    assert others == [
        "格式里没有这一部分：“五、全面提升政务服务效能”，放进了补充",
        "原文另列为一块：“（六）工作考核、社会评议和责任追究结果情况”，并入这里",
    ]


# ── our own outputs


@pytest.mark.parametrize("to", READERS)
@pytest.mark.parametrize("name", sorted(fixture_reports()))
def test_a_printed_sample_report_comes_back(name: str, to: Format) -> None:
    report = compile_report(fixture_reports()[name].read_text("utf-8"))
    imported = printed_and_imported(report, to)
    assert differences(report, compile_report(imported.text)) == []
    assert imported.doubts == ()


def _comes_back(data: dict[str, object], to: Format) -> None:
    assert lost_in_print(compile_report(write_yaml(data)), to) == []


@settings(max_examples=MANY)
@given(written_reports())
def test_any_web_page_comes_back(data: dict[str, object]) -> None:
    _comes_back(data, "html")


@settings(max_examples=MANY)
@given(written_reports())
def test_any_markdown_comes_back(data: dict[str, object]) -> None:
    _comes_back(data, "md")


@settings(max_examples=MANY)
@given(written_reports())
def test_any_word_file_comes_back(data: dict[str, object]) -> None:
    _comes_back(data, "docx")


@settings(max_examples=FEW)
@given(written_reports())
def test_the_pages_of_any_pdf_come_back(data: dict[str, object]) -> None:
    _comes_back(data, "pdf")


# ── the report file in a PDF


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_report(
        compile_report(SEED.read_text("utf-8")), "pdf", Settings(), Path(os.devnull)
    )


def _with_attachment(pdf: bytes, old: str, new: str) -> bytes:
    """Return a PDF in whose attached report file `old` is replaced."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        name = "report.yaml"
        attached = file.attachments[name].get_file()
        text = attached.read_bytes().decode()
        assert text.count(old) == 1
        changed = pikepdf.AttachedFileSpec(file, text.replace(old, new).encode(), filename=name)
        del file.attachments[name]
        file.attachments[name] = changed
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def test_the_report_file_in_a_pdf_comes_back_byte_for_byte(pdf: bytes) -> None:
    imported = import_document(read_document(pdf, "pdf"))
    assert imported.text.encode() == SEED.read_bytes()
    assert imported.doubts == ()


@pytest.mark.parametrize("name", fixture_reports())
def test_the_report_file_in_any_pdf_says_what_its_pages_say(name: str) -> None:
    text = fixture_reports()[name].read_text("utf-8")
    pdf = render_report(compile_report(text), "pdf", Settings(), Path(os.devnull))
    assert import_document(read_document(pdf, "pdf")).text == text


CHANGES = [
    ("行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: 3}", "“3”", "“2”"),
    ("行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: /}", "“/”", "“2”"),
    ("年度: 2022", "年度: 2021", "“2021”", "“2022”"),
    ("成文日期: 2023-01-31", "成文日期: 2023-02-01", "“2023-02-01”", "“2023-01-31”"),
    ("我局收到1条政府信息公开申请", "我局收到2条政府信息公开申请", "我局收到2条", "我局收到1条"),
]


@pytest.mark.parametrize(("old", "new", "attached", "printed"), CHANGES)
def test_a_pdf_whose_report_file_says_something_else_is_refused_with_both_values(
    pdf: bytes, old: str, new: str, attached: str, printed: str
) -> None:
    with pytest.raises(UserError, match=r"附带的报告文件和印出来的不一样") as error:
        import_document(read_document(_with_attachment(pdf, old, new), "pdf"))
    assert attached in str(error.value)
    assert printed in str(error.value)
