"""Totals put into the tree of what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings

from nianbao.checks.rules.equations import equations
from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.formatting.totals import TotalChange, fill_totals
from nianbao.model.form import load_form
from nianbao.model.report import compile_report
from nianbao.parsing.reader import parse_source
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import changed, report_yaml
from tests.strategies import reports, write_yaml

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Finding

REVIEW = "行政复议行政诉讼情况"
REQUESTS = "收到和处理政府信息公开申请情况"


def put(text: str) -> tuple[str, list[TotalChange], list[Finding]]:
    source = parse_source(text.encode(), "2022.yaml")
    data: Any = source.data
    form = load_form(data["格式"])
    document, changes, findings = fill_totals(source, parse_tree(source), form)
    return print_tree(document, form), changes, findings


def put_into(changes: dict[str, Any]) -> tuple[str, list[TotalChange]]:
    text, put_right, findings = put(report_yaml(changed(base_report(2022), changes)))
    assert findings == []
    return text, put_right


@settings(max_examples=30, deadline=None)
@given(reports())
def test_afterwards_every_total_is_written_and_right(data: dict[str, Any]) -> None:
    text, _, findings = put(write_yaml(data))
    assert findings == []
    source = parse_source(text.encode(), "2022.yaml")
    form = load_form(data["格式"])
    report, _ = compile_report(source, form)
    for section in form.sections:
        for equation in equations(section):
            assert equation.kind == "balance" or equation.gap(report.values) == 0
    assert all(value.written for value in report.values.values())
    assert put(text) == (text, [], [])


def test_a_wrong_total_is_corrected_and_a_missing_one_filled_in() -> None:
    row = f"{REVIEW}/行政复议"
    text, changes = put_into({row: {"结果维持": 3, "尚未审结": 1, "总计": 7}})
    assert TotalChange((REVIEW, "行政复议", "总计"), "7", "4") in changes
    assert "行政复议: {结果维持: 3, 结果纠正: 0, 其他结果: 0, 尚未审结: 1, 总计: 4}" in text
    text, changes = put_into({"部分公开": {"自然人": 2}})
    assert TotalChange((REQUESTS, "本年度办理结果", "总计", "自然人"), "", "2") in changes
    assert "    总计:     {自然人: 2, " in text


def test_a_total_that_is_no_number_is_no_hindrance() -> None:
    place = (REVIEW, "行政复议", "总计")
    for written in ("", "三件", "-"):
        _, changes = put_into({"/".join(place): written})
        assert TotalChange(place, written, "0") in changes


def test_a_total_with_a_note_keeps_it() -> None:
    cell = f"{REVIEW}/行政复议/总计"
    text, changes = put_into({cell: "{数值: 5, 注: 含撤回}"})
    assert "总计: {数值: 0, 注: 含撤回}" in text
    assert TotalChange((REVIEW, "行政复议", "总计"), "5", "0") in changes


def test_a_total_of_nothing_may_stay_inapplicable() -> None:
    text, changes = put_into({f"{REVIEW}/行政复议": {"总计": "/"}})
    assert "尚未审结: 0, 总计: /}" in text
    assert (REVIEW, "行政复议", "总计") not in [change.pointer for change in changes]


def test_a_total_that_a_waiver_keeps_as_it_was_published_stays() -> None:
    waiver = f"{{规则: A101, 位置: /{REVIEW}/行政复议/总计, 数值: [3, 0], 理由: 已经公开}}"
    text, changes = put_into({f"{REVIEW}/行政复议": {"总计": 3}, "豁免": [waiver]})
    assert "尚未审结: 0, 总计: 3}" in text
    assert (REVIEW, "行政复议", "总计") not in [change.pointer for change in changes]


def test_nothing_is_summed_up_where_a_part_is_blank() -> None:
    source = report_yaml(changed(base_report(2022), {f"{REVIEW}/行政复议/结果维持": ""}))
    _, changes, findings = put(source)
    assert changes == []
    assert [finding.rule for finding in findings] == ["S103"]
