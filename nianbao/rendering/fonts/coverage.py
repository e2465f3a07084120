"""Look up the characters of a font in data that the installation wrote."""

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
    """Encode a set of code points as the lengths of its gaps and ranges.

    {2, 3, 5} becomes [2, 2, 1, 1]: a gap of 2, a range of 2, and so on.
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
    """Convert distances into the start and the end of each range, by adding them up.

    [2, 2, 1, 1] becomes [2, 4, 5, 6]: the ranges 2–3 and 5. Each end is exclusive.

    `flat`: the distances, as `encode` returns them.
    """
    # A code point is in the set if its `bisect_right` in this list is odd.
    return list(accumulate(flat))


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> dict[str, list[int]]:
    # No font is parsed at run time: the installation recorded the characters of each font family,
    # as numbers of `encode`. A query takes milliseconds and loads no library.
    data: dict[str, list[int]] = json.loads(path.read_text(encoding="utf-8"))
    return {family: boundaries(flat) for family, flat in data.items()}


def _coverage() -> dict[str, list[int]]:
    path = font_folder() / COVERAGE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, AttributeError, TypeError):
        raise FontsMissingError(f"字体文件缺失或损坏：{path}。{how_to_install()}。") from None


def uncovered(text: str, chain: Sequence[str]) -> list[str]:
    """Return the characters of `text` that no font in `chain` has, each once.

    White space and invisible characters are never returned.

    `chain`: CSS font families; families that nianbao has not installed are ignored.

    Raises FontsMissingError if the data about the fonts can't be read.
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

    Raises FontsMissingError if the data about the fonts can't be read.
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
