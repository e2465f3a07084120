"""What people write in a cell instead of a number: what was meant, and that the mend is right."""

from __future__ import annotations

import re

import pytest

from nianbao.checks.structure.values import check_cell
from nianbao.parsing.reader import parse_source

MENDS = [
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


@pytest.mark.parametrize(("kind", "value", "mend"), MENDS)
def test_words_are_mended_to_what_a_cell_takes(kind: str, value: str, mend: str) -> None:
    problem = check_cell(value, kind)
    assert problem is not None
    assert problem.help == f"写成 {mend}"
    source = parse_source(f"行: {{列: {mend}}}\n".encode(), "r.yaml")
    assert source.findings == ()
    assert isinstance(source.data, dict)
    cell = source.data["行"]["列"]
    if isinstance(cell, dict):
        assert sorted(cell) == ["数值", "注"]
        assert cell["注"] in value
        cell = cell["数值"]
    assert check_cell(cell, kind) is None


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("251000元", "单位是万元：251000 元写 25.1"),
        ("２０００元", "单位是万元：2000 元写 0.2"),
        ("100000元", "单位是万元：100000 元写 10"),
        ("0元", "单位是万元：0 元写 0"),
        ("25.1万元", "只写数字 25.1，单位已经在表头里"),
    ],
)
def test_an_amount_with_its_unit_is_told_in_the_unit_of_the_form(value: str, mend: str) -> None:
    problem = check_cell(value, "amount")
    assert problem is not None
    assert problem.help == mend


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
def test_what_is_not_understood_is_not_mended(kind: str, value: str) -> None:
    problem = check_cell(value, kind)
    assert problem is not None
    assert re.search("[0-9]", problem.help.replace("填 0", "")) is None
