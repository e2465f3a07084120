"""Bind each number to the name of the thing that the number counts.

The name comes before the number (予以公开 5 件) or directly after it (5 件予以公开). If the clause
has no name, an earlier clause supplies the name.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.grammar.names import carry_name, name_before
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    BARE,
    CARRIES,
    CASES,
    CONCLUSIONS,
    DECISIONS,
    NAMING,
    NARROW,
    NEGATIONS,
    SUMS,
    VERBS,
    WHOLES,
    WIDE,
    of_requests,
    unknown_length,
    verb_name,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.checks.claims.grammar.context import SentenceContext
    from nianbao.checks.claims.tokens import Names, Token

_CASE_NOUNS: Final = frozenset({"案件", "案"})
_APPLYING: Final = frozenset({"提出", "提交", "的"})
_REST: Final = frozenset({"其他", "其它"})
_ALREADY: Final = frozenset({"已", "均", "均已", "全部"})
_ADDING: Final = ("加", "加上", "连同", "含", "包括", "计入")


class Binding(NamedTuple):
    """The things that a number counts.

    `names`: the names of these things, such as roles of rows (see `Claim`).
    `scope`: the group of applicants whose requests are counted, or `all`.
    `guessed`: True if other claims in the same text must confirm the names.
    """

    names: Names
    scope: str
    guessed: bool = False


def bind_number(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token]
) -> Binding | None:
    """Return the things that a number counts; None if they are uncertain.

    `left`: the tokens of the clause between the previous number and this number.
    `right`: the tokens after the number, to the end of the clause.
    """
    if not context.kinds.isdisjoint(NEGATIONS) and any(t.kind in NEGATIONS for t in left):
        return None
    scope = scope_of(left, right) if "scope" in context.kinds else "all"
    if scope is None:
        return None
    if scope == "public":
        # 收到群众申请 26 件; but 其中群众 25 件，企业 1 件.
        scope = "natural" if context.parts.active else "all"
    if "disclose" in context.kinds and (_only_disclosed(left) or _then_disclosed(left, right)):
        about_requests = context.facts.about_requests
        guessed = not _answers(context)
        return Binding(("results.granted",), scope, guessed) if about_requests else None
    names = _names(context, left, right, scope)
    return Binding(names, scope) if names else None


def _names(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token], scope: str
) -> Names | None:
    positions = [index for index, token in enumerate(left) if token.kind in NAMING]
    if positions and left[-1].value != "中":  # 收到的申请中 5 件公开: a part
        nearest, after = left[positions[-1]], left[positions[-1] + 1 :]
        if nearest.kind == "conclude" and left[-1].kind == "disclose":
            return ("results.granted",) if context.facts.about_requests else None  # 答复中公开 5 件
        if nearest.kind == "short" and unknown_length(after):
            return None  # 许可证 5 件
        if nearest.kind in VERBS and any(t.kind == "plain" or t.value == "类" for t in after):
            return None  # 收到申请书 4 份; 信访答复类 6 件
        if any(token.kind == "conjunction" for token in after):
            return _with_rest(nearest, after)
        if nearest.kind in VERBS and _of_cases(left, after):
            return None  # 办理相关案件 5 件
        if _is_sum_with_carried(left[: positions[-1]], nearest, after):
            return ("handled",)  # 加上年结转的共 9 件
        follows = _next_kind(right)
        limit = WIDE if nearest.kind in VERBS and follows == "request" else NARROW
        if unknown_length(after) <= limit:
            names = name_before(context, left[: positions[-1] + 1], right, follows)
            if names is None and nearest.kind in VERBS and follows == "head":
                return _decisions_after(right)  # 办理 5 件行政许可
            if names is None or scope == "all" or of_requests(names):
                return names
            return None  # 对企业作出行政处罚 5 件: only a part of the decisions
    return (
        _before_bracket(context, left)
        or _rest_of_results(context, left)
        or _inherited(context, left, right)
        or _named_after(context, left, right)
    )


def _before_bracket(context: SentenceContext, left: Sequence[Token]) -> Names | None:
    """Return the row that a bracket before the number names: 不予处理（重复申请）5 件.

    In some cases the row before the bracket is counted too: 予以公开（含部分公开）5 件.
    """
    rows, outer = context.rows.latest, context.rows.before_bracket
    if left or not context.after_bracket or len(rows) != 1:
        return None
    return tuple(rows) if rows[0].startswith("row:") else (*outer, *rows)


def _rest_of_results(context: SentenceContext, left: Sequence[Token]) -> Names | None:
    """Return the row that 其他 means in a list of results: 其他处理, or 其他结果 of a case.

    `left`: the tokens before the number, as in 其他 5 件. Return None if they are not 其他.
    """
    counted = context.antecedents.counted
    if "".join(token.value for token in left if token.kind != "stop") not in _REST or not counted:
        return None
    case, _, outcome = counted[0].partition(":")
    if outcome and case in CASES:
        return tuple(f"{name.partition(':')[0]}:other" for name in counted)
    of_results = counted[0].startswith("results.") and counted != ("results.otherwise",)
    return ("results.otherwise",) if of_results else None


def _with_rest(name: Token, after: Sequence[Token]) -> Names | None:
    """Return the names that 不予处理及其他 5 件 counts: `name` and the other results.

    Return None if `name` is joined to an unknown noun.
    """
    joined = "".join(token.value for token in after if token.kind != "conjunction")
    of_results = name.value.startswith("results.")
    return (name.value, "results.otherwise") if of_results and joined in _REST else None


def _only_disclosed(left: Sequence[Token]) -> bool:
    """Return True if only 公开 comes before a number, which counts answers or published texts."""
    return [t.kind for t in left if t.kind not in ("neutral", "part")] == ["disclose"]


def _then_disclosed(left: Sequence[Token], right: Sequence[Token]) -> bool:
    """Return True if a number stands alone with 公开 after it: 其中 10 件公开，3 件部分公开."""
    before = {token.kind for token in left}
    after = [token.kind for token in right if token.kind != "neutral"]
    return before <= {"neutral", "part"} and after == ["disclose"]


def _answers(context: SentenceContext) -> bool:
    """Return True if 公开 means an answer, as in 办结 5 件，其中公开 3 件, and not publishing."""
    counted = context.antecedents.counted if context.facts.about_requests else ()
    return context.antecedents.answered or any(
        name in CONCLUSIONS or name.startswith("results.") for name in counted[:1]
    )


def _of_cases(left: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return True if a verb counts cases (案件) that need not be requests for information."""
    cases = any(token.value in _CASE_NOUNS for token in after)
    return cases and not any(token.value in ABOUT_DISCLOSURE for token in left)


