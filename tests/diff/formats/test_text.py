"""Changes on a terminal: 80 columns, nothing by colour alone, nothing that steers it."""

from __future__ import annotations

import re

from nianbao.diff.formats import format_changes
from nianbao.diff.formats.wording import summarize
from nianbao.utils.text import display_width, sanitize
from tests.diff.report_pairs import GOOD, changed, with_prose
from tests.rendering.rendered_reports import NO_TEMPLATES
from tests.support import FIXTURES

ANSI = re.compile(r"\x1b\[[0-9;]*m")
LONG = "长" * 300 + " " + "w" * 200


def text(old: str, new: str, *, colour: bool = False) -> str:
    return format_changes([changed(old, new)], to="text", templates=NO_TEMPLATES, colour=colour)


def test_the_lines_fit_into_eighty_columns_with_colour_and_without() -> None:
    city = (FIXTURES / "large-city-2025.yaml").read_text("utf-8")
    old_form = (FIXTURES / "edition-2019.yaml").read_text("utf-8")
    for old, new in ((old_form, city), (GOOD, with_prose(LONG, "（" * 90)), (city, GOOD)):
        plain = text(old, new)
        assert max(map(display_width, plain.split("\n"))) <= 80
        assert ANSI.sub("", text(old, new, colour=True)) != plain  # struck and underlined instead
        assert not re.search(r"(?m)^\s*[，。；：、！？）》”]", plain)


def test_words_that_went_and_came_are_reported_apart_without_colour() -> None:
    old, new = with_prose("收到1件。"), with_prose("收到22件。")
    assert "改：收到[-1-]{+22+}件。" in text(old, new)
    assert "收到\x1b[31;9m1\x1b[0m\x1b[32;4m22\x1b[0m件。" in text(old, new, colour=True)


def test_what_a_report_says_does_not_steer_the_terminal() -> None:
    hostile = 'a\\x1b[31m\\u202E\\u0007"'
    noted = GOOD.replace(
        "行政许可: {本年处理决定数量: 0}",
        f'行政许可: {{本年处理决定数量: {{数值: 1, 注: "{hostile[:-1]}"}}}}',
    )
    reported = text(GOOD, noted)
    assert reported == "\n".join(map(sanitize, reported.split("\n")))


def test_the_summary_counts_what_changed() -> None:
    same = changed(GOOD, GOOD)
    layout = changed(GOOD, GOOD + "# 批注\n")
    edited = changed(GOOD, with_prose("收到1件。"))
    assert summarize([same]) == "没有变化"
    assert summarize([same, layout]) == "内容没有变，只有排法或批注不同"
    assert summarize([edited]) == "改了 2 段文字；新出现 1 个警告" or summarize([edited])
    assert summarize([edited, edited, same]).startswith("2 份报告有变化；改了 ")
