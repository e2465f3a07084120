"""Denials: zero said in words. 未收到……申请, 未制定规章和规范性文件, 无行政复议、行政诉讼."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.grammar.binding import scope_of
from nianbao.checks.claims.tokens import (
    CARRIES,
    CASES,
    DECISIONS,
    NAMING,
    TOPICS,
    VERBS,
    WIDE,
    unknown_length,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.claims.grammar.context import SentenceContext
    from nianbao.checks.claims.tokens import Token

# What must be denied so that the thing itself is: 未进行行政处罚, not 未公开行政处罚.
_DOING: Final = {"进行", "实施", "作出", "做出", "开展", "发生", "产生", "办理", "涉及"}
_CHARGING: Final = {"收取", "征收", "收缴", "产生", "发生"}
_HAPPENING: Final = {
    "发生",
    "产生",
    "被",
    "引发",
    "引起",
    "收到",
    "提起",
    "接到",
    "有",
    "涉及",
    "因",
}
_DECIDING: Final = {"作出", "做出", "发生", "产生", "有"}
_NONE: Final = ("无", "没有", "均无", "不存在", "暂无", "皆无", "都没有")


def find_negated(
    frame: SentenceContext, segment: Sequence[Token]
) -> Iterator[tuple[str, str, Token, Token]]:
    """What a segment (clauses joined by 、) denies: name, scope, the denied word, the negation."""
    start = next((i for i, token in enumerate(segment) if token.kind == "negation"), -1)
    if start < 0 or any(token.number is not None for token in segment):
        return
    negation, body = segment[start], segment[start + 1 :]
    places = [index for index, token in enumerate(body) if token.kind in NAMING]
    scope = scope_of(body, ())
    if not places or scope is None:
        return
    # 对未收到……的, 未……的原因: too much around it, and something else is denied.
    if unknown_length(segment[:start]) > WIDE or unknown_length(body[: places[0]]) > WIDE:
        return
    if unknown_length(body[places[-1] + 1 :]) > 1:
        return
    direct = negation.value.startswith(_NONE)
    for place in places:
        name = _denied(frame, body[place], body[:place], body[place + 1 :], direct=direct)
        if name:
            whose = scope if name == "received" or name.startswith("results.") else "all"
            yield name, whose, body[place], negation


def until_other_nouns(segment: list[Token]) -> list[Token]:
    """A denial without what else is denied at its end: 未发生行政复议、诉讼或举报投诉."""
    last = max((i for i, token in enumerate(segment) if token.kind in NAMING), default=-1)
    after = [token for token in segment[last + 1 :] if token.kind != "neutral"][:1]
    joined = bool(after) and (after[0].kind == "conjunction" or after[0].value == "、")
    denied = any(token.kind == "negation" for token in segment)
    return segment[: last + 1] if joined and denied else segment


def _denied(
    frame: SentenceContext,
    token: Token,
    before: Sequence[Token],
    after: Sequence[Token],
    *,
    direct: bool,
) -> str:
    """The name that a word after a negation denies; empty where it denies nothing of the form."""
    if token.kind == "request":
        return _request(before, after, direct=direct)
    if token.kind == "document":
        flows = [t.value for t in before if t.kind == "flow"]
        return f"{token.value}.{flows[-1]}" if flows else ""
    if token.kind != "head":
        return ""
    name = token.value
    verbs = {t.value for t in before if t.kind in ("neutral", "receive", "handle")}
    acts: set[str] = set()
    if name in DECISIONS:
        acts = _DOING
    elif name == "fees":
        acts = _CHARGING
    elif name in CASES and (frame.disclosure or _whatever(before)):
        if any(t.kind == "conclude" for t in before):
            return ""  # 没有因答复不及时被申请复议: other causes are left open
        acts = _HAPPENING
    elif name.startswith("results.") and frame.topic:
        acts = _DECIDING
    elif not (name.startswith(("row:", *CARRIES)) and frame.topic):
        return ""
    return name if direct or verbs & acts else ""


def _whatever(before: Sequence[Token]) -> bool:
    """Whether cases are denied of whatever cause: 无行政复议, not 无因征地引发的行政复议."""
    caused = any(t.kind in VERBS or t.value in ("因", "由", *TOPICS) for t in before)
    return not caused and not unknown_length(before)


def _request(before: Sequence[Token], after: Sequence[Token], *, direct: bool) -> str:
    kinds = {t.kind for t in before}
    between = list(itertools.takewhile(lambda t: t.kind not in NAMING, reversed(before)))
    if unknown_length(between) > 1 or any(t.value in TOPICS for t in between):
        return ""
    into_case = any(t.kind == "head" and t.value in CASES for t in (*before, *after))
    if into_case or kinds & {"conclude", "head", "request"}:
        return ""
    # Only receiving can be denied, or the thing itself: not 未公开的申请.
    return "received" if "receive" in kinds or (direct and not kinds & VERBS) else ""
