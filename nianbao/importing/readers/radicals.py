"""Replace radicals, as they are copied from some PDF files, by the characters they look like."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Radicals that Unicode does not decompose (or to a traditional character), as programs print them
# since fonts for simplified Chinese have one glyph for both: made from the Noto and Fandol fonts.
RADICALS: Final = dict(
    zip(
        "⺂⺃⺅⺉⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺠⺡⺣⺦⺨⺫⺭⺯⺰⺱⺲⺹⺺⺾⻁⻂⻃⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻱⻲⼾",
        "乛乚亻刂兀尣尢巳幺彑彐忄扌攵旡歺民氵灬丬犭罒礻糹纟罓罒耂肀艹虎衤覀见角讠贝车辶钅長镸长门阝青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙龜亀户",
        strict=True,
    )
)
_RADICAL: Final = re.compile("[\u2e80-\u2fd5]")


def without_radicals(text: str) -> str:
    """Return a text in which each radical (⼀, ⻓) is the character that it looks like (一, 长)."""
    return _RADICAL.sub(
        lambda found: RADICALS.get(found[0]) or unicodedata.normalize("NFKC", found[0]), text
    )
