"""WeasyPrint's own style sheets, of which a document gets what can matter to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.rendering.pdf.weasyprint_patches import patched_weasyprint
from nianbao.rendering.pdf.weasyprint_patches import user_agent_styles as style_sheets
from tests.support import run_python

if TYPE_CHECKING:
    from pathlib import Path

# Prints the digests of PDFs made of the pages that are given.
MAKE = """
import hashlib, sys
import nianbao.rendering.pdf.weasyprint_patches as adapters
from nianbao.rendering.pdf.weasyprint_patches import anchors, html5_patterns
from nianbao.rendering.pdf.weasyprint_patches import user_agent_styles
if sys.argv[1] == "without":
    import contextlib, tinyhtml5.inputstream
    user_agent_styles.skip_style_sheets = contextlib.nullcontext
    user_agent_styles.use_matching_style_sheets = lambda html: None
    anchors.without_header_anchors = lambda find: find
    html5_patterns.PatternCache = dict
weasyprint = adapters.patched_weasyprint()
for page in sys.argv[2:]:
    html = weasyprint.HTML(string=page)
    pdf = html.write_pdf(presentational_hints=True, pdf_forms="forms" in page)
    print(hashlib.sha256(pdf).hexdigest())
"""

PAGES = [
    "<p>一段话",
    "<!DOCTYPE html><title>x</title><!-- a --><h1>标题</h1><p>话<br>话<a href='https://a.cn'>链</a><hr>",
    "<ul><li>甲<ul><li>乙</ul></ul><ol type=A start=3><li>丙<li value=7>丁</ol>",
    "<ol type=i><li>甲</ol><ul type=square><li>甲</ul><li>散",
    "<style>div{display:list-item;margin-left:3em}</style><div>不是 li</div><p>甲",
    "<style>ol{list-style:khmer}ul{list-style:upper-latin}</style><ol><li>甲</ol><ul><li>乙</ul>",
    "<style>p::before{content:counter(page, cjk-decimal)}</style><p>甲",
    "<style>ol{list-style:japanese-informal}</style><ol start=10000><li>甲</ol>",
    "<style>q::before{content:open-quote}</style><p dir=rtl>右<q>引</q><ol dir=rtl><li>甲</ol>",
    "<style>i{float:footnote}</style><p>正文<i>脚注</i>后面<p>再一段<i>另一条</i>",
    "<p>正文<i style='float: footnote'>脚注</i>",
    "<style>i{float:foot\\6e ote}</style><p>文<i>注</i>",
    "<style>i{position:note(x)}</style><p>正文<i>注</i>后面",
    "<style>@page{@top-center{content:'眉'}@left-middle{content:'边'}}</style><p>甲",
    "<style>@page{size:A5;@bottom-right-corner{content:counter(page)}}</style><p>甲",
    "<table border=1 frame=hsides rules=cols align=center><tr><td valign=top nowrap>甲</table>",
    "<table><caption align=bottom>题</caption><thead><tr hidden><td>甲<tbody><tr><td>乙</table>",
    "<form><fieldset><legend>forms</legend><input value=1><input type=checkbox checked></form>",
    "<form>forms<select><option>甲<option selected>乙</select><textarea>话</textarea></form>",
    "<FORM><INPUT TYPE=submit></FORM><details><summary>要</summary>详</details><center>中</center>",
    "<h2 align=right>右</h2><pre wrap>a\n  b</pre><code>c</code><sub>下</sub><del>删</del>",
    "<section lang=zh><h3 id=a>甲</h3><a href=#a>到甲</a><p hidden>不见<p>见</section>",
    "<svg width=20 height=20><style>rect{fill:red}</style><rect width=9 height=9 /></svg><b>粗</b>",
]


def test_a_page_of_anything_is_the_same_with_all_of_the_rules(tmp_path: Path) -> None:
    def made(how: str) -> list[str]:
        done = run_python(MAKE, tmp_path, how, *PAGES)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    digests = made("with")
    assert len(set(digests)) == len(PAGES)
    assert dict(zip(PAGES, digests, strict=True)) == dict(zip(PAGES, made("without"), strict=True))


def test_a_page_without_notes_forms_and_lists_has_no_rules_for_them() -> None:
    from weasyprint import html

    page = patched_weasyprint().HTML(string="<p class=table-note>一段<span>话</span>")
    words = style_sheets._words(page)
    (sheet,) = page._ua_stylesheets()
    (hints,) = page._ph_stylesheets()
    matcher = sheet.matcher
    assert words == {"html", "head", "body", "p", "span", "class", "before", "after", "marker"}
    assert matcher.lower_local_name_selectors.keys() == {"html", "head", "body", "p", "li"}
    assert {entry[3] for entry in matcher.other_selectors} == {None}
    assert 0 < matcher.order < html.UA.count("{") / 5
    assert hints.matcher.order == 0


@pytest.mark.parametrize(
    ("selector", "needs"),
    [
        ("table", [{"table"}]),
        ("table > tr", [{"table", "tr"}]),
        ("[dir=rtl i] dd", [{"dir", "dd"}]),
        (":link", [set()]),
        ("::marker", [{"marker"}]),
        ("q::before", [{"q", "before"}]),
        (":is(p, h1)[align=left i]", [{"p", "align"}, {"h1", "align"}]),
        (":is(a, b) :is(c, d)", [{"a", "c"}, {"a", "d"}, {"b", "c"}, {"b", "d"}]),
        (
            "input[value]:not([type=checkbox i], [type=radio i])::before",
            [{"input", "value", "before"}],
        ),
        ("select:not(:has(option[selected])) option:first-of-type", [{"select", "option"}]),
        ('li[type="1"]', [{"li", "type"}]),
    ],
)
def test_a_selector_needs_the_names_without_which_it_hits_nothing(
    selector: str, needs: list[set[str]]
) -> None:
    assert list(style_sheets._needs(selector)) == needs
