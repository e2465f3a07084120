"""Other orders of words are read as: name, number."""

from __future__ import annotations

from nianbao.checks.claims.grammar.context import clauses
from nianbao.checks.claims.grammar.orders import in_usual_order
from nianbao.checks.claims.lexer import sentences


def rewritten(text: str) -> str:
    (tokens,) = sentences(text, ())
    return "".join(
        text[token.start : token.end]
        for token in in_usual_order(tokens, {token.kind for token in tokens})
    )


def test_each_number_of_a_list_follows_its_name() -> None:
    text = "全年行政许可、行政处罚决定数量分别为5件和3件，均已公示。"
    assert rewritten(text) == "全年行政许可5件分别行政处罚3件，均已公示"


def test_the_columns_of_a_document_can_be_listed() -> None:
    text = "制发、废止行政规范性文件分别为4件、1件。"
    assert rewritten(text) == "行政规范性文件制发4件分别废止1件"


def test_a_list_with_another_number_of_names_stays_as_it_is() -> None:
    text = "行政许可、行政处罚分别为5件、3件、2件。"
    assert rewritten(text) == text[:-1]


def test_a_denial_comes_before_the_names_that_it_denies() -> None:
    assert (
        rewritten("本年度行政复议、行政诉讼均无，予以通报。")
        == "均无本年度行政复议、行政诉讼，予以通报"
    )
    assert rewritten("政府信息公开申请：无。") == "无政府信息公开申请"
    text = "行政复议、行政诉讼无一败诉。"
    assert rewritten(text) == text[:-1]


def test_all_channels_are_dropped_but_not_one_of_several_numbers() -> None:
    text = "我局通过信函、网络等方式收到申请5件"
    assert rewritten(f"{text}。") == "我局收到申请5件"
    assert rewritten(f"{text}，当面申请3件。") == f"{text}，当面申请3件"
    text = "通过网络等方式收到申请5件"
    assert rewritten(f"{text}。") == text


def test_the_reason_between_a_number_and_what_became_of_it_is_dropped() -> None:
    assert rewritten("2件因未到期，结转下年度办理。") == "2件结转下年度办理"
    text = "2件因未到期，结转下年度3件"
    assert rewritten(f"{text}。") == text


def test_the_parts_of_a_whole_are_set_apart_from_it() -> None:
    assert clause_count("收到2件申请1件公开。") == 2
    assert clause_count("收到2件申请并公开1件。") == 1


def clause_count(text: str) -> int:
    (tokens,) = sentences(text, ())
    rewritten = in_usual_order(tokens, {token.kind for token in tokens})
    return len(list(clauses(rewritten, "，")))


def test_numbers_listed_right_behind_their_names_need_no_other_word() -> None:
    text = "作出行政许可、行政处罚决定5件、3件，上年7件。"
    assert rewritten(text) == "作出行政许可5件5件行政处罚3件，上年7件"
    text = "收到申请5件、3件延期"
    assert rewritten(f"{text}。") == text


def test_a_denied_verb_behind_its_object_comes_first() -> None:
    assert rewritten("政府信息公开申请未收到。") == "未收到政府信息公开申请"
    assert rewritten("行政处罚决定未作出。") == "未作出行政处罚决定"
    text = "申请未收到材料的"
    assert rewritten(f"{text}。") == text


def test_channels_that_leave_nothing_out_are_dropped_before_a_noun() -> None:
    assert rewritten("未收到书面或网上申请。") == "未收到申请"
    assert rewritten("线上线下共收到申请5件。") == "共收到申请5件"
    text = "其中网络、信函申请5件"
    assert rewritten(f"{text}。") == text
