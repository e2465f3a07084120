"""GitHub-flavoured Markdown: escaping, and writing a small HTML tree as Markdown.

What is written must be read back by GitHub as the same words with the same marks; where its
syntax can't say that (marks beside punctuation, a bar in code in a table), a plain tag does.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&]")
# GitHub makes links of bare addresses, and takes the escapes in them and the Chinese after them in.
_ADDRESS = re.compile(r"(?i)(?<![a-z])(?:(?:https?|ftp)(?=://)|www(?=\.))")
_LINE_START = re.compile(r"^(?:([-+=#])|([0-9]{1,9})([.)]))(?=\s|$|[-+=#])")
_CLOSING_MARKS = re.compile(r"(#+)$")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_UNSAFE_IN_HREF = re.compile(r"[\s<>()\\|]")
_BLOCKS = {"p", "ul", "ol", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6"}


def escape(text: str) -> str:
    """Text that Markdown prints as it stands, on one line, inside a table or outside."""
    if text.isalnum():  # as nearly every cell is: letters and digits alone mean nothing else
        return text
    return _line_start(_words(" ".join(text.split("\n"))).strip())


def html_to_gfm(root: Element) -> str:
    """The children of an element as Markdown blocks with a blank line between them."""
    return "\n\n".join(_blocks(root))


def _blocks(parent: Iterable[Element]) -> Iterator[str]:
    for element in parent:
        tag = str(element.tag)
        if tag in ("ul", "ol"):
            yield _list(element)
        elif tag == "blockquote":
            yield "\n".join(f"> {line}".rstrip() for line in html_to_gfm(element).split("\n"))
        elif tag == "table":
            yield _table(element)
        elif re.fullmatch(r"h[1-6]", tag):
            # Marks at the end of a heading would close it.
            yield f"{'#' * int(tag[1])} {_CLOSING_MARKS.sub(_escape, _inline(element))}"
        elif tag == "p":
            yield _line_start(_inline(element))
        else:
            yield html_to_gfm(element)


def _list(element: Element) -> str:
    items = list(element)
    numbers = _numbers(element)
    running = all(right == left + 1 for left, right in itertools.pairwise(numbers))
    if element.tag == "ol" and not (running and numbers[0] >= 0 and numbers[-1] < 10**9):
        # GitHub would number them anew.
        return "\n\n".join(
            _item(item, f"{number}\\.") for number, item in zip(numbers, items, strict=True)
        )
    lines = []
    for number, item in zip(numbers, items, strict=True):
        marker = f"{number}. " if element.tag == "ol" else "- "
        first, *rest = _item(item).split("\n")
        lines += [marker + first, *(" " * len(marker) + line for line in rest)]
    return "\n".join(line.rstrip() for line in lines)


def _numbers(element: Element) -> list[int]:
    return [int(item.get("value", index)) for index, item in enumerate(element, 1)]


def _item(item: Element, number: str = "") -> str:
    """An item: its own words, then the blocks below it, close together where lists allow it.

    `number` is for an item that can't be one of a list.
    """
    inner = [child for child in item if child.tag in _BLOCKS]
    words = f"{number} {_line_start(_inline(item, skip=inner))}".strip()
    # Only a list that begins with 1 may follow words without a blank line.
    close = not number and all(
        child.tag == "ul" or (child.tag == "ol" and _numbers(child)[0] == 1) for child in inner
    )
    parts = ([words] if words else []) + [part for child in inner for part in _blocks([child])]
    return ("\n" if close else "\n\n").join(parts)


def _table(table: Element) -> str:
    rows = [[_inline(cell, in_table=True) for cell in row] for row in table.iter("tr")]
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    lines.insert(1, f"|{' --- |' * width}")
    return "\n".join(lines)


def _escape(match: re.Match[str]) -> str:
    return f"\\{match.group()}"


def _end_of_address(match: re.Match[str]) -> str:
    return f"{match.group()}\\"


def _line_start(text: str) -> str:
    """Escape what would make a line a list item, a heading or a rule."""
    return _LINE_START.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text
    )


def _words(text: str | None) -> str:
    text = _SPECIAL.sub(_escape, _LINE_BREAK.sub("", text or ""))
    return _ADDRESS.sub(_end_of_address, text)


def _inline(element: Element, *, skip: list[Element] | None = None, in_table: bool = False) -> str:
    parts = [_words(element.text)]
    for child in element:
        if not skip or child not in skip:
            parts.append(_span(child, after_mark=parts[-1].endswith("*"), in_table=in_table))
        if tail := _words(child.tail):
            parts.append(tail)
    return "".join(parts).strip()


def _span(element: Element, *, after_mark: bool, in_table: bool) -> str:
    inner = _inline(element, in_table=in_table)
    tag = str(element.tag)
    if not inner:
        return ""
    if tag in ("strong", "em"):
        mark = "**" if tag == "strong" else "*"
        # Beside punctuation marks neither open nor close between Chinese words, and two runs of
        # marks side by side are read as one.
        plain = inner[0].isalnum() and inner[-1].isalnum() and not len(element) and not after_mark
        return f"{mark}{inner}{mark}" if plain else f"<{tag}>{inner}</{tag}>"
    if tag == "code":
        return _code("".join(element.itertext()), in_table=in_table)
    if tag == "a" and element.get("href"):
        href = _UNSAFE_IN_HREF.sub(
            lambda found: f"%{ord(found.group()):02X}", element.get("href", "")
        )
        return f"[{inner}]({href.replace('&', '&amp;')})"
    return inner


def _code(code: str, *, in_table: bool) -> str:
    if in_table and re.search(r"[|\\]", code):
        return f"<code>{_words(code)}</code>"
    ticks = "`" * (max((len(run) for run in re.findall("`+", code)), default=0) + 1)
    pad = " " if re.match(r"[` ]", code) or re.search(r"[` ]$", code) else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"
