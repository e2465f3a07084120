"""Find hidden elements and block elements of a web page by its styles.

The styles are in attributes and in <style>. Style sheets outside the file are not fetched.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import cssselect2
    from lxml.etree import _Element

# "none": not printed; "hidden": not printed, but its place in a table stays; "raised": inline, and
# above the line; "table" and the following: as the elements of HTML that make a table; "flex": a
# block with its parts side by side.
Display = Literal[
    "", "none", "hidden", "block", "inline", "raised", "table", "rows", "row", "cell", "flex"
]

_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*collapse|mso-hide\s*:\s*all|mso-element\s*:\s*comment",
    re.IGNORECASE,
)
_INVISIBLE: Final = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)
# How texts for screen readers alone are taken off the screen.
_CLIPPED: Final = re.compile(r"clip(?:-path)?\s*:\s*(?:rect|inset)\s*\(", re.IGNORECASE)
_DISPLAY: Final = re.compile(r"display\s*:\s*([a-z-]+)", re.IGNORECASE)
_RAISED: Final = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_DISPLAYS: Final[Mapping[str, Display]] = {
    "block": "block",
    "grid": "block",
    "list-item": "block",
    "flow-root": "block",
    "flex": "flex",
    "table": "table",
    "inline-table": "table",
    "table-row-group": "rows",
    "table-header-group": "rows",
    "table-footer-group": "rows",
    "table-row": "row",
    "table-cell": "cell",
}
_USED: Final = re.compile(r"display|visibility|clip|mso-hide|super", re.IGNORECASE)
# Selectors that look at other elements take quadratic time.
_COSTLY: Final = re.compile(r":(?:has|nth|first|last|only|empty)|[+~]")
_MAX_SHEET: Final = 300_000
_MAX_WORK: Final = 2_000_000  # rules × elements


def display_of(declarations: str) -> Display:
    """Return how CSS declarations show an element, such as "none" or "block".

    The result is "raised" for a superscript, and "" if the declarations don't say it.

    `declarations`: the content of a `style` attribute or of a rule of a style sheet.
    """
    if not declarations:
        return ""
    if _HIDING.search(declarations):
        return "none"
    if _CLIPPED.search(declarations) and "absolute" in declarations:
        return "none"
    if _INVISIBLE.search(declarations):
        return "hidden"
    found = _DISPLAY.findall(declarations)
    if found and (display := _DISPLAYS.get(found[-1].lower())):
        return display
    if _RAISED.search(declarations):
        return "raised"
    return "inline" if found else ""


def sheet_displays(root: _Element) -> dict[_Element, Display]:
    """Return how the style sheets of a page show each element, such as "none" or "block".

    An element is left out if no style sheet decides how it is shown.
    """
    sheets = ["".join(map(str, style.itertext())) for style in root.iter("style")]
    css = "\n".join(sheet for sheet in sheets if len(sheet) < _MAX_SHEET and _USED.search(sheet))
    if not css:
        return {}
    import cssselect2

    try:
        matcher, count = _matcher(css)
    except RecursionError:  # tinycss2 parses nested brackets recursively
        return {}
    if not count or count * sum(1 for _ in root.iter()) > _MAX_WORK:
        return {}
    displays: dict[_Element, Display] = {}
    for wrapper in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
        if matches := matcher.match(wrapper):  # the strongest rule comes last
            displays[wrapper.etree_element] = matches[-1][3]
    return displays


def _matcher(css: str) -> tuple[cssselect2.Matcher, int]:
    """Return a matcher for the rules that set a display, and the number of their selectors."""
    import cssselect2
    import tinycss2

    matcher = cssselect2.Matcher()
    count = 0
    for prelude, declarations in _rules(tinycss2.parse_stylesheet(css, True, True)):
        if not (display := display_of(declarations)):
            continue
        try:
            selectors = cssselect2.compile_selector_list(prelude)
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            if selector.pseudo_element is None and not selector.never_matches:
                matcher.add_selector(selector, display)
                count += 1
    return matcher, count


def _rules(rules: list[Any]) -> Iterator[tuple[str, str]]:
    """Yield the selectors and the declarations of each rule.

    Rules inside @media are left out, unless they apply to every screen.
    """
    import tinycss2

    for rule in rules:
        if rule.type == "qualified-rule":
            prelude = tinycss2.serialize(rule.prelude)
            if not _COSTLY.search(prelude):
                yield prelude, tinycss2.serialize(rule.content)
        elif rule.type == "at-rule" and rule.content and rule.at_keyword == "media":
            media = tinycss2.serialize(rule.prelude).strip().lower()
            if media in ("screen", "all", "screen, print", "print, screen"):
                yield from _rules(tinycss2.parse_rule_list(rule.content, True, True))
