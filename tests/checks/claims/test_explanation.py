"""Every number and every denial of the prose has an explanation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nianbao.checks.claims.explanation import Explanation, explain_prose
from nianbao.checks.claims.numerals import find_numerals
from tests.checks.claims.corpus import Case, compile_case, load_cases
from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path

CASES = load_cases()


def explanations(case: Case) -> list[Explanation]:
    return list(explain_prose(compile_case(case), covers_subordinates=False))


def explained(text: str) -> dict[str, Explanation]:
    """Explain a text by itself; the keys are the explained numbers and denials."""
    case = next(case for case in CASES if case.text == text)
    return {each.passage.quote(each.start, each.end): each for each in explanations(case)}


@pytest.mark.parametrize("part", ["句式", "否定", "数字写法", "陷阱-范围", "读懂"])
def test_no_number_of_the_prose_is_missing(part: str) -> None:
    for case in CASES:
        if case.name.startswith(part):
            found = explanations(case)
            starts = [(each.passage.prose.pointer, each.start) for each in found]
            for passage in {each.passage.prose.pointer: each.passage for each in found}.values():
                for numeral in find_numerals(passage.visible.text):
                    assert starts.count((passage.prose.pointer, numeral.start)) == 1, case.text


def test_all_digits_of_the_prose_are_explained() -> None:
    for case in CASES[::5]:
        found = explanations(case)
        for passage in {each.passage.prose.pointer: each.passage for each in found}.values():
            spans = [(e.start, e.end) for e in found if e.passage.prose is passage.prose]
            for digits in re.finditer("[0-9０-９]+", passage.visible.text):
                assert any(start <= digits.start() < end for start, end in spans), case.text


def test_a_number_that_is_compared_names_its_cells_and_value() -> None:
    found = explained("全年收到政府信息公开申请32件，其中信函申请12件，网络申请20件。")
    assert found["32"].agrees is False
    assert found["32"].meaning == "一、本年新收政府信息公开申请数量 › 总计：20"
    assert found["12件"].agrees is None
    assert found["12件"].meaning == "说的是别的事（“信函”）"


def test_a_denial_that_is_not_compared_says_why() -> None:
    (denial,) = explained("从未拒绝受理政府信息公开申请。").values()
    assert denial.agrees is None
    assert denial.meaning == "认不准否定的是哪一项（“拒绝”）"


def test_answers_to_this_years_requests_are_all_answers_less_those_carried_over(
    tmp_path: Path,
) -> None:
    section = "收到和处理政府信息公开申请情况"
    changes = {
        "依申请公开": "收到政府信息公开申请6件，办结5件。",
        f"{section}/本年新收/自然人": 6,
        f"{section}/上年结转/自然人": 2,
        f"{section}/本年度办理结果/予以公开/自然人": 7,
        f"{section}/结转下年度继续办理/自然人": 1,
    }
    report = check_case(tmp_path, changes).checked.report
    assert report is not None
    (answered,) = (
        each
        for each in explain_prose(report, covers_subordinates=False)
        if each.passage.quote(each.start, each.end).startswith("5")
    )
    assert answered.agrees is True
    assert answered.meaning == (
        "三、本年度办理结果 › （七）总计 › 总计 - 二、上年结转政府信息公开申请数量 › 总计：5"
    )
