"""Write a note to a unit about what it has to correct in its reports.

A note is a document like a report, so that it has the same outputs: Markdown, web page, Word file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from nianbao.checks.rules.indicators import INDICATORS, indicator
from nianbao.checks.rules.proofreading import FIX_COMMAND
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.model.form import load_form
from nianbao.model.schema import editions, load_schema
from nianbao.rendering.document import Block, Document, SectionView, chinese_number
from nianbao.rendering.markdown.gfm import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Form
    from nianbao.workspace.style import Style

_HEADINGS: Final = {
    Severity.ERROR: "必须改正",
    Severity.WARNING: "请核对，不对的改正",
    Severity.INFO: "供参考",
}


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A report of a unit with its findings.

    `body`: 机关, or "" if it can't be read. `year`: the year in the name of the file, or "".
    `form`: the edition of the form, or None if unknown. `findings`: the findings to list.
    """

    body: str
    year: str
    form: Form | None
    findings: Sequence[Finding]


def make_note(unit: str, reports: Sequence[CheckedReport], style: Style) -> Document:
    """Return the note to a unit about its reports; waived findings are left out.

    `unit`: the name of the unit; the note uses it only if no report has a 机关.
    """
    body = next((report.body for report in reports if report.body), unit)
    years = "、".join(dict.fromkeys(report.year for report in reports if report.year))
    *first, last = (line.format(机关=body, 年度=years) for line in load_form(editions()[0]).title)
    title = (*first, f"{last.removeprefix('年')}修改意见")
    live = [finding for report in reports for finding in _live(report)]
    return Document(
        title=title,
        title_lines=title,
        body="",
        year=0,
        number="",
        date=date.min,
        signed="",
        signature=(),
        date_is_longer=False,
        lead=f"{escape(body)}：\n{_summary(live)}",
        sections=tuple(_sections(reports)),
        contact="",
        meta=(),
        style=style,
    )


def _sections(reports: Sequence[CheckedReport]) -> Iterator[SectionView]:
    """Yield a section for each report and severity for which there are findings."""
    number = 0
    for report in reports:
        for severity, heading in _HEADINGS.items():
            found = [finding for finding in _live(report) if finding.severity is severity]
            if found:
                number += 1
                year = f"{report.year}年度的报告：" if len(reports) > 1 else ""
                title = f"{chinese_number(number)}、{year}{heading}（{len(found)}处）"
                text = "\n".join(_items(found, report.form))
                yield SectionView(f"s{number}", title, (Block("", text),), (), (), ())


def _live(report: CheckedReport) -> list[Finding]:
    return [finding for finding in report.findings if not finding.waived]


def _summary(findings: Sequence[Finding]) -> str:
    """Return the first paragraph: the number of findings by severity and by kind."""
    name = load_schema()["title"]
    if not findings:
        return f"你单位的{name}已经检查，没有需要修改的地方。"
    counts = Counter(finding.severity for finding in findings)
    kinds = Counter(indicator(finding.rule) for finding in findings)
    parts = [
        f"{verb}{counts[severity]}处"
        for severity, verb in (
            (Severity.ERROR, "必须改正的"),
            (Severity.WARNING, "需要核对的"),
            (Severity.INFO, "供参考的"),
        )
        if counts[severity]
    ]
    by_kind = "，".join(f"{kind}{kinds[kind]}处" for kind in INDICATORS if kinds[kind])
    wanted = "请逐条修改或者说明，然后重新报送。" if set(counts) != {Severity.INFO} else ""
    return f"你单位的{name}已经检查，{'，'.join(parts)}（{by_kind}）。{wanted}"


def _items(findings: Sequence[Finding], form: Form | None) -> Iterator[str]:
    """Yield a list item for each finding: position, kind, message and help."""
    for number, finding in enumerate(findings, 1):
        place = finding.place or _labels(finding, form)
        remedy = finding.help.removesuffix(FIX_COMMAND).rstrip(
            "。"
        )  # the unit may have no report file
        help_ = f"改法：{escape(remedy)}。" if remedy else ""
        message = escape(finding.message.rstrip("。"))
        kind = indicator(finding.rule)
        yield f"{number}. **{escape(place)}**（{kind}）{message}。{help_}"


def _labels(finding: Finding, form: Form | None) -> str:
    """Return the position of a finding in the words of the form; 全文 if it is the whole report."""
    pointer = finding.pointer
    if form is None or not pointer:
        return "全文"
    return " › ".join(form.labels(pointer))
