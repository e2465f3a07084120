"""Look up which characters a font contains, in data written at installation.

`coverage.json` maps a font family to a list of numbers, which are lengths of ranges of code points:
missing from the font, in the font, missing, in the font, and so on.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

from nianbao.rendering.fonts.faces import SCRIPTS, Face, stack
from nianbao.rendering.fonts.store import COVERAGE, FontsMissingError, font_folder, how_to_install
from nianbao.utils.characters import DEFAULT_IGNORABLE

_IGNORABLE: Final = re.compile(f"[{DEFAULT_IGNORABLE}]")
_OF_A_SCRIPT: Final = re.compile(
    "[{}]".format("".join(f"{chr(a)}-{chr(b)}" for face in SCRIPTS for a, b in face.blocks))
)


def encode(code_points: Iterable[int]) -> list[int]:
    """Encode a set of code points as the numbers that coverage.json has for a font.

    The numbers are lengths of ranges, from code point 0 upwards: how many code points are not in
    the set, how many are in the set, how many are not, and so on.
    """
    flat: list[int] = []
    end = 0
    for point in sorted(set(code_points)):
        if flat and point == end:
            flat[-1] += 1
        else:
            flat += [point - end, 1]
        end = point + 1
    return flat


def boundaries(flat: Sequence[int]) -> list[int]:
    """Return the start and the exclusive end of each range of code points in a set, in one list.

    The list is ascending: start, end, start, end and so on. A code point is in the set if its
    `bisect_right` in the list is odd. `flat`: the differences between these numbers, as `encode`
    returns them.
    """
    return list(accumulate(flat))


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, list[int]]:
    data: dict[str, list[int]] = json.loads(path.read_text(encoding="utf-8"))
    return {family: boundaries(flat) for family, flat in data.items()}


def _coverage() -> dict[str, list[int]]:
    path = font_folder() / COVERAGE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, AttributeError, TypeError):
        raise FontsMissingError(f"字体文件缺失或损坏：{path}。{how_to_install()}。") from None


def uncovered(text: str, chain: Sequence[str]) -> list[str]:
    """Return the characters of `text` that no font in `chain` has, each once, in order.

    `chain`: CSS font families, such as a font stack. Families that nianbao has not installed are
    ignored. White space and invisible characters are never returned. Raises FontsMissingError if
    coverage.json can't be read.
    """
    coverage = _coverage()  # it is unknown which characters the fonts of the system have
    runs = [coverage[family] for family in chain if family in coverage]
    return [
        character
        for character in dict.fromkeys(text)
        if not any(bisect_right(ends, ord(character)) % 2 for ends in runs)
        and not _is_invisible(character)
    ]


def scripts_in(text: str) -> tuple[Face, ...]:
    """Return the fonts that a text needs for scripts other than Chinese, such as Tibetan.

    Raises FontsMissingError if coverage.json can't be read.
    """
    found = "".join(dict.fromkeys(_OF_A_SCRIPT.findall(text)))
    points = [ord(character) for character in uncovered(found, stack("song"))] if found else []
    return tuple(
        face
        for face in SCRIPTS
        if any(first <= point <= last for first, last in face.blocks for point in points)
    )


def _is_invisible(character: str) -> bool:
    # HarfBuzz synthesizes spaces that a font lacks.
    if character in "\t\n\r" or unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return True
    return _IGNORABLE.match(character) is not None
