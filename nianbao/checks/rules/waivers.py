"""Apply waivers, and report waivers without effect (the W findings).

A waiver quotes the text or the numbers of one finding. If these change, the waiver has no effect.
Findings about structure can't be waived.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from nianbao.checks.rules.alike import ALIKE_DOCS
from nianbao.checks.visible_text import visible_text
from nianbao.diagnostics.finding import Finding, Pointer, Severity, json_pointer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nianbao.model.report import Report

_UNUSED, _UNKNOWN, _REASONLESS, _FORBIDDEN = "W901", "W902", "W903", "W904"
# Help pages of the findings about waivers; docs/rules.md prints them after the pages of rules.
WAIVER_DOCS: Final[dict[str, str]] = {
    _UNUSED: "豁免没有用上：它说的结果已经没有了，或者原文、数值变了，或者没有写数值。"
    "正文和表不一致的（P），数值是正文的数和表里的数，表里是 0 的可以不写。"
    "删掉它，或者重新核实后改写。",
    _UNKNOWN: "豁免的规则编号不认识。用 python build.py rules 查看编号。",
    _REASONLESS: "豁免没有写理由。豁免照样不起作用，写明理由才算数。",
    _FORBIDDEN: "这条规则不能豁免：文件的结构错误必须改，别的规则才能检查；"
    "和别的单位雷同，只有一起检查时才知道。",
}


@dataclass(frozen=True, slots=True)
class _WaiverProblem:
    """The reason why a waiver has no effect.

    `rule`: the ID under which it is reported, a key of WAIVER_DOCS.
    """

    rule: str
    message: str
    help: str


def apply_waivers(
    report: Report,
    findings: Sequence[Finding],
    known: Collection[str],
    failed: Collection[str] = (),
) -> list[Finding]:
    """Mark the waived findings, and add a finding for each waiver without effect.

    `known`: the IDs of the rules that can be waived.
    `failed`: the IDs of the rules that did not run completely.

    A waiver of a rule in `failed` is not reported as unused.
    """
    findings = list(findings)
    for number, waiver in enumerate(report.data.get("豁免") or []):
        pointer: Pointer = ("豁免", number)
        problem = _problem(waiver, known)
        if problem is None:
            index = _match(waiver, report, findings)
            if index is not None:
                findings[index] = replace(findings[index], waived=True)
            if index is not None or waiver["规则"] in failed:
                continue
            problem = _unused(waiver, findings)
        source = report.source
        span = source.location_of((*pointer, "规则")).value
        more = (span, pointer, problem.message, problem.help)
        findings.append(Finding(problem.rule, Severity.WARNING, source.path, *more))
    return findings


def _problem(waiver: Mapping[str, Any], known: Collection[str]) -> _WaiverProblem | None:
    """Return the problem of a waiver that can't match any finding; None if it can match one."""
    rule = waiver["规则"]
    if rule.startswith(("S", "W", "F5")) or rule in ALIKE_DOCS:
        return _WaiverProblem(_FORBIDDEN, f"{rule} 不能豁免", "改掉它说的问题，删掉这一条")
    if rule not in known:
        message, help_ = f"没有 {rule} 这条规则", "用 python build.py rules 查看编号"
        return _WaiverProblem(_UNKNOWN, message, help_)
    if not str(waiver.get("理由") or "").strip():
        message = f"豁免 {rule} 没有写理由，不起作用"
        return _WaiverProblem(_REASONLESS, message, "加上 理由: ……")
    return None


def _unused(waiver: Mapping[str, Any], findings: Sequence[Finding]) -> _WaiverProblem:
    """Return the reason why a waiver matches no finding."""
    rule, location = waiver["规则"], waiver["位置"]
    near = [f for f in findings if f.rule == rule and json_pointer(f.pointer) == location]
    message = f"豁免没有用上：{rule} 在 {location} 没有与它相符的结果"
    if not near or near[0].waived:
        return _WaiverProblem(_UNUSED, message, "删掉这一条")
    if near[0].numbers and waiver.get("数值") is None:
        message = f"豁免 {rule} 没有写 数值，不起作用：表里的数改了要能看出来"
    return _WaiverProblem(_UNUSED, message, _required_fields(near[0]))


def _match(waiver: Mapping[str, Any], report: Report, findings: Sequence[Finding]) -> int | None:
    """Return the index of the finding that a waiver applies to, or None.

    If several findings match, one with exactly the quoted text is preferred.
    """
    text = _bare(waiver.get("原文") or "")
    matches = [
        index
        for index, finding in enumerate(findings)
        if not finding.waived
        and finding.rule == waiver["规则"]
        and json_pointer(finding.pointer) == waiver["位置"]
        and _same_text(report, finding, waiver.get("原文"))
        and _same_numbers(finding, waiver.get("数值"))
    ]
    prose = report.texts.get(findings[matches[0]].pointer) if matches else None
    if prose is not None and text not in _bare(prose.rendered):
        return None
    return min(matches, key=lambda index: _bare(findings[index].quote) != text, default=None)


def _same_text(report: Report, finding: Finding, text: str | None) -> bool:
    """Return True if a waiver quotes enough of the text of a finding.

    The whole text is enough. More than half of it is enough, too, if all characters at the span of
    the finding are quoted.
    """
    if text is None or not finding.quote:
        return text is None and not finding.quote
    text, quote = _bare(text), _bare(finding.quote)
    if quote in text:
        return True
    span = finding.span
    line = report.source.lines[span.line - 1]
    pointed = _bare(line[span.column - 1 : span.end_column - 1])
    return text in quote and pointed in text and len(text) * 2 > len(quote)


@lru_cache(maxsize=512)  # the texts and the quotes of a report, compared with each waiver
def _bare(text: str) -> str:
    """Return the visible part of a text without any blanks, for comparison."""
    return "".join(visible_text(text).text.split())


def _same_numbers(finding: Finding, numbers: Sequence[Any] | None) -> bool:
    """Return True if a waiver's numbers are those of the finding.

    A waiver with a quote can leave the numbers out, but only if the table has 0: otherwise the
    waiver would still apply after the table has changed.
    """
    if numbers is None:
        return not finding.numbers or (bool(finding.quote) and finding.numbers[1] == 0)
    return [Decimal(str(n)) for n in numbers] == [Decimal(n) for n in finding.numbers]


def _required_fields(finding: Finding) -> str:
    """Return the help that shows how to write a waiver for a finding."""
    fields = []
    if finding.quote:
        fields.append(f"原文: {json.dumps(finding.quote, ensure_ascii=False)}")
    if finding.numbers:
        written = (f"{Decimal(number).normalize():f}" for number in finding.numbers)
        fields.append(f"数值: [{', '.join(written)}]")
    return f"核实后写成 {', '.join(fields)}" if fields else "去掉 原文 和 数值"
