"""Make no link destinations for table headers, which saves time and memory."""

# WeasyPrint 70 makes a link destination, with a style of its own, for every element with an id. Our
# table headers have ids only for the structure tree, and their destinations would double the number
# of styles. Remove this when WeasyPrint makes destinations only for existing links.

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Any attribute and style sheet may contain a link: `target-counter(attr(data-of), page)`.
_TARGET: Final = re.compile(r"#([^\s\"'()]+)")


def without_header_anchors(find: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Return a wrapper of weasyprint.css.find_style_attributes.

    The wrapper makes a link destination for a table header only if a link needs it.
    """

    def find_style_attributes(tree: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        targets = _targets(tree)
        for style in find(tree, *args, **kwargs):
            _, element, declarations, _ = style
            anchor = declarations and declarations[0].name == "-weasy-anchor"
            if not (anchor and element.tag == "th" and element.get("id") not in targets):
                yield style

    return find_style_attributes


def _targets(tree: Any) -> set[str]:
    """Return the ids that an attribute or a style sheet of the document may link to."""
    texts = [text for element in tree.iter() for text in element.attrib.values() if "#" in text]
    texts += [sheet.text or "" for sheet in tree.iter("style")]
    return {unquote(target) for text in texts for target in _TARGET.findall(text)}
