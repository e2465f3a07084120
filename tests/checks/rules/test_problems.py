"""F: problems and their measures, and who a report speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path

PROBLEMS = "存在的主要问题及改进情况"
TWO = "一是政策解读的形式比较单一、群众看不懂；二是栏目更新不够及时、内容不够完整。"


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("公开的内容不够全面，政策解读的形式单一，栏目维护得不够好。", True),
        (f"{TWO}下一步，一是增加图解，二是按月检查。", False),
        (f"{TWO}下一步，一是增加图解。", True),
        (f"{TWO}下一步将增加图解，按月检查。", False),  # not numbered
        (f"{TWO}针对上述问题，1.增加图解；2.按月检查；3.开展培训。", False),
        ("（一）存在的问题：1.解读少；2.更新慢。（二）改进措施：1.增加图解。", True),
        ("针对去年的问题，一是增加了图解。今年的问题：一是更新慢，二是人手少，将按月检查。", False),
    ],
)
def test_each_problem_has_a_measure(tmp_path: Path, text: str, reported: bool) -> None:
    outcome = check_case(tmp_path, {PROBLEMS: text})
    assert ("F419" in outcome.rules) == reported


def test_the_problems_of_last_year_word_for_word_are_reported(tmp_path: Path) -> None:
    last = f"{TWO}下一步，一是制作图解12篇，二是每季度检查一次。"
    now = f"{TWO}今后，一是和宣传部门合办专栏，用方言讲政策，二是请群众代表给栏目打分、公布结果。"
    outcome = check_case(tmp_path, {PROBLEMS: now}, {PROBLEMS: last})
    assert outcome.rules == ["F419"]
    changed = now.replace("栏目更新不够及时、内容不够完整", "答复申请时和申请人沟通不够")
    assert check_case(tmp_path, {PROBLEMS: changed}, {PROBLEMS: last}).rules == []


@pytest.mark.parametrize(
    ("body", "text", "reported"),
    [
        ("示例县民政局", "一是部分地区重视不够，将加强培训。", True),
        ("示例县民政局", "⟦各级政府部门⟧不断加强公开，将继续改进。", True),
        ("示例县民政局", "指导部分乡镇做好公开，将继续改进。", False),
        ("示例县民政局", "和多数部门建立联系，将继续改进。", False),
        ("示例县人民政府", "部分地区重视不够，将加强培训。", False),
        ("示例县人民政府办公室", "部分部门重视不够，将加强培训。", False),
    ],
)
def test_a_department_speaks_of_itself(
    tmp_path: Path, body: str, text: str, reported: bool
) -> None:
    outcome = check_case(tmp_path, {"机关": body, PROBLEMS: text})
    assert ("F427" in outcome.rules) == reported
