"""Replace radicals, which PDF files may contain, by the ordinary characters they look like."""

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
    """Replace radicals (⼀, ⻓) in a text by the ordinary characters (一, 长)."""
    return _RADICAL.sub(
        lambda found: RADICALS.get(found[0]) or unicodedata.normalize("NFKC", found[0]), text
    )
