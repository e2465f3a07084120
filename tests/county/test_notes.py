"""A note lists for a unit what to correct, in the words of the form, worst first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nianbao.checks.checker import check_file
from nianbao.checks.rules import RULES
from nianbao.checks.rules.documentation import parse_rule_doc
from nianbao.checks.rules.indicators import indicator
from nianbao.county.notes import NotedReport, make_note, make_reminder
from nianbao.rendering.docx import render_docx
from nianbao.rendering.docx.blocks import DocxParagraph
from nianbao.rendering.docx.content import document_blocks
from nianbao.rendering.templates import render
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from nianbao.workspace.style import Style
from tests.checks.rules.examples import check_example
from tests.support import SEED

if TYPE_CHECKING:
    from nianbao.checks.rules.rule import Rule
    from nianbao.rendering.document import Document

NO_TEMPLATES = Path("no templates")


def checked(tmp_path: Path, *changes: tuple[str, str], year: str = "2022") -> NotedReport:
    """Return the first report with some changes, and its findings."""
    text = SEED.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / f"{year}.yaml"
    file.write_text(text, "utf-8")
    result = check_file(ReportFile(file, file.name, Path(year)), Settings())
    body = result.report.body if result.report else ""
    return NotedReport(body, year, result.form, result.findings)


def markdown(note: Document) -> str:
    return render(NO_TEMPLATES, "report.md", "markdown", note)


def test_errors_come_first_and_each_finding_has_place_indicator_and_remedy(tmp_path: Path) -> None:
    wrong_total = ("尚未审结: 0, 总计: 0}", "尚未审结: 0, 总计: 7}")
    text = markdown(make_note("文旅局", [checked(tmp_path, wrong_total)], Style()))
    assert (
        "古县文化和旅游局：\n\n你单位报送的政府信息公开工作年度报告收悉。经检查，必须改正的1处"
        in text
    )
    assert "数据准确4处" in text
    assert text.index("## 一、必须改正（1处）") < text.index("## 二、请核对，不对的改正（3处）")
    item = next(line for line in text.split("\n") if line.startswith("1. "))
    assert item.startswith("1. **四、政府信息公开行政复议、行政诉讼情况：")
    assert "（数据准确）" in item
    assert "改法：" in item
    assert "fix --prose" not in text


def test_reports_of_several_years_have_sections_of_their_own(tmp_path: Path) -> None:
    reports = [checked(tmp_path, year=year) for year in ("2021", "2022")]
    note = make_note("文旅局", reports, Style())
    assert note.title == ("古县文化和旅游局", "2021、2022年政府信息公开工作年度报告修改意见")
    headings = [section.title for section in note.sections]
    assert headings[0].startswith("一、2021年度的报告：请核对，不对的改正（")
    assert headings[2].startswith("三、2022年度的报告：")


def test_a_report_without_findings_and_one_that_cannot_be_read_have_a_note(tmp_path: Path) -> None:
    right = make_note("水利局", [NotedReport("古县水利局", "2022", None, ())], Style())
    assert "没有需要修改的地方" in markdown(right)
    unreadable = checked(tmp_path, ("格式: 2021", "格式: [2021"))
    text = markdown(make_note("水利局", [unreadable], Style()))
    assert "# 水利局2022年" in text
    assert "1. **第2行**（" in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_finding_speaks_of_the_program_or_of_its_files(rule: Rule, tmp_path: Path) -> None:
    result = check_example(parse_rule_doc(rule.documentation).fails, tmp_path)
    found = [finding for finding in result.findings if finding.rule == rule.id]
    assert found
    text = markdown(make_note("文旅局", [NotedReport("", "2022", result.form, found)], Style()))
    assert not re.search(r"\.ya?ml|units|豁免|--|›|\b(?:sum|fix|check)\b|{", text), text


def test_a_missing_report_is_asked_for_with_its_deadline() -> None:
    note = make_reminder("古县水利局", 2023, date(2024, 1, 31), Style())
    assert markdown(note).rstrip() == (
        "# 古县水利局2023年政府信息公开工作年度报告催报通知\n\n古县水利局：\n\n"
        "没有收到你单位2023年度的政府信息公开工作年度报告。"
        "这份报告应当在2024年1月31日以前公布。请抓紧编写、报送。"
    )
    _, salutation, text = document_blocks(note, 28)
    assert isinstance(salutation, DocxParagraph)
    assert isinstance(text, DocxParagraph)
    assert (salutation.is_flush, text.is_flush) == (True, False)
    assert "以前" not in markdown(make_reminder("古县水利局", 2023, None, Style()))
    assert render_docx(note, NO_TEMPLATES)


def test_waived_findings_are_left_out(tmp_path: Path) -> None:
    report = checked(tmp_path)
    waived = [replace(finding, waived=True) for finding in report.findings]
    text = markdown(make_note("文旅局", [replace(report, findings=waived)], Style()))
    assert "没有需要修改的地方" in text
    assert "1. " not in text


def test_hostile_names_are_words_in_every_format(tmp_path: Path) -> None:
    name = "甲<script>alert(1)</script>|**局**\x0b"
    report = NotedReport(name, "2022", None, checked(tmp_path).findings)
    note = make_note("文旅局", [report], Style())
    assert "<script>" not in render(NO_TEMPLATES, "note.html", "html", note)
    assert "<script>" not in markdown(note)
    assert render_docx(note, NO_TEMPLATES) == render_docx(note, NO_TEMPLATES)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("F401", "发布时效"),
        ("S101", "内容完整"),
        ("F418", "内容完整"),
        ("A103", "数据准确"),
        ("P301", "数据准确"),
        ("H601", "数据准确"),
        ("H607", "内容雷同"),
        ("F414", "内容雷同"),
        ("F431", "文字规范"),
        ("S004", "文字规范"),
    ],
)
def test_every_rule_belongs_to_an_indicator(rule: str, expected: str) -> None:
    assert indicator(rule) == expected
