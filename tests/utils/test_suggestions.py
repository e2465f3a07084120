"""Suggestions for misspelt words."""

import time

from nianbao.utils.suggestions import closest, closest_words


def test_the_most_similar_word_is_suggested() -> None:
    assert closest("chekc", ["build", "check", "cheer"]) == "check"


def test_nothing_is_suggested_below_the_cutoff() -> None:
    assert closest("甲乙丙丁", ["甲子丑寅"]) == ""
    assert closest("甲乙丙丁", ["甲子丑寅"], 0.25) == "甲子丑寅"
    assert closest("x", []) == ""


def test_several_words_come_in_order_of_similarity() -> None:
    assert closest_words("P301", ["A101", "P302", "F415", "P301x"], 2, 0.5) == ["P301x", "P302"]


def test_a_very_long_word_takes_no_time() -> None:
    start = time.perf_counter()
    assert closest("甲" * 1_000_000, ["乙" * 80] * 100) == ""
    assert time.perf_counter() - start < 5
