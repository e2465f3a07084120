"""Claims: what a sentence says of the form's numbers.

A small grammar over tokens. A sentence is a list of clauses; a number belongs to the nearest word
before it in its clause that names something in the tables (收到……申请 5 件, 予以公开 5 件), or to
one right after it (5 件予以公开, 收到 5 件申请). What a clause leaves out it inherits from the
clauses before it in the same sentence, never from another sentence. A number that can't be tied
to a name without guessing is no claim.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.rules.prose.lexer import Token
    from nianbao.rules.prose.numbers import Number

_NAMES: Final = frozenset(
    {"request", "receive", "handle", "conclude", "head", "document", "flow", "outcome"}
)
_VERBS: Final = frozenset({"receive", "handle", "conclude"})
_DECISIONS: Final = frozenset({"licences", "penalties", "coercion"})
_CASES: Final = frozenset(
    {"reconsideration", "litigation", "litigation.direct", "litigation.reconsidered"}
)
_CARRIES: Final = frozenset({"carry", "received.carried", "carried.next"})
# Bare words for applications, which may be for anything: 法律援助申请, 书面申请.
_BARE: Final = frozenset({"申请", "申请件", "申请事项"})
_WHOLES: Final = frozenset({"received", "handled", "concluded", "requests"})
_UNSAID: Final = frozenset({"unknown", "plain", "number", "disclose"})
_SUMS: Final = frozenset({"共计", "总计", "合计", "共"})
# How the name of some body ends; 我局 and the like are words of the vocabulary.
_BODY: Final = re.compile(
    r"[^，。的]{1,16}?(?:局|委|厅|馆|站|所|乡镇|乡|镇|街道|部门|机关|中心|政府|办公室|法院|学校|公司|支队|大队|科|股)"
)
# 项 counts items of a list of powers, 条 published pieces of information.
_DECISION_MEASURES: Final = frozenset({"件", "宗", "起", "例", "份", "个", ""})
# 涉及土地的申请 are some of the applications.
_TOPICS: Final = frozenset({"涉及", "涉", "关于"})
_CAUSES: Final = frozenset({"因", "由", "引发", "产生", "发生", "提起", "提出", "被", "涉及", "涉"})
_ABOUT_DISCLOSURE: Final = frozenset({"政府信息公开", "信息公开", "政务公开", "政府信息"})
_GAP: Final = 4
_WIDE_GAP: Final = 14

_GOVERNMENT: Final = re.compile(r"[省市县区州旗盟]?(?:人民)?政府")


@dataclass(frozen=True, slots=True)
class Claim:
    """`names` are what is counted (roles of the form, or received, handled, concluded, requests,
    carry), several where the sentence adds them up; `number` is None where it is denied.

    `start`–`end` is the number or the denied word, `first`–`last` the words around it.
    """

    names: tuple[str, ...]
    scope: str
    number: Number | None
    start: int
    end: int
    first: int
    last: int
    part: bool = False


@dataclass(slots=True)
class _Frame:
    """What the clauses of a sentence hand on to the next."""

    year: int
    body: str
    government: bool
    topic: bool
    disclosure: bool
    elsewhere: bool = False
    other_year: bool = False
    part: bool = False
    flow: str = ""
    document: str = ""
    case: str = ""
    judging: bool = False
    revision: bool = False
    other_body: bool = False
    outside: bool = False
    last: tuple[str, ...] = ()
    listed: list[str] = field(default_factory=list)


def find_claims(
    tokens: Sequence[Token],
    year: int,
    body: str,
    *,
    government: bool,
    topic: bool,
    disclosure: bool,
) -> Iterator[Claim]:
    """The claims of one sentence about the year and the body.

    `government`: the body's figures are those of all that is below it.

    `topic`: the text is about requests even where it does not say so; `disclosure`: cases that it
    tells of are about disclosure.
    """
    has_request = any(t.kind == "request" for t in tokens)
    about = disclosure or topic or any(t.value in _ABOUT_DISCLOSURE for t in tokens)
    fresh = _Frame(year, body, government, topic or has_request, about or has_request)
    fresh.revision = any(t.kind == "revision" for t in tokens)
    frame = replace(fresh, listed=[])
    for delimiter, clause in _clauses(tokens, ",，、；：;:()（）。"):
        yield from _numbers(frame, delimiter, clause)
    frame = fresh
    for delimiter, segment in _clauses(tokens, "，,；;：:（）()"):
        yield from _denials(frame, delimiter, segment)


def _clauses(tokens: Sequence[Token], stops: str) -> Iterator[tuple[str, list[Token]]]:
    clause: list[Token] = []
    delimiter = ""
    for token in tokens:
        if token.kind == "stop" and token.value in stops:
            if clause:
                yield delimiter, clause
                delimiter = ""
            clause, delimiter = [], delimiter + token.value
        elif token.kind != "stop":
            clause.append(token)
    if clause:
        yield delimiter, clause


def _enter(frame: _Frame, delimiter: str, clause: Sequence[Token]) -> bool:
    """Bring the frame up to date at the start of a clause; False where it is not to be compared."""
    if "）" in delimiter or ")" in delimiter:
        frame.other_year = frame.outside
    if "（" in delimiter or "(" in delimiter:
        frame.outside = frame.other_year
    kinds = {token.kind for token in clause}
    explicit = "request" in kinds and bool(kinds & _VERBS)
    if "elsewhere" in kinds:
        frame.elsewhere = True
    elif explicit:
        frame.elsewhere = False
    if _of_another_kind(clause):
        frame.elsewhere = True
    if "part" in kinds:
        frame.part = True
    _see_body(frame, clause)
    return not (frame.elsewhere or frame.other_body or kinds & {"aside", "revision"})


def _see_year(frame: _Frame, clause: Sequence[Token], token: Token) -> None:
    """Note which year is spoken of from a token on."""
    if token.kind == "other_year" or (token.kind == "year" and token.value != str(frame.year)):
        frame.other_year = not any(t.value in _CARRIES for t in clause)
    elif token.kind in ("this_year", "year"):
        frame.other_year = False


def _see_body(frame: _Frame, clause: Sequence[Token]) -> None:
    """Note whose figures are told: the report's own body, or another one."""
    for token in clause:
        if token.kind == "own":
            frame.other_body = False
        elif token.kind == "others":
            frame.other_body = True
        elif token.kind == "everyone":
            frame.other_body = not frame.government
        elif token.kind == "unknown":
            for found in _BODY.finditer(token.value):
                if frame.government and _GOVERNMENT.fullmatch(found.group()):
                    frame.other_body = frame.part
                elif not _short_for(found.group(), frame.body):
                    frame.other_body = True
                    break
        elif token.kind in _NAMES or token.number is not None:
            return


