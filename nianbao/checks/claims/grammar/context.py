"""The frame: what the clauses of a sentence hand on to the next, and whose figures they tell."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nianbao.checks.claims.organizations import begins_with_body, is_abbreviation, is_government
from nianbao.checks.claims.tokens import (
    ABOUT_DISCLOSURE,
    ASIDES,
    BARE,
    CARRIES,
    CASES,
    CAUSES,
    NAMING,
    VERBS,
    request_tokens,
    verb_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.checks.claims.tokens import Token

# Nobody writes so much without a stop; it keeps the work in proportion to the text.
_LONGEST_CLAUSE: Final = 200


_ORDINALS: Final = frozenset("一二三四五六七八九十")

# 从申请主体看，自然人 5 件: of all requests again.
_APPLICANTS: Final = frozenset({"申请人", "申请主体", "申请人身份"})

_OTHER_THINGS: Final = frozenset({"revision", "elsewhere", *ASIDES})


@dataclass(slots=True)
class SentenceContext:
    """The state of one sentence.

    `topic`: it is about requests; `disclosure`: its cases are about disclosure; `government`: the
    body's figures are those of all that is below it; `astray`: what came in or was dealt with last
    is no request; `inner`: applicants are told of a result, not of all requests; `named`: what was
    named last without a number that is compared; `levels`: a government is named beside
    bodies below it; `judging`: cases are those
    that the body reviews, or of another kind; `reviewing`: the verb said so; `cases_from`: where
    the sentence begins to speak of disclosure, for its cases.
    """

    year: int
    body: str
    government: bool
    topic: bool
    disclosure: bool
    revision: bool = False
    delayed: bool = False
    elsewhere: bool = False
    other_year: bool = False
    other_body: bool = False
    part: bool = False
    levels: bool = False
    judging: bool = False
    reviewing: bool = False
    claimed: bool = False
    flow: str = ""
    document: str = ""
    case: str = ""
    last: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    cases: set[str] = field(default_factory=set)
    mentioned: list[tuple[str, ...]] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    astray: bool = False
    answered: bool = False
    inner: bool = False
    cases_from: int = 0
    named: list[str] = field(default_factory=list)
    _listing: tuple[bool, bool, bool] | None = None
    _outside: bool = False
    _last_outside: tuple[str, ...] = ()
    _aside_before: bool = False
    _channel_before: bool = False
    _channel_parts: bool = False
    _aside_parts: bool = False

    def begin_clause(self, delimiter: str, clause: Sequence[Token]) -> bool:
        """Begin a clause; False where it tells nothing that could be compared."""
        if "）" in delimiter or ")" in delimiter:
            self.other_year, self.last = self._outside, self._last_outside
        if "（" in delimiter or "(" in delimiter:
            self._outside, self._last_outside = self.other_year, self.last
        if _is_item(clause):
            # 一是……；二是……: each begins with what was said before the list.
            self._listing = self._listing or (self.elsewhere, self.other_body, self.other_year)
            self.elsewhere, self.other_body, self.other_year = self._listing
        if "、" not in delimiter or "）" in delimiter:
            self.listed = []
        kinds = {token.kind for token in clause}
        request = "request" in kinds
        none = "negation" in kinds and "number" not in kinds
        if ("elsewhere" in kinds and not none) or (request and _of_another_kind(clause)):
            self.elsewhere = True
        elif request and kinds & VERBS:
            self.elsewhere = False
        anew = self._channel_parts or (self._aside_parts and kinds >= {"flow", "document"})
        if anew and "；" in delimiter:
            # 公开信息 500 条，其中……86 条；制定规范性文件 1 件: no more of the parts.
            self.part &= not self._aside_parts
            self.elsewhere = self._channel_parts = self._aside_parts = False
        if "part" in kinds:
            self.part = True
            # The parts of something that is not compared are not compared either.
            self._channel_parts = self._channel_before and not self.elsewhere
            self._aside_parts = self._aside_before and not self.elsewhere
            self.elsewhere |= self._aside_before
        if kinds & NAMING:
            self.inner = False
        elif "part" in kinds or not set(delimiter).isdisjoint("（(：:"):
            self.inner = True
        if request and any(request_tokens(clause)):
            self.astray = False
        self._see_body(clause)
        others = {token.kind for token in _counted(clause)} & _OTHER_THINGS
        aside = bool(others)
        self._channel_before = others == {"channel"}
        if not any(token.kind == "unknown" and token.value[0] in "%％" for token in clause):
            # 答复率 100%，其中予以公开 5 件: a rate has no parts.
            self._aside_before = aside or ("disclose" in kinds and not kinds & NAMING)
        return not (self.elsewhere or self.other_body or aside)

    def see_year(self, clause: Sequence[Token], token: Token) -> None:
        """Note which year is spoken of from a token on."""
        if token.kind == "other_year" or (token.kind == "year" and token.value != str(self.year)):
            self.other_year = not any(t.value in CARRIES for t in clause)
        elif token.kind in ("this_year", "year"):
            self.other_year = False

    def end_clause(self, clause: Sequence[Token], *, usable: bool, bound: bool) -> None:
        """End a clause: keep what the next ones may leave out."""
        kinds = {token.kind for token in clause}
        values = {token.value for token in clause}
        heads = [token.value for token in clause if token.kind == "head"]
        if self.topic and kinds == {"disclose"}:
            heads = ["results.granted"]  # 公开、部分公开共 21 件
        if "part" in kinds:
            self.cases.clear()
        numberless = "number" not in kinds
        if bound:
            self.named = []
        elif heads and "negation" not in kinds:
            self.named = heads
        if usable and not self.other_year and not bound and len(heads) == 1 and numberless:
            self.listed.append(heads[0])
        for token in clause:
            if token.kind == "flow":
                self.flow = token.value
            elif token.kind == "document":
                self.document = token.value
            elif token.value in CASES:
                self.case = token.value
                self.cases.add(token.value)
        verbs = [token for token in clause if token.kind in VERBS]
        if values & CASES and not values & (CAUSES | ABOUT_DISCLOSURE):
            self.reviewing = "handle" in kinds
            self.judging |= self.reviewing
        requests = "request" in kinds and any(request_tokens(clause))
        if verbs and requests and not bound and not self.elsewhere:
            self.last = (verb_name(verbs[-1]),)
        if numberless and values & _APPLICANTS:
            self.last = self.whole
        if numberless and "conclude" in kinds:
            self.answered = True
        counts = any(token.number and token.number.kind == "count" for token in clause)
        elsewhere = self.other_year or self.other_body
        channel = "channel" in kinds and "aside" not in kinds
        if verbs and counts and not (requests or bound or channel or elsewhere):
            self.astray = True

    def _see_body(self, clause: Sequence[Token]) -> None:
        """Note whose figures are told: the report's own body's, or another's."""
        everyone = own = joined = False
        for index, token in enumerate(clause):
            if token.kind == "own":
                self.other_body = False
                own = True
            elif token.kind == "others":
                # 我局所属单位 are others, 我局及所属单位 are all.
                self.other_body = not (own and joined)
                return
            if token.kind == "everyone":
                everyone = True
                self.other_body = not self.government
            elif token.kind == "unknown" and not own and not (everyone and self.government):
                number = next((t.number for t in clause[index + 1 : index + 2]), None)
                name = begins_with_body(token.value, number)
                if self.government and is_government(token.value) and name:
                    self.other_body = self.part or self.levels or number is not None
                elif name and not is_abbreviation(name, self.body):
                    self.other_body = True
            elif token.kind == "conjunction":
                joined = True
            elif token.kind in NAMING or token.number is not None:
                return


