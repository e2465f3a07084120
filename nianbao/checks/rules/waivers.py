"""W: waivers. Each silences exactly one finding, and only while what it was given for is the same.

Structure can't be waived; arithmetic can, since a report that was published with wrong sums must
be reproducible.
"""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.checks.visible_text import visible_text
from nianbao.diagnostics.finding import Finding, Pointer, Severity, json_pointer

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from nianbao.model.report import Report

_UNUSED, _UNKNOWN, _REASONLESS, _FORBIDDEN = "W901", "W902", "W903", "W904"
# What the findings about waivers mean; docs/rules.md prints this beside the rules' own pages.
WAIVER_DOCS: Mapping[str, str] = {
    _UNUSED: "豁免没有用上：它说的结果已经没有了，或者原文、数值变了，或者没有写数值。"
    "正文和表不一致的（P），数值是正文的数和表里的数，表里是 0 的可以不写。"
    "删掉它，或者重新核实后改写。",
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
            index = _match(waiver, report, findings)
            if index is not None:
                findings[index] = replace(findings[index], waived=True)
            if index is not None or waiver["规则"] in failed:
                continue
            problem = _unused(waiver, findings)
        rule, message, mend = problem
        span = report.source.location_of((*pointer, "规则")).value
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


def _unused(waiver: Mapping[str, Any], findings: Sequence[Finding]) -> tuple[str, str, str]:
    """What to say of a waiver that silences nothing."""
    rule, place = waiver["规则"], waiver["位置"]
    near = [f for f in findings if f.rule == rule and json_pointer(f.pointer) == place]
    message = f"豁免没有用上：{rule} 在 {place} 没有与它相符的结果"
    if not near or near[0].waived:
        return _UNUSED, message, "删掉这一条"
    if near[0].numbers and waiver.get("数值") is None:
        message = f"豁免 {rule} 没有写 数值，不起作用：表里的数改了要能看出来"
    return _UNUSED, message, _expected(near[0])


def _match(waiver: Mapping[str, Any], report: Report, findings: Sequence[Finding]) -> int | None:
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
    words = _bare(waiver.get("原文") or "")
    return min(matches, key=lambda index: _bare(findings[index].quote) != words, default=None)


def _same_words(report: Report, finding: Finding, words: str | None) -> bool:
    """Whether a waiver quotes what is found fault with: all of it or more, or most of it with
    the very place pointed at.
    """
    if words is None or not finding.quote:
        return words is None and not finding.quote
    words, quote = _bare(words), _bare(finding.quote)
    prose = report.texts.get(finding.pointer)
    if prose is not None and words not in _bare(prose.rendered):
        return False
    if quote in words:
        return True
    span = finding.span
    line = report.source.lines[span.line - 1]
    pointed = _bare(line[span.column - 1 : span.end_column - 1])
    return words in quote and pointed in words and len(words) * 2 > len(quote)


def _bare(text: str) -> str:
    """Words as they are compared: as they are seen, without blanks."""
    return "".join(visible_text(text).text.split())


def _same_numbers(finding: Finding, numbers: Sequence[Any] | None) -> bool:
    """Whether the numbers are those that a waiver was given for.

    Words alone would outlive a change of the table below them: so they stand for a table that has
    nothing, and any other number must be named.
    """
    if numbers is None:
        return not finding.numbers or (bool(finding.quote) and finding.numbers[1] == 0)
    return [Decimal(str(n)) for n in numbers] == [Decimal(n) for n in finding.numbers]


def _expected(finding: Finding) -> str:
    """How the waiver of a finding would have to read."""
    fields = []
    if finding.quote:
        fields.append(f"原文: {json.dumps(finding.quote, ensure_ascii=False)}")
    if finding.numbers:
        written = (f"{Decimal(number).normalize():f}" for number in finding.numbers)
        fields.append(f"数值: [{', '.join(written)}]")
    return f"核实后写成 {', '.join(fields)}" if fields else "去掉 原文 和 数值"
