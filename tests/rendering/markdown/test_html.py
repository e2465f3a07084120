"""Prose: what clerks write reaches web page and Markdown as the same words, and nothing active."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html

from nianbao.rendering.markdown.html import markdown_to_html, paragraphs_to_markdown
from tests.rendering.parsed_outputs import gfm, words

TAGS = {
    *("p", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "code", "a", "div"),
}
ATTRIBUTES = {
    "a": {"href", "rel"},
    "li": {"value"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"class", "role", "tabindex", "aria-label"},
}

# Pieces that mean something to some Markdown, and words between them.
_PIECES = st.sampled_from(
    [
        *("公开", "信息", "2022年", "1", "a", "B", " ", " ", "　", "，", "。", "（一）", "“"),
        *("*", "**", "***", "_", "__", "~", "~~", "`", "``", "$", "&", "&amp;", "&#65;", "&nbsp;"),
        *("<", ">", "<b>", "</b>", "<!--", "-->", "<script>alert(1)</script>", "<img src=x>"),
        *("[", "]", "(", ")", "![", "](", "[公开](https://example.org/)", "[x](javascript:a)"),
        *("https://example.org/?a=1&b=2", "www.example.org", "a@example.org", "<http://a.b>"),
        *("\\", "\\*", "|", "#", "# ", "## ", "- ", "+ ", "* ", "1. ", "1) ", "2. ", "> ", "---"),
        *("===", "    ", "\t", "^", ":", ":-", "[1]: x", "@人", "!", '"', "'", "=", "{", "}"),
    ]
)
_LINES = st.lists(_PIECES, min_size=1, max_size=9).map("".join)
_LINE_KINDS = st.one_of(
    _LINES,
    _LINES,
    _LINES.map("- {}".format),
    _LINES.map("  - {}".format),
    _LINES.map("    - {}".format),
    _LINES.map("\t2. {}".format),
    _LINES.map("1. {}".format),
    _LINES.map("> {}".format),
    _LINES.map("## {}".format),
    st.just(""),
    st.just("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |"),
)
PROSE = st.lists(_LINE_KINDS, min_size=1, max_size=5).map("\n".join)


@given(PROSE)
@example("1986\\. 年")
@example("**公开。**信息")
@example("|甲 | ``a\n|:-:|\n|b`|c")
@example("`a|b`")
@example("|`|`|\n|-|-|\n|1|2|")
def test_markdown_as_github_reads_it_says_what_the_web_page_says(prose: str) -> None:
    assert words(gfm(paragraphs_to_markdown(prose))) == words(markdown_to_html(prose))


@given(PROSE | st.text(max_size=60))
def test_nothing_but_plain_tags_and_attributes_gets_through(prose: str) -> None:
    for element in html.fragment_fromstring(
        markdown_to_html(prose), create_parent="main"
    ).iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(str(element.tag), set())
        if element.tag == "a" and "href" in element.attrib:
            assert urlsplit(element.get("href")).scheme in {"http", "https", "mailto"}


@given(PROSE | st.text(max_size=60))
def test_markdown_holds_no_active_link_image_or_tag(prose: str) -> None:
    for element in html.fragment_fromstring(
        gfm(paragraphs_to_markdown(prose)), create_parent="main"
    ).iter():
        assert element.tag not in {"img", "script", "iframe", "style"}
        href = element.get("href")
        assert href is None or urlsplit(href).scheme in {"http", "https", "mailto"}


@given(PROSE, st.integers(2, 4))
def test_headings_in_prose_skip_no_level_and_are_never_empty(prose: str, top: int) -> None:
    previous = top - 1
    tree = html.fragment_fromstring(markdown_to_html(prose, top), create_parent="main")
    for heading in tree.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
        level = int(heading.tag[1])
        assert top <= level <= previous + 1
        assert heading.text_content().strip()
        previous = level


# A text without markup takes a shorter way; with any markup it takes the whole one.
@given(
    st.text("公开信息2１٣.．、，“”:;'\"()-+=~^$?!@{}/ \t\n\u3000\u00a0\u2003\u200b", max_size=40)
)
def test_lines_look_the_same_next_to_a_line_with_signs_in_it(prose: str) -> None:
    both = [markdown_to_html(prose), "<p><strong>重</strong></p>"]
    assert markdown_to_html(f"{prose}\n**重**") == "\n".join(filter(None, both))
    both = [paragraphs_to_markdown(prose), "**重**"]
    assert paragraphs_to_markdown(f"{prose}\n**重**") == "\n\n".join(filter(None, both))


# Letters, digits and Chinese: what no reading of Markdown may lose.
@given(PROSE)
def test_no_word_is_lost(prose: str) -> None:
    plain = re.sub(r"\]\([^\n]*|&\S*|<\S*|https?\S*|^\s*1\.", " ", prose, flags=re.MULTILINE)
    for word in re.findall(r"[\u4e00-\u9fff]+", plain):
        assert word in words(markdown_to_html(prose))


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("第一段\n第二段", "<p>第一段</p>\n<p>第二段</p>"),
        ("　　缩进的一段", "<p>缩进的一段</p>"),
        ("    四个空格", "<p>四个空格</p>"),
        ("1．不是列表", "<p>1．不是列表</p>"),
        ("3. 从三起", '<ol start="3">\n<li value="3">从三起</li>\n</ol>'),
        ("#话题#", "<p>#话题#</p>"),
        ("## 标题 ##", "<h3>标题</h3>"),
        ("# C#", "<h3>C#</h3>"),
        ("# #", "<p># #</p>"),
        ("- # 不是标题", "<ul>\n<li># 不是标题</li>\n</ul>"),
        ("a_b_c", "<p>a_b_c</p>"),
        ("R&D &lt; &nbsp;", "<p>R&amp;D &amp;lt; &amp;nbsp;</p>"),
        ("<b>粗</b>", "<p>&lt;b&gt;粗&lt;/b&gt;</p>"),
        ("**重点**", "<p><strong>重点</strong></p>"),
        ("---", "<p>---</p>"),
    ],
)
def test_a_line_is_a_paragraph_and_signs_of_other_languages_are_text(
    prose: str, expected: str
) -> None:
    assert markdown_to_html(prose) == expected


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "javascript&#58;alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "vbscript:x",
        "//example.org/x",
        "../x",
    ],
)
def test_a_link_to_anything_but_http_or_mail_is_no_link(href: str) -> None:
    for page in (markdown_to_html(f"[看]({href})"), gfm(paragraphs_to_markdown(f"[看]({href})"))):
        tree = html.fragment_fromstring(page, create_parent="main")
        assert not tree.xpath(".//@href"), page
        assert "看" in tree.text_content()


@pytest.mark.parametrize(
    "prose",
    [
        "![图](https://example.org/a.png)",
        "![图](file:///etc/passwd)",
        "![图][1]\n[1]: https://example.org/a.png",
        "<img src='https://example.org/a.png'>",
    ],
)
def test_an_image_is_printed_as_the_characters_that_it_is(prose: str) -> None:
    for page in (markdown_to_html(prose), gfm(paragraphs_to_markdown(prose))):
        assert not html.fragment_fromstring(page, create_parent="main").xpath(".//img")
    assert "a.png" in markdown_to_html(prose) or "passwd" in markdown_to_html(prose)


# A quadratic algorithm takes many seconds for these, a linear one a tenth of a second.
@pytest.mark.parametrize(
    "unit",
    [
        *("[", "]", "*", "**", "`", "_", "~", "\\", "<", "&", "!", "![", "[a](", "[](", "(", "|"),
        *("> ", "- ", "1. ", "# ", "> a\n", "- a\n", "1. a\n", "\n"),
        *("| a |\n", "|-|\n", "*a**b***", "`a``b```", "<a ", "https://", "&#", "a_", "一。", "　"),
    ],
)
def test_fifty_thousand_characters_of_signs_are_rendered_soon(unit: str) -> None:
    start = time.process_time()
    paragraphs_to_markdown(unit * (50_000 // len(unit)))
    assert time.process_time() - start < 2  # seconds


@pytest.mark.parametrize(
    "prose",
    [
        "a*" + " " * 200_000 + "b",
        "# a" + "#" * 200_000 + "b",
        "# a" + " " * 200_000 + "b",
        "# " + " #" * 100_000 + "b",
        "`a" + " " * 200_000 + "`",
    ],
)
def test_long_runs_of_one_sign_in_a_line_are_rendered(prose: str) -> None:
    assert words(gfm(paragraphs_to_markdown(prose))) == words(markdown_to_html(prose))


@pytest.mark.parametrize("digits", [9, 10, 5000])
def test_a_number_of_any_length_before_a_dot_is_printed(digits: int) -> None:
    number = "1" * digits
    for prose in (f"{number}. 公开", f"- {number}. 公开"):
        assert f"{number}.公开" in words(gfm(paragraphs_to_markdown(prose)))


@pytest.mark.parametrize("unit", ["- ", "1. ", "> ", "> - ", "- > 1. ", "*", "**a", "[a](b ", "`"])
@pytest.mark.parametrize("times", [3, 8, 9, 66, 199, 200, 201])
def test_signs_nested_up_to_the_limit_and_beyond_lose_no_word(unit: str, times: int) -> None:
    prose = unit * times + "公开"
    assert words(markdown_to_html(prose)).endswith("公开")
    assert words(gfm(paragraphs_to_markdown(prose))) == words(markdown_to_html(prose))


@pytest.mark.parametrize("step", ["  ", "   ", "    ", "\t"])
def test_lists_are_nested_by_any_indent_and_a_hundred_levels_lose_no_word(step: str) -> None:
    prose = "\n".join(step * depth + f"- 第{depth}层" for depth in range(100))
    for page in (markdown_to_html(prose), gfm(paragraphs_to_markdown(prose))):
        tree = html.fragment_fromstring(page, create_parent="main")
        assert tree.xpath("count(ul/li/ul/li/ul/li)") == 1
        assert [item for item in range(100) if f"第{item}层" not in words(page)] == []


@pytest.mark.parametrize("number", ["9" * 10, "9" * 5000, "٣"], ids=["10", "5000", "arabic"])
def test_a_number_that_no_list_item_can_have_is_text(number: str) -> None:
    for prose in (f"{number}. 公开", f"1. 公开\n{number}. 公开", f"- {number}. 公开"):
        for page in (markdown_to_html(prose), gfm(paragraphs_to_markdown(prose))):
            assert f"{number}.公开" in "".join(words(page))
