"""Plain texts become paragraphs and tables, however they were copied."""

from __future__ import annotations

import contextlib

import pytest

from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.readers.text import read_text
from tests.support import ROOT

SEED = ROOT / "tests" / "fixtures" / "seed-2022.txt"


def read(text: str, charset: str = "utf-8") -> SourceDocument:
    return read_text(text.encode(charset))


def paragraphs(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def rows(document: SourceDocument) -> list[list[str]]:
    """Return the rows of all tables."""
    found: list[list[str]] = []
    for block in document.blocks:
        if isinstance(block, SourceTable):
            start = len(found)
            found += [[] for _ in range(1 + max(cell.row for cell in block.cells))]
            for cell in block.cells:
                found[start + cell.row].append(cell.text)
    return found


def test_the_text_of_the_seed_is_read() -> None:
    document = read_text(SEED.read_bytes())
    kinds = "".join("T" if isinstance(block, SourceTable) else "p" for block in document.blocks)
    assert kinds.count("T") == 3
    assert paragraphs(document)[:2] == ["古县文化和旅游局", "2022年政府信息公开工作年度报告"]
    table = rows(document)
    assert table[:3] == [
        ["第二十条第（一）项"],
        ["信息内容", "本年新\n制发件数", "本年废止 件数", "现行有效件数"],
        ["规章", "0", "0", "0"],
    ]
    assert ["行政处罚", "5", "0", "2"] in table
    assert ["", "", "2.重复申请", *"0000000"] in table
    assert table[-1] == ["0"] * 15
    assert not document.remarks


@pytest.mark.parametrize("separator", [",", ";"])
def test_separated_cells_are_a_table_with_its_blank_cells(separator: str) -> None:
    lines = ["第二十条第（一）项,,", '信息内容,"本年制发\n件数",本年', '规章,"1,200",', "许可,1,2"]
    text = "\n".join(lines).replace(",", separator).replace(f"1{separator}200", "1,200")
    (table,) = (b for b in read(text).blocks if isinstance(b, SourceTable))
    assert rows(read(text)) == [
        ["第二十条第（一）项"], ["信息内容", "本年制发\n件数", "本年"],
        ["规章", "1,200", ""], ["许可", "1", "2"],
    ]  # fmt: skip
    assert [cell.place.line for cell in table.cells if cell.text in ("规章", "许可")] == [4, 5]


def test_commas_in_prose_separate_no_cells() -> None:
    text = "收到申请3件,办结2件,结转1件。\n主动公开12条,其中公文3件,其他9件。\n甲,乙,丙。\n"
    assert not rows(read(text))


def test_wide_blanks_that_pad_a_column_are_no_cell() -> None:
    text = "规章　　  　　　　  　　　      3       0\n许可　　  　　　　  　　　      1       2\n"
    assert rows(read(text)) == [["规章", "3", "0"], ["许可", "1", "2"]]


@pytest.mark.parametrize(
    "text",
    [
        "规章\t3\t0\n许可\t1\t2\n",
        "规章 3 0\n许可 1 2\n",
        "规章    3   0\n许可　　1　　2\n",
        "| 规章 | 3 | 0 |\n|---|---|---|\n| 许可 | 1 | 2 |\n",
        "规章｜3｜0\n许可｜1｜2\n",
        "┌────┬─┬─┐\n│规章│3│0│\n├────┼─┼─┤\n│许可│1│2│\n└────┴─┴─┘\n",
        "+----+--+--+\n|规章|3 |0 |\n+----+--+--+\n|许可|1 |2 |\n+----+--+--+\n",
        "\t规章\n\t3\n\t0\n\n\t许可\n\t1\n\t2\n",
        "规章\n3\n0\n许可\n1\n2\n",
        "规章\n\n3\n\n0\n\n许可\n\n1\n\n2\n",
    ],
)
def test_rows_are_found_in_every_form(text: str) -> None:
    document = read(f"我局公开信息。\n\n{text}\n\n六、其他需要报告的事项\n无。")
    assert rows(document) == [["规章", "3", "0"], ["许可", "1", "2"]]
    assert paragraphs(document) == ["我局公开信息。", "六、其他需要报告的事项", "无。"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1.\t总体情况\n2.\t公开情况", ["1. 总体情况", "2. 公开情况"]),
        (f"\t{'我局高度重视政府信息公开工作，' * 5}\n", 1),
        ("公开  信息\n", ["公开  信息"]),
        ("示例县水利局      2023年1月20日", ["示例县水利局      2023年1月20日"]),
        ("（一）主动公开\n公开5条。\n（二）依申请公开\n收到1件。", 4),
        ("总体情况\n\n\n公开", ["总体情况", "公开"]),
    ],
)
def test_prose_is_no_table(text: str, printed: list[str] | int) -> None:
    document = read(text)
    assert not rows(document)
    found = paragraphs(document)
    assert len(found) == printed if isinstance(printed, int) else found == printed


