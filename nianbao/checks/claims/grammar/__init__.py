"""Parse the tokens of a sentence into claims about the numbers of the form.

A sentence is a list of clauses. `binding` finds what a number in a clause counts, `negation` finds
what is denied. `context` is what a clause takes from earlier clauses of the same sentence, never
from another sentence. A number that can be bound to a name only by guessing is no claim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.grammar.binding import bind_number
from nianbao.checks.claims.grammar.context import SentenceContext, clauses
from nianbao.checks.claims.grammar.negation import find_negated, without_other_nouns
from nianbao.checks.claims.organizations import tag_own_body
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    CASES,
    CAUSES,
    DECISIONS,
    SUMS,
    of_requests,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.claims.grammar.context import Facts
    from nianbao.checks.claims.numerals import Numeral
    from nianbao.checks.claims.tokens import Names, Token

# 项 counts items of a list of powers, 条 published pieces of information.
_DECISION_MEASURES: Final = frozenset({"件", "件次", "宗", "起", "例", "份", "个", ""})
_ABOUT: Final = CAUSES | ABOUT_DISCLOSURE


class Claim(NamedTuple):
    """A number that a sentence gives for something in the tables, or a denial (未收到申请).

    `names`: what is counted; the cells of several names are added up. A name is a role of the form,
    the claim role of a row (see `row_names`), or one of received, handled, concluded, requests,
    carry. `scope`: the applicants, or `all`. `number`: None for a denial. `start`, `end`: offsets
    of the number or the denied word. `quote_start`, `quote_end`: offsets of the words to quote.
    `sentence_end`: the offset after the sentence. `is_part`: True if the number comes after 其中.
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


def parse_claims(tokens: Sequence[Token], text: Facts) -> Iterator[Claim]:
    """Yield the claims of a sentence that are about the report's year and body.

    `text`: facts about the text that contains the sentence.
    """
    tokens = tag_own_body(tokens, text.body)
    kinds = {token.kind for token in tokens}
    facts = text.of_sentence(tokens)
    end = tokens[-1].end
    if "number" in kinds:
        context = SentenceContext(facts)
        for delimiter, clause in clauses(tokens, ",，、；;：:()（）"):
            yield from _counted(context, delimiter, clause, end)
    if "negation" in kinds:
        context = SentenceContext(facts)
        for delimiter, segment in clauses(tokens, "，,；;：:（）()"):
            yield from _negated(context, delimiter, without_other_nouns(segment), end)


def _counted(
    context: SentenceContext, delimiter: str, clause: list[Token], sentence_end: int
) -> Iterator[Claim]:
    """Yield the claims of the numbers in a clause."""
    usable = context.begin_clause(delimiter, clause)
    begin = 0
    bound = False
    for index, token in enumerate(clause):
        if token.kind == "compare":
            break
        context.exclusions.note_year(clause, token, context.facts.year)
        number = token.number
        if number is None:
            continue
        left, right = clause[begin:index], clause[index + 1 :]
        # 两项合计 21 件: keep the number that is summed among the tokens before the sum.
        begin = index if right and right[0].value in SUMS else index + 1
        if number.kind == "other" or not usable or context.exclusions.other_year:
            continue
        binding = bind_number(context, left, right)
        if binding is None or not _plausible(context, clause, binding.names, token.start, number):
            continue
        bound = True
        yield Claim(
            context.add_claim(binding.names),
            binding.scope,
            number,
            number.start,
            number.end,
            left[0].start if left else token.start,
            _quote_end(token, right),
            sentence_end,
            context.parts.active,
        )
    context.end_clause(clause, usable=usable, bound=bound)


def _negated(
    context: SentenceContext, delimiter: str, segment: list[Token], sentence_end: int
) -> Iterator[Claim]:
    """Yield a claim of zero for each denied name in a segment (clauses joined by 、)."""
    usable = context.begin_clause(delimiter, segment)
    for token in segment:
        context.exclusions.note_year(segment, token, context.facts.year)
    if usable and not context.exclusions.other_year:
        for negated in find_negated(context, segment):
            start, end = negated.token.start, negated.token.end
            first = negated.negation.start
            yield Claim((negated.name,), negated.scope, None, start, end, first, end, sentence_end)


def _quote_end(number: Token, right: Sequence[Token]) -> int:
    """Return the end of the noun after a number, or the end of the number if no noun follows."""
    following = next((token for token in right if token.kind != "neutral"), number)
    return following.end if following.kind in ("request", "document", "head") else number.end


def _plausible(
    context: SentenceContext, clause: Sequence[Token], names: Names, start: int, number: Numeral
) -> bool:
    """Return True if a number with this kind and measure word can count `names`."""
    if ("fees" in names) != (number.kind == "money"):
        return False
    if of_requests(names):
        return context.facts.about_requests and not context.exclusions.other_requests
    about = any(token.value in _ABOUT for token in clause)
    if context.parts.active and not context.antecedents.claims and not about:
        return False  # a part of a whole that the form does not have
    if DECISIONS.intersection(names):
        return number.measure in _DECISION_MEASURES
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
