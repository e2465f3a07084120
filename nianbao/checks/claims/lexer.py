"""Sentences of prose as tokens: words of the vocabulary, numbers, stops, and what lies between."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.checks.claims.numerals import Numeral, find_numbers
from nianbao.checks.claims.tokens import ASIDES, NAMING, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_SENTENCE: Final = re.compile(r"[^。！？!?\n]+")
_STOPS: Final = "，、；：,;:（）()“”‘’《》\"'"
_OPENING: Final = frozenset("（(：:")
# A sentence without a number and without one of these denies nothing.
_NONE: Final = frozenset("无未没")
# A part of the year; 12月31日, 12月底 and full dates are no such part.
_MONTH: Final = re.compile(
    r"(?:截[至止](?:到)?[^，。]{0,6}?)?[0-9]{1,2}月(?:[0-9]{1,2}日|份|底|末)?"
)
# What a document is called says nothing of this report.
_TITLE: Final = re.compile(r"《[^《》]{1,60}》")
_DATES: Final = "0123456789截"  # what a year and a part of it begin with
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_VOCABULARY: Final = Path(__file__).with_name("vocabulary.toml")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words: what each is, and all of them by their first character, the longest first.

    `naming` are those without which a sentence can't speak of the tables, likewise. (One pattern of
    all words would take longer to compile than a report to check.)
    """

    words: Mapping[str, Token]
    by_first: Mapping[str, Sequence[str]]
    naming: Mapping[str, Sequence[str]]

    def at(self, text: str, position: int, end: int) -> str:
        """The longest word that stands at a position, or nothing."""
        for word in self.by_first.get(text[position], ()):
            if text.startswith(word, position, end):
                return word
        return ""

    def names_something(self, sentence: str) -> bool:
        """Whether a sentence holds a word that names something of the tables."""
        for position, character in enumerate(sentence):
            for word in self.naming.get(character, ()):
                if sentence.startswith(word, position):
                    return True
        return False


@cache
def _lexicon(row_names: tuple[tuple[str, str], ...]) -> _Lexicon:
    """The vocabulary, and further words with the rows that they name."""
    words: dict[str, Token] = {}
    data: dict[str, dict[str, Any]] = tomllib.loads(_VOCABULARY.read_text("utf-8"))
    for name, entries in data.items():
        kind: TokenKind = name  # type: ignore[assignment]
        listed = entries.get("words")
        pairs = ((word, "") for word in listed) if listed else entries.items()
        for word, value in pairs:
            words[word] = Token(kind, value, 0, 0)
    # Other words for the rows, by their key; a form that has no such row has no such word.
    addresses = {address.rsplit("/", 1)[-1]: address for _, address in row_names}
    for word, key in data.get("row", {}).items():
        words.pop(word, None)
        if key in addresses:
            words[word] = Token("head", addresses[key], 0, 0)
    for word, role in row_names:
        words.setdefault(word, Token("head", role, 0, 0))
    naming = [word for word in words if words[word].kind in NAMING | {"scope"}]
    return _Lexicon(words, _by_first(words), _by_first(naming))


def _by_first(words: Iterable[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[0], []).append(word)
    return found


def sentences(text: str, row_names: tuple[tuple[str, str], ...]) -> Iterator[tuple[Token, ...]]:
    """The tokens of each sentence; `row_names` are further words and the rows that they name."""
    lexicon = _lexicon(row_names)
    numbers = list(find_numbers(text))
    starts = [number.start for number in numbers]
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        low, high = bisect_left(starts, match.start()), bisect_left(starts, match.end())
        told = low < high or not _NONE.isdisjoint(sentence)
        if told and lexicon.names_something(sentence):
            found = _tokens(text, match.start(), match.end(), numbers[low:high], lexicon)
            bare = _OPENING.isdisjoint(sentence)
            yield tuple(found if bare else _without_brackets(list(found)))


def _without_brackets(tokens: list[Token]) -> Iterator[Token]:
    """Drop brackets around a bare number and colons before one: 自然人（9）件, 新收：38 件."""
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        beyond = tokens[index + 2] if index + 2 < len(tokens) else None
        if token.kind == "stop" and after is not None and after.number is not None:
            named = index and tokens[index - 1].kind not in ("unknown", "plain", "stop", *ASIDES)
            if token.value in "：:" and named:
                continue
            if token.value in "（(" and beyond is not None and beyond.value in "）)":
                continue
        before = tokens[index - 1] if index else None
        opening = tokens[index - 2] if index > 1 else None
        if (
            token.value in ("）", ")")
            and before is not None
            and before.number is not None
            and opening is not None
            and opening.value in ("（", "(")
        ):
            continue
        yield token


def _tokens(
    text: str,
    start: int,
    end: int,
    numbers: list[Numeral],
    lexicon: _Lexicon,
) -> Iterator[Token]:
    position, unknown = start, start
    upcoming = iter(numbers)
    number = next(upcoming, None)
    while position < end:
        found: Token | None = None
        while number is not None and number.start < position:
            number = next(upcoming, None)
        character = text[position]
        numbered = number is not None and number.start == position
        word = lexicon.at(text, position, end)
        title = character == "《" and _TITLE.match(text, position, end)
        year = month = None
        if character in _DATES:
            year = _YEAR.match(text, position, end)
            month = _MONTH.match(text, position, end)
        if title:
            found = Token("plain", title.group(), position, title.end())
        elif month and not year:
            whole = "日" in month.group() or month.group().endswith(("12月底", "12月末"))
            until = month.group().startswith("截") and "12月" not in month.group()
            kind: TokenKind = "other_year" if until else "neutral" if whole else "aside"
            found = Token(kind, month.group(), position, month.end())
        elif year and text[position - 1 : position] in ("比", "较"):
            found = Token("compare", year.group(), position, year.end() + 1)
        elif year:
            found = Token("year", year.group(), position, year.end() + 1)
        elif word and (
            lexicon.words[word].kind == "negation"  # 无一例 is no number
            or not (number and position < number.start < position + len(word))
        ):
            known = lexicon.words[word]
            found = Token(known.kind, known.value or word, position, position + len(word))
            if numbered and known.kind != "elsewhere":
                found = None
        if found is None and number is not None and numbered:
            found = Token("number", "", position, max(number.stop, number.end), number)
        if found is None and (character in _STOPS or character.isspace()):
            kind = "neutral" if character.isspace() else "stop"
            found = Token(kind, character, position, position + 1)
        if found is None and character == "#":
            found = Token("neutral", character, position, position + 1)
        if found is None:
            position += 1
            continue
        if unknown < position:
            yield Token("unknown", text[unknown:position], unknown, position)
        yield found
        position = unknown = found.end
    if unknown < end:
        yield Token("unknown", text[unknown:end], unknown, end)
