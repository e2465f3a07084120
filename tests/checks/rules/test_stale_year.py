"""F405: last year's number left in the text.

Each text is the 概述 of the report of 2022 unless a test says otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import Changes, changed, check_case, check_written, report_yaml

if TYPE_CHECKING:
    from pathlib import Path

OVERVIEW = "总体情况/概述"


@pytest.mark.parametrize(
    "words",
    [
        "⟦2021年⟧，我局认真贯彻落实《中华人民共和国政府信息公开条例》，扎实推进各项工作。",
        "⟦2021年⟧，在县委、县政府的正确领导下，我镇政府信息公开工作有序开展。",
        "⟦2021年⟧度，我局通过县政府门户网站主动公开信息30条。",
        "⟦2021年⟧我县主动公开政府信息30条，其中自行公开12条。",
        "⟦2021 年⟧，我局主动公开信息30条。",
        "⟦２０２１年⟧，我局主动公开信息30条。",
        "我局⟦2021年⟧共公开信息30条，内容涉及民政、救助等方面。",
        "我县⟦2021年⟧未收到行政机关公开信息的投诉，无责任追究情形。",
        "全县⟦2021年⟧公开惠民政策30条。",
        "示例县民政局⟦2021年⟧公开信息30条。",
        "一、⟦2021年⟧政务公开工作情况",
        "（一）⟦2021年⟧工作开展情况。全面推进基层政务公开标准化规范化。",
        "主动公开情况：⟦2021年⟧，公开信息30条。",
        "根据《中华人民共和国政府信息公开条例》要求，⟦2021年⟧我局公开信息30条。",
        "⟦2021年⟧，我局政务公开工作虽有进展，但仍存在一些不足。",
        "⟦2021年⟧，我局始终坚持以公开为常态、不公开为例外，自觉接受社会监督。",
        "⟦2021年⟧，我局继续完善公开制度，不断增强服务意识。",
        "⟦2021年⟧，我局以习近平新时代中国特色社会主义思想为指导，深入贯彻落实上级部署。",
        "⟦2021年⟧没有发生针对本部门有关政府信息公开事务的投诉。",
        "⟦2021年⟧全局共办理人大建议5件。",
        "⟦2021年⟧，县民政局在推进政府信息公开方面做了一定的工作，但也存在一些不足。",
        "⟦2021年⟧，我局在政府网站公开信息30条。2022年将再接再厉。",
        "根据有关规定，现将我局⟦2021年⟧政府信息公开工作年度报告公布如下。",
        "现公布示例县民政局⟦2021年⟧度政府信息公开工作年度报告。",
        "现将《示例县民政局⟦2021年⟧政府信息公开工作年度报告》予以公布。",
        "本报告是示例县民政局向社会公布的⟦2021年⟧度政府信息公开工作年度报告。",
    ],
)
def test_stale_year_is_reported_at_the_year(tmp_path: Path, words: str) -> None:
    outcome = check_case(tmp_path, {OVERVIEW: words})
    assert outcome.reported == outcome.expected("F405")
    assert outcome.only().help == "没有改过来的改成 2022年"


@pytest.mark.parametrize(
    "words",
    [
        # This year's.
        "2022年，我局公开信息30条。",
        # Comparisons.
        "2022年公开信息30条，较2021年增加5条。",
        "公开信息30条，较2021年增加5条。",
        "与2021年相比，公开的信息增加了5条。",
        "公开信息30条，比2021年多5条。",
        "2021年公开信息25条，2022年公开信息30条。",
        "2021年公开信息25条，今年公开信息30条。",
        "2021年公开信息25条，同比增长20%。",
        "公开信息30条（2021年为25条）。",
        "同2021年度持平。",
        "2020年、2021年、2022年分别公开信息20条、25条、30条。",
        "2021年和2022年连续两年考核优秀。",
        "2021—2022年共公开信息55条。",
        # Problems of last year.
        "针对2021年存在的问题，我局逐项整改。",
        "2021年存在的问题已全部整改到位。",
        "2021年度政务公开考核指出的3个问题全部完成整改。",
        "2021年我局存在公开不够及时的问题，通过每月检查得到解决。",
        "对照2021年报告中提出的改进措施，逐条落实。",
        "2021年公开内容不够具体，已通过培训加以改进。",
        # Titles and numbers of documents.
        "落实《2021年政务公开工作要点》，公开信息30条。",
        "《2021年政务公开工作要点》任务已完成。",
        "根据示政办发〔2021〕5号文件，公开信息30条。",
        "按照国办公开办函〔2021〕30号规定的格式编制。",
        "《示例县人民政府办公室关于印发2021年政务公开工作要点的通知》（示政办〔2021〕5号）印发后逐项落实。",
        "2021年修订的《政府信息公开指南》继续执行。",
        # Matters of last year.
        "2021年度考核结果为优秀等次。",
        "2021年度政府信息公开工作年度报告按时发布。",
        "按时编制并公开2021年政府信息公开工作年度报告。",
        "公开2021年部门决算和2022年部门预算。",
        "公开2021年部门决算1条。",
        "2021年部门决算按规定公开。",
        "2021年政府工作总结按规定公开。",
        "2021年结转申请3件均已办结。",
        "2021年结转的3件申请，已全部答复。",
        "2021年收到的3件申请均在1月办结。",
        "2021年问题改进情况：每月检查一次。",
        "本报告与2021年报告口径一致。",
        "2021年查摆的问题逐一销号。",
        "2021年度绩效评价结果为良好。",
        "2021年度，我县在全市考核中位居第一，被评为先进单位。",
        "2021年我局被省政府办公厅确定为基层政务公开示范点。",
        "2021年，国务院办公厅规定了新的年度报告格式。",
        "2021年版目录继续使用。",
        # Points in time.
        "截至2021年底，累计公开信息300条。",
        "截止2021年12月31日，累计公开信息300条。",
        "2021年以来，我局公开信息55条。",
        "2021年底建成政务公开专区。",
        "2021年12月，县政务公开领导小组作了调整。",
        "自2021年起，每季度检查一次。",
        "2021年起，每季度检查一次。",
        "公众号于2021年开通，现有关注人数300人。",
        "2021年，我局开通公众号，现有关注人数300人。",
        "2021年机构改革后，由办公室承担此项工作。",
        "我局自2021年1月1日起执行信息处理费规定。",
        "2021年至2022年开展了专项行动。",
        # Plans.
        "2023年，我局将继续做好政府信息公开工作。",
        "下一步，2023年将逐项落实。",
        # Other numbers.
        "电话12021年久失修。",
    ],
)
def test_intended_mention_of_last_year_is_accepted(tmp_path: Path, words: str) -> None:
    found = check_case(tmp_path, {OVERVIEW: words}).rules
    assert [rule for rule in found if rule[0] in "SF"] == []


def test_note_under_a_table_may_mention_last_year(tmp_path: Path) -> None:
    notes: Changes = {"收到和处理政府信息公开申请情况/注": ["2021年报送时多计1件。"]}
    assert check_case(tmp_path, notes).rules == []


def test_stale_year_is_reported_in_every_text(tmp_path: Path) -> None:
    words = "⟦2021年⟧，我局依法履职。"
    changes: Changes = {
        "引言": words,
        OVERVIEW: f"第一段。\n{words}",
        "主动公开政府信息情况/说明": words,
        "存在的主要问题及改进情况": f"{words}公开还不够及时，要加强检查。",
        "其他需要报告的事项": f"未收取信息处理费。{words}",
    }
    outcome = check_case(tmp_path, changes)
    assert set(outcome.reported) == set(outcome.expected(*["F405"] * 5))


def test_two_sentences_of_one_line_are_two_findings(tmp_path: Path) -> None:
    words = "⟦2021年⟧，我局公开信息30条。⟦2021年⟧，我局答复来信3件。"
    outcome = check_case(tmp_path, {OVERVIEW: words})
    assert outcome.reported == outcome.expected("F405", "F405")


def test_year_before_last_is_ignored(tmp_path: Path) -> None:
    text = report_yaml(changed(base_report(2023), {OVERVIEW: "2021年，我局公开信息30条。"}))
    assert check_written(tmp_path, text, name="2023").rules == []


def test_last_year_next_to_this_year_is_a_comparison(tmp_path: Path) -> None:
    words = "收到申请30件，2022年共30件；2021年收到来信20件。"
    assert "F405" not in check_case(tmp_path, {OVERVIEW: words}).rules
