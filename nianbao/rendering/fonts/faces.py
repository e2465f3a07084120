"""The five faces of an official document, and the order in which they stand in for one another."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Face:
    """One face, under the CSS family name that nianbao declares for it.

    ``official`` are the family names of the face that GB/T 9704-2012 means, as Windows and WPS
    install it; they come first when a repository asks for the machine's own fonts.
    """

    key: str
    family: str
    purpose_zh: str
    weight: int
    official: tuple[str, ...]


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
        # The heavy cut of the Song is a face of its own here, as 小标宋 is: asking for bold
        # would make a reader of the CSS, and a renderer, thicken it once more.
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

# Characters that a face lacks come from the Song, which has the most, then from the Hei.
_STAND_INS: Final = ("song", "hei")


def face_for(key: str) -> Face:
    """Return the face with this key; raise KeyError for any other word."""
    for face in FACES:
        if face.key == key:
            return face
    raise KeyError(key)


def stack(purpose: str, system_first: bool = False) -> list[str]:
    """Return the CSS families for a purpose (a face's key), most wanted first.

    With ``system_first`` the official faces, where the machine has them, go before nianbao's own.
    The Song and the Hei close every stack, so that a rare character is still printed.
    """
    wanted = face_for(purpose)
    families = list(wanted.official) if system_first else []
    families.append(wanted.family)
    families += [face_for(key).family for key in _STAND_INS if key != purpose]
    return families
