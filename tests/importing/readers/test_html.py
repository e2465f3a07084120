"""Web pages become the paragraphs and tables of the report on them."""

from __future__ import annotations

import contextlib
import random
import re
from typing import TYPE_CHECKING

import pytest

from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.readers.html import read_html
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.support import ROOT, check_text, fixture_reports

if TYPE_CHECKING:
    from pathlib import Path

REPORT = """
<p>2022年政府信息公开工作年度报告</p><p>一、总体情况</p><p>全年公开信息5条。</p>
<p>二、主动公开政府信息情况</p>
<table><tr><td colspan=2>第二十条第（五）项</td></tr>
<tr><td>信息内容</td><td>本年处理决定数量</td></tr>
<tr><td>行政许可</td><td>12</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p><p>无。</p><p>示例县水利局</p><p>2023年1月20日</p>
"""
WORD_NUMBER = "<span style='mso-list:Ignore'>"


def read(body: str, charset: str = "utf-8") -> SourceDocument:
    return read_html(f"<html><body>{body}</body></html>".encode(charset))


def paragraphs(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def tables(document: SourceDocument) -> list[SourceTable]:
    return [block for block in document.blocks if isinstance(block, SourceTable)]


def shape(table: SourceTable) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells]


def messages(document: SourceDocument) -> str:
    return "\n".join(remark.message for remark in document.remarks)


# ── where the report is


def test_everything_around_the_report_is_left_out() -> None:
    page = read(
        "<div><ul><li><a href=/a>首页</a></li><li><a href=/b>政务公开</a></li></ul></div>"
        "<nav><ol><li>一、总体情况</li><li>二、主动公开</li><li>三、申请情况</li></ol></nav>"
        "<div class=a><h1>2022年政府信息公开工作年度报告</h1>"
        "<p>发布时间：2023-01-20 来源：本站 浏览次数：12</p>"
        f"<div class=b>{REPORT}</div><p><a href=#>打印本页</a></p><p>分享到：微信</p>"
        "<h4>相关链接</h4></div><aside>热点</aside><p>版权所有：示例县人民政府</p>"
    )
    assert paragraphs(page) == paragraphs(read(REPORT))
    assert paragraphs(page)[0] == "2022年政府信息公开工作年度报告"
    assert paragraphs(page)[-1] == "2023年1月20日"
    assert len(tables(page)) == 1


def test_the_title_over_the_article_belongs_to_the_report() -> None:
    body = REPORT.replace("<p>2022年政府信息公开工作年度报告</p>", "")
    page = read(
        "<h1>示例县水利局<br>2022年政府信息公开工作年度报告</h1><p>字号：大 中 小</p>"
        f"<div>{body}</div>"
    )
    assert paragraphs(page)[:2] == ["示例县水利局\n2022年政府信息公开工作年度报告", "一、总体情况"]


@pytest.mark.parametrize(
    "head",
    [
        "<title>示例县水利局2022年政府信息公开工作年度报告_示例县人民政府</title>",
        "<meta name=ArticleTitle content=示例县水利局2022年政府信息公开工作年度报告>",
    ],
)
def test_a_report_without_a_title_has_that_of_its_page(head: str) -> None:
    article = REPORT.partition("</p>")[2]
    document = read_html(f"<html><head>{head}</head><body>{article}</body></html>".encode())
    title = "示例县水利局2022年政府信息公开工作年度报告"
    assert paragraphs(document)[:2] == [title, "一、总体情况"]
    with_title = read_html(f"<html><head>{head}</head><body>{REPORT}</body></html>".encode())
    assert paragraphs(with_title)[0] == "2022年政府信息公开工作年度报告"


def test_a_table_of_contents_is_not_the_report() -> None:
    contents = "<p>一、总体情况</p><p>二、主动公开政府信息情况</p><p>三、收到和处理申请情况</p>"
    assert paragraphs(read(contents + REPORT)) == paragraphs(read(REPORT))


def test_a_report_of_lines_in_one_element_is_found() -> None:
    body = REPORT.replace("<p>", "").replace("</p>", "<br>")
    page = read(f"<ul><li>首页</li></ul><div>{body}</div><div>版权所有</div>")
    assert "\n".join(paragraphs(page)).split("\n") == paragraphs(read(REPORT))


