"""GitHub-flavoured Markdown: escaping, and writing a small HTML tree as Markdown."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&])")
_LINE_START = re.compile(r"^(\s*)(?:([-+=#])|([0-9]{1,9})([.)]))(?=\s|$|[-+=#])")
_WORD_EDGE = re.compile(r"[\s\W]")


def escape(text: str) -> str:
    """Text that Markdown prints as it stands, on one line, inside a table or outside."""
    text = _SPECIAL.sub(r"\\\1", " ".join(text.split("\n")).strip())
    return _LINE_START.sub(_escape_start, text)


def _escape_start(match: re.Match[str]) -> str:
    blank, sign, number, stop = match.groups()
    return f"{blank}\\{sign}" if sign else f"{blank}{number}\\{stop}"


def to_gfm(root: Element) -> str:
    """The children of an element as Markdown blocks with a blank line between them."""
    return "\n\n".join(_blocks(root))


def _blocks(parent: Element) -> Iterator[str]:
    for element in parent:
        tag = str(element.tag)
        if tag in ("ul", "ol"):
            yield from _list(element)
        elif tag == "blockquote":
            yield "\n".join(f"> {line}".rstrip() for line in to_gfm(element).split("\n"))
        elif tag == "table":
            yield _table(element)
        elif re.fullmatch(r"h[1-6]", tag):
            yield f"{'#' * int(tag[1])} {_inline(element)}"
        else:
            yield _line_start(_inline(element))


def _list(element: Element) -> Iterator[str]:
    items = list(element)
    numbers = [int(item.get("value", index)) for index, item in enumerate(items, 1)]
    running = all(right == left + 1 for left, right in itertools.pairwise(numbers))
    if element.tag == "ol" and not running:
        # GitHub would number them anew.
        for number, item in zip(numbers, items, strict=True):
            yield f"{number}\\. {_item(item).lstrip()}"
        return
    lines = []
    for number, item in zip(numbers, items, strict=True):
        marker = f"{number}. " if element.tag == "ol" else "- "
        body = _item(item).split("\n")
        indent = " " * len(marker)
        lines.append("\n".join([marker + body[0], *(indent + line for line in body[1:])]))
    yield "\n".join(line.rstrip() for part in lines for line in part.split("\n"))


def _item(item: Element) -> str:
    """An item: its own words, then the blocks below it."""
    inner = [child for child in item if str(child.tag) in ("ul", "ol", "p", "blockquote")]
    words = _line_start(_inline(item, skip=inner))
    blocks = []
    for child in inner:
        if child.tag == "p":
            blocks.append(_line_start(_inline(child)))
        else:
            blocks.extend(_list(child) if child.tag != "blockquote" else [f"> {_inline(child)}"])
    return "\n".join(part for part in [words, *blocks] if part)


def _table(table: Element) -> str:
    rows = [[_inline(cell) for cell in row] for row in table.iter("tr")]
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    lines.insert(1, f"|{' --- |' * width}")
    return "\n".join(lines)


def _line_start(text: str) -> str:
    return _LINE_START.sub(_escape_start, text)


def _inline(element: Element, skip: list[Element] | None = None) -> str:
    parts = [_words(element.text)]
    for child in element:
        if not skip or child not in skip:
            parts.append(_span(child, "".join(parts)[-1:], (child.tail or "")[:1]))
        parts.append(_words(child.tail))
    return "".join(parts).strip()


def _words(text: str | None) -> str:
    return _SPECIAL.sub(r"\\\1", re.sub(r"\s*\n\s*", "", text or ""))


def _span(element: Element, before: str, after: str) -> str:
    inner = _inline(element)
    tag = element.tag
    if not inner:
        return ""
    if tag in ("strong", "em"):
        mark = "**" if tag == "strong" else "*"
        # Between Chinese words a mark beside punctuation does not close: GitHub reads it as text.
        tight = _WORD_EDGE.match(inner[0]) or _WORD_EDGE.match(inner[-1])
        beside = (before and not before.isspace()) or (after and not after.isspace())
        return f"<{tag}>{inner}</{tag}>" if tight and beside else f"{mark}{inner}{mark}"
    if tag == "code":
        code = "".join(element.itertext()).replace("|", "\\|")
        ticks = "`" * (max((len(run) for run in re.findall("`+", code)), default=0) + 1)
        pad = " " if code.startswith("`") or code.endswith("`") else ""
        return f"{ticks}{pad}{code}{pad}{ticks}"
    if tag == "a" and element.get("href"):
        href = re.sub(
            r"[\s<>()\\]", lambda match: f"%{ord(match.group()):02X}", element.get("href", "")
        )
        return f"[{inner}]({href})"
    return inner
