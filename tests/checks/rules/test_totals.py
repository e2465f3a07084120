"""A: location, message and help of the findings about sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from nianbao.checks.rules import run_rules
from nianbao.checks.rules.body_kinds import BODY_KINDS
from nianbao.checks.rules.rule import Context, PreviousReport
from nianbao.checks.structure import check_structure
from nianbao.model.report import compile_report
from nianbao.parsing.reader import parse_source
from tests.checks.claims.corpus import empty_report
from tests.checks.rules.report_cases import check_case
from tests.support import put

if TYPE_CHECKING:
    from pathlib import Path

NEXT = "结转下年度继续办理"
TOTAL = "收到和处理政府信息公开申请情况/本年度办理结果/总计"


def _row(**cells: object) -> dict[str, object]:
    keys = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    return {key: cells.get(key, 0) for key in keys}


# ── location, message and help


def test_wrong_row_total_is_reported_at_the_total(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"行政复议": {"结果维持": 2, "其他结果": 1, "总计": "⟦4⟧"}})
    assert outcome.reported == outcome.expected("A101")
    finding = outcome.only()
    assert finding.message == "行政复议 › 总计是 4，各项之和是 3（结果维持 2 + 其他结果 1）"
    assert finding.help == "改成 3，或改对其中一项"
    assert finding.numbers == (4, 3)


def test_wrong_total_also_breaks_the_balance(tmp_path: Path) -> None:
    row = {"自然人": 2, "法律服务机构": 1}
    outcome = check_case(
        tmp_path,
        {
            "本年新收": {**row, "总计": "⟦4⟧"},
            NEXT: "⟦{⟧自然人: 2, 商业企业: 0, "
            "科研机构: 0, 社会公益组织: 0, 法律服务机构: 1, 其他: 0}",
        },
    )
    assert outcome.reported == outcome.expected("A101", "A103")
    assert outcome.findings[0].message == (
        "一、本年新收政府信息公开申请数量 › 总计是 4，各项之和是 3（自然人 2 + 法律服务机构 1）"
    )
    help_ = "只把“一、本年新收政府信息公开申请数量 › 总计”由 4 改成 3，行列就都平了"
    assert {finding.help for finding in outcome.findings} == {help_}


def test_wrong_column_total_is_reported_at_the_total(tmp_path: Path) -> None:
    outcome = check_case(
        tmp_path,
        {
            "本年新收": {"自然人": 4},
            "予以公开": {"自然人": 1},
            "不予处理/重复申请": {"自然人": 2},
            TOTAL: _row(自然人="⟦4⟧", 总计="⟦4⟧"),
        },
    )
    assert outcome.reported == outcome.expected("A102", "A102")
    finding = outcome.findings[0]
    assert finding.message.startswith("三、本年度办理结果 › （七）总计 › 自然人是 4，各项之和是 3")
    assert finding.message.endswith("（（一）予以公开 1 + 2.重复申请 2）")
    assert finding.numbers == (4, 3)


def test_unbalanced_column_is_reported_at_the_carried_over_number(tmp_path: Path) -> None:
    outcome = check_case(
        tmp_path,
        {
            "本年新收": {"商业企业": 5},
            "上年结转": {"商业企业": 1},
            "部分公开": {"商业企业": 3},
            NEXT: {"商业企业": "⟦2⟧"},
        },
    )
    # The computed totals are unbalanced too, but the cause is already reported.
    assert outcome.reported == outcome.expected("A103")
    finding = outcome.only()
    assert finding.message == (
        "商业企业：一、本年新收政府信息公开申请数量 5 + 二、上年结转政府信息公开申请数量 1 = 6，"
        "（七）总计 3 + 四、结转下年度继续办理 2 = 5，两边不等"
    )
    assert finding.help == "核对这四个数；如果别的都对，四、结转下年度继续办理 › 商业企业应为 3"


def test_help_proposes_no_negative_number(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"本年新收": {"其他": 1}, "予以公开": {"其他": 3}})
    assert {finding.help for finding in outcome.findings} == {"核对这四个数"}


def test_wrong_total_of_cases_is_reported_with_its_group(tmp_path: Path) -> None:
    row = {"结果维持": 1, "尚未审结": 2, "总计": "⟦2⟧"}
    outcome = check_case(tmp_path, {"未经复议直接起诉": row})
    assert outcome.reported == outcome.expected("A101")
    assert outcome.only().message == (
        "行政诉讼 › 未经复议直接起诉 › 总计是 2，各项之和是 3（结果维持 1 + 尚未审结 2）"
    )


def test_message_says_that_all_parts_are_zero(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"复议后起诉": {"总计": "⟦1⟧"}})
    assert outcome.reported == outcome.expected("A101")
    assert outcome.only().message.endswith("各项之和是 0（各项都是 0）")


def test_not_applicable_counts_as_zero_in_sums(tmp_path: Path) -> None:
    row = {"自然人": 2, "商业企业": "/", "科研机构": "/", "总计": 2}
    assert check_case(tmp_path, {"本年新收": row, NEXT: {**row, "总计": 2}}).findings == ()


def test_not_applicable_as_a_total_counts_as_zero(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"行政复议": {"结果维持": 2, "总计": "⟦/⟧"}})
    assert outcome.reported == outcome.expected("A101")


def test_number_of_a_cell_with_a_note_counts_in_sums(tmp_path: Path) -> None:
    noted = "{数值: 2, 注: 其中1件系补登}"
    right = check_case(tmp_path, {"行政复议": {"结果维持": noted, "总计": 2}})
    assert right.findings == ()
    wrong = check_case(tmp_path, {"行政复议": {"结果维持": noted, "总计": "⟦3⟧"}})
    assert wrong.reported == wrong.expected("A101")


def test_total_with_a_note_is_reported_at_its_brace(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"行政复议": {"结果维持": 2, "总计": "⟦{⟧数值: 3, 注: 按原报}"}})
    assert outcome.reported == outcome.expected("A101")


def test_long_sum_is_shortened(tmp_path: Path) -> None:
    names = ["属于国家秘密", "其他法律行政法规禁止公开", "危及三安全一稳定", "保护第三方合法权益"]
    names += ["属于三类内部事务信息", "属于四类过程性信息", "属于行政执法案卷", "属于行政查询事项"]
    rows = {f"不予公开/{name}": {"自然人": 1} for name in names}
    changes = {"予以公开": {"自然人": 1}, **rows, "本年新收": {"自然人": 10}}
    outcome = check_case(tmp_path, {**changes, TOTAL: _row(自然人="⟦10⟧", 总计="⟦10⟧")})
    assert outcome.reported == outcome.expected("A102", "A102")
    for finding in outcome.findings:
        assert finding.message.endswith(" + ……）")
        assert finding.message.count(" + ") == 8


# ── the cell that explains all findings


def test_help_names_the_cell_that_explains_row_and_column(tmp_path: Path) -> None:
    data = {
        "本年新收": {"自然人": 5, "总计": 5},
        "予以公开": {"自然人": 3, "总计": 2},
        "部分公开": {"自然人": 3, "总计": 3},
        TOTAL: _row(自然人=5, 总计=5),
    }
    outcome = check_case(tmp_path, data)
    assert outcome.rules == ["A101", "A102"]
    assert {finding.help for finding in outcome.findings} == {
        "只把“三、本年度办理结果 › （一）予以公开 › 自然人”由 3 改成 2，行列就都平了"
    }


def test_help_names_the_total_that_explains_row_and_column(tmp_path: Path) -> None:
    data = {
        "本年新收": {"自然人": 5, "总计": 5},
        "予以公开": {"自然人": 5, "总计": "⟦6⟧"},
        TOTAL: _row(自然人=5, 总计=5),
    }
    outcome = check_case(tmp_path, data)
    assert outcome.rules == ["A101", "A102"]
    assert outcome.findings[0].span == outcome.markers[0]
    assert {finding.help for finding in outcome.findings} == {
        "只把“三、本年度办理结果 › （一）予以公开 › 总计”由 6 改成 5，行列就都平了"
    }


def test_help_names_no_cell_if_two_would_do(tmp_path: Path) -> None:
    """Two rows and two columns are off by one: either diagonal of cells explains all four."""
    data = {
        "本年新收": {"自然人": 5, "商业企业": 5, "总计": 10},
        "予以公开": {"自然人": 3, "商业企业": 2, "总计": 4},
        "部分公开": {"自然人": 3, "商业企业": 4, "总计": 6},
        TOTAL: _row(自然人=5, 商业企业=5, 总计=10),
    }
    outcome = check_case(tmp_path, data)
    assert outcome.rules == ["A101", "A101", "A102", "A102"]
    assert not any("只把" in finding.help for finding in outcome.findings)


def test_help_names_no_cell_if_row_and_column_differ(tmp_path: Path) -> None:
    data = {
        "本年新收": {"自然人": 5, "总计": 5},
        "予以公开": {"自然人": 3, "总计": 2},
        "部分公开": {"自然人": 4, "总计": 4},
        TOTAL: _row(自然人=5, 总计=5),
    }
    outcome = check_case(tmp_path, data)
    assert {"A101", "A102"} <= set(outcome.rules)
    assert not any("予以公开 › 自然人”由" in finding.help for finding in outcome.findings)


def test_help_names_no_cell_that_would_become_negative(tmp_path: Path) -> None:
    """-1 in 予以公开 › 自然人 would make its row and column add up, but is no possible number."""
    data = {
        "本年新收": {"自然人": 5, "商业企业": 1, "总计": 6},
        "予以公开": {"自然人": 0, "商业企业": 1, "总计": 0},
        "部分公开": {"自然人": 6, "总计": 6},
        TOTAL: _row(自然人=5, 商业企业=1, 总计=6),
    }
    outcome = check_case(tmp_path, data)
    assert outcome.rules == ["A101", "A102"]
    assert not any("只把" in finding.help for finding in outcome.findings)


def test_help_does_not_blame_right_numbers_above_old_totals() -> None:
    # 自然人 was filled in twice and no total was changed: no single cell is wrong.
    requests = "收到和处理政府信息公开申请情况"
    data = empty_report()
    for row in (("本年新收",), ("本年度办理结果", "予以公开")):
        put(data, (requests, *row, "自然人"), 3)
        put(data, (requests, *row, "总计"), 0)
    zeros = dict.fromkeys(
        ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"), 0
    )
    put(data, (requests, "本年度办理结果", "总计"), zeros)
    raw = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10**9)
    source = parse_source(raw.encode(), "2022.yaml")
    form, _ = check_structure(source)
    assert form is not None
    report, _ = compile_report(source, form)
    nothing = PreviousReport("", exists=False, has_older=False, report=None)
    context = Context(report, nothing, BODY_KINDS["县级以上部门"], None)
    found = [finding for finding in run_rules(context).findings if finding.rule.startswith("A")]
    assert [finding.rule for finding in found] == ["A101", "A101", "A102", "A103"]
    assert not [finding for finding in found if "只把" in finding.help]
