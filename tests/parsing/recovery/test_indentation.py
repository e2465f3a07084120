"""Lines that stand at a wrong depth: the form says where each goes, and the rest is still read."""

import re
from pathlib import Path

import pytest

from nianbao.diagnostics.finding import Severity
from nianbao.parsing.recovery.indentation import fix_indentation
from tests.support import SEED, check_text, fixture_reports

LINES = SEED.read_text(encoding="utf-8").split("\n")
KEYS = [
    number
    for number, line in enumerate(LINES)
    if re.match(r" *(?!正文)[^\s:：，。“#-]+: *(?:\||\{.*\}|)\s*(?:#.*)?\Z", line)
]


def moved(number: int, by: int) -> list[str]:
    line = LINES[number]
    indent = len(line) - len(line.lstrip()) + by
    return [*LINES[:number], " " * indent + line.lstrip(), *LINES[number + 1 :]]


def is_alone(number: int) -> bool:
    """Return True if a line is alone in its group: then it may have any greater indentation."""
    return "行政许可:" in LINES[number] or "行政事业性收费:" in LINES[number]


@pytest.mark.parametrize("by", [-2, -1, 1, 2, 4])
def test_a_wrongly_indented_key_is_reported_once_and_read_in_its_group(
    by: int,
) -> None:
    assert len(KEYS) > 50
    for number in KEYS:
        line = LINES[number]
        if by < 0 and not line.startswith(" " * -by):
            continue
        found = list(fix_indentation(moved(number, by)))
        if is_alone(number) and by > -2:
            assert found == []
            continue
        [(reported, fixed)] = found
        assert (reported, fixed.text) == (number, line)
        assert fixed.problems[0].column == len(line) - len(line.lstrip()) + by + 1


def test_a_file_with_such_a_line_has_no_other_errors(tmp_path: Path) -> None:
    # Of the first row of a group YAML blames the next line; 主动公开 it takes for prose.
    for start, by in (
        ("  本年新收", 2),
        ("    予以公开", -2),
        ("  主动公开: |", 2),
        ("  补充:", 2),
    ):
        number = next(n for n, line in enumerate(LINES) if line.startswith(start))
        findings = check_text("\n".join(moved(number, by)), tmp_path).findings
        errors = [each for each in findings if each.severity is Severity.ERROR]
        assert [(each.rule, each.span.line) for each in errors] == [("S104", number + 1)]
        assert "缩进不对" in errors[0].message


@pytest.mark.parametrize("name", fixture_reports())
def test_a_good_report_is_left_alone(name: str) -> None:
    text = fixture_reports()[name].read_text(encoding="utf-8")
    assert list(fix_indentation(text.split("\n"))) == []
    wider = re.sub(r"(?m)^ +", lambda spaces: spaces.group() * 2, text)
    assert list(fix_indentation(wider.split("\n"))) == []


def test_a_number_with_its_note_may_stand_on_lines_of_its_own() -> None:
    row = ["主动公开政府信息情况:", "  第二十条第五项:", "    行政许可:", "      本年处理决定数量:"]
    assert list(fix_indentation([*row, "        数值: 2", "        注: 其中撤回1件"])) == []


def test_items_of_a_list_may_stand_at_depths_of_their_own() -> None:
    items = ["  - 标题: 甲", "    正文: |", "      无", "  -   标题: 乙", "      正文: 无"]
    assert list(fix_indentation(["总体情况:", "  补充:", *items])) == []


def test_words_of_the_form_in_prose_are_prose() -> None:
    prose = [
        "引言: |",
        "  年度: 2022",
        "  总体情况:",
        "  见下。",
        "总体情况:",
        "  概述: |",
        "    无",
    ]
    assert list(fix_indentation(prose)) == []
