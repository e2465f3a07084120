"""Words of Chinese: numbers whole, rewritten stretches whole, and bounded work."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.diff.model import RunKind
from nianbao.diff.words import Budget, compare_words, words


def shown(old: str, new: str) -> str:
    signs = {RunKind.EQUAL: "{}", RunKind.DELETE: "[-{}-]", RunKind.INSERT: "{{+{}+}}"}
    return "".join(signs[run.kind].format(run.text) for run in compare_words(old, new, Budget()))


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("收到申请12件。", "收到申请132件。", "收到申请[-12-]{+132+}件。"),
        ("收费1.25万元", "收费1.5万元", "收费[-1.25-]{+1.5+}万元"),
        ("增长5%左右", "增长15%左右", "增长[-5%-]{+15%+}左右"),
        ("用 GB2312 编码", "用 GB18030 编码", "用 GB[-2312-]{+18030+} 编码"),
        ("通过网站公开信息", "通过公众号公开信息", "通过[-网站-]{+公众号+}公开信息"),
        ("按时答复。", "均按时答复。", "{+均+}按时答复。"),
        ("一是加强培训，二是强化监督。", "二是强化监督。", "[-一是加强培训，-]二是强化监督。"),
        # A character that both sentences happen to have does not break them up.
        (
            "成立领导小组的办公室",
            "设置专职人员的工作点",
            "[-成立领导小组的办公室-]{+设置专职人员的工作点+}",
        ),
        ("1、2", "3、4", "[-1-]{+3+}、[-2-]{+4+}"),
        ("甲", "", "[-甲-]"),
        ("", "", ""),
    ],
)
def test_a_rewritten_sentence(old: str, new: str, reported: str) -> None:
    assert shown(old, new) == reported


TEXTS = st.text(alphabet="年报公开件12.5，。ab \U00020000", max_size=40)


@given(TEXTS, TEXTS)
def test_the_runs_are_the_old_text_and_the_new_one(old: str, new: str) -> None:
    runs = compare_words(old, new, Budget())
    assert "".join(run.text for run in runs if run.kind is not RunKind.INSERT) == old
    assert "".join(run.text for run in runs if run.kind is not RunKind.DELETE) == new
    assert all(run.text for run in runs)
    assert "".join(words(old)) == old
    kinds = [run.kind for run in runs]
    assert all(left is not right for left, right in pairwise(kinds))


@pytest.mark.parametrize("old", ["年" * 300_000, "年报，" * 100_000, "年 " * 200_000])
def test_a_megabyte_of_one_word_costs_no_more_than_its_length(old: str) -> None:
    new = "新" + old[1:-3] + "增加了"
    budget = Budget()
    started = time.process_time()
    runs = compare_words(old, new, budget)
    assert "".join(run.text for run in runs if run.kind is not RunKind.DELETE) == new
    # Not how fast, but not quadratic: that would be hours.
    assert time.process_time() - started < 60
    assert budget.pairs >= 0
