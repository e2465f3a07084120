"""Escape text for GitHub's Markdown, and convert HTML to this Markdown."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&]")
# GitHub links bare URLs, including escapes in them and Chinese text after them.
_BARE_URL = re.compile(r"(?i)(?<![a-z])(?:(?:https?|ftp)(?=://)|www(?=\.))")
_LINE_START = re.compile(r"^(?:([-+=#])|([0-9]{1,9})([.)]))(?=\s|$|[-+=#])")
_UNSAFE_IN_HREF = re.compile(r"[\s<>()\\|]")
_BLOCKS = {"p", "ul", "ol", "blockquote", "table", "h1", "h2", "h3", "h4", "h5", "h6"}


def escape(text: str) -> str:
    """Return a text as one line of Markdown that prints the same characters.

    Line breaks become spaces.
    """
    if text.isalnum():  # nearly every cell: letters and digits need no escape
        return text
    return _line_start(_text(" ".join(text.split("\n"))).strip())


def html_to_gfm(root: Element) -> str:
    """Convert the children of an HTML element to GitHub's Markdown."""
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
            yield f"{'#' * int(tag[1])} {_heading(_inline(element))}"
        elif tag == "p":
            yield _line_start(_inline(element))
        else:
            yield html_to_gfm(element)


def _list(element: Element) -> str:
    items = list(element)
    numbers = _numbers(element)
    running = all(right == left + 1 for left, right in itertools.pairwise(numbers))
    if element.tag == "ol" and not (running and numbers[0] >= 0 and numbers[-1] < 10**9):
        # GitHub would renumber them.
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
    """Convert a list item: its text, then its blocks, without blank lines between if possible.

    `number`: the text to write before an item that can't be a list item in Markdown.
    """
    inner = [child for child in item if child.tag in _BLOCKS]
    text = f"{number} {_line_start(_inline(item, skip=inner))}".strip()
    # Only a list that begins with 1 can follow text without a blank line.
    close = not number and all(
        child.tag == "ul" or (child.tag == "ol" and _numbers(child)[0] == 1) for child in inner
    )
    parts = ([text] if text else []) + [part for child in inner for part in _blocks([child])]
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


def _heading(text: str) -> str:
    """Escape the # at the end of a heading; otherwise Markdown would drop it."""
    start = text.rstrip("#")
    return text if start == text else f"{start}\\{text[len(start) :]}"


def _line_start(text: str) -> str:
    """Escape the start of a line that Markdown would read as a list item, a heading or a rule."""
    return _LINE_START.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text
    )


def _text(text: str | None) -> str:
    text = _SPECIAL.sub(_escape, _one_line(text or ""))
    return _BARE_URL.sub(_end_of_address, text)


def _one_line(text: str) -> str:
    """Remove line breaks together with the blanks around them."""
    first, *rest = text.split("\n")
    if not rest:
        return text
    *middle, last = rest
    return "".join([first.rstrip(), *(line.strip() for line in middle), last.lstrip()])


def _inline(element: Element, *, skip: list[Element] | None = None, in_table: bool = False) -> str:
    parts = [_text(element.text)]
    for child in element:
        if not skip or child not in skip:
            parts.append(_span(child, after_mark=parts[-1].endswith("*"), in_table=in_table))
        if tail := _text(child.tail):
            parts.append(tail)
    return "".join(parts).strip()


def _span(element: Element, *, after_mark: bool, in_table: bool) -> str:
    inner = _inline(element, in_table=in_table)
    tag = str(element.tag)
    if not inner:
        return ""
    if tag in ("strong", "em"):
        mark = "**" if tag == "strong" else "*"
        # Next to punctuation, * does not work between Chinese characters, and two runs of *
        # side by side are read as one.
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
    code = code.replace("\n", " ")  # as readers of Markdown do; a line could begin a table or list
    # GitHub would end the cell at a | in the code.
    if in_table and re.search(r"[|\\]", code):
        return f"<code>{_text(code)}</code>"
    ticks = "`" * (max((len(run) for run in re.findall("`+", code)), default=0) + 1)
    pad = " " if re.match(r"[` ]", code) or re.search(r"[` ]$", code) else ""
    return f"{ticks}{pad}{code}{pad}{ticks}"