def _is_sum_with_carried(before: Sequence[Token], name: Token, after: Sequence[Token]) -> bool:
    """Return True if a number includes last year's open requests: 加上上年结转的共 9 件."""
    return (
        name.value in CARRIES
        and any(token.value in SUMS for token in after)
        and any(token.value.endswith(_ADDING) for token in before)
    )


def _next_kind(right: Sequence[Token]) -> str:
    """Return the kind of the first name after a number, or "" if no name is near."""
    between = 0
    for token in right:
        if token.kind in NAMING:
            return token.kind
        between += unknown_length([token])
        if token.number is not None or between > WIDE or token.kind == "conjunction":
            return ""
    return ""


def _inherited(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token]
) -> Names | None:
    """Return the names that a number takes from an earlier clause: 其中自然人 5 件, 共计 12 件."""
    antecedents, latest_rows = context.antecedents, context.rows.latest
    counted = antecedents.counted if of_requests(antecedents.counted) else ()
    scopes = [index for index, token in enumerate(left) if token.kind == "scope"]
    if scopes and _may_be_of_all(context, counted):
        return None
    near = unknown_length(left) <= NARROW
    if scopes and near and unknown_length(left[scopes[-1] + 1 :]) <= 1:
        about = counted or context.facts.about_requests
        return (counted or ("requests",)) if about else None
    about_disclosure = any(token.value in ABOUT_DISCLOSURE for token in left)
    if context.parts.active and about_disclosure and near and len(antecedents.cases) == 1:
        return tuple(antecedents.cases)  # 行政复议 12 件，其中信息公开类 2 件
    carried = len(counted) == 1 and counted[0] in ("received.carried", "carry")
    # 收到 8 件，加上结转 1 件共 9 件: the number before the sum is one of those that it adds up.
    summed = left[1:] if carried and left and left[0].number is not None else left
    is_sum = any(token.value in SUMS for token in left) and not unknown_length(summed)
    if not counted or not is_sum or unknown_length(right) > 1:
        return None
    if latest_rows:  # 第二类是不予公开，共 25 件
        return (latest_rows[0],) if len(latest_rows) == 1 else None
    if carried and antecedents.whole:
        return ("handled",)  # 收到 50 件，加上上年结转 3 件，共计 53 件
    if set(counted) <= WHOLES:
        return counted
    if all(name.startswith("results.") for name in counted) and antecedents.claims > 1:
        return ("concluded",)
    return None