def _short_for(name: str, body: str) -> bool:
    """Whether a name may stand for the body: its characters come in the same order in both."""
    rest = iter(body)
    return all(character in rest for character in name)


def _of_another_kind(clause: Sequence[Token]) -> bool:
    """Whether a clause speaks of applications for something else: 法律援助申请."""
    for before, token in itertools.pairwise(clause):
        if token.kind == "request" and token.value in _BARE and before.kind == "unknown":
            return before.length > 1
    return False


def _numbers(frame: _Frame, delimiter: str, clause: list[Token]) -> Iterator[Claim]:
    usable = _enter(frame, delimiter, clause)
    if "、" not in delimiter:
        frame.listed = []
    begin = 0
    bound = False
    for index, token in enumerate(clause):
        if token.kind == "compare":
            return
        _see_year(frame, clause, token)
        if token.number is None:
            continue
        left = clause[begin:index]
        right = clause[index + 1 :]
        begin = index + 1
        if token.number.kind == "other" or not usable or frame.other_year:
            continue
        found = _bind(frame, left, right)
        if found is None:
            continue
        names, scope = found
        if not _plausible(frame, clause, names, token):
            continue
        bound = True
        if len(names) == 1 and frame.listed and names[0] not in frame.listed:
            names = (*frame.listed, *names)
        frame.listed = []
        frame.last = names
        first = left[0].start if left else token.start
        yield Claim(
            names,
            scope,
            token.number,
            token.number.start,
            token.number.end,
            first,
            _quote_end(token, right),
            frame.part,
        )
    heads = [t.value for t in clause if t.kind == "head"]
    if (
        usable
        and not frame.other_year
        and not bound
        and len(heads) == 1
        and all(t.number is None for t in clause)
    ):
        frame.listed.append(heads[0])
    for token in clause:
        if token.kind == "flow":
            frame.flow = token.value
        elif token.kind == "document":
            frame.document = token.value
        elif token.value in _CASES:
            frame.case = token.value
    verbs = [t for t in clause if t.kind in _VERBS]
    if verbs and not bound and any(t.kind == "request" for t in clause) and not frame.elsewhere:
        frame.last = (_verb(verbs[-1]),)


