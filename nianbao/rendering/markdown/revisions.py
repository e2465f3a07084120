"""Convert Markdown with revision marks to HTML with <ins> and <del>."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

from nianbao.rendering.markdown.html import markdown_to_html, parse_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

# Revision marks: they pass through the Markdown converter as Unicode non-characters. <ins> and
# <del> are then put around each piece of text, so that these tags never overlap an element.
INSERT: Final = "\ufde0"
DELETE: Final = "\ufde1"
MOVED_HERE: Final = "\ufde2"
MOVED_AWAY: Final = "\ufde3"
END: Final = "\ufde4"
# Begins a text whose old and new sides are rendered separately, and stands between the sides.
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
# A tag, its attributes, and its content: text or nested shapes.
Shape = tuple[str, tuple[tuple[str, str], ...], tuple[object, ...]]


def unmarked(text: str) -> str:
    """Return a text with U+FFFD in place of each revision mark."""
    return _ANY.sub("\ufffd", text)


def revisions_to_html(text: str, top: int = 3) -> str:
    """Convert Markdown with revision marks to sanitized HTML with <ins> and <del>.

    Revision marks are constants of this module, such as INSERT.

    `top`: the level of the highest headings.
    """
    if text.startswith(SEPARATE_SIDES):
        old, _, new = text[1:].partition(SEPARATE_SIDES)
        return _with_tags(markdown_to_html(old, top), DELETE) + _with_tags(
            markdown_to_html(new, top), INSERT
        )
    return _with_tags(markdown_to_html(text, top), "")


def preserves_both_sides(marked: str, old: str, new: str) -> bool:
    """Return True if a text with revision marks renders correctly.

    Without the insertions it must render like `old`, without the deletions like `new`.

    `marked`: the text with revision marks.
    `old`, `new`: the two versions without revision marks.
    """
    # A mark next to Markdown syntax can change the rendering. Without the insertions, `marked` must
    # render like `old`; without the deletions, like `new`.
    tree = parse_fragment(markdown_to_html(marked))
    return _shape(tree, without=frozenset(_TAGS) - _GONE) == _shape(
        parse_fragment(markdown_to_html(old))
    ) and _shape(tree, without=_GONE) == _shape(parse_fragment(markdown_to_html(new)))


def _with_tags(html: str, state: str) -> str:
    if not state and not _MARK.search(html):
        return html
    return "".join(_serialize(parse_fragment(html), [state], outermost=True))


def _serialize(element: Element, state: list[str], *, outermost: bool = False) -> Iterator[str]:
    """Yield an element as HTML.

    `state`: a list whose only item is the current revision mark, or ""; it is updated. `outermost`:
    True to leave out the tags of the element itself.
    """
    if not outermost:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.items())
        yield f"<{element.tag}{attributes}>"
    yield from _text(element.text or "", state)
    for child in element:
        yield from _serialize(child, state)
        yield from _text(child.tail or "", state)
    if not outermost:
        yield f"</{element.tag}>"


def _text(text: str, state: list[str]) -> Iterator[str]:
    for mark, part in _runs(text, state):
        before, after = _TAGS[mark] if mark and part.strip() else ("", "")
        yield f"{before}{escape(part, quote=False)}{after}"


def _runs(text: str, state: list[str]) -> Iterator[tuple[str, str]]:
    """Split a text at its revision marks; yield the mark that applies to each piece, and the piece.

    The mark is "" outside revisions. `state`: a list whose only item is the current revision mark,
    or ""; it is updated.
    """
    position = 0
    for found in [*_MARK.finditer(text), None]:
        end = found.start() if found else len(text)
        if end > position:
            yield state[0], text[position:end]
        if found:
            state[0] = "" if found.group() == END else found.group()
            position = found.end()


def _shape(root: Element, without: frozenset[str] = frozenset()) -> Shape:
    """Return a nested tuple of the tags, attributes and texts of a tree, to compare two trees.

    Empty elements are left out. So is text to which a revision mark in `without` applies.
    """
    return _shaped(root, without, [""])


def _shaped(element: Element, without: frozenset[str], state: list[str]) -> Shape:
    parts: list[object] = []

    def add(text: str | None) -> None:
        words = "".join(w for mark, w in _runs(text or "", state) if mark not in without)
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
                # Join two lists, because the text between the lists is left out.
                parts[-1] = (*before[:2], (*before[2], *shape[2]))
            else:
                parts.append(shape)
        add(child.tail)
    # Ignore `start` of a list, because each item has its own number.
    attributes = tuple(sorted((k, v) for k, v in element.items() if k != "start"))
    return str(element.tag), attributes, tuple(parts)
