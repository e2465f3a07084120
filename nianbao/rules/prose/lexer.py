"""Sentences of prose as tokens: words of the vocabulary, numbers, stops, and what lies between."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from nianbao.rules.prose.numbers import Number, find_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal[
    "request",
    "receive",
    "handle",
    "conclude",
    "head",
    "document",
    "flow",
    "scope",
    "negation",
    "neutral",
    "conjunction",
    "part",
    "aside",
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
_SENTENCE: Final = re.compile(r"[^。！？!?\n]+")
_STOPS: Final = "，、；：,;:（）()“”‘’《》\"'"
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_VOCABULARY: Final = Path(__file__).with_name("vocabulary.toml")


@dataclass(frozen=True, slots=True)
class Token:
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


@cache
def _lexicon(row_names: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, Token]]:
    """One pattern for all words, the longest first, and what each word is."""
    words: dict[str, Token] = {}
    data: dict[Kind, dict[str, Any]] = tomllib.loads(_VOCABULARY.read_text("utf-8"))  # type: ignore[assignment]
    for kind, entries in data.items():
        listed = entries.get("words")
        pairs = ((word, "") for word in listed) if listed else entries.items()
        for word, value in pairs:
            words[word] = Token(kind, value, 0, 0)
    for word, role in row_names:
        words.setdefault(word, Token("head", role, 0, 0))
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered))), words


def sentences(text: str, row_names: tuple[tuple[str, str], ...]) -> Iterator[tuple[Token, ...]]:
    """The tokens of each sentence; `row_names` are further words and the rows that they name."""
    pattern, words = _lexicon(row_names)
    numbers = list(find_numbers(text))
    starts = [number.start for number in numbers]
    for match in _SENTENCE.finditer(text):
        low, high = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        if low < high or "无" in match.group() or "未" in match.group() or "没" in match.group():
            yield tuple(
                _tokens(text, match.start(), match.end(), numbers[low:high], pattern, words)
            )


def _tokens(
    text: str,
    start: int,
    end: int,
    numbers: list[Number],
    pattern: re.Pattern[str],
    words: dict[str, Token],
) -> Iterator[Token]:
    position, unknown = start, start
    upcoming = iter(numbers)
    number = next(upcoming, None)
    while position < end:
        found: Token | None = None
        while number is not None and number.start < position:
            number = next(upcoming, None)
        year = _YEAR.match(text, position, end)
        word = pattern.match(text, position, end)
        if year:
            found = Token("year", year.group(), position, year.end() + 1)
        elif word and not (number and number.start < word.end() and word.start() < number.start):
            known = words[word.group()]
            found = Token(known.kind, known.value or word.group(), position, word.end())
            if number and number.start == position and known.kind != "elsewhere":
                found = None
        if found is None and number is not None and number.start == position:
            found = Token("number", "", position, max(number.stop, number.end), number)
        if found is None and (text[position] in _STOPS or text[position].isspace()):
            kind: Kind = "neutral" if text[position].isspace() else "stop"
            found = Token(kind, text[position], position, position + 1)
        if found is None and text[position] in "*_`#":
            found = Token("neutral", text[position], position, position + 1)
        if found is None:
            position += 1
            continue
        if unknown < position:
            yield Token("unknown", text[unknown:position], unknown, position)
        yield found
        position = unknown = found.end
    if unknown < end:
        yield Token("unknown", text[unknown:end], unknown, end)