def _quote_end(number: Token, right: Sequence[Token]) -> int:
    """A quote ends with the measure word, or with the noun that follows it."""
    end = number.end
    for token in right:
        if token.kind in ("request", "document", "head"):
            return token.end
        if token.kind != "neutral":
            break
    return end


def _gap(tokens: Sequence[Token]) -> int:
    """How many characters of unknown words there are."""
    return sum(t.length for t in tokens if t.kind in _UNSAID)


def _bind(
    frame: _Frame, left: Sequence[Token], right: Sequence[Token]
) -> tuple[tuple[str, ...], str] | None:
    """What a number counts, and for which applicants; None where that can't be told."""
    scope = _scope(left, right)
    if scope is None or any(t.kind == "negation" for t in left):
        return None
    said = [t for t in left if t.kind not in ("neutral", "part")]
    if [t.kind for t in said] == ["disclose"] and frame.topic and frame.last:
        told = frame.last[0]
        answers = told == "concluded" or told.startswith("results.")
        return (("results.granted",), scope) if answers else None
    places = [i for i, t in enumerate(left) if t.kind in _NAMES]
    follows = _next_name(right)
    if places:
        nearest = places[-1]
        gap = _gap(left[nearest + 1 :])
        if gap <= _GAP or (left[nearest].kind in _VERBS and follows == "request"):
            names = _left(frame, left[: nearest + 1], right, follows)
            if names is not None and gap <= _WIDE_GAP:
                return names, scope
            return None
    counted = frame.last if frame.last and _of_requests(frame.last) else None
    if any(t.kind == "scope" for t in left) and _gap(left) <= _GAP:
        return (counted or ("requests",), scope) if counted or frame.topic else None
    summed = any(t.value in _SUMS for t in left) and not _gap(left) and _gap(right) <= 1
    if counted and summed and set(counted) <= _WHOLES:
        return counted, scope
    if right and right[0].kind == "request" and right[0].value not in _BARE:
        has = any(t.value in ("有", "共") for t in left)
        return (("requests",), scope) if has and not _gap(left) else None
    return _right(frame, right, scope)