def test_short_lines_between_the_title_and_the_article_are_left_out_but_prose_is_kept() -> None:
    title = "<p>2022年政府信息公开工作年度报告</p>"
    body = REPORT.replace(title, "")
    page = read(f"{title}<div><p>热点专题</p></div><p>现公布本报告。</p><div>{body}</div>")
    assert paragraphs(page)[1:3] == ["现公布本报告。", "一、总体情况"]


def test_a_signature_after_the_article_belongs_to_the_report() -> None:
    body, signature = REPORT.split("<p>示例县水利局")
    page = read(f"<div><div>{body}</div><p>示例县水利局{signature}<p>分享到：微信</p></div>")
    assert paragraphs(page)[-2:] == ["示例县水利局", "2023年1月20日"]


def test_the_rows_of_table_three_are_no_headings() -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>1</td></tr>"
        for label in (
            "一、本年新收政府信息公开申请数量",
            "二、上年结转政府信息公开申请数量",
            "三、本年度办理结果",
        )
    )
    (table,) = tables(read(f"<table>{rows}</table>"))
    assert len(table.cells) == 6


def test_without_headings_the_whole_page_is_read() -> None:
    assert paragraphs(read("<p>会议通知</p><div>各科室：</div>")) == ["会议通知", "各科室："]


def test_the_contact_of_our_footer_is_kept_but_no_other_footer() -> None:
    ours = read(f"{REPORT}<footer><p>联系方式：0357-1234567</p></footer>")
    assert paragraphs(ours)[-1] == "联系方式：0357-1234567"
    site = read(f"{REPORT}<footer><p>主办：示例县</p><p>联系方式：0357-1234567</p></footer>")
    assert paragraphs(site)[-1] == "2023年1月20日"


@pytest.mark.parametrize("name", fixture_reports())
def test_our_own_page_comes_back(name: str, tmp_path: Path) -> None:
    report = check_text(fixture_reports()[name].read_bytes(), tmp_path).report
    assert report is not None
    page = read_html(render_report(report, "html", Settings(), ROOT / "templates"))
    printed = paragraphs(page)
    assert printed[: len(report.title)] == list(report.title)
    assert printed[-2] == report.body
    assert [p for p in printed if p in {s.title for s in report.form.sections}] == [
        section.title for section in report.form.sections
    ]
    cells = [cell.text.split("\n")[0] for table in tables(page) for cell in table.cells]
    for value in report.values.values():
        cells.remove(value.text)  # each number stands there once for each cell
    assert not page.remarks


# ── bytes


@pytest.mark.parametrize(
    ("charset", "meta"),
    [
        ("gb18030", "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>"),
        ("gb18030", "<meta charset=utf-8>"),  # a wrong declaration
        ("gb18030", ""),
        ("utf-8", "<meta charset=gbk>"),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("utf-16-le", ""),
        ("big5hkscs", "<meta charset=big5>"),
    ],
)
def test_the_charset_is_found(charset: str, meta: str) -> None:
    text = "政府信息公開" if "big5" in charset else "总体情况镕"
    page = read_html(f"<html>{meta}<body><p>{text}</p></body></html>".encode(charset))
    assert paragraphs(page) == [text]


def test_a_damaged_byte_is_named_and_does_not_change_the_charset() -> None:
    page = read_html("<p>总体情况，公开信息</p>".encode().replace("，".encode(), b"\xff"))
    assert paragraphs(page) == ["总体情况\ufffd公开信息"]
    assert "1 处字节不是文字" in messages(page)


def test_a_web_archive_is_read() -> None:
    archive = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        "<p>=E6=80=BB=E4=BD=93</p>\n--b--\n"
    )
    assert paragraphs(read_html(archive.encode())) == ["总体"]


# ── text


