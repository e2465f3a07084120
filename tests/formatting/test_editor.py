"""Values of a report file are changed in place, whatever its layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.formatting.editor import ReportEditor
from nianbao.formatting.tree import BlockScalar, Collection, Entry, Scalar
from nianbao.model.form import load_form
from nianbao.parsing.reader import parse_source

if TYPE_CHECKING:
    from collections.abc import Callable

FORM = load_form(2021)
OVERVIEW = ("总体情况", "概述")
NEW = ("收到和处理政府信息公开申请情况", "本年新收")
NOTES = ("行政复议行政诉讼情况", "注")


def _edited(text: str, change: Callable[[ReportEditor], None]) -> str:
    editor = ReportEditor(parse_source(text.encode(), "r.yaml"), FORM)
    change(editor)
    return editor.content().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("概述: 一段  # 批注\n", "概述: |  # 批注\n    甲\n    乙\n"),
        ("概述:\n", "概述: |\n    甲\n    乙\n"),
        ("概述:  # 批注\n", "概述: |  # 批注\n    甲\n    乙\n"),
        ("概述: |-  # 批注\n       旧\n\n", "概述: |-  # 批注\n       甲\n       乙\n\n"),
    ],
)
def test_a_text_becomes_several_lines(before: str, after: str) -> None:
    head = "总体情况:\n  "
    value = BlockScalar("|", ("甲", "乙"))
    assert _edited(head + before, lambda each: each.put(OVERVIEW, value)) == head + after


def test_a_missing_text_comes_after_the_key_that_the_form_has_before_it() -> None:
    text = "总体情况:\n   监督保障: 好\n   概述: |\n     旧\n\n   # 平台\n   平台建设: 好\n"
    value = BlockScalar("|", ("甲",))
    done = _edited(text, lambda each: each.put(("总体情况", "主动公开"), value))
    assert done == text.replace("     旧\n", "     旧\n   主动公开: |\n     甲\n")


def test_lines_of_a_text_stay_byte_for_byte_but_those_that_are_new() -> None:
    text = "总体情况:\r\n  概述: |\r\n      一 \r\n   \r\n      二\r\n      三"
    done = _edited(text, lambda each: each.put_lines(OVERVIEW, [0, 1, "新", 3]))
    assert done == text.replace("      二", "      新")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{自然人: 1, 其他: 2}  # 批注", "{自然人: 1, 其他: 2, 总计: 3}  # 批注"),
        ("{自然人: 1,  # 一\n    其他: 2}", "{自然人: 1,  # 一\n    其他: 2, 总计: 3}"),
        (
            "\n    自然人: 1\n    其他: 2  # 批注",
            "\n    自然人: 1\n    其他: 2  # 批注\n    总计: 3",
        ),
    ],
)
def test_a_total_that_is_not_written_is_added_to_its_row(row: str, expected: str) -> None:
    head = "收到和处理政府信息公开申请情况:\n  本年新收: "
    done = _edited(f"{head}{row}\n", lambda each: each.put((*NEW, "总计"), Scalar("3")))
    assert done == f"{head}{expected}\n"


def test_all_cells_of_a_missing_row_are_one_row() -> None:
    text = "行政复议行政诉讼情况:\n  行政复议: {结果维持: 1}\n"

    def change(editor: ReportEditor) -> None:
        for key in ("结果纠正", "结果维持"):
            editor.put(("行政复议行政诉讼情况", "行政诉讼", "复议后起诉", key), Scalar("5"))

    added = "  行政诉讼:\n    复议后起诉: {结果维持: 5, 结果纠正: 5}\n"
    assert _edited(text, change) == text + added


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            "\n    - 甲\n    # 乙的\n    - 乙  # 删\n    - 丙",
            "\n    - 甲\n    - 新\n    # 乙的\n    - 丙",
        ),
        (" [甲, 乙, 丙]  # 批注", " [甲, 新, 丙]  # 批注"),
    ],
)
def test_an_item_is_added_and_one_removed(written: str, expected: str) -> None:
    def change(editor: ReportEditor) -> None:
        editor.remove_item(NOTES, 1)
        editor.add_item(NOTES, 1, Scalar("新"))

    head = "行政复议行政诉讼情况:\n  注:"
    assert _edited(f"{head}{written}\n", change) == f"{head}{expected}\n"


def test_the_last_item_leaves_an_empty_list_which_takes_items_again() -> None:
    text = "行政复议行政诉讼情况:\n  注:  # 批注\n    - 甲\n"
    empty = _edited(text, lambda each: each.remove_item(NOTES, 0))
    assert empty == "行政复议行政诉讼情况:\n  注: []  # 批注\n"
    again = _edited(empty, lambda each: each.add_item(NOTES, 0, Scalar("甲")))
    assert again == text


@pytest.mark.parametrize("written", ["[]", "", "~"])
def test_a_list_without_items_in_brackets_takes_items(written: str) -> None:
    text = f"行政复议行政诉讼情况: {{注: {written}, 行政复议: {{总计: 0}}}}\n"
    added = _edited(text, lambda each: each.add_item(NOTES, 0, Scalar("甲")))
    assert added == "行政复议行政诉讼情况: {注: [甲], 行政复议: {总计: 0}}\n"


def test_a_change_that_would_lose_a_comment_is_not_made() -> None:
    note = Collection(True, (Entry("数值", "数值", Scalar("2")),), flow=True)
    cell = "    自然人:\n      数值: 2  # 核对过\n      注: 甲\n"
    row = f"收到和处理政府信息公开申请情况:\n  本年新收:\n{cell}"
    assert _edited(row, lambda each: each.put((*NEW, "自然人"), note)) == row
    notes = "行政复议行政诉讼情况:\n  注: [甲,  # 批注\n    乙]\n"
    assert _edited(notes, lambda each: each.remove_item(NOTES, 0)) == notes
