"""Parse the tokens of a sentence into claims about the numbers of the form.

`binding` finds what a number counts, and `negation` finds what is denied. `context` passes words on
from clause to clause.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.grammar.binding import bind_number
from nianbao.checks.claims.grammar.context import YEARS, SentenceContext, clauses
from nianbao.checks.claims.grammar.negation import find_negated, without_other_nouns
from nianbao.checks.claims.grammar.orders import in_usual_order
from nianbao.checks.claims.organizations import is_government, tag_own_body
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    ASIDES,
    CASES,
    CAUSES,
    DECISIONS,
    NEGATIONS,
    SUMS,
    TOPICS,
    VERBS,
    Reason,
    of_requests,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.claims.grammar.binding import Binding
    from nianbao.checks.claims.grammar.context import Facts
    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.claims.tokens import Names, Token

# 项 counts items of a list of powers, 条 published pieces of information.
_DECISION_MEASURES: Final = frozenset({"件", "件次", "宗", "起", "例", "份", "个", ""})
# The number of published decisions (公示行政许可 5 件) can be that of the decisions.
_PUBLISHED_MEASURES: Final = frozenset({"件", "宗", "项", ""})
_FUNCTION_CHARACTERS: Final = frozenset(
    "中至到于在时后前者从自即又且度量作需尚各.%％·-—第有要得再只仅还都则并对按经为除外"
)
_QUOTES: Final = frozenset("“”")
_DECIDING: Final = {
    Reason.OTHER_TOPIC: frozenset({"elsewhere", "revision", *ASIDES}),
    Reason.PUBLISHED: frozenset({"publish"}),
    Reason.OTHER_BODY: frozenset({"others", "everyone", "unknown"}),
    Reason.OTHER_YEAR: frozenset({"other_year", "year"}),
    Reason.COMPARED: frozenset({"compare"}),
    Reason.NOTHING_DENIED: frozenset({"unknown"}),
}
# What is missing where a clause does not say what the cases are about.
_ANY_CAUSE: Final = ("因政府信息公开",)
_BECAUSE: Final = frozenset({"因", "由", "属", "属于"}) | TOPICS
_ABOUT: Final = CAUSES | ABOUT_DISCLOSURE


class Claim(NamedTuple):
    """A number that a sentence gives for something in the tables, or a denial (未收到申请).

    `names`: the things that are counted, such as roles of rows; their cells are added up.
    `scope`: the role of the group of applicants, or `all`.
    `number`: None for a denial.
    `start`, `end`: the offsets of the number, or of the word that is denied.
    `quote_start`, `quote_end`: the offsets of the words that a message quotes.
    `sentence_end`: the offset after the sentence.
    `is_part`: True if the number comes after 其中.
    `at_most`: True if the number may be smaller than that of the table.
    `unclear`: words that make it uncertain what is counted.
    """

    names: Names
    scope: str
    number: Numeral | None
    start: int
    end: int
    quote_start: int
    quote_end: int
    sentence_end: int
    is_part: bool = False
    at_most: bool = False
    unclear: tuple[str, ...] = ()


class Unread(NamedTuple):
    """A number or a denial that is no claim.

    `start`, `end`: the offsets of the number or the denying word; the end is exclusive.
    `tokens`: the tokens of the clause, or only those that are the reason.
    """

    start: int
    end: int
    reason: Reason
    tokens: Sequence[Token]

    @property
    def words(self) -> tuple[str, ...]:
        """The words because of which the number or denial is no claim."""
        if self.reason is Reason.NOT_BOUND:
            return _not_understood(self.tokens)
        kinds = _DECIDING.get(self.reason, frozenset())
        return tuple(dict.fromkeys(token.value for token in self.tokens if token.kind in kinds))


def parse_claims(tokens: Sequence[Token], text: Facts) -> Iterator[Claim | Unread]:
    """Yield a `Claim` or an `Unread` for each number and denial in a sentence.

    An `Unread` is, for example, a number about another year or another body.

    `tokens`: the tokens of the sentence.
    `text`: facts about the text that contains the sentence.
    """
    kinds = {token.kind for token in tokens}
    if "unknown" in kinds:
        tokens = tag_own_body(tokens, text.body)
    tokens = in_usual_order(tokens, kinds)
    facts = text.of_sentence(tokens)
    end = tokens[-1].end
    if "number" in kinds:
        quoted = _quoted(tokens)
        context = SentenceContext(facts)
        for delimiter, clause in clauses(tokens, "。,，、；;：:()（）…"):
            yield from _counted(context, delimiter, clause, end, quoted)
    if kinds & NEGATIONS:
        context = SentenceContext(facts)
        for delimiter, segment in clauses(tokens, "。，,；;：:（）()"):
            yield from _negated(context, delimiter, without_other_nouns(segment), end)


def _quoted(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the offsets of the numbers inside the quotation marks “…”."""
    inside = False
    quoted = set()
    for token in tokens:
        if token.value in _QUOTES:
            inside = token.value == "“"
        elif inside and token.number is not None:
            quoted.add(token.start)
    return frozenset(quoted)


