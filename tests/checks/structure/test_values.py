"""Values of cells that are no numbers, and the remedy of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nianbao.checks.structure.values import check_cell
from nianbao.parsing.reader import parse_source

if TYPE_CHECKING:
    from nianbao.model.form import CellKind

CELLS: list[tuple[CellKind, str, str]] = [
    ("count", "22（其中修订16件）", "{数值: 22, 注: 其中修订16件}"),
    ("count", "124件（其中修订16件，新制2件）", "{数值: 124, 注: 其中修订16件，新制2件}"),
    ("count", "124件，其中修订16件", "{数值: 124, 注: 其中修订16件}"),
    ("count", "２２ (其中: 修订16件, 新制2件)", "{数值: 22, 注: '其中: 修订16件, 新制2件'}"),
    ("count", "22（修订（含废止）16件）", "{数值: 22, 注: 修订（含废止）16件}"),
    ("count", "22（含'甲'）", "{数值: 22, 注: 含'甲'}"),
    ("count", "22（'甲'）", "{数值: 22, 注: '''甲'''}"),
    ("count", "/（没有制定权）", "{数值: /, 注: 没有制定权}"),
    ("signed", "减3", "-3"),
    ("signed", "减少了3项", "-3"),
    ("signed", "增5", "5"),
    ("signed", "增加５项", "5"),
    ("signed", "未增未减", "0"),
    ("signed", "减3（撤销3项）", "{数值: -3, 注: 撤销3项}"),
    ("signed", "-3（撤销3项）", "{数值: -3, 注: 撤销3项}"),
    ("amount", "25.10万元（含税）", "{数值: 25.1, 注: 含税}"),
    ("amount", "251000元（含税）", "{数值: 25.1, 注: 含税}"),
]


@pytest.mark.parametrize(("kind", "value", "cell"), CELLS)
def test_help_gives_a_valid_cell(kind: CellKind, value: str, cell: str) -> None:
    problem = check_cell(value, kind)
    assert problem is not None
    assert problem.help == f"写成 {cell}"
    source = parse_source(f"行: {{列: {cell}}}\n".encode(), "r.yaml")
    assert source.findings == ()
    assert isinstance(source.data, dict)
    parsed = source.data["行"]["列"]
    if isinstance(parsed, dict):
        assert sorted(parsed) == ["数值", "注"]
        assert parsed["注"] in value
        parsed = parsed["数值"]
    assert check_cell(parsed, kind) is None


@pytest.mark.parametrize(
    ("value", "help_"),
    [
        ("251000元", "单位是万元：251000 元写 25.1"),
        ("２０００元", "单位是万元：2000 元写 0.2"),
        ("100000元", "单位是万元：100000 元写 10"),
        ("0元", "单位是万元：0 元写 0"),
        ("25.1万元", "只写数字 25.1，单位已经在表头里"),
    ],
)
def test_help_converts_an_amount_to_the_unit_of_the_form(value: str, help_: str) -> None:
    problem = check_cell(value, "amount")
    assert problem is not None
    assert problem.help == help_


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("count", "减3"),
        ("count", "未增未减"),
        ("count", "-3（撤销3项）"),
        ("count", "很多（不详）"),
        ("count", "1.5（不详）"),
        ("count", "（不详）"),
        ("count", "22（）"),
        ("count", "22（ ）"),
        ("signed", "增减3"),
        ("amount", "三元"),
        ("count", "9" * 13 + "（甲）"),
    ],
)
def test_help_has_no_number_for_unclear_text(kind: CellKind, value: str) -> None:
    problem = check_cell(value, kind)
    assert problem is not None
    assert re.search("[0-9]", problem.help.replace("填 0", "")) is None
