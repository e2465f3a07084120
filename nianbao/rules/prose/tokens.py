"""A token of prose and its kinds: the classes of vocabulary.toml, and what is no word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from nianbao.rules.prose.numbers import Number

Kind = Literal[
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

    kind: Kind
    value: str
    start: int
    end: int
    number: Number | None = None

    @property
    def length(self) -> int:
        """How many characters it covers."""
        return self.end - self.start
