"""Forbid line breaks between a number and its unit, and before punctuation."""

# Pango allows a line break after the number in 1234件, 12.5万元, 第3项 and 2025年. GB/T 9704-1999
# forbids breaks inside numbers and years. An HTML element around each number would prevent the
# breaks too, but programs that extract text from the PDF would get it in pieces. Remove this when
# WeasyPrint supports `word-break: auto-phrase` of CSS Text 4.

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# The last digit with its unit, 第 with the first digit. Digits in between are never separated,
# unless the number is wider than the line.
_UNBREAKABLE: Final = re.compile(
    r"第? ?[0-9] ?(?:[%％]|[十百千万亿]{0,2} ?[\u3400-\u9fff])|第 ?[0-9]|[万亿]元"
    r"| +[，。、；：？！）》」』”]"
)


def keep_in_layout(set_text: Callable[..., None]) -> Callable[..., None]:
    """Return a wrapper of WeasyPrint's Layout.set_text that forbids some line breaks.

    A number stays together with its unit or 第. A blank stays together with punctuation.
    """
    from weasyprint.text.ffi import ffi, pango

    ffi.cdef("PangoAttribute * pango_attr_allow_breaks_new (gboolean allow_breaks);", override=True)

    def set_text_unbreakable(self: Any, text: str, justify: bool = False) -> None:
        set_text(self, text, justify)
        spans = [match.span() for match in _UNBREAKABLE.finditer(self.text)]
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

    return set_text_unbreakable


def keep_between_elements(get_log_attrs: Callable[..., Any]) -> Callable[..., Any]:
    """Return a wrapper of WeasyPrint's get_log_attrs that forbids some line breaks.

    A number stays together with its unit in the next HTML element: <strong>1234</strong>件.
    """

    def get_log_attrs_unbreakable(text: str, lang: str) -> Any:
        attributes = get_log_attrs(text, lang)
        for match in _UNBREAKABLE.finditer(text):
            for index in range(match.start() + 1, match.end()):
                attributes[index].is_line_break = 0
        return attributes

    return get_log_attrs_unbreakable
