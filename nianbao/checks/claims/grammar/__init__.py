"""Claims: what a sentence says of the form's numbers.

A small grammar over tokens. A sentence is a list of clauses; `binding` finds what a number in a
clause counts, `denials` what is denied, and `frame` is what a clause inherits from those before it
in the same sentence, never from another sentence. A number that can't be tied to a name without
guessing is no claim.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.grammar.binding import bind_number
from nianbao.checks.claims.grammar.context import SentenceContext, clauses
from nianbao.checks.claims.grammar.negation import find_negated, until_other_nouns
from nianbao.checks.claims.organizations import names_others, tag_own_body
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    CASES,
    CAUSES,
    DECISIONS,
    SUMS,
    VERBS,
    WHOLES,
    of_requests,
    request_tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.claims.tokens import Token

# 项 counts items of a list of powers, 条 published pieces of information.
_DECISION_MEASURES: Final = frozenset({"件", "件次", "宗", "起", "例", "份", "个", ""})

_ABOUT: Final = CAUSES | ABOUT_DISCLOSURE
_OTHER_CAUSES: Final = frozenset({"unknown", "plain", "aside", "elsewhere"})


class Claim(NamedTuple):
    """`names` are what is counted (roles of the form, or received, handled, concluded, requests,
    carry), several where the sentence adds them up; `number` is None where it is denied.

    `start`–`end` is the number or the denied word, `first`–`last` the words around it; `part` says
    that it comes after 其中; `sentence` is where its sentence ends.
    """

    names: tuple[str, ...]
    scope: str
    number: Numeral | None
    start: int
    end: int
    first: int
    last: int
    sentence: int
    part: bool = False


def parse_claims(
    tokens: Sequence[Token],
    year: int,
    body: str,
    *,
    government: bool,
    topic: bool,
    disclosure: bool,
) -> Iterator[Claim]:
    """The claims of one sentence about the year and the body.

    `government`: the body's figures are those of all that is below it; `topic`: the text is about
    requests even where it does not say so; `disclosure`: cases that it tells of are about
    disclosure.
    """
    tokens = tag_own_body(tokens, body)
    kinds = {token.kind for token in tokens}
    has_request = any(request_tokens(tokens))
    about = topic or disclosure or any(token.value in ABOUT_DISCLOSURE for token in tokens)

    def new_frame() -> SentenceContext:
        frame = SentenceContext(year, body, government, topic or has_request, about or has_request)
        frame.revision = "revision" in kinds
        frame.levels = government and names_others(tokens, body)
        frame.cases_from = _cases_from(tokens)
        frame.delayed = "delayed" in kinds
        return frame

    end = tokens[-1].end
    if "number" in kinds:
        frame = new_frame()
        for delimiter, clause in clauses(tokens, ",，、；;：:()（）"):
            yield from _numbers(frame, delimiter, clause, end)
    if "negation" in kinds:
        frame = new_frame()
        for delimiter, segment in clauses(tokens, "，,；;：:（）()"):
            yield from _denied(frame, delimiter, until_other_nouns(segment), end)


def _cases_from(tokens: Sequence[Token]) -> int:
    """Where a sentence begins to speak of disclosure.

    行政复议 12 件，其中涉及政府信息公开 2 件: the whole is of another kind.
    """
    requests = {token.start for token in request_tokens(tokens)}
    begins = -1
    part = False
    for token in tokens:
        part = (part and token.kind != "stop") or token.kind == "part"
        if token.start in requests or token.value in ABOUT_DISCLOSURE:
            begins = token.start if begins < 0 or part else begins
    return max(begins, 0)


def _numbers(
    frame: SentenceContext, delimiter: str, clause: list[Token], end: int
) -> Iterator[Claim]:
    usable = frame.begin_clause(delimiter, clause)
    begin = 0
    bound = False
    for index, token in enumerate(clause):
        if token.kind == "compare":
            break
        frame.see_year(clause, token)
        if token.number is None:
            continue
        left, right = clause[begin:index], clause[index + 1 :]
        # 两项合计 21 件: what is summed stays before the sum.
        begin = index if right and right[0].value in SUMS else index + 1
        if token.number.kind == "other" or not usable or frame.other_year:
            continue
        found = bind_number(frame, left, right)
        if found is None or not _plausible(frame, clause, found[0], token):
            continue
        names, scope = found
        bound = frame.claimed = True
        if len(names) == 1 and frame.listed and names[0] not in frame.listed:
            names = (*frame.listed, *names)  # 予以公开、部分公开共 5 件
        frame.listed = []
        frame.last = names
        if set(names) <= WHOLES:
            frame.whole = names
        frame.mentioned.append(names)
        yield Claim(
            names,
            scope,
            token.number,
            token.number.start,
            token.number.end,
            left[0].start if left else token.start,
            _quote_end(token, right),
            end,
            frame.part,
        )
    frame.end_clause(clause, usable=usable, bound=bound)


def _denied(
    frame: SentenceContext, delimiter: str, segment: list[Token], end: int
) -> Iterator[Claim]:
    usable = frame.begin_clause(delimiter, segment)
    for token in segment:
        frame.see_year(segment, token)
    if usable and not frame.other_year:
        for name, scope, token, negation in find_negated(frame, segment):
            yield Claim(
                (name,), scope, None, token.start, token.end, negation.start, token.end, end
            )


def _quote_end(number: Token, right: Sequence[Token]) -> int:
    """A quote ends with the measure word, or with the noun that follows it."""
    for token in right:
        if token.kind in ("request", "document", "head"):
            return token.end
        if token.kind != "neutral":
            break
    return number.end


def _plausible(
    frame: SentenceContext, clause: Sequence[Token], names: tuple[str, ...], token: Token
) -> bool:
    """Whether a number of this kind can be of what it seems to count."""
    number = token.number
    assert number is not None
    if ("fees" in names) != (number.kind == "money"):
        return False
    if of_requests(names):
        return frame.topic and not frame.astray
    about = any(t.value in _ABOUT for t in clause)
    if frame.part and not frame.claimed and not about:
        return False  # a part of a whole that is not of the form
    if DECISIONS.intersection(names):
        return number.measure in _DECISION_MEASURES
    if CASES.intersection(name.partition(":")[0] for name in names):
        # Whoever 受理 or 审理 a case is the authority that reviews, not the one reviewed.
        part = frame.reviewing and any(t.kind == "part" for t in clause)
        if _of_another_cause(clause):
            frame.judging = True
        elif about and not part:
            frame.judging = False
        elif any(t.kind in VERBS for t in clause):
            frame.judging = True
        caused = frame.judging or any(t.value in CAUSES for t in clause)
        if not number.value and not caused:
            return True  # 行政复议 0 件 leaves none for disclosure
        return frame.disclosure and not frame.judging and token.start >= frame.cases_from
    return True


def _another(token: Token) -> bool:
    return token.kind in _OTHER_CAUSES or token.value in DECISIONS


def _of_another_cause(clause: Sequence[Token]) -> bool:
    """Whether a clause gives a case a cause other than disclosure: 因林权纠纷引发行政复议."""
    if any(token.value in ABOUT_DISCLOSURE for token in clause) or any(request_tokens(clause)):
        return False
    return any(
        (before.value in ("因", "由") and token.length > 1 and _another(token))
        or (token.value == "类" and _another(before))  # 举报类行政诉讼
        for before, token in itertools.pairwise(clause)
    )
