"""text: the source line, the marker under the right characters, colour on request."""

from __future__ import annotations

import json

import pytest

from nianbao.diagnostics.finding import Finding, Severity, Span
from nianbao.diagnostics.reporters import format_findings
from nianbao.diagnostics.reporters.text import as_text
from tests.diagnostics.reporters.samples import (
    ALL,
    ERROR,
    HOSTILE,
    HOSTILE_FINDING,
    INFO,
    LINES,
    PATH,
    WAIVED,
    WARNING,
    finding,
)


def excerpt_and_marker(line: str, span: Span) -> tuple[str, str]:
    """Return the excerpt of a line and the marker below it, without the gutter."""
    text = as_text([finding(span=span, help="")], {PATH: (line,)}, colour=False)
    _, excerpt, marker, _ = text.split("\n")
    return excerpt.removeprefix("    1 | "), marker.removeprefix("      | ")


def test_all_but_waived_findings_are_printed_and_counted() -> None:
    assert format_findings(ALL, LINES, to="text").split("\n") == [
        "reports/某局/2022.yaml:2:22: 错误 A101 “总计”是 3，各项之和是 2",
        "    2 |   本年新收: {自然人: 2, 总计: 3}",
        "      |                               ^",
        "        改法：改成 2",
        "reports/某局/2022.yaml:3:15: 警告 P301 正文说“收到1条”，表里是 0",
        "    3 |     2022年，我局收到1条政府信息公开申请。",
        "      |                     ^",
        "        改法：核对后改正文或改表",
        "reports/某局/2022.yaml:2:3: 提示 F417 没有写",
        "    2 |   本年新收: {自然人: 2, 总计: 3}",
        "      |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "1 个错误，1 个警告，1 个提示，1 个已豁免",
    ]


def test_errors_of_all_files_come_first_then_warnings_then_hints() -> None:
    hint, warning = Severity.INFO, Severity.WARNING
    found = [
        finding(path=path, severity=severity, span=Span.at(line, 1), help="")
        for path in ("b.yaml", "a.yaml")
        for line, severity in enumerate((hint, warning, hint, Severity.ERROR), 1)
    ]
    output = as_text(found, {}, colour=False).split("\n")
    assert [line.split(": ")[0] for line in output[:-1]] == [
        *("b.yaml:4:1", "a.yaml:4:1"),
        *("b.yaml:2:1", "a.yaml:2:1"),
        *("b.yaml:1:1", "b.yaml:3:1", "a.yaml:1:1", "a.yaml:3:1"),
    ]
    assert [
        item["line"] for item in json.loads(format_findings(found, {}, to="json"))["findings"]
    ] == [
        *(1, 2, 3, 4),
        *(1, 2, 3, 4),
    ]


@pytest.mark.parametrize(
    ("findings", "line"),
    [
        ([], "没有发现问题"),
        ([ERROR], "1 个错误，0 个警告"),
        ([WAIVED], "0 个错误，0 个警告，1 个已豁免"),
    ],
)
def test_the_last_line_has_the_counts(findings: list[object], line: str) -> None:
    output = as_text(findings, {}, colour=False)  # type: ignore[arg-type]
    assert output.split("\n")[-1] == line


@pytest.mark.parametrize(
    ("findings", "hidden", "line"),
    [
        ([], [WARNING, INFO], "0 个错误；另有 1 个警告、1 个提示没有显示"),
        ([ERROR], [WARNING, WAIVED], "1 个错误；另有 1 个警告没有显示"),
        ([ERROR], [INFO], "1 个错误，0 个警告；另有 1 个提示没有显示"),
        ([WARNING], [ERROR, WARNING], "0 个错误，1 个警告；另有 1 个错误、1 个警告没有显示"),
        ([], [WAIVED], "没有发现问题"),
    ],
)
def test_the_last_line_says_what_a_filter_hides(
    findings: list[Finding], hidden: list[Finding], line: str
) -> None:
    for to in ("text", "github"):
        output = format_findings(findings, {}, to=to, hidden=hidden)
        assert output.split("\n")[-1] == line


@pytest.mark.parametrize(
    ("line", "column", "length", "before", "width"),
    [
        ("abc", 2, 1, 1, 1),
        ("机关: 甲", 5, 1, 6, 2),
        ("机关: 甲乙", 5, 2, 6, 4),
        ("（一）２", 4, 1, 6, 2),
        # Ambiguous width counts as one column: “ ” … × α ①
        ("“×α①…”甲", 7, 1, 6, 2),
        # Combining marks and variation selectors take none.
        ("e\u0301x\ufe0fy", 5, 1, 2, 1),
        ("ｱ甲", 2, 1, 1, 2),
        ("😀甲", 2, 1, 2, 2),
        ("\t甲", 2, 1, 1, 2),
    ],
)
def test_the_marker_is_below_the_characters(
    line: str, column: int, length: int, before: int, width: int
) -> None:
    _, marker = excerpt_and_marker(line, Span.at(1, column, length))
    assert marker == " " * before + "^" * width


def test_the_marker_for_an_empty_span_is_one_wide() -> None:
    assert excerpt_and_marker("abc", Span(1, 1, 1, 1)) == ("abc", "^")


def test_the_marker_can_be_after_the_end_of_the_line() -> None:
    assert excerpt_and_marker("甲乙", Span.at(1, 3)) == ("甲乙", "    ^")
    assert excerpt_and_marker("甲乙", Span.at(1, 99)) == ("甲乙", "    ^")


def test_a_span_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert excerpt_and_marker("甲乙丙", Span(1, 2, 5, 9)) == ("甲乙丙", "  ^^^^")


def test_a_long_line_is_shortened_around_the_position() -> None:
    excerpt, marker = excerpt_and_marker(
        "甲" * 500_000 + "错" + "乙" * 500_000, Span.at(1, 500_001)
    )
    assert excerpt == "…" + "甲" * 17 + "错" + "乙" * 16 + "…"
    assert marker == " " * 35 + "^^"


def test_an_unreadable_file_has_no_excerpt() -> None:
    output = as_text([finding(help="")], {}, colour=False)
    assert output.split("\n")[1:] == ["1 个错误，0 个警告"]


def test_colours_are_only_used_on_request() -> None:
    plain, coloured = (as_text([ERROR], LINES, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert coloured.count("\x1b[31;1m") == 2
    assert coloured.replace("\x1b[31;1m", "").replace("\x1b[0m", "") == plain


def test_hostile_text_stays_on_its_line_without_control_characters() -> None:
    lines = {HOSTILE_FINDING.path: ("", HOSTILE)}
    output = as_text([HOSTILE_FINDING], lines, colour=False)
    assert len(output.split("\n")) == 5
    assert all(character.isprintable() or character == "\n" for character in output)


def test_an_excerpt_of_marks_without_width_is_short() -> None:
    excerpt, _ = excerpt_and_marker("甲" + "\u0301" * 200_000, Span.at(1, 100_000))
    assert len(excerpt) < 1_000
