"""Justify Chinese text: add space between all characters of a line."""

# WeasyPrint 70 widens only spaces, and Chinese text has no spaces, so lines end ragged. Remove this
# when `layout.inline.justify_line` implements `text-justify: inter-character` of CSS Text 3.

from __future__ import annotations

from typing import Any, Final

from nianbao.rendering.pdf.weasyprint_patches.scripts import count_stretchable

# A line that would need a larger gap (in characters) looks better ragged.
_MAX_GAP: Final = 0.3


def justify_line(context: Any, line: Any, slack: float) -> None:
    """Widen a line by `slack` CSS pixels; replaces weasyprint.layout.inline.justify_line.

    The line is unchanged if a gap would be wider than 0.3 of the font size.
    """
    characters = _count(line)
    if characters < 2:
        return
    gap = slack / (characters - 1)
    if gap <= _MAX_GAP * line.style["font_size"]:
        _spread(context, line, gap, 0.0)


def _count(box: Any) -> int:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        return count_stretchable(box.text)
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        return sum(map(_count, box.children))
    return 0


def _spread(context: Any, box: Any, gap: float, shift: float) -> float:
    """Move a box right by `shift` and widen each gap in it by `gap`.

    Return the shift of the next box. All lengths are in CSS pixels.
    """
    from weasyprint.formatting_structure import boxes
    from weasyprint.text.line_break import create_layout

    if isinstance(box, boxes.TextBox):
        box.position_x += shift
        style = box.style.copy()
        spacing = style["letter_spacing"]
        style["letter_spacing"] = (0 if spacing == "normal" else spacing) + gap
        layout = create_layout(box.text, style, context, None, 0)
        layout.deactivate()
        gain = gap * count_stretchable(box.text)
        box.style, box.pango_layout = style, layout
        box.width += gain
        return shift + gain
    if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.position_x += shift
        end = shift
        for child in box.children:
            if child.is_in_normal_flow():
                end = _spread(context, child, gap, end)
        box.width += end - shift
        return end
    box.translate(shift, 0)
    return shift
