"""The web page: one file, one order of headings, landmarks, meta tags, colours that can be read."""

from __future__ import annotations

import dataclasses
import json
import re
from itertools import pairwise
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from nianbao.rendering import render_document
from nianbao.rendering.document import build_document, file_links
from nianbao.workspace.settings import Settings
from tests.rendering.parsed_outputs import find
from tests.rendering.rendered_reports import (
    NAMES,
    NO_TEMPLATES,
    built,
    changed,
    compiled,
    web_page,
)

HOSTILE = """\
# 一级
### 跳了两级
## 倒过来
正文有[链接](https://example.org/)、[信箱](mailto:a@example.org)、<img src=https://example.org/x>。
![图](https://example.org/x.png)
| 一 | 二 |
| -- | -- |
| 1 | 2 |
"""


def hostile_page() -> str:
    """A page with headings, links, images and tables in all of its prose."""
    texts = {("引言",): HOSTILE, ("总体情况", "概述"): HOSTILE, ("总体情况", "主动公开"): HOSTILE}
    tables = {("主动公开政府信息情况", "说明"): HOSTILE, ("其他需要报告的事项",): HOSTILE}
    return web_page(changed(2021, {**texts, **tables}))


@pytest.fixture(params=[*NAMES, "hostile"])
def page(request: pytest.FixtureRequest) -> str:
    """Each of the pages in turn."""
    return hostile_page() if request.param == "hostile" else built(request.param).html


@pytest.fixture
def tree(page: str) -> Any:
    """Each of the pages as a tree."""
    return html.document_fromstring(page)


def test_the_page_loads_nothing_and_runs_nothing(tree: Any) -> None:
    # A script of this type is data: no browser runs it.
    active = "//script[not(@type='application/ld+json')]|//link|//img|//iframe"
    assert find(tree, f"{active}|//object|//embed|//form|//base|//svg") == []
    assert find(tree, "//@src|//@srcset|//@action|//@style[contains(., 'url')]") == []
    assert find(tree, "//@*[starts-with(name(), 'on')]|//meta[@http-equiv]") == []
    styles = "".join(find(tree, "//style/text()"))
    assert not re.search(r"url\(|@import|expression|image-set", styles)
    for link in find(tree, "//@href"):
        assert re.match(r"#\w|https://example\.org/$|mailto:a@example\.org$", link)


def test_the_page_says_its_language_title_and_character_set(page: str, tree: Any) -> None:
    assert page.startswith("<!DOCTYPE html>")
    assert tree.get("lang") == "zh-CN"
    assert find(tree, "/html/head/*[1]/@charset") == ["utf-8"]
    assert find(tree, "//meta[@name='viewport']/@content") == [
        "width=device-width, initial-scale=1"
    ]
    (title,) = find(tree, "//title/text()")
    assert title == "".join(find(tree, "//h1//text()"))


