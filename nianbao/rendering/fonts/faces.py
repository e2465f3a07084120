"""Define the five fonts of an official document, their fallbacks, and fonts of other scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Face:
    """A font that nianbao installs.

    `key`: its name in the program.
    `family`: its CSS font family.
    `purpose_zh`: its purpose in Chinese, for messages.
    `weight`: its CSS font weight.
    `official`: system fonts that can replace this font, preferred names first.
    `blocks`: first and last code point of each Unicode block; () for a Chinese font.
    `language`: the language tag of a text in this font.
    """

    key: str
    family: str
    purpose_zh: str
    weight: int
    # For a Chinese font: the names that Windows and WPS give to the font required by GB/T
    # 9704-2012. For another script: the font that Word uses.
    official: tuple[str, ...] = ()
    blocks: tuple[tuple[int, int], ...] = ()
    language: str = "zh-CN"


FACES: Final[tuple[Face, ...]] = (
    Face(
        key="fangsong",
        family="nianbao-fangsong",
        purpose_zh="仿宋：正文、三级和四级标题、成文日期",
        weight=400,
        official=("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"),
    ),
    Face(
        key="kai",
        family="nianbao-kai",
        purpose_zh="楷体：二级标题",
        weight=400,
        official=("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
    ),
    Face(
        key="song",
        family="nianbao-song",
        purpose_zh="宋体：页码、表格，以及其他字体所缺的字",
        weight=400,
        official=("宋体", "SimSun"),
    ),
    Face(
        key="xiaobiaosong",
        family="nianbao-xiaobiaosong",
        purpose_zh="小标宋：标题",
        # The bold 宋体 serves as 小标宋. It is declared with regular weight, because otherwise
        # it would be emboldened once more.
        weight=400,
        official=("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    ),
    Face(
        key="hei",
        family="nianbao-hei",
        purpose_zh="黑体：一级标题",
        weight=400,
        official=("黑体", "SimHei"),
    ),
)


def _script(key: str, purpose_zh: str, language: str, font: str, *blocks: tuple[int, int]) -> Face:
    """Return a font of another script. `font`: the name of the font in Windows and Office."""
    return Face(key, f"nianbao-{key}", purpose_zh, 400, (font,), blocks, language)


# Fonts used only in a PDF that has such characters. These fonts have no ASCII digits and
# punctuation, which the five fonts print.
SCRIPTS: Final[tuple[Face, ...]] = (
    _script("tibetan", "藏文", "bo-CN", "Microsoft Himalaya", (0x0F00, 0x0FFF)),
    _script(
        *("uyghur", "维吾尔文、哈萨克文、柯尔克孜文", "ug-CN", "Microsoft Uighur"),
        *((0x0600, 0x06FF), (0x0750, 0x077F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE)),
    ),
    _script("mongolian", "蒙古文、满文、锡伯文", "mn-Mong-CN", "Mongolian Baiti", (0x1800, 0x18AF)),
    _script(
        *("korean", "朝鲜文", "ko-KR", "Batang"),
        *((0x1100, 0x11FF), (0x3131, 0x318E), (0xAC00, 0xD7A3)),
    ),
    _script("yi", "彝文", "ii-CN", "Microsoft Yi Baiti", (0xA000, 0xA4CF)),
    _script("dai", "德宏傣文", "tdd-CN", "Microsoft Tai Le", (0x1950, 0x197F)),
    _script("new-dai", "西双版纳新傣文", "khb-CN", "Microsoft New Tai Lue", (0x1980, 0x19DF)),
    _script("tai-tham", "老傣文", "khb-CN", "Microsoft New Tai Lue", (0x1A20, 0x1AAF)),
    _script("lisu", "傈僳文", "lis-CN", "Segoe UI", (0xA4D0, 0xA4FF)),
    _script("miao", "滇东北苗文", "hmd-CN", "Noto Sans Miao", (0x16F00, 0x16F9F)),
    _script(
        *("latin", "壮文等拉丁字母、国际音标、斯拉夫字母", "zh-CN", "Times New Roman"),
        *((0x0100, 0x036F), (0x0400, 0x052F), (0x1E00, 0x1EFF)),
    ),
    _script("rare-hanzi", "生僻字（扩展 B 至 F 区）", "zh-CN", "SimSun-ExtB", (0x20000, 0x2EBE0)),
)

# Fallbacks for missing characters: 宋体, which has the most, then 黑体.
_FALLBACKS: Final = ("song", "hei")


def face_for(key: str) -> Face:
    """Return the font in FACES with this key.

    Raises KeyError if there is none.
    """
    for face in FACES:
        if face.key == key:
            return face
    raise KeyError(key)


def stack(purpose: str, system_first: bool = False, scripts: Sequence[Face] = ()) -> list[str]:
    """Return the CSS font families for a purpose, preferred families first.

    `purpose`: the key of a font in FACES.
    `system_first`: True to prefer the official fonts of the system (GB/T 9704-2012).
    `scripts`: fonts of other scripts, which come last.
    """
    wanted = face_for(purpose)
    # A reader's system may have the official fonts.
    families = list(wanted.official) if system_first else []
    families.append(wanted.family)
    families += [face_for(key).family for key in _FALLBACKS if key != purpose]
    families += [face.family for face in scripts]
    return families
