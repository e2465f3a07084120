"""Binding: which name a number belongs to.

A number belongs to the nearest name before it in its clause (收到……申请 5 件, 予以公开 5 件), or to
one right after it (5 件予以公开, 收到 5 件申请); what the clause leaves out comes from the frame.
Where that would be guessing, the number belongs to nothing.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.grammar.names import Names, carry, name_before
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    BARE,
    CARRIES,
    NAMING,
    NARROW,
    SUMS,
    VERBS,
    WHOLES,
    WIDE,
    of_requests,
    unknown_length,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.grammar.context import SentenceContext
    from nianbao.checks.claims.tokens import Token

_ADDING: Final = ("加", "加上", "连同", "含", "包括", "计入")


def bind_number(
    frame: SentenceContext, left: Sequence[Token], right: Sequence[Token]
) -> tuple[Names, str] | None:
    """What a number counts, and for which applicants; None where that can't be told.

    `left` and `right` are the tokens of its clause up to the numbers before and after it.
    """
    kinds = {token.kind for token in left}
    scope = None if "negation" in kinds else scope_of(left, right)
    if scope is None:
        return None
    if "disclose" in kinds and _only_disclosed(left):
        # 办结 5 件，其中公开 3 件; elsewhere 公开 is publishing.
        told = frame.last[0] if frame.last and frame.topic else ""
        answers = frame.answered or told == "concluded" or told.startswith("results.")
        return (("results.granted",), scope) if answers else None
    places = [index for index, token in enumerate(left) if token.kind in NAMING]
    follows = _next_kind(right)
    if places:
        nearest = places[-1]
        between = unknown_length(left[nearest + 1 :])
        if left[nearest].kind == "conclude" and left[-1].kind == "disclose":
            return (("results.granted",), scope) if frame.topic else None  # 答复中公开 5 件
        after = left[nearest + 1 :]
        if left[nearest].kind in VERBS and any(_is_thing(token) for token in after):
            return None  # 收到申请书 4 份; 信访答复类 6 件
        if _added(left[:nearest], left[nearest], after):
            return ("handled",), scope  # 加上年结转的共 9 件
        verb_of_next = left[nearest].kind in VERBS and follows == "request"
        if between <= NARROW or (verb_of_next and between <= WIDE):
            names = name_before(frame, left[: nearest + 1], right, follows)
            if names is None or (scope != "all" and not of_requests(names)):
                return None  # 对企业作出行政处罚 5 件: of the decisions, a part
            return names, scope
    return _inherited(frame, left, right, scope) or _after(frame, left, right, scope)


def _only_disclosed(left: Sequence[Token]) -> bool:
    said = [token.kind for token in left if token.kind not in ("neutral", "part")]
    return said == ["disclose"]


def _is_thing(token: Token) -> bool:
    """Whether a word after a verb names what is counted, and not a request."""
    return token.kind == "plain" or token.value == "类"


def _added(before: Sequence[Token], carry: Token, after: Sequence[Token]) -> bool:
    """Whether what is carried over is added to what was told, and a number is the sum."""
    return (
        carry.value in CARRIES
        and any(t.value in SUMS for t in after)
        and any(t.value.endswith(_ADDING) for t in before)
    )


def _next_kind(right: Sequence[Token]) -> str:
    """The kind of the first name after a number, if little stands between and no other number."""
    between = 0
    for token in right:
        if token.kind in NAMING:
            return token.kind
        between += unknown_length([token])
        if token.number is not None or between > WIDE or token.kind == "conjunction":
            return ""
    return ""


def _inherited(
    frame: SentenceContext, left: Sequence[Token], right: Sequence[Token], scope: str
) -> tuple[Names, str] | None:
    """What an earlier clause counts: 其中自然人 5 件, 共计 12 件."""
    counted = frame.last if frame.last and of_requests(frame.last) else None
    places = [index for index, token in enumerate(left) if token.kind == "scope"]
    results = counted and any(name.startswith("results.") for name in counted)
    if places and results and not frame.inner:
        return None  # 不予公开 2 件，自然人 5 件: of all requests, or of that result?
    if places and unknown_length(left[places[-1] + 1 :]) <= 1 and unknown_length(left) <= NARROW:
        return (counted or ("requests",), scope) if counted or frame.topic else None
    about = any(token.value in ABOUT_DISCLOSURE for token in left)
    if frame.part and about and len(frame.cases) == 1 and unknown_length(left) <= NARROW:
        return tuple(frame.cases), scope  # 行政复议 12 件，其中信息公开类 2 件
    summed = (
        any(token.value in SUMS for token in left)
        and not unknown_length(left)
        and unknown_length(right) <= 1
    )
    if counted and summed:
        if frame.named:  # 第二类是不予公开，共 25 件
            return ((frame.named[0],), scope) if len(frame.named) == 1 else None
        if counted == ("received.carried",) and frame.whole:
            return ("handled",), scope  # 收到 50 件，加上上年结转 3 件，共计 53 件
        if set(counted) <= WHOLES:
            return counted, scope
        if all(name.startswith("results.") for name in counted) and len(frame.mentioned) > 1:
            return ("concluded",), scope
    return None


def _after(
    frame: SentenceContext, left: Sequence[Token], right: Sequence[Token], scope: str
) -> tuple[Names, str] | None:
    """The name right after a number: 5 件予以公开; 5 件为自然人; 共有 5 件政府信息公开申请."""
    for index, token in enumerate(right):
        if token.kind == "neutral":
            continue
        if token.kind == "request" and index == 0 and _all_answered(frame, left, right[1:]):
            return ("concluded",), scope  # 14 件申请全部办结
        if token.kind == "request" and index == 0 and token.value not in BARE:
            has = any(t.value in ("有", "共") for t in left)
            return (("requests",), scope) if has and not unknown_length(left) else None
        if token.kind == "conclude" and index == 0 and token.value.endswith("件"):
            return (("concluded",), scope) if frame.topic else None  # 22 件办结件中
        right_of = token.value.startswith(("results.", "row:")) or token.value in CARRIES
        if token.kind == "head" and right_of and frame.topic:
            # 5 件不予公开 3 件: the word belongs to the number after it.
            taken = next((t for t in right[index + 1 :] if t.kind != "neutral"), None)
            name = carry(frame, left, right) if token.value == "carry" else token.value
            return None if taken and taken.number else ((name,), scope)
        if token.kind == "outcome" and frame.last and frame.last[0].partition(":")[0] == frame.case:
            taken = next((t for t in right[index + 1 :] if t.kind != "neutral"), None)
            if frame.case and not (taken and taken.number):
                return (f"{frame.case}:{token.value}",), scope  # 其中 6 件维持
        if token.kind == "scope" and index and frame.last and of_requests(frame.last):
            return frame.last, scope
        return None
    return None


def _all_answered(frame: SentenceContext, left: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether requests of which nothing else is said have all been answered."""
    known = [t for t in left if t.kind not in ("neutral", "year", "this_year", "own")]
    if known or frame.part or not frame.topic:
        return False
    until = list(itertools.takewhile(lambda t: t.kind == "neutral", after))
    closing = after[len(until) : len(until) + 1]
    every = any(t.value in ("全部", "均", "均已") for t in until)
    return every and bool(closing) and closing[0].kind == "conclude"


def scope_of(left: Sequence[Token], right: Sequence[Token]) -> str | None:
    """Whose requests are counted: all, or one group of applicants; None where it is several."""
    scopes = [token.value for token in left if token.kind == "scope"]
    for token in right:
        if token.kind == "scope":
            scopes.append(token.value)
            break
        if token.kind != "neutral":
            break
    found = set(scopes)
    if not found or "all" in found or ("natural" in found and found & {"legal", "legal_any"}):
        return "all"
    return found.pop() if len(found) == 1 else None
