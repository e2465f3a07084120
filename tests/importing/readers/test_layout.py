"""Tables that only place texts on a page, and tables of figures."""

from __future__ import annotations

from typing import NamedTuple

from nianbao.importing.readers.layout import split_table


class _Cell(NamedTuple):
    text: str
    row: int
    column: int = 0
    row_span: int = 1


def _pieces(*cells: _Cell) -> list[tuple[bool, list[str]]]:
    return [(is_table, [cell.text for cell in those]) for is_table, those in split_table(cells)]


def test_a_table_without_headings_of_sections_is_one_table() -> None:
    cells = (_Cell("第二十条第（一）项", 0), _Cell("规章", 1), _Cell("0", 1, 1))
    assert _pieces(*cells) == [(True, ["第二十条第（一）项", "规章", "0"])]


def test_the_name_of_a_section_next_to_a_number_is_no_heading() -> None:
    cells = (_Cell("属性", 0), _Cell("占比", 0, 1), _Cell("主动公开", 1), _Cell("64.0%", 1, 1))
    assert _pieces(*cells) == [(True, ["属性", "占比", "主动公开", "64.0%"])]


def test_a_table_with_one_column_is_text_unless_it_has_numbers() -> None:
    assert _pieces(_Cell("一、总体情况", 0), _Cell("文字", 1)) == [
        (False, ["一、总体情况", "文字"])
    ]
    assert _pieces(_Cell("规章", 0), _Cell("12", 1)) == [(True, ["规章", "12"])]


def test_a_report_in_one_table_is_parted_at_its_headings_and_prose() -> None:
    cells = (
        _Cell("一、总体情况", 0),
        _Cell("我局公开信息3条。", 1),
        _Cell("二、主动公开政府信息情况", 2),
        _Cell("第二十条第（一）项", 3),
        _Cell("规章", 4),
        _Cell("0", 4, 1),
        _Cell("六、其他需要报告的事项", 5),
        _Cell("无", 6),
    )
    assert _pieces(*cells) == [
        (False, ["一、总体情况"]),
        (False, ["我局公开信息3条。"]),
        (False, ["二、主动公开政府信息情况"]),
        (True, ["第二十条第（一）项", "规章", "0"]),
        (False, ["六、其他需要报告的事项"]),
        (False, ["无"]),
    ]


def test_a_cell_that_spans_rows_is_not_parted() -> None:
    cells = (
        _Cell("三、收到和处理政府信息公开申请情况", 0),
        _Cell("三、本年度办理结果", 1, 0, 2),
        _Cell("1", 1, 1),
        _Cell("2", 2, 1),
    )
    assert _pieces(*cells) == [
        (False, ["三、收到和处理政府信息公开申请情况"]),
        (True, ["三、本年度办理结果", "1", "2"]),
    ]


def test_headings_left_of_their_text_make_the_whole_table_text() -> None:
    cells = (_Cell("一、总体情况", 0), _Cell("文字", 0, 1))
    assert _pieces(*cells) == [(False, ["一、总体情况", "文字"])]
