"""The context of a clause: facts about its sentence, and words from earlier clauses.

Only methods of this module change the context.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.checks.claims.organizations import (
    CASE_MEASURES,
    is_abbreviation,
    is_government,
    leading_body,
    names_others,
)
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    ASIDES,
    BARE,
    CARRIES,
    CASES,
    CAUSES,
    DECISIONS,
    NAMING,
    NEGATIONS,
    TOPICS,
    VERBS,
    WHOLES,
    Reason,
    request_tokens,
    verb_name,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence, Set

    from nianbao.checks.claims.tokens import Names, Token, TokenKind

# Nobody writes so many words without a stop; the limit keeps the time linear in the text.
_LONGEST_CLAUSE: Final = 200
_ORDINALS: Final = frozenset("一二三四五六七八九十")
# 从申请主体看，自然人 5 件: after these words numbers are about all requests again.
_APPLICANTS: Final = frozenset({"申请人", "申请主体", "申请人身份"})
_OTHER_THINGS: Final = frozenset({"revision", "elsewhere", *ASIDES})
_NAMES_BODY: Final = frozenset({"own", "others", "everyone", "unknown"})
YEARS: Final = frozenset({"year", "other_year", "this_year"})
_BRACKETS: Final = frozenset("（(）)")
_IS: Final = frozenset("为是系")
_TOPICAL: Final = frozenset({"elsewhere", "request", "receive"})
_GOVERNING: Final = frozenset({"aside", "publish"})
_OTHER_CAUSES: Final = frozenset({"unknown", "plain", "aside", "elsewhere"})


class Facts(NamedTuple):  # made for every sentence: faster than a dataclass
    """Facts about a text, or about one of its sentences, that are true in every clause.

    `text`: the whole text.
    `year`, `body`: 年度 and 机关 of the report.
    `covers_subordinates`: True if the body's figures include those of subordinate bodies.
    `about_requests`: True if numbers are about requests by default.
    `about_disclosure`: True if cases (行政复议, 行政诉讼) are about disclosure.
    `disclosure_start`: the offset in the text before which no case is about disclosure.
    `names_subordinates`: True if the body covers subordinates and the sentence names other bodies.
    `has_revision`, `has_delays`, `has_published`: True if the sentence has such a word.
    `campaign_start`, `concluded_start`: the offset of the first such word, or None.
    """

    text: str
    year: int
    body: str
    covers_subordinates: bool
    about_requests: bool
    about_disclosure: bool
    disclosure_start: int = 0
    names_subordinates: bool = False
    has_revision: bool = False
    has_delays: bool = False
    has_published: bool = False
    campaign_start: int | None = None
    concluded_start: int | None = None

    def of_sentence(self, tokens: Sequence[Token]) -> Facts:
        """Return a copy of these facts, with the facts about one sentence of the text.

        `tokens`: the tokens of the sentence.
        """
        kinds = {token.kind for token in tokens}
        requests: dict[int, str] = {}
        if "request" in kinds:
            requests = {token.start: token.value for token in request_tokens(tokens)}
        named = not BARE.issuperset(requests.values())
        about_requests = named or (self.about_requests and not _of_another_kind(tokens, kinds))
        says_disclosure = not ABOUT_DISCLOSURE.isdisjoint([token.value for token in tokens])
        return Facts(
            self.text,
            self.year,
            self.body,
            self.covers_subordinates,
            about_requests,
            about_requests or self.about_disclosure or says_disclosure,
            _disclosure_start(tokens, requests) if requests or says_disclosure else 0,
            self.covers_subordinates and names_others(tokens, self.body),
            "revision" in kinds,
            "delayed" in kinds,
            "publish" in kinds,
            _first_start(tokens, "campaign") if "campaign" in kinds else None,
            _first_start(tokens, "conclude") if "conclude" in kinds else None,
        )


def _first_start(tokens: Sequence[Token], kind: TokenKind) -> int:
    """Return the offset of the first token of a kind, of which there must be one."""
    return next(token.start for token in tokens if token.kind == kind)


def _of_another_kind(tokens: Sequence[Token], kinds: Set[str]) -> bool:
    """Return True if a sentence says that its requests are of another kind: 均为法律援助申请.

    `kinds`: the kinds of `tokens`.
    """
    return {"request", "unknown"} <= kinds and any(
        token.kind == "request"
        and token.value in BARE
        and before.kind == "unknown"
        and before.length > 1
        and verb.value in _IS
        for verb, before, token in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _disclosure_start(tokens: Sequence[Token], requests: Container[int]) -> int:
    """Return the offset of the first word of a sentence that is about disclosure, or 0.

    If such a word also comes after 其中, the last word of this kind counts. In 行政复议 12
    件，其中涉及政府信息公开 2 件, the 12 cases are not about disclosure. `requests`: the offsets of
    the words for requests, which are also about disclosure.
    """
    start = begin = -1
    in_part = False
    for token in tokens:
        in_part = (in_part and token.kind != "stop") or token.kind == "part"
        about = token.start in requests or token.value in ABOUT_DISCLOSURE
        if about and (start < 0 or in_part):
            start = token.start if begin < 0 else begin
        if token.number is not None:
            begin = token.start  # 3 件涉及政府信息公开的行政复议
        elif token.kind != "neutral":
            begin = -1
    return max(start, 0)


@dataclass(slots=True)
class Exclusions:
    """Reasons why the numbers of a clause are not compared with the tables.

    `other_topic`, `other_body`, `other_year`: the clause is about another topic, body or year.
    `other_requests`: the clause counts letters, complaints and the like, not requests for
        information.
    `other_cases`: reviews or lawsuits (行政复议, 行政诉讼) that are not about this body's
        disclosure.
    """

    other_topic: bool = False
    other_body: bool = False
    other_year: bool = False
    other_requests: bool = False
    other_cases: bool = False
    # Since the last semicolon, the text has not named requests for information.
    _only_others: bool = True
    # The last clause that names cases says that the body reviews them.
    _reviewed: bool = False
    # The values of `other_topic`, `other_body` and `other_year` before a list.
    _before_list: tuple[bool, bool, bool] | None = None

    def begin_item(self) -> None:
        """Begin an item of a list (二是……): restore topic, body and year from before the list."""
        if self._before_list is None:
            self._before_list = self.other_topic, self.other_body, self.other_year
        self.other_topic, self.other_body, self.other_year = self._before_list

    def note_topic(self, clause: Sequence[Token], kinds: Set[str]) -> None:
        """Set `other_topic` if a clause begins another topic; clear it for a clause on requests.

        `kinds`: the kinds of the tokens in `clause`.
        """
        request = "request" in kinds
        denies = "number" not in kinds and not kinds.isdisjoint(NEGATIONS)
        others = request and _of_other_requests(clause)
        if ("elsewhere" in kinds and not denies) or others or _among_new(clause):
            self.other_topic = True
        elif request and kinds & VERBS:
            self.other_topic = False

    def note_year(self, clause: Sequence[Token], token: Token, year: int) -> None:
        """Set `other_year` if a token names another year; clear it for the report's year.

        `clause`: the clause that contains the token.
        `year`: the year of the report.
        """
        if token.kind == "year" and any(each.value.startswith("之前") for each in clause):
            self.other_year = True  # 2022年之前制发 26 件
        elif token.kind == "other_year" or (token.kind == "year" and token.value != str(year)):
            self.other_year = not any(t.value in CARRIES for t in clause)
        elif token.kind in ("this_year", "year"):
            self.other_year = False

    def note_body(self, clause: Sequence[Token], facts: Facts, in_parts: bool) -> None:
        """Record whether a clause gives figures of another body.

        `in_parts`: True after 其中. In parts, names such as 县政府 are other bodies, too.
        """
        everyone = own = joined = False
        for index, token in enumerate(clause):
            if token.kind == "others":
                # 我局所属单位 means other bodies, 我局及所属单位 includes the own body.
                self.other_body = not (own and joined)
                return
            if token.kind == "own":
                self.other_body = False
                own = True
            elif token.kind == "everyone":
                everyone = True
                self.other_body = not facts.covers_subordinates
            elif token.kind == "unknown" and not own:
                number = next((t.number for t in clause[index + 1 : index + 2]), None)
                name = leading_body(token.value, number)
                if name and not (everyone and facts.covers_subordinates):
                    self._note_name(name, token.value, facts, in_parts or number is not None)
            elif token.kind == "conjunction":
                joined = True
            elif token.kind in NAMING or token.number is not None:
                return

    def note_cause(self, clause: Sequence[Token], about_disclosure: bool) -> None:
        """Set `other_cases` for cases with another cause than disclosure, such as 林权纠纷.

        Clear `other_cases` for cases about disclosure.

        `about_disclosure`: True if the clause has words about disclosure.
        """
        if _of_another_cause(clause):
            self.other_cases = True
        elif about_disclosure and not (self._reviewed and any(t.kind == "part" for t in clause)):
            self.other_cases = False
        elif any(token.kind in VERBS for token in clause):
            self.other_cases = True

    def note_others(self, delimiter: str, clause: Sequence[Token], kinds: Set[str]) -> None:
        """Set `other_requests` if a clause counts letters or the like: 来信 35 件，办结 35 件.

        `delimiter`: the punctuation before the clause.
        `kinds`: the kinds of the tokens in `clause`.
        """
        if "；" in delimiter or ";" in delimiter:
            self._only_others = True
        if not self._only_others:
            return
        if "request" in kinds or ("aside" not in kinds and kinds & {"channel", *NAMING}):
            self._only_others = False
        elif "aside" in kinds:
            counted = (token.number.measure for token in clause if token.number)
            self.other_requests |= not CASE_MEASURES.isdisjoint(counted)

    def note_review(self, kinds: Set[str], values: Set[str]) -> None:
        """Set `other_cases` if a clause says that the body itself reviews cases: 受理行政复议.

        `kinds`, `values`: the kinds and the values of the tokens in the clause.
        """
        if values & CASES and not values & (CAUSES | ABOUT_DISCLOSURE):
            self._reviewed = "handle" in kinds
            self.other_cases |= self._reviewed

    def _note_name(self, name: str, text: str, facts: Facts, divided: bool) -> None:
        if facts.covers_subordinates and is_government(text):
            self.other_body = divided or facts.names_subordinates
        elif not is_abbreviation(name, facts.body):
            self.other_body = True


@dataclass(slots=True)
class Parts:
    """The relation of numbers to a whole (收到 5 件，其中……).

    `active`: True after 其中.
    `of_counted`: True if the next groups of applicants divide the last number, not all requests.
    """

    active: bool = False
    of_counted: bool = False
    # The last clause is not compared with the tables, because of a word such as 备案 or 网络.
    _after_aside: bool = False
    # The only such word in the last clause is a channel (网络).
    _after_channel: bool = False
    # The same about the clause with the whole: its parts are compared only if it is.
    _of_aside: bool = False
    _of_channel: bool = False

    @property
    def after_aside(self) -> bool:
        """True if a word such as 备案 or 网络 excludes the last clause from the comparison."""
        return self._after_aside

    def end_bracket(self, after_aside: bool) -> None:
        """Restore the property `after_aside` when a bracket ends.

        `after_aside`: the value before the bracket.
        """
        self._after_aside = after_aside

    def begin_clause(self, delimiter: str, kinds: Set[str], other_topic: bool) -> bool:
        """Record whether a clause begins the parts of a whole (其中) or ends them.

        Return the new value of `other_topic`.

        `delimiter`: the punctuation before the clause; a semicolon can end the parts.
        `kinds`: the kinds of the tokens in the clause.
        `other_topic`: the current value of `Exclusions.other_topic`.
        """
        new_whole = self._of_channel or (self._of_aside and kinds >= {"flow", "document"})
        if new_whole and "；" in delimiter:
            # 公开信息 500 条，其中……86 条；制定规范性文件 1 件: the parts have ended.
            self.active &= not self._of_aside
            other_topic = self._of_channel = self._of_aside = False
        if "part" in kinds:
            self.active = True
            self._of_channel = self._after_channel and not other_topic
            self._of_aside = self._after_aside and not other_topic
            other_topic |= self._after_aside  # the parts have the topic of their whole
        if kinds & NAMING:
            self.of_counted = False
        elif "part" in kinds or not set(delimiter).isdisjoint("（(：:"):
            self.of_counted = True
        return other_topic

    def note_asides(self, clause: Sequence[Token], kinds: Set[str], asides: Set[str]) -> None:
        """Record whether words such as 备案 or 网络 exclude a clause from the comparison.

        If so, numbers after a later 其中 are excluded, too: 收到网络申请 5 件，其中……3 件.

        `kinds`: the kinds of the tokens in `clause`.
        `asides`: the classes of the excluding words; empty if the clause is compared.
        """
        self._after_channel = asides == {"channel"}
        if "unknown" not in kinds or not any(
            token.kind == "unknown" and token.value[0] in "%％" for token in clause
        ):
            # 答复率 100%，其中予以公开 5 件: a rate has no parts.
            self._after_aside = bool(asides) or ("disclose" in kinds and not kinds & NAMING)


@dataclass(slots=True)
class Antecedents:
    """Names from earlier clauses, which later clauses can leave out.

    `flow`, `document`: the last column (制发) and the last row (规章) of table 二.
    `case`: the last kind of case (行政复议, 行政诉讼).
    `cases`: all kinds of cases since the last 其中.
    `counted`: the names of the last claim.
    `whole`: the names of the last claim about a whole (收到, 办结).
    `adjacent`: True if no number since that claim was left out.
    `claims`: the number of claims up to now.
    `answered`: True if a clause without a number says that requests were answered.
    """

    flow: str = ""
    document: str = ""
    case: str = ""
    cases: set[str] = field(default_factory=set)
    counted: Names = ()
    whole: Names = ()
    adjacent: bool = False
    claims: int = 0
    answered: bool = False

    def cases_counted(self) -> Names:
        """Return the cases (行政复议, 行政诉讼) to which a result such as 维持 2 件 belongs."""
        counted = tuple(name.partition(":")[0] for name in self.counted)
        if len(counted) > 1 and CASES.issuperset(counted):
            return counted
        return (self.case,) if self.case else ()

    def note_tokens(self, clause: Sequence[Token], kinds: Set[str]) -> None:
        """Remember the column (制发), the row (规章) and the cases that a clause names.

        `kinds`: the kinds of the tokens in `clause`.
        """
        if "part" in kinds:
            self.cases.clear()
        for token in clause if kinds & {"flow", "document", "head"} else ():
            if token.kind == "flow":
                self.flow = token.value
            elif token.kind == "document":
                self.document = token.value
            elif token.value in CASES:
                self.case = token.value
                self.cases.add(token.value)


@dataclass(slots=True)
class UncountedRows:
    """Rows that were named without a number.

    `latest`: the rows in the last clause, to which a later number can refer.
    `listed`: the rows in the current list, as in 予以公开、部分公开共 5 件.
    `before_bracket`: the value of `latest` before a bracket.
    """

    latest: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    before_bracket: list[str] = field(default_factory=list)

    def take_listed(self, names: Names) -> Names:
        """Return the rows that were remembered, followed by the names of a claim; forget the rows.

        In 予以公开、部分公开共 5 件, the claim is about the sum of two rows. If one of the rows is
        a name of the claim, only `names` are returned.

        `names`: the names of the claim itself.
        """
        listed, self.listed = self.listed, []
        return names if set(names) & set(listed) else (*listed, *names)


@dataclass(slots=True)
class SentenceContext:
    """The state that the clauses of a sentence pass on to the next clause.

    `after_bracket`: True if a closing bracket comes before the current clause.
    `governing`: words before a list, such as 备案, that are about all its items.
    `kinds`: the kinds of the tokens in the current clause.
    """

    facts: Facts
    exclusions: Exclusions = field(default_factory=Exclusions)
    parts: Parts = field(default_factory=Parts)
    antecedents: Antecedents = field(default_factory=Antecedents)
    rows: UncountedRows = field(default_factory=UncountedRows)
    after_bracket: bool = False
    governing: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    # Before a bracket: `other_year`, `other_body`, `counted` and `after_aside`.
    _before_bracket: tuple[bool, bool, Names, bool] = (False, False, (), False)

    def begin_clause(self, delimiter: str, clause: Sequence[Token]) -> Reason | None:
        """Begin a clause; return the reason why its numbers must not be compared, or None.

        `delimiter`: the punctuation before the clause.
        """
        kinds = self.kinds = frozenset([token.kind for token in clause])
        exclusions = self.exclusions
        if not _BRACKETS.isdisjoint(delimiter):
            self._pass_brackets(delimiter)
        self.after_bracket = delimiter in ("）", ")")
        if "unknown" in kinds and _is_item(clause):
            exclusions.begin_item()
        if "、" not in delimiter or "）" in delimiter:
            self.rows.listed = []
        if not kinds.isdisjoint(_TOPICAL):
            exclusions.note_topic(clause, kinds)
        exclusions.other_topic = self.parts.begin_clause(delimiter, kinds, exclusions.other_topic)
        if "request" in kinds:
            if _some_requests(clause):
                exclusions.other_requests = True
            elif any(request_tokens(clause)):
                exclusions.other_requests = False
        exclusions.note_others(delimiter, clause, kinds)
        if self.governing and not _is_bare_item(clause):
            self.governing = ()
        if not kinds.isdisjoint(_NAMES_BODY):
            exclusions.note_body(clause, self.facts, self.parts.active)
        asides = kinds & _OTHER_THINGS
        if asides:
            asides &= {token.kind for token in _up_to_next_act(clause)}
        self.parts.note_asides(clause, kinds, asides)
        if exclusions.other_body:
            return Reason.OTHER_BODY
        if exclusions.other_topic or asides - {"publish"}:
            return Reason.OTHER_TOPIC
        return Reason.PUBLISHED if asides else None

    def _pass_brackets(self, delimiter: str) -> None:
        """Save year, body and counted names when a bracket opens; restore them when it closes."""
        if "）" in delimiter or ")" in delimiter:
            exclusions, antecedents = self.exclusions, self.antecedents
            exclusions.other_year, exclusions.other_body, antecedents.counted, aside = (
                self._before_bracket
            )
            self.parts.end_bracket(aside)
        if "（" in delimiter or "(" in delimiter:
            self.rows.before_bracket = self.rows.latest
            exclusions, aside = self.exclusions, self.parts.after_aside
            counted = self.antecedents.counted
            self._before_bracket = exclusions.other_year, exclusions.other_body, counted, aside

    def add_claim(self, names: Names) -> Names:
        """Record a claim; return the names that its number counts.

        Rows that earlier clauses list without a number come first.
        """
        names = self.antecedents.counted = self.rows.take_listed(names)
        self.antecedents.claims += 1
        if set(names) <= WHOLES:
            self.antecedents.whole = names
            self.antecedents.adjacent = True
        return names

    def end_clause(self, clause: Sequence[Token], *, usable: bool, bound: bool) -> None:
        """End a clause: remember its words that later clauses can leave out.

        `usable`: False if the numbers of the clause must not be compared.
        `bound`: True if something in the clause is compared with the tables.
        """
        kinds = self.kinds
        self.antecedents.note_tokens(clause, kinds)
        if "head" in kinds:
            self.exclusions.note_review(kinds, {token.value for token in clause})
        if "number" in kinds and not kinds.isdisjoint(_GOVERNING):
            self.governing = self.governing or tuple(_governing_words(clause))
        if "number" in kinds and not bound:
            self.antecedents.adjacent = False
        self._note_rows(clause, kinds, usable=usable, bound=bound)
        if not bound and not kinds.isdisjoint(VERBS):
            self._note_verbs(clause, kinds)
        if "number" not in kinds:
            if not _APPLICANTS.isdisjoint([token.value for token in clause]):
                self.antecedents.counted = self.antecedents.whole
            self.antecedents.answered |= "conclude" in kinds

    def _note_rows(
        self, clause: Sequence[Token], kinds: Set[str], *, usable: bool, bound: bool
    ) -> None:
        rows = [t.value for t in clause if t.kind == "head"] if "head" in kinds else []
        if self.facts.about_requests and kinds == {"disclose"}:
            rows = ["results.granted"]  # 公开、部分公开共 21 件
        if bound:
            self.rows.latest = []
        elif rows and not kinds & NEGATIONS:
            self.rows.latest = rows
        if usable and not self.exclusions.other_year and "number" not in kinds and len(rows) == 1:
            self.rows.listed.append(rows[0])

    def _note_verbs(self, clause: Sequence[Token], kinds: Set[str]) -> None:
        """Note what was received, handled or answered, for a clause without a claim."""
        verbs = [token for token in clause if token.kind in VERBS]
        exclusions = self.exclusions
        if any(request_tokens(clause)):
            if not exclusions.other_topic:
                self.antecedents.counted = (verb_name(verbs[-1]),)
        elif any(token.number and token.number.kind == "count" for token in clause):
            by_channel = "channel" in kinds and "aside" not in kinds
            elsewhere = exclusions.other_year or exclusions.other_body
            exclusions.other_requests |= not (by_channel or elsewhere)


def clauses(tokens: Sequence[Token], stops: str) -> Iterator[tuple[str, list[Token]]]:
    """Yield each clause of a sentence as a pair: the punctuation before it, and its tokens.

    `stops`: the punctuation marks that end a clause.
    """
    clause: list[Token] = []
    delimiter = ""
    for token in tokens:
        is_stop = token.kind == "stop"
        ends = token.value in stops if is_stop else len(clause) >= _LONGEST_CLAUSE
        if clause and ends:
            yield delimiter, clause
            clause, delimiter = [], ""
        if not is_stop:
            clause.append(token)
        elif ends:
            delimiter += token.value
    if clause:
        yield delimiter, clause


def _is_bare_item(clause: Sequence[Token]) -> bool:
    """Return True if a clause is only a name with its number: 行政处罚 5 件."""
    return bool(clause) and clause[0].kind == "head" and clause[0].value in CASES | DECISIONS


def _governing_words(clause: Sequence[Token]) -> Iterator[str]:
    """Yield the words before the first number that also apply to the items listed after it.

    In 备案行政复议 12 件，行政诉讼 7 件, everything is filed; in 公示行政许可 35 件、行政处罚 12
    件, everything is published.
    """
    heads = {*CASES, *DECISIONS, "公开行政"}
    before = list(itertools.takewhile(lambda token: token.number is None, clause))
    if len(before) < len(clause) and any(token.value in heads for token in before):
        yield from (token.value for token in before if token.kind in _GOVERNING)


def _is_item(clause: Sequence[Token]) -> bool:
    """Return True if a clause begins an item of a list: 二是……."""
    return len(clause) > 1 and clause[0].value in _ORDINALS and clause[1].value == "是"


def _up_to_next_act(clause: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens of a clause up to a second action.

    In 印发文件 2 件并同步解读, the tokens 并同步解读 are left out.
    """
    has_number = False
    for token in clause:
        if has_number and token.value == "并":
            return
        has_number = has_number or token.number is not None
        yield token


