"""Define the characters that remain when a font is reduced."""

from functools import cache
from importlib.resources import files
from typing import Final

# Characters of Chinese office documents besides Hanzi, as whole Unicode blocks.
_BLOCKS: Final = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1: ± · × ÷ § °
    (0x0100, 0x017F),  # Latin Extended-A, for foreign names
    (0x01CD, 0x01DC),  # the vowels of pinyin: ǎ ǐ ǚ
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x2000, 0x206F),  # General Punctuation: “ ” … — ‰ ※
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218F),  # Letterlike Symbols and Number Forms: ℃ № Ⅰ Ⅻ
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2300, 0x23FF),  # technical signs
    (0x2460, 0x24FF),  # enclosed alphanumerics: ① ⑳ ⑴ ⒈
    (0x2500, 0x257F),  # box drawing
    (0x2580, 0x25FF),  # blocks and geometric shapes: □ ■ ○ ● △ ◆
    (0x2600, 0x27BF),  # symbols and dingbats: ☆ ★ ✓
    (0x2E80, 0x2FDF),  # radicals
    (0x3000, 0x303F),  # CJK Symbols and Punctuation: 、 。 《 》 〇
    (0x3040, 0x30FF),  # kana, with the middle dot ・ of GB 2312
    (0x3100, 0x312F),  # bopomofo
    (0x31C0, 0x31EF),  # strokes
    (0x3200, 0x32FF),  # enclosed CJK: ㈠ ㈩ ㊣
    (0x3300, 0x33FF),  # units: ㎡ ㎏
    (0xFE10, 0xFE1F),  # vertical forms
    (0xFE30, 0xFE4F),  # CJK compatibility forms
    (0xFF00, 0xFFEF),  # full-width and half-width forms
)


@cache
def tongyong() -> str:
    """Return the 8,105 characters of 通用规范汉字表 (国务院, 2013-06-05), in the table's order.

    Source: the kTGH property of Unicode's Unihan database.
    """
    text = files("nianbao.rendering.fonts").joinpath("tongyong8105.txt").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines() if not line.startswith("#"))


def gb2312() -> str:
    """Return the 6,763 Hanzi of GB/T 2312-1980 in code order (rows 16 to 87)."""
    rows = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(16, 88) for cell in range(1, 95))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in rows)


def code_points_to_keep(wide: bool) -> frozenset[int]:
    """Return the characters of Chinese office documents, as code points.

    Other characters are removed from a font.

    `wide`: True to add all Hanzi from U+3400 to U+9FFF.
    """
    # The fallback font is wide: names of people and firms contain characters, above all traditional
    # characters, that are neither in GB 2312 nor in 通用规范汉字表.
    points = {ord(character) for character in tongyong() + gb2312()}
    for first, last in _BLOCKS:
        points.update(range(first, last + 1))
    if wide:
        points.update(range(0x3400, 0x4DC0))
        points.update(range(0x4E00, 0xA000))
    return frozenset(points)