def _named_after(
    context: SentenceContext, left: Sequence[Token], right: Sequence[Token]
) -> Names | None:
    """Return the names right after a number: 5 件予以公开; 5 件为自然人; 共有 5 件公开申请."""
    index = next((i for i, token in enumerate(right) if token.kind != "neutral"), None)
    if index is None:
        return None
    token, after = right[index], right[index + 1 :]
    about_requests, counted = context.facts.about_requests, context.antecedents.counted
    names: Names | None = None
    if token.kind == "request" and index == 0 and (verb := _all_handled(context, left, after)):
        names = (verb,)  # 14 件申请全部办结
    elif token.kind == "request" and index == 0 and (row := _row_after(after)) is not None:
        names = (carry_name(context, left, right) if row == "carry" else row,)
    elif token.kind == "request" and index == 0 and _is_whole(context, left, after):
        names = ("requests",)  # 14 件申请中，……
    elif token.kind == "request" and index == 0 and token.value not in BARE:
        has = any(t.value in ("有", "共") for t in left)
        names = ("requests",) if has and not unknown_length(left) else None
    elif token.kind == "receive" and index == 0 and after and after[0].kind == "request":
        names = None if _beyond_dates(left) else ("received",)  # 14 件新收申请
    elif token.kind == "receive" and index and not after and "新收" in token.value:
        names = ("received",) if about_requests and not unknown_length(left) else None  # 为新收
    elif token.kind == "conclude" and about_requests and (row := _row_after(after)) is not None:
        names = (row,)  # 10 件答复为予以公开
    elif token.kind == "conclude" and index == 0 and token.value.endswith("件"):
        names = ("concluded",) if about_requests else None  # 22 件办结件中
    elif token.kind == "conclude" and not after and context.antecedents.adjacent:
        # 收到 14 件，12 件已办结; but not 12 件按时办结, or 3 件涉及土地，3 件已办结.
        plain = about_requests and not unknown_length(left)
        already = _ALREADY.issuperset(t.value for t in right[:index])
        names = ("concluded",) if plain and already else None
    elif token.value in CASES | DECISIONS:
        names = _decisions_after(right)
    elif token.kind == "head":
        of_results = token.value.startswith(("results.", "row:")) or token.value in CARRIES
        later = bool(after) and after[0].value.startswith("后")  # 5 件同意公开后……
        if of_results and about_requests and not later and not _number_follows(after):
            names = (carry_name(context, left, right) if token.value == "carry" else token.value,)
    elif token.kind == "outcome":
        case = context.antecedents.case
        if case and counted and counted[0].partition(":")[0] == case and not _number_follows(after):
            names = (f"{case}:{token.value}",)  # 其中 6 件维持
    elif token.kind == "scope" and index and counted and of_requests(counted):
        # 5 件来自企业员工 counts people, not the applicants of that column.
        people = bool(after) and after[0].kind == "unknown"
        names = None if people or _may_be_of_all(context, counted) else counted
    elif token.kind == "scope" and index and about_requests and _applies(after):
        names = ("requests",)  # 18 件由自然人提出
    return names