def test_headings_begin_with_one_of_the_first_level_and_skip_none(tree: Any) -> None:
    headings = find(tree, "//h1|//h2|//h3|//h4|//h5|//h6")
    levels = [int(heading.tag[1]) for heading in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(heading.text_content().strip() for heading in headings)


def test_every_section_is_a_landmark_named_by_its_heading(tree: Any) -> None:
    for section in find(tree, "//main//section"):
        (heading,) = find(section, ".//h2")
        assert section.get("aria-labelledby") == heading.get("id")
    assert len(find(tree, "//main//section")) == 6
    assert len(find(tree, "//main")) == len(find(tree, "//nav[@aria-label]")) == 1


def test_the_first_link_skips_to_the_text_and_the_list_of_contents_leads_to_the_sections(
    tree: Any,
) -> None:
    first, *links = find(tree, "//body//a[starts-with(@href, '#')]")
    (main,) = find(tree, "//main")
    assert first.get("href") == f"#{main.get('id')}"
    assert main.get("tabindex") == "-1"
    sections = find(tree, "//main//section")
    assert [link.get("href")[1:] for link in links] == [section.get("id") for section in sections]
    titles = [find(section, "string(.//h2)") for section in sections]
    assert [link.text_content() for link in links] == ["".join(title) for title in titles]


def test_what_scrolls_sideways_can_be_reached_and_has_a_name(tree: Any) -> None:
    boxes = find(tree, "//*[contains(@class, 'scroll')]")
    assert len(boxes) >= 3
    for box in boxes:
        assert box.get("tabindex") == "0"
        # No landmark: its section is one, with the same name.
        assert box.get("role") == "group"
        assert box.get("aria-label") or box.get("aria-labelledby")
    assert find(tree, "//table[not(ancestor::*[contains(@class, 'scroll')])]") == []


def meta(page: str) -> dict[str, str]:
    """The meta tags of a page by name."""
    tags = find(html.document_fromstring(page), "//meta[@name]")
    return {tag.get("name"): tag.get("content") for tag in tags}


def test_the_meta_tags_of_government_sites_come_from_report_and_settings() -> None:
    site = {"SiteName": "示例市政府网站", "ColumnName": "政府信息公开年报"}
    own = {("网站",): {"SiteDomain": "www.example.gov.cn", "ColumnName": "年报"}}
    tags = meta(web_page(changed(2021, own), **site))
    assert tags == {
        "viewport": "width=device-width, initial-scale=1",
        "SiteName": "示例市政府网站",
        "SiteDomain": "www.example.gov.cn",
        "ColumnName": "年报",
        "ContentSource": "示例市人民政府",
        "ArticleTitle": "示例市人民政府2025年政府信息公开工作年度报告",
        "PubDate": "2026-03-20",
    }


def test_the_date_of_publication_goes_before_the_date_of_signature() -> None:
    assert meta(web_page(changed(2021, {("发布日期",): "2026-03-31"})))["PubDate"] == "2026-03-31"


def test_words_of_the_report_never_become_tags() -> None:
    hostile = '</script><script>alert("1")</script><!--"&\\'
    page = web_page(
        changed(
            2021,
            {
                ("机关",): hostile,
                ("文号",): hostile,
                ("联系方式",): hostile,
                ("网站",): {"SiteName": hostile},
                ("主动公开政府信息情况", "注"): [hostile],
                ("收到和处理政府信息公开申请情况", "本年新收", "其他"): {"数值": 1, "注": hostile},
                ("总体情况", "补充"): [{"标题": hostile, "正文": hostile}],
            },
        )
    )
    tree = html.document_fromstring(page)
    (script,) = find(tree, "//script")
    assert script.get("type") == "application/ld+json"
    assert json.loads(script.text)["creator"]["name"] == hostile
    assert meta(page)["SiteName"] == meta(page)["ContentSource"] == hostile
    for path in ("//h1/span", "//p[@class='number']", "//footer/p", "//p[@class='table-note']"):
        assert any(hostile in element.text_content() for element in find(tree, path)), path
    assert any(hostile in cell.text_content() for cell in find(tree, "//td"))
    assert any(hostile in heading.text_content() for heading in find(tree, "//h3"))


# The files next to the page


def page_with_files(name: str, *suffixes: str) -> str:
    """A web page with links to other outputs."""
    report = compiled(changed(2021, {}))
    document = build_document(report, Settings())
    linked = dataclasses.replace(document, files=file_links(name, suffixes))
    return render_document(linked, report, "html", Settings(), NO_TEMPLATES).decode()


def dataset(page: str) -> dict[str, Any]:
    """The JSON-LD of a page."""
    path = "//head/script[@type='application/ld+json']/text()"
    (text,) = find(html.document_fromstring(page), path)
    data: dict[str, Any] = json.loads(text)
    return data


def test_the_page_leads_to_the_files_next_to_it_by_their_names() -> None:
    page = page_with_files("2025 年#1?%", "pdf", "docx", "json", "csv")
    links = find(html.document_fromstring(page), "//footer/p[@class='files']/a")
    assert [link.text for link in links] == ["PDF", "Word", "JSON", "CSV"]
    for link, suffix in zip(links, ("pdf", "docx", "json", "csv"), strict=True):
        # The name as a browser resolves it.
        address = urlsplit(urljoin("https://example.org/a/2025.html", link.get("href")))
        assert (address.query, address.fragment) == ("", "")
        assert unquote(address.path) == f"/a/2025 年#1?%.{suffix}"


def test_a_page_without_files_next_to_it_has_no_links_to_any() -> None:
    page = page_with_files("2025")
    assert find(html.document_fromstring(page), "//*[@class='files']") == []
    assert "distribution" not in dataset(page)


def test_the_links_to_files_are_not_printed() -> None:
    page = page_with_files("2025", "pdf")
    assert re.search(r"@media print \{.*\.files \{ display: none; \}", page, re.DOTALL)


def test_search_engines_get_the_page_as_a_dataset_of_schema_org() -> None:
    data = dataset(page_with_files("2025", "pdf", "csv"))
    report = compiled(changed(2021, {}))
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "Dataset"
    assert data["name"] == "".join(report.title)
    assert 50 <= len(data["description"]) <= 5000  # what Google's guide asks for
    assert data["creator"]["name"] == report.body
    assert data["temporalCoverage"] == "2025-01-01/2025-12-31"
    assert data["datePublished"] == report.signed.isoformat()
    assert data["variableMeasured"] == [
        name for section in report.form.sections for name in section.table_names
    ]
    assert [(file["encodingFormat"], file["contentUrl"]) for file in data["distribution"]] == [
        ("application/pdf", "./2025.pdf"),
        ("text/csv", "./2025.csv"),
    ]
