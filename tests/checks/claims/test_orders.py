"""Other orders of words are read as: name, number."""

from __future__ import annotations

from nianbao.checks.claims.grammar.orders import in_usual_order
from nianbao.checks.claims.lexer import sentences


def rewritten(text: str) -> str:
    (tokens,) = sentences(text, ())
    return "".join(text[token.start : token.end] for token in in_usual_order(tokens, {token.kind for token in tokens}))


def test_each_number_of_a_list_follows_its_name() -> None:
    text = "全年行政许可、行政处罚决定数量分别为5件和3件，均已公示。"
    assert rewritten(text) == "全年行政许可5件分别行政处罚3件，均已公示"


def test_the_columns_of_a_document_can_be_listed() -> None:
    text = "制发、废止行政规范性文件分别为4件、1件。"
    assert rewritten(text) == "行政规范性文件制发4件分别废止1件"


def test_a_list_with_another_number_of_names_stays_as_it_is() -> None:
    text = "行政许可、行政处罚分别为5件、3件、2件。"
    assert rewritten(text) == text[:-1]
