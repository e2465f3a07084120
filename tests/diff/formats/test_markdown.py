"""Changes as a comment: what a stranger wrote stays words, whatever GitHub makes of words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from nianbao.diagnostics.finding import FILE_START, Finding, Severity
from nianbao.diff.formats import format_changes
from nianbao.diff.formats.markdown import LIMIT, as_markdown, sanitize_text
from nianbao.diff.model import (
    Change,
    FindingChanges,
    MetadataChange,
    Paragraph,
    ParagraphStatus,
    ProseChange,
    RunKind,
    Status,
    TextRun,
)
from tests.diff.report_pairs import GOOD, changed, with_prose
from tests.rendering.parsed_outputs import gfm
from tests.rendering.rendered_reports import NO_TEMPLATES

# What GitHub and GitLab look for in the words that are left when Markdown is done.
REFERENCES = re.compile(
    r"@[\w-]|#[0-9]|(?i:GH-[0-9])|(?<![0-9a-fA-F])[0-9a-fA-F]{7,40}(?![0-9a-fA-F])"
    r"|[!%&$~][0-9]|:[\w+-]+:|[a-z]+://"
)
HOSTILE = [
    *("a | b", "`code`", "``` \n x", "@everyone", "@org/team", "#123", "GH-12", "owner/repo#1"),
    *("deadbeefcafe", "0123456789abcdef0123456789abcdef01234567", "a@b.cn", "!12", "~bug", "&12"),
    *("</details>", "</del></ins>", "<!-- x", "-->", "<script>x</script>", "<img src=x>", "<b>"),
    *("**年报：没有变化**", "没有变化", "# 标题", "- 项", "1. 项", "> 引", "---", "===", "***"),
    *("[a](https://e.cn)", "![a](b)", "https://e.cn/a_b", "www.e.cn", "<https://e.cn>", "[^1]"),
    *("\\", "\\|", "&lt;", "&#64;x", "$x$", "~~x~~", ":+1:", "/close", "| --- |", "- [ ] x", "\t"),
    *(
        "xmpp:a@b.cn",
        "mailto:a@b.cn",
        "ftp://e.cn",
        "[[a]]",
        "{{ x }}",
        "\u202ex",
        "\r",
        "`",
        "_a_",
    ),
]
ALPHABET = st.sampled_from([*"@#|`<>/[]()!*_~&\\:-=.\n1aZ 年", "deadbee", "https://", "</details>"])
WORDS = st.one_of(st.sampled_from(HOSTILE), st.lists(ALPHABET, max_size=12).map("".join))


def change(words: str) -> Change:
    """A change in which everything that a stranger can choose is these words."""
    runs = (
        TextRun(RunKind.EQUAL, words),
        TextRun(RunKind.DELETE, words),
        TextRun(RunKind.INSERT, words),
    )
    paragraph = Paragraph(ParagraphStatus.CHANGED, runs)
    moved = Paragraph(ParagraphStatus.MOVED_HERE, (TextRun(RunKind.INSERT, words),), words)
    finding = Finding("P301", Severity.WARNING, words, FILE_START, (), words)
    return Change(
        f"{words}.yaml",
        words,
        Status.CHANGED,
        metadata=(MetadataChange(words, words, None),),
        prose=(ProseChange((), (), (words,), (paragraph, moved)),),
        findings=FindingChanges(new=(finding,), gone=(finding,)),
        remarks=(words,),
    )


def tree(text: str) -> Any:
    return html.fragment_fromstring(gfm(text), create_parent="main")


def outline(root: Any) -> list[str]:
    return [element.tag for element in root.iter() if isinstance(element.tag, str)]


PLAIN = outline(tree(as_markdown([change("字"), change("字")])))


@given(WORDS)
def test_a_strangers_words_change_nothing_around_them(words: str) -> None:
    text = as_markdown([change(words), change(words)])
    root = tree(text)
    tags = outline(root)
    if words.strip():
        assert tags == PLAIN
    assert set(tags) <= set(PLAIN)
    assert text.split("\n")[0].startswith("**年报：2 份报告有变化；改了 ")
    for found in root.itertext():
        assert not REFERENCES.search(found), found


@pytest.mark.parametrize("words", HOSTILE)
def test_the_words_are_still_read_as_they_were_written(words: str) -> None:
    read = "".join(tree(f"x {sanitize_text(words)} y").itertext())
    bare = read.replace("\u200b", "").replace(" ", "").strip()
    wanted = re.sub(r"[\s\u202e]", "", words)
    assert bare == f"x{wanted}y"


def test_what_changed_is_read_back_from_the_comment() -> None:
    new = with_prose("收到22件。").replace("行政复议: {结果维持: 0", "行政复议: {结果维持: 3")
    text = format_changes(
        [changed(with_prose("收到1件。"), new)], to="markdown", templates=NO_TEMPLATES
    )
    root = tree(text)
    assert text.startswith("**年报：改了 1 格、1 段文字；新出现 ")
    (row,) = root.xpath("//table//tr[td]")
    assert [cell.text_content() for cell in row] == ["行政复议", "结果维持", "0", "3", "+3"]
    assert [e.text_content() for e in root.xpath("//del|//ins")] == ["1", "22"]


def test_long_tables_are_folded_and_short_ones_are_not() -> None:
    few = GOOD.replace("行政强制: {本年处理决定数量: 0}", "行政强制: {本年处理决定数量: 1}")
    many = GOOD.replace("自然人: 0", "自然人: 5")
    root = tree(as_markdown([changed(GOOD, many)]))
    (summary,) = [
        s.text_content() for s in root.xpath("//details/summary") if "三、" in s.text_content()
    ]
    assert re.search("三、收到和处理政府信息公开申请情况：[0-9]{2} 处", summary)
    assert root.xpath("//details//table")
    assert not tree(as_markdown([changed(GOOD, few)])).xpath("//details//table")


@pytest.mark.parametrize("words", ["@" * 5_000, "年" * 5_000, "\U00020000" * 5_000, "| " * 2_000])
def test_a_comment_is_short_enough_and_says_where_it_was_cut(words: str) -> None:
    text = as_markdown([change(words)] * 40)
    assert len(text.encode("utf-16-le")) // 2 <= LIMIT
    assert "到这里截断：太长，后面还有" in text
    assert outline(tree(text)).count("details") * 2 == len(re.findall("</?details>", text))
    assert text.split("\n")[0].startswith("**年报：40 份报告有变化")


def test_what_is_huge_hides_no_other_report() -> None:
    text = as_markdown([change("@" * 5_000), change("后一份")])
    assert text.count("后一份") > 3
