"""Translate characters of symbol fonts into similar Unicode characters."""

from __future__ import annotations

from typing import Final

UNREADABLE: Final = "□"  # a printed character whose font gives it a shape that is not known

_WINGDINGS: Final = {
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧",
    0x74: "⧫", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA7: "▪",
    0xA8: "□", 0xB2: "✧", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗",
    0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_SYMBOL_FONTS: Final = {
    "wingdings": _WINGDINGS,
    "wingdings 2": {
        0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●",
        0xA2: "■", 0xA3: "□",
    },
    "symbol": {
        0xA3: "≤", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xD7: "·",
    },
}  # fmt: skip


def symbol(font: str, code: str) -> str:
    """Return the Unicode character that a `w:sym` element prints.

    `font`: the name of the font.
    `code`: the code in the font, in hexadecimal.

    Return UNREADABLE if the symbol is unknown.
    """
    try:
        number = int(code[:8], 16)
    except ValueError:
        return UNREADABLE
    # Often F000 is added to the code.
    known = _SYMBOL_FONTS.get(font.lower())
    if known is None and not 0xE000 <= number <= 0xF8FF and 0x20 <= number <= 0xFFFF:
        return chr(number) if not 0xD800 <= number < 0xE000 else UNREADABLE
    return (known or _WINGDINGS).get(number & 0xFF, UNREADABLE)