def test_a_title_over_a_table_and_rows_of_one_cell_belong_to_it() -> None:
    text = (
        "第二十条第（五）项\n信息内容\t数量\n许可\t1\n第二十条第（六）项\n信息内容\t数量\n处罚\t2\n"
    )
    assert rows(read(text)) == [
        ["第二十条第（五）项"],
        ["信息内容", "数量"],
        ["许可", "1"],
        ["第二十条第（六）项"],
        ["信息内容", "数量"],
        ["处罚", "2"],
    ]


def test_a_table_ends_at_the_heading_of_a_section() -> None:
    text = "许可\t1\n处罚\t2\n三、收到和处理政府信息公开申请情况\n予以公开\t1\n部分公开\t2\n"
    document = read(text)
    assert len([block for block in document.blocks if isinstance(block, SourceTable)]) == 2
    assert paragraphs(document) == ["三、收到和处理政府信息公开申请情况"]


def test_the_labels_of_a_group_and_of_its_row_are_two_cells() -> None:
    text = "（三）不予公开 1.属于国家秘密 0 0 0\n2.其他法律行政法规禁止公开 0 1 1\n"
    assert rows(read(text)) == [
        ["（三）不予公开", "1.属于国家秘密", "0", "0", "0"],
        ["2.其他法律行政法规禁止公开", "0", "1", "1"],
    ]


def test_a_quoted_cell_of_excel_may_have_lines() -> None:
    assert rows(read('信息内容\t"本年新\n制发件数"\n规章\t3\n')) == [
        ["信息内容", "本年新\n制发件数"],
        ["规章", "3"],
    ]


def test_lines_of_one_width_are_joined_with_a_remark() -> None:
    full = "政府信息公开工作是建设法治政府的重要内容各单位应当认真做好"[:28]
    document = read("\n".join([*[full] * 6, "结束。", "下一段。"]) + "\n— 1 —\n")
    assert paragraphs(document) == [full * 6 + "结束。", "下一段。"]
    assert [remark.message for remark in document.remarks] == [
        "页码没有读入：— 1 —",
        "每行同样长的文字按段接了起来，请核对分段",
    ]


def test_a_number_that_is_broken_at_the_end_of_a_line_gets_no_blank() -> None:
    full = "政府信息公开工作是建设法治政府的重要内容各单位应当认真做好"[:28]
    broken = f"{full[:26]}1234"
    document = read("\n".join([*[full] * 5, broken, "56件。"]))
    assert paragraphs(document)[0].endswith("123456件。")


def test_lines_of_different_width_are_paragraphs() -> None:
    assert len(paragraphs(read("公开信息五条\n受理申请一件\n办结一件\n"))) == 3


@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_charset_is_found(charset: str) -> None:
    text = "总体情况\r\n我局 2022 年公开信息 5 条\r\n"
    assert paragraphs(read(text, charset)) == ["总体情况", "我局 2022 年公开信息 5 条"]


def test_places_name_lines() -> None:
    document = read("总体\n\n许可\t1\n处罚\t2\n")
    assert str(document.blocks[0].place) == "第1段第1行"
    table = document.blocks[1]
    assert isinstance(table, SourceTable)
    assert [cell.place.line for cell in table.cells] == [3, 3, 4, 4]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空的"),
        (bytes(range(32)) * 1000, "不是文字"),
        (b"a\n" * 50_001, "超过"),
        (b"a\t" * 100_000, "超过"),
        (b"a\t1\n" * 2_001, "2000 行"),
    ],
)
def test_a_file_that_is_no_report_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_text(data)


@pytest.mark.parametrize("line", ["\ta\n", "ab\n\n", "a\t1\t", "|a\n", "+--\n|\n", "- "])
def test_many_lines_take_linear_time(line: str) -> None:
    # In quadratic time this takes minutes.
    with contextlib.suppress(UserError):
        read((line * 12_000)[:190_000])


def test_a_table_that_excel_copied_has_a_blank_for_each_merged_cell() -> None:
    (copied,) = read("信息内容\t\t数量\n行政许可\t\t1\n行政处罚\t罚款\t2\n").blocks
    (typed,) = read("信息内容\t数量\n行政许可\t1\n行政处罚\t2\n").blocks
    assert isinstance(copied, SourceTable)
    assert isinstance(typed, SourceTable)
    assert (copied.ragged, typed.ragged) == (False, True)


def test_radicals_are_the_characters_that_they_look_like() -> None:
    assert paragraphs(read("⼀、总体情况，⾃然⼈、⻓期、⻔户\n")) == [
        "一、总体情况，自然人、长期、门户"
    ]


def test_a_line_that_begins_with_a_decimal_begins_no_paragraph() -> None:
    lines = [
        f"本年公开信息情况如下所述第{n}条，其余各项按要求办理处罚决定共" for n in "一二三四五六"
    ]
    text = "\n".join(lines[:5]) + "\n4.2万宗。\n"
    assert paragraphs(read(text))[-1].endswith("4.2万宗。")
    assert paragraphs(read(text))[-1] != "4.2万宗。"
