"""The Markdown file: the form's order and numbering, and no word that Markdown would take amiss."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from nianbao.rendering import render_report
from nianbao.rendering.markdown.gfm import escape
from nianbao.workspace.settings import Settings
from tests.rendering.parsed_outputs import find, gfm, squeeze, words
from tests.rendering.rendered_reports import (
    NAMES,
    NO_TEMPLATES,
    built,
    changed,
    compiled,
    plain,
    web_page,
)

SIGNS = "|`<>#-+*_&$[]()!\\~1.)=:\"'^{}@"
HOSTILE = [
    *(
        "a|b",
        "`a`",
        "<b>x</b>",
        "# 标题",
        "- 项",
        "+ 项",
        "1. 项",
        "2) 项",
        "*重*",
        "**重**",
        "_a_",
    ),
    *("__a__", "a < b", "R&D &amp; &lt;", "$x^2$", "~~删~~", "[a](javascript:b)", "![a](b)", "\\"),
    *(
        "| --- |",
        "---",
        "===",
        "> 引",
        "https://a.b/c_d*e",
        "www.a.cn/_x",
        "<https://a.b>",
        "    x",
    ),
    *("<!-- a", "<script>", "a\\|b", "`", "``", "|", "*", "&#65;", "[^1]: x", "- [ ] x", "#"),
]


def tree(text: str) -> Any:
    """Markdown as GitHub reads it, as a tree."""
    return html.fragment_fromstring(gfm(text), create_parent="main")


@pytest.mark.parametrize("name", NAMES)
def test_headings_are_those_of_the_web_page_in_its_order(name: str) -> None:
    path = "//h1|//h2|//h3|//h4"
    page = html.document_fromstring(built(name).html)
    on_page = [(one.tag, squeeze(one.text_content())) for one in find(page, path)]
    in_file = [
        (one.tag, squeeze(one.text_content())) for one in find(tree(built(name).markdown), path)
    ]
    assert in_file == on_page
    titles = [squeeze(section.title) for section in built(name).form.sections]
    assert [text for tag, text in in_file if tag == "h2"] == titles


@pytest.mark.parametrize("name", NAMES)
def test_the_words_outside_tables_are_those_of_the_web_page(name: str) -> None:
    page = html.document_fromstring(built(name).html)
    for table in find(page, "//table"):
        table.drop_tree()
    (article,) = find(page, "//article")
    own = tree(built(name).markdown)
    for table in find(own, "//table"):
        for title in find(table, "preceding-sibling::*[1][self::p][strong]"):
            title.drop_tree()
        table.drop_tree()
    assert words(html.tostring(own, encoding="unicode")) == words(
        html.tostring(article, encoding="unicode")
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_row_of_a_table_is_a_line_that_names_it_whole(name: str) -> None:
    lines = built(name).markdown.splitlines()
    for section in built(name).form.sections:
        for row in section.rows:
            label = " / ".join(heading.title for heading in row.path)
            named = [line for line in lines if line.startswith(f"| {label} |".replace("&", "\\&"))]
            # 其他 rows of the same label differ by the groups above them.
            assert len(named) == 1
            assert named[0].count(" |") == len(row.columns) + 1


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_tidy(name: str) -> None:
    text = built(name).markdown
    lines = text.splitlines()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert [line for line in lines if line != line.rstrip()] == []
    assert "\n\n\n" not in text
    for before, after in pairwise(lines):
        assert not (before.startswith("#") and after)
        assert not (after.startswith("#") and before)


@given(st.text(alphabet="年报 公开a12" + SIGNS, min_size=1, max_size=20))
def test_an_escaped_label_is_one_paragraph_of_the_same_words(label: str) -> None:
    page = tree(escape(label))
    assert words(gfm(escape(label))) == squeeze(label)
    assert [element.tag for element in page.iterdescendants()] in (["p"], ["p", "a"], [])
    assert not find(page, "//a[not(starts-with(@href, 'mailto:'))]")


@given(st.text(alphabet="年报 公开a12" + SIGNS, min_size=1, max_size=20))
def test_an_escaped_label_keeps_its_cell(label: str) -> None:
    page = tree(f"| {escape(label)} | 乙 |\n| --- | --- |\n| {escape(label)} | 2 |")
    cells = [squeeze(cell.text_content()) for cell in find(page, "//th|//td")]
    assert cells == [squeeze(label), "乙", squeeze(label), "2"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_in_every_field_are_printed_as_they_stand(hostile: str) -> None:
    cell = ("收到和处理政府信息公开申请情况", "本年新收", "其他")
    text = changed(
        2021,
        {
            ("机关",): hostile,
            ("文号",): hostile,
            ("总体情况", "补充"): [{"标题": hostile, "正文": "正文"}],
            ("主动公开政府信息情况", "注"): [hostile, hostile],
            cell: {"数值": 32, "注": hostile},
        },
    )
    report = render_report(compiled(text), "md", Settings(), NO_TEMPLATES).decode()
    page = tree(report)
    bare = squeeze(hostile)
    title = f"{bare}{plain(text)['年度']}年政府信息公开工作年度报告"
    assert [squeeze(one.text_content()) for one in find(page, "//h1")] == [title]
    assert f"（六）{bare}" in [squeeze(one.text_content()) for one in find(page, "//h3")]
    paragraphs = [squeeze(one.text_content()) for one in find(page, "//p")]
    assert {bare, f"注：1.{bare}", f"2.{bare}"} <= set(paragraphs)
    assert f"32（{bare}）" in [squeeze(one.text_content()) for one in find(page, "//td")]
    # The same on the web page.
    on_page = html.document_fromstring(web_page(text))
    assert [squeeze(one.text_content()) for one in find(on_page, "//h1")] == [title]


def test_the_signature_is_two_paragraphs_at_the_end() -> None:
    *_, body, day = find(tree(built("2022").markdown), "//p")
    assert (body.text_content(), day.text_content()) == ("古县文化和旅游局", "2023年1月31日")
