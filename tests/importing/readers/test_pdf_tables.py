"""Tables that go on over a page are joined, with the rows that the page break cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.importing.readers.pdf.glyphs import Box
from nianbao.importing.readers.pdf.tables import PageTable, TableCell, join_tables, source_table

if TYPE_CHECKING:
    from nianbao.importing.document import Remark

_WIDTH = 50.0


def _table(page: int, *rows: list[str | None]) -> PageTable:
    """Return a table of a page; None: the cell before it goes on to the right."""
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text is None:
                continue
            span = 1
            while column + span < len(texts) and texts[column + span] is None:
                span += 1
            box = Box(column * _WIDTH, row * 20.0, (column + span) * _WIDTH, row * 20.0 + 20)
            cells.append(TableCell(text, page, box, row, column, 1, span))
    xs = [column * _WIDTH for column in range(len(rows[0]) + 1)]
    return PageTable(xs, len(rows), cells, (page,))


def _joined(first: PageTable, second: PageTable) -> PageTable:
    table = join_tables(first, second)
    assert table is not None
    return table


def _rows(table: PageTable) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        rows.setdefault(cell.row, []).append(cell.text)
    return [rows[row] for row in sorted(rows)]


@pytest.mark.parametrize(
    ("upper", "lower", "row"),
    [
        (["3.危", "0", "2"], ["及“三安全一稳定”", "", ""], ["3.危及“三安全一稳定”", "0", "2"]),
        (
            ["3.补正后申请内容", "", ""],
            ["仍不明确", "0", "2"],
            ["3.补正后申请内容仍不明确", "0", "2"],
        ),
        (["3.其他", "", ""], ["", "0", "2"], ["3.其他", "0", "2"]),
    ],
)
def test_a_row_whose_label_is_cut_is_one(
    upper: list[str], lower: list[str], row: list[str]
) -> None:
    first = _table(1, ["2.重复申请", "1", "1"], [*upper])
    table = _joined(first, _table(2, [*lower], ["（七）总计", "7", "8"]))
    assert _rows(table) == [["2.重复申请", "1", "1"], row, ["（七）总计", "7", "8"]]


@pytest.mark.parametrize("opening", ["第二十条第（一）项", "申请人情况", "行政复议"])
def test_a_table_in_prose_does_not_go_on_in_the_table_of_the_form_below(opening: str) -> None:
    prose = _table(1, ["事项", "数量"], ["网站", "120"])
    assert join_tables(prose, _table(2, [opening, None], ["规章", "3"])) is None


def test_a_table_of_the_form_goes_on_at_its_second_title() -> None:
    first = _table(1, ["第二十条第（一）项", None], ["规章", "3"])
    table = _joined(first, _table(2, ["第二十条第（五）项", None], ["行政许可", "9"]))
    assert [row[0] for row in _rows(table)] == [
        "第二十条第（一）项", "规章", "第二十条第（五）项", "行政许可"
    ]  # fmt: skip


def test_the_header_that_the_next_page_repeats_is_left_out() -> None:
    header: list[str | None] = ["第二十条第（一）项", None]
    table = _joined(_table(1, header, ["规章", "3"]), _table(2, header, ["行政规范性文件", "9"]))
    assert [row[0] for row in _rows(table)] == ["第二十条第（一）项", "规章", "行政规范性文件"]


def test_a_number_that_is_cut_is_joined_and_named() -> None:
    first = _table(1, ["2.重复申请", "1"], ["3.补正后申请内容", "39"])
    table = _joined(first, _table(2, ["仍不明确", "3"]))
    assert _rows(table)[1] == ["3.补正后申请内容仍不明确", "393"]
    remarks: list[Remark] = []
    source_table(table, 1, remarks)
    assert [each.message for each in remarks] == ["跨页的一格，两页上的接成“393”，请对照原件"]


def test_labels_that_are_cut_next_to_a_whole_one_are_one_each() -> None:
    first = _table(1, ["结", "尚", "复议后起诉", None])
    table = _joined(first, _table(2, ["果维持", "未审结", "结果维持", "总计"], list("0123")))
    merged = {cell.text: cell.row_span for cell in table.cells if cell.row == 0}
    assert merged == {"结果维持": 2, "尚未审结": 2, "复议后起诉": 1}


def test_a_row_with_a_label_of_its_own_on_the_next_page_is_another_row() -> None:
    first = _table(1, ["2.重复申请", "1"], ["（六）其他处理", "3"])
    second = _table(2, ["（七）总计", "4"])
    assert _rows(_joined(first, second))[1:] == [["（六）其他处理", "3"], ["（七）总计", "4"]]
