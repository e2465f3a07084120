"""Find the claims of the prose (statements about numbers), and compare them with the tables.

docs/prose.md explains the steps. May import only `visible_text` from the folder `checks`, and lower
layers (docs/architecture.md).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from nianbao.checks.claims.grammar import Claim, Unread, parse_claims
from nianbao.checks.claims.grammar.context import Facts
from nianbao.checks.claims.interpretations import (
    Interpretation,
    answers_to_all,
    case_texts,
    counts_last_year,
    find_interpretations,
    includes_last_year,
    request_texts,
    row_names,
)
from nianbao.checks.claims.lexer import sentences
from nianbao.checks.claims.tokens import CASES, CONCLUSIONS, DECISIONS, WHOLES, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.checks.claims.tokens import Names
    from nianbao.checks.visible_text import Passage
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report

# Words that make a number a part of the number before: 予以公开 9 件，其中部分公开 2 件.
_NESTED = re.compile("其中|含|包括|[（(]")


class ClaimResult(NamedTuple):  # made for every claim: faster than a dataclass
    """A claim and the result of its comparison with the tables.

    If both interpretations are None, `reason` says why the claim is not judged.

    `fitting`: the interpretation that agrees with the tables, or None.
    `expected`: the likeliest interpretation if the tables contradict the claim; else None.
    `open`: True if the tables contradict the claim, but its meaning is uncertain.
    """

    passage: Passage
    claim: Claim
    fitting: Interpretation | None
    expected: Interpretation | None
    reason: Reason | None = None
    open: bool = False


def evaluate_claims(
    report: Report, passages: Iterable[Passage], covers_subordinates: bool
) -> list[ClaimResult]:
    """Compare every claim of a report with its tables.

    `passages`: the texts of the report.
    `covers_subordinates`: True if the figures in the texts include those of subordinate bodies.
    """
    read = read_prose(report, passages, covers_subordinates)
    claims = [(passage, each) for passage, each in read if isinstance(each, Claim)]
    exclusive = _exclusive_grants(claims)
    confirmed: dict[tuple[Pointer, Names, str], Decimal] = {}
    results = []
    # A report often gives the same figure in several places.
    known: dict[tuple[Names, str], list[Interpretation]] = {}
    # Sentences in which the answers are those to the requests of both years: a number includes last
    # year's, or they are counted after this year's (收到 20 件，上年结转 2 件，办结 21 件).
    with_last_year: set[tuple[Pointer, int]] = set()
    with_new: set[tuple[Pointer, int]] = set()
    for passage, claim in claims:
        what = claim.names, claim.scope
        if what not in known:
            known[what] = find_interpretations(report, *what)
        pointer = passage.prose.pointer
        denied = claim.number is None and claim.names != ("carry",)
        plain = denied or (pointer, claim.start) in exclusive
        sentence = pointer, claim.sentence_end
        found = known[what]
        if CONCLUSIONS.issuperset(claim.names) and sentence in with_last_year:
            found = answers_to_all(found)
        result = _compare(found, passage, claim, confirmed, plain=plain)
        if claim.names == ("received",):
            with_new.add(sentence)
        if (fitting := result.fitting) is not None and (
            includes_last_year(report, fitting)
            or (sentence in with_new and counts_last_year(report, fitting))
        ):
            with_last_year.add(sentence)
        if result.expected is None and claim.number is not None:
            confirmed.setdefault((pointer, *what), claim.number.value)
        results.append(result)
    return _weigh_neighbours(results)


def _compare(
    found: Sequence[Interpretation],
    passage: Passage,
    claim: Claim,
    confirmed: Mapping[tuple[Pointer, Names, str], Decimal],
    *,
    plain: bool,
) -> ClaimResult:
    """Compare a claim with its interpretations, `found`.

    `plain`: True to allow only the likeliest interpretation. This is so for a denial, and for a
    claim about 予以公开 that is followed by a claim about 部分公开. `confirmed`: the numbers of
    earlier claims that agree with the tables, by text, names and scope.
    """
    if not found:
        return ClaimResult(passage, claim, None, None, Reason.NO_CELLS)
    fitting = next((each for each in (found[:1] if plain else found) if _fits(claim, each)), None)
    if fitting is not None:
        return ClaimResult(passage, claim, fitting, None)
    if _is_part(claim, confirmed.get((passage.prose.pointer, claim.names, claim.scope))):
        return ClaimResult(passage, claim, None, None, Reason.PART)
    several = len({each.value for each in found}) > 1 and not plain
    if claim.at_most and claim.number is not None and claim.number.value < found[0].value:
        return ClaimResult(passage, claim, None, None, Reason.PART)
    return ClaimResult(passage, claim, None, found[0], open=several)


def _weigh_neighbours(results: list[ClaimResult]) -> list[ClaimResult]:
    """Return the results after unclear claims have been judged by their neighbours.

    A neighbour is another claim in the same sentence, or for some claims in the same text. A
    neighbour that counts something else and agrees with the tables confirms what an unclear claim
    is about. An unclear claim that the tables contradict is judged only if a neighbour confirms it,
    and if it is the only such claim among its neighbours.
    """
    if all(each.expected is None for each in results):
        return results
    agreeing: dict[tuple[Pointer, int], set[Names]] = {}
    unproved: Counter[tuple[Pointer, int]] = Counter()
    for each in results:
        number = each.claim.number
        if each.expected is not None and each.claim.unclear:
            unproved[_neighbourhood(each)] += 1
        elif each.fitting is not None and number is not None and number.value and not number.above:
            agreeing.setdefault(_neighbourhood(each), set()).add(each.claim.names)
    judged = []
    for each in results:
        place, names = _neighbourhood(each), each.claim.names
        others = agreeing.get(place, set())
        proved = bool(others - {names})
        # A verb with unknown words can count something else, whatever stands next to it; so can
        # 立案处罚 5 件 next to 行政处罚 3 件, if that agrees.
        alone = unproved[place] == 1 and names not in others
        certain = proved and alone and WHOLES.isdisjoint(names)
        if each.expected is not None and each.claim.unclear and not certain:
            judged.append(each._replace(expected=None, open=False, reason=Reason.UNKNOWN_WORDS))
        else:
            # 行政复议 13 件，行政诉讼 8 件: the cases can have any cause, even if 13 agrees.
            any_cause = bool(each.claim.unclear) and not CASES.isdisjoint(names)
            is_open = each.expected is not None and (any_cause or (each.open and not proved))
            judged.append(each._replace(open=is_open) if each.open != is_open else each)
    return judged


def _neighbourhood(result: ClaimResult) -> tuple[Pointer, int]:
    """Return a key that is equal for two claims if they are neighbours.

    For the decisions of table two, all claims in the same text are neighbours; for other claims,
    only those in the same sentence.
    """
    of_text = DECISIONS.issuperset(result.claim.names)
    return result.passage.prose.pointer, -1 if of_text else result.claim.sentence_end


def claimed_value(claim: Claim) -> Decimal:
    """Return the number of a claim; money is converted to 万元, as in the tables.

    The claim must not be a denial (未收到申请), which has no number.
    """
    assert claim.number is not None
    value = claim.number.value
    return value / 10_000 if claim.number.kind == "money" else value


def read_prose(
    report: Report, passages: Iterable[Passage], covers_subordinates: bool
) -> Iterator[tuple[Passage, Claim | Unread]]:
    """Yield every claim in texts, and every number or denial that is no claim.

    A denial is a word like 无 or 未收到. The results are in the order of the texts. Sentences that
    name nothing in the tables are left out.

    `covers_subordinates`: True if the figures in the texts include those of subordinate bodies.
    """
    names = row_names(report.form)
    requests, cases = request_texts(report.form), case_texts(report.form)
    for passage in passages:
        pointer = passage.prose.pointer
        about_requests = _is_below(pointer, requests)
        facts = Facts(
            passage.visible.text,
            report.year,
            report.body,
            covers_subordinates,
            about_requests,
            about_requests or _is_below(pointer, cases),
        )
        for tokens in sentences(passage.visible.text, names):
            for read in parse_claims(tokens, facts):
                yield passage, read


def _is_below(pointer: Pointer, texts: frozenset[Pointer]) -> bool:
    return any(pointer[: len(each)] == each for each in texts)


def _fits(claim: Claim, interpretation: Interpretation) -> bool:
    number = claim.number
    if number is None:
        return not interpretation.value
    value = Decimal(interpretation.value)
    return number.fits(value * 10_000 if number.kind == "money" else value)


def _is_part(claim: Claim, confirmed: Decimal | None) -> bool:
    """Return True if a claim gives a part of the number `confirmed`, for the same thing.

    In 予以公开 109 件……区政府予以公开 32 件, the claim with the smaller number 32 is such a part.
    Return False for requests received or answered: a text more often repeats such a number than
    divides it.
    """
    if confirmed is None or claim.number is None or set(claim.names) <= WHOLES:
        return False
    return claim.number.value < confirmed


def _exclusive_grants(claims: list[tuple[Passage, Claim]]) -> set[tuple[Pointer, int]]:
    """Return the pointer and the start of each claim about 予以公开 that can't include 部分公开.

    A claim can't include it if a claim about 部分公开 comes next in the sentence and is not a part
    (其中……).
    """
    exclusive = set()
    for (passage, left), (_, right) in itertools.pairwise(claims):
        if left.names == ("results.granted",) and right.names == ("results.partial",):
            between = passage.visible.text[left.end : right.start]
            if left.sentence_end == right.sentence_end and not _NESTED.search(between):
                exclusive.add((passage.prose.pointer, left.start))
    return exclusive