def clauses(tokens: Sequence[Token], stops: str) -> Iterator[tuple[str, list[Token]]]:
    """The clauses of a sentence, each with the stops before it."""
    clause: list[Token] = []
    delimiter = ""
    for token in tokens:
        if token.kind == "stop" and token.value in stops:
            if clause:
                yield delimiter, clause
                delimiter = ""
            clause, delimiter = [], delimiter + token.value
        elif token.kind != "stop":
            if len(clause) >= _LONGEST_CLAUSE:
                yield delimiter, clause
                clause, delimiter = [], ""
            clause.append(token)
    if clause:
        yield delimiter, clause


def _is_item(clause: Sequence[Token]) -> bool:
    """Whether a clause begins an item of a list: 二是……."""
    return len(clause) > 1 and clause[0].value in _ORDINALS and clause[1].value == "是"


def _counted(clause: Sequence[Token]) -> Iterator[Token]:
    """A clause up to what was done next: 印发规范性文件 2 件 of 印发规范性文件 2 件并同步解读."""
    number = False
    for token in clause:
        if number and token.value == "并":
            return
        number = number or token.number is not None
        yield token


def _of_another_kind(clause: Sequence[Token]) -> bool:
    """Whether a clause speaks of applications for something else: 法律援助申请."""
    for before, token in itertools.pairwise(clause):
        if token.kind == "request" and token.value in BARE and before.kind == "unknown":
            return before.length > 1
    return False
