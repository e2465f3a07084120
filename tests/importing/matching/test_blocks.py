"""Texts, notes and headings are found where offices put them: inside tables, in two paragraphs."""

from __future__ import annotations

import re

from nianbao.importing.document import Place, SourceCell, SourceParagraph, SourceTable
from nianbao.importing.matching.blocks import Block, arrange_blocks
from tests.importing.matching.documents import grid, paragraphs

ZERO_WIDTH = "\u200b"


def shown(*blocks: Block) -> list[str | list[str]]:
    """Return the text of each paragraph, and the texts of the cells of each table."""
    return [
        block.text if isinstance(block, SourceParagraph) else [cell.text for cell in block.cells]
        for block in arrange_blocks(blocks)
    ]


def test_a_number_in_a_paragraph_of_its_own_belongs_to_the_heading_after_it() -> None:
    assert shown(*paragraphs("一、", "总体情况", "（二）", "依申请公开", "正文。")) == [
        "一、总体情况",
        "（二）依申请公开",
        "正文。",
    ]


def test_a_number_before_another_number_or_at_the_end_stays_alone() -> None:
    assert shown(*paragraphs("一、", "二、主动公开", "三、")) == ["一、", "二、主动公开", "三、"]


def test_a_note_in_the_last_row_of_a_table_is_a_paragraph() -> None:
    table = grid(["规章", "0"], ["注：不含涉密文件"], ["", ""])
    assert shown(table) == [["规章", "0"], "注：不含涉密文件"]


def test_a_table_that_is_only_a_note_stays_a_table() -> None:
    assert shown(grid(["注：不含涉密文件"])) == [["注：不含涉密文件"]]


def test_sections_left_of_their_texts_in_a_table_are_paragraphs() -> None:
    table = grid(
        ["栏目", "内容"],
        ["标题", "某局2023年政府信息公开工作年度报告"],
        ["一、总体情况", "（一）主动公开\n公开信息5条。"],
        ["六、其他需要报告的事项", "无。"],
    )
    assert shown(table) == [
        "某局2023年政府信息公开工作年度报告",
        "一、总体情况",
        "（一）主动公开",
        "公开信息5条。",
        "六、其他需要报告的事项",
        "无。",
    ]


def test_numbers_next_to_the_names_of_sections_stay_a_table() -> None:
    rows = ["主动公开政府信息情况", "12"], ["其他需要报告的事项", "3"]
    assert shown(grid(*rows)) == [[text for row in rows for text in row]]


def test_a_table_that_was_pasted_as_text_is_a_table() -> None:
    rows = ["信息内容\t本年制发件数\t本年废止件数", "规章\t0\t1", "行政规范性文件\t2\t3"]
    blanks = [re.sub("\t", " \u2003", row) for row in rows]
    expected = ["前", [cell for row in rows for cell in row.split("\t")], "后。"]
    for lines in (rows, blanks, ["\n".join(rows)]):
        assert shown(*paragraphs("前", *lines, "后。")) == expected
    table = next(b for b in arrange_blocks(paragraphs("前", *rows)) if isinstance(b, SourceTable))
    assert [cell.place.paragraph for cell in table.cells] == [2, 2, 2, 3, 3, 3, 4, 4, 4]


def test_texts_with_numbers_in_columns_that_are_not_of_the_form_stay_texts() -> None:
    rows = ["类别\t条数\t占比", "公告\t3\t40", "通知\t5\t60"]
    assert shown(*paragraphs(*rows)) == rows


def test_a_table_of_the_form_that_touches_a_table_of_prose_begins_at_its_title() -> None:
    rows = ["序号", "文件", "日期"], ["1", "办法", "5月"]
    table = grid(*rows, ["第二十条第（一）项", "", ""], ["规章", "0", ""])
    prose, form = arrange_blocks([table])
    assert isinstance(prose, SourceTable)
    assert isinstance(form, SourceTable)
    assert [[cell.text for cell in row if cell] for row in prose.matrix()] == list(rows)
    assert [cell.text for cell in form.cells if cell.text] == ["第二十条第（一）项", "规章", "0"]
    assert form.place == table.cells[6].place


def test_a_table_of_very_tall_cells_is_not_laid_out_row_by_row() -> None:
    # As rows of cells, it would take more memory than any machine has.
    cells = (SourceCell("文", Place(), row, 0, row_span=60_000) for row in range(20_000))
    table = SourceTable(tuple(cells), Place())
    assert list(arrange_blocks([table])) == [table]


def test_hidden_characters_are_removed_in_tables_only() -> None:
    text = f"公开{ZERO_WIDTH}信息"
    (table, paragraph) = arrange_blocks([grid([text, f"1{ZERO_WIDTH}2"]), *paragraphs(text)])
    assert isinstance(table, SourceTable)
    assert isinstance(paragraph, SourceParagraph)
    assert [cell.text for cell in table.cells] == ["公开信息", "12"]
    assert paragraph.text == text