def _counted(
    context: SentenceContext,
    delimiter: str,
    clause: list[Token],
    sentence_end: int,
    quoted: frozenset[int],
) -> Iterator[Claim | Unread]:
    """Yield a `Claim` or an `Unread` for each number in a clause.

    `delimiter`: the punctuation before the clause. `quoted`: the offsets of the numbers inside
    quotation marks.
    """
    excluded = context.begin_clause(delimiter, clause)
    begin = 0
    bound = compared = False
    dated = not context.kinds.isdisjoint(YEARS)
    for index, token in enumerate(clause) if dated or "number" in context.kinds else ():
        compared = compared or token.kind == "compare"
        if dated and not compared:
            context.exclusions.note_year(clause, token, context.facts.year)
        number = token.number
        if number is None:
            continue
        left, right = clause[begin:index], clause[index + 1 :]
        # 两项合计 21 件: keep the number that is summed among the tokens before the sum.
        begin = index if right and right[0].value in SUMS else index + 1
        reason = excluded
        if compared:
            reason = Reason.COMPARED
        elif number.kind == "other":
            reason = Reason.NOT_A_COUNT
        elif token.start in quoted:
            reason = Reason.QUOTED
        elif context.exclusions.other_year:
            reason = Reason.OTHER_YEAR
        if reason is not None and reason is not Reason.PUBLISHED:
            yield Unread(token.start, token.end, reason, clause)
            continue
        binding = bind_number(context, left, right)
        certain = binding and _plausible(context, clause, binding.names, token.start, number)
        if binding is None or not (certain or _of_any_cause(context, clause, binding.names)):
            yield Unread(token.start, token.end, Reason.NOT_BOUND, left)
            continue
        published = reason is Reason.PUBLISHED
        if published and not _may_be_decisions(binding.names, number, right):
            yield Unread(token.start, token.end, Reason.PUBLISHED, clause)
            continue
        guessed = published or binding.guessed
        bound = bound or (bool(certain) and not guessed)
        yield Claim(
            binding.names if guessed else context.add_claim(binding.names),
            binding.scope,
            number,
            number.start,
            number.end,
            left[0].start if left else token.start,
            _quote_end(token, right),
            sentence_end,
            context.parts.active,
            _may_be_part(context, binding.names, left, token.start),
            _unclear(context, binding, left, number, published=published)
            + (() if certain else _ANY_CAUSE)
            + context.governing,
        )
    context.end_clause(clause, usable=excluded is None, bound=bound)


def _negated(
    context: SentenceContext, delimiter: str, segment: list[Token], sentence_end: int
) -> Iterator[Claim | Unread]:
    """Yield a claim of zero for each thing that a segment denies.

    If the segment has a word that denies, but no claim can be made, an `Unread` is yielded.
    `segment`: the tokens of clauses joined by 、. `delimiter`: the punctuation before them.
    """
    excluded = context.begin_clause(delimiter, segment)
    for token in () if context.kinds.isdisjoint(YEARS) else segment:
        context.exclusions.note_year(segment, token, context.facts.year)
    if context.kinds.isdisjoint(NEGATIONS):
        return
    denying = next(token for token in segment if token.kind in NEGATIONS)
    reason = Reason.OTHER_YEAR if context.exclusions.other_year else excluded
    found = False
    for negated in find_negated(context, segment) if reason is None else ():
        found = True
        start, end = negated.token.start, negated.token.end
        # The denial can stand behind what it denies.
        quote = min(start, negated.negation.start), max(end, negated.negation.end)
        yield Claim((negated.name,), negated.scope, None, start, end, *quote, sentence_end)
    if not found:
        if reason is None:
            has_number = any(token.number is not None for token in segment)
            reason = Reason.WITH_NUMBER if has_number else Reason.NOTHING_DENIED
        yield Unread(denying.start, denying.end, reason, segment)


