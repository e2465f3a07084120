"""Sections, blocks and the signature are found by their words, and what is unsure is listed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.importer import import_document
from tests.importing.matching.documents import (
    change_cells,
    grid,
    paragraphs,
    truth,
    turned,
    with_blocks,
    wrong_numbers,
)
from tests.importing.round_trip import compile_report, differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.importer import ImportedReport
    from tests.importing.matching.documents import Block

TITLE = "2025年政府信息公开工作年度报告"
FIRST = "一、总体情况"
FIFTH = "五、存在的主要问题及改进情况"
SIXTH = "六、其他需要报告的事项"


def _text(imported: ImportedReport, *pointer: str | int) -> list[str]:
    return [line.text for line in imported.lines.get(pointer, ())]


def _renamed(old: str, *new: str) -> SourceDocument:
    def change(blocks: list[Block]) -> Sequence[Block]:
        at = _index(blocks, old)
        return [*blocks[:at], *paragraphs(*new), *blocks[at + 1 :]]

    return with_blocks(change)


def _index(blocks: Sequence[Block], text: str) -> int:
    return next(
        i for i, b in enumerate(blocks) if isinstance(b, SourceParagraph) and b.text.strip() == text
    )


PLAIN = import_document(with_blocks(lambda blocks: blocks))


@pytest.mark.parametrize(
    "heading",
    [
        "五、存在的主要问题及改进情况",
        "五、 存在的主要问题及改进情况",
        "五．存在的主要问题及改进情况。",
        "存在的主要问题及改进情况",
        "第五部分 存在的主要问题及改进情况",
        "五、存在问题及改进情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
        "四、存在的主要问题及改进情况",
        "三、存在的主要问题及改进情况",
    ],
)
def test_a_usual_variant_of_a_heading_is_no_doubt(heading: str) -> None:
    imported = import_document(_renamed(FIFTH, heading))
    key = "存在的主要问题及改进情况"
    assert _text(imported, key) == _text(PLAIN, key) != []
    assert imported.doubts == ()


def test_another_name_is_read_by_its_words_and_listed() -> None:
    imported = import_document(_renamed(FIFTH, "五、当前问题与下一步打算"))
    key = "存在的主要问题及改进情况"
    assert _text(imported, key) == _text(PLAIN, key)
    assert [doubt.pointer for doubt in imported.doubts] == [(key,)]


def test_a_missing_heading_is_listed_and_its_text_is_kept() -> None:
    imported = import_document(_renamed(FIFTH))
    assert ("存在的主要问题及改进情况",) in [doubt.pointer for doubt in imported.doubts]
    lines = [line.text for texts in imported.lines.values() for line in texts]
    assert set(_text(PLAIN, "存在的主要问题及改进情况")) <= set(lines)


def test_a_seventh_section_is_kept_as_a_further_block_and_listed() -> None:
    imported = import_document(_renamed(SIXTH, SIXTH, "无。", "七、附件说明", "附件见网站。"))
    assert "附件见网站。" in [line.text for texts in imported.lines.values() for line in texts]
    assert any("七、附件说明" in doubt.message for doubt in imported.doubts)


def test_sections_in_another_order_keep_their_texts() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        fifth, sixth = _index(blocks, FIFTH), _index(blocks, SIXTH)
        return [*blocks[:fifth], blocks[sixth], *paragraphs("无。"), *blocks[fifth:sixth]]

    imported = import_document(with_blocks(change))
    for key in ("存在的主要问题及改进情况",):
        assert _text(imported, key) == _text(PLAIN, key)
    assert _text(imported, "其他需要报告的事项") == ["无。"]


def test_a_table_of_contents_is_not_taken_for_the_sections() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        contents = [b for b in blocks if isinstance(b, SourceParagraph) and b.text[1:2] == "、"]
        at = _index(blocks, FIRST)
        return [*blocks[:at], *paragraphs("目录"), *contents, *blocks[at:]]

    document = with_blocks(change)
    assert wrong_numbers(document) == ([], [])
    imported = import_document(document)
    for pointer in PLAIN.lines:
        if pointer[0] not in ("引言", "总体情况"):
            assert _text(imported, *pointer) == _text(PLAIN, *pointer)


@pytest.mark.parametrize(
    "lines",
    [
        ("一、存在的问题", "公开不够及时。", "二、改进措施", "加强培训。"),
        ("（一）主要问题", "公开不够及时。", "（二）改进情况", "加强培训。"),
        ("一是主动公开不够。", "二是依申请公开办理不及时。"),
        ("1.总体情况较好", "2.其他需要报告的事项没有。"),
    ],
)
def test_headings_within_a_section_stay_its_text(lines: Sequence[str]) -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        fifth, sixth = _index(blocks, FIFTH), _index(blocks, SIXTH)
        return [*blocks[: fifth + 1], *paragraphs(*lines), *blocks[sixth:]]

    imported = import_document(with_blocks(change))
    assert _text(imported, "存在的主要问题及改进情况") == list(lines)


# ── blocks


def _with_first_section(*lines: str) -> ImportedReport:
    def change(blocks: list[Block]) -> Sequence[Block]:
        first = _index(blocks, FIRST)
        second = next(
            i
            for i, b in enumerate(blocks)
            if isinstance(b, SourceParagraph) and b.text.startswith("二、")
        )
        return [*blocks[: first + 1], *paragraphs(*lines), *blocks[second:]]

    return import_document(with_blocks(change))


@pytest.mark.parametrize(
    "lines",
    [
        ("（一）主动公开", "公开12条。", "（二）依申请公开", "收到3件。"),
        ("（一）主动公开情况", "公开12条。", "（二）依申请公开情况", "收到3件。"),
        ("主动公开", "公开12条。", "依申请公开", "收到3件。"),
        ("（二）依申请公开", "收到3件。", "（一）主动公开", "公开12条。"),
        ("（1）主动公开", "公开12条。", "（2）依申请公开", "收到3件。"),
        (
            "（一）主动公开政府信息情况",
            "公开12条。",
            "（二）收到和处理政府信息公开申请情况",
            "收到3件。",
        ),
        ("主动公开政府信息情况", "公开12条。", "收到和处理政府信息公开申请情况", "收到3件。"),
    ],
)
def test_blocks_are_found_by_their_headings(lines: Sequence[str]) -> None:
    imported = _with_first_section(*lines)
    assert _text(imported, "总体情况", "主动公开") == ["公开12条。"]
    assert _text(imported, "总体情况", "依申请公开") == ["收到3件。"]


def test_a_heading_that_runs_into_its_text_stays_with_it() -> None:
    imported = _with_first_section(
        "（一）主动公开情况。公开12条。", "（二）依申请公开情况：收到3件。"
    )
    assert "公开12条。" in "".join(_text(imported, "总体情况", "主动公开"))
    assert "收到3件。" in "".join(_text(imported, "总体情况", "依申请公开"))


def test_an_unknown_sixth_block_is_kept_as_a_further_block() -> None:
    imported = _with_first_section(
        "（一）主动公开", "公开12条。", "（五）监督保障", "检查2次。", "（六）政民互动", "答复8件。"
    )
    assert _text(imported, "总体情况", "补充", 0, "标题") == ["政民互动"]
    assert _text(imported, "总体情况", "补充", 0, "正文") == ["答复8件。"]
    assert _text(imported, "总体情况", "监督保障") == ["检查2次。"]


# ── signature


def _signed(*lines: str) -> ImportedReport:
    def change(blocks: list[Block]) -> Sequence[Block]:
        return [*blocks[: _index(blocks, SIXTH) + 1], *paragraphs("无。", *lines)]

    return import_document(with_blocks(change))


@pytest.mark.parametrize(
    "lines",
    [
        ("示例市人民政府", "2026年3月20日"),
        ("示例市人民政府", "二〇二六年三月二十日"),
        ("示例市人民政府", "二○二六年三月二十日"),
        ("示例市人民政府 2026年3月20日",),
        ("示例市人民政府", "2026 年 3 月 20 日"),
        ("示例市人民政府", "2026-3-20"),
        ("2026年3月20日",),
        ("2026年3月20日", "示例市人民政府"),
        ("示例市人民政府", "2026年3月20日【打印】【关闭】"),
    ],
)
def test_the_signature_is_no_text_of_the_last_section(lines: Sequence[str]) -> None:
    imported = _signed(*lines)
    assert "成文日期: 2026-03-20" in imported.text
    assert "机关: 示例市人民政府\n" in imported.text
    assert _text(imported, "其他需要报告的事项") == ["无。"]


def test_a_missing_date_is_listed() -> None:
    imported = _signed()
    assert [doubt.pointer for doubt in imported.doubts] == [("成文日期",)]
    assert "成文日期:\n" in imported.text.replace(" \n", "\n")


def test_a_date_in_the_text_is_no_signature() -> None:
    imported = _signed("本报告于2026年3月20日发布，欢迎监督。")
    assert [doubt.pointer for doubt in imported.doubts] == [("成文日期",)]


def test_the_year_of_the_text_is_taken_where_the_title_has_none_and_listed() -> None:
    document = _renamed("2025年政府信息公开工作年度报告", "政府信息公开工作年度报告")
    imported = import_document(document)
    assert imported.year == 2025
    assert ("年度",) in [doubt.pointer for doubt in imported.doubts]
    assert compile_report(imported.text).data["年度"] == 2025


@pytest.mark.parametrize(
    "after",
    [
        ("（联系人：李红；电话：0431-8200000）",),
        ("（此件公开发布）", "抄送：市政府办公室。", "示例市人民政府办公室　2026年3月20日印发"),
        ("相关文档", "示例市人民政府2024年政府信息公开工作年度报告2025-01-20", "主办：某办公室"),
    ],
)
def test_what_follows_the_signature_is_left_out_and_listed_once(after: Sequence[str]) -> None:
    imported = _signed("示例市人民政府", "2026.3.20", *after)
    assert "成文日期: 2026-03-20" in imported.text
    assert _text(imported, "其他需要报告的事项") == ["无。"]
    (doubt,) = imported.doubts
    assert doubt.message.startswith(f"签名后面的{len(after)}行没有读入：“")


def test_the_footer_of_a_page_is_left_out_without_a_signature_too() -> None:
    imported = _signed("【打印本页】【关闭窗口】", "版权所有：示例市人民政府")
    assert _text(imported, "其他需要报告的事项") == ["无。"]
    assert any("签名后面的2行没有读入" in doubt.message for doubt in imported.doubts)


def test_the_date_under_the_title_is_taken_where_no_signature_has_one() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        title, sixth = _index(blocks, TITLE), _index(blocks, SIXTH)
        dated = paragraphs("（2026年3月20日）")
        return [*blocks[: title + 1], *dated, *blocks[title + 1 : sixth + 1], *paragraphs("无。")]

    imported = import_document(with_blocks(change))
    assert "成文日期: 2026-03-20" in imported.text
    assert imported.doubts == ()


def test_the_file_number_stands_over_the_title() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        return [*paragraphs("东城管〔2026〕4号"), *blocks]

    imported = import_document(with_blocks(change))
    assert '文号: "东城管〔2026〕4号"' in imported.text


def test_a_title_with_a_misspelt_name_is_read_and_listed() -> None:
    imported = import_document(_renamed(TITLE, "2025年政府信息公开工作告年度报"))
    assert imported.year == 2025
    assert [doubt.message for doubt in imported.doubts] == [
        "“2025年政府信息公开工作告年度报”当作标题读"
    ]


@pytest.mark.parametrize("heading", ["六、其他需要报告的事项：{}", "六、其他需要报告的事项　　{}"])
def test_a_section_may_stand_in_one_line_with_its_heading(heading: str) -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        at = _index(blocks, SIXTH)
        line = paragraphs(heading.format("本年度未收取信息处理费。"))
        return [*blocks[:at], *line, *blocks[-2:]]

    imported = import_document(with_blocks(change))
    assert _text(imported, "其他需要报告的事项") == ["本年度未收取信息处理费。"]
    assert imported.doubts == ()


@pytest.mark.parametrize("names", [("2024年", "2025年"), ("2025年", "2024年")])
def test_of_a_sheet_for_each_year_the_newest_is_read_and_all_are_listed(
    names: tuple[str, str],
) -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        return [block for name in names for block in _on_sheet(blocks, name)]

    imported = import_document(with_blocks(change))
    assert differences(truth(), compile_report(imported.text)) == []
    messages = [doubt.message for doubt in imported.doubts]
    assert len(messages) == 1
    assert messages[0].endswith("；读的是 2025 年的")


def _on_sheet(blocks: Sequence[Block], name: str) -> Iterator[Block]:
    """Yield the blocks as a sheet; those of 2024 have other numbers."""
    for block in blocks:
        place = block.place._replace(part=name)
        if isinstance(block, SourceParagraph):
            yield replace(block, place=place, text=block.text.replace("2025年政府", f"{name}政府"))
        else:
            old = name == "2024年"
            other = change_cells(block, lambda text: "7" if text.isdigit() else text)
            yield replace(other if old else block, place=place)


# ── what is no report


def _empty(table: SourceTable) -> SourceTable:
    return change_cells(table, lambda text: "" if re.match(r"[0-9]+([^.0-9]|\Z)", text) else text)


def test_a_blank_form_is_refused() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        kept = [
            _empty(b) if isinstance(b, SourceTable) else b
            for b in blocks
            if isinstance(b, SourceTable) or len(b.text) < 20
        ]
        return [b for b in kept if isinstance(b, SourceTable) or b.text[:1] in "一二三四五六2示（"]

    with pytest.raises(UserError, match="是一张空表"):
        import_document(with_blocks(change))


@pytest.mark.parametrize(
    "lines",
    [
        (
            "示例县财政局2022年度部门预算公开",
            "一、部门概况",
            "二、收支预算",
            "三、其他需要说明的事项",
        ),
        (
            "示例县教育局2022年工作总结",
            "一、基本情况",
            "2022年……",
            "二、存在的问题",
            "三、下一步打算",
        ),
        (
            "关于做好2022年政府信息公开工作年度报告编制工作的通知",
            "各有关单位：",
            "请按照政府信息公开工作年度报告格式编制，于1月31日前发布。",
            "一、编制要求",
            "二、发布时间",
        ),
        ("首页", *(f"示例县{name}局2022年政府信息公开工作年度报告" for name in "教财民农林水")),
        ("",),
    ],
)
def test_another_document_is_refused(lines: Sequence[str]) -> None:
    with pytest.raises(UserError, match="不像信息公开的年度报告"):
        import_document(SourceDocument("text", tuple(paragraphs(*lines))))


_OF_BODIES = grid(
    ["单位", "本年新收申请", "行政许可", "行政处罚"],
    ["示例县财政局", "1", "2", "3"],
    ["城关镇", "4", "5", "6"],
)


@pytest.mark.parametrize("table", [_OF_BODIES, turned(_OF_BODIES)])
def test_a_table_of_several_bodies_is_refused(table: SourceTable) -> None:
    tables = [b for b in with_blocks(list).blocks if isinstance(b, SourceTable)]
    title = paragraphs("示例县2025年政府信息公开工作年度报告数据汇总表")
    with pytest.raises(UserError, match="几个单位的汇总表"):
        import_document(SourceDocument("spreadsheet", (*title, table, *tables)))


def test_a_report_that_lists_other_bodies_in_its_text_is_imported() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        at = _index(blocks, FIFTH)
        return [*blocks[: at + 1], _OF_BODIES, *blocks[at + 1 :]]

    assert wrong_numbers(with_blocks(change)) == ([], [])


@pytest.mark.parametrize("number", ["第五章　", "第五篇 ", "第五部分："])
def test_a_chapter_is_a_section(number: str) -> None:
    imported = import_document(_renamed(FIFTH, number + FIFTH[2:]))
    key = "存在的主要问题及改进情况"
    assert _text(imported, key) == _text(PLAIN, key) != []


@pytest.mark.parametrize("number", ["第二节　", "1.2 "])
def test_a_numbered_part_of_a_chapter_is_a_block(number: str) -> None:
    imported = import_document(_renamed("（二）依申请公开", number + "依申请公开情况"))
    assert _text(imported, "总体情况", "依申请公开") == _text(PLAIN, "总体情况", "依申请公开") != []


def test_shortcomings_name_the_fifth_section_and_are_listed() -> None:
    imported = import_document(_renamed(FIFTH, "五、存在不足和下步打算"))
    key = "存在的主要问题及改进情况"
    assert _text(imported, key) == _text(PLAIN, key) != []
    assert any("存在不足" in doubt.message for doubt in imported.doubts)


def test_a_title_may_have_about_between_name_and_year() -> None:
    imported = import_document(_headed("某县人民政府办公室关于2025年度政府信息公开工作年度报告"))
    assert (imported.body, imported.year) == ("某县人民政府办公室", 2025)


def _headed(title: str, *lead: str) -> SourceDocument:
    def change(blocks: list[Block]) -> Sequence[Block]:
        return [*paragraphs(title, *lead), *blocks[_index(blocks, FIRST) :]]

    return with_blocks(change)


def test_a_table_of_contents_is_left_out_and_listed() -> None:
    lines = "目  录", "一、总体情况\t1", "（一）主动公开……2", "六、其他需要报告的事项 6", "引言。"
    imported = import_document(_headed("某局2025年政府信息公开工作年度报告", *lines))
    assert _text(imported, "引言") == ["引言。"]
    assert [doubt.message for doubt in imported.doubts if "目录" in doubt.message] == [
        "目录没有读入：3行"
    ]


def _with_end(*end: Block) -> ImportedReport:
    return import_document(with_blocks(lambda blocks: [*blocks, *end]))


def test_an_appendix_after_the_signature_is_left_out_and_listed() -> None:
    units = grid(["单位", "本年新收"], ["公安局", "3"], ["教育局", "2"])
    imported = _with_end(*paragraphs("附件：分单位统计表"), units)
    assert _text(imported, "其他需要报告的事项") == _text(PLAIN, "其他需要报告的事项")
    assert "签名后面的附件没有读入" in "".join(doubt.message for doubt in imported.doubts)


def test_an_appendix_that_may_have_the_tables_of_the_form_is_read() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        *others, last = [block for block in blocks if isinstance(block, SourceTable)]
        rest = [block for block in blocks if block is not last]
        assert others
        return [*rest, *paragraphs("附件"), last]

    assert import_document(with_blocks(change)).places.keys() >= {
        ("行政复议行政诉讼情况", "行政复议", "总计")
    }


@pytest.mark.parametrize(
    "caption",
    [
        "表2 2025年收到和处理政府信息公开申请情况",
        "（续表）",
        "附：2024年收到和处理政府信息公开申请情况",
    ],
)
def test_a_caption_that_names_the_section_is_no_text(caption: str) -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        at = _index(blocks, "三、收到和处理政府信息公开申请情况")
        return [*blocks[: at + 1], *paragraphs(caption), *blocks[at + 1 :]]

    key = "收到和处理政府信息公开申请情况", "说明"
    assert _text(import_document(with_blocks(change)), *key) == _text(PLAIN, *key)


def test_the_numbers_of_a_quarter_are_refused() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        found = [block for block in blocks if isinstance(block, SourceTable)]
        return [*paragraphs("2024年第一季度政府信息公开申请情况统计表"), *found]

    with pytest.raises(UserError, match="是第一季度的统计"):
        import_document(with_blocks(change))


@pytest.mark.parametrize("period", ["第三季度", "上半年", "1-9月"])
def test_the_numbers_of_a_part_of_a_year_are_refused_even_with_all_sections(period: str) -> None:
    with pytest.raises(UserError, match=f"是{period}的统计"):
        import_document(_renamed(TITLE, f"2024年{period}政府信息公开工作统计表"))


def test_a_report_without_a_title_may_say_that_it_is_about_a_whole_year() -> None:
    imported = import_document(_renamed(TITLE, "统计期限：2025年1-12月"))
    assert imported.year == 2025


@pytest.mark.parametrize("line", ["信息来源：示例县文物局", "政府信息公开指南"])
def test_what_stands_next_to_the_title_on_a_page_is_no_body(line: str) -> None:
    imported = import_document(_renamed(TITLE, line, TITLE))
    assert imported.body == "示例市人民政府"


def test_a_sheet_for_each_of_several_bodies_is_refused() -> None:
    def change(blocks: list[Block]) -> Sequence[Block]:
        found = [block for block in blocks if isinstance(block, SourceTable)]
        table = max(found, key=lambda each: len(each.cells))
        return [
            replace(table, place=table.place._replace(part=part))
            for part in ("县公安局", "县教育局")
        ]

    with pytest.raises(UserError, match="汇总表"):
        import_document(with_blocks(change))
