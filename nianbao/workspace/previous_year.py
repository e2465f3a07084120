"""Where last year's report of a unit is: beside this one, the year before in its name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from nianbao.workspace.discovery import SUFFIXES
from nianbao.workspace.series import YEAR_IN_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class FileLister(Protocol):
    """What has files: the disk, or a revision of git."""

    def exists(self, path: Path) -> bool:
        """Whether anything has this path, a broken link included."""

    def names(self, folder: Path) -> Sequence[str]:
        """The names in a folder; none where it can't be listed."""


class DiskFolders:
    """The folders of this machine, as they are now."""

    def exists(self, path: Path) -> bool:
        """Whether there is a file, a folder or a link, broken ones included."""
        return os.path.lexists(path)

    def names(self, folder: Path) -> Sequence[str]:
        """The names in a folder."""
        try:
            return _listed(folder, folder.stat().st_mtime_ns)
        except OSError:  # a folder whose files may be read and not listed
            return ()


@lru_cache(maxsize=4)
def _listed(folder: Path, _changed: int) -> Sequence[str]:
    return os.listdir(folder)  # noqa: PTH208 - a thousand names, a thousand times


@dataclass(frozen=True, slots=True)
class PreviousYearFile:
    """Last year's file: its name, and its path where there is one.

    `older` says that files of still earlier years are there. `named` is the year in the name of
    this year's file where it is another than the report's, so that last year's can't be told.
    """

    name: str
    path: Path | None = None
    older: bool = False
    named: int | None = None


def find_previous_year(path: Path, year: int, place: FileLister) -> PreviousYearFile:
    """Find the file of the year before the report `path` of a year."""
    # A number that only contains the year, as an area code may, is not the year.
    this_year = re.compile(rf"(?<![0-9]){year}(?![0-9])")
    if not this_year.search(path.stem):
        # 2022.yaml copied from 2021.yaml, the year in it forgotten. An earlier one may be anything,
        # unless it is the whole name.
        bare = YEAR_IN_NAME.fullmatch(path.stem)
        named = [int(each) for each in YEAR_IN_NAME.findall(path.stem) if bare or int(each) > year]
        return PreviousYearFile("", named=named[0] if named else None)
    stem = this_year.sub(str(year - 1), path.stem)
    for suffix in dict.fromkeys((path.suffix, *SUFFIXES, *map(str.upper, SUFFIXES))):
        other = path.with_name(stem + suffix)
        # What is there and can't be read, a folder or a broken link, is told as one with errors.
        if place.exists(other):
            return PreviousYearFile(other.name, other)
    pieces = map(re.escape, this_year.split(path.stem))
    # In one go: a thousand reports in one folder ask for its thousand names each.
    pattern = f"(?<=/){'([0-9]{4})'.join(pieces)}{re.escape(path.suffix)}(?=/)"
    names = f"/{'/'.join(place.names(path.parent))}/"
    older = any(int(match[1]) < year - 1 for match in re.finditer(pattern, names))
    return PreviousYearFile(stem + path.suffix, older=older)
