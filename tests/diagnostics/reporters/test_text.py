"""text: the source line, the mark under the right characters, colour only when asked."""

from __future__ import annotations

import json

import pytest

from nianbao.diagnostics.finding import Severity, Span
from nianbao.diagnostics.reporters import format_findings
from nianbao.diagnostics.reporters.text import as_text
from tests.diagnostics.reporters.samples import (
    ALL,
    ERROR,
    HOSTILE,
    HOSTILE_FINDING,
    LINES,
    PATH,
    WAIVED,
    finding,
)


def mark_of(line: str, span: Span) -> tuple[str, str]:
    """The excerpt of a line and the mark under it, without the gutter."""
    text = as_text([finding(span=span, help="")], {PATH: (line,)}, colour=False)
    _, excerpt, mark, _ = text.split("\n")
    return excerpt.removeprefix("    1 | "), mark.removeprefix("      | ")


def test_all_that_is_not_waived_is_told_and_counted() -> None:
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


def test_hints_come_after_the_rest_of_their_file() -> None:
    hint, warning = Severity.INFO, Severity.WARNING
    found = [
        finding(path=path, severity=severity, span=Span.at(line, 1), help="")
        for path in ("b.yaml", "a.yaml")
        for line, severity in enumerate((hint, warning, hint, Severity.ERROR), 1)
    ]
    told = as_text(found, {}, colour=False).split("\n")
    assert [line.split(": ")[0] for line in told[:-1]] == [
        f"{path}:{line}:1" for path in ("b.yaml", "a.yaml") for line in (2, 4, 1, 3)
    ]
    assert [
        item["line"] for item in json.loads(format_findings(found, {}, to="json"))["findings"]
    ] == [
        *(1, 2, 3, 4),
        *(1, 2, 3, 4),
    ]


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ([], "没有发现问题"),
        ([ERROR], "1 个错误，0 个警告"),
        ([WAIVED], "0 个错误，0 个警告，1 个已豁免"),
    ],
)
def test_the_last_line_is_the_count(findings: list[object], words: str) -> None:
    told = as_text(findings, {}, colour=False)  # type: ignore[arg-type]
    assert told.split("\n")[-1] == words


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
def test_the_mark_stands_under_the_characters(
    line: str, column: int, length: int, before: int, width: int
) -> None:
    _, mark = mark_of(line, Span.at(1, column, length))
    assert mark == " " * before + "^" * width


def test_a_mark_of_no_length_is_one_wide() -> None:
    assert mark_of("abc", Span(1, 1, 1, 1)) == ("abc", "^")


def test_a_mark_after_the_end_of_the_line_stands_there() -> None:
    assert mark_of("甲乙", Span.at(1, 3)) == ("甲乙", "    ^")
    assert mark_of("甲乙", Span.at(1, 99)) == ("甲乙", "    ^")


def test_a_stretch_of_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert mark_of("甲乙丙", Span(1, 2, 5, 9)) == ("甲乙丙", "  ^^^^")


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    excerpt, mark = mark_of("甲" * 500_000 + "错" + "乙" * 500_000, Span.at(1, 500_001))
    assert excerpt == "…" + "甲" * 17 + "错" + "乙" * 16 + "…"
    assert mark == " " * 35 + "^^"


def test_an_unreadable_file_has_no_excerpt() -> None:
    told = as_text([finding(help="")], {}, colour=False)
    assert told.split("\n")[1:] == ["1 个错误，0 个警告"]


def test_colour_is_only_there_when_asked_for() -> None:
    plain, coloured = (as_text([ERROR], LINES, colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert coloured.count("\x1b[31;1m") == 2
    assert coloured.replace("\x1b[31;1m", "").replace("\x1b[0m", "") == plain


def test_hostile_words_keep_to_their_line_and_steer_nothing() -> None:
    lines = {HOSTILE_FINDING.path: ("", HOSTILE)}
    told = as_text([HOSTILE_FINDING], lines, colour=False)
    assert len(told.split("\n")) == 5
    assert all(character.isprintable() or character == "\n" for character in told)
