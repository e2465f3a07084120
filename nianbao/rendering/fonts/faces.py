"""The five faces of an official document, and their fallback order."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Face:
    """A face and the CSS family name that nianbao declares for it.

    ``official`` are the family names of the face required by GB/T 9704-2012, as installed by
    Windows and WPS; they come first if a repository asks for system fonts.
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
        # The bold Song serves as 小标宋 and is declared as a regular face, or it would be
        # emboldened once more.
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

# Fallbacks for missing characters: the Song, which has the most, then the Hei.
_FALLBACKS: Final = ("song", "hei")


def face_for(key: str) -> Face:
    """Return the face with this key; raises KeyError."""
    for face in FACES:
        if face.key == key:
            return face
    raise KeyError(key)


def stack(purpose: str, system_first: bool = False) -> list[str]:
    """Return the CSS families for a purpose (the key of a face), in order of preference.

    With ``system_first`` the official faces come before ours. Every stack ends with the Song and
    the Hei, so that rare characters are printed.
    """
    wanted = face_for(purpose)
    families = list(wanted.official) if system_first else []
    families.append(wanted.family)
    families += [face_for(key).family for key in _FALLBACKS if key != purpose]
    return families
