"""Define sets of characters: blanks, invisible characters, controls, full-width forms."""

# Constants of type str are the inside of a character class: a pattern puts `[` and `]` around them.

from __future__ import annotations

import re
from typing import Final

# ── full-width characters

# What a Chinese input method types in place of the punctuation of YAML and of TOML. Full-width
# quotes are typing errors in TOML; in YAML they are part of the text.
STRUCTURAL: Final = {"｛": "{", "｝": "}", "：": ":", "，": ",", "［": "[", "］": "]"}
TOML_STRUCTURAL: Final = dict(zip("＝：“”‘’＂［］｛｝，．＃", '==""\'\'"[]{},.#', strict=True))

_ASCII_FORMS: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 32,  # ideographic space
    0x2212: 45,  # minus sign
    0x2013: 45,  # en dash
}
_FULL_WIDTH_DIGIT: Final = re.compile("[０-９]")
_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")

# ── blanks and invisible characters

# Characters that look like a space or like nothing, but that YAML and TOML treat as letters.
ODD_BLANKS: Final = "\u3000\xa0\xad\u061c\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\ufeff"
ODD_BLANK: Final = re.compile(f"[{ODD_BLANKS}]")
# Blanks that have no meaning around a line of prose; an argument for str.strip().
PROSE_BLANKS: Final = " \t\u3000\u00a0"
# Unicode's noncharacters: HTML must not contain them, and rendering/markdown uses some as marks.
_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# Characters that libyaml rejects or, unlike editors, treats as line breaks; and noncharacters.
UNPARSABLE: Final = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff{_NONCHARACTERS}"
# Characters that a value must not contain; escapes (\t, \ud800) can produce all of them.
UNPRINTABLE: Final = f"{UNPARSABLE}\t\r\ud800-\udfff"
# Soft hyphen, joiners, direction marks, zero widths, variation selectors, tags.
_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Unicode's Default_Ignorable_Code_Point: characters that print nothing, so no font needs them.
DEFAULT_IGNORABLE: Final = f"{_IGNORABLE}\ufff0-\ufff8\U0001bca0-\U0001bca3"
# Characters that can hide in printed text: DEFAULT_IGNORABLE without unassigned and shorthand
# characters, but with annotation marks.
INVISIBLE: Final = f"{_IGNORABLE}\ufff9-\ufffb"

# ── scripts

# Letters written from right to left: Uyghur, Kazakh, Kyrgyz and others in Arabic script.
RIGHT_TO_LEFT: Final = (
    "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc"
)
# The position of a mark of direction: between a word written from right to left and a number that
# Chinese follows. Without the mark the number is printed before the word (UAX 9, W2).
NUMBER_AFTER_RIGHT_TO_LEFT: Final = re.compile(
    rf"(?<=[{RIGHT_TO_LEFT}])(?=\s?[0-9][0-9.,]*\s?[\u3400-\u9fff])"
)

# ── terminals

# Unicode categories that move the cursor, break lines or turn the direction of writing.
CONTROL_CATEGORIES: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
# Every character that may be of these categories: not printable ASCII, Chinese or punctuation.
MAYBE_CONTROL: Final = re.compile("[^ -~\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def blank_name(character: str) -> str:
    """Return a Chinese name for a blank or invisible character that is not a space.

    The name of U+3000 is 全角空格; every other name contains the code point.
    """
    return "全角空格" if character == "\u3000" else f"看不见的字符 U+{ord(character):04X}"


def is_blank(text: str) -> bool:
    """Return True if a text has only blanks and invisible characters."""
    return not ODD_BLANK.sub("", text).strip()


def half_width(text: str) -> str:
    """Convert full-width ASCII, ideographic spaces, minus signs and en dashes to ASCII.

    ² and ② are not converted.
    """
    # NFKC would convert ² and ② to 2.
    return text.translate(_ASCII_FORMS)


def half_width_digits(text: str) -> str:
    """Convert full-width digits to ASCII, without changing any offset."""
    return text.translate(_DIGITS) if _FULL_WIDTH_DIGIT.search(text) else text
