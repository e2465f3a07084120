"""The limits of prose: each is reported beyond it, at its place, and not before."""

from __future__ import annotations

import pytest

from nianbao.model.prose import (
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_COLUMNS,
    MAX_LINE_MARKS,
    MAX_LINES,
    MAX_MARKED_CHARACTERS,
    MAX_MARKS,
    MAX_NESTING,
    find_excess,
)


def table(columns: int, rows: int) -> str:
    header, rule = ("|" + sign * columns for sign in ("甲|", "-|"))
    return "\n".join([header, rule, *["|1|"] * rows])


def nested(levels: int) -> str:
    return "\n".join("  " * level + "- 甲" for level in range(levels))


# A text at the limit, one beyond it, and words of the message.
LIMITS = {
    "characters": ("甲" * MAX_CHARACTERS, "甲" * (MAX_CHARACTERS + 1), f"{MAX_CHARACTERS} 字"),
    "characters with Markdown": (
        "*" + "甲" * (MAX_MARKED_CHARACTERS - 1),
        "*" + "甲" * MAX_MARKED_CHARACTERS,
        f"{MAX_MARKED_CHARACTERS} 字",
    ),
    "lines": ("*\n" * (MAX_LINES - 1), "*\n" * MAX_LINES, f"{MAX_LINES} 行"),
    "marks": (
        ("*" * 100 + "\n") * (MAX_MARKS // 100),
        ("*" * 100 + "\n") * (MAX_MARKS // 100) + "*",
        f"{MAX_MARKS} 个",
    ),
    "cells": (
        table(MAX_COLUMNS, MAX_CELLS // MAX_COLUMNS - 1),
        table(MAX_COLUMNS, MAX_CELLS // MAX_COLUMNS),
        f"{MAX_CELLS} 格",
    ),
    "columns": (table(MAX_COLUMNS, 1), table(MAX_COLUMNS + 1, 1), f"{MAX_COLUMNS} 列"),
    "nesting by indentation": (nested(MAX_NESTING), nested(MAX_NESTING + 1), f"{MAX_NESTING} 层"),
    "nesting in a line": (
        "> " * MAX_NESTING + "甲",
        "> " * (MAX_NESTING + 1) + "甲",
        f"{MAX_NESTING} 层",
    ),
    "marks in a line": (
        "`" * MAX_LINE_MARKS + "甲",
        "`" * (MAX_LINE_MARKS + 1) + "甲",
        f"{MAX_LINE_MARKS} 个",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_text_at_a_limit_is_accepted_and_one_beyond_it_reported(name: str) -> None:
    within, beyond, words = LIMITS[name]
    assert list(find_excess([within])) == []
    (excess,) = find_excess([beyond])
    assert words in excess.problem.message
    assert excess.problem.help


def test_the_texts_of_a_report_are_counted_together() -> None:
    half = "*\n" * (MAX_LINES // 2)
    assert list(find_excess([half[:-1]] * 2)) == []
    (excess,) = find_excess([half, half])
    assert excess.text_index == 1


def test_the_line_that_is_too_much_is_the_one_reported() -> None:
    text = "**甲**\n" + "`" * 300 + "乙\n丙"
    (excess,) = find_excess(["丁", text])
    assert (excess.text_index, text[excess.start : excess.end]) == (1, "`" * 300 + "乙")


def test_a_plain_text_has_no_limit_but_its_length() -> None:
    assert list(find_excess(["甲（一）(2)\n" * 50_000])) == []


@pytest.mark.parametrize(
    "text",
    [
        "| 甲 | 乙 |\n| --- | --- |\n" + "| 1 | 2 |\n" * 300,
        "- 甲\n" * 500,
        "**重点**：公开。\n" * 1000,
        "|甲|\n" * 100 + "不是表格" + "|" * 100,
    ],
)
def test_prose_as_people_write_it_is_far_from_any_limit(text: str) -> None:
    assert list(find_excess([text] * 4)) == []
