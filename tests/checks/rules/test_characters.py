"""F423: invisible characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("code", [0x200B, 0x00AD, 0x202E, 0xFE0F, 0x2060, 0x200D, 0xE0100])
def test_invisible_character_is_reported_and_hides_no_claim(tmp_path: Path, code: int) -> None:
    words = f"收⟦{chr(code)}⟧到⟦5⟧件政府信息公开申请。"
    outcome = check_case(tmp_path, {"依申请公开": words})
    assert outcome.reported == outcome.expected("F423", "P301")
    assert f"U+{code:04X}" in outcome.findings[0].message


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("行政许可", {"本年处理决定数量": "{数值: 0, 注: 含⟦\u200b⟧备案}"}),
        ("机关", "示例⟦\u200b⟧县民政局"),
        ("文号", "示例⟦\u200b⟧〔2023〕1号"),
    ],
)
def test_invisible_character_is_reported_in_every_printed_text(
    tmp_path: Path, place: str, value: object
) -> None:
    outcome = check_case(tmp_path, {place: value})
    assert outcome.reported == outcome.expected("F423")


def test_consecutive_invisible_characters_are_one_finding(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"平台建设": "公开信息⟦\u200b\u200d\u200b⟧20条。"})
    assert outcome.reported == outcome.expected("F423")
    assert outcome.only().message.endswith("U+200B、U+200D")


def test_ordinary_characters_are_accepted(tmp_path: Path) -> None:
    words = "公开信息20条　（其中：A、B两类——“①②③”……100％），详见 www.example.gov.cn。"
    assert check_case(tmp_path, {"平台建设": words}).rules == []