def _left(
    frame: _Frame, left: Sequence[Token], right: Sequence[Token], follows: str
) -> tuple[str, ...] | None:
    """The name that ends `left`, completed by what stands before it in the clause."""
    nearest, before = left[-1], left[:-1]
    if nearest.kind == "head":
        if nearest.value == "carry":
            return (_carry(frame, left, right),)
        if nearest.value in _DECISIONS and any(t.kind == "request" for t in before):
            return None  # 申请公开行政处罚决定 2 件 are applications
        # 属于国家秘密不予公开 counts the reason, not all that is refused.
        reason = next((t.value for t in before if t.value.startswith("row:")), "")
        unknown = next(itertools.islice(reversed(before), 1, None), None)
        if before and before[-1].kind == "conjunction" and unknown and unknown.kind == "unknown":
            return None  # 公开和部分公开 N 件: what it is joined to is not known
        return (reason,) if reason else (*_joined(before), nearest.value)
    if nearest.kind == "outcome":
        case = next((t.value for t in reversed(before) if t.value in _CASES), frame.case)
        return (f"{case}:{nearest.value}",) if case else None
    if nearest.kind == "request":
        between = list(itertools.takewhile(_unnamed, reversed(before)))
        if _gap(between) > (0 if nearest.value in _BARE else 1):
            return None
        if any(token.value in _TOPICS for token in between):
            return None
        carried = next((t.value for t in before if t.value in _CARRIES), "")
        if carried:
            return (_carry(frame, left, right) if carried == "carry" else carried,)
        for token in reversed(before):
            if token.kind in _VERBS:
                return (_verb(token),)
            if token.kind == "head" and token.value.startswith(("results.", "row:")):
                return (token.value,)
            if token.kind in ("head", "document", "flow"):
                return None
        return ("requests",)
    if nearest.kind in _VERBS:
        if follows == "request":
            return (_verb(nearest),)
        if any(t.kind == "head" and t.value in _CASES | _DECISIONS for t in before):
            return None
        counted = right[0] if right else None
        glued = counted is not None and counted.kind in ("unknown", "plain", "scope", "head")
        return (_verb(nearest),) if frame.topic and not glued else None
    flows = [t.value for t in left if t.kind == "flow"]
    after = next((t for t in right if t.kind != "neutral"), None)
    if nearest.kind == "document" and after is not None and after.kind == "flow":
        flows = [after.value]  # 制发的规范性文件共 6 件继续有效
    documents = [t.value for t in left if t.kind == "document"]
    if nearest.kind == "flow" and follows == "document":
        documents = [next(t.value for t in right if t.kind == "document")]
    if not documents and frame.document:
        documents = [frame.document]
    if not flows and frame.flow:
        flows = [frame.flow]
    if not flows or not documents:
        return None
    # 废止和宣布失效 N 件 is one flow; 制发、废止 N 件 would be two and says nothing of either.
    if len(set(flows)) > 1 and nearest.kind == "document":
        return None
    if flows[-1] == "issued" and frame.revision:
        return None
    return tuple(f"{document}.{flows[-1]}" for document in dict.fromkeys(documents))


def _unnamed(token: Token) -> bool:
    return token.kind not in _NAMES


def _verb(token: Token) -> str:
    return {"receive": "received", "handle": "handled", "conclude": "concluded"}[token.kind]


def _carry(frame: _Frame, left: Sequence[Token], right: Sequence[Token]) -> str:
    """结转 with a year beside it: 2021年结转 or 结转2023年; without one it may be either."""
    years = {token.value for token in (*left, *right) if token.kind == "year"}
    if str(frame.year - 1) in years:
        return "received.carried"
    if str(frame.year + 1) in years:
        return "carried.next"
    return "carry"


def _joined(before: Sequence[Token]) -> tuple[str, ...]:
    """The heads that are joined to the one after `before`: 予以公开及部分公开."""
    names: list[str] = []
    joined = False
    for token in reversed(before):
        if token.kind == "conjunction":
            joined = True
        elif token.kind == "head" and joined:
            names.insert(0, token.value)
            joined = False
        elif token.kind != "neutral":
            break
    return tuple(names)


def _next_name(right: Sequence[Token]) -> str:
    """The kind of the first name after a number, if little stands between and no other number."""
    gap = 0
    for token in right:
        if token.kind in _NAMES:
            return token.kind
        if token.kind in ("unknown", "plain"):
            gap += token.length
        if token.number is not None or gap > _WIDE_GAP or token.kind == "conjunction":
            return ""
    return ""


def _right(frame: _Frame, right: Sequence[Token], scope: str) -> tuple[tuple[str, ...], str] | None:
    """The name right after a number: 5 件予以公开; 5 件为自然人."""
    for index, token in enumerate(right):
        if token.kind == "neutral":
            continue
        rest = right[index + 1 :]
        right_of = token.value.startswith(("results.", "row:")) or token.value in _CARRIES
        if token.kind == "head" and right_of and frame.topic:
            # 予以公开 5 件不予公开 3 件: the word belongs to the number after it.
            taken = next((t for t in rest if t.kind != "neutral"), None)
            return None if taken and taken.number else ((token.value,), scope)
        if token.kind == "scope" and index and frame.last and _of_requests(frame.last):
            return frame.last, scope
        return None
    return None


def _scope(left: Sequence[Token], right: Sequence[Token]) -> str | None:
    """Whose requests are counted: all, or one group of applicants; None where it is several."""
    scopes = [t.value for t in left if t.kind == "scope"]
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


def _of_requests(names: Sequence[str]) -> bool:
    return all(
        name in ("received", "handled", "concluded", "requests", "carry")
        or name.startswith(("results.", "received.", "carried.", "row:"))
        for name in names
    )


