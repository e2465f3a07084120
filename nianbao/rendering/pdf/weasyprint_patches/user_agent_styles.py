"""Reduce the user agent style sheets of WeasyPrint to the rules that can match a document.

WeasyPrint 70 has 300 rules for everything in HTML: forms, right-to-left text, notes. It parses them
at each start, matches them against each element, and creates six styles an element for notes and
list markers that do not exist: a tenth of a PDF's time. Remove this when WeasyPrint is faster at
it.
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
# Parts of a selector: negations, alternatives, and attribute values and pseudo-classes.
_NEGATED: Final = re.compile(r":(?:not|has)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
_ONE_OF: Final = re.compile(r":is\(([^()]*)\)")
_NAMELESS: Final = re.compile(r"[~|^$*]?=[^\]]*|(?<!:):[\w-]+")
_COUNTER: Final = "@counter-style"
# One of the sixteen margin boxes in a page rule.
_MARGIN: Final = re.compile(r"@([\w-]+)\s*\{[^{}]*\}")
# An escaped character of CSS.
_ESCAPE: Final = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
# In counter(), list-item is the name of a counter; elsewhere it is the display type.
_COUNTED: Final = re.compile(r"counters?\(\s*list-item")
# Pseudo-elements of any element, and those of notes.
_ALWAYS: Final = frozenset({"before", "after", "marker"})
_NOTES: Final = frozenset(
    {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}
)


@contextlib.contextmanager
def skip_style_sheets() -> Iterator[None]:
    """Do not parse the style sheets of WeasyPrint while it is imported."""
    import tinycss2

    original = tinycss2.parse_stylesheet
    tinycss2.parse_stylesheet = lambda *_, **__: []
    try:
        yield
    finally:
        tinycss2.parse_stylesheet = original


def use_matching_style_sheets(html_class: Any) -> None:
    """Patch weasyprint.HTML to use only the rules that can match its document."""
    from weasyprint import html

    def ua_stylesheets(self: Any, forms: bool = False) -> list[Any]:
        words = _words(self)
        texts = [html.UA, html.UA_FORM] if forms else [html.UA]
        return [_parse(_matching(text, words))[0] for text in texts]

    def ph_stylesheets(self: Any) -> list[Any]:
        return [_parse(_matching(html.PH, _words(self)))[0]]

    def ua_counter_style(self: Any) -> list[Any]:
        words = _words(self)
        rules = _matching(html.UA, words) + _matching(html.PH, words)
        return [_parse(_counters(html.UA, words.union(_WORD.findall(rules))))[1].copy()]

    html_class._ua_stylesheets = ua_stylesheets
    html_class._ua_counter_style = ua_counter_style
    html_class._ph_stylesheets = ph_stylesheets


def _words(page: Any) -> frozenset[str]:
    """Return the names of elements and attributes of a document, and the words in its styles."""
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
def _matching(text: str, words: frozenset[str]) -> str:
    """Return a style sheet without rules that cannot match a document with these words."""
    kept = ""
    for head, selectors, body in _rules(text):
        if head.startswith("@page"):
            kept += head + _MARGIN.sub(lambda box: box[0] if box[1] in words else "", body)
        elif matching := [each for each, needs in selectors if any(map(words.issuperset, needs))]:
            if matching == ["::marker"] and "list-item" not in words:
                matching = ["li::marker"]
            kept += ",".join(matching) + body
    return kept


def _counters(text: str, words: Set[str]) -> str:
    """Return the counter styles named by the words, and the default ones."""
    rules = {head.split()[1]: head + body for head, _, body in _rules(text) if _COUNTER in head}
    used = words | {"decimal", "disc"}
    named = {name: rule for name, rule in rules.items() if name in used}
    # Some extend other styles or fall back to them.
    if any("extends" in rule or "fallback" in rule for rule in named.values()):
        named = rules
    return "".join(named.values())


@lru_cache(maxsize=32)
def _parse(text: str) -> tuple[Any, Any]:
    """Parse a style sheet; return it and the counter styles that it defines."""
    from weasyprint import CSS
    from weasyprint.css.counters import CounterStyle

    counters = CounterStyle()
    return CSS(string=text, counter_style=counters), counters


class _StyleRule(NamedTuple):
    """A rule of a style sheet. Each selector has sets of names: it can match only if all names of
    one of the sets occur in the document.
    """

    head: str
    selectors: Sequence[tuple[str, Sequence[Set[str]]]]
    body: str


@cache
def _rules(text: str) -> Sequence[_StyleRule]:
    """Parse the rules of a style sheet."""
    rules = []
    for head, body in _RULE.findall(_COMMENT.sub("", text)):
        written = _COMMA.split(_NEGATED.sub(lambda each: each[0].replace(",", "\0"), head.strip()))
        selectors = [each.strip().replace("\0", ",") for each in written]
        needed = [(each, list(_needs(each))) for each in selectors]
        rules.append(_StyleRule(head.strip(), needed, body))
    return rules


def _needs(selector: str) -> Iterator[set[str]]:
    bare = _NEGATED.sub("", selector)
    one_of = _ONE_OF.search(bare)
    if one_of is None:
        yield set(_WORD.findall(_NAMELESS.sub("", bare)))
        return
    for each in one_of[1].split(","):
        yield from _needs(bare[: one_of.start()] + each.strip() + bare[one_of.end() :])
