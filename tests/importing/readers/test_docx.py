"""Word files are read as they are printed."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest

from import_quality import REAL_FILES, word_xml
from import_quality.printed import PrintedCell, make_printed
from import_quality.word import python_docx_file
from import_quality.word_xml import package, paragraph, run, table
from nianbao.errors import UserError
from nianbao.importing.document import Place, SourceParagraph, SourceTable
from nianbao.importing.readers.docx import read_docx
from tests.importing.hostile_files import embedding

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.importing.document import SourceDocument

REAL_FORM = REAL_FILES / "blank-form-2021.docx"
_CHANGE = 'w:id="1" w:author="a" w:date="2023-01-01T00:00:00Z"'
_CELL = re.compile(r"((?:<w:(?:gridSpan|vMerge|hMerge|cellDel)[^>]*>)*)(.*)", re.DOTALL)
_DELETED = f"<w:del {_CHANGE}><w:r><w:delText>旧</w:delText></w:r></w:del>"


def _read(body: str, **parts: str) -> SourceDocument:
    return read_docx(package(body, parts))


def _texts(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def _tables(document: SourceDocument) -> list[list[list[str | None]]]:
    """Return the text at each position of the tables; a merged cell stands at all of its own."""
    return [
        [[cell.text if cell else None for cell in row] for row in block.matrix()]
        for block in document.blocks
        if isinstance(block, SourceTable)
    ]


def _remarks(document: SourceDocument) -> list[tuple[str, str]]:
    return [(str(remark.place), remark.message) for remark in document.remarks]


def _all_text(node: lxml.etree._Element, *tags: str) -> str:
    return "".join(str(text) for text in node.itertext(*tags))


def _row(*cells: str, properties: str = "") -> str:
    """Return a row; a cell may begin with its properties: <w:gridSpan w:val="2"/>…"""
    written = ""
    for cell in cells:
        match = _CELL.fullmatch(cell)
        assert match
        content = match[2] if match[2].startswith("<") else paragraph(run(match[2]))
        written += f"<w:tc><w:tcPr>{match[1]}</w:tcPr>{content}</w:tc>"
    return f"<w:tr>{properties and f'<w:trPr>{properties}</w:trPr>'}{written}</w:tr>"


def _table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


# ── text


def test_breaks_tabs_hyphens_and_symbols_are_read() -> None:
    inner = (
        "<w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:softHyphen/>"
        '<w:t>丁</w:t><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="宋体" w:char="2160"/>'
    )
    assert _texts(_read(f"<w:p><w:r>{inner}</w:r></w:p>")) == ["甲\t乙\n丙-丁☑Ⅰ"]


def test_a_symbol_that_is_not_known_is_a_box_and_listed() -> None:
    document = _read(paragraph('<w:r><w:sym w:font="Webdings" w:char="F001"/></w:r>'))
    assert _texts(document) == ["□"]
    assert _remarks(document) == [("第1段", "1 个符号认不出，读作 □")]


def test_blanks_at_the_ends_of_a_text_count_only_if_it_says_so() -> None:
    body = '<w:p><w:r><w:t>\n 甲 \n</w:t><w:t xml:space="preserve"> 乙 丙 </w:t></w:r></w:p>'
    assert _texts(_read(body)) == ["甲 乙 丙 "]


def test_wrappers_of_text_are_looked_into() -> None:
    inner = run("字")
    wrapped = (
        f"<w:hyperlink>{inner}</w:hyperlink><w:smartTag>{inner}</w:smartTag>"
        f'<w:fldSimple w:instr="DATE">{inner}</w:fldSimple>'
        f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"
        f"<w:customXml><w:bdo>{inner}</w:bdo></w:customXml>"
        f"<w:r><w:ruby><w:rt>{run('zi')}</w:rt><w:rubyBase>{inner}</w:rubyBase></w:ruby></w:r>"
    )
    assert _texts(_read(paragraph(wrapped))) == ["字" * 6]
    controlled = f"<w:sdt><w:sdtContent>{paragraph(inner)}</w:sdtContent></w:sdt>"
    assert _texts(_read(controlled)) == ["字"]


def test_of_a_field_the_result_is_read_and_not_its_code() -> None:
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    code = "<w:r><w:instrText>IF </w:instrText></w:r>"
    inner = begin + code + middle + run("不印") + end
    body = paragraph(begin + code + inner + middle + run("结果")) + paragraph(run("续") + end)
    assert _texts(_read(body)) == ["结果", "续"]


def test_a_field_without_an_end_does_not_swallow_the_text_after_its_paragraph() -> None:
    body = paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>') + paragraph(run("正文"))
    assert _texts(_read(body)) == ["正文"]


def test_headings_have_the_level_of_their_style_or_paragraph() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:pPr><w:outlineLvl w:val="2"/></w:pPr>'
        "</w:style>"
        '<w:style w:type="paragraph" w:styleId="c"><w:basedOn w:val="c"/></w:style>'
    )
    formats = (
        '<w:pStyle w:val="1"/>', '<w:pStyle w:val="a"/>', '<w:pStyle w:val="b"/>',
        '<w:pStyle w:val="c"/>', '<w:outlineLvl w:val="0"/>', '<w:outlineLvl w:val="9"/>',
        '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>',
    )  # fmt: skip
    document = _read("".join(paragraph(run("题"), each) for each in formats), styles=styles)
    levels = [block.level for block in document.blocks if isinstance(block, SourceParagraph)]
    assert levels == [1, 1, 3, 0, 1, 0, 0]


def test_hidden_text_is_left_out_and_listed() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="p"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = paragraph(run("甲")) + paragraph(
        run("乙") + run("丙", "<w:vanish/>") + run("丁", '<w:rStyle w:val="h"/>')
    )
    body += paragraph(run("戊") + run("己", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="p"/>')
    document = _read(body, styles=styles)
    assert _texts(document) == ["甲", "乙", "己"]
    assert _remarks(document) == [("第2段", "3 处隐藏文字没有读")]


# ── tracked changes


_MARK = (
    '<w:style w:type="character" w:styleId="m"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    '</w:style><w:style w:type="character" w:styleId="n"><w:basedOn w:val="m"/></w:style>'
)


@pytest.mark.parametrize(
    ("number", "mark", "expected"),
    [
        ("", '<w:vertAlign w:val="superscript"/>', "22¹"),
        ("", '<w:rStyle w:val="m"/>', "22¹"),
        ("", '<w:rStyle w:val="n"/>', "22¹"),
        ("", '<w:rStyle w:val="m"/><w:vertAlign w:val="baseline"/>', "221"),
        ("", '<w:position w:val="6"/><w:sz w:val="12"/>', "22¹"),
        ('<w:position w:val="6"/>', '<w:position w:val="6"/>', "221"),
        ("", '<w:position w:val="2"/>', "221"),
    ],
)
def test_a_raised_mark_is_no_digit_of_the_number_before_it(
    number: str, mark: str, expected: str
) -> None:
    body = _table(_row("规章", paragraph(run("22", number) + run("1", mark))))
    assert _tables(_read(body, styles=_MARK)) == [[["规章", expected]]]


def test_tracked_changes_are_accepted_and_listed() -> None:
    body = paragraph(run("甲") + _DELETED + f"<w:ins {_CHANGE}>{run('新')}</w:ins>" + run("乙"))
    body += paragraph(f"<w:moveFrom {_CHANGE}>{run('移')}</w:moveFrom>" + run("丙"))
    body += paragraph(f"<w:moveTo {_CHANGE}>{run('移')}</w:moveTo>")
    document = _read(body)
    assert _texts(document) == ["甲新乙", "丙", "移"]
    assert _remarks(document) == [
        ("第1段", "按接受全部修订来读：2 处删除的内容没有读"),
        ("第1段", "按接受全部修订来读：2 处插入的内容算在内"),
    ]


def test_paragraphs_whose_end_was_deleted_are_one() -> None:
    mark = f"<w:rPr><w:del {_CHANGE}/></w:rPr>"
    body = paragraph(run("前"), mark) + paragraph(_DELETED, mark) + paragraph(run("后"))
    assert _texts(_read(body)) == ["前后"]
    assert _texts(_read(paragraph(run("末"), mark))) == ["末"]


def test_deleted_rows_and_cells_are_left_out() -> None:
    body = _table(
        _row('<w:vMerge w:val="restart"/>名', "1"),
        _row("<w:vMerge/>", "删", properties=f"<w:del {_CHANGE}/>"),
        _row("<w:vMerge/>", "2", "<w:cellDel/>删", properties=f"<w:ins {_CHANGE}/>"),
    )
    document = _read(body)
    assert _tables(document) == [[["名", "1"], ["名", "2"]]]
    assert [message for _, message in _remarks(document)] == [
        "按接受全部修订来读：1 处删除的内容没有读",
        "按接受全部修订来读：1 处插入的内容算在内",
    ]


# ── numbers


def _list(*levels: str, number: int = 1, extra: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>{extra}'
    )


def _level(depth: int, kind: str, text: str, more: str = "", suffix: str = "nothing") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def _item(text: str, depth: int = 0, number: int = 1) -> str:
    place = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/>'
    return paragraph(run(text), f"<w:numPr>{place}</w:numPr>")


def test_automatic_numbers_are_printed_and_lower_levels_start_again() -> None:
    numbering = _list(
        _level(0, "chineseCounting", "%1、"),
        _level(1, "chineseCountingThousand", "（%2）"),
        _level(2, "decimal", "%1.%2.%3", "<w:isLgl/>", suffix="space"),
    )
    body = _item("甲") + _item("a", 1) + _item("x", 2) + _item("b", 1) + paragraph(run("文"))
    body += _item("y", 2) + _item("乙") + _item("c", 1)
    texts = _texts(_read(body, numbering=numbering))
    assert texts == [
        "一、甲",
        "（一）a",
        "1.1.1 x",
        "（二）b",
        "文",
        "1.2.1 y",
        "二、乙",
        "（一）c",
    ]


def test_lists_start_where_they_say_and_share_the_count_of_their_abstract_list() -> None:
    restarted = (
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3">'
        '<w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/>'
        "</w:lvlOverride></w:num>"
    )
    numbering = _list(_level(0, "decimal", "第%1条", suffix="space"), extra=restarted)
    body = "".join(_item("", number=number) for number in (1, 2, 1, 3, 3))
    texts = _texts(_read(body, numbering=numbering))
    assert [text.strip() for text in texts] == ["第1条", "第2条", "第3条", "第7条", "第8条"]


def test_a_level_that_never_restarts_counts_on() -> None:
    numbering = _list(
        _level(0, "decimal", "%1."), _level(1, "decimal", "(%2)", '<w:lvlRestart w:val="0"/>')
    )
    body = _item("") + _item("", 1) + _item("") + _item("", 1)
    assert _texts(_read(body, numbering=numbering)) == ["1.", "(1)", "2.", "(2)"]


def test_a_list_that_starts_elsewhere_starts_there_again_under_the_next_higher_number() -> None:
    start = '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="4"/></w:lvlOverride>'
    other = f'<w:num w:numId="2"><w:abstractNumId w:val="1"/>{start}</w:num>'
    numbering = _list(_level(0, "decimal", "%1."), _level(1, "decimal", "(%2)"), extra=other)
    body = "".join(_item("", depth, 2) for depth in (0, 1, 1, 0, 1))
    assert _texts(_read(body, numbering=numbering)) == ["1.", "(4)", "(5)", "2.", "(4)"]


def test_numbers_come_from_styles_and_from_the_lists_of_list_styles() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="5">'
        + _level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>')
        + _level(1, "decimal", "%2.", '<w:pStyle w:val="H2"/>')
        + '</w:abstractNum><w:abstractNum w:abstractNumId="6"><w:numStyleLink w:val="L"/>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="6"><w:abstractNumId w:val="6"/></w:num>'
    )
    numbered = '<w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr>'
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{name}">{numbered}</w:style>'
        for kind, name in (("paragraph", "H1"), ("paragraph", "H2"), ("numbering", "L"))
    )
    body = paragraph(run("甲"), '<w:pStyle w:val="H1"/>')
    body += paragraph(run("乙"), '<w:pStyle w:val="H2"/>')
    none = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body += paragraph(run("丙"), f'<w:pStyle w:val="H1"/>{none}') + _item("丁", number=6)
    texts = _texts(_read(body, numbering=numbering, styles=styles))
    assert texts == ["一、甲", "1.乙", "丙", "二、丁"]


def test_a_tab_after_a_number_is_a_blank_unless_the_number_has_its_own_gap() -> None:
    first = _list(_level(0, "decimal", "%1.", suffix="tab"))
    second = _list(_level(0, "chineseCounting", "%1、", suffix="tab"), number=2)
    body = _item("甲") + _item("乙", number=2)
    assert _texts(_read(body, numbering=first + second)) == ["1. 甲", "一、乙"]


def test_bullets_of_symbol_fonts_are_bullets() -> None:
    numbering = _list(_level(0, "bullet", "\uf06c", suffix="space"))
    assert _texts(_read(_item("甲"), numbering=numbering)) == ["• 甲"]


# ── text boxes, pictures, notes


def test_a_text_box_in_two_forms_is_read_once_after_its_paragraph() -> None:
    document = read_docx(word_xml.boxed_signature(make_printed(random.Random(1))))
    last = [block for block in document.blocks if isinstance(block, SourceParagraph)][-2:]
    assert [block.place.part for block in last] == ["文本框", "文本框"]
    assert re.fullmatch(r"\d+年\d+月\d+日", last[1].text)
    old = read_docx(word_xml.old_boxed_signature(make_printed(random.Random(1))))
    assert _texts(old) == _texts(document)


def test_tables_in_text_boxes_and_words_of_word_art_are_read() -> None:
    inner = f"<w:txbxContent>{_table(_row('甲', '1'))}</w:txbxContent>"
    shape = f'<v:shape><v:textpath string="年度报告"/><v:textbox>{inner}</v:textbox></v:shape>'
    document = _read(paragraph(f"<w:r><w:pict>{shape}</w:pict></w:r>"))
    assert _texts(document) == ["年度报告"]
    assert _tables(document) == [[["甲", "1"]]]
    assert [str(block.place) for block in document.blocks] == ["文本框 第1段", "文本框 第1个表"]


def test_pictures_are_listed_with_their_place() -> None:
    picture = "<w:r><w:drawing><a:blip/></w:drawing></w:r>"
    body = paragraph(run("甲")) + paragraph(picture) + _table(_row(paragraph(picture), "1"))
    document = _read(body + paragraph(run("乙")))
    assert _texts(document) == ["甲", "乙"]
    assert _remarks(document) == [("第2段", "这里是图片，里面的文字没有读")]
    (cells,) = (block.cells for block in document.blocks if isinstance(block, SourceTable))
    assert [cell.picture for cell in cells] == [True, False]
    assert document.blocks[-1].place.paragraph == 3


def test_footnotes_leave_no_mark_in_a_number_and_follow_their_table_or_come_last() -> None:
    of_text, of_cell = (f'<w:r><w:footnoteReference w:id="{number}"/></w:r>' for number in (3, 2))
    body = paragraph(run("文") + of_text)
    body += _table(_row("规章", paragraph(run("22") + of_cell))) + paragraph(run("文"))
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(run(f"注{number}"))}</w:footnote>'
        for number in (1, 2, 3)
    )
    document = _read(body, footnotes=notes)
    assert _tables(document) == [[["规章", "22"]]]
    assert _texts(document) == ["文", "注2", "文", "注3"]
    assert [document.blocks[at].place.part for at in (2, 4)] == ["脚注", "脚注"]
    message = "2 条脚注或尾注放在文末，表里的放在表后"
    assert _remarks(document) == [("第1段", message)]


@pytest.mark.parametrize("suffix", ["html", "mht"])
def test_a_page_that_an_export_embeds_is_read(suffix: str) -> None:
    page = "<h1>报告</h1><table><tr><td colspan=2>规章<td>2<tr><td>行政许可<td>0<td>1</table>"
    if suffix == "mht":
        head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        page = f"{head}Content-Type: text/html; charset=utf-8\n\n{page}\n--x--\n"
    document = read_docx(embedding(page.encode(), suffix))
    assert _texts(document) == ["报告"]
    assert _tables(document) == [[["规章", "规章", "2"], ["行政许可", "0", "1"]]]


def test_comments_and_placeholders_are_listed() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = paragraph(control.format(run("单击此处")) + '<w:r><w:commentReference w:id="0"/></w:r>')
    document = _read(body)
    assert _texts(document) == ["单击此处"]
    assert [message for _, message in _remarks(document)] == [
        "1 处是内容控件的提示文字，没有填写",
        "1 条批注没有读",
    ]


# ── tables


def test_merged_cells_stand_once_with_their_spans() -> None:
    body = _table(
        _row('<w:vMerge w:val="restart"/>甲', '<w:gridSpan w:val="2"/>乙'),
        _row("<w:vMerge/>", "1", "2"),
        _row('<w:hMerge w:val="restart"/>丙', "<w:hMerge/>", "3"),
    )
    document = _read(body)
    assert _tables(document) == [[["甲", "乙", "乙"], ["甲", "1", "2"], ["丙", "丙", "3"]]]
    (cells,) = (block.cells for block in document.blocks if isinstance(block, SourceTable))
    assert [(cell.text, cell.row_span, cell.column_span) for cell in cells] == [
        ("甲", 2, 1), ("乙", 1, 2), ("1", 1, 1), ("2", 1, 1), ("丙", 1, 2), ("3", 1, 1),
    ]  # fmt: skip


def test_text_that_a_merged_cell_covers_is_listed() -> None:
    body = _table(_row('<w:vMerge w:val="restart"/>甲', "1"), _row("<w:vMerge/>旧", "2"))
    document = _read(body)
    assert _tables(document) == [[["甲", "1"], ["甲", "2"]]]
    assert _remarks(document) == [
        ("第1个表第1行第1列", "1 个被合并的单元格里有不显示的文字，没有读")
    ]


def test_edges_that_differ_by_a_hair_are_one() -> None:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in (900, 899, 1, 900))
    body = _table(
        _row('<w:gridSpan w:val="2"/>复议', '<w:gridSpan w:val="2"/>诉讼'),
        _row('<w:vMerge w:val="restart"/>甲', '<w:gridSpan w:val="2"/>乙', "丙"),
        _row("<w:vMerge/>", "1", '<w:gridSpan w:val="2"/>2'),
    )
    document = _read(body.replace("<w:tblGrid/>", f"<w:tblGrid>{grid}</w:tblGrid>"))
    assert _tables(document) == [[["复议", "复议", "诉讼"], ["甲", "乙", "丙"], ["甲", "1", "2"]]]


def test_rows_may_begin_after_the_first_column() -> None:
    body = _table(_row("甲", "乙"), _row("1", properties='<w:gridBefore w:val="1"/>'))
    assert _tables(_read(body)) == [[["甲", "乙"], [None, "1"]]]


def test_a_merge_that_begins_nowhere_is_a_cell_of_its_own() -> None:
    assert _tables(_read(_table(_row("<w:vMerge/>甲", "1")))) == [[["甲", "1"]]]


def test_a_cell_has_a_line_for_each_of_its_paragraphs_that_is_not_blank() -> None:
    inner = paragraph(run("自 然")) + paragraph("") + paragraph(run("人"))
    assert _tables(_read(_table(_row(inner, "1")))) == [[["自 然\n人", "1"]]]


def test_a_table_that_holds_tables_is_read_as_its_content() -> None:
    inner = paragraph(run("甲")) + _table(_row("1", "2")) + paragraph(run("乙"))
    document = _read(_table(_row(inner, "旁")))
    assert [type(block).__name__ for block in document.blocks] == [
        "SourceParagraph", "SourceTable", "SourceParagraph", "SourceParagraph",
    ]  # fmt: skip
    assert _texts(document) == ["甲", "乙", "旁"]


def test_rows_and_cells_in_controls_are_read() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    cell = control.format(f"<w:tc>{paragraph(run('1'))}</w:tc>")
    row = control.format(f"<w:tr>{cell}{cell}</w:tr>")
    assert _tables(_read(_table(row))) == [[["1", "1"]]]


# ── places


def test_places_and_anchors_lead_back_to_the_file() -> None:
    printed = make_printed(random.Random(4))
    data = word_xml.boxed_signature(printed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = lxml.etree.fromstring(archive.read("word/document.xml"))
    paragraphs = list(root.iter("{*}p"))
    document = read_docx(data)
    checked = 0
    for block in document.blocks:
        for each in [block] if isinstance(block, SourceParagraph) else block.cells:
            anchored = _all_text(paragraphs[each.place.anchor - 1], "{*}t")
            assert anchored == each.text
            checked += 1
    assert checked > 300
    numbers = [block.place.table for block in document.blocks if isinstance(block, SourceTable)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_pieces_of_one_large_table_keep_the_rows_that_a_person_counts() -> None:
    body = _table(
        _row('<w:gridSpan w:val="2"/>一、总体情况'),
        _row('<w:gridSpan w:val="2"/>我局公开信息3条。'),
        _row('<w:gridSpan w:val="2"/>二、主动公开政府信息情况'),
        _row('<w:gridSpan w:val="2"/>第二十条第（一）项'),
        _row("规章", "0"),
    )
    document = _read(body)
    assert _texts(document) == ["一、总体情况", "我局公开信息3条。", "二、主动公开政府信息情况"]
    assert _tables(document) == [[["第二十条第（一）项"] * 2, ["规章", "0"]]]
    (cells,) = (block.cells for block in document.blocks if isinstance(block, SourceTable))
    assert (cells[1].row, cells[1].place.row) == (1, 5)


# ── producers


def _mammoth_content(data: bytes) -> tuple[list[str], list[list[list[str]]]]:
    mammoth: Any = pytest.importorskip("mammoth")
    page = lxml.html.fromstring(f"<div>{mammoth.convert_to_html(io.BytesIO(data)).value}</div>")
    paragraphs = [
        _all_text(node) for node in page if node.tag != "table" and _all_text(node).strip()
    ]
    tables = []
    for node in page.iterchildren("table"):
        rows = []
        for row in node.iter("tr"):
            cells = row.iterchildren("td", "th")
            spans = ((each, each.get("rowspan", "1"), each.get("colspan", "1")) for each in cells)
            rows.append([f"{_all_text(each)}|{high}|{wide}" for each, high, wide in spans])
        tables.append(rows)
    return paragraphs, tables


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("write", [python_docx_file, word_xml.plain, word_xml.broken_labels])
def test_texts_and_tables_are_those_that_mammoth_reads(write: Any, seed: int) -> None:
    data = write(make_printed(random.Random(seed), (2021, 2019)[seed % 2]))
    document = read_docx(data)
    tables = []
    for block in document.blocks:
        if isinstance(block, SourceTable):
            height = max(cell.row + cell.row_span for cell in block.cells)
            rows: list[list[str]] = [[] for _ in range(height)]
            for cell in block.cells:
                text = cell.text.replace("\n", "")
                rows[cell.row].append(f"{text}|{cell.row_span}|{cell.column_span}")
            tables.append(rows)
    assert (_texts(document), tables) == _mammoth_content(data)


def test_strict_files_are_read_like_others() -> None:
    printed = make_printed(random.Random(2))
    assert read_docx(word_xml.strict(printed)) == read_docx(word_xml.plain(printed))


def test_documents_of_pandoc_are_read(tmp_path: Path) -> None:
    pypandoc: Any = pytest.importorskip("pypandoc")
    rows = "<tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr>"
    page = f"<h1>一</h1><p>文</p><table>{rows}</table>"
    file = tmp_path / "a.docx"
    pypandoc.convert_text(page, "docx", "html", outputfile=str(file))
    document = read_docx(file.read_bytes())
    assert _texts(document) == ["一", "文"]
    assert _tables(document) == [[["甲", "1"], ["甲", "2"]]]
    assert document.blocks[0] == SourceParagraph("一", Place(paragraph=1, anchor=1), 1)


@pytest.mark.skipif(not REAL_FORM.is_file(), reason=f"{REAL_FORM} is not on this machine")
def test_the_blank_form_of_offices_is_read() -> None:
    document = read_docx(REAL_FORM.read_bytes())
    headings = [text for text in _texts(document) if re.match("[一二三四五六]、", text)]
    assert len(headings) == 6
    sizes = [(len(rows), len(rows[0])) for rows in _tables(document)]
    assert sizes == [(14, 4), (28, 10), (4, 15)]
    assert all(cell is not None for rows in _tables(document) for row in rows for cell in row)


# ── hostile files


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<w:tbl><w:tr><w:tc>" * 60 + paragraph("") + "</w:tc></w:tr></w:tbl>" * 60, "套"),
        ("<w:smartTag>" * 3000 + "</w:smartTag>" * 3000, "损坏"),
        (_table(_row('<w:gridSpan w:val="100000"/>甲')), "太大"),
        (_table(_row("甲", properties='<w:gridBefore w:val="99999999999999"/>')), "太大"),
        (_table(*["<w:tr><w:tc/></w:tr>"] * 2001), "太大"),
        ("<w:p/>" * 600_001, "内容太多"),
        ("<w:p/>" * 50_001, "段落太多"),
        ('<w:p w:a="" w:b="" w:c=""/>' * 200_001, "太多"),
        (paragraph(run("文" * 1_000_001)), "太长"),
        (_table(*[f"<w:tr>{'<w:tc/>' * 150}</w:tr>"] * 700), "太大"),
    ],
)
def test_too_large_and_too_deep_files_are_refused(body: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        _read(body)


def test_too_many_styles_and_lists_are_refused() -> None:
    styles = "".join(f'<w:style w:type="paragraph" w:styleId="{n}"/>' for n in range(10_001))
    with pytest.raises(UserError, match="样式太多"):
        _read("", styles=styles)
    with pytest.raises(UserError, match="列表太多"):
        _read("", numbering="".join(f'<w:num w:numId="{n}"/>' for n in range(10_001)))


def test_the_texts_of_levels_are_limited() -> None:
    numbering = _list(_level(0, "decimal", "%1" * 100_000))
    assert _texts(_read(_item(""), numbering=numbering)) == ["1" * 25]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/a.dtd">',
        '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
    ],
)
def test_declarations_of_entities_are_refused(declaration: str) -> None:
    with pytest.raises(UserError, match="DTD"):
        read_docx(package(paragraph(run("甲")), prefix=declaration))


@pytest.mark.parametrize("use", ["<d>&z;</d>", "<d a='&z;'/>"])
def test_entities_that_multiply_are_refused_at_once(use: str) -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    chain = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    text = f'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">{chain}]>{use}'
    started = time.process_time()
    with pytest.raises(UserError):
        read_docx(word_xml.zipped({"word/document.xml": text.encode()}))
    assert time.process_time() - started < 2


def test_a_declaration_in_another_encoding_is_refused() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE d [<!ENTITY e "x">]><d/>'
    with pytest.raises(UserError, match="DTD"):
        read_docx(word_xml.zipped({"word/document.xml": text.encode("utf-16")}))


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"abc", word_xml.zipped({"a": b""})])
def test_files_that_are_no_word_files_are_damaged(data: bytes) -> None:
    with pytest.raises(UserError, match="损坏"):
        read_docx(data)


def test_mutations_raise_only_user_errors() -> None:
    chance = random.Random(5)
    printed = make_printed(chance)
    whole = word_xml.document(word_xml.body(printed)).encode()
    read = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 3))):
            place = chance.randrange(300, len(data))
            data[place] = chance.randrange(32, 127)
        with suppress(UserError):
            read_docx(word_xml.zipped({"word/document.xml": bytes(data)}))
            read += 1
    assert read > 20


def test_elements_at_any_place_raise_only_user_errors() -> None:
    """Move, repeat, rename and remove elements: the file stays XML, its structure breaks."""
    chance = random.Random(6)
    printed = make_printed(chance)
    source = word_xml.document(word_xml.body(printed) + word_xml.paragraph(_DELETED))
    for _ in range(40):
        root = lxml.etree.fromstring(source.encode())
        nodes = list(root.iter())[2:]
        for node in chance.sample(nodes, 25):
            other, parent = chance.choice(nodes), node.getparent()
            action = chance.randrange(3)
            if action == 0:
                node.tag = other.tag
            elif action == 1 and parent is not None:
                parent.remove(node)
            elif other not in node.iter() and parent is not None:
                node.append(other)
        with suppress(UserError):
            read_docx(word_xml.zipped({"word/document.xml": lxml.etree.tostring(root)}))


def test_a_picture_of_a_converter_is_a_picture() -> None:
    document = _read(paragraph(run("带\ufffc图")))
    assert _texts(document) == ["带图"]
    assert _remarks(document) == [("第1段", "这里是图片，里面的文字没有读")]


def test_cells_know_their_columns_in_wide_tables() -> None:
    rows = ((PrintedCell("甲", 2, 1), PrintedCell("乙", 1, 3)), tuple(map(PrintedCell, "123")))
    assert _tables(_read(table(rows))) == [[["甲", "乙", "乙", "乙"], ["甲", "1", "2", "3"]]]
