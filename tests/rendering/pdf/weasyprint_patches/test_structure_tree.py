"""The structure tree of the PDF, which a screen reader uses, read back."""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import page as validator
import pikepdf
import pytest

from tests.rendering.parsed_outputs import labels_of_form, squeeze
from tests.rendering.pdf_structure import Element, marked_texts, structure
from tests.rendering.rendered_reports import (
    EDITIONS,
    NAMES,
    Built,
    build,
    built,
    cells_of_tables,
    changed,
)
from tests.support import run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

APPLICATIONS = "收到和处理政府信息公开申请情况"
PROSE = (
    """第一段，见[网站](https://www.example.gov.cn/a)和**重点**、*楷体*、`代码`。
- 甲
- 乙
  1. 乙一
- 丙

> 引用的话。

| 项目 | 数量 |
| --- | ---: |
| 网站 | 12 |
"""
    + "很长的一段话。" * 120
)

# With a face of ours, as a bare machine has no other.
ANYTHING = """<title>题</title><style>{{ faces }} html{font-family:nianbao-song}
.float{float:left} .top{position:absolute;top:0} .foot{float:footnote} .columns{columns:2}
.grid{display:grid} .flex{display:flex} .fixed{position:fixed;bottom:0} .bare{list-style:none}
.again{position:running(again)} @page{@top-center{content:element(again)}}
</style><div class=again>页眉</div>直接<p class=float>浮动<p class=top>绝对
<p>脚注<span class=foot>注</span>
<div class=columns><p>栏一<p>栏二</div>
<div class=grid><p>甲<p>乙</div><div class=flex>丙<b>丁</b></div>
<p class=fixed>固定<dl><dt>词<dd>义</dl><ul><li class=bare>无<li>有<ul><li>内</ul></ul>
<svg width=20 height=20><title>圆</title><circle cx=9 cy=9 r=8 />
<text font-family=nianbao-song x=0 y=9>字</text></svg>
<table><caption>表</caption><tr><th><a href="https://e.cn">链接</a><td headers=q>1
<tr><td colspan=x>2<td rowspan=0>3</table><p><a href="#a">内</a><a id=a href="https://a.cn"><b>粗</b></a>
<details><summary>概</summary>详</details><ruby>拼<rt>pīn</rt></ruby><pre>代 码
</pre>"""


@cache
def long_table(edition: int) -> Built:
    """A report whose table of applications is longer than a page, as each row has a long note."""
    cells = cells_of_tables(edition, 7)
    for pointer in cells:
        if pointer[0] == APPLICATIONS and pointer[-1] == "自然人":
            cells[pointer] = {"数值": 8, "注": "其中二百三十四件由上年结转而来另有说明"}
    return build(changed(edition, cells))


@cache
def all_kinds() -> Built:
    """A report with every kind of prose, and notes under its tables."""
    notes = {(APPLICATIONS, "注"): ["一条注。", "又一条注。"]}
    return build(changed(2021, {("总体情况", "概述"): PROSE, **notes}))


REPORTS: dict[str, Any] = {
    **{name: lambda name=name: built(name) for name in NAMES},
    **{
        f"long table {edition}": lambda edition=edition: long_table(edition) for edition in EDITIONS
    },
    "all kinds": all_kinds,
}


@pytest.fixture(params=REPORTS)
def report(request: pytest.FixtureRequest) -> Built:
    """Each of the reports in turn."""
    made: Built = REPORTS[request.param]()
    return made


def tables(root: Element) -> list[Element]:
    """The tables of the form: those whose cells name headers."""
    found = root.all("Table")
    return [t for t in found if any(c.attribute("/Headers") is not None for c in t.all("TD"))]


def test_every_cell_is_linked_to_exactly_its_labels_of_the_form(report: Built) -> None:
    root = structure(report.pdf)
    read = []
    for table in tables(root):
        labels = {str(cell.entries.ID): squeeze(cell.text) for cell in table.all("TH")}
        assert len(labels) == len(list(table.all("TH"))), "two headers with one name"
        for cell in table.all("TD"):
            headers = cell.attribute("/Headers")
            if headers is not None:
                read.append((tuple(labels[str(name)] for name in headers), squeeze(cell.text)))
    values = report.report.values
    form = [
        (
            tuple(squeeze(label) for label in labels),
            values[pointer].text + (f"（{values[pointer].note}）" if values[pointer].note else ""),
        )
        for labels, pointer in labels_of_form(report)
    ]
    assert sorted(read) == sorted(form)


def test_tables_are_read_once_and_their_rows_are_full(report: Built) -> None:
    root = structure(report.pdf)
    sections = [section for section in report.form.sections if section.grids]
    assert len(tables(root)) == sum(len(section.grids) for section in sections)
    for table in root.all("Table"):
        rows = list(table.all("TR"))
        widths = [0] * len(rows)
        for number, row in enumerate(rows):
            for cell in row.kids:
                for below in range(int(cell.attribute("/RowSpan") or 1)):
                    widths[number + below] += int(cell.attribute("/ColSpan") or 1)
        assert len(set(widths)) == 1, widths


