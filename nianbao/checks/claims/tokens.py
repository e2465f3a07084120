"""Define the tokens of prose; most kinds of tokens are the classes of vocabulary.toml."""

from __future__ import annotations

import itertools
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.checks.claims.numerals import Numeral

_Verb = Literal["receive", "handle", "conclude"]
_Noun = Literal["request", "head", "short", "document", "flow", "outcome"]
_Modifier = Literal[
    "scope", "disclose", "delayed", "revision", "campaign", "own", "others", "everyone"
]
_Connective = Literal["negation", "none", "neutral", "conjunction", "part"]
_Distractor = Literal[
    "aside",
    "publish",
    "rate",
    "channel",
    "elsewhere",
    "compare",
    "other_year",
    "this_year",
    "plain",
]
_NotInVocabulary = Literal["number", "year", "stop", "unknown"]
TokenKind = _Verb | _Noun | _Modifier | _Connective | _Distractor | _NotInVocabulary
# What a claim counts: roles or claim roles of rows, or names of the grammar (received, carry …).
Names = tuple[str, ...]


class Token(NamedTuple):  # made for every word: three times faster than a dataclass
    """A word, number or punctuation mark in a text.

    `start`, `end`: the offsets in the text; the end is exclusive.
    `kind`: the class of the word.
    `value`: the role of the row or column that the word names; else the word.
    `number`: the number if `kind` is number, else None.
    """

    kind: TokenKind
    value: str
    start: int
    end: int
    number: Numeral | None = None

    @property
    def length(self) -> int:
        """The length in characters."""
        return self.end - self.start


class Reason(StrEnum):
    """The reason why a number or a denial (无, 未收到) is not compared with the tables.

    The values are the texts that `rules --explain` prints.
    """

    NOTHING_NAMED = "这句没有说到表里的项目"
    NOT_A_COUNT = "不是件数或金额"
    QUOTED = "引号里的话"
    OTHER_TOPIC = "说的是别的事"
    OTHER_BODY = "说的是别的机关"
    OTHER_YEAR = "说的是别的年份"
    OTHER_REQUESTS = "说的不是政府信息公开申请"
    COMPARED = "是和别的年份比出来的数"
    PUBLISHED = "说的是公布了多少"
    NOT_BOUND = "认不准是哪一项的数"
    NO_CELLS = "表里没有这一项"
    PART = "是前面一个数的一部分"
    UNKNOWN_WORDS = "有不认识的词，旁边的数也证明不了说的是哪一项"
    WITH_NUMBER = "否定的话里有数"
    NOTHING_DENIED = "认不准否定的是哪一项"


VERBS: Final[frozenset[str]] = frozenset(get_args(_Verb))
# Kinds of tokens that name something in the tables.
NAMING: Final[frozenset[str]] = VERBS | set(get_args(_Noun))
# Kinds of words that exclude their clause, which is about something that no table counts.
ASIDES: Final = frozenset({"aside", "publish", "rate", "channel"})
# Kinds of words that deny.
NEGATIONS: Final = frozenset({"negation", "none"})
# Kinds that the grammar does not understand: too many such words separate a number from a name.
_NOT_UNDERSTOOD: Final = frozenset({"unknown", "plain", "number", "disclose", "campaign"})

# Names of the grammar, by what they count.
DECISIONS: Final = frozenset({"licences", "penalties", "coercion"})
CASES: Final = frozenset(
    {"reconsideration", "litigation", "litigation.direct", "litigation.reconsidered"}
)
CARRIES: Final = frozenset({"carry", "received.carried", "carried.next"})
# 办结 and 答复: some do not count requests that were not processed as answered.
CONCLUSIONS: Final = frozenset({"concluded", "answered"})
WHOLES: Final = frozenset({"received", "handled", "requests", *CONCLUSIONS})

# Words that the grammar knows one by one.
SUMS: Final = frozenset({"共计", "总计", "合计", "共"})
BARE: Final = frozenset(
    {"申请", "申请件", "申请事项", "申请量"}
)  # can be for anything: 法律援助申请
TOPICS: Final = frozenset({"涉及", "涉", "关于"})  # 涉及土地的申请 are some of the requests
CAUSES: Final = frozenset({"因", "由", "引发", "产生", "发生", "提起", "提出", "被", "涉及", "涉"})
ABOUT_DISCLOSURE: Final = frozenset(
    {"政府信息公开", "信息公开", "的信息公开", "政务公开", "政府信息", "因公开"}
)

# The most unknown characters between a name and its number, or around a denial.
NARROW: Final = 4
WIDE: Final = 14


def request_tokens(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens for requests for information, but not 申请 in 低保申请."""
    before = ""
    for token in tokens:
        if token.kind == "request" and not (token.value in BARE and before in ("head", "unknown")):
            yield token
        before = token.kind


def names_topic(tokens: Sequence[Token]) -> bool:
    """Return True if the words before a request give its topic: 涉及土地的申请.

    Disclosure itself is no topic, as in 关于政府信息公开的申请.
    """
    return any(
        token.value in TOPICS
        and (token.value != "关于" if after is None else after.value not in ABOUT_DISCLOSURE)
        for token, after in itertools.zip_longest(tokens, tokens[1:])
    )


def unknown_length(tokens: Iterable[Token]) -> int:
    """Return the number of characters in words that can separate a number from its name.

    These are unknown words, numbers, 公开, and the classes `plain` and `campaign` of
    vocabulary.toml.
    """
    return sum([token.end - token.start for token in tokens if token.kind in _NOT_UNDERSTOOD])


def verb_name(token: Token) -> str:
    """Return the name of what a verb counts: `received`, `handled`, `concluded` or `answered`.

    Raises KeyError if the kind of `token` is not receive, handle or conclude.
    """
    if token.kind == "conclude" and "复" in token.value:
        return "answered"  # 答复, 回复
    return {"receive": "received", "handle": "handled", "conclude": "concluded"}[token.kind]


def of_requests(names: Names) -> bool:
    """Return True if all names count requests, as the rows of table 三 do."""
    others = [name for name in names if name not in WHOLES]
    return all(
        name == "carry" or name.startswith(("results.", "received.", "carried.", "row:"))
        for name in others
    )
