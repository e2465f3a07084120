"""W: waivers. Each silences exactly one finding, and only while what it was given for is the same.

Structure can't be waived; arithmetic can, since a report that was published with wrong sums must
be reproducible.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.finding import Finding, Pointer, Severity, json_pointer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nianbao.report import Report

_UNUSED, _UNKNOWN, _REASONLESS, _FORBIDDEN = "W901", "W902", "W903", "W904"
# What the findings about waivers mean; docs/rules.md prints this beside the rules' own pages.
PAGES: Mapping[str, str] = {
    _UNUSED: "豁免没有用上：它说的结果已经没有了，或者原文、数值变了。删掉它，或者重新核实后改写。",
    _UNKNOWN: "豁免的规则编号不认识。用 python build.py rules 查看编号。",
    _REASONLESS: "豁免没有写理由。豁免照样不起作用，写明理由才算数。",
    _FORBIDDEN: "这条规则不能豁免：文件的结构错误必须改，别的规则才能检查。",
}


def apply_waivers(
    report: Report,
    findings: Sequence[Finding],
    known: Collection[str],
    failed: Collection[str] = (),
) -> list[Finding]:
    """Mark the findings that are waived, and add what is wrong with the waivers themselves.

    `known` are the IDs of the rules that can be waived; of the `failed` ones, which broke before
    they were done, no waiver is called unused.
    """
    findings = list(findings)
    for number, waiver in enumerate(report.data.get("豁免") or []):
        pointer: Pointer = ("豁免", number)
        problem = _problem(waiver, known)
        if problem is None:
            index = _match(report, waiver, findings)
            if index is not None:
                findings[index] = replace(findings[index], waived=True)
            if index is not None or waiver["规则"] in failed:
                continue
            near = [
                f
                for f in findings
                if f.rule == waiver["规则"] and json_pointer(f.pointer) == waiver["位置"]
            ]
            problem = (
                _UNUSED,
                f"豁免没有用上：{waiver['规则']} 在 {waiver['位置']} 没有与它相符的结果",
                _expected(near[0]) if near and not near[0].waived else "删掉这一条",
            )
        rule, message, mend = problem
        span = report.source.mark((*pointer, "规则")).value
        findings.append(
            Finding(rule, Severity.WARNING, report.source.path, span, pointer, message, mend)
        )
    return findings


def _problem(waiver: Mapping[str, Any], known: Collection[str]) -> tuple[str, str, str] | None:
    rule = waiver["规则"]
    if rule.startswith(("S", "W")) or rule == "F501":
        return _FORBIDDEN, f"{rule} 不能豁免", "改掉它说的问题，删掉这一条"
    if rule not in known:
        return _UNKNOWN, f"没有 {rule} 这条规则", "用 python build.py rules 查看编号"
    if not str(waiver.get("理由") or "").strip():
        return _REASONLESS, f"豁免 {rule} 没有写理由，不起作用", "加上 理由: ……"
    return None


def _match(report: Report, waiver: Mapping[str, Any], findings: Sequence[Finding]) -> int | None:
    """The finding that a waiver is for; before one whose words it contains, one that has them."""
    matches = [
        index
        for index, finding in enumerate(findings)
        if not finding.waived
        and finding.rule == waiver["规则"]
        and json_pointer(finding.pointer) == waiver["位置"]
        and _same_words(report, finding, waiver.get("原文"))
        and _same_numbers(finding, waiver.get("数值"))
    ]
    words = _one_line(waiver.get("原文") or "")
    return min(matches, key=lambda index: findings[index].quote != words, default=None)


def _same_words(report: Report, finding: Finding, words: str | None) -> bool:
    if words is None:
        return not finding.quote
    words = _one_line(words)
    prose = report.texts.get(finding.pointer)
    if prose is not None and words not in _one_line(prose.text):
        return False
    if finding.quote in words:
        return True
    span = finding.span
    line = report.source.lines[span.line - 1]
    return words in finding.quote and line[span.column - 1 : span.end_column - 1] in words


def _one_line(text: str) -> str:
    """Words as a waiver quotes them: a line break or several blanks are one blank."""
    return " ".join(text.split())


def _same_numbers(finding: Finding, numbers: Sequence[Any] | None) -> bool:
    if numbers is None:
        return not finding.numbers or bool(finding.quote)
    return [Decimal(str(n)) for n in numbers] == [Decimal(str(n)) for n in finding.numbers]


def _expected(finding: Finding) -> str:
    """How the waiver of a finding would have to read."""
    if finding.quote:
        return f"核实后写成 原文: {finding.quote}"
    if finding.numbers:
        return f"核实后写成 数值: [{', '.join(map(str, finding.numbers))}]"
    return "去掉 原文 和 数值"
