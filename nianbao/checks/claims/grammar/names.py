"""Naming: what the name that stands before a number is, completed by what stands around it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.tokens import (
    BARE,
    CARRIES,
    CASES,
    DECISIONS,
    NAMING,
    TOPICS,
    VERBS,
    unknown_length,
    verb_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.grammar.context import SentenceContext
    from nianbao.checks.claims.tokens import Token

Names = tuple[str, ...]

# What is said of how something was dealt with, as well as that it was.
_WAYS: Final = frozenset({"处理", "处置"})


def name_before(
    frame: SentenceContext, left: Sequence[Token], right: Sequence[Token], follows: str
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
            return (carry(frame, left, right) if value == "carry" else value,)
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


def _head(frame: SentenceContext, left: Sequence[Token], right: Sequence[Token]) -> Names | None:
    nearest, before = left[-1], left[:-1]
    if nearest.value == "carry":
        return (carry(frame, left, right),)
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


def _request(frame: SentenceContext, left: Sequence[Token], right: Sequence[Token]) -> Names | None:
    nearest, before = left[-1], left[:-1]
    between = list(itertools.takewhile(lambda token: token.kind not in NAMING, reversed(before)))
    if unknown_length(between) > (0 if nearest.value in BARE else 1):
        return None
    if any(token.value in TOPICS for token in between):
        return None
    carried = next((t.value for t in before if t.value in CARRIES), "")
    if carried:
        return (carry(frame, left, right) if carried == "carry" else carried,)
    for token in reversed(before):
        if token.kind in VERBS:
            return (verb_name(token),)
        if token.kind == "head" and token.value.startswith(("results.", "row:")):
            return (token.value,)
        if token.kind in ("head", "document", "flow"):
            return None
    return ("requests",)


def _documents(
    frame: SentenceContext, left: Sequence[Token], right: Sequence[Token], follows: str
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


def carry(frame: SentenceContext, left: Sequence[Token], right: Sequence[Token]) -> str:
    """结转 with a year beside it: 2021年结转 or 结转2023年; without one it may be either."""
    years = {token.value for token in (*left, *right) if token.kind == "year"}
    if str(frame.year - 1) in years:
        return "received.carried"
    if str(frame.year + 1) in years:
        return "carried.next"
    return "carry"


def _said(tokens: Sequence[Token]) -> bool:
    """Whether more stands there than a year and words such as 至, 到."""
    return any(t.kind not in ("year", "other_year", "neutral") for t in tokens if t.length > 1)
