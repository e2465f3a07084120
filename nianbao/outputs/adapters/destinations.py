"""Makes the headers of tables no destinations of links: half of a document's styles are for that.

WeasyPrint 70 makes everything that has an id a place that a link may lead to, and gives it a style
of its own for it. The headers of our tables have ids for the structure of the PDF, which names them
itself; elsewhere nothing links to them. This can go when WeasyPrint makes destinations of what is
linked to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def without_headers(find: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Stand in for weasyprint.css.find_style_attributes, which is given."""

    def find_style_attributes(tree: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
        targets = {link.get("href", "").partition("#")[2] for link in tree.iter("a")}
        for found in find(tree, *args, **kwargs):
            _, element, declarations, _ = found
            anchor = declarations and declarations[0].name == "-weasy-anchor"
            if not (anchor and element.tag == "th" and element.get("id") not in targets):
                yield found

    return find_style_attributes