def test_all_text_is_in_the_tree_but_for_page_numbers_and_repeated_headers(report: Built) -> None:
    with pikepdf.open(io.BytesIO(report.pdf)) as document:
        for number, page in enumerate(document.pages, 1):
            texts: dict[Any, str] = marked_texts(page)
            assert None not in texts
            assert f"—{number}—" in squeeze(texts[-1])
    text = squeeze(structure(report.pdf).text)
    assert "—1—" not in text
    for section in report.form.sections:
        assert squeeze(section.title) in text


def test_headings_go_down_one_level_at_a_time(report: Built) -> None:
    root = structure(report.pdf)
    headings = list(root.all("H1", "H2", "H3", "H4", "H5", "H6"))
    levels = [int(heading.name[1]) for heading in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = [squeeze(h.text) for h in headings if h.name == "H2"]
    assert titles == [squeeze(section.title) for section in report.form.sections]


def test_bookmarks_are_the_headings_in_order(report: Built) -> None:
    def titles(items: Any) -> list[str]:
        return [title for item in items for title in (item.title, *titles(item.children))]

    headings = structure(report.pdf).all("H1", "H2", "H3", "H4", "H5", "H6")
    with pikepdf.open(io.BytesIO(report.pdf)) as document, document.open_outline() as outline:
        read = [squeeze(title) for title in titles(outline.root)]
    assert read == [squeeze(heading.text) for heading in headings]


@pytest.mark.parametrize("profile", ["pdfa-3a", "ua1"])
def test_an_independent_validator_finds_nothing(report: Built, profile: str) -> None:
    summary = validator.validate_pdf_bytes(report.pdf, profile=profile)
    assert [failure.message for failure in summary.failures] == []
    assert summary.is_compliant


def test_a_paragraph_that_goes_on_over_a_page_is_one() -> None:
    paragraphs = [p.text for p in structure(all_kinds().pdf).all("P")]
    assert "很长的一段话。" * 120 in paragraphs


def test_lists_links_notes_and_quotes_are_what_they_are() -> None:
    root = structure(all_kinds().pdf)
    outer, inner, *_ = root.all("L")
    assert [squeeze(item.text) for item in outer.kids] == ["•甲", "•乙1.乙一", "•丙"]
    assert [kid.name for kid in outer.kids[0].kids] == ["Lbl", "LBody"]
    assert str(outer.attribute("/ListNumbering")) == "/Disc"
    assert str(inner.attribute("/ListNumbering")) == "/Decimal"
    assert [link.text for link in root.all("Link")] == ["网站"]
    assert [quote.text for quote in root.all("BlockQuote")] == ["引用的话。"]
    assert [squeeze(note.text) for note in root.all("Note")][-2:] == [
        "注：1.一条注。",
        "2.又一条注。",
    ]
    ids = [str(note.entries.ID) for note in root.all("Note")]
    assert len(ids) == len(set(ids))


def test_a_link_in_the_header_of_a_table_longer_than_a_page_is_one_link_of_the_tree() -> None:
    rows = "| 甲 | 乙 |\n" * 120
    prose = f"| [网站](https://www.example.gov.cn/a) | 数量 |\n| --- | --- |\n{rows}"
    pdf = build(changed(2021, {("总体情况", "概述"): prose})).pdf
    assert [f.message for f in validator.validate_pdf_bytes(pdf, profile="ua1").failures] == []
    root = structure(pdf)
    (link,) = root.all("Link")
    assert link.text == "网站"
    with pikepdf.open(io.BytesIO(pdf)) as document:
        drawn = [a for page in document.pages for a in page.get("/Annots", [])]
        assert len(drawn) > 2
        assert len(link.entries.K) == len(drawn) + 1


def test_a_template_with_anything_in_it_gets_a_tree_too(tmp_path: Path) -> None:
    root = write_repo(tmp_path, report=changed(2021, {}))
    (root / "templates").mkdir()
    (root / "templates/print.html").write_text(ANYTHING, "utf-8")
    done = run_cli(["--to", "pdf"], root)
    assert done.returncode == 0, done.stdout + done.stderr
    pdf = (root / "output/report.pdf").read_bytes()
    assert [f.message for f in validator.validate_pdf_bytes(pdf, profile="ua1").failures] == []
    text = squeeze(structure(pdf).text)
    for words in [
        "直接",
        "浮动",
        "绝对",
        "脚注",
        "栏一",
        "甲乙",
        "丙丁",
        "词",
        "无",
        "内",
        "链接",
        "粗",
        "拼",
    ]:
        assert words in text
