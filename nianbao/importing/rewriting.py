"""Change the printed text of a line of prose.

Words that are not changed keep their references, emphasis, links and backslashes.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.diff.alignment import align
from nianbao.diff.words import words
from nianbao.importing.markdown import escape_start, escape_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.diff.words import Budget

_PREFIX: Final = re.compile(
    r"[ \t\u3000]*(?:#{1,6} +|> ?)*(?:(?P<bullet>[*+-] +(?=\S))|(?P<number>[0-9]{1,9})\. +(?=\S))?"
)
_INLINE: Final = re.compile(
    r"(?P<reference>\{\{[^{}\n]*\}\})"
    r"|(?P<escape>\\)[\\`*_{}\[\]()>#+\-.!|~&<]"
    r"|`(?P<code>[^`]+)`"
    r"|(?:\*\*|__)(?=\S)(?P<strong>.+?)(?<=\S)(?:\*\*|__)"
    r"|\*(?=\S)(?P<starred>[^*]+?)(?<=\S)\*"
    r"|(?<!\w)_(?=\S)(?P<underscored>[^_]+?)(?<=\S)_(?!\w)"
    r"|\[(?P<label>[^\[\]]+)\]\([^()\s]*\)"
)
_SPANS: Final = ("strong", "starred", "underscored", "label")
_ESCAPED: Final = re.compile(r"\\([\\`*_{}\[\]()>#+\-.!|~&<])")


class Piece(NamedTuple):
    """A part of a line of prose: a character, a reference, or a mark of Markdown.

    `written`: the text in the report file.
    `printed`: the text as printed; "" for a mark such as `**`.
    `pair`: n > 0 for an opening mark, -n for its closing mark, else 0.
    """

    written: str
    printed: str
    pair: int = 0

    @property
    def is_reference(self) -> bool:
        """True for a reference `{{ … }}`, which is printed as a value of the report."""
        return self.written.startswith("{{")


def split_line(line: str, references: Mapping[int, str]) -> tuple[Piece, ...]:
    """Split a line of prose into characters, references and marks of Markdown.

    `references`: the Markdown that replaces each reference `{{ … }}`, by its offset in `line`.
    """
    prefix = _PREFIX.match(line)
    assert prefix is not None
    bullet, number = prefix["bullet"] or "", prefix["number"] or ""
    start = prefix.start("bullet") if bullet else prefix.end()
    start = prefix.start("number") if number else start
    pieces = [Piece(line[:start], "")] if start else []
    pieces += (Piece(digit, digit) for digit in number)
    if bullet or number:  # the blank goes with the sign
        sign = line[start + len(number) : prefix.end()]
        pieces.append(Piece(sign, "-" if bullet else "."))
    return (*pieces, *_inline(line, prefix.end(), len(line), references))


def printed_text(pieces: Sequence[Piece]) -> str:
    """Return the text that the pieces of a line print."""
    return "".join(piece.printed for piece in pieces)


def _inline(line: str, start: int, end: int, references: Mapping[int, str]) -> Iterator[Piece]:
    """Split the part of a line from the offset `start` to the offset `end` into pieces.

    `references`: the Markdown that replaces each reference, by its offset in the line.
    """
    while start < end:
        match = _INLINE.search(line, start, end)
        stop = match.start() if match else end
        yield from (Piece(character, character) for character in line[start:stop])
        if match is None:
            return
        start = match.end()
        name = match.lastgroup or ""
        if name == "reference" and stop not in references:
            yield from (Piece(character, character) for character in match.group())
        elif name == "reference":
            yield Piece(match.group(), _ESCAPED.sub(r"\1", references[stop]))
        elif name == "escape":
            yield Piece(match.group(), match.group()[1])
        else:
            yield Piece(line[stop : match.start(name)], "", stop + 1)
            if name in _SPANS:
                yield from _inline(line, *match.span(name), references)
            else:
                yield from (Piece(character, character) for character in match[name])
            yield Piece(line[match.end(name) : start], "", -stop - 1)


def rewrite(pieces: Sequence[Piece], old: str, new: str, budget: Budget) -> str | None:
    """Change a line of Markdown so that its printed text is `new`, and return the line.

    Return None if `pieces` do not print `old`; blanks are ignored.

    `pieces`: the line before the change.
    `old`, `new`: the printed text before and after the change.
    `budget`: the limit of the time for comparing the texts.
    """
    printed = [(piece, c) for piece in pieces for c in piece.printed if not c.isspace()]
    if "".join(c for _, c in printed) != "".join(old.split()):
        return None
    matches = _matching_characters(old, new, budget)
    kept = _RewrittenLine(new, matches)
    position = 0
    for piece in pieces:
        size = sum(not c.isspace() for c in piece.printed)
        kept.add(piece, range(position, position + size))
        position += size
    return kept.finished()


def _matching_characters(old: str, new: str, budget: Budget) -> list[int | None]:
    """Return for each non-blank character of `old` its index in `new`, or None if it is not there.

    The index counts only non-blank characters. A number that is equal by chance, with other words
    on both sides, is not matched, unless each text has it exactly once.
    """
    left, right = words(old), words(new)
    pairs = align(left, right, budget)
    visible = [
        (i, j)
        for i, j in pairs
        if not ((i is not None and left[i].isspace()) or (j is not None and right[j].isspace()))
    ]
    counts = Counter(left), Counter(right)
    matches: list[int | None] = []
    position = 0
    for index, (i, j) in enumerate(visible):
        if i is not None:
            around = visible[index - 1 : index] + visible[index + 1 : index + 2]
            sure = (
                not left[i][:1].isdigit()
                or any(None not in pair for pair in around)
                or len(visible) == 1
                or counts[0][left[i]] == counts[1][left[i]] == 1
            )
            count = len(left[i])
            same = j is not None and sure
            matches += range(position, position + count) if same else [None] * count
        position += len(right[j]) if j is not None else 0
    return matches


class _RewrittenLine:
    """A line that is written piece by piece."""

    def __init__(self, new: str, matches: Sequence[int | None]) -> None:
        """Begin a line that prints `new`.

        `matches`: for each non-blank character of the old text, the index of the same character in
        `new`, or None if `new` does not have it.
        """
        self._new = new
        self._offsets = [at for at, character in enumerate(new) if not character.isspace()]
        self._matches = matches
        self._out: list[Piece] = []
        self._blanks: list[int] = []  # of `_out`, since the last character that stays
        self._spot = 0  # where what was inserted since then belongs
        self._is_fixed = False  # nothing moves the spot any more
        self._last = -1
        self._deleted = False  # something of the old text since then

    def add(self, piece: Piece, characters: range) -> None:
        """Add a piece of the old line.

        `characters`: the indexes of the characters that it prints in the old text, without blanks.
        """
        if not characters:
            self._add_mark(piece)
            return
        found = [self._matches[at] for at in characters]
        if piece.is_reference and not _is_run(found):
            for at, character in zip(characters, "".join(piece.printed.split()), strict=True):
                self._add_visible(Piece(escape_words(character), character), self._matches[at])
            return
        self._add_visible(piece, found[0], len(found))

    def _add_mark(self, piece: Piece) -> None:
        """Add a piece that prints nothing or a blank."""
        if piece.printed:
            self._blanks.append(len(self._out))
        elif piece.pair > 0:
            self._is_fixed = True
        self._out.append(piece)
        if not piece.printed and not self._is_fixed:
            self._spot = len(self._out)

    def _add_visible(self, piece: Piece, match: int | None, count: int = 1) -> None:
        if match is None:
            if not self._deleted:
                self._spot = len(self._out)
            self._deleted = self._is_fixed = True
            return
        self._close_gap(match)
        self._out.append(piece)
        self._last = match + count - 1
        self._blanks, self._spot = [], len(self._out)
        self._deleted = self._is_fixed = False

    def _close_gap(self, match: int) -> None:
        """Insert the new text between the last kept character and the character `match`."""
        begin = self._offsets[self._last] + 1 if self._last >= 0 else 0
        end = self._offsets[match] if match < len(self._offsets) else len(self._new)
        if match == self._last + 1 and not self._deleted:
            return
        for at in reversed(self._blanks):
            del self._out[at]
            self._spot -= at < self._spot
        if text := self._new[begin:end]:
            self._out.insert(self._spot, Piece(escape_words(text), text))

    def finished(self) -> str:
        """Complete the line and return it, without pairs of marks that have nothing inside."""
        self._close_gap(len(self._offsets))
        kept: set[int] = set()
        open_pairs: list[list[int]] = []
        for piece in self._out:
            if piece.pair > 0:
                open_pairs.append([piece.pair])
            elif piece.pair < 0:
                open_pairs.pop()
            elif piece.printed.strip():
                kept.update(pair for group in open_pairs for pair in group)
        pieces = [piece for piece in self._out if not piece.pair or abs(piece.pair) in kept]
        line = "".join(piece.written for piece in pieces)
        # The mark of a heading or an item, if it stays.
        has_mark = bool(pieces) and pieces[0].printed != pieces[0].written
        return line if has_mark else escape_start(line)


def _is_run(found: Sequence[int | None]) -> bool:
    """Return True if either all characters have consecutive matches, or none has a match."""
    first = found[0]
    if first is None:
        return not any(match is not None for match in found)
    return all(match == first + index for index, match in enumerate(found))
