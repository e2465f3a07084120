"""Read outputs back with parsers that had no part in making them."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pikepdf
import tinyhtml5.parser
from lxml import etree, html

from fuzz.failure import require
from tests.rendering.parsed_outputs import find, gfm, squeeze, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.model.draft import Draft
    from nianbao.model.report import Report
    from nianbao.rendering.draft import Mark

_SCHEMES: Final = {"", "http", "https", "mailto"}
_TAGS: Final = {
    *("html", "head", "meta", "title", "style", "body", "main", "article", "header", "footer"),
    *("section", "nav", "aside", "div", "p", "span", "h1", "h2", "h3", "h4", "h5", "h6", "br"),
    *("ul", "ol", "li", "dl", "dt", "dd", "blockquote", "address", "time", "details", "summary"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td"),
    *("strong", "em", "b", "small", "code", "a", "del", "ins"),
}
# Those of a comment: what our Markdown becomes, and the tags that it opens itself.
_COMMENT_TAGS: Final = {
    *("main", "p", "strong", "em", "h4", "ul", "li", "br", "code", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "del", "ins"),
}
# What GitHub and GitLab take for a mention or a reference in a comment.
_REFERENCE: Final = re.compile(r"@[\w-]|#[0-9]|[a-z]+://")
# More would take the parser seconds.
_LARGEST_PAGE: Final = 300_000


def check_document(step: str, to: str, document: Any, findings: Sequence[Finding]) -> None:
    """Check a JSON document of findings: how many there are, and their positions.

    `step`: for the message. `to`: the format (json, sarif …). `document`: parsed. `findings`: those
    that it must contain.
    """
    live = [finding for finding in findings if not finding.waived]
    if to == "json":
        require(step, len(document["findings"]) == len(findings), "结果的个数不对")
    elif to == "gitlab":
        prints = [each["fingerprint"] for each in document]
        require(step, len(document) == len(live), "结果的个数不对")
        require(step, len(set(prints)) == len(prints), "指纹重复")
    else:
        (run,) = document["runs"]
        require(step, len(run["results"]) == len(findings), "结果的个数不对")
        known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
        for result in run["results"]:
            require(step, result["ruleId"] in known, f"{result['ruleId']} 不在目录里")
            region = result["locations"][0]["physicalLocation"]["region"]
            require(step, min(region.values()) >= 1, "region 不对")


def check_html(step: str, page: str, script: str = "") -> None:
    """Check that a page parses without errors and that nothing in it is active.

    Raises FailedCheckError. `script`: the program's own script, which the page must contain once,
    together with the label that switches its keys on; "" for none.
    """
    if len(page) > _LARGEST_PAGE:
        return
    parser: Any = tinyhtml5.parser.HTMLParser()
    parser.parse(page)
    errors: list[str] = sorted({code for _, code, _ in parser.errors})
    require(step, not errors, f"不是合格的 HTML：{'、'.join(errors[:3])}")
    root: Any = html.document_fromstring(page)
    for element in root.xpath("/html/head/script[@type='application/ld+json']"):
        json.loads(element.text)  # data, which no browser runs
        element.drop_tree()
    if script:
        own = [*root.iter("script"), *root.iter("label")]
        texts = [(element.text or "").strip() for element in own]
        require(step, len(own) == 2 and texts[0] == script.strip(), "有别的脚本")
        for element in own:
            element.drop_tree()
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        require(step, tag in _TAGS, f"有标签 {tag}")
        for name in map(str, element.attrib):
            require(step, not name.startswith("on"), f"有属性 {name}")
            if name in ("href", "src"):
                _check_link(step, element.get(name, ""))


def _check_link(step: str, address: str) -> None:
    scheme = urlsplit(address).scheme
    require(step, scheme in _SCHEMES, f"有链接 {scheme}")


def check_pages(report: Report, page: str, markdown: str) -> None:
    """Check the web page and the Markdown of a report; raise FailedCheckError if a check fails.

    The page must show the number of every cell, and both must have the same words.
    """
    check_html("html", page)
    (article,) = find(html.document_fromstring(page), "//article")
    cells = Counter(squeeze(cell.text_content()) for cell in find(article, ".//td[@headers]"))
    numbers = Counter(cell.partition("（")[0] for cell in cells.elements())
    printed = Counter(value.text for value in report.values.values())
    require("html", numbers == printed, "格子里的数不对", numbers - printed, printed - numbers)
    require("md", markdown.endswith("\n") and "\r" not in markdown, "行尾不对")
    if len(page) > _LARGEST_PAGE:
        return
    tree = html.fragment_fromstring(gfm(markdown), create_parent="main")
    for element in tree.iter(etree.Element):
        _check_link("md", element.get("href", ""))
        require("md", element.tag not in ("img", "script", "style", "iframe"), "有活动内容")
    # Tables in prose are among those of the Markdown.
    again = Counter(squeeze(cell.text_content()) for cell in tree.iter("td"))
    require("md", not cells - again, "格子和网页的不同", cells - again)
    words_of_both = _words_outside_tables(tree), _words_outside_tables(article)
    require("md", words_of_both[0] == words_of_both[1], "文字和网页的不同", *words_of_both)


def _words_outside_tables(tree: Any) -> str:
    """Return the words outside tables; a bold line above a table is its title."""
    for table in list(tree.iter("table")):
        for title in table.xpath("preceding-sibling::*[1][self::p][count(*)=1][strong]"):
            if not (title.text or "").strip():
                title.drop_tree()
        table.drop_tree()
    return words(html.tostring(tree, encoding="unicode"))


def check_draft(page: str, draft: Draft, marks: Sequence[Mark], *, listed: bool) -> None:
    """Check the page of a draft: valid HTML, a mark for each finding, and all of them in the list.

    `listed`: True if the page has a list of findings. A cell beyond the columns of the header in a
    table of prose is not printed, and so its mark is not either.
    """
    step = "build --draft"
    check_html(step, page)
    if not any("|" in prose.source_text for prose in draft.report.texts.values()):
        require(step, page.count('class="finding-mark') >= len(marks), "有的结果没有记号")
    require(step, not listed or page.count('id="finding-') >= len(marks), "有的结果没有列出")


def check_change(to: str, text: str) -> None:
    """Check the changes of a report in one format."""
    step = f"diff --format {to}"
    if to == "html":
        check_html(step, text)
    elif to == "markdown":
        require(step, len(text) <= 65_000, "评论太长")
        tree = html.fragment_fromstring(gfm(text), create_parent="main")
        for element in tree.iter(etree.Element):
            require(step, element.tag in _COMMENT_TAGS, f"有标签 {element.tag}")
        found = _REFERENCE.search(tree.text_content())
        require(step, found is None, "有引用")


def check_pdf(pdf: bytes) -> None:
    """Check that a PDF opens without repairs and has pages."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        require("pdf", len(opened.pages) > 0, "没有页")
        require("pdf", not opened.check_pdf_syntax(), "PDF 的语法不对")