@pytest.mark.parametrize(
    ("html", "printed"),
    [
        ("<p>a<br>b</p><p>c</p>", ["a\nb", "c"]),
        ("a<br><br>&nbsp;b<br/>\n&nbsp;<br>c", ["a", "b", "c"]),
        ("<p>政府\n  信息 公开</p>", ["政府信息 公开"]),
        ("<p>open\n data</p>", ["open data"]),
        ("<div>a<p>b</p>c<div>d</div></div>", ["a", "b", "c", "d"]),
        (
            "<p>&emsp;&nbsp;一&lt;二&amp;三&nbsp;四</p>",
            ["一<二&三\xa0四"],
        ),
        ("<p>m<sup>2</sup>、H<sub>2</sub>O</p>", ["m²、H₂O"]),
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        (
            "<ol start=3><li>a</li><li value=7><p>b</p></li><li>c</li></ol>",
            ["3. a", "7. b", "8. c"],
        ),
        ("<ol type=a><li>a</ol><ol type=I><li>a<li>b</ol>", ["a. a", "I. a", "II. b"]),
        ("<ol style='list-style-type:cjk-ideographic'><li>a</ol>", ["一、a"]),
        ("<ul><li>a<ul><li>b</ul></ul>", ["- a", "- b"]),
        ("<ol style='list-style:none'><li>1.a</ol>", ["1.a"]),
        ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
        ("<h2>a<span>b</span></h2>", ["ab"]),
        ("<p>a<script>b</script><!-- c --><style>d</style></p>", ["a"]),
        ("<pre>规章\t0\t0\n许可\t1\t2\n</pre>", []),
        (
            (
                f"<p><![if !supportLists]>{WORD_NUMBER}1.<span>&nbsp; </span></span><![endif]>总体"
                f"<o:p></o:p></p><p>{WORD_NUMBER}（一）&nbsp;</span>公开</p>"
            ),
            ["1. 总体", "（一）公开"],
        ),
    ],
)
def test_text_is_read_as_it_is_printed(html: str, printed: list[str]) -> None:
    assert paragraphs(read(html)) == printed


def test_headings_have_their_level() -> None:
    blocks = read("<h1><span>a</span></h1><h3>b</h3><p>c</p>").blocks
    assert [block.level for block in blocks if isinstance(block, SourceParagraph)] == [1, 3, 0]


def test_columns_in_pre_are_a_table() -> None:
    (table,) = tables(read("<pre>规章\t0\t0\n许可\t1\t2\n</pre>"))
    assert [cell.text for cell in table.cells] == ["规章", "0", "0", "许可", "1", "2"]
    assert table.ragged


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>5件</p>",
        "<p hidden>5件</p>",
        "<p aria-hidden=true>5件</p>",
        "<p class=x>5件</p>",
        "<p style='visibility:hidden'>5件</p>",
        "<span style='mso-hide:all'>5件</span>",
        "<del>5件</del>",
        "<p><s>5件</s></p>",
    ],
)
def test_what_is_hidden_or_struck_out_is_not_read_but_named(hidden: str) -> None:
    page = read(
        f"<style>@media print {{p {{display: none}}}} .x {{display: none}}</style><p>a</p>{hidden}"
    )
    assert paragraphs(page) == ["a"]
    assert "5件" in messages(page)


def test_a_style_sheet_makes_blocks_of_spans() -> None:
    page = read(
        "<style>.s span {display: block}</style><p class=s><span>a</span><span>b</span></p>"
    )
    assert paragraphs(page) == ["a", "b"]


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<p>a</p><img src=x.png alt=表三>", "图片“表三”里的文字没有读入"),
        ("<p>a</p><iframe src=/r.pdf></iframe><table><tr><td>1<td>2</table>", "/r.pdf"),
        (
            "<p>a</p><a href=/r.docx>附件</a><table><tr><td>1<td>2</table>",
            "链接的附件“附件”没有读入：/r.docx",
        ),
    ],
)
def test_what_cannot_be_read_is_named(html: str, message: str) -> None:
    assert message in messages(read(html))


def test_icons_are_not_named() -> None:
    assert not read("<p>a<img src=x.gif width=16 height=16></p>").remarks


# ── tables


def test_merged_cells_stand_once_with_their_spans() -> None:
    (table,) = tables(
        read("<table><tr><th rowspan=2 colspan=2>a<td>b<tr><td>c<tr><td>d<td>e<td>f</table>")
    )
    assert shape(table) == [
        ("a", 0, 0, 2, 2),
        ("b", 0, 2, 1, 1),
        ("c", 1, 2, 1, 1),
        ("d", 2, 0, 1, 1),
        ("e", 2, 1, 1, 1),
        ("f", 2, 2, 1, 1),
    ]


