"""Print a report, import what was printed, and compare with the report."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.checks.checker import compile_source
from nianbao.importing.importer import import_document
from nianbao.importing.readers import read_document
from nianbao.parsing.reader import parse_source
from nianbao.rendering import render_report
from nianbao.rendering.markdown.html import markdown_to_html
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    from nianbao.importing.importer import ImportedReport
    from nianbao.importing.readers import SourceFormat
    from nianbao.model.report import Report
    from nianbao.rendering import Format

READERS: dict[Format, SourceFormat] = {
    "html": "html", "md": "markdown", "pdf": "pdf", "docx": "docx"
}  # fmt: skip
# What a report says once; the contact is printed on web pages only.
_SINGLE_VALUES = ("格式", "年度", "机关", "成文日期", "文号")


def compile_report(text: str) -> Report:
    """Return the report of a report file; fail where it has none."""
    compiled = compile_source(parse_source(text.encode(), "report.yaml"))
    assert compiled.report is not None, [finding.message for finding in compiled.findings]
    return compiled.report


def printed_and_imported(report: Report, to: Format) -> ImportedReport:
    """Print a report and import the pages, without the report file that a PDF carries."""
    printed = render_report(report, to, Settings(), Path("/nonexistent"))
    return import_document(replace(read_document(printed, READERS[to]), attachment=b""))


def lost_in_print(report: Report, to: Format) -> list[str]:
    """Return what differs in a report after it was printed and imported."""
    other = compile_report(printed_and_imported(report, to).text)
    contacts = [each.data.get("联系方式", "") for each in (report, other)]
    contact = contacts if to == "html" and contacts[0] != contacts[1] else []
    return [*differences(report, other), *contact]


def differences(report: Report, other: Report) -> list[str]:
    """Return what differs: numbers, notes, texts as printed (blanks aside), single values."""
    found = []
    for pointer, value in report.values.items():
        came = other.values.get(pointer)
        if came is None or (value.number, value.note) != (came.number, came.note):
            found.append(f"{pointer}: {value} → {came}")
    for pointer in dict.fromkeys((*report.texts, *other.texts)):
        texts = [_printed_lines(each, pointer) for each in (report, other)]
        if texts[0] != texts[1]:
            found.append(f"{pointer}: {texts[0]} → {texts[1]}")
    for key in _SINGLE_VALUES:
        values = [str(each.data.get(key, "")) for each in (report, other)]
        if values[0] != values[1]:
            found.append(f"{key}: {values[0]} → {values[1]}")
    return found


def _printed_lines(report: Report, pointer: tuple[str | int, ...]) -> list[str]:
    text = report.texts.get(pointer)
    return printed_lines(text.rendered) if text else []


def printed_lines(markdown: str) -> list[str]:
    """Return the lines of a text as they are printed, without blanks."""
    page = markdown_to_html(markdown)
    page = re.sub(r'<li[^>]*value="(\d+)"[^>]*>', r"\n\1. ", page)
    page = re.sub(r"</(?:p|li|tr|h\d)>", "\n", page)
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    return ["".join(line.split()) for line in text.split("\n") if line.strip()]
