"""Define the tree of a file with every key, value and comment as written."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer

_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w（）()、·《》“”％—-]|(?<=\w) (?=\w))*\Z")
_YAML_WORDS: Final = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a line of its own.

    `text`: the comment with its `#`.
    `spaced`: True if there is a blank line above the comment.
    """

    text: str
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value on one line.

    `text`: the value as written, with its quotes; "" for a blank value.
    """

    text: str


def scalar_of(text: str) -> Scalar:
    """Return a text as a YAML scalar, in quotes if YAML requires them.

    `text`: must have no line breaks.
    """
    if _PLAIN.match(text) and text.casefold() not in _YAML_WORDS:
        return Scalar(text)
    return Scalar(json.dumps(text, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class BlockScalar:
    """A text below a `|`, on lines of its own.

    `header`: the `|` with its indicators, such as `|-`.
    `lines`: the lines without indentation.
    """

    header: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """A mapping or a list.

    `keyed`: True for a mapping.
    `foot`: the comments after the last entry.
    `flow`: True if the collection is written in brackets.
    """

    keyed: bool
    entries: tuple[Entry, ...]
    foot: tuple[Comment, ...] = ()
    flow: bool = False

    def get(self, name: str | int) -> Entry | None:
        """Return the entry with a key or index; None if there is none.

        `name`: the key, or the index of a list item, counted from 0.
        """
        if isinstance(name, int):
            return self.entries[name] if name < len(self.entries) else None
        return next((entry for entry in self.entries if entry.name == name), None)


Node = Scalar | BlockScalar | Collection


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a collection.

    `key`: the key as written; "" in a list.
    `name`: the key without quotes; "" in a list.
    `leading`: the comments above the entry.
    `trailing`: the comment at the end of its first line, or "".
    `spaced`: True if there is a blank line above the entry.
    """

    key: str
    name: str
    value: Node
    leading: tuple[Comment, ...] = ()
    trailing: str = ""
    spaced: bool = False

    @property
    def comments(self) -> tuple[str, ...]:
        """The comments above the entry and at the end of its first line."""
        return (
            *(comment.text for comment in self.leading),
            *((self.trailing,) if self.trailing else ()),
        )


@dataclass(frozen=True, slots=True)
class Tree:
    """A file as a tree.

    `opening`: the lines up to and including `---`.
    `head`: the comments above the first key.
    `spaced`: True if there is a blank line between `head` and the first key.
    `root`: the top-level mapping.
    """

    opening: tuple[str, ...]
    head: tuple[Comment, ...]
    spaced: bool
    root: Collection


def comments(node: Node) -> Iterator[str]:
    """Yield every comment inside a node, at any depth."""
    if isinstance(node, Collection):
        for entry in node.entries:
            yield from entry.comments
            yield from comments(entry.value)
        yield from (comment.text for comment in node.foot)


def entry_at(root: Collection, pointer: Pointer) -> Entry | None:
    """Return the entry at a pointer inside `root`, or None if there is no such entry."""
    node: Node = root
    entry = None
    for part in pointer:
        entry = node.get(part) if isinstance(node, Collection) else None
        if entry is None:
            return None
        node = entry.value
    return entry


def with_value(group: Collection, pointer: Pointer, value: Node) -> Collection:
    """Return a copy of a mapping with `value` at `pointer`.

    Missing mappings on the way are created.

    `pointer`: at least one key; no indexes of list items.
    """
    name, rest = str(pointer[0]), pointer[1:]
    entry = group.get(name) or Entry(name, name, Collection(True, (), flow=True))
    below = entry.value if isinstance(entry.value, Collection) else Collection(True, ())
    changed = replace(entry, value=with_value(below, rest, value) if rest else value)
    if group.get(name) is None:
        return replace(group, entries=(*group.entries, changed))
    entries = tuple(changed if each.name == name else each for each in group.entries)
    return replace(group, entries=entries)
