"""Alignment: every text once, in the order of both lists, rewrites paired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.diff.alignment import Pair, align, pair_rewrites, similarity
from nianbao.diff.words import Budget

TEXTS = st.lists(
    st.sampled_from(["甲乙丙丁", "甲乙丙戊", "子丑寅卯", "子丑寅", "天地", "x"]), max_size=8
)
NOTHING = frozenset[Pair]()


def joined(old: list[str], new: list[str], budget: int = 10_000) -> list[tuple[str, str]]:
    pairs = pair_rewrites(old, new, align(old, new, Budget(budget)), NOTHING)
    return [
        ("" if left is None else old[left], "" if right is None else new[right])
        for left, right in pairs
    ]


@given(TEXTS, TEXTS, st.sampled_from([0, 10_000]), st.data())
def test_every_text_stands_once_and_in_the_order_of_its_list(
    old: list[str], new: list[str], budget: int, data: st.DataObject
) -> None:
    pairs = align(old, new, Budget(budget))
    single = [pair for pair in pairs if None in pair]
    apart = data.draw(st.sets(st.sampled_from(single))) if single else set()
    found = pair_rewrites(old, new, pairs, frozenset(apart))
    assert [left for left, _ in found if left is not None] == list(range(len(old)))
    assert [right for _, right in found if right is not None] == list(range(len(new)))
    assert apart <= set(found)
    for left, right in found:
        assert left is not None or right is not None
        if left is not None and right is not None:
            assert similarity(old[left], new[right]) >= 0.35


def test_a_new_text_before_a_rewritten_one_stays_before_it() -> None:
    old = ["全年收到申请12件，都已答复。"]
    new = ["这是新写的一段。", "全年收到申请13件，都已答复。"]
    assert joined(old, new) == [("", new[0]), (old[0], new[1])]
    assert joined(new, old) == [(new[0], ""), (new[1], old[0])]


@pytest.mark.parametrize("budget", [0, 10_000])
def test_what_is_nothing_alike_is_not_a_rewrite(budget: int) -> None:
    assert joined(["甲乙丙丁", "同"], ["子丑寅卯", "同"], budget) == [
        ("甲乙丙丁", ""),
        ("", "子丑寅卯"),
        ("同", "同"),
    ]
