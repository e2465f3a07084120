"""Compute attributes in the PDF's structure tree from HTML attributes.

ISO 32000-1: 14.8.5.5 (lists), 14.8.5.7 (tables), 14.9.3 (alternative text).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ROWS = frozenset({"row", "rowgroup"})


def element_attributes(name: str, box: Any, text: Callable[[str], Any]) -> dict[str, Any]:
    """Return the attributes of an element of the PDF's structure tree.

    `name`: the structure type of the element in PDF, such as TH.
    `box`: the first box of the HTML element.
    `text`: a function that creates a PDF string.
    """
    element = box.element
    if name == "L":
        return {"O": "/List", "ListNumbering": "/Decimal" if element.tag == "ol" else "/Disc"}
    if name == "Table":
        caption = element.find("caption")
        words = "" if caption is None else "".join(caption.itertext()).strip()
        return {"O": "/Table", "Summary": text(words)} if words else {}
    if name not in ("TH", "TD"):
        return {}
    attributes: dict[str, Any] = {"O": "/Table"}
    for key in ("ColSpan", "RowSpan"):
        span = getattr(box, key.lower(), 1)
        if span != 1:
            attributes[key] = span
    if name == "TH":
        attributes["Scope"] = "/Row" if element.get("scope") in _ROWS else "/Column"
    headers = element.get("headers", "").split()
    if headers:
        attributes["Headers"] = [text(header) for header in headers]
    return attributes


def alternative_text(element: Any) -> str:
    """Return the alternative text of a figure: its alt, else its aria-label, else 图."""
    return element.get("alt") or element.get("aria-label") or "图"
