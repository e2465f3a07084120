"""Keeps a number on one line with what it counts: 1234件, 12.5万元, 第3项, 2025年.

An office doesn't part them (GB/T 9704-1999 said so of numbers and years), but Pango, which breaks
the lines of WeasyPrint 70, may. An element of its own around each number would take them apart for
those who read the PDF's text. This can go when WeasyPrint knows `word-break: auto-phrase` of CSS
Text 4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# The last digit with what is counted, and 第 with the first. What lies between is never parted but
# where a run of digits is wider than the line, and must be.
_ENDS: Final = re.compile(r"第?[0-9][%％]?[十百千万亿]{0,2}[\u3400-\u9fff]|第[0-9]")


def with_whole_numbers(set_text: Callable[..., None]) -> Callable[..., None]:
    """Stand in for weasyprint.text.line_break.Layout.set_text, which is given."""
    from weasyprint.text.ffi import ffi, pango

    ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);", override=True)

    def set_text_with_whole_numbers(self: Any, text: str, justify: bool = False) -> None:
        set_text(self, text, justify)
        spans = [match.span() for match in _ENDS.finditer(self.text)]
        if not spans:
            return
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        for start, end in spans:
            whole = pango.pango_attr_allow_breaks_new(False)
            whole.start_index = len(self.text[:start].encode())
            whole.end_index = len(self.text[:end].encode())
            pango.pango_attr_list_insert(attributes, whole)
        pango.pango_layout_set_attributes(self.layout, attributes)

    return set_text_with_whole_numbers
