"""Findings about blank rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import SEED, check_text, structural_findings

if TYPE_CHECKING:
    from pathlib import Path

GOOD = SEED.read_text("utf-8")
REVIEW = "行政复议: {结果维持: 0, 结果纠正: 0, 其他结果: 0, 尚未审结: 0, 总计: 0}"


def found(row: str, tmp_path: Path) -> list[tuple[str, str, int]]:
    text = GOOD.replace(REVIEW, f"行政复议: {{{row}}}")
    assert text != GOOD
    findings = structural_findings(check_text(text, tmp_path))
    return [(f.rule, f.message.rpartition("”")[2], f.span.column) for f in findings]


def test_blank_row_is_reported_once_at_its_key(tmp_path: Path) -> None:
    blank = ("S103", "整行空着，4 格都要填", 3)
    assert found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: ", tmp_path) == [blank]
    assert found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: , 总计: 0", tmp_path) == [blank]


def test_blank_cells_of_a_started_row_are_reported_separately(tmp_path: Path) -> None:
    findings = found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: 0", tmp_path)
    assert [message for _, message, _ in findings] == ["空着"] * 3
    assert len({column for _, _, column in findings}) == 3


def test_row_with_other_errors_is_not_merged(tmp_path: Path) -> None:
    findings = found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: 三", tmp_path)
    assert len(findings) == 4
    findings = found("结果维持: , 结果纠正: , 其他结果: ", tmp_path)
    assert sorted(rule for rule, _, _ in findings) == ["S101", "S103", "S103", "S103"]
