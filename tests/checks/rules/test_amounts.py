"""F: fees in the wrong unit, and 规章 of bodies that cannot make any."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import (
    Changes,
    base_report_2019,
    changed,
    check_case,
    check_written,
    report_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path

FEES = "行政事业性收费"
GOVERNMENT: Changes = {"机关类型": "县级以上政府"}


def fee(amount: object, text: str = "") -> Changes:
    """Return a fee and the text above its table."""
    changes: Changes = {FEES: {"本年收费金额": amount}}
    return changes | ({"主动公开政府信息情况/说明": text} if text else {})


# ── the unit of fees


@pytest.mark.parametrize(
    ("amount", "right"),
    [
        ("10000", "1"),
        ("12345", "1.2345"),
        ("251000", "25.1"),
        ("251234567", "25123.4567"),
        ("251000.50", "25.10005"),
    ],
)
def test_fee_in_yuan_is_reported_with_the_right_number(
    tmp_path: Path, amount: str, right: str
) -> None:
    outcome = check_case(tmp_path, fee(f"⟦{amount}⟧"))
    assert outcome.reported == outcome.expected("F421")
    finding = outcome.only()
    assert finding.message == f"行政事业性收费填了 {amount}，像是按元填的"
    assert finding.help == f"单位是万元：{amount} 元应填 {right}"
    assert finding.numbers == (Decimal(amount), Decimal(right))


@pytest.mark.parametrize(
    "text",
    [
        "收取行政事业性收费860元。",
        "收取行政事业性收费860 元。",
        "收取行政事业性收费860.00元。",
        "收取行政事业性收费８６０元。",
        "共收费860元，全部上缴。",
    ],
)
def test_number_that_the_text_has_in_yuan_is_reported(tmp_path: Path, text: str) -> None:
    outcome = check_case(tmp_path, fee("⟦860⟧", text))
    assert ("F421", outcome.markers[0]) in outcome.reported


def test_number_with_thousands_separators_in_the_text_is_recognized(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, fee("⟦8600⟧", "收取行政事业性收费8,600元。"))
    assert ("F421", outcome.markers[0]) in outcome.reported


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "收费0元。"),
        ("/", ""),
        ("25.1", "收费251000元。"),
        ("25.1", "收费25.1万元。"),
        ("860", "收费860万元。"),
        ("860", "收费1860元、手续费0.860元。"),
        ("9999.9999", ""),
        ("12345", "全年收取行政事业性收费12345万元。"),
        ("12345", "全年收取行政事业性收费1.2345亿元（12,345万元）。"),
        ("{数值: 12345, 注: 含耕地开垦费}", ""),
    ],
)
def test_fee_in_its_unit_is_accepted(tmp_path: Path, amount: str, text: str) -> None:
    assert "F421" not in check_case(tmp_path, fee(amount, text)).rules


@pytest.mark.parametrize("amount", ["316441", "4068.208", "1000000", "9999999"])
def test_large_fees_of_a_government_are_accepted(tmp_path: Path, amount: str) -> None:
    assert check_case(tmp_path, GOVERNMENT | fee(amount)).rules == []


@pytest.mark.parametrize("body", ["示例市人民政府", "示例省人民政府"])
def test_government_is_recognized_by_its_name(tmp_path: Path, body: str) -> None:
    assert check_case(tmp_path, {"机关": body} | fee("316441")).rules == []


def test_fees_of_a_government_in_yuan_are_reported(tmp_path: Path) -> None:
    assert check_case(tmp_path, GOVERNMENT | fee("3164410000")).rules == ["F421"]


def test_number_of_fee_items_is_no_amount(tmp_path: Path) -> None:
    """第八项 of the 2019 edition has the number of items, and its 第九项 is no fee."""
    changes: Changes = {FEES: {"上一年项目数量": 20000}, "政府集中采购": {"采购总金额": 40682}}
    assert (
        check_written(
            tmp_path, report_yaml(changed(base_report_2019(), changes)), name="2020"
        ).rules
        == []
    )


# ── 规章


@pytest.mark.parametrize("column", ["本年制发件数", "本年废止件数", "现行有效件数"])
@pytest.mark.parametrize("kind", [None, "县级以上部门", "乡镇街道"])
def test_regulations_of_a_body_without_that_power_are_reported(
    tmp_path: Path, kind: str | None, column: str
) -> None:
    changes: Changes = {"第二十条第一项/规章": {column: "⟦3⟧"}}
    outcome = check_case(tmp_path, changes | ({"机关类型": kind} if kind else {}))
    assert outcome.reported == outcome.expected("F422")
    assert outcome.only().message == (
        f"规章 › {column}是 3，{kind or '县级以上部门'}一般不能制定规章"
    )


@pytest.mark.parametrize("kind", ["县级以上政府", "国务院部门"])
def test_regulations_of_a_body_with_that_power_are_accepted(tmp_path: Path, kind: str) -> None:
    changes = {"机关类型": kind, "第二十条第一项/规章": {"现行有效件数": 74}}
    assert check_case(tmp_path, changes).rules == []


@pytest.mark.parametrize("cell", ["0", "/", "{数值: 3, 注: 由本局起草、市政府公布}"])
def test_no_regulations_or_explained_ones_are_accepted(tmp_path: Path, cell: str) -> None:
    assert check_case(tmp_path, {"第二十条第一项/规章": {"现行有效件数": cell}}).rules == []


@pytest.mark.parametrize(
    ("body", "reported"),
    [
        ("示例市人民政府", False),
        ("示例县城关镇人民政府", True),
        ("示例市新华街道办事处", True),
        ("示例市人民政府办公室", True),
    ],
)
def test_power_to_make_regulations_follows_from_the_name(
    tmp_path: Path, body: str, reported: bool
) -> None:
    changes: Changes = {"机关": body, "第二十条第一项/规章": {"现行有效件数": 3}}
    assert check_case(tmp_path, changes).rules == ["F422"] * reported


def test_normative_documents_of_any_body_are_accepted(tmp_path: Path) -> None:
    changes: Changes = {"机关类型": "乡镇街道", "行政规范性文件": {"现行有效件数": 3}}
    assert check_case(tmp_path, changes).rules == []


def test_regulations_in_the_2019_edition_are_reported(tmp_path: Path) -> None:
    changes: Changes = {"第二十条第一项/规章": {"对外公开总数量": 3}}
    assert check_written(
        tmp_path, report_yaml(changed(base_report_2019(), changes)), name="2020"
    ).rules == ["F422"]


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        ("全年收取行政事业性收费9.31亿元。", False),
        ("全年收取行政事业性收费9.13亿元。", True),
        ("土地成交价款312.6亿元。", True),
    ],
)
def test_large_fee_that_the_text_has_in_billions_is_accepted(
    tmp_path: Path, words: str, reported: bool
) -> None:
    changes: Changes = {
        "行政事业性收费": {"本年收费金额": 93120.33},
        "总体情况/主动公开": words,
    }
    assert ("F421" in check_case(tmp_path, changes).rules) == reported


@pytest.mark.parametrize(
    ("body", "amount", "reported"),
    [
        ("示例县自然资源局", "25100", True),
        ("甲市示例区自然资源局", "25100", True),
        ("甲市自然资源局", "25100", False),
        ("甲市自然资源局", "251000", True),
        ("乙省交通运输厅", "251000", False),
        ("上海市住房和城乡建设管理委员会", "251000", False),
        ("示例镇人民政府", "25100", True),
    ],
)
def test_what_is_too_large_depends_on_the_level_of_the_body(
    tmp_path: Path, body: str, amount: str, reported: bool
) -> None:
    rules = check_case(tmp_path, {"机关": body} | fee(amount)).rules
    assert ("F421" in rules) == reported


def test_a_fee_for_information_is_another_fee(tmp_path: Path) -> None:
    assert check_case(tmp_path, fee("860", "收取信息处理费共计860元。")).rules == []
