"""Print a tree in one layout, with keys in the order of the form.

Only blanks and brackets change; keys, values and comments are printed as written.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.formatting.tree import (
    BlockScalar,
    Collection,
    Comment,
    Entry,
    Node,
    Scalar,
    Tree,
    comments,
)
from nianbao.model.schema import members
from nianbao.utils.text import display_width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Form
    from nianbao.model.schema import Schema

_STEP = "  "
# Markers between lines. _GAP: print a blank line here. _TIGHT: do not, since a blank line would
# become part of the text above.
_GAP, _TIGHT = "\0gap", "\0tight"
# Inside brackets these characters would end a plain value or change its meaning.
_NEEDS_LINE = re.compile(r"[,\[\]{}?:]|^[-&*!|>%@`]")


def print_tree(tree: Tree, form: Form) -> str:
    """Return a tree as the text of a report file, as the command `fmt` writes it.

    `form`: the form of the report, whose schema decides the layout.
    """
    root = _block(tree.root, form.schema.root, "")
    lines: list[str] = list(tree.opening)
    tight = True
    for line in (*_comments(tree.head, ""), *([_GAP] if tree.spaced else []), *root):
        if line == _GAP:
            lines += [] if tight else [""]
        elif line != _TIGHT:
            lines.append(line)
        tight = line in (_GAP, _TIGHT)
    return "".join(f"{line}\n" for line in lines)


def print_group(group: Collection, kind: Schema, indent: str) -> list[str]:
    """Return the printed lines of a mapping or list.

    `kind`: the schema of `group`.
    `indent`: the spaces before each line.
    """
    return [line for line in _block(group, kind, indent) if line not in (_GAP, _TIGHT)]


def _comments(leading: tuple[Comment, ...], indent: str) -> Iterator[str]:
    for comment in leading:
        if comment.spaced:
            yield _GAP
        yield indent + comment.text


def _is_row(entry: Entry) -> bool:
    """Return True if an entry on one line must be aligned with the rows above and below it."""
    return isinstance(entry.value, Collection) and entry.value.keyed and bool(entry.value.entries)


def _block(group: Collection, kind: Schema, indent: str) -> Iterator[str]:
    """Yield the lines of a mapping or list, in which each entry takes at least one line."""
    entries = _ordered(group, kind)
    inline = [_inline(entry.value, below, item=not entry.key) for entry, below in entries]
    rows = [
        entry
        for (entry, _), row in zip(entries, inline, strict=True)
        if row is not None and _is_row(entry)
    ]
    widest = max((display_width(entry.key) for entry in rows), default=0)
    for (entry, below), row in zip(entries, inline, strict=True):
        yield from _comments(entry.leading, indent)
        if entry.spaced:
            yield _GAP
        if row is None:
            if not entry.key and entry.trailing and isinstance(entry.value, Collection):
                yield indent + entry.trailing
            yield from _lines(entry, below, indent)
            continue
        gap = widest - display_width(entry.key) + 1 if _is_row(entry) else int(bool(row))
        start = f"{entry.key}:" if entry.key else "-"
        yield f"{indent}{start}{' ' * gap}{row}{_trailing_comment(entry)}"
    yield from _comments(group.foot, indent)


def _lines(entry: Entry, kind: Schema, indent: str) -> Iterator[str]:
    """Yield the lines of an entry whose value does not fit on the line of its key.

    `kind`: the definition of the entry's value.
    """
    start = f"{indent}{entry.key}:" if entry.key else f"{indent}-"
    deeper = indent + _STEP
    if isinstance(entry.value, BlockScalar):
        yield f"{start} {entry.value.header}{_trailing_comment(entry)}"
        yield from (deeper + line if line else "" for line in entry.value.lines)
        if "+" in entry.value.header:
            yield _TIGHT
    elif isinstance(entry.value, Collection):
        below = _block(entry.value, kind, deeper)
        if entry.key:
            yield start + _trailing_comment(entry)
        else:
            # The first key stands behind the dash.
            first = next(line for line in below if line != _GAP)
            yield f"{start} {first.removeprefix(deeper)}"
        yield from below


def _ordered(group: Collection, kind: Schema) -> list[tuple[Entry, Schema]]:
    """Return the entries of a group in the form's order, each with its definition.

    An entry that is not in the form stays after the entry that precedes it in the file.
    """
    if not group.keyed:
        items = kind.get("items", {})
        return [(_raise_comments(entry, items), items) for entry in group.entries]
    known = members(kind)
    order = {name: rank for rank, name in enumerate(known)}
    ranked = []
    rank = -1
    for entry in group.entries:
        rank = order.get(entry.name, rank)
        ranked.append((rank, entry))
    ranked.sort(key=lambda each: each[0])
    return [(entry, known.get(entry.name, {})) for _, entry in ranked]


def _raise_comments(item: Entry, kind: Schema) -> Entry:
    """Return a list item that has the comments of its first key as its own comments."""
    group = item.value
    if not isinstance(group, Collection) or not group.entries:
        return item
    entries = [entry for entry, _ in _ordered(group, kind)]
    above = entries[0].leading
    entries[0] = replace(entries[0], leading=())
    return replace(
        item, value=replace(group, entries=tuple(entries)), leading=(*item.leading, *above)
    )


def _inline(value: Node, kind: Schema, *, item: bool) -> str | None:
    """Return a value as text for the line of its key, or None if it needs more than one line.

    `item`: True if the value is a list item.
    """
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, BlockScalar):
        return None
    if value.entries and not (_wants_line(value, kind, item) and _fits_line(value)):
        return None
    return print_inline(value, kind)


def print_inline(value: Node, kind: Schema) -> str:
    """Return a value as text in one line, with brackets around mappings and lists.

    `kind`: the schema of the value.
    """
    if not isinstance(value, Collection):
        return value.text if isinstance(value, Scalar) else ""
    parts = [
        f"{entry.key}: {print_inline(entry.value, below)}"
        if value.keyed
        else print_inline(entry.value, below)
        for entry, below in _ordered(value, kind)
    ]
    return f"{{{', '.join(parts)}}}" if value.keyed else f"[{', '.join(parts)}]"


def _wants_line(group: Collection, kind: Schema, item: bool) -> bool:
    """Return True if a group must be on one line: a row, a cell, a list item without prose."""
    if not group.keyed:
        items = kind.get("items", {})
        return items.get("type") == "number" if items else group.flow
    children = members(kind).values()
    if not children:
        return group.flow
    if item:
        return all(child.get("x-value") != "prose" for child in children)
    return "x-cell" in kind or any("x-cell" in child for child in children)


def _trailing_comment(entry: Entry) -> str:
    return f"  {entry.trailing}" if entry.trailing else ""


def _fits_line(group: Collection) -> bool:
    """Return True if a group has no comments and no texts of several lines."""
    if any(True for _ in comments(group)):
        return False
    return group.flow or all(
        not _NEEDS_LINE.search(entry.key)
        and (
            _fits_line(entry.value)
            if isinstance(entry.value, Collection)
            else isinstance(entry.value, Scalar) and _is_safe(entry.value.text)
        )
        for entry in group.entries
    )


def _is_safe(text: str) -> bool:
    return text[:1] in ("'", '"') or not _NEEDS_LINE.search(text)
