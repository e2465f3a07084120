"""What an element of the structure tree says beside its text, from the attributes of the HTML.

ISO 32000-1: 14.8.5.5 (lists), 14.8.5.7 (tables), 14.9.3 (what is read instead of a figure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_ROWS = frozenset({"row", "rowgroup"})


def describe(name: str, box: Any, text: Callable[[str], Any]) -> dict[str, Any]:
    """The attributes of an element, made of its first box and called `name` in the tree.

    `text` makes a string of the PDF.
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
    found: dict[str, Any] = {"O": "/Table"}
    for key in ("ColSpan", "RowSpan"):
        span = getattr(box, key.lower(), 1)
        if span != 1:
            found[key] = span
    if name == "TH":
        found["Scope"] = "/Row" if element.get("scope") in _ROWS else "/Column"
    headers = element.get("headers", "").split()
    if headers:
        found["Headers"] = [text(header) for header in headers]
    return found


def alternative(element: Any) -> str:
    """What is read for a figure."""
    return element.get("alt") or element.get("aria-label") or "图"
