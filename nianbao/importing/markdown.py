"""Write plain text as the Markdown of report files, so that it is printed unchanged."""

from __future__ import annotations

import re

from nianbao.utils.characters import UNPRINTABLE

_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]+")
_BEFORE_PUNCTUATION = re.compile(r"\\(?=[\\`*_{}\[\]()>#+\-.!|~<&])")
_EMPHASIS = re.compile(r"[*`]|(?<![^\W_])_|_(?![^\W_])")
_LINK = re.compile(r"\](?:\(|:|\[)")
_BULLET = re.compile(r"\A[•●◦▪■◆]\s+")
# Signs that open a heading, a quotation, a list item, a table or a rule.
_OPENS_BLOCK = re.compile(r"(?:#{1,6}|\+)(?= |\Z)|-\Z|>|\||[-*_](?:\s*[-*_]){2,}\s*\Z")


def printable(text: str) -> str:
    """Return a text with a blank in place of each character that a report file may not have."""
    return _UNPRINTABLE.sub(" ", text)


def one_line(text: str) -> str:
    """Return a text in one line, with single blanks between words and no blanks at the ends."""
    return " ".join(printable(text).split())


def escape_line(text: str) -> str:
    """Return a line of Markdown that is printed as `text`. Items of lists (1. and -) stay items."""
    text = printable(text).strip()
    return escape_start(escape_words(plain_bullet(text)))


def plain_bullet(text: str) -> str:
    """Return a line with `-` in place of the bullet at its beginning, if it has one."""
    return _BULLET.sub("- ", text)


def escape_words(text: str) -> str:
    """Return Markdown that is printed as `text` if it stands inside a line.

    Characters that open a block only at the start of a line are not escaped.
    """
    text = _BEFORE_PUNCTUATION.sub(r"\\\\", text)
    text = _EMPHASIS.sub(r"\\\g<0>", text)
    return text.replace("[", r"\[") if _LINK.search(text) else text


def escape_start(line: str) -> str:
    """Return a line with a backslash before it if Markdown would read it as a heading, a table …

    Other lines are returned unchanged.
    """
    return "\\" + line if _OPENS_BLOCK.match(line) else line


def printed_offsets(line: str, text: str) -> list[int]:
    """Return, for each character of `line` and for the end of `line`, the offset in `text`.

    `line`: a line of a report file that is printed as `text`. Characters that only `line` has
    (backslashes, a blank after a number) get the offset of the character that follows.
    """
    offsets, offset = [], 0
    for character in line:
        while offset < len(text) and text[offset] != character and _is_blank(text[offset]):
            offset += 1
        offsets.append(offset)
        added = character in "\\ " and text[offset : offset + 1] != character
        offset += not added and offset < len(text)
    return [*offsets, offset]


def _is_blank(character: str) -> bool:
    return character.isspace() or _UNPRINTABLE.match(character) is not None
