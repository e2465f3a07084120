"""Find last year's report: the file in the same folder with the year before in its name."""

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
    """Lists files, on disk or in a revision of git."""

    def exists(self, path: Path) -> bool:
        """Return True if the path exists, even as a broken link."""

    def names(self, folder: Path) -> Sequence[str]:
        """Return the names in a folder; none if it can't be listed."""


class DiskFolders:
    """Lists files on disk."""

    def exists(self, path: Path) -> bool:
        """Return True for a file, a folder or a link, even a broken one."""
        return os.path.lexists(path)

    def names(self, folder: Path) -> Sequence[str]:
        """Return the names in a folder."""
        try:
            return _list_folder(folder, folder.stat().st_mtime_ns)
        except OSError:  # a folder without read permission
            return ()


@lru_cache(maxsize=4)
def _list_folder(folder: Path, _modified: int) -> Sequence[str]:
    return os.listdir(folder)  # noqa: PTH208 - a thousand names, a thousand times


@dataclass(frozen=True, slots=True)
class PreviousYearFile:
    """Last year's file: its name, and its path if it exists.

    `has_older`: there are files of earlier years. `year_in_name`: the year in the name of this
    year's file, if it is not the report's year, so that last year's name is unknown.
    """

    name: str
    path: Path | None = None
    has_older: bool = False
    year_in_name: int | None = None


def find_previous_year(path: Path, year: int, lister: FileLister) -> PreviousYearFile:
    """Find the file of the year before for the report at `path`, which is of `year`."""
    # A number that only contains the year, as an area code may, is not the year.
    this_year = re.compile(rf"(?<![0-9]){year}(?![0-9])")
    if not this_year.search(path.stem):
        # 2022.yaml was copied from 2021.yaml and still has its year inside. An earlier number may
        # be something else, unless it is the whole name.
        bare = YEAR_IN_NAME.fullmatch(path.stem)
        named = [int(each) for each in YEAR_IN_NAME.findall(path.stem) if bare or int(each) > year]
        return PreviousYearFile("", year_in_name=named[0] if named else None)
    stem = this_year.sub(str(year - 1), path.stem)
    for suffix in dict.fromkeys((path.suffix, *SUFFIXES, *map(str.upper, SUFFIXES))):
        other = path.with_name(stem + suffix)
        # A folder or a broken link counts too, as a report with errors.
        if lister.exists(other):
            return PreviousYearFile(other.name, other)
    pieces = map(re.escape, this_year.split(path.stem))
    # One pattern over all names: each of a thousand reports in a folder asks for all of them.
    pattern = f"(?<=/){'([0-9]{4})'.join(pieces)}{re.escape(path.suffix)}(?=/)"
    names = f"/{'/'.join(lister.names(path.parent))}/"
    older = any(int(match[1]) < year - 1 for match in re.finditer(pattern, names))
    return PreviousYearFile(stem + path.suffix, has_older=older)
