"""Blanks at the beginning of lines: what has one reading hides nothing else."""

from __future__ import annotations

import pytest

from nianbao.parsing.reader import parse_source
from tests.parsing.fault_cases import change, seed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    行政许可:", "\t行政许可:"),
        ("    同时，充分", "\t同时，充分"),
        ("    同时，充分", "同时，充分"),
        ("    同时，充分", "  同时，充分"),
        ("  概述: |", "\u3000概述: |"),
        ("    - 标题:", "\t\t- 标题:"),
        ("        2. 加快", "\t2. 加快"),
    ],
)
def test_one_wrong_line_is_one_finding_and_the_rest_is_read(old: str, new: str) -> None:
    source = parse_source(change(seed(), old, new).encode(), "r.yaml")
    assert len(source.findings) == 1
    assert source.findings[0].span.line == seed()[: seed().index(old)].count("\n") + 1
    assert source.data == parse_source(seed().encode(), "r.yaml").data


def test_a_tab_in_a_comment_is_no_finding() -> None:
    source = parse_source(change(seed(), "# 原表列名：", "# 原表\t列名：").encode(), "r.yaml")
    assert source.findings == ()


def test_a_tab_within_a_text_is_named_but_has_no_edit() -> None:
    source = parse_source(change(seed(), "宣传、报导", "宣传\t报导").encode(), "r.yaml")
    assert [(f.rule, f.edits) for f in source.findings] == [("S008", ())]


def test_a_misspelt_key_is_not_taken_for_prose() -> None:
    text = change(seed(), "  平台建设: |", "平台建没：|")
    source = parse_source(text.encode(), "r.yaml")
    assert not any("正文" in f.message for f in source.findings)
