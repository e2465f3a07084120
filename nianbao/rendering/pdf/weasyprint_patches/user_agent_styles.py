"""Gives WeasyPrint of its own style sheets what can matter to a document, and nothing else.

WeasyPrint 70 has three hundred rules for all that HTML knows: forms, text from right to left,
notes. It reads them at each start, tries them on each element, and makes six styles an element for
notes and marks of lists that are not there: a tenth of a PDF's time, for rules that hit nothing.
This can go when WeasyPrint reads and tries them faster.
"""

from __future__ import annotations

import contextlib
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]+)(\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_WORD: Final = re.compile(r"[a-z][\w-]*")
_COMMA: Final = re.compile(r",(?![^()]*\))")
# In a selector: what must not be there, one of several, and what is the name of nothing.
_NEGATED: Final = re.compile(r":(?:not|has)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_ONE_OF: Final = re.compile(r":is\(([^()]*)\)")
_NAMELESS: Final = re.compile(r"[~|^$*]?=[^\]]*|(?<!:):[\w-]+")
_COUNTER: Final = "@counter-style"
# In a rule for pages: what stands in one of its sixteen margins.
_MARGIN: Final = re.compile(r"@([\w-]+)\s*\{[^{}]*\}")
# A character of CSS by its number, even one of a name.
_ESCAPE: Final = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
# The marks of lists have a counter of this name; else it makes an element an item of a list.
_COUNTED: Final = re.compile(r"counters?\(\s*list-item")
# The pseudo-elements that any element may have, and those that notes bring with them.
_ALWAYS: Final = frozenset({"before", "after", "marker"})
_NOTES: Final = frozenset(
    {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}
)


@contextlib.contextmanager
def unread_style_sheets() -> Iterator[None]:
    """While WeasyPrint is imported, let it read none of its style sheets."""
    import tinycss2

    read = tinycss2.parse_stylesheet
    tinycss2.parse_stylesheet = lambda *_, **__: []
    try:
        yield
    finally:
        tinycss2.parse_stylesheet = read


def use_fitting_style_sheets(html_class: Any) -> None:
    """Let weasyprint.HTML, which is given, have the rules that can matter to its document."""
    from weasyprint import html

    def ua_stylesheets(self: Any, forms: bool = False) -> list[Any]:
        words = _words(self)
        texts = [html.UA, html.UA_FORM] if forms else [html.UA]
        return [_read(_fitting(text, words))[0] for text in texts]

    def ph_stylesheets(self: Any) -> list[Any]:
        return [_read(_fitting(html.PH, _words(self)))[0]]

    def ua_counter_style(self: Any) -> list[Any]:
        words = _words(self)
        rules = _fitting(html.UA, words) + _fitting(html.PH, words)
        return [_read(_counters(html.UA, words.union(_WORD.findall(rules))))[1].copy()]

    html_class._ua_stylesheets = ua_stylesheets
    html_class._ua_counter_style = ua_counter_style
    html_class._ph_stylesheets = ph_stylesheets


def _words(page: Any) -> frozenset[str]:
    """The names of the elements and attributes of a document, and the words of its styles."""
    words = set(_ALWAYS)
    for element in page.etree_element.iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        words.add(element.tag.rpartition("}")[2])
        words.update(element.attrib)
        if element.tag == "style":
            words |= _words_of_style(element.text or "")
        elif style := element.get("style"):
            words |= _words_of_style(style)
    return frozenset(words | _NOTES if words & {"footnote", "note"} else words)


@lru_cache(maxsize=64)
def _words_of_style(style: str) -> frozenset[str]:
    plain = _ESCAPE.sub(lambda sign: chr(int(sign[1], 16) % 0x110000), style).lower()
    return frozenset(_WORD.findall(_COUNTED.sub("", plain)))


@lru_cache(maxsize=32)
def _fitting(text: str, words: frozenset[str]) -> str:
    """A style sheet without what can't matter to a document of these words, nor counters."""
    kept = ""
    for head, selectors, body in _rules(text):
        if head.startswith("@page"):
            kept += head + _MARGIN.sub(lambda box: box[0] if box[1] in words else "", body)
        elif fitting := [each for each, needs in selectors if any(map(words.issuperset, needs))]:
            if fitting == ["::marker"] and "list-item" not in words:
                fitting = ["li::marker"]
            kept += ",".join(fitting) + body
    return kept


def _counters(text: str, words: Set[str]) -> str:
    """The styles of counters that are among the words, or used where nothing is said."""
    rules = {head.split()[1]: head + body for head, _, body in _rules(text) if _COUNTER in head}
    used = words | {"decimal", "disc"}
    named = {name: rule for name, rule in rules.items() if name in used}
    # Some are made of others, or leave to others the numbers that they have no word for.
    if any("extends" in rule or "fallback" in rule for rule in named.values()):
        named = rules
    return "".join(named.values())


@lru_cache(maxsize=32)
def _read(text: str) -> tuple[Any, Any]:
    """A style sheet as WeasyPrint reads it, and the counters that it defines."""
    from weasyprint import CSS
    from weasyprint.css.counters import CounterStyle

    counters = CounterStyle()
    return CSS(string=text, counter_style=counters), counters


class _StyleRule(NamedTuple):
    """What a style sheet says of a page, a counter, or the elements that its selectors hit.

    Each selector comes with sets of names. It hits nothing where none of the sets is there whole.
    """

    head: str
    selectors: Sequence[tuple[str, Sequence[Set[str]]]]
    body: str


@cache
def _rules(text: str) -> Sequence[_StyleRule]:
    """The rules of a style sheet."""
    found = []
    for head, body in _RULE.findall(_COMMENT.sub("", text)):
        written = _COMMA.split(_NEGATED.sub(lambda each: each[0].replace(",", "\0"), head.strip()))
        selectors = [each.strip().replace("\0", ",") for each in written]
        needed = [(each, list(_needs(each))) for each in selectors]
        found.append(_StyleRule(head.strip(), needed, body))
    return found


def _needs(selector: str) -> Iterator[set[str]]:
    bare = _NEGATED.sub("", selector)
    one_of = _ONE_OF.search(bare)
    if one_of is None:
        yield set(_WORD.findall(_NAMELESS.sub("", bare)))
        return
    for each in one_of[1].split(","):
        yield from _needs(bare[: one_of.start()] + each.strip() + bare[one_of.end() :])
