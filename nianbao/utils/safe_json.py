"""Write JSON that is safe to print in terminals and in build logs."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from nianbao.utils.characters import CONTROL_CATEGORIES, MAYBE_CONTROL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_ESCAPED = {*CONTROL_CATEGORIES, "Cs"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


_PIECE = 1 << 16  # characters


class LazyList(list[Any]):
    """A JSON list whose items are made only when they are written."""

    def __init__(self, make_items: Callable[[], Iterator[object]]) -> None:
        """Begin with a function that makes the items.

        `make_items`: returns a new iterator over all items at each call.
        """
        super().__init__()
        self._make_items = make_items

    def __iter__(self) -> Iterator[object]:
        """Make the items, one after the other."""
        return self._make_items()

    def __bool__(self) -> bool:
        """Return True if there are any items."""
        return any(True for _ in self._make_items())


def dump_json(document: object) -> str:
    """Return a document as JSON that is safe in a terminal and in a build log.

    Control characters are escaped. ##[ is escaped, because GitHub reads ##[ in a log as a command.
    """
    return "".join(iterate_json(document))


def iterate_json(document: object) -> Iterator[str]:
    """Yield the text of `dump_json` in pieces.

    The items of a `LazyList` are made one by one, which saves memory.
    """
    piece: list[str] = []
    size = 0
    # With an indent, Python's encoder walks through lists by their iterators.
    for token in json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(document):
        piece.append(token)
        size += len(token)
        if size > _PIECE:
            yield _escape_controls("".join(piece))
            piece, size = [], 0
    yield _escape_controls("".join(piece))


def _escape_controls(text: str) -> str:
    def escaped(match: re.Match[str]) -> str:
        character = match.group()
        is_control = character != "\n" and unicodedata.category(character) in _ESCAPED
        return escape(character) if is_control else character

    # GitHub's runner takes ##[…] for a command wherever it stands in a line.
    return MAYBE_CONTROL.sub(escaped, text).replace("##[", "#\\u0023[")


def escape(text: str) -> str:
    r"""Return a text with a JSON escape (\uXXXX) for each UTF-16 code unit."""
    return "".join(
        f"\\u{unit:04x}"
        for character in text
        for unit in memoryview(character.encode("utf-16-le", "surrogatepass")).cast("H")
    )


def only_ascii(document: str) -> str:
    """Return a JSON text with escapes in place of all non-ASCII characters."""
    return _NOT_ASCII.sub(lambda match: escape(match.group()), document)