def test_row_spans_end_with_their_group_and_0_goes_to_its_end() -> None:
    (table,) = tables(
        read(
            "<table><tfoot><tr><td>z<td>y</tfoot><tbody><tr><td rowspan=0>a<td>b<tr><td>c</tbody>"
            "<thead><tr><td rowspan=9>h<td>i</thead></table>"
        )
    )
    assert shape(table) == [
        ("h", 0, 0, 1, 1),
        ("i", 0, 1, 1, 1),
        ("a", 1, 0, 2, 1),
        ("b", 1, 1, 1, 1),
        ("c", 2, 1, 1, 1),
        ("z", 3, 0, 1, 1),
        ("y", 3, 1, 1, 1),
    ]


@pytest.mark.parametrize(
    "cells",
    [
        "<div role=table>{}</div>/<div role=row>{}</div>/<span role=cell>{}</span>",
        "<div>{}</div>/<div style='display:flex'>{}</div>/<span>{}</span>",
        "<p class=t>{}</p>/<span class=r>{}</span>/<span class=c>{}</span>",
    ],
)
def test_a_table_may_be_made_of_other_elements(cells: str) -> None:
    table, row, cell = re.split("(?<=>)/(?=<)", cells)
    rows = [["规章", "0"], ["行政许可", "12"]]
    inner = "".join(row.format("".join(map(cell.format, texts))) for texts in rows)
    sheet = "<style>.t{display:table}.r{display:table-row}.c{display:table-cell}</style>"
    (found,) = tables(read(sheet + "<p>前</p>" + table.format(inner) + "<p>后</p>"))
    assert [[each and each.text for each in line] for line in found.matrix()] == rows


def test_boxes_side_by_side_on_a_page_are_no_table() -> None:
    page = "<div style='display:flex'><div>导航</div><div><p>一、总体情况</p>{}</div></div>"
    assert paragraphs(read(page.format("<p>文</p>"))) == ["导航", "一、总体情况", "文"]
    assert len(tables(read(page.format("<table><tr><td>规章<td>0</table>")))) == 1


def test_a_huge_column_span_is_the_width_of_the_table() -> None:
    (table,) = tables(read("<table><tr><td colspan=100000>a<tr><td>b<td colspan=2>c</table>"))
    assert shape(table)[0] == ("a", 0, 0, 1, 3)


def test_paragraphs_and_breaks_in_a_cell_are_lines() -> None:
    (table,) = tables(
        read("<table><tr><td><p>本年新</p><p>制发<br>件数</p><td>1<sup>①</sup></table>")
    )
    assert [cell.text for cell in table.cells] == ["本年新\n制发\n件数", "1①"]


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>1</sup>",
        "<span style='vertical-align: super'>1</span>",
        "<font style='vertical-align:super;font-size:8pt'><span lang=EN-US>1</span></font>",
        "<style>.mark { vertical-align: super }</style><a class=mark href=#1>1</a>",
    ],
)
def test_a_raised_number_does_not_join_the_number_before_it(mark: str) -> None:
    (table,) = tables(read(f"<table><tr><td>规章<td>22{mark}</table>"))
    assert table.cells[1].text == "22¹"


def test_what_stands_in_a_raised_element_is_read() -> None:
    page = read("<span style='vertical-align:super'><p>甲</p><table><tr><td>乙<td>1</table></span>")
    assert paragraphs(page) == ["甲"]
    assert [cell.text for cell in tables(page)[0].cells] == ["乙", "1"]


def test_a_picture_in_a_cell_is_marked() -> None:
    (table,) = tables(read("<table><tr><td>规章<td><img src=a.png></table>"))
    assert [cell.picture for cell in table.cells] == [False, True]


def test_a_layout_table_is_read_in_order() -> None:
    page = read(
        "<table><tr><td>左边<td><table><tr><td>规章<td>1</table>下面</table>"
        "<table><tr><td><p>只有一格</p><p>两段</p></table>"
    )
    assert paragraphs(page) == ["左边", "下面", "只有一格", "两段"]
    assert len(tables(page)) == 1


