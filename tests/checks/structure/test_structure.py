"""S: one finding for each error, with the labels of the form, all in one run."""

import re

import pytest
from hypothesis import given, settings

from nianbao.checks.structure import check_structure
from nianbao.diagnostics.finding import MAX_FINDINGS, Finding
from nianbao.parsing.reader import parse_source
from tests.parsing.fault_cases import LICENCES, NEW, change, seed
from tests.strategies import reports, write_yaml
from tests.support import fixture_reports


def check(text: str) -> list[Finding]:
    source = parse_source(text.encode(), "r.yaml")
    assert source.findings == ()
    return check_structure(source)[1]


def cell(value: str) -> Finding:
    """Return the only finding about a value in the cell of 行政许可."""
    (finding,) = check(change(seed(), LICENCES, change(LICENCES, ": 0}", f": {value}}}")))
    return finding


@settings(max_examples=25)
@given(reports())
def test_every_valid_report_is_accepted(data: dict[str, object]) -> None:
    assert check(write_yaml(data)) == []


def test_all_errors_are_reported_in_the_order_of_the_file() -> None:
    text = seed()
    text = change(text, "年度: 2022", "年度: 二〇二二")
    text = change(text, "成文日期: 2023-01-31", "成文日期: 2023-02-30")
    text = change(text, "  平台建设:", "  平台建没:")
    text = change(text, LICENCES, change(LICENCES, ": 0}", ": -1}"))
    text = change(text, NEW, NEW.replace("商业企业: 0, ", "").replace("自然人: 0", "自然人: 12件"))
    text = change(text, "行政复议: {结果维持: 0,", "行政复议: {结果维持: true,")
    text = re.sub(r"其他需要报告的事项: \|\n.*\n", "", text)
    findings = check(text)
    assert [finding.rule for finding in findings] == [
        "S101",  # 其他需要报告的事项, at the beginning of the report
        "S105",
        "S106",
        "S102",
        "S103",
        "S101",
        "S103",
        "S103",
    ]
    spans = [finding.span for finding in findings]
    assert spans == sorted(spans)
    assert len({finding.message for finding in findings}) == len(findings)


@pytest.mark.parametrize(
    ("written", "pointer"),
    [
        ("-1", ()),
        ("{数值: -1, 注: x}", ("数值",)),
        ("{数值: 1, 注: ''}", ("注",)),
        ("{数值: 1, 注: x, 甲: 1}", ("甲",)),
    ],
)
def test_finding_has_the_pointer_of_the_value(written: str, pointer: tuple[str, ...]) -> None:
    place = ("主动公开政府信息情况", "第二十条第五项", "行政许可", "本年处理决定数量")
    assert cell(written).pointer == (*place, *pointer)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("-0.0", "0.0 不是整数"),
        ("999999999999.5", "不是整数"),
        ("{数值: 2.5, 注: x}", "不是整数"),
        ("{}", "写的是一组"),
        ("{数值: 1}", "缺少“注”"),
        ("{数值: {数值: 1, 注: x}, 注: x}", "写的是一组"),
        ("很长很长很长很长很长很长很长很长很长很长很长很长", "……"),
    ],
)
def test_wrong_cell_is_explained(value: str, message: str) -> None:
    assert message in cell(value).message


@pytest.mark.parametrize("value", ["0", "+5", "-0", "999999999999", "/", "{数值: /, 注: 无权}"])
def test_valid_cell_is_accepted(value: str) -> None:
    assert check(change(seed(), LICENCES, change(LICENCES, ": 0}", f": {value}}}"))) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("-0.5", "是负数 -0.5"),
        ("251000元", "251000 元写 25.1"),
        ("9999999999999", "太大"),
        ("一万", "要填金额"),
    ],
)
def test_wrong_amount_is_explained(value: str, message: str) -> None:
    (finding,) = check(change(seed(), "本年收费金额: 0", f"本年收费金额: {value}"))
    assert message in finding.message + finding.help


@pytest.mark.parametrize("value", ["0", "-0.0", "4068.208", "0.50", "316441", "/"])
def test_amount_may_be_a_decimal(value: str) -> None:
    assert check(change(seed(), "本年收费金额: 0", f"本年收费金额: {value}")) == []


