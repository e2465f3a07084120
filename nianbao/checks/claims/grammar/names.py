"""Find names before a number: the things that the number counts."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.tokens import (
    BARE,
    CARRIES,
    CASES,
    DECISIONS,
    NAMING,
    VERBS,
    names_topic,
    unknown_length,
    verb_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.grammar.context import SentenceContext
    from nianbao.checks.claims.tokens import Names, Token

# Verbs that also occur in nouns for a way to answer: 删减处理.
_WAYS: Final = frozenset({"处理", "处置"})
# Verbs that say that a decision was made.
_DECIDES: Final = frozenset({"处理", "办理", "办结"})


def name_before(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token], follows: str
) -> Names | None:
    """Return the names of the things that a number counts, if a name is before the number.

    Return None if the names are uncertain.

    `left`: the tokens before the number; the last one is a name.
    `right`: the tokens after the number.
    `follows`: the kind of the first name after the number, or "".
    """
    nearest, before = left[-1], left[:-1]
    if nearest.kind == "head":
        return _row(context, left, right)
    if nearest.kind == "short":
        example = bool(before) and before[-1].value == "等"  # 先行登记等强制
        known = (example or not unknown_length(before)) and not context.parts.active
        return (nearest.value,) if known else None  # not 采伐许可, 其中处罚
    if nearest.kind == "outcome":
        case = next((token.value for token in reversed(before) if token.value in CASES), "")
        cases = (case,) if case else context.antecedents.cases_counted()
        return tuple(f"{case}:{nearest.value}" for case in cases) or None
    if nearest.kind == "request":
        return _request(context, left, right)
    if nearest.kind in VERBS:
        return _verb(context, left, right, follows)
    return _documents(context, left, right, follows)


def _row(context: SentenceContext, left: Sequence[Token], right: Sequence[Token]) -> Names | None:
    nearest, before = left[-1], left[:-1]
    if nearest.value == "carry":
        return (carry_name(context, left, right),)
    if nearest.value in DECISIONS and any(token.kind == "request" for token in before):
        return None  # 申请公开行政处罚决定 2 件 are applications
    kind_of_case = [token.value for token in before if token.value.startswith(f"{nearest.value}.")]
    if kind_of_case:
        return (kind_of_case[-1],)  # 复议后起诉的行政诉讼 counts these lawsuits
    reason = next((token.value for token in before if token.value.startswith("row:")), "")
    if reason and not any(token.value == "等" for token in before):
        return (reason,)  # 属于国家秘密不予公开 counts the reason, not all that is refused
    names = [nearest.value]
    joined = False
    for token in reversed(before):
        if token.kind == "conjunction":
            joined = True
        elif token.value.startswith("row:"):
            break  # 因重复申请等不予处理: the row is an example of the group
        elif token.kind in ("head", "disclose") and joined:
            names.insert(0, token.value if token.kind == "head" else "results.granted")
            joined = False
        elif token.kind != "neutral":
            return None if joined else tuple(names)  # joined to an unknown noun
    return tuple(names)


def _request(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token]
) -> Names | None:
    nearest, before = left[-1], left[:-1]
    between = list(itertools.takewhile(lambda token: token.kind not in NAMING, reversed(before)))
    carried = next((token.value for token in before if token.value in CARRIES), "")
    if unknown_length(between) > (0 if nearest.value in BARE and not carried else 1):
        return None
    if names_topic(between[::-1]):
        return None
    if carried:
        return (carry_name(context, left, right) if carried == "carry" else carried,)
    for token in reversed(before):
        if token.kind in VERBS:
            return (verb_name(token),)
        if token.kind == "head" and token.value.startswith(("results.", "row:")):
            return (token.value,)
        if token.kind in ("head", "document", "flow"):
            return None
    return ("requests",)


def _verb(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token], follows: str
) -> Names | None:
    nearest, before = left[-1], left[:-1]
    if nearest.kind == "receive" and before and before[-1].kind == "conclude":
        return None  # 办结新收 19 件: only a part of the answers
    if follows == "request":
        return (verb_name(nearest),)
    if nearest.kind == "conclude" and before and before[-1].value.startswith(("results.", "row:")):
        return (before[-1].value,)  # 不予公开答复 2 件: a way to answer
    if nearest.kind == "conclude" and before and before[-1].kind == "disclose":
        return ("results.granted",) if context.facts.about_requests else None  # 公开答复 2 件
    carried = next((i for i, token in enumerate(before) if token.value in CARRIES), None)
    is_answer = nearest.kind in ("handle", "conclude")
    if is_answer and carried is not None and _only_year(before[carried + 1 :]):
        # 结转至2023年办理 5 件: the number counts requests carried over.
        value = before[carried].value
        return (carry_name(context, left, right) if value == "carry" else value,)
    heads = [token for token in before if token.kind == "head"]
    if heads and heads[-1].value in DECISIONS and nearest.value in _DECIDES:
        made = before[before.index(heads[-1]) + 1 :]
        # 行政许可共计处理 5 件 counts the decisions, 行政许可受理 5 件 does not.
        return (heads[-1].value,) if all(t.kind == "neutral" for t in made) else None
    if any(head.value in CASES | DECISIONS for head in heads):
        return None
    reasons = [token.value for token in before if token.value.startswith("row:")]
    if nearest.value in _WAYS and len(reasons) == 1:
        return (reasons[0],)  # 因逾期不补正作结案处理 5 件
    if nearest.value in _WAYS and before and before[-1].kind == "unknown":
        return None  # 删减处理 5 件: a way to answer
    if context.facts.has_delays and nearest.kind == "conclude":
        return None  # 按期办结 48 件，延期办结 4 件: only parts of the answers
    # 办理 5 件群众诉求: the verb counts the noun after the number.
    counted_next = ("unknown", "plain", "scope", "head", "disclose")
    counts_next = bool(right) and right[0].kind in counted_next and right[0].value != "中"
    return (verb_name(nearest),) if context.facts.about_requests and not counts_next else None


def _documents(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token], follows: str
) -> Names | None:
    nearest = left[-1]
    flows = [token.value for token in left if token.kind == "flow"]
    documents = [token.value for token in left if token.kind == "document"]
    after = next((token for token in right if token.kind != "neutral"), None)
    if nearest.kind == "document" and after is not None and after.kind == "flow":
        flows = [after.value]  # 制发的规范性文件共 6 件继续有效
    if nearest.kind == "flow" and follows == "document":
        documents = [next(token.value for token in right if token.kind == "document")]
    flow = flows[-1] if flows else context.antecedents.flow
    documents = documents or list(filter(None, [context.antecedents.document]))
    if not flow or not documents or (flow == "issued" and context.facts.has_revision):
        return None
    # 制发、废止规范性文件 N 件 has two flows: the number could belong to either.
    if len(set(flows)) > 1 and nearest.kind == "document":
        return None
    return tuple(f"{document}.{flow}" for document in dict.fromkeys(documents))


def carry_name(context: SentenceContext, left: Sequence[Token], right: Sequence[Token]) -> str:
    """Return the name of what 结转 (carried over) counts.

    The name is `received.carried` for 2021年结转 in a report on 2022, and `carried.next` for
    结转2023年. Without a year, the name is `carry`, which can be either.

    `left`, `right`: the tokens before and after 结转.
    """
    years = {token.value for token in (*left, *right) if token.kind == "year"}
    if str(context.facts.year - 1) in years:
        return "received.carried"
    return "carried.next" if str(context.facts.year + 1) in years else "carry"


def _only_year(tokens: Sequence[Token]) -> bool:
    """Return True if the tokens are only a year, or a year with one-character words such as 至."""
    return all(t.kind in ("year", "other_year", "neutral") for t in tokens if t.length > 1)
