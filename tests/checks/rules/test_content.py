"""F: the five blocks of 总体情况 must not be empty, without figures, or too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.diagnostics.finding import Severity
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import Changes, check_case

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = {
    "主动公开": "（一）主动公开",
    "依申请公开": "（二）依申请公开",
    "政府信息管理": "（三）政府信息管理",
    "平台建设": "（四）政府信息公开平台建设",
    "监督保障": "（五）监督保障",
}
OTHER = "其他需要报告的事项"


# ── the five blocks


@pytest.mark.parametrize(("key", "title"), BLOCKS.items())
def test_empty_block_is_reported_at_its_value(tmp_path: Path, key: str, title: str) -> None:
    outcome = check_case(tmp_path, {key: '⟦""⟧', OTHER: "未收到申请，未收取信息处理费。"})
    assert outcome.reported == outcome.expected("F411")
    assert outcome.only().message == f"“{title}”没有写"
    assert outcome.only().severity is Severity.WARNING


@pytest.mark.parametrize("key", BLOCKS)
def test_missing_block_is_reported_at_its_section(tmp_path: Path, key: str) -> None:
    outcome = check_case(
        tmp_path, {f"总体情况/{key}": None, OTHER: "未收到申请，未收取信息处理费。"}
    )
    assert outcome.rules == ["F411"]
    span = outcome.only().span
    line = outcome.checked.source.lines[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "总体情况"


def test_block_without_lines_is_empty(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"平台建设": "|"})
    assert outcome.rules == ["F411"]


@pytest.mark.parametrize(
    "words",
    [
        "维护栏目3个。",
        "维护栏目３个。",
        "召开会议两次。",
        "开展培训十二期。",
        "本年未收到投诉。",
        "没有发生责任追究情形。",
        "20个工作日内答复。",
        "公开率达到百分之百，共100%。",
    ],
)
def test_block_with_a_figure_is_accepted(tmp_path: Path, words: str) -> None:
    assert check_case(tmp_path, {"平台建设": words}).rules == []


@pytest.mark.parametrize(
    "words",
    [
        "加强平台建设，及时更新信息。",
        "2022年，加强平台建设。",
        "2022年6月1日起加强平台建设。",
        "按照国办发〔2022〕8号文件加强平台建设。",
        "接听12345热线，加强平台建设。",
        "一是加强平台建设。二是及时更新信息。",
    ],
)
def test_block_without_figures_is_reported_as_info(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {"平台建设": words})
    assert outcome.rules == ["F412"]
    assert outcome.only().severity is Severity.INFO
    assert outcome.only().message == "“（四）政府信息公开平台建设”里没有数字"


def test_list_numbers_are_no_figures(tmp_path: Path) -> None:
    outcome = check_case(
        tmp_path, {"监督保障": "1．建立考核制度。\n2. 听取公众意见。\n（3）明确责任。"}
    )
    assert outcome.rules == ["F412"]
    span = outcome.only().span
    line = outcome.checked.source.lines[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == "监督保障"


def test_figure_from_a_reference_counts(tmp_path: Path) -> None:
    words = "“更新{{ 行政复议行政诉讼情况.行政复议.总计 }}项”"
    assert check_case(tmp_path, {"平台建设": words}).rules == []


# ── the length


def of_length(count: int) -> Changes:
    """Return the overview with which 总体情况 has so many characters."""
    blocks = base_report()["总体情况"]
    return {"总体情况/概述": "甲" * (count - sum(map(len, blocks.values())))}


def test_thousand_characters_are_accepted(tmp_path: Path) -> None:
    assert check_case(tmp_path, of_length(1000)).rules == []


def test_one_character_more_is_reported_at_the_section(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, of_length(1001))
    finding = outcome.only()
    assert (finding.rule, finding.severity) == ("F413", Severity.INFO)
    assert finding.message == "“一、总体情况”有 1001 字"
    line = outcome.checked.source.lines[finding.span.line - 1]
    assert line == "总体情况:"
    assert (finding.span.column, finding.span.end_column) == (1, 5)


def test_blanks_and_markup_do_not_count_as_characters(tmp_path: Path) -> None:
    words = of_length(1000)["总体情况/概述"]
    spread = {"总体情况/概述": f"**{words[:9]}**　　\n\n> {words[9:20]}\n* {words[20:]}"}
    assert check_case(tmp_path, spread).rules == []


@pytest.mark.parametrize(
    ("item", "rules"),
    [
        ("{标题: 工作亮点, 正文: ⟦''⟧}", ["F411"]),
        ("{标题: 工作亮点, 正文: 接待查阅20人次。}", []),
    ],
)
def test_extra_block_without_text_is_reported(tmp_path: Path, item: str, rules: list[str]) -> None:
    outcome = check_case(tmp_path, {"总体情况/补充": [item]})
    assert outcome.reported == outcome.expected(*rules)


@pytest.mark.parametrize(
    "words", ["全年受理3件，公开2件，部分公开1件。", "2022年，我局依申请公开受理数为0，办结数为0。"]
)
def test_requests_need_no_mention_below_their_heading(tmp_path: Path, words: str) -> None:
    assert "F416" not in check_case(tmp_path, {"总体情况/依申请公开": words}).rules