def test_change_may_be_negative_but_not_a_decimal() -> None:
    text = fixture_reports()["edition-2019"].read_text(encoding="utf-8")
    assert check(text) == check(change(text, "本年增减: -3", "本年增减: -30")) == []
    (finding,) = check(change(text, "本年增减: -3", "本年增减: -2.5"))
    assert "要填增减数" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("引言: |", "网站: {SiteNam: x}\n引言: |", "是不是“SiteName”？"),
        ("引言: |", "网站: {SiteName: 1}\n引言: |", '加上引号："1"'),
        ("引言: |", "网站: x\n引言: |", "要写一组"),
        ("引言: |", "豁免: x\n引言: |", "要写一个列表"),
        ("引言: |", "豁免:\n  - {规则: P301, 位置: /a, 原因: x}\n引言: |", "没有“原因”"),
        ("引言: |", "豁免:\n  - {位置: /a}\n引言: |", "缺少“规则”"),
        ("  第二十条第一项:", "  注: 一条\n  第二十条第一项:", "要写一个列表"),
        ("  第二十条第一项:", "  注: [1]\n  第二十条第一项:", '加上引号："1"'),
        ("  第二十条第一项:", "  注: [true]\n  第二十条第一项:", '加上引号："true"'),
        ("  第二十条第一项:", "  注: ['']\n  第二十条第一项:", "空着"),
        ("机关: 古县文化和旅游局", '机关: " "', "空着"),
        ("机关: 古县文化和旅游局", '机关: ""', "空着"),
        ("年度: 2022", "年度: 2022.0", "要写整数"),
        ("格式: 2021", "格式:", "空着"),
        ("格式: 2021", "格式: true", "不认识：true"),
    ],
)
def test_wrong_value_is_explained(old: str, new: str, words: str) -> None:
    (finding,) = check(change(seed(), old, new))
    assert words in finding.message + finding.help


@pytest.mark.parametrize(
    ("section", "value", "words"),
    [
        ("行政复议行政诉讼情况", "", "空着"),
        ("行政复议行政诉讼情况", " 无", "写的是 无"),
        ("行政复议行政诉讼情况", " [无]", "写的是一个列表"),
        ("总体情况", " 好", "写的是 好"),
        ("总体情况", " []", "写的是一个列表"),
    ],
)
def test_section_without_a_mapping_is_one_finding(section: str, value: str, words: str) -> None:
    text = re.sub(rf"{section}:\n(  .*\n)+", f"{section}:{value}\n", seed())
    (finding,) = check(text)
    assert finding.pointer == (section,)
    assert words in finding.message


@pytest.mark.parametrize("section", ["总体情况", "存在的主要问题及改进情况", "其他需要报告的事项"])
def test_section_of_text_may_be_blank(section: str) -> None:
    assert check(re.sub(rf"{section}:( \|)?\n(  .*\n)+", f"{section}:\n", seed())) == []


def test_missing_group_is_one_finding() -> None:
    (finding,) = check(re.sub(r"    不予公开:\n(      .*\n)+", "", seed()))
    assert "缺少“（三）不予公开”（键“不予公开”）" in finding.message


def test_tables_are_not_checked_without_an_edition() -> None:
    text = change(seed(), "格式: 2021\n", "")
    text = change(text, LICENCES, change(LICENCES, ": 0}", ": -1}"))
    (finding,) = check(text)
    assert finding.message == "报告缺少“格式”"


def test_decimal_edition_is_reported_with_other_errors() -> None:
    text = change(change(seed(), "格式: 2021", "格式: 2021.0"), "年度: 2022", "年度: 1")
    assert [finding.rule for finding in check(text)] == ["S107", "S105"]


def test_key_meant_by_a_misspelt_one_is_not_reported_as_missing() -> None:
    findings = check(change(seed(), NEW, NEW.replace("科研机构:", "科研\u200b机构:"))) + check(
        change(seed(), NEW, NEW.replace("科研机构:", "科研机够:"))
    )
    assert [finding.rule for finding in findings] == ["S104", "S102"]


def test_last_finding_gives_the_number_of_omitted_ones() -> None:
    text, cells = re.subn(r": 0(?=[,}])", ": x", seed())
    findings = check(text + "".join(f"多{number}: 1\n" for number in range(10)))
    assert len(findings) == MAX_FINDINGS + 1
    assert findings[-1].rule == "S190"
    assert findings[-1].message == f"还有 {cells + 10 - MAX_FINDINGS} 处"


@pytest.mark.parametrize("date", ["0000-01-01", '"2023-01-31\\n"', "|\n  2023-01-31"])
def test_invalid_date_is_a_finding_and_no_crash(date: str) -> None:
    text = seed().replace("成文日期: 2023-01-31", f"成文日期: {date}")
    source = parse_source(text.encode(), "2022.yaml")
    _, findings = check_structure(source)
    assert [finding.rule for finding in findings] == ["S106"]
