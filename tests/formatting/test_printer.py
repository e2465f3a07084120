"""The canonical layout: what is kept, and what it looks like."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.errors import UserError
from nianbao.formatting.parser import is_equivalent, parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.formatting.tree import Collection, Node, Tree
from nianbao.model.form import load_form
from nianbao.parsing.reader import parse_source
from tests.formatting.messy_yaml import Scrawler
from tests.strategies import reports
from tests.support import SEED, fixture_reports

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.source import Source


def read(text: str) -> Source:
    source = parse_source(text.encode(), "reports/2022.yaml")
    assert source.findings == (), text
    return source


def laid_out(text: str) -> str:
    source = read(text)
    data: Any = source.data
    return print_tree(parse_tree(source), load_form(data["格式"]))


def remarks(document: Tree) -> dict[Pointer, list[str]]:
    """Return the comments of each entry.

    Those on an item of a list are taken together, and those above the first key with the file's
    own.
    """
    places: dict[Pointer, list[str]] = {(): [comment.text for comment in document.head]}

    def visit(node: Node, pointer: Pointer, place: Pointer) -> None:
        if not isinstance(node, Collection):
            return
        for number, entry in enumerate(node.entries):
            below = (*pointer, entry.name or number)
            there = place if any(isinstance(part, int) for part in place) else below
            there = () if below == ("格式",) else there
            places.setdefault(there, []).extend(entry.comments)
            visit(entry.value, below, there)
        places.setdefault((*place, "…"), []).extend(comment.text for comment in node.foot)

    visit(document.root, (), ())
    return {place: sorted(texts) for place, texts in places.items() if texts}


@settings(max_examples=60, deadline=None)
@given(reports(), st.integers(0, 2**32), st.sampled_from([0.0, 0.1, 0.4]))
def test_however_a_report_is_written_its_data_and_comments_stay(
    data: dict[str, Any], seed: int, chance: float
) -> None:
    data["豁免"] = [{"规则": "P301", "位置": "/总体情况", "数值": [3, 2], "理由": "核实过"}]
    data["其他需要报告的事项"] = "无\n\n\n"
    data["网站"] = {"SiteName": "示例", "ColumnName": "年报"}
    before = read(Scrawler(Random(seed), chance).report(data))
    assert before.data == data
    text = laid_out("\n".join(before.lines))
    after = read(text)
    assert is_equivalent(before, after)
    assert laid_out(text) == text
    assert remarks(parse_tree(before)) == remarks(parse_tree(after))


TOP = "格式: 2021\n年度: 2022\n机关: 某局\n成文日期: 2023-01-31\n"


def after_top(below: str) -> str:
    """A report that begins with the keys that every one has, laid out, without them."""
    text = laid_out(TOP + below)
    assert text.startswith(TOP), text
    return text.removeprefix(TOP)


def test_the_reports_of_the_repository_are_laid_out() -> None:
    text = SEED.read_text("utf-8")
    assert laid_out(text) == text


@pytest.mark.parametrize("name", fixture_reports())
def test_a_report_says_the_same_when_it_is_laid_out(name: str) -> None:
    before = read(fixture_reports()[name].read_text("utf-8"))
    assert is_equivalent(before, read(laid_out("\n".join(before.lines))))


def test_keys_rows_and_columns_come_in_the_order_of_the_form() -> None:
    text = laid_out(
        "豁免: []\n总体情况:\n  监督保障: 乙\n  概述: 甲\n成文日期: 2023-01-31\n"
        "行政复议行政诉讼情况:\n  行政诉讼: {}\n  行政复议: {总计: 0, 结果纠正: 1, 结果维持: 2}\n"
        "机关: 某局\n年度: 2022\n格式: 2021\n"
    )
    assert text == (
        f"{TOP}总体情况:\n  概述: 甲\n  监督保障: 乙\n"
        "行政复议行政诉讼情况:\n  行政复议: {结果维持: 2, 结果纠正: 1, 总计: 0}\n  行政诉讼: {}\n"
        "豁免: []\n"
    )


def test_a_key_that_the_form_does_not_know_stays_behind_its_neighbour() -> None:
    below = "总体情况:\n  主动公开: 甲\n  平台建没: 乙\n  政府信息管理: 丙\n"
    assert after_top(below) == below


def test_rows_stand_on_one_line_and_their_brackets_below_each_other() -> None:
    assert after_top(
        "主动公开政府信息情况:\n    第二十条第一项:\n"
        "        规章: {本年制发件数:   0,\n                本年废止件数: 0, 现行有效件数: 12}\n"
        "        行政规范性文件:\n            本年制发件数: 0\n            本年废止件数: 0\n"
    ) == (
        "主动公开政府信息情况:\n  第二十条第一项:\n"
        "    规章:           {本年制发件数: 0, 本年废止件数: 0, 现行有效件数: 12}\n"
        "    行政规范性文件: {本年制发件数: 0, 本年废止件数: 0}\n"
    )


def test_a_row_with_comments_between_its_cells_keeps_them_next_to_the_cells() -> None:
    assert after_top(
        "行政复议行政诉讼情况:\n"
        "  行政复议: {结果维持: 1,   # 甲\n    # 乙\n    结果纠正: 2, 其他结果: 0}   # 丙\n"
    ) == (
        "行政复议行政诉讼情况:\n"
        "  行政复议:  # 丙\n    结果维持: 1  # 甲\n    # 乙\n    结果纠正: 2\n    其他结果: 0\n"
    )


def test_a_comment_behind_several_cells_is_about_the_last_of_them() -> None:
    assert after_top(
        "行政复议行政诉讼情况:\n  行政复议: {结果维持: 1, 结果纠正: 2, # 甲\n"
        "    其他结果: 3, 尚未审结: {数值: 4, 注: 乙}, 总计: 10 # 丙\n    # 丁\n    }  # 戊\n"
    ) == (
        "行政复议行政诉讼情况:\n  行政复议:  # 戊\n    结果维持: 1\n    结果纠正: 2  # 甲\n"
        "    其他结果: 3\n    尚未审结: {数值: 4, 注: 乙}\n    总计: 10  # 丙\n    # 丁\n"
    )


def test_comments_that_find_no_place_next_to_their_value_keep_their_order() -> None:
    assert after_top(
        "行政复议行政诉讼情况:\n"
        "  行政复议:  # 甲\n    # 乙\n    {结果维持: 1, 结果纠正: 2}  # 丙\n"
        "? 存在的主要问题及改进情况  # 丁\n# 戊\n: 无  # 己\n"
    ) == (
        "行政复议行政诉讼情况:\n  # 甲\n  # 乙\n  行政复议: {结果维持: 1, 结果纠正: 2}  # 丙\n"
        "# 丁\n# 戊\n存在的主要问题及改进情况: 无  # 己\n"
    )


def test_a_note_that_brackets_would_cut_stays_on_a_line_of_its_own() -> None:
    below = (
        "行政复议行政诉讼情况:\n  行政复议:\n    结果维持:\n"
        "      数值: 1\n      注: 含1件, 另1件\n    结果纠正: {数值: 1, 注: '含1件, 另1件'}\n"
    )
    assert after_top(below) == below


def test_a_text_is_moved_to_its_place_and_not_touched() -> None:
    assert after_top(
        "总体情况:\n     概述: |3-   # 批注\n          先空两格\n\n        **尾**空格  \n"
        "        \u3000全角  空格 {{ 年度 }}\n\n\n     主动公开: |+\n      甲\n\n\n"
    ) == (
        "总体情况:\n  概述: |2-  # 批注\n      先空两格\n\n    **尾**空格  \n"
        "    \u3000全角  空格 {{ 年度 }}\n\n  主动公开: |+\n    甲\n\n\n"
    )


def test_comments_go_with_what_they_are_about() -> None:
    assert (
        laid_out(
            "# yaml-language-server: $schema=../schema.json\n# 文件头\n\n年度: 2022   # 年\n\n\n"
            "# 关于机关\n机关: 某局\n格式: 2021\n"
            "总体情况:   # 头\n      # 关于主动公开\n      主动公开: 甲\n      # 总体情况的末尾\n"
            "# 关于日期\n成文日期: 2023-01-31\n# 文件尾"
        )
        == "# yaml-language-server: $schema=../schema.json\n# 文件头\n\n"
        "格式: 2021\n年度: 2022  # 年\n\n"
        "# 关于机关\n机关: 某局\n# 关于日期\n成文日期: 2023-01-31\n"
        "总体情况:  # 头\n  # 关于主动公开\n  主动公开: 甲\n  # 总体情况的末尾\n# 文件尾\n"
    )


def test_the_items_of_a_list_keep_their_order_and_their_comments() -> None:
    assert after_top(
        "总体情况:\n  补充:\n  -   正文: |\n        乙\n      标题: 甲   # 标题的\n  # 第二块\n"
        "  - # 也是第二块\n    {标题: 丙, 正文: 丁}\n豁免:\n- 规则: P301\n  位置: /总体情况\n"
        "-   {位置: /引言, 规则: P302,\n     理由: 核实过}   # 末尾\n"
    ) == (
        "总体情况:\n  补充:\n    - 标题: 甲  # 标题的\n      正文: |\n        乙\n    # 第二块\n"
        "    # 也是第二块\n    - 标题: 丙\n      正文: 丁\n"
        "豁免:\n  - {规则: P301, 位置: /总体情况}\n"
        "  - {规则: P302, 位置: /引言, 理由: 核实过}  # 末尾\n"
    )


def test_blank_lines_that_would_become_part_of_a_text_are_left_out() -> None:
    text = laid_out("机关: 某局\n\n年度: 2022\n\n引言: |+\n  甲\n格式: 2021\n\n总体情况:\n")
    assert "引言: |+\n  甲\n总体情况:\n" in text


def test_a_file_in_brackets_is_written_line_by_line() -> None:
    json = '{"年度": 2022, "格式": 2021, "引言": "甲\\n乙", "总体情况": {"概述": null}}'
    assert laid_out(json) == (
        '"格式": 2021\n"年度": 2022\n"引言": "甲\\n乙"\n"总体情况":\n  "概述": null\n'
    )


def test_a_key_on_several_lines_is_refused_at_its_place() -> None:
    with pytest.raises(UserError, match=r"reports/2022\.yaml:5:3: 键的这种写法不能整理"):
        laid_out(TOP + "? |\n  某键\n: 值\n")
