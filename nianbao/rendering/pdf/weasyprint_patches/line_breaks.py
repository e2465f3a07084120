"""Breaks no line where an office doesn't: between a number and what it counts (1234件, 12.5万元,
第3项, 2025年; GB/T 9704-1999 said so of numbers and years), or before a mark after a blank.

Pango, which breaks the lines of WeasyPrint 70, may. An element of its own around each number would
take them apart for those who read the PDF's text. This can go when WeasyPrint knows
`word-break: auto-phrase` of CSS Text 4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from nianbao.rendering.pdf.weasyprint_patches.cffi_cache import FURTHER

if TYPE_CHECKING:
    from collections.abc import Callable

# The last digit with what is counted, 第 with the first; what lies between is never parted, but
# where a run of digits is wider than the line and must be.
_KEPT: Final = re.compile(
    r"第? ?[0-9] ?(?:[%％]|[十百千万亿]{0,2} ?[\u3400-\u9fff])|第 ?[0-9]|[万亿]元"
    r"| +[，。、；：？！）》」』”]"
)


def with_kept_words(set_text: Callable[..., None]) -> Callable[..., None]:
    """Stand in for weasyprint.text.line_break.Layout.set_text, which is given."""
    from weasyprint.text.ffi import ffi, pango

    ffi.cdef(FURTHER, override=True)

    def set_text_with_kept_words(self: Any, text: str, justify: bool = False) -> None:
        set_text(self, text, justify)
        spans = [match.span() for match in _KEPT.finditer(self.text)]
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

    return set_text_with_kept_words


def between_words(get_log_attrs: Callable[..., Any]) -> Callable[..., Any]:
    """Stand in for weasyprint.text.line_break.get_log_attrs, which is given.

    It is asked about the letters where two elements meet: **1234**件.
    """

    def get_log_attrs_with_kept_words(text: str, lang: str) -> Any:
        places = get_log_attrs(text, lang)
        for match in _KEPT.finditer(text):
            for place in range(match.start() + 1, match.end()):
                places[place].is_line_break = 0
        return places

    return get_log_attrs_with_kept_words