def _may_be_of_all(context: SentenceContext, counted: Names) -> bool:
    """Return True if applicants named next may be those of all requests, not of the last number.

    Examples: 不予公开 2 件，自然人 5 件; 收到 20 件，上年结转 2 件，其中自然人 20 件.

    `counted`: what the last number counts.
    """
    carried = not CARRIES.isdisjoint(counted)
    divided = carried or any(name.startswith("results.") for name in counted)
    named_all = carried and bool(context.antecedents.whole)
    return divided and (named_all or not context.parts.of_counted)


def _applies(after: Sequence[Token]) -> bool:
    """Return True if a clause ends with 提出 or 申请: 18 件由自然人提出."""
    return bool(after) and all(
        token.value in _APPLYING or (token.kind == "request" and token.value in BARE)
        for token in after
    )


def _decisions_after(right: Sequence[Token]) -> Names | None:
    """Return the decisions or cases right after a number: 5 件行政处罚, 1 件……的行政复议."""
    known = list(itertools.takewhile(lambda token: token.kind == "neutral", right))
    head, after = right[len(known)], right[len(known) + 1 :]
    ends = not after or after[0].kind in ("neutral", "conjunction")
    names = CASES | DECISIONS
    return (head.value,) if head.value in names and ends and not _number_follows(after) else None


def _number_follows(tokens: Sequence[Token]) -> bool:
    """Return True if the next number belongs to the word before these tokens: 5 件不予公开 3 件."""
    following = next((token for token in tokens if token.kind != "neutral"), None)
    return following is not None and following.number is not None


def _row_after(after: Sequence[Token]) -> str | None:
    """Return the row that alone comes next: 3 件申请结转下年度, 对 3 件申请不予公开; else None."""
    following = [token for token in after if token.kind != "neutral"]
    if not following or not (following[0].value in CARRIES or of_requests((following[0].value,))):
        return None
    ends = following[0].value in CARRIES or len(following) == 1
    return following[0].value if following[0].kind == "head" and ends else None


def _is_whole(context: SentenceContext, left: Sequence[Token], after: Sequence[Token]) -> bool:
    """Return True if a clause only names all requests, which are divided next: 14 件申请中，……."""
    return (
        context.facts.about_requests
        and not _beyond_dates(left)
        and not context.parts.active
        and [token.value for token in after] == ["中"]
    )


def _beyond_dates(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens that say more than when something was, and that it was this body's."""
    return [t for t in tokens if t.kind not in ("neutral", "year", "this_year", "own", "everyone")]


def _all_handled(context: SentenceContext, left: Sequence[Token], after: Sequence[Token]) -> str:
    """Return the name of the verb, if a clause only says that requests were handled, or "".

    Examples: 14 件申请全部办结, 14 件申请按时限要求答复完毕.
    """
    if _beyond_dates(left) or context.parts.active or not context.facts.about_requests:
        return ""
    until = list(itertools.takewhile(lambda t: t.kind == "neutral", after))
    verb = next(iter(after[len(until) :]), None)
    if verb is None or verb.kind not in ("handle", "conclude"):
        return ""
    if any(t.value in ("全部", "均", "均已") for t in until):
        return "concluded" if verb.kind == "conclude" else ""
    alone = len(after) == len(until) + 1 and not context.facts.has_delays
    return verb_name(verb) if alone else ""


def scope_of(left: Sequence[Token], right: Sequence[Token]) -> str | None:
    """Return the applicants whose requests a number counts.

    The result is `all`, `public` (群众), or the role of one group in the schema.

    `left`, `right`: the tokens before and after the number.

    Return None if the tokens name several groups, but not all.
    """
    scopes = {token.value for token in left if token.kind == "scope"}
    following = next((token for token in right if token.kind != "neutral"), None)
    if following and following.kind == "scope":
        scopes.add(following.value)
    if not scopes or "all" in scopes or ("natural" in scopes and scopes & {"legal", "legal_any"}):
        return "all"
    if "public" in scopes and len(scopes) > 1:
        return "all"
    return scopes.pop() if len(scopes) == 1 else None
