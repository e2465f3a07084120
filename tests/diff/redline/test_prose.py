"""Marked prose is the old text without what came and the new one without what went."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.diff.prose import compare_prose
from nianbao.diff.redline.prose import merged_markdown
from nianbao.diff.side import make_side
from nianbao.diff.words import Budget
from nianbao.model.prose import MAX_LINES
from nianbao.rendering.markdown.html import markdown_to_html, parse_fragment
from nianbao.rendering.markdown.revisions import preserves_both_sides, revisions_to_html, unmarked
from tests.diff.report_pairs import checked, with_prose

OTHER = ("其他需要报告的事项",)


def redline(old: str, new: str) -> str:
    """The marked HTML of a prose that changed."""
    sides = []
    for text in (old, new):
        side = make_side(checked(with_prose("无。")), "r.yaml")
        sides.append(replace(side, texts={OTHER: text}))
    changes, _ = compare_prose(sides[0], sides[1], Budget())
    return (
        revisions_to_html(merged_markdown(changes[0].paragraphs, old, new))
        if changes
        else revisions_to_html(unmarked(new))
    )


def words(html: str, *, without: str) -> str:
    """Return the text of HTML without one kind of marks."""
    bare = re.sub(rf"<{without}( class=\"moved\")?>.*?</{without}>", "", html, flags=re.DOTALL)
    return "".join("".join(parse_fragment(bare).itertext()).split())


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        ("收到1件。", "收到22件。", "<p>收到<del>1</del><ins>22</ins>件。</p>"),
        ("甲。", "甲。\n乙丙。", "<p>甲。</p>\n<p><ins>乙丙。</ins></p>"),
        ("- 甲\n- 乙", "- 甲", "<ul>\n<li>甲</li>\n<li><del>乙</del></li>\n</ul>"),
        (
            "1. 收到1件",
            "1. 收到2件",
            '<ol>\n<li value="1">收到<del>1</del><ins>2</ins>件</li>\n</ol>',
        ),
        (
            "**重点**工作1项",
            "**重点**工作2项",
            "<p><strong>重点</strong>工作<del>1</del><ins>2</ins>项</p>",
        ),
        (
            "重点工作",
            "**重点**工作",
            "<p><del>重点工作</del></p>\n<p><strong><ins>重点</ins></strong><ins>工作</ins></p>",
        ),
        ("<b>甲</b>1", "<b>甲</b>2", "<p>&lt;b&gt;甲&lt;/b&gt;<del>1</del><ins>2</ins></p>"),
    ],
)
def test_marks_stand_by_the_word_where_the_markdown_allows_it(
    old: str, new: str, html: str
) -> None:
    # A mark never cuts a tag in two: it stands inside.
    assert redline(old, new) == html


def test_a_moved_paragraph_is_marked_as_such_at_both_places() -> None:
    one, two = "第一项工作按计划完成。", "第二项工作也完成了，情况良好。"
    html = redline(f"{one}\n{two}", f"{two}\n{one}")
    assert html.count('<ins class="moved">') == html.count('<del class="moved">') == 1


def test_a_cell_is_marked_in_its_table_and_a_table_with_other_columns_stands_before_the_new() -> (
    None
):
    table = "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"
    cell = redline(table, table.replace("2", "3"))
    assert cell.count("<table>") == 1
    assert "<td><del>2</del><ins>3</ins></td>" in cell
    wider = redline(table, "| 甲 | 乙 | 丙 |\n| --- | --- | --- |\n| 1 | 2 | 3 |")
    assert wider.count("<table>") == 2
    assert wider.count("<del>") == 4
    assert wider.count("<ins>") == 6


LINES = st.lists(
    st.text(alphabet="年报12，。*_`~#>|-+[]()<&\\ .!\ufde0\ufde1\ufde4\ufde5", max_size=14)
    | st.sampled_from(
        ["- 甲", "  - 乙", "1. 甲", "2. **乙**", "| a | b |", "| --- | --- |", "# 题"]
    ),
    max_size=5,
).map("\n".join)


@given(LINES, LINES)
def test_either_side_can_be_read_whatever_its_markdown(old: str, new: str) -> None:
    html = redline(old, new)
    for text, other in ((old, "ins"), (new, "del")):
        plain = re.sub("[\ufde0-\ufde5]", "\ufffd", text)
        wanted = "".join("".join(parse_fragment(markdown_to_html(plain)).itertext()).split())
        assert words(html, without=other) == wanted
    assert not re.search("[\ufde0-\ufde5]", html)


def test_a_mark_amid_the_signs_of_the_markdown_is_found_out() -> None:
    assert preserves_both_sides("收到\ufde11\ufde4\ufde02\ufde4件", "收到1件", "收到2件")
    assert not preserves_both_sides("*\ufde0*\ufde4重*\ufde0*\ufde4", "*重*", "**重**")
    assert not preserves_both_sides(
        "[甲](https://a.cn/\ufde11\ufde4)", "[甲](https://a.cn/1)", "[甲](https://a.cn/)"
    )


def test_a_new_line_before_a_rewritten_one_is_marked_by_the_word() -> None:
    old, new = "全年收到申请12件，都已答复。", "新的一段话。\n全年收到申请13件，都已答复。"
    assert redline(old, new) == (
        "<p><ins>新的一段话。</ins></p>\n"
        "<p>全年收到申请<del>12</del><ins>13</ins>件，都已答复。</p>"
    )


def test_more_lines_than_the_converter_is_given_are_set_one_side_after_the_other() -> None:
    old = "\n".join(f"第{number}段" for number in range(MAX_LINES + 1))
    html = redline(old, f"{old}\n新增一段")
    assert html.startswith("<p><del>第0段</del></p>")
    assert words(html, without="del") == "".join(f"{old}\n新增一段".split())
    assert words(html, without="ins") == "".join(old.split())
