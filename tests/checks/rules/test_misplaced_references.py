"""S201: references in texts in which they are not replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path

NAME = "⟦{{ 年度 }}⟧"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("行政许可", {"本年处理决定数量": f'{{数值: 0, 注: "含{NAME}年备案"}}'}),
        ("机关", f"示例县民政局{NAME}"),
        ("文号", f"示例〔{NAME}〕1号"),
        ("联系方式", "电话⟦{{ 电话⟧"),
        ("文号", "示例〔⟦｛｛年度｝｝⟧〕1号"),
    ],
)
def test_reference_outside_prose_is_reported(tmp_path: Path, place: str, value: object) -> None:
    outcome = check_case(tmp_path, {place: value})
    assert outcome.reported == outcome.expected("S201")


def test_title_of_an_extra_block_may_have_a_reference(tmp_path: Path) -> None:
    item = '{标题: "{{ 年度 }}年的亮点", 正文: 接待查阅20人次。}'
    assert check_case(tmp_path, {"总体情况/补充": [item]}).rules == []
