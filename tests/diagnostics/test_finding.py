"""Findings: positions, pointers, order."""

import pytest

from nianbao.diagnostics.finding import (
    FILE_START,
    MAX_FINDINGS,
    Finding,
    Pointer,
    Severity,
    Span,
    json_pointer,
    limit_findings,
)


def finding(rule: str, span: Span, message: str = "") -> Finding:
    return Finding(rule, Severity.ERROR, "r.yaml", span, (), message)


@pytest.mark.parametrize(
    ("pointer", "written"),
    [
        ((), ""),
        (("总体情况", "补充", 0, "正文"), "/总体情况/补充/0/正文"),
        (("a/b", "c~d", "~1", ""), "/a~1b/c~0d/~01/"),
    ],
)
def test_a_pointer_is_written_by_rfc_6901(pointer: Pointer, written: str) -> None:
    assert json_pointer(pointer) == written


def test_findings_are_sorted_by_position_then_by_rule() -> None:
    ordered = [
        finding("S102", FILE_START),
        finding("S101", Span.at(2, 1)),
        finding("S103", Span.at(2, 1), "甲"),
        finding("S103", Span.at(2, 1), "乙"),
        finding("S101", Span.at(2, 10)),
        finding("S101", Span.at(10, 1)),
    ]
    mixed = [ordered[number] for number in (5, 2, 4, 0, 3, 1)]
    found = sorted(mixed, key=lambda each: each.sort_key)
    assert found == [*ordered[:2], ordered[3], ordered[2], *ordered[4:]]


def test_a_span_ends_before_its_end_column() -> None:
    assert Span.at(3, 5, 2) == Span(3, 5, 3, 7)


def test_only_the_first_of_very_many_findings_are_kept() -> None:
    findings = [finding("S101", Span.at(line, 1)) for line in range(MAX_FINDINGS + 5, 0, -1)]
    assert limit_findings(findings[5:]) == findings[:4:-1]
    *kept, last = limit_findings(findings)
    assert kept == findings[:4:-1]
    assert (last.rule, last.message, last.span.line) == ("S190", "还有 5 处", MAX_FINDINGS)
