"""What a reader sees of a text, and where it stands in the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.checks.visible_text import visible_text
from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("收到**5**件申请", "收到5件申请"),
        ("[收到5件](http://example.cn/a(1)b)申请", "收到5件申请"),
        ('[收到5件](http://example.cn "全文")申请', "收到5件申请"),
        ("收\u200b到\u00ad5\ufe0f件\u202e申请", "收到5件申请"),
        ("收　到 5\u00a0件 申请", "收到5件申请"),
        ("1\u00a0200件", "1200件"),
        ("1 200件", "1 200件"),
        ("PDF  A 格式", "PDF A格式"),
        ("申请\\_5件", "申请5件"),
        ("第〔2021〕30号", "第〔2021〕30号"),
        ("见[附件]，收到5件（含1件）", "见[附件]，收到5件（含1件）"),
        ("一行\n  二行", "一行\n二行"),
    ],
)
def test_marks_invisible_characters_and_idle_blanks_are_not_seen(text: str, seen: str) -> None:
    assert visible_text(text).text == seen


@given(st.text(alphabet="收到5件 　\n*_`[](a)\\\u200b\u202e，", max_size=80))
def test_every_seen_character_is_found_in_the_whole_text(text: str) -> None:
    seen = visible_text(text)
    places = [seen.source_offset(offset) for offset in range(len(seen.text))]
    assert [text[place] for place in places] == list(seen.text)
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    "words",
    [
        "收到⟦5⟧件政府信息公开申请。",
        "[收到⟦5⟧件](https://example.cn)政府信息公开申请。",
        "收到**⟦5⟧**件政府信息公开申请。",
        "**收到**⟦5⟧件政府信息*公开*申请。",
        "收　到⟦5⟧\u00a0件政府　信息公开申请。",
    ],
)
def test_a_claim_is_found_behind_marks_and_blanks(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {"依申请公开": words + "\n"})
    assert outcome.reported == outcome.expected("P301")