def test_a_report_within_one_table_is_parted_at_its_headings() -> None:
    page = read(
        "<table><tr><td colspan=2>一、总体情况<tr><td colspan=2>公开5条。"
        "<tr><td colspan=2>二、主动公开政府信息情况<tr><td colspan=2>第二十条第（五）项"
        "<tr><td>行政许可<td>3<tr><td colspan=2>三、收到和处理政府信息公开申请情况"
        "<tr><td>予以公开<td>4</table>"
    )
    assert paragraphs(page) == [
        "一、总体情况",
        "公开5条。",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
    ]
    assert [[cell.text for cell in table.cells] for table in tables(page)] == [
        ["第二十条第（五）项", "行政许可", "3"],
        ["予以公开", "4"],
    ]


def test_misplaced_text_in_a_table_is_not_lost() -> None:
    page = read("<table>说明<caption>标题</caption><form><tr><td>a<td>b</form></table>")
    assert paragraphs(page) == ["说明", "标题"]
    assert [cell.text for cell in tables(page)[0].cells] == ["a", "b"]


def test_places_count_from_one() -> None:
    page = read("<p>a</p><table><tr><td>1<td>2</table><p>b</p>")
    assert [str(block.place) for block in page.blocks] == ["第1段", "第1个表", "第2段"]
    assert str(tables(page)[0].cells[1].place) == "第1个表第1行第2列"


# ── refused


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ("<h1>2022年年度报告</h1><a href='/f/P02.pdf'>下载报告</a>", "/f/P02.pdf"),
        ("<iframe src='/viewer?file=2022.pdf'></iframe>", "/viewer?file=2022.pdf"),
        ("<div id=app></div><script>load()</script>", "由脚本生成"),
        ("<div></div>", "没有文字"),
        ("<div>" * 1000 + "a", "套得太深"),
        ("<table><tr><td>" * 60 + "a", "层以上"),
        ("<table>" + "<tr><td>1<td>2" * 2001 + "</table>", "超过 2000 行"),
        ("<table><tr>" + "<td>1" * 201 + "</table>", "超过 200 列"),
        ("<b></b>" * 250_000, "标签"),
        ("<p>" + "年" * 1_000_001, "一段超过"),
    ],
)
def test_a_page_that_holds_no_report_is_refused_with_a_remedy(html: str, message: str) -> None:
    with pytest.raises(UserError, match=message.replace("?", r"\?")):
        read(html)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(UserError, match="文件是空的"):
        read_html(b" \n")


def test_entities_of_a_document_type_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", "utf-8")
    page = read_html(f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><p>&a;</p>'.encode())
    assert "秘密" not in "".join(paragraphs(page))


def test_nested_brackets_in_a_style_sheet_do_no_harm() -> None:
    assert paragraphs(read(f"<style>display{'{' * 50_000}</style><p>a</p>")) == ["a"]


def test_random_bytes_are_read_or_refused() -> None:
    rng = random.Random(1)
    page = f"<html><body>{REPORT}</body></html>".encode()
    for _ in range(300):
        data = bytearray(page)
        for _ in range(rng.randint(1, 30)):
            at = rng.randrange(len(data))
            data[at : at + rng.randint(0, 5)] = rng.randbytes(rng.randint(0, 5))
        with contextlib.suppress(UserError):
            assert read_html(bytes(data)).blocks


def test_what_follows_an_embedded_film_is_read() -> None:
    table = "<table><tr><td>规章</td><td>1</td></tr><tr><td>其他</td><td>2</td></tr></table>"
    document = read(f'{table}<div><p>一</p><embed src="film.swf"><p>二</p></div><p>三</p>')
    assert paragraphs(document) == ["一", "二", "三"]
    assert "film.swf" in messages(document)


def test_a_page_that_was_pasted_from_a_pdf_has_whole_paragraphs() -> None:
    line = "本局全年公开各类信息共计八百四十六条其中政策文件二十一件财"
    page = (
        "<h1>某局2023年政府信息公开工作年度报告全文公开稿</h1>"
        + f"<p>{line}</p>" * 6
        + "<p>政。</p>"
    )
    document = read_html(page.encode())
    texts = [block.text for block in document.blocks if isinstance(block, SourceParagraph)]
    assert texts == ["某局2023年政府信息公开工作年度报告全文公开稿", line * 6 + "政。"]
    assert len(document.remarks) == 1
