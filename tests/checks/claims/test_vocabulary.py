"""A newcomer adds words in vocabulary.toml alone, as docs/prose.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.claims import lexer, rates
from tests.checks.claims.corpus import Case, check_case, load_cases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def add_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str], None]]:
    """Add a word to a class of the vocabulary, for one test."""

    def forget() -> None:
        lexer._lexicon.cache_clear()
        lexer.words_of.cache_clear()
        rates._rates.cache_clear()
        rates._answered_rate.cache_clear()

    def add(kind: str, word: str) -> None:
        text = lexer._VOCABULARY.read_text("utf-8")
        start = text.index(f"[{kind}]")
        opening = text.index("words = [", start) + len("words = [")
        changed = tmp_path / "vocabulary.toml"
        changed.write_text(f'{text[:opening]}"{word}", {text[opening:]}', "utf-8")
        monkeypatch.setattr(lexer, "_VOCABULARY", changed)
        forget()

    yield add
    monkeypatch.undo()
    forget()


def findings(text: str) -> list[str]:
    """Return the messages for a text over the tables of a corpus case with all figures."""
    full = next(case for case in load_cases() if case.name == "读懂:1")
    data = {
        **full.data,
        "总体情况": {
            **full.data["总体情况"],
            "依申请公开": type(full.data["总体情况"]["依申请公开"])(text),
        },
    }
    case = Case("", text, (), data, full.pointer)
    return [message for _, _, message in check_case(case).findings]


def test_a_new_word_of_denial_is_understood(add_word: Callable[[str, str], None]) -> None:
    assert findings("全年莫得政府信息公开申请。") == []
    add_word("none", "莫得")
    (message,) = findings("全年莫得政府信息公开申请。")
    assert message.startswith("正文说“莫得政府信息公开申请”")


def test_a_new_rate_is_checked(add_word: Callable[[str, str], None]) -> None:
    text = "全年收到政府信息公开申请20件，办毕率120%。"
    assert findings(text) == []
    add_word("rate", "办毕率")
    assert findings(text) == ["比率是 120%，超过了 100%"]
    (message,) = findings("全年收到留言20件，办毕18件，办毕率100%。")
    assert message == "比率是 100%，按前面的数算是 90.0%"


def test_an_entry_with_alternatives_stands_for_several_words() -> None:
    assert {"转至下年", "转下年度"} <= lexer.words_of(frozenset({"head"}))
    assert list(lexer._alternatives("转(至|)下年")) == ["转至下年", "转下年"]
