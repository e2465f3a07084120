"""F: content that every report must have: requests, the fee for information, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.diagnostics.finding import Severity
from tests.checks.rules.examples import base_report
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

PROBLEMS, OTHER = "存在的主要问题及改进情况", "其他需要报告的事项"
NO_REQUESTS = "办事窗口服务规范，答疑30次。"


# ── requests


@pytest.mark.parametrize(
    "words",
    [
        "2022年未收到政府信息公开申请。",
        "2022年没有收到申请。",
        "今年共收到0件申请，均已答复。",
        "本年度未收到依申请公开事项。",
        "本年度依申请公开0件。",
        "全年无依申请公开。",
        "未发生依申请公开政府信息的情况。",
        "未受理依申请公开政府信息。",
        "依申请公开政府信息共0件。",
        "没有公民、法人或其他组织提出申请。",
        "依申请公开数量同比上升，由上年的9件增至17件。",
        "依申请公开工作平稳有序，31件全部办结。",
        "全年新收依申请公开：38（件）。",
    ],
)
def test_mention_of_requests_is_accepted(tmp_path: Path, words: str) -> None:
    assert "F416" not in check_case(tmp_path, {"依申请公开": words}).rules


@pytest.mark.parametrize(
    "place", ["引言", "总体情况/概述", "收到和处理政府信息公开申请情况/说明", OTHER]
)
def test_requests_may_be_mentioned_in_any_text(tmp_path: Path, place: str) -> None:
    changes: Changes = {"依申请公开": NO_REQUESTS, place: "未收到申请，未收取信息处理费。"}
    assert check_case(tmp_path, changes).rules == []


@pytest.mark.parametrize(
    "words",
    [
        NO_REQUESTS,
        "畅通依申请公开渠道，维护栏目3个。",
        "完善依申请公开工作机制，培训2次。",
        "公布申请公开指南，方便群众办事30次。",
    ],
)
def test_missing_mention_of_requests_is_reported_at_the_block(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {"依申请公开": f"⟦{words}⟧"})
    assert outcome.reported == outcome.expected("F416")


def test_missing_block_of_requests_is_reported_at_the_section(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"总体情况/依申请公开": None})
    assert outcome.rules == ["F411", "F416"]
    assert {finding.span.line for finding in outcome.findings} == {5}
    assert outcome.checked.source.lines[4] == "总体情况:"


# ── the fee for information


@pytest.mark.parametrize(
    "words",
    [
        "2022年未收取信息处理费。",
        "依申请公开政府信息收取信息处理费0元。",
        "没有向申请人收取任何费用。",
        "未收取任何费用。",
        "依申请提供政府信息未收费。",
        "本年度收取检索、复制等费用0元。",
    ],
)
def test_mention_of_the_fee_is_accepted(tmp_path: Path, words: str) -> None:
    assert check_case(tmp_path, {OTHER: words}).rules == []


@pytest.mark.parametrize(
    "words",
    [
        "无其他需要报告的事项。",
        "2022年未收取行政事业性收费。",
        "公开收费目录清单1份，没有其他需要报告的事项。",
    ],
)
def test_missing_mention_of_the_fee_is_reported_as_info(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {OTHER: f"⟦{words}⟧"})
    assert outcome.reported == outcome.expected("F417")
    assert outcome.only().severity is Severity.INFO


@pytest.mark.parametrize(("year", "reported"), [(2019, False), (2020, False), (2021, True)])
def test_fee_is_required_since_2021(tmp_path: Path, year: int, reported: bool) -> None:
    changes = {OTHER: "无其他需要报告的事项。"}
    data = base_report(year) if year > 2020 else base_report_2019(year)
    outcome = check_written(tmp_path, report_yaml(changed(data, changes)), name=str(year))
    assert outcome.rules == ["F417"] * reported


# ── problems


@pytest.mark.parametrize(
    "words",
    [
        "无",
        "无。",
        "暂无。",
        "没有。",
        "不存在问题。",
        "暂无存在问题。",
        "无存在的主要问题。",
        "本年度不存在问题。",
        "2022年，我局政府信息公开工作未发现明显问题。",
        "目前没有突出问题。",
        "无 。",
    ],
)
def test_denial_of_problems_is_reported(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {PROBLEMS: f"⟦{words}⟧"})
    assert outcome.reported == outcome.expected("F418")
    assert f"只写了“{words}”" in outcome.only().message


@pytest.mark.parametrize(
    "words",
    [
        "没有及时更新栏目。",
        "没有建立长效机制。",
        "无专职人员，业务不熟。",
        "没有专人负责。",
        "无纸化办公推进慢。",
        "公开内容不够全面。下一步加强培训。",
        "不存在问题是不可能的，主要是更新不及时。",
        "暂无专门的公开查阅场所。",
    ],
)
def test_real_problems_are_accepted(tmp_path: Path, words: str) -> None:
    assert "F418" not in check_case(tmp_path, {PROBLEMS: words}).rules


def test_empty_problems_are_reported_at_their_value(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {PROBLEMS: '⟦""⟧'})
    assert outcome.reported == outcome.expected("F418")
    assert outcome.only().message == "“五、存在的主要问题及改进情况”没有写"
