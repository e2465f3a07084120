"""Tables of characters: blanks, invisible ones, full-width forms."""

from __future__ import annotations

import re

# Full-width characters that stand where YAML wants ASCII ones, and what was meant.
STRUCTURAL = {"｛": "{", "｝": "}", "：": ":", "，": ",", "［": "[", "］": "]"}


# Blanks and invisible marks: like a space, or like nothing, to the eye and like a letter to YAML.
BLANKS = "\u3000\xa0\xad\u061c\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\ufeff"


_BLANK_CHARACTER = re.compile(f"[{BLANKS}]")


_HALVES = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 32,
    0x2212: 45,
    0x2013: 45,
}


def blank_name(character: str) -> str:
    """How a blank that is no space is called to the user."""
    return "全角空格" if character == "\u3000" else f"看不见的字符 U+{ord(character):04X}"


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return not _BLANK_CHARACTER.sub("", text).strip()


def half_width(text: str) -> str:
    """A text with the full-width forms of ASCII characters, and of the minus, as ASCII has them.

    Unlike NFKC it leaves 2² and ② alone, which say something else than 22 and 2.
    """
    return text.translate(_HALVES)
