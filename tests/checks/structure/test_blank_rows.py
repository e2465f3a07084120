"""Rows that nobody has filled in yet."""

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


def test_a_row_that_is_blank_is_told_once_at_its_name(tmp_path: Path) -> None:
    blank = ("S103", "整行空着，4 格都要填", 3)
    assert found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: ", tmp_path) == [blank]
    assert found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: , 总计: 0", tmp_path) == [blank]


def test_in_a_row_that_is_begun_each_blank_cell_is_told(tmp_path: Path) -> None:
    told = found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: 0", tmp_path)
    assert [message for _, message, _ in told] == ["空着"] * 3
    assert len({column for _, _, column in told}) == 3


def test_what_is_wrong_in_another_way_is_told_as_it_is(tmp_path: Path) -> None:
    told = found("结果维持: , 结果纠正: , 其他结果: , 尚未审结: 三", tmp_path)
    assert len(told) == 4
    told = found("结果维持: , 结果纠正: , 其他结果: ", tmp_path)
    assert sorted(rule for rule, _, _ in told) == ["S101", "S103", "S103", "S103"]
