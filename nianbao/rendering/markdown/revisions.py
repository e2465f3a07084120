"""Prose with insertions and deletions in it: the marks within the Markdown, and then in the HTML.

Marks go through the Markdown as characters that no text has (Unicode's non-characters), and are
put around each stretch of text afterwards, so that a mark never cuts a tag in two.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from nianbao.rendering.markdown.html import markdown_to_html, parse_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

INSERT: Final = "\ufde0"
DELETE: Final = "\ufde1"
MOVED_HERE: Final = "\ufde2"
MOVED_AWAY: Final = "\ufde3"
END: Final = "\ufde4"
# Begins a text whose two sides are laid out apart, and stands between them.
SEPARATE_SIDES: Final = "\ufde5"
_MARK: Final = re.compile(f"[{INSERT}-{END}]")
_ANY: Final = re.compile(f"[{INSERT}-{SEPARATE_SIDES}]")
_TAGS: Final = {
    INSERT: ("<ins>", "</ins>"),
    DELETE: ("<del>", "</del>"),
    MOVED_HERE: ('<ins class="moved">', "</ins>"),
    MOVED_AWAY: ('<del class="moved">', "</del>"),
}
_GONE: Final = frozenset({DELETE, MOVED_AWAY})
# A tag, its attributes and what is in it: text, or again such a thing.
Shape = tuple[str, tuple[tuple[str, str], ...], tuple[object, ...]]


def unmarked(text: str) -> str:
    """A text without characters that would be taken for marks."""
    return _ANY.sub("\ufffd", text)


def revisions_to_html(text: str, top: int = 3) -> str:
    """Marked Markdown as sanitised HTML with <ins> and <del>; headings begin at the level `top`."""
    if text.startswith(SEPARATE_SIDES):
        old, _, new = text[1:].partition(SEPARATE_SIDES)
        return _resolved(markdown_to_html(old, top), DELETE) + _resolved(
            markdown_to_html(new, top), INSERT
        )
    return _resolved(markdown_to_html(text, top), "")


def preserves_both_sides(marked: str, old: str, new: str) -> bool:
    """Whether marked Markdown is laid out as `old` without what came, as `new` without what went.

    It is not where a mark stands amid the signs of the Markdown and changes what they mean.
    """
    tree = parse_fragment(markdown_to_html(marked))
    return _shape(tree, without=frozenset(_TAGS) - _GONE) == _shape(
        parse_fragment(markdown_to_html(old))
    ) and _shape(tree, without=_GONE) == _shape(parse_fragment(markdown_to_html(new)))


def _resolved(html: str, state: str) -> str:
    if not state and not _MARK.search(html):
        return html
    return "".join(_written(parse_fragment(html), [state], outermost=True))


def _written(element: Element, state: list[str], *, outermost: bool = False) -> Iterator[str]:
    """An element as HTML; `state` holds the mark in force, which goes on from text to text."""
    if not outermost:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.items())
        yield f"<{element.tag}{attributes}>"
    yield from _text(element.text or "", state)
    for child in element:
        yield from _written(child, state)
        yield from _text(child.tail or "", state)
    if not outermost:
        yield f"</{element.tag}>"


def _text(text: str, state: list[str]) -> Iterator[str]:
    for mark, words in _stretches(text, state):
        before, after = _TAGS[mark] if mark and words.strip() else ("", "")
        yield f"{before}{escape(words, quote=False)}{after}"


def _stretches(text: str, state: list[str]) -> Iterator[tuple[str, str]]:
    """The stretches of a text, each with its mark or none."""
    position = 0
    for found in [*_MARK.finditer(text), None]:
        end = found.start() if found else len(text)
        if end > position:
            yield state[0], text[position:end]
        if found:
            state[0] = "" if found.group() == END else found.group()
            position = found.end()


def _shape(root: Element, without: frozenset[str] = frozenset()) -> Shape:
    """What is laid out: without the text of some marks, and the elements that are then empty."""
    return _shaped(root, without, [""])


def _shaped(element: Element, without: frozenset[str], state: list[str]) -> Shape:
    parts: list[object] = []

    def add(text: str | None) -> None:
        words = "".join(w for mark, w in _stretches(text or "", state) if mark not in without)
        if words.strip() and parts and isinstance(parts[-1], str):
            parts[-1] += words
        elif words.strip():
            parts.append(words)

    add(element.text)
    for child in element:
        shape = _shaped(child, without, state)
        before = parts[-1] if parts else None
        if shape[2]:
            if shape[0] in ("ul", "ol") and isinstance(before, tuple) and before[:2] == shape[:2]:
                # Two lists, as what stood between them is left out.
                parts[-1] = (*before[:2], (*before[2], *shape[2]))
            else:
                parts.append(shape)
        add(child.tail)
    # The items carry their own numbers.
    attributes = tuple(sorted((k, v) for k, v in element.items() if k != "start"))
    return str(element.tag), attributes, tuple(parts)
