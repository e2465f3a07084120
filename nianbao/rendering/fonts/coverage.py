"""Which characters the faces have, from the data written beside the fonts at set-up.

``coverage.json`` maps a family to its code points as one flat list of numbers: first, length,
first, length … with each *first* counted from the end of the run before it, which keeps the file
small and quick to read.
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

from nianbao.rendering.fonts.store import COVERAGE, FontsMissingError, font_folder, how_to_install
from nianbao.utils.characters import DEFAULT_IGNORABLE

_IGNORABLE: Final = re.compile(f"[{DEFAULT_IGNORABLE}]")


def encode(code_points: Iterable[int]) -> list[int]:
    """Return code points as the flat list that coverage.json holds."""
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
    """Return the start and the end of every run, ascending: inside a run, bisect gives odd."""
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
    """Return the characters of ``text`` that no family of ``chain`` has, in order, each once.

    White space and characters that print nothing count as present. Families that are not
    nianbao's own (those of the machine) are passed over: what they have isn't known here, and
    every stack ends in one of ours. Raises FontsMissing.
    """
    coverage = _coverage()
    runs = [coverage[family] for family in chain if family in coverage]
    return [
        character
        for character in dict.fromkeys(text)
        if not any(bisect_right(ends, ord(character)) % 2 for ends in runs)
        and not _prints_nothing(character)
    ]


def _prints_nothing(character: str) -> bool:
    # HarfBuzz makes up the widths of the spaces that a font lacks.
    if character in "\t\n\r" or unicodedata.category(character) in {"Zs", "Zl", "Zp"}:
        return True
    return _IGNORABLE.match(character) is not None
