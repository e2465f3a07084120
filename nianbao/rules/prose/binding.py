"""Binding: which name a number belongs to.

A number belongs to the nearest name before it in its clause (收到……申请 5 件, 予以公开 5 件), or to
one right after it (5 件予以公开, 收到 5 件申请); what the clause leaves out comes from the frame.
Where that would be guessing, the number belongs to nothing.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.rules.prose.terms import (
    ABOUT_DISCLOSURE,
    BARE,
    CARRIES,
    CASES,
    DECISIONS,
    NAMING,
    NARROW,
    SUMS,
    TOPICS,
    VERBS,
    WHOLES,
    WIDE,
    gap,
    of_requests,
    verb_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.rules.prose.frame import Frame
    from nianbao.rules.prose.tokens import Token

Names = tuple[str, ...]

# What is said of how something was dealt with, as well as that it was.
_WAYS: Final = frozenset({"处理", "处置"})


def bind(frame: Frame, left: Sequence[Token], right: Sequence[Token]) -> tuple[Names, str] | None:
    """What a number counts, and for which applicants; None where that can't be told.

    `left` and `right` are the tokens of its clause up to the numbers before and after it.
    """
    scope = scope_of(left, right)
    if scope is None or any(token.kind == "negation" for token in left):
        return None
    if _only_disclosed(left):
        # 办结 5 件，其中公开 3 件; elsewhere 公开 is publishing.
        told = frame.last[0] if frame.last and frame.topic else ""
        answers = frame.answered or told == "concluded" or told.startswith("results.")
        return (("results.granted",), scope) if answers else None
    places = [index for index, token in enumerate(left) if token.kind in NAMING]
    follows = _next_kind(right)
    if places:
        nearest = places[-1]
        between = gap(left[nearest + 1 :])
        verb_of_next = left[nearest].kind in VERBS and follows == "request"
        if between <= NARROW or (verb_of_next and between <= WIDE):
            names = _before(frame, left[: nearest + 1], right, follows)
            if names is None or (scope != "all" and not of_requests(names)):
                return None  # 对企业作出行政处罚 5 件: of the decisions, a part
            return names, scope
    return _inherited(frame, left, right, scope) or _after(frame, left, right, scope)


def _only_disclosed(left: Sequence[Token]) -> bool:
    said = [token.kind for token in left if token.kind not in ("neutral", "part")]
    return said == ["disclose"]


def _said(tokens: Sequence[Token]) -> bool:
    """Whether more stands there than a year and words such as 至, 到."""
    return any(t.kind not in ("year", "other_year", "neutral") for t in tokens if t.length > 1)


def _next_kind(right: Sequence[Token]) -> str:
    """The kind of the first name after a number, if little stands between and no other number."""
    between = 0
    for token in right:
        if token.kind in NAMING:
            return token.kind
        between += gap([token])
        if token.number is not None or between > WIDE or token.kind == "conjunction":
            return ""
    return ""


def _before(
    frame: Frame, left: Sequence[Token], right: Sequence[Token], follows: str
) -> Names | None:
    """The name that ends `left`, completed by what stands before it in the clause."""
    nearest, before = left[-1], left[:-1]
    if nearest.kind == "head":
        return _head(frame, left, right)
    if nearest.kind == "outcome":
        case = next((t.value for t in reversed(before) if t.value in CASES), frame.case)
        return (f"{case}:{nearest.value}",) if case else None
    if nearest.kind == "request":
        return _request(frame, left, right)
    if nearest.kind in VERBS:
        if follows == "request":
            return (verb_name(nearest),)
        carried = next((i for i, t in enumerate(before) if t.value in CARRIES), None)
        if nearest.kind == "handle" and carried is not None and not _said(before[carried + 1 :]):
            # 结转至2023年办理 5 件 counts what is carried over
            value = before[carried].value
            return (_carry(frame, left, right) if value == "carry" else value,)
        if any(t.kind == "head" and t.value in CASES | DECISIONS for t in before):
            return None
        if nearest.value in _WAYS and before and before[-1].kind == "unknown":
            return None  # 删减处理 5 件 is a way to answer
        if frame.delayed and nearest.kind == "conclude":
            return None  # 按期办结 48 件，延期办结 4 件 are parts
        # 办理 5 件群众诉求 counts what follows.
        glued = bool(right) and right[0].kind in ("unknown", "plain", "scope", "head", "disclose")
        glued = glued and right[0].value != "中"
        return (verb_name(nearest),) if frame.topic and not glued else None
    return _documents(frame, left, right, follows)


def _head(frame: Frame, left: Sequence[Token], right: Sequence[Token]) -> Names | None:
    nearest, before = left[-1], left[:-1]
    if nearest.value == "carry":
        return (_carry(frame, left, right),)
    if nearest.value in DECISIONS and any(t.kind == "request" for t in before):
        return None  # 申请公开行政处罚决定 2 件 are applications
    reason = next((t.value for t in before if t.value.startswith("row:")), "")
    if reason:
        return (reason,)  # 属于国家秘密不予公开 counts the reason, not all that is refused
    names: list[str] = []
    joined = False
    for token in reversed(before):
        if token.kind == "conjunction":
            joined = True
        elif token.kind == "head" and joined:
            names.insert(0, token.value)
            joined = False
        elif token.kind == "disclose" and joined:
            names.insert(0, "results.granted")
            joined = False
        elif token.kind != "neutral":
            if joined:
                return None  # joined to something unknown
            break
    return (*names, nearest.value)


def _request(frame: Frame, left: Sequence[Token], right: Sequence[Token]) -> Names | None:
    nearest, before = left[-1], left[:-1]
    between = list(itertools.takewhile(lambda token: token.kind not in NAMING, reversed(before)))
    if gap(between) > (0 if nearest.value in BARE else 1):
        return None
    if any(token.value in TOPICS for token in between):
        return None
    carried = next((t.value for t in before if t.value in CARRIES), "")
    if carried:
        return (_carry(frame, left, right) if carried == "carry" else carried,)
    for token in reversed(before):
        if token.kind in VERBS:
            return (verb_name(token),)
        if token.kind == "head" and token.value.startswith(("results.", "row:")):
            return (token.value,)
        if token.kind in ("head", "document", "flow"):
            return None
    return ("requests",)


def _documents(
    frame: Frame, left: Sequence[Token], right: Sequence[Token], follows: str
) -> Names | None:
    nearest = left[-1]
    flows = [t.value for t in left if t.kind == "flow"]
    documents = [t.value for t in left if t.kind == "document"]
    after = next((t for t in right if t.kind != "neutral"), None)
    if nearest.kind == "document" and after is not None and after.kind == "flow":
        flows = [after.value]  # 制发的规范性文件共 6 件继续有效
    if nearest.kind == "flow" and follows == "document":
        documents = [next(t.value for t in right if t.kind == "document")]
    documents = documents or ([frame.document] if frame.document else [])
    flows = flows or ([frame.flow] if frame.flow else [])
    if not flows or not documents or (flows[-1] == "issued" and frame.revision):
        return None
    # 制发、废止规范性文件 N 件 would be two flows and says nothing of either.
    if len(set(flows)) > 1 and nearest.kind == "document":
        return None
    return tuple(f"{document}.{flows[-1]}" for document in dict.fromkeys(documents))


def _carry(frame: Frame, left: Sequence[Token], right: Sequence[Token]) -> str:
    """结转 with a year beside it: 2021年结转 or 结转2023年; without one it may be either."""
    years = {token.value for token in (*left, *right) if token.kind == "year"}
    if str(frame.year - 1) in years:
        return "received.carried"
    if str(frame.year + 1) in years:
        return "carried.next"
    return "carry"


def _inherited(
    frame: Frame, left: Sequence[Token], right: Sequence[Token], scope: str
) -> tuple[Names, str] | None:
    """What an earlier clause counts: 其中自然人 5 件, 共计 12 件."""
    counted = frame.last if frame.last and of_requests(frame.last) else None
    places = [index for index, token in enumerate(left) if token.kind == "scope"]
    results = counted and any(name.startswith("results.") for name in counted)
    if places and results and not frame.inner:
        return None  # 不予公开 2 件，自然人 5 件: of all requests, or of that result?
    if places and gap(left[places[-1] + 1 :]) <= 1 and gap(left) <= NARROW:
        return (counted or ("requests",), scope) if counted or frame.topic else None
    about = any(token.value in ABOUT_DISCLOSURE for token in left)
    if frame.part and about and len(frame.cases) == 1 and gap(left) <= NARROW:
        return tuple(frame.cases), scope  # 行政复议 12 件，其中信息公开类 2 件
    summed = any(token.value in SUMS for token in left) and not gap(left) and gap(right) <= 1
    if counted and summed:
        if frame.named:  # 第二类是不予公开，共 25 件
            return ((frame.named[0],), scope) if len(frame.named) == 1 else None
        if counted == ("received.carried",) and frame.whole:
            return ("handled",), scope  # 收到 50 件，加上上年结转 3 件，共计 53 件
        if set(counted) <= WHOLES:
            return counted, scope
        if all(name.startswith("results.") for name in counted) and len(frame.told) > 1:
            return ("concluded",), scope
    return None


def _after(
    frame: Frame, left: Sequence[Token], right: Sequence[Token], scope: str
) -> tuple[Names, str] | None:
    """The name right after a number: 5 件予以公开; 5 件为自然人; 共有 5 件政府信息公开申请."""
    for index, token in enumerate(right):
        if token.kind == "neutral":
            continue
        if token.kind == "request" and index == 0 and _all_answered(frame, left, right[1:]):
            return ("concluded",), scope  # 14 件申请全部办结
        if token.kind == "request" and index == 0 and token.value not in BARE:
            has = any(t.value in ("有", "共") for t in left)
            return (("requests",), scope) if has and not gap(left) else None
        right_of = token.value.startswith(("results.", "row:")) or token.value in CARRIES
        if token.kind == "head" and right_of and frame.topic:
            # 5 件不予公开 3 件: the word belongs to the number after it.
            taken = next((t for t in right[index + 1 :] if t.kind != "neutral"), None)
            name = _carry(frame, left, right) if token.value == "carry" else token.value
            return None if taken and taken.number else ((name,), scope)
        if token.kind == "outcome" and frame.last and frame.last[0].partition(":")[0] == frame.case:
            taken = next((t for t in right[index + 1 :] if t.kind != "neutral"), None)
            if frame.case and not (taken and taken.number):
                return (f"{frame.case}:{token.value}",), scope  # 其中 6 件维持
        if token.kind == "scope" and index and frame.last and of_requests(frame.last):
            return frame.last, scope
        return None
    return None


def _all_answered(frame: Frame, left: Sequence[Token], after: Sequence[Token]) -> bool:
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