def _of_other_requests(clause: Sequence[Token]) -> bool:
    """Return True if a clause is about applications for something else: 法律援助申请."""
    for before, token in itertools.pairwise(clause):
        if token.kind == "request" and token.value in BARE and before.kind == "unknown":
            return before.length > 1
    return False


def _among_new(clause: Sequence[Token]) -> bool:
    """Return True if only the requests received this year are divided: 新收的申请中，……."""
    return (
        clause[-1].value == "中"
        and all(token.number is None for token in clause)
        and any(token.kind == "receive" and "新收" in token.value for token in clause)
    )


def _of_another_cause(clause: Sequence[Token]) -> bool:
    """Return True if a clause names a cause other than disclosure: 因林权纠纷引发行政复议."""
    if any(token.value in ABOUT_DISCLOSURE for token in clause) or any(request_tokens(clause)):
        return False
    return any(
        (before.value in ("因", "由", *TOPICS) and token.length > 1 and _is_other_cause(token))
        or (token.value == "类" and _is_other_cause(before))  # 举报类行政诉讼
        for before, token in itertools.pairwise(clause)
    )


def _some_requests(clause: Sequence[Token]) -> bool:
    """Return True if a clause counts requests of some kind: 对 2 件涉企申请征求意见."""
    counted = described = False
    for token in clause:
        if token.number is not None:
            counted, described = True, False
        elif token.kind == "request" and counted and described:
            return True
        elif token.kind in NAMING:
            counted = False
        described = described or token.kind == "unknown"
    return False


def _is_other_cause(token: Token) -> bool:
    return token.kind in _OTHER_CAUSES or token.value in DECISIONS
