"""Makes the headers of tables no destinations of links: half of a document's styles are for that.

WeasyPrint 70 makes everything that has an id a place that a link may lead to, and gives it a style
of its own for it. The headers of our tables have ids for the structure of the PDF, which names them
itself; elsewhere nothing links to them, but for what a template of the repository may. This can go
when WeasyPrint makes destinations of what is linked to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Attributes of any name and style sheets may link: `target-counter(attr(data-of), page)`.
_TARGET: Final = re.compile(r"#([^\s\"'()]+)")


def without_headers(find: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Stand in for weasyprint.css.find_style_attributes, which is given."""

    def find_style_attributes(tree: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        targets = _targets(tree)
        for found in find(tree, *args, **kwargs):
            _, element, declarations, _ = found
            anchor = declarations and declarations[0].name == "-weasy-anchor"
            if not (anchor and element.tag == "th" and element.get("id") not in targets):
                yield found

    return find_style_attributes


def _targets(tree: Any) -> set[str]:
    """The ids that something in a document may link to."""
    texts = [text for element in tree.iter() for text in element.attrib.values() if "#" in text]
    texts += [style.text or "" for style in tree.iter("style")]
    return {unquote(target) for text in texts for target in _TARGET.findall(text)}