def _may_be_decisions(names: Names, number: Numeral, right: Sequence[Token]) -> bool:
    """Return True if a number in a clause about publishing can count the decisions that were made.

    `names`: what the number counts. `right`: the tokens after the number.
    """
    followed = bool(right) and right[0].kind == "unknown"
    return DECISIONS.issuperset(names) and number.measure in _PUBLISHED_MEASURES and not followed


def _may_be_part(context: SentenceContext, names: Names, left: Sequence[Token], start: int) -> bool:
    """Return True if a number may be only a part of what the table counts.

    Decisions after the words for a campaign (专项检查) may be. So may 予以公开, if the sentence
    also counts what had been published already (同意公开 35 件，告知已主动公开 5 件), and a result
    with a reason that is no row (因第三方不同意不予公开 4 件).

    `left`: the tokens before the number. `start`: the offset of the number.
    """
    if names[0].startswith("results."):
        because = any(token.value in _BECAUSE for token in left)
        reason = because and bool(_not_understood(left))
        return reason or (names == ("results.granted",) and context.facts.has_published)
    campaign = context.facts.campaign_start
    return campaign is not None and campaign < start and DECISIONS.issuperset(names)


def _of_any_cause(context: SentenceContext, clause: Sequence[Token], names: Names) -> bool:
    """Return True if a clause counts cases and does not say what they are about: 行政复议 5 件."""
    return (
        CASES.issuperset(name.partition(":")[0] for name in names)
        and not context.facts.about_disclosure
        and not context.exclusions.other_cases
        and not (context.parts.active and not context.antecedents.claims)
        and all(token.kind not in VERBS for token in clause)
    )


def _unclear(
    context: SentenceContext,
    binding: Binding,
    left: Sequence[Token],
    number: Numeral,
    *,
    published: bool,
) -> tuple[str, ...]:
    """Return words that leave open what a number counts.

    They come before the number, or are its measure word. `left`: the tokens before the number.
    `published`: True if the clause is about publishing.
    """
    kind = "publish" if published else "disclose"
    if published or binding.guessed:
        return tuple(token.value for token in left if token.kind == kind) or (kind,)
    body = context.facts.body
    unclear = tuple(word for word in _not_understood(left, body) if not is_government(word))
    text = context.facts.text
    unclear += tuple(text[each.start : each.end] for each in left if each.kind == "short")
    if DECISIONS.intersection(binding.names) and number.measure not in _DECISION_MEASURES:
        unclear += (number.measure,)
    return unclear


def _not_understood(tokens: Sequence[Token], body: str = "") -> tuple[str, ...]:
    """Return those words that are in no class of vocabulary.toml and are not function words.

    Words of the name of the body are understood: 林业行政处罚 of a 林业局 are its 行政处罚.
    """
    return tuple(
        token.value
        for index, token in enumerate(tokens)
        if token.kind == "unknown"
        and not _FUNCTION_CHARACTERS.issuperset(token.value)
        and not (token.length > 1 and token.value in body)
        and not _is_example(tokens[index + 1 :])
    )


def _is_example(after: Sequence[Token]) -> bool:
    """Return True if 等 comes next: 保教费等行政事业性收费, 社会组织登记等行政许可."""
    neutral = itertools.takewhile(lambda token: token.kind == "neutral", after)
    return any(token.value == "等" for token in neutral)


def _quote_end(number: Token, right: Sequence[Token]) -> int:
    """Return the offset after the noun that follows a number, or after the number if none follows.

    `right`: the tokens after the number.
    """
    following = next((token for token in right if token.kind != "neutral"), number)
    return following.end if following.kind in ("request", "document", "head") else number.end


def _plausible(
    context: SentenceContext, clause: Sequence[Token], names: Names, start: int, number: Numeral
) -> bool:
    """Return True if a number can count `names`, judged by its kind, measure word and clause.

    `start`: the offset of the number.
    """
    if ("fees" in names) != (number.kind == "money"):
        return False
    if of_requests(names):
        return context.facts.about_requests and not context.exclusions.other_requests
    about = any(token.value in _ABOUT for token in clause)
    if context.parts.active and not context.antecedents.claims and not about:
        return False  # a part of a whole that the form does not have
    if DECISIONS.intersection(names):
        return number.measure in _DECISION_MEASURES or number.measure == "项"
    if CASES.isdisjoint(name.partition(":")[0] for name in names):
        return True
    context.exclusions.note_cause(clause, about)
    other_cases = context.exclusions.other_cases
    if not number.value and not other_cases and all(t.value not in CAUSES for t in clause):
        return True  # 行政复议 0 件: then no case is about disclosure
    return (
        context.facts.about_disclosure
        and not other_cases
        and start >= context.facts.disclosure_start
    )
