"""The visible part of a text, and its offsets in the whole text."""

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
    ("text", "visible"),
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
def test_visible_text_has_no_markers_invisible_characters_or_needless_blanks(
    text: str, visible: str
) -> None:
    assert visible_text(text).text == visible


@given(st.text(alphabet="收到5件 　\n*_`[](a)\\\u200b\u202e，", max_size=80))
def test_source_offset_is_that_of_the_same_character(text: str) -> None:
    visible = visible_text(text)
    offsets = [visible.source_offset(offset) for offset in range(len(visible.text))]
    assert [text[offset] for offset in offsets] == list(visible.text)
    assert offsets == sorted(set(offsets))


@pytest.mark.parametrize(
    "prose",
    [
        "收到⟦5⟧件政府信息公开申请。",
        "[收到⟦5⟧件](https://example.cn)政府信息公开申请。",
        "收到**⟦5⟧**件政府信息公开申请。",
        "**收到**⟦5⟧件政府信息*公开*申请。",
        "收　到⟦5⟧\u00a0件政府　信息公开申请。",
    ],
)
def test_claim_is_found_between_markers_and_blanks(tmp_path: Path, prose: str) -> None:
    case = check_case(tmp_path, {"依申请公开": prose + "\n"})
    assert case.reported == case.expected("P301")
