"""Next year's report drafted from this year's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.checks.structure import check_structure
from nianbao.formatting.new_report import MARK, make_new_report
from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.model.form import load_form
from nianbao.model.report import Report, compile_report
from nianbao.model.schema import edition_of
from nianbao.parsing.reader import parse_source
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import base_report_2019, changed, check_written, report_yaml
from tests.strategies import reports, write_yaml
from tests.support import put

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.source import Source

REQUESTS = "收到和处理政府信息公开申请情况"


def compiled(text: str) -> Report:
    source = parse_source(text.encode(), "2022.yaml")
    form, findings = check_structure(source)
    assert form is not None
    assert findings == []
    return compile_report(source, form)[0]


def drafted(text: str, year: int = 2023) -> str:
    edition = edition_of(year)
    assert edition is not None
    return make_new_report(load_form(edition), year, compiled(text))


def read(text: str) -> Source:
    source = parse_source(text.encode(), "2023.yaml")
    assert source.findings == ()
    return source


def blanks(source: Source) -> list[Any]:
    return [finding.pointer for finding in check_structure(source)[1] if "空着" in finding.message]


@settings(max_examples=30, deadline=None)
@given(reports(), st.integers(2019, 2100))
def test_whatever_last_year_said_every_cell_asks_to_be_filled_in(
    data: dict[str, Any], year: int
) -> None:
    last = compiled(write_yaml({**data, "年度": year - 1}))
    edition = edition_of(year)
    assert edition is not None
    form = load_form(edition)
    text = make_new_report(form, year, last)
    source = read(text)
    carried = {
        (*row.pointer, column.key)
        for row in form.rows
        if row.role == "received.carried"
        for column in row.columns
    }
    asked = {
        cell
        for row in form.rows
        if not row.total
        for cell, column in row.cells()
        if not column.total and cell not in carried
    }
    findings = check_structure(source)[1]
    assert all("空着" in finding.message for finding in findings)
    assert {finding.pointer for finding in findings} == {("成文日期",), *asked}
    assert print_tree(parse_tree(source), form) == text


def test_what_was_carried_over_is_filled_in_and_agrees_with_last_year(tmp_path: Path) -> None:
    over = {"本年新收": {"自然人": 5, "其他": 2}, "结转下年度继续办理": {"自然人": 5, "其他": 2}}
    last = report_yaml(changed(base_report(2022), over))
    text = drafted(last)
    row = "上年结转:           {自然人: 5, 商业企业: 0, 科研机构: 0, 社会公益组织: 0"
    assert f"  {row}, 法律服务机构: 0, 其他: 2}}\n" in text
    (tmp_path / "2022.yaml").write_text(last, "utf-8")
    filled = text.replace(": ,", ": 0,").replace(": }", ": 0}")
    filled = filled.replace("成文日期:", "成文日期: 2024-01-10")
    found = check_written(tmp_path, filled, name="2023")
    assert "Y201" not in found.rules
    assert {"A103", "F415"} <= set(found.rules)  # 5 + 2 come in, none goes out


def test_a_cell_with_a_note_is_carried_over_without_it() -> None:
    last = changed(base_report(2022), {"结转下年度继续办理/自然人": "{数值: 3, 注: 含补正1件}"})
    assert "上年结转:           {自然人: 3, 商业企业: 0" in drafted(report_yaml(last))
    last = changed(base_report(2022), {"结转下年度继续办理/自然人": "/"})
    assert "上年结转:           {自然人: /, 商业企业: 0" in drafted(report_yaml(last))


def test_nothing_is_carried_over_from_a_year_that_is_not_the_last() -> None:
    text = drafted(report_yaml(base_report(2021)))
    assert "上年结转:           {自然人: , " in text


def test_a_report_of_the_2019_edition_becomes_one_of_2021() -> None:
    last = changed(base_report_2019(2020), {"结转下年度继续办理": {"自然人": 4}})
    text = drafted(report_yaml(last), 2021)
    assert text.startswith("格式: 2021\n年度: 2021\n")
    assert "    行政规范性文件: {本年制发件数: , 本年废止件数: , 现行有效件数: }\n" in text
    assert "      逾期不缴费: {自然人: , " in text
    assert "上年结转:           {自然人: 4, " in text
    assert drafted(report_yaml(base_report_2019(2019)), 2020).startswith("格式: 2019\n年度: 2020\n")


def test_what_belongs_to_one_report_is_left_behind() -> None:
    last = base_report(2022)
    last |= {"文号": "古文旅〔2023〕3号", "发布日期": "2023-01-31", "机关类型": "县级以上部门"}
    last |= {"联系方式": "古县示例路1号", "网站": {"SiteName": "古县"}}
    last |= {"豁免": ["{规则: P301, 位置: /引言, 理由: 核实过}"]}
    data: Any = read(drafted(report_yaml(last))).data
    assert not {"文号", "发布日期", "豁免"} & set(data)
    assert data["机关"] == last["机关"]
    assert data["机关类型"] == "县级以上部门"
    assert (data["联系方式"], data["网站"]) == ("古县示例路1号", {"SiteName": "古县"})


def test_every_text_stays_below_a_mark_that_the_rules_find(tmp_path: Path) -> None:
    last = base_report(2022)
    put(last, ("总体情况", "概述"), '"一句话：12件"')
    put(last, ("总体情况", "补充"), ["{标题: 甲, 正文: 乙}"])
    put(last, ("主动公开政府信息情况", "注"), ["清理后的数", "'含: 1件'"])
    put(last, ("主动公开政府信息情况", "说明"), "见 {{ 年度 }} 年。")
    text = drafted(report_yaml(last))
    data: Any = read(text).data
    assert data["总体情况"]["概述"] == f"{MARK}一句话：12件"
    assert data["总体情况"]["补充"] == [{"标题": "甲", "正文": f"{MARK}乙"}]
    assert data["主动公开政府信息情况"]["注"] == [f"{MARK}清理后的数", f"{MARK}含: 1件"]
    assert data["主动公开政府信息情况"]["说明"] == f"{MARK}见 {{{{ 年度 }}}} 年。"
    filled = text.replace(": ,", ": 0,").replace(": }", ": 0}")
    filled = filled.replace("成文日期:", "成文日期: 2024-01-10")
    marks = [number for number, line in enumerate(filled.split("\n"), 1) if MARK in line]
    found = check_written(tmp_path, filled, name="2023").findings
    assert sorted({f.span.line for f in found if f.rule == "F415"}) == marks


def test_a_text_that_is_empty_gets_no_mark() -> None:
    for words in ("''", '""', ""):
        last = report_yaml({**base_report(2022), "引言": words})
        assert f"引言: {words}".rstrip() + "\n" in drafted(last)


def test_a_text_of_several_lines_has_the_mark_on_a_line_of_its_own() -> None:
    text = drafted("# 文件头\n" + report_yaml({**base_report(2022), "引言": "甲\n乙\n"}))
    data: Any = read(text).data
    first, rest = data["引言"].split("\n", 1)
    assert first.startswith(MARK)
    assert rest == "甲\n乙\n"
    assert text.startswith("# 文件头\n格式: 2021\n")


def test_comments_stay_with_their_keys() -> None:
    last = report_yaml(base_report(2022)).replace("  本年新收:", "  # 信访科给数\n  本年新收:")
    last = last.replace("机关:", "# 全称\n机关:")
    text = drafted(last + "# 文件尾\n")
    assert "  # 信访科给数\n  本年新收:           {自然人: , " in text
    assert "# 全称\n机关: " in text
    assert text.endswith("# 文件尾\n")


def test_the_empty_form_explains_itself() -> None:
    form = load_form(2021)
    text = make_new_report(form, 2023, None, ("# yaml-language-server: $schema=../schema.json",))
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n\n# 用哪一版")
    properties = form.schema.properties_at((REQUESTS,))
    (line,) = [line for line in text.split("\n") if line.startswith("  本年新收:")]
    assert line.endswith(f", 其他: }}  # {properties['本年新收']['description']}")
    source = read(text)
    assert [finding.pointer for finding in check_structure(source)[1]] == blanks(source)
    assert ("机关",) in blanks(source)
    assert print_tree(parse_tree(source), form) == text
