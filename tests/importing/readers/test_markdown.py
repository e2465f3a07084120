"""Markdown becomes paragraphs and tables with the texts that a reader of the page sees."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.readers.html import read_html
from nianbao.importing.readers.markdown import read_markdown
from nianbao.model.form import load_form
from nianbao.model.report import compile_report
from nianbao.parsing.reader import parse_source
from nianbao.rendering import render_report
from nianbao.rendering.markdown.html import markdown_to_html, paragraphs_to_markdown
from nianbao.workspace.settings import Settings
from tests.strategies import reports, write_yaml


def read(text: str) -> SourceDocument:
    return read_markdown(text.encode())


def paragraphs(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def tables(document: SourceDocument) -> list[SourceTable]:
    return [block for block in document.blocks if isinstance(block, SourceTable)]


def rows(table: SourceTable) -> list[list[str]]:
    return [["" if cell is None else cell.text for cell in row] for row in table.matrix()]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(reports())
def test_our_own_markdown_has_the_texts_of_our_own_page(data: dict[str, object]) -> None:
    form = load_form(int(str(data["格式"])))
    report, _ = compile_report(parse_source(write_yaml(data).encode(), "x.yaml"), form)
    page, text = (
        render_report(report, to, Settings(), Path("no-templates")) for to in ("html", "md")
    )
    titles = {grid.title for section in form.sections for grid in section.grids}
    of_page = [" ".join(text.split()) for text in paragraphs(read_html(page))]
    lines = len(report.title)
    of_text = [" ".join(text.split()) for text in paragraphs(read_markdown(text))]
    kept = [text for text in of_text if text not in titles]
    assert ["".join(of_page[:lines]), *of_page[lines:]] == kept


@given(st.text(alphabet="年报a1 *_`~\\[]()<>#|-+.&!“，", max_size=40).filter(str.strip))
def test_marks_that_we_escape_come_back(line: str) -> None:
    page = read_html(f"<body><p>头</p>{markdown_to_html(line)}</body>".encode())
    assert paragraphs(read(f"头\n\n{paragraphs_to_markdown(line)}")) == paragraphs(page)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("# 标题 #\n正文", ["标题", "正文"]),
        ("# 标题 {#id .class}", ["标题"]),
        ("标题\n====\n\n小标题\n----", ["标题", "小标题"]),
        ('a **b** *c* __d__ `e*f*` ~~g~~ [h](http://x/_y_ "t")', ["a b c d e*f* h"]),
        ("5\\*3 \\# 1\\. <em>x</em> &lt;&amp; <http://a.b/c>", ["5*3 # 1. x <& http://a.b/c"]),
        ("m^2^ m<sup>3</sup>", ["m² m³"]),
        ("snake_case_word 2*3*4", ["snake_case_word 234"]),
        ("1. a\n2. b\n   c\n7) d\n- e\n* f", ["1. a", "2. b c", "7) d", "- e", "- f"]),
        ("公开\n信息", ["公开信息"]),
        ("公开。\n信息", ["公开。\n信息"]),
        ("概况\n（一）主动公开", ["概况\n（一）主动公开"]),
        ("open\ndata  \nend\\\nx", ["open data\nend\nx"]),
        ("a\\\\", ["a\\"]),
        ("> a > b\n\n---\n\n<!-- c -->\n::: note\nd\n:::", ["a > b", "d"]),
        ("a<br>b", ["a\nb"]),
        ("<div>\n\n**a**\n\n</div>\n<p>b</p>", ["a", "b"]),
        ("    我局", ["我局"]),
        ("[1]: http://x\n\n见[1]", ["见[1]"]),
        (": 说明\n\nTable: 表", [": 说明", "Table: 表"]),
        ('---\ntitle: "报告"\nauthor: x\n---\n\n正文', ["报告", "正文"]),
    ],
)
def test_text_is_read_as_it_is_printed(text: str, printed: list[str]) -> None:
    assert paragraphs(read(text)) == printed


def test_what_is_struck_out_and_pictures_are_named() -> None:
    document = read("a ~~5件~~ ![表三](x.png)")
    assert [remark.message for remark in document.remarks] == [
        "划去的文字没有读入：5件",
        "图片“表三”里的文字没有读入",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "| 内容 | 数 |\n| --- | ---: |\n| 规\\|章 | **3**（注） |",
        "内容 | 数\n---|---\n规\\|章 | 3（注）",
        "+------+-------+\n| 内容 | 数    |\n+======+=======+\n| 规\\| | 3（注 |\n+------+-------+",
        "  内容     数\n  ------ ---------\n  规|章   3（注）\n",
        "-----------------\n 内容    数\n------- --------\n 规|章   3（注）\n\n-----------------",
        "<table>\n<tr><th>内容</th><th>数</th></tr>\n\n<tr><td>规|章</td><td>3（注）</td></tr>\n</table>",
    ],
)
def test_tables_of_every_kind_are_read(text: str) -> None:
    (table,) = tables(read(f"前\n\n{text}\n\n后"))
    (head, body) = rows(table)
    assert head == ["内容", "数"]
    assert body[0].startswith("规|")
    assert body[1].startswith("3（注")
    assert not table.ragged
    assert paragraphs(read(f"前\n\n{text}\n\n后")) == ["前", "后"]


def test_merged_cells_of_a_grid_table_have_their_spans() -> None:
    (table,) = tables(
        read(
            "+------+------+------+\n| 复议 | 诉讼        |\n|      +------+------+\n"
            "|      | 维持 | 其他 |\n+------+------+------+\n| 1    | 2    | 3    |\n"
            "+------+------+------+\n"
        )
    )
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("复议", 0, 0, 2, 1),
        ("诉讼", 0, 1, 1, 2),
        ("维持", 1, 1, 1, 1),
        ("其他", 1, 2, 1, 1),
        ("1", 2, 0, 1, 1),
        ("2", 2, 1, 1, 1),
        ("3", 2, 2, 1, 1),
    ]


def test_a_table_with_rows_of_different_length_is_ragged() -> None:
    (table,) = tables(read("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n"))
    assert table.ragged


def test_places_name_lines() -> None:
    blocks = read("# a\n\n| b | c |\n|---|---|\n| 1 | 2 |\n\nd").blocks
    assert [block.place.line for block in blocks] == [1, 3, 7]
    table = blocks[1]
    assert isinstance(table, SourceTable)
    assert [cell.place.line for cell in table.cells] == [3, 3, 5, 5]


@pytest.mark.parametrize("to", ["markdown-smart", "gfm", "commonmark", "markdown_mmd"])
def test_pandoc_gives_the_texts_back(to: str) -> None:
    pypandoc = pytest.importorskip("pypandoc")
    html = (
        "<h1>报告</h1><p>全年公开 5 条 *信息*，含“其他”_项_。</p><table><tr><th colspan=2>（五）项"
        "</th></tr><tr><td>许可</td><td>12</td></tr></table><ol><li>一</li><li>二</li></ol>"
    )
    document = read(pypandoc.convert_text(html, to, "html"))
    expected = read_html(html.encode())
    assert paragraphs(document) == paragraphs(expected)
    assert [rows(table) for table in tables(document)] == [rows(t) for t in tables(expected)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "空的"),
        ("a\n" * 50_001, "超过"),
        ("a" * 200_001, "超过"),
        ("|a" * 300 + "|\n" + "|-" * 300 + "|\n", "200 列"),
    ],
)
def test_a_file_that_is_too_large_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read(text)


def test_what_pandas_writes_for_a_blank_cell_is_blank() -> None:
    (table,) = read_markdown(b"| a | Unnamed: 1 |\n|---|---|\n| NaN | 1 |\n").blocks
    assert isinstance(table, SourceTable)
    assert [cell.text for cell in table.cells] == ["a", "", "", "1"]
