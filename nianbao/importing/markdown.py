"""Turn plain text into Markdown that is printed as the same text."""

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
    """Replace characters that are not allowed in report files.

    Each run of such characters becomes one blank.
    """
    return _UNPRINTABLE.sub(" ", text)


def one_line(text: str) -> str:
    """Return a text in one line, with single blanks only between words."""
    return " ".join(printable(text).split())


def escape_line(text: str) -> str:
    """Return a line of Markdown that is printed as `text`.

    An item of a list (1. or -) remains an item.
    """
    text = printable(text).strip()
    return escape_start(escape_words(plain_bullet(text)))


def plain_bullet(text: str) -> str:
    """Replace a bullet (•, ■ …) at the beginning of a line by `-`."""
    return _BULLET.sub("- ", text)


def escape_words(text: str) -> str:
    """Return Markdown that is printed as `text` inside a line.

    Signs that matter only at the beginning of a line (#, >) are not escaped.
    """
    text = _BEFORE_PUNCTUATION.sub(r"\\\\", text)
    text = _EMPHASIS.sub(r"\\\g<0>", text)
    return text.replace("[", r"\[") if _LINK.search(text) else text


def escape_start(line: str) -> str:
    """Put a backslash before a line that Markdown would read as a heading, a table …

    All other lines are returned unchanged.
    """
    return "\\" + line if _OPENS_BLOCK.match(line) else line


def printed_offsets(line: str, text: str) -> list[int]:
    """Return the position of each character of a line in the printed line.

    The last item is the position of the line's end. A character that is not printed has the
    position of the next printed character.

    `line`: a line of a report file.
    `text`: the line as printed.
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
