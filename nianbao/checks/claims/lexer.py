"""Split prose into sentences, and each sentence into tokens, with the words of vocabulary.toml."""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nianbao.checks.claims.numerals import Numeral, find_numerals
from nianbao.checks.claims.tokens import ASIDES, NAMING, NEGATIONS, Token, TokenKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

# 其中 goes on with the sentence before it.
_SENTENCE: Final = re.compile(r"[^。！？!?\n]+(?:。(?=其中)[^。！？!?\n]+)*")
_STOPS: Final = frozenset("。，、；：…,;:（）()“”‘’》\"'")
_OPENING: Final = frozenset("（(：:")
# Nearly every word that denies has one of these characters, which are looked for first.
_NEGATING: Final = frozenset("无未没")
# The title of a document says nothing about this report.
_TITLE: Final = re.compile(r"《[^《》]{1,60}》")
_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_MONTH: Final = re.compile(
    r"(?:截[至止](?:到)?[^，。]{0,6}?)?[0-9]{1,2}月(?:[0-9]{1,2}日|份|底|末)?"
)
# Kinds of which a sentence must have one to make a claim.
_CLAIMING: Final = NAMING | {"scope", "disclose"}
_VOCABULARY: Final = Path(__file__).with_name("vocabulary.toml")
_NO_TOKEN: Final = Token("stop", " ", 0, 0)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The words of the vocabulary.

    `words`: each word with its token.
    `firsts`: the first characters of all words.
    `lengths`: by two characters, the lengths of all words that begin with them, the longest first.
    `naming`: the words that name something in the tables, by their first character, without those
        that begin with another one.
    `denying`: the words that deny but have none of the usual characters of denial (_NEGATING). (A
        single pattern of all words would take longer to compile than a report takes to check.)
    """

    words: Mapping[str, Token]
    firsts: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]]
    naming: Mapping[str, tuple[str, ...]]
    denying: tuple[str, ...]

    def word_at(self, text: str, position: int) -> str:
        """Return the longest word that begins at a position, or ""."""
        for length in self.lengths.get(text[position : position + 2], ()):
            word = text[position : position + length]
            if word in self.words:
                return word
        return text[position] if text[position] in self.words else ""

    def denies(self, sentence: str) -> bool:
        """Return True if a sentence has a word or a character that can deny something."""
        return not _NEGATING.isdisjoint(sentence) or any(map(sentence.__contains__, self.denying))

    def names_something(self, sentence: str) -> bool:
        """Return True if a sentence has a word that names something in the tables."""
        for position, character in enumerate(sentence):
            if character in self.naming and sentence.startswith(self.naming[character], position):
                return True
        return False


@cache
def _lexicon(row_names: tuple[tuple[str, str], ...]) -> _Lexicon:
    """Return the words of vocabulary.toml and the names of rows.

    `row_names`: each name with the claim role of its row.
    """
    words: dict[str, Token] = {}
    data: dict[str, dict[str, Any]] = tomllib.loads(_VOCABULARY.read_text("utf-8"))
    other_names = data.pop("row")
    for name, entries in data.items():
        kind: TokenKind = name  # type: ignore[assignment]
        if "words" in entries:
            listed = (word for entry in entries["words"] for word in _alternatives(entry))
            words |= {word: Token(kind, word, 0, 0) for word in listed}
        else:
            for entry, value in entries.items():
                words |= {word: Token(kind, value, 0, 0) for word in _alternatives(entry)}
    # Other words for rows, by the row's key; dropped if the form has no such row.
    roles = {role.rsplit("/", 1)[-1]: role for _, role in row_names}
    for entry, key in other_names.items():
        if key in roles:
            words |= {word: Token("head", roles[key], 0, 0) for word in _alternatives(entry)}
    for word, role in row_names:
        words.setdefault(word, Token("head", role, 0, 0))
    by_start = _by_start((word for word in words if len(word) > 1), 2)
    lengths = {start: tuple(dict.fromkeys(map(len, found))) for start, found in by_start.items()}
    naming_kinds = NAMING | {"scope"}
    named = {word for word in words if words[word].kind in naming_kinds}
    naming = _by_start((word for word in named if not _begins_with_other(word, named)), 1)
    denying = (word for word in words if words[word].kind in NEGATIONS)
    others = tuple(word for word in denying if _NEGATING.isdisjoint(word))
    firsts = frozenset(word[0] for word in words)
    return _Lexicon(words, firsts, lengths, naming, others)


def _begins_with_other(word: str, words: Set[str]) -> bool:
    """Return True if a word begins with a shorter one of `words`, which is then enough to find."""
    return any(word[:length] in words for length in range(1, len(word)))


def _alternatives(entry: str) -> Iterator[str]:
    """Yield the words of an entry: 转(至|到|)下年 is 转至下年, 转到下年 and 转下年."""
    if "(" not in entry:
        yield entry
        return
    parts = re.split(r"[()]", entry)
    choices = (part.split("|") if index % 2 else (part,) for index, part in enumerate(parts))
    yield from map("".join, itertools.product(*choices))


@cache
def words_of(kinds: frozenset[str] | None = None) -> frozenset[str]:
    """Return all words of some word classes of vocabulary.toml.

    `kinds`: the names of the classes, or None for all classes.
    """
    return frozenset(
        word for word, token in _lexicon(()).words.items() if kinds is None or token.kind in kinds
    )


def _by_start(words: Iterable[str], length: int) -> Mapping[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for word in sorted(words, key=len, reverse=True):
        start = word[:length]
        index[start] = (*index.get(start, ()), word)
    return index


def sentences(text: str, row_names: tuple[tuple[str, str], ...]) -> Iterator[list[Token]]:
    """Yield the tokens of each sentence that can make a claim about the tables.

    `row_names`: names of rows, each with its claim role (see `interpretations.row_names`).
    """
    lexicon = _lexicon(row_names)
    for match in _SENTENCE.finditer(text):
        sentence, (start, end) = match.group(), match.span()
        if not lexicon.names_something(sentence):
            continue
        numerals = list(find_numerals(text, start, end))
        if numerals or lexicon.denies(sentence):
            tokens = list(_tokens(text, start, end, numerals, lexicon))
            # 公众 in 公众号 was no word of its own.
            if _CLAIMING.isdisjoint([token.kind for token in tokens]):
                continue
            if not _OPENING.isdisjoint(sentence):
                tokens = list(_without_brackets(tokens))
            yield tokens


def _without_brackets(tokens: list[Token]) -> Iterator[Token]:
    """Yield tokens without brackets around a number, and without a colon before a number.

    Examples: 自然人（9）件, 新收：38 件.
    """
    padded = [_NO_TOKEN, _NO_TOKEN, *tokens, _NO_TOKEN, _NO_TOKEN]
    windows = zip(*(padded[shift:] for shift in range(5)), strict=False)
    for opening, before, token, after, beyond in windows:
        named = before.kind not in ("unknown", "plain", "stop", *ASIDES)
        colon = token.value in ("：", ":") and named and after.number
        opens = token.value in ("（", "(") and after.number and beyond.value in "）)"
        closes = token.value in ("）", ")") and before.number and opening.value in ("（", "(")
        if not (colon or opens or closes):
            yield token


def _tokens(
    text: str, start: int, end: int, numerals: list[Numeral], lexicon: _Lexicon
) -> Iterator[Token]:
    """Yield the tokens of a sentence; text in no class becomes a token of kind `unknown`."""
    upcoming = iter(numerals)
    numeral = next(upcoming, None)
    known_until, position, firsts = start, start, lexicon.firsts
    while position < end:
        character = text[position]
        token: Token | None
        if character in _STOPS:
            token = Token("stop", character, position, position + 1)
        else:
            while numeral and numeral.start < position:
                numeral = next(upcoming, None)
            here = numeral if numeral and numeral.start == position else None
            # A number with a measure word is neither a year nor a month.
            matcher = None if here and here.measure else _MATCHERS.get(character)
            token = (
                (matcher(text, position, end) if matcher else None)
                or (_word(text, position, numeral, lexicon) if character in firsts else None)
                or (here and Token("number", "", position, max(here.stop, here.end), here))
                or _single_character(character, position)
            )
            if token is None:
                position += 1
                continue
        if known_until < position:
            yield Token("unknown", text[known_until:position], known_until, position)
        yield token
        position = known_until = token.end
    if known_until < end:
        yield Token("unknown", text[known_until:end], known_until, end)


def _title(text: str, position: int, end: int) -> Token | None:
    title = _TITLE.match(text, position, end)
    return Token("plain", title.group(), position, title.end()) if title else None


def _date(text: str, position: int, end: int) -> Token | None:
    """Return the token of a year or a month at a position, or None.

    A month is an aside, because its numbers are not for the whole year; a month of a full date, or
    at the end of the year, is not.
    """
    if year := _YEAR.match(text, position, end):
        compared = text[position - 1 : position] in ("比", "较")
        return Token("compare" if compared else "year", year.group(), position, year.end() + 1)
    if month := _MONTH.match(text, position, end):
        written = month.group()
        if written.startswith("截") and "12月" not in written:
            return Token("other_year", written, position, month.end())
        whole = "日" in written or written.endswith(("12月底", "12月末"))
        return Token("neutral" if whole else "aside", written, position, month.end())
    return None


# The matchers of tokens that are neither words nor numbers, by their first character.
_MATCHERS: Final = {"《": _title, **dict.fromkeys("0123456789截", _date)}


def _word(text: str, position: int, numeral: Numeral | None, lexicon: _Lexicon) -> Token | None:
    """Match a word of the lexicon that does not overlap a number."""
    word = lexicon.word_at(text, position)
    if not word:
        return None
    kind, value = lexicon.words[word][:2]
    stop = position + len(word)
    if numeral and numeral.start < stop:
        exception = "elsewhere" if numeral.start == position else "none"  # 12345, 无一例
        if kind != exception:
            return None
    return Token(kind, value, position, stop)


def _single_character(character: str, position: int) -> Token | None:
    if character == "《":
        return Token("stop", character, position, position + 1)  # begins no title
    blank = character.isspace() or character == "#"
    return Token("neutral", character, position, position + 1) if blank else None
