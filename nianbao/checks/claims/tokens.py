"""A token of prose and its kinds: the classes of vocabulary.toml, and what is no word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from nianbao.checks.claims.numerals import Numeral

TokenKind = Literal[
    "request",
    "receive",
    "handle",
    "conclude",
    "head",
    "document",
    "flow",
    "scope",
    "delayed",
    "disclose",
    "own",
    "others",
    "revision",
    "everyone",
    "outcome",
    "negation",
    "neutral",
    "conjunction",
    "part",
    "aside",
    "channel",
    "elsewhere",
    "compare",
    "other_year",
    "this_year",
    "plain",
    "number",
    "year",
    "stop",
    "unknown",
]


class Token(NamedTuple):  # made for every word of a text, which a tuple is three times faster at
    """A token at `start`–`end` of the text; `value` is what the vocabulary says of the word."""

    kind: TokenKind
    value: str
    start: int
    end: int
    number: Numeral | None = None

    @property
    def length(self) -> int:
        """How many characters it covers."""
        return self.end - self.start


# Kinds of tokens that name something in the tables.
NAMING: Final = frozenset(
    {"request", "receive", "handle", "conclude", "head", "document", "flow", "outcome"}
)


VERBS: Final = frozenset({"receive", "handle", "conclude"})


# Kinds whose words the grammar does not understand: too many of them part a number from a name.
_UNSAID: Final = frozenset({"unknown", "plain", "number", "disclose"})


# Kinds of words that make their clause one that speaks of something else.
ASIDES: Final = frozenset({"aside", "channel"})


DECISIONS: Final = frozenset({"licences", "penalties", "coercion"})


CASES: Final = frozenset(
    {"reconsideration", "litigation", "litigation.direct", "litigation.reconsidered"}
)


CARRIES: Final = frozenset({"carry", "received.carried", "carried.next"})


WHOLES: Final = frozenset({"received", "handled", "concluded", "requests"})


SUMS: Final = frozenset({"共计", "总计", "合计", "共"})


# Bare words for applications, which may be for anything: 法律援助申请.
BARE: Final = frozenset({"申请", "申请件", "申请事项"})


# 涉及土地的申请 are some of the applications.
TOPICS: Final = frozenset({"涉及", "涉", "关于"})


CAUSES: Final = frozenset({"因", "由", "引发", "产生", "发生", "提起", "提出", "被", "涉及", "涉"})


ABOUT_DISCLOSURE: Final = frozenset({"政府信息公开", "信息公开", "政务公开", "政府信息"})


NARROW: Final = 4


WIDE: Final = 14


def request_tokens(tokens: Iterable[Token]) -> Iterator[Token]:
    """The words for requests for information: not the 申请 of 行政复议申请 or 低保申请."""
    before = ""
    for token in tokens:
        if token.kind == "request" and not (token.value in BARE and before in ("head", "unknown")):
            yield token
        before = token.kind


def unknown_length(tokens: Iterable[Token]) -> int:
    """How many characters of words stand there that the grammar does not understand."""
    return sum(token.length for token in tokens if token.kind in _UNSAID)


def verb_name(token: Token) -> str:
    """What a verb counts."""
    return {"receive": "received", "handle": "handled", "conclude": "concluded"}[token.kind]


def of_requests(names: Iterable[str]) -> bool:
    """Whether all names are of table 三, the applications."""
    return all(
        name in WHOLES
        or name == "carry"
        or name.startswith(("results.", "received.", "carried.", "row:"))
        for name in names
    )
