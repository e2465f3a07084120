"""The changes between two reports: exactly what was edited, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings

from nianbao.diff.model import Status
from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.model.form import load_form
from tests.diff.report_pairs import GOOD, changed, checked, marks, with_prose
from tests.strategies import reports, write_yaml
from tests.support import FIXTURES, fixture_reports

# A report is some hundred cells, which take minutes to shrink.
NO_SHRINKING = (Phase.explicit, Phase.generate)
REST = "条政府信息公开申请，并于20个工作日内给予书面回复。"
CITY = (FIXTURES / "large-city-2025.yaml").read_text("utf-8")
OLD_FORM = (FIXTURES / "edition-2019.yaml").read_text("utf-8")


def cells(old: str, new: str) -> list[tuple[str, str, str, str, object]]:
    return [
        (
            cell.row[-1],
            cell.column[-1],
            cell.old.text + cell.old.note if cell.old else "",
            cell.new.text + cell.new.note if cell.new else "",
            cell.difference,
        )
        for cell in changed(old, new).cells
    ]


@pytest.mark.parametrize("name", fixture_reports())
def test_a_report_is_the_same_as_itself(name: str) -> None:
    text = fixture_reports()[name].read_text("utf-8")
    change = changed(text, text + "# 批注\n")
    assert not change.edited
    assert (change.status, change.rewritten) == (Status.SAME, True)
    assert len(change.findings.still) == len(checked(text).findings)


@settings(max_examples=5, phases=NO_SHRINKING)
@given(reports())
def test_a_report_is_the_same_as_itself_laid_out(data: dict[str, Any]) -> None:
    text = write_yaml(data)
    source = checked(text).source
    laid_out = print_tree(parse_tree(source), load_form(data["格式"]))
    change = changed(text, laid_out)
    assert not change.edited


@pytest.mark.parametrize(
    ("written", "old", "new", "difference"),
    [
        ("3", "0", "3", 3),
        ("/", "0", "/", None),
        ("{数值: 22, 注: 其中修订16件}", "0", "22其中修订16件", 22),
        ("{数值: 0, 注: 未发生}", "0", "0未发生", None),
        ("２", "0", "“２”", None),
        ("1.5", "0", "“1.5”", None),
        ("", "0", "", None),
    ],
)
def test_a_changed_cell_is_reported_whatever_is_written_in_it(
    written: str, old: str, new: str, difference: int | None
) -> None:
    edited = GOOD.replace(
        "行政许可: {本年处理决定数量: 0}", f"行政许可: {{本年处理决定数量: {written}}}"
    )
    (only,) = cells(GOOD, edited)
    assert only == ("行政许可", "本年处理决定数量", old, new, difference)


def test_a_changed_computed_total_is_marked_and_an_omitted_total_is_no_change() -> None:
    bare = GOOD.replace(", 总计: 0}", "}")
    assert cells(GOOD, bare) == []
    edited = bare.replace("行政复议: {结果维持: 0", "行政复议: {结果维持: 2")
    change = changed(bare, edited)
    assert [(cell.column[-1], cell.computed) for cell in change.cells] == [
        ("结果维持", False),
        ("总计", True),
    ]


def test_prose_is_reported_by_its_place_and_what_it_prints() -> None:
    old = with_prose("收到{{ 收到和处理政府信息公开申请情况.本年新收.总计 }}件。", "其余无。")
    assert [
        marks(prose) for prose in changed(old, with_prose("收到0件。", "", "其余无。")).prose
    ] == []
    (prose,) = changed(old, with_prose("收到0件申请。", "其余无。")).prose
    assert prose.names == ("六、其他需要报告的事项",)
    assert marks(prose) == ["changed: 收到0件{+申请+}。"]


def test_a_moved_paragraph_is_recognized_within_a_block_and_between_blocks() -> None:
    one, two, three = (f"第{n}项工作按计划完成，情况良好。" for n in "一二三")
    (prose,) = changed(with_prose(one, two, three), with_prose(three, one, two)).prose
    assert marks(prose) == [f"moved_here: {{+{three}+}}", f"moved_away: [-{three}-]"]
    line = "县文旅局政府信息公开依托古县政务公开网站、古县文旅等平台进行公开。"
    moved = GOOD.replace(f"    政府信息公开平台建设情况。{line}\n", "    无新的平台。\n")
    moved = moved.replace("  无其他需要报告的事项。\n", f"  政府信息公开平台建设情况。{line}\n")
    change = changed(GOOD, moved)
    places = [
        (paragraph.status.value, paragraph.elsewhere)
        for prose in change.prose
        for paragraph in prose.paragraphs
        if paragraph.elsewhere
    ]
    assert places == [
        ("moved_away", "六、其他需要报告的事项"),
        ("moved_here", "一、总体情况 › （四）政府信息公开平台建设"),
    ]


def test_further_blocks_are_known_by_their_words_and_not_by_their_number() -> None:
    block = "    - 标题: 新的一块\n      正文: |\n        全年开展培训12次。\n"
    more = GOOD.replace("  补充:\n", f"  补充:\n{block}")
    change = changed(GOOD, more)
    assert [(prose.old, prose.new) for prose in change.prose] == [
        (None, ("总体情况", "补充", 0, "标题")),
        (None, ("总体情况", "补充", 0, "正文")),
    ]
    assert change.findings.gone == ()
    back = changed(more, GOOD)
    assert [prose.new for prose in back.prose] == [None, None]


def test_what_stands_at_the_top_and_waivers_are_reported() -> None:
    waiver = (
        "豁免:\n  - {规则: P301, 位置: /主动公开政府信息情况/说明, "
        "原文: 进行审批行政许可2件, 理由: 两件合为一份}\n"
    )
    edited = (
        GOOD.replace("成文日期: 2023-01-31", "成文日期: 2023-01-30\n文号: 古文旅〔2023〕1号")
        + waiver
    )
    change = changed(GOOD, edited)
    assert [(head.label, head.old, head.new) for head in change.metadata[:2]] == [
        ("成文日期", "2023-01-31", "2023-01-30"),
        ("文号", None, "古文旅〔2023〕1号"),
    ]
    assert change.metadata[2].label == "豁免"
    assert "理由：两件合为一份" in (change.metadata[2].new or "")
    assert [finding.rule for finding in change.findings.waived] == ["P301"]
    assert change.findings.gone == change.findings.new == ()


def test_a_waiver_is_the_same_whatever_the_order_of_its_keys() -> None:
    waivers = [
        f"豁免: [{{{keys}}}]\n"
        for keys in (
            "位置: /总体情况, 数值: [0, 2.5], 规则: P301",
            "规则: P301, 位置: /总体情况, 数值: [0, 2.5]",
        )
    ]
    assert changed(GOOD + waivers[0], GOOD + waivers[1]).metadata == ()
    (added,) = changed(GOOD, GOOD + waivers[0]).metadata
    assert added.new == "规则：P301，位置：/总体情况，数值：[0, 2.5]"


def test_an_invalid_value_at_the_top_is_shown_as_it_is_written() -> None:
    odd = GOOD + "文号: [true, 2.50, 甲]\n联系方式:\n"
    assert [(head.label, head.new) for head in changed(GOOD, odd).metadata] == [
        ("文号", "[true, 2.50, 甲]"),
        ("联系方式", ""),
    ]


def test_findings_are_matched_by_place_and_words_and_not_by_line() -> None:
    wrong = GOOD.replace("尚未审结: 0, 总计: 0}", "尚未审结: 2, 总计: 1}", 1)
    lower = wrong.replace("格式: 2021", "# 一行\n# 又一行\n格式: 2021")
    assert not changed(wrong, lower).edited
    worse = wrong.replace("尚未审结: 2, 总计: 1}", "尚未审结: 3, 总计: 1}")
    change = changed(wrong, worse)
    assert [finding.rule for finding in change.findings.still if finding.rule[0] == "A"] == ["A101"]
    assert change.findings.new == change.findings.gone == ()
    assert [f.rule for f in changed(GOOD, wrong).findings.new] == ["A101"]
    assert [f.rule for f in changed(wrong, GOOD).findings.gone] == ["A101"]


def test_a_side_with_errors_of_structure_is_compared_as_far_as_it_can_be_read() -> None:
    broken = GOOD.replace("收到1条", "收到2条").replace(
        "  第二十条第八项:\n    行政事业性收费: {本年收费金额: 0}\n", ""
    )
    change = changed(GOOD, broken)
    assert [marks(prose) for prose in change.prose] == [
        [f"changed: 政府信息依申请公开情况。2022年，我局收到[-1-]{{+2+}}{REST}"]
    ]
    assert [(cell.row[-1], cell.new) for cell in change.cells] == [("行政事业性收费", None)]
    assert "S101" in [finding.rule for finding in change.findings.new]
    assert "新的一份有结构错误" in change.remarks[0]


def test_a_side_that_cannot_be_parsed_is_said_to_be_so() -> None:
    change = changed(GOOD, GOOD.replace("成文日期: 2023-01-31", "成文日期: [2023-01-31"))
    assert change.remarks == ("新的一份读不了，数和文字都没有比",)
    assert [finding.rule for finding in change.findings.new] == ["S004"]
    assert (change.cells, change.prose, change.edited) == ((), (), True)


def test_rows_of_two_editions_correspond_by_pointer_role_or_sum() -> None:
    change = changed(OLD_FORM, CITY)
    rows = {(cell.pointer[1:-1], cell.pointer[-1]) for cell in change.cells}
    assert (("第二十条第一项", "行政规范性文件"), "本年制发件数") in rows  # issued
    assert (("第二十条第一项", "行政规范性文件"), "现行有效件数") in rows  # effective
    assert (("第二十条第六项", "行政处罚"), "本年处理决定数量") in rows  # decisions
    assert (("本年新收",), "自然人") in rows
    sums = [cell for cell in change.cells if cell.pointer[1:3] == ("本年度办理结果", "其他处理")]
    assert sums
    assert {len(cell.row) for cell in sums} == {2}  # the old form's one row, the new one's three
    assert [remark[:6] for remark in change.remarks] == ["只在旧表里有", "只在新表里有"]
    assert "政府集中采购" in change.remarks[0]
    assert "行政事业性收费" in change.remarks[1]
    assert change.metadata[0].label == "格式"


def test_another_years_report_can_be_compared() -> None:
    change = changed(GOOD.replace("年度: 2022", "年度: 2021"), GOOD.replace("收到1条", "收到4条"))
    assert ("年度", "2021", "2022") in [(h.label, h.old, h.new) for h in change.metadata]
    assert len(change.prose) == 1


def test_very_many_equal_lines_are_compared_in_bounded_time() -> None:
    lines = [f"第{n % 7}项工作完成。" for n in range(8_000)]
    old = with_prose(*lines)
    new = with_prose(*lines[5:4_000], "新的一段话。", *lines[4_003:], "最后一段。")
    change = changed(old, new)
    assert len(change.prose) == 1


BROKEN = {
    "key": GOOD.replace("机关: ", "机官: "),
    "row": GOOD.replace("行政许可: {本年处理决定数量: 0}", "行政许可: {本年处理决定数量：0}"),
    "cell": GOOD.replace("行政许可: {本年处理决定数量: 0}", "行政许可: {本年处理决定数量: 1.5}"),
    "duplicate": f"{GOOD}机关: 另一局\n",
    "reference": GOOD.replace("行政许可: {本年处理决定数量: 0}", "行政许可: {{ 年度 }}"),
    "list": "- 一\n- 二\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_comment_is_no_change_of_a_report_with_errors_of_structure(name: str) -> None:
    assert [finding for finding in checked(BROKEN[name]).findings if finding.rule[0] == "S"]
    for commented in (f"# 批注\n{BROKEN[name]}", f"{BROKEN[name]}\n# 批注\n"):
        change = changed(BROKEN[name], commented)
        assert (change.edited, change.remarks) == (False, ())
        assert (change.status, change.rewritten) == (Status.SAME, True)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("duplicate", "另一局", "第三局"), ("reference", "{{ 年度 }}", "{{ 机关 }}")],
)
def test_a_change_of_what_is_not_read_is_reported(name: str, old: str, new: str) -> None:
    change = changed(BROKEN[name], BROKEN[name].replace(old, new))
    assert change.edited
    assert change.remarks


def test_another_order_of_keys_is_no_change_of_a_report_with_errors_of_structure() -> None:
    broken = GOOD.replace("自然人: 0", "自然人: 无", 1)
    other = broken.replace("年度: 2022\n", "") + "年度: 2022\n"
    change = changed(broken, other)
    assert (change.edited, change.remarks, change.rewritten) == (False, (), True)
    assert changed(broken, other.replace("自然人: 无", "自然人: 空")).edited
