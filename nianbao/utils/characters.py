"""The package's table of characters: blanks, invisible ones, controls, full-width forms.

A set that is a string stands between the brackets of a regular expression's class.
"""

from __future__ import annotations

import re
from typing import Final

# ── full-width characters

# What people type for the signs of YAML and of TOML with a Chinese input method. In TOML quotes
# count too; in YAML those are part of the text.
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

# Look like a space or like nothing, and are letters to YAML and TOML.
ODD_BLANKS: Final = "\u3000\xa0\xad\u061c\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\ufeff"
ODD_BLANK: Final = re.compile(f"[{ODD_BLANKS}]")
# Around a line of prose these have no meaning; for str.strip().
PROSE_BLANKS: Final = " \t\u3000\u00a0"
# Code points that are no characters, which no HTML page may have (and Markdown's writer uses).
_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# libyaml refuses these, or breaks lines at them as no editor does; or they are no characters.
UNPARSABLE: Final = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff{_NONCHARACTERS}"
# A value must not have these either, which escapes (\t, \ud800) can bring into it.
UNPRINTABLE: Final = f"{UNPARSABLE}\t\r\ud800-\udfff"
# Soft hyphen, joiners, direction marks, zero widths, variation selectors, tags.
_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Unicode's Default_Ignorable_Code_Point: a font need not have them, for nothing is printed.
DEFAULT_IGNORABLE: Final = f"{_IGNORABLE}\ufff0-\ufff8\U0001bca0-\U0001bca3"
# What can hide in printed text: without unassigned and shorthand ones, with annotation marks.
INVISIBLE: Final = f"{_IGNORABLE}\ufff9-\ufffb"

# ── scripts

# Letters written from right to left: Uyghur, Kazakh, Kyrgyz and others in Arabic script.
RIGHT_TO_LEFT: Final = (
    "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc"
)

# ── terminals

# Unicode categories that move the cursor, break lines or turn the direction of writing.
CONTROL_CATEGORIES: Final = frozenset({"Cc", "Cf", "Zl", "Zp"})
# All that may be of these categories: the rest is ASCII, Chinese and its punctuation.
MAYBE_CONTROL: Final = re.compile("[^ -~\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def blank_name(character: str) -> str:
    """Return what a message calls one of the odd blanks."""
    return "全角空格" if character == "\u3000" else f"看不见的字符 U+{ord(character):04X}"


def is_blank(text: str) -> bool:
    """Return True if a text has only blanks and invisible characters."""
    return not ODD_BLANK.sub("", text).strip()


def half_width(text: str) -> str:
    """Return a text with full-width forms of ASCII characters, and of the minus, as ASCII.

    Unlike NFKC it keeps 2² and ②, which are not 22 and 2.
    """
    return text.translate(_ASCII_FORMS)


def half_width_digits(text: str) -> str:
    """Return a text with full-width digits as ASCII; all else, and every offset, stays."""
    return text.translate(_DIGITS) if _FULL_WIDTH_DIGIT.search(text) else text
