"""Print joined scripts (Arabic, Mongolian) and stacked scripts (Tibetan) correctly."""

# Lines are justified by space between letters. This would tear apart the joined letters of Arabic
# and Mongolian and the stacks of Tibetan, so these scripts get no space. The vowels of Tibetan are
# raised glyphs, which programs that extract text would read as a separate line. Therefore a line
# with stacked letters gets its text as ActualText. Remove this when WeasyPrint writes ActualText,
# and Pango keeps letters of joined scripts together.

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_JOINED: Final = re.compile(
    "[\u0600-\u06ff\u0750-\u077f\u0f00-\u0fff\u1800-\u18af\u200c\u200d\ufb50-\ufdff\ufe70-\ufefe]+"
)
_STACKED: Final = re.compile("[\u0f71-\u0fbc]")


def count_stretchable(text: str) -> int:
    """Return the number of characters after which space can be added."""
    return len(text) - sum(len(part) for part in _JOINED.findall(text))


def keep_joined(set_text: Callable[..., None]) -> Callable[..., None]:
    """Return a wrapper of WeasyPrint's Layout.set_text for joined scripts.

    The wrapper adds no space between the letters of Arabic, Mongolian and Tibetan.
    """
    from weasyprint.text.ffi import ffi, pango

    def set_text_joined(self: Any, text: str, justify: bool = False) -> None:
        set_text(self, text, justify)
        parts = [match.span() for match in _JOINED.finditer(self.text)]
        attributes = parts and pango.pango_layout_get_attributes(self.layout)
        if not attributes or attributes == ffi.NULL:
            return
        for start, end in parts:
            spacing = pango.pango_attr_letter_spacing_new(0)
            spacing.start_index = len(self.text[:start].encode())
            spacing.end_index = len(self.text[:end].encode())
            pango.pango_attr_list_change(attributes, spacing)
        pango.pango_layout_set_attributes(self.layout, attributes)

    return set_text_joined


def with_actual_text(draw_first_line: Callable[..., Any]) -> Callable[..., Any]:
    """Return a wrapper of weasyprint.draw.text.draw_first_line for Tibetan.

    The wrapper adds the text of each line as ActualText, for copying.
    """

    def draw(stream: Any, textbox: Any, *rest: Any) -> Any:
        if not _STACKED.search(textbox.text):
            return draw_first_line(stream, textbox, *rest)
        code = textbox.text.encode("utf-16-be").hex()
        stream.stream.append(f"/Span <</ActualText <feff{code}>>> BDC")
        drawn = draw_first_line(stream, textbox, *rest)
        stream.stream.append("EMC")
        return drawn

    return draw