def _plausible(
    frame: _Frame, clause: Sequence[Token], names: tuple[str, ...], token: Token
) -> bool:
    """Whether a number of this kind can be of what it seems to count."""
    number = token.number
    assert number is not None
    money = number.kind == "money"
    if ("fees" in names) != money:
        return False
    if _of_requests(names):
        return frame.topic
    if _DECISIONS.intersection(names):
        return number.measure in _DECISION_MEASURES
    if _CASES.intersection(name.partition(":")[0] for name in names):
        # Whoever 受理 or 审理 a case is the authority that reviews, not the one reviewed.
        if any(t.value in _CAUSES | _ABOUT_DISCLOSURE for t in clause):
            frame.judging = False
        elif any(t.kind in _VERBS for t in clause):
            frame.judging = True
        return frame.disclosure and not frame.judging
    return True


def _denials(frame: _Frame, delimiter: str, segment: list[Token]) -> Iterator[Claim]:
    """Zero said in words: 未收到……申请, 未制定规章和规范性文件, 无行政复议、行政诉讼."""
    usable = _enter(frame, delimiter, segment)
    for token in segment:
        _see_year(frame, segment, token)
    if not usable or frame.other_year:
        return
    negations = [i for i, t in enumerate(segment) if t.kind == "negation"]
    if not negations or any(t.number is not None for t in segment):
        return
    start = negations[0]
    body = segment[start + 1 :]
    if _gap(segment[:start]) > _WIDE_GAP or not body:
        return
    names = [i for i, t in enumerate(body) if t.kind in _NAMES]
    if not names:
        return
    scope = _scope(body, ())
    if scope is None or _gap(body[: names[0]]) > _WIDE_GAP or _gap(body[names[-1] + 1 :]) > _GAP:
        return
    direct = segment[start].value in ("无", "没有", "均无", "不存在", "暂无", "皆无", "都没有")
    for position in names:
        token = body[position]
        before = body[:position]
        name = _denied(frame, token, before, body[position + 1 :], direct=direct)
        if name:
            yield Claim(
                (name,),
                scope if name in ("received", "requests") or name.startswith("results.") else "all",
                None,
                token.start,
                token.end,
                segment[start].start,
                token.end,
            )


def _denied(
    frame: _Frame, token: Token, before: Sequence[Token], after: Sequence[Token], *, direct: bool
) -> str:
    """The name that a word after a negation denies; empty where it denies nothing of the form."""
    kinds = {t.kind for t in before}
    if token.kind == "request":
        between = list(itertools.takewhile(_unnamed, reversed(before)))
        if _gap(between) > 1 or any(t.value in _TOPICS for t in between):
            return ""
        into_case = any(t.kind == "head" and t.value in _CASES for t in (*before, *after))
        if into_case or "conclude" in kinds or "head" in kinds or "request" in kinds:
            return ""
        # 未公开的申请 and the like: only receiving can be denied, or the thing itself.
        return "received" if "receive" in kinds or (direct and not kinds & _VERBS) else ""
    if token.kind == "document":
        flows = [t.value for t in before if t.kind == "flow"]
        return f"{token.value}.{flows[-1]}" if flows else ""
    if token.kind != "head":
        return ""
    verbs = {t.value for t in before if t.kind in ("neutral", "receive", "handle")}
    if token.value in _DECISIONS:
        acts = {"进行", "实施", "作出", "做出", "开展", "发生", "产生", "办理", "涉及"}
        return token.value if direct or verbs & acts else ""
    if token.value == "fees":
        return "fees" if direct or verbs & {"收取", "征收", "收缴", "产生", "发生"} else ""
    if token.value in _CASES:
        acts = {"发生", "产生", "被", "引发", "收到", "提起", "接到", "有", "涉及", "因"}
        return token.value if frame.disclosure and (direct or verbs & acts) else ""
    if token.value in _CARRIES and frame.topic:
        return token.value if direct else ""
    if token.value.startswith("results.") and frame.topic:
        acts = {"作出", "做出", "发生", "产生", "有"}
        return token.value if direct or verbs & acts else ""
    return ""
