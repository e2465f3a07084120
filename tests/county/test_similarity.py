"""Reports are alike if they share sentences of their own, not the words that all reports have."""

from __future__ import annotations

import random
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from nianbao.county import similarity
from nianbao.county.similarity import (
    find_resemblances,
    longest_passage,
    sketch_texts,
)
from nianbao.model.form import load_form
from nianbao.model.schema import editions

if TYPE_CHECKING:
    import pytest

_CUSTOMARY = Path(similarity.__file__).with_name("customary.txt")
_RNG = random.Random(4)
_HAN = [chr(code) for code in range(0x4E00, 0x5E00)]
_WORDS = ["".join(_RNG.choices(_HAN, k=_RNG.randrange(2, 5))) for _ in range(900)]
_PHRASES = ["".join(_RNG.choices(_WORDS, k=7)) for _ in range(30)]


def text_of(seed: int, *, sentences: int = 60) -> str:
    """Return a text, a fifth of which are phrases that other texts have too."""
    rng = random.Random(seed)
    return "，".join(
        rng.choice(_PHRASES) if rng.random() < 0.2 else "".join(rng.choices(_WORDS, k=6))
        for _ in range(sentences)
    )


def pairs(*texts: str, threshold: float = 0.6) -> list[tuple[int, int]]:
    found = find_resemblances([sketch_texts([text]) for text in texts], threshold)
    return [(each.report, each.other) for each in found]


def test_texts_of_their_own_are_not_alike() -> None:
    assert pairs(*(text_of(seed) for seed in range(40))) == []


def test_a_copy_with_another_name_and_other_numbers_is_found_from_both_sides() -> None:
    original = f"古县文化和旅游局{text_of(1)}全年公开信息312条。"
    for word in _WORDS[:20]:
        original = original.replace(word, "古县文化和旅游局", 1)
    copy = (
        original.replace("古县文化和旅游局", "古县水利局")
        .replace("312", "７８")
        .replace("，", "; ")
    )
    assert pairs(text_of(2), original, text_of(3), copy) == [(1, 3), (3, 1)]


def test_half_a_copy_is_alike_only_below_its_share() -> None:
    texts = text_of(1), text_of(1, sentences=30) + text_of(2, sentences=30)
    assert pairs(*texts) == []
    assert pairs(*texts, threshold=0.4) == [(0, 1), (1, 0)]


def test_what_the_form_and_the_notice_say_is_no_text_of_ones_own() -> None:
    forms = [load_form(edition) for edition in editions()]
    labels = chain.from_iterable(
        (section.title, *(heading.title for row in section.rows for heading in row.path))
        for form in forms
        for section in form.sections
    )
    given = "，".join(labels) + _CUSTOMARY.read_text("utf-8").replace("……", "。")
    assert pairs(given, given) == []
    assert pairs(given + text_of(1), given + text_of(2), threshold=0.2) == []


def test_what_most_reports_have_was_given_to_them() -> None:
    template = text_of(99)
    filled = [template + text_of(seed, sentences=15) for seed in range(12)]
    assert pairs(*filled) == []
    assert pairs(*filled, filled[3]) == [(3, 12), (12, 3)]
    assert pairs(*filled[:2]) == [(0, 1), (1, 0)]


def test_each_of_many_copies_is_found() -> None:
    texts = [text_of(seed) for seed in range(60)]
    for index in range(10, 30):
        texts[index] = f"{text_of(1)}{_WORDS[index]}"
    assert {index for index, _ in pairs(*texts)} == {1, *range(10, 30)}


def test_short_texts_are_not_judged() -> None:
    assert pairs("未收到政府信息公开申请。我局无。", "未收到政府信息公开申请。我局无。") == []
    assert pairs(text_of(1, sentences=3), text_of(1, sentences=3)) == []


def test_a_part_of_the_samples_is_enough_for_many_reports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [text_of(seed) for seed in range(40)]
    texts[30] = texts[2]
    monkeypatch.setattr(similarity, "_MAX_INDEXED", 2000)
    assert pairs(*texts) == [(2, 30), (30, 2)]


def test_the_longest_shared_passage_is_found_in_both() -> None:
    text = "（一）主动公开。公开信息 12 条，按时公开了全部应当公开的信息。"
    other = "我局公开信息7条，按时公开了全部应当公开的信息，另有他事。"
    found = longest_passage(text, other)
    assert found is not None
    assert text[found.start : found.end] == "公开信息 12 条，按时公开了全部应当公开的信息"
    assert other[found.other_start : found.other_end] == "公开信息7条，按时公开了全部应当公开的信息"
    assert longest_passage(text, "别的话") is None
    assert longest_passage("", "") is None


@given(st.text("甲乙丙丁，1", max_size=60), st.text("甲乙丙丁，1", max_size=60))
def test_a_passage_has_the_same_characters_in_both(text: str, other: str) -> None:
    found = longest_passage(text, other)
    if found is not None:
        ours = text[found.start : found.end].replace("，", "").replace("1", "")
        theirs = other[found.other_start : found.other_end].replace("，", "").replace("1", "")
        assert ours == theirs
        assert len(ours) >= 8
