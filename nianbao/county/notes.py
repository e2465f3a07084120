"""Write notes to units about what to correct in their reports.

A note is a document like a report, with the same output formats.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from nianbao.checks.rules.indicators import INDICATORS, indicator
from nianbao.checks.rules.proofreading import FIX_COMMAND
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.model.form import load_form
from nianbao.model.schema import SUM_KEY, editions, load_schema
from nianbao.rendering.document import Block, Document, SectionView, chinese_number
from nianbao.rendering.markdown.gfm import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form
    from nianbao.workspace.style import Style

_HEADINGS: Final = {
    Severity.ERROR: "必须改正",
    Severity.WARNING: "请核对，不对的改正",
    Severity.INFO: "供参考",
}


# What a finding says to those who use the program, and what a note says instead.
_IN_WORDS: Final = (
    (re.compile(re.escape(FIX_COMMAND)), ""),
    (re.compile("(?<=的)(?:可以|，核实后)豁免"), "，请说明情况"),
    (re.compile(r"（[^（）]*\.ya?ml(?::[0-9]+)?）"), ""),  # the place in another unit's file
    (re.compile(r"(?<=上一年的报告) \S+\.ya?ml"), ""),
    (re.compile(r"^\S+\.ya?ml (?=有错误)"), "上一年的报告"),
    (re.compile("：{数值: .*}"), ""),
    (re.compile("改成 格式: ([0-9]{4})"), r"改用 \1 年的格式"),
    (re.compile("；sum --explain .*"), ""),
    (re.compile("用 sum "), ""),
    (re.compile(r"在 units\.toml 里给 \S+ 写 "), "在单位名单里写明"),
    (re.compile(r"units\.toml "), "单位名单"),
    (re.compile("的写明 机关类型"), "的，请说明情况"),
    (re.compile(" › "), "的"),
)


@dataclass(frozen=True, slots=True)
class NotedReport:
    """A report of a unit with its findings.

    `body`: 机关, or "" if it can't be read.
    `year`: the year in the name of the file, or "".
    `form`: the edition of the form, or None if unknown.
    `findings`: the findings to list.
    """

    body: str
    year: str
    form: Form | None
    findings: Sequence[Finding]


def make_note(unit: str, reports: Sequence[NotedReport], style: Style) -> Document:
    """Return the note to a unit about the findings in its reports.

    Waived findings (豁免) are left out.

    `unit`: the name of the unit, which is used if no report has a 机关.
    """
    body = next((report.body for report in reports if report.body), unit)
    years = "、".join(dict.fromkeys(report.year for report in reports if report.year))
    live = [finding for report in reports for finding in _live(report)]
    title = _title(body, years, "修改意见")
    return _document(title, body, _summary(live), tuple(_sections(reports)), style)


def make_reminder(unit: str, year: int, deadline: date | None, style: Style) -> Document:
    """Return the note to a unit whose report of a year is missing.

    `unit`: the name of the unit.
    `deadline`: the last day to publish the report, or None.
    """
    text = f"没有收到你单位{year}年度的{load_schema()['title']}。"
    if deadline:
        text += f"这份报告应当在{deadline.year}年{deadline.month}月{deadline.day}日以前公布。"
    return _document(
        _title(unit, str(year), "催报通知"), unit, f"{text}请抓紧编写、报送。", (), style
    )


def _title(body: str, years: str, kind: str) -> tuple[str, ...]:
    *first, last = (line.format(机关=body, 年度=years) for line in load_form(editions()[0]).title)
    return (*first, f"{last.removeprefix('年')}{kind}")


def _document(
    title: tuple[str, ...],
    body: str,
    text: str,
    sections: tuple[SectionView, ...],
    style: Style,
) -> Document:
    """Return a letter to a body, with `text` as its first paragraph."""
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
        lead=f"{escape(body)}：\n{text}",
        sections=sections,
        contact="",
        meta=(),
        style=style,
        has_salutation=True,
    )


def _sections(reports: Sequence[NotedReport]) -> Iterator[SectionView]:
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


def _live(report: NotedReport) -> list[Finding]:
    return [finding for finding in report.findings if not finding.waived]


def _summary(findings: Sequence[Finding]) -> str:
    """Return the first paragraph: the number of findings by severity and by kind."""
    name = load_schema()["title"]
    if not findings:
        return f"你单位报送的{name}收悉。经检查，没有需要修改的地方。"
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
    return f"你单位报送的{name}收悉。经检查，{'，'.join(parts)}（{by_kind}）。{wanted}"


def _items(findings: Sequence[Finding], form: Form | None) -> Iterator[str]:
    """Yield a list item for each finding: position, kind, message and help."""
    for number, finding in enumerate(findings, 1):
        place = finding.place or _labels(finding, form)
        remedy = escape(_in_words(finding.help).rstrip("。"))
        help_ = f"改法：{remedy}。" if remedy else ""
        message = escape(_in_words(finding.message).rstrip("。"))
        kind = indicator(finding.rule)
        yield f"{number}. **{escape(place)}**（{kind}）{message}。{help_}"


def _in_words(text: str) -> str:
    """Return a message or remedy without words that only users of this program understand."""
    for pattern, words in _IN_WORDS:
        text = pattern.sub(words, text)
    return text


def _labels(finding: Finding, form: Form | None) -> str:
    """Return the position of a finding in the words of the form; 全文 if it is the whole report.

    A position that the form has no words for, such as a typing error, is a line of the file.
    """
    pointer: Pointer = finding.pointer[:1] if finding.pointer[:1] == (SUM_KEY,) else finding.pointer
    if not pointer:
        return f"第{finding.span.line}行" if finding.span.line > 1 else "全文"
    first, *others = form.labels(pointer) if form else map(str, pointer)
    return f"{first}：{'，'.join(others)}" if others else first
