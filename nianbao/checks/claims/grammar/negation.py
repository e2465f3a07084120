"""Find what is denied: 未收到……申请, 未制定规章和规范性文件, 无行政复议、行政诉讼."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.grammar.binding import scope_of
from nianbao.checks.claims.tokens import (
    CARRIES,
    CASES,
    DECISIONS,
    NAMING,
    NEGATIONS,
    TOPICS,
    VERBS,
    WIDE,
    names_topic,
    unknown_length,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.claims.grammar.context import SentenceContext
    from nianbao.checks.claims.tokens import Token

# Verbs whose negation denies a noun: 未进行行政处罚 does, 未公开行政处罚 does not.
_DECISION_VERBS: Final = frozenset(
    {"进行", "实施", "采取", "作出", "做出", "开展", "发生", "产生", "办理", "涉及"}
)
_FEE_VERBS: Final = frozenset({"收取", "征收", "收缴", "产生", "发生"})
_CASE_VERBS: Final = frozenset(
    {"发生", "产生", "被", "引发", "引起", "收到", "提起", "接到", "有", "涉及", "因"}
)
_ARRIVING: Final = frozenset({"receive", "handle"})
_NEXT_YEAR: Final = ("明", "下")
_RESULT_VERBS: Final = frozenset({"作出", "做出", "发生", "产生", "有"})


class Negated(NamedTuple):
    """A thing that a sentence denies, such as requests in 未收到申请.

    `name`: the name of the thing (see `Claim`).
    `scope`: the role of the applicants who made no requests, or `all`.
    `token`: the word for the thing.
    `negation`: the word that denies the thing, such as 无.
    """

    name: str
    scope: str
    token: Token
    negation: Token


def find_negated(context: SentenceContext, segment: Sequence[Token]) -> Iterator[Negated]:
    """Yield each thing that a segment denies, such as requests in 未收到申请.

    Only things that the tables count are yielded.

    `segment`: the tokens of clauses joined by 、.
    """
    if any(token.number is not None for token in segment):
        return
    begin = 0
    for index, token in enumerate(segment):
        # 无申请、无复议: a stop before the second denial leaves a gap.
        if token.kind == "none" and index and segment[index - 1].end < token.start:
            yield from _negated_once(context, segment[begin:index])
            begin = index
    yield from _negated_once(context, segment[begin:])


def _negated_once(context: SentenceContext, segment: Sequence[Token]) -> Iterator[Negated]:
    start = next((i for i, token in enumerate(segment) if token.kind in NEGATIONS), -1)
    if start < 0:
        return
    negation, body = segment[start], segment[start + 1 :]
    positions = [index for index, token in enumerate(body) if token.kind in NAMING]
    scope = scope_of(body, ())
    if not positions or scope is None:
        return
    # 对未收到……的, 未……的原因: with so many words around, something else is denied.
    if unknown_length(segment[:start]) > WIDE or unknown_length(body[: positions[0]]) > WIDE:
        return
    if unknown_length(body[positions[-1] + 1 :]) > 1:
        return
    direct = negation.kind == "none"
    if not direct and _denies_another_act(body):
        return
    for position in positions:
        before, token, after = body[:position], body[position], body[position + 1 :]
        for name in _documents(token, before, after) if token.kind == "document" else ():
            yield Negated(name, "all", token, negation)
        name = _name(context, token, before, after, direct=direct)
        if not name and negation.value == "零" and not before and token.kind in _ARRIVING:
            name = "received" if _only_requests(context, segment[:start], after) else ""
        elif name == "carry":
            name = _carry(context, segment[:start], token)
        if name:
            divided = scope != "public" and (name == "received" or name.startswith("results."))
            yield Negated(name, scope if divided else "all", token, negation)


def _carry(context: SentenceContext, before: Sequence[Token], token: Token) -> str:
    """Return what a denied 结转 stands for: 上年没有结转; 均已办结，无一结转; `carry` for either.

    `before`: the tokens before the denial. `token`: the word 结转.
    """
    year = next((each.value for each in before if each.kind == "other_year"), "")
    if year:
        return "carried.next" if year.startswith(_NEXT_YEAR) else "received.carried"
    concluded = context.facts.concluded_start
    return "carried.next" if concluded is not None and concluded < token.start else "carry"


def _only_requests(
    context: SentenceContext, before: Sequence[Token], after: Sequence[Token]
) -> bool:
    """Return True if nothing but requests can be denied by 零受理.

    `before`: the tokens before the denial. `after`: the tokens after the verb.
    """
    named = {token.kind for token in before if token.kind in NAMING}
    known = not unknown_length(before) and not unknown_length(after)
    return context.facts.about_requests and named <= {"request"} and known


def _denies_another_act(body: Sequence[Token]) -> bool:
    """Return True if a word that is not understood comes before the verb: 未拒绝受理申请."""
    until_verb = itertools.takewhile(lambda t: t.kind not in NAMING | {"neutral"}, body)
    return unknown_length(until_verb) > 1


def without_other_nouns(segment: list[Token]) -> list[Token]:
    """Drop the nouns at the end of a segment that the tables do not count.

    For example, 或举报投诉 is dropped from 未发生行政复议、诉讼或举报投诉. A segment without a
    denial is returned unchanged.

    `segment`: the tokens of clauses joined by 、.
    """
    last = max((i for i, token in enumerate(segment) if token.kind in NAMING), default=-1)
    after = next((token for token in segment[last + 1 :] if token.kind != "neutral"), None)
    joined = after is not None and (after.kind == "conjunction" or after.value == "、")
    denied = any(token.kind in NEGATIONS for token in segment)
    return segment[: last + 1] if joined and denied else segment


def _name(
    context: SentenceContext,
    token: Token,
    before: Sequence[Token],
    after: Sequence[Token],
    *,
    direct: bool,
) -> str:
    """Return the name that a denied word stands for, or "" if the form has no such name.

    `token`: the denied word.
    `before`, `after`: the words before and after it.
    `direct`: True if the negation needs no verb (无, 没有).
    """
    if token.kind == "request":
        return _request(token, before, after, direct=direct)
    name = token.value
    is_short = token.kind == "short" and not unknown_length(after[:1])  # not 无许可证
    if token.kind != "head" and not is_short:
        return ""
    verbs: frozenset[str] = frozenset()
    if name in DECISIONS:
        verbs = _DECISION_VERBS
    elif name == "fees":
        verbs = _FEE_VERBS
    elif name in CASES and (context.facts.about_disclosure or _of_any_cause(before)):
        if any(t.kind == "conclude" for t in before):
            return ""  # 没有因答复不及时被申请复议: cases with other causes are not denied
        verbs = _CASE_VERBS
    elif name.startswith("results.") and context.facts.about_requests:
        verbs = _RESULT_VERBS
    elif not (name.startswith(("row:", *CARRIES)) and context.facts.about_requests):
        return ""
    if name in CASES and not before:
        return name  # 未被申请行政复议: the word has its verb
    used = (t.value for t in before if t.kind in ("neutral", "receive", "handle"))
    return name if direct or not verbs.isdisjoint(used) else ""


def _documents(token: Token, before: Sequence[Token], after: Sequence[Token]) -> Iterator[str]:
    """Yield the names of the documents that are denied: 未制定、废止规范性文件, 无规范性文件制发.

    `token`: the word for the documents. `before`, `after`: the words before and after it.
    """
    flows = [t.value for t in after if t.kind == "flow"][:1]
    flows = flows or [t.value for t in before if t.kind == "flow"]
    yield from (f"{token.value}.{flow}" for flow in dict.fromkeys(flows))


def _of_any_cause(before: Sequence[Token]) -> bool:
    """Return True if all cases are denied, whatever their cause.

    This is so for 无行政复议, but not for 无因征地引发的行政复议. `before`: the words before the
    case.
    """
    has_cause = any(
        t.kind in ("handle", "conclude") or t.value in ("因", "由", *TOPICS) for t in before
    )
    return not has_cause and not unknown_length(before)


def _request(token: Token, before: Sequence[Token], after: Sequence[Token], *, direct: bool) -> str:
    kinds = {token.kind for token in before}
    between = list(itertools.takewhile(lambda token: token.kind not in NAMING, reversed(before)))
    if unknown_length(between) > 1 or names_topic(between[::-1]):
        return ""
    into_case = any(token.value in CASES for token in (*before, *after))
    if into_case or kinds & {"conclude", "head", "request"}:
        return ""
    # 未收到申请, 未向我局申请公开 and 无申请 deny requests; 未公开的申请 does not.
    values = {token.value for token in before}
    applied = "向" in values and token.value.startswith("申请")
    # 未办理过申请, but not 未及时办理申请
    handled = "受理" in values or ("办理" in values and unknown_length(before) <= 1)
    received = "receive" in kinds or handled or applied
    return "received" if received or (direct and not kinds & VERBS) else ""
