"""F431–F435: punctuation, digits, blanks, quotes and broken lines in prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.formatting.test_fix import fixed_text
from tests.parsing.fault_cases import change, seed
from tests.support import check_text

if TYPE_CHECKING:
    from pathlib import Path

OLD = "政府信息公开平台建设情况。县文旅局政府信息公开依托古县政务公开网站、古县文旅等平台进行公开。"
COMMA = ("行政处罚5项,行政强制3项", "行政处罚5项，行政强制3项")

CASES = [
    ("F431", "通过网站,公众号公开;另有报纸。", "通过网站，公众号公开；另有报纸。"),
    ("F431", "公开(含部分公开)情况。", "公开（含部分公开）情况。"),
    ("F432", "公开２０条、１５件。", "公开20条、15件。"),
    ("F433", "通过网站  公开。", "通过网站 公开。"),
    ("F434", '推进"互联网+监管"和"双公示"。', "推进“互联网+监管”和“双公示”。"),
    (
        "F435",
        "我局加强政府信息公开平台建设，通过网站公开政府信\n    息20条，公众号公开10条。",
        "我局加强政府信息公开平台建设，通过网站公开政府信息20条，公众号公开10条。",
    ),
]


@pytest.mark.parametrize(("rule", "written", "right"), CASES)
def test_each_is_one_hint_for_a_text_that_fix_corrects_if_asked(
    rule: str, written: str, right: str, tmp_path: Path
) -> None:
    text = change(change(seed(), *COMMA), OLD, written)
    (found,) = [f for f in check_text(text, tmp_path).findings if f.rule.startswith("F43")]
    assert (found.rule, found.severity, found.fixable) == (rule, "info", True)
    assert found.span.line == text[: text.index(written)].count("\n") + 1
    assert found.span.end_column <= len(text.splitlines()[found.span.line - 1]) + 1
    assert fixed_text(text) == text
    assert fixed_text(text, prose=True) == text.replace(written, right)


@pytest.mark.parametrize(
    "written",
    [
        "见[通知](http://example.gov.cn/a,b)。",
        "收到{{ 收到和处理政府信息公开申请情况.本年新收.总计 }}件。",
        "公开1,200条、3.5万字，12:30开会。",
        "使用 Word, Excel 等软件。",
        "一、加强平台建设，公开政府信息二十条，公众号公开十条\n    二、加强培训。",
        "平台建设情况\n    我局公开20条。",
        "我局公开信息20条，公众号公开10条，网站公开10条，均已归档。\n    我局另有公开栏。",
        '五寸(5")的屏幕。',
    ],
)
def test_what_is_right_is_left(written: str, tmp_path: Path) -> None:
    text = change(change(seed(), *COMMA), OLD, written)
    found = [f for f in check_text(text, tmp_path).findings if f.rule.startswith("F43")]
    assert found == []
    assert fixed_text(text, prose=True) == text
