"""Find last year's report: the file in the same folder with the year before in its name."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from nianbao.workspace.discovery import SUFFIXES
from nianbao.workspace.series import YEAR_IN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# A number that only contains a year, as an area code may, is not the year.
_YEAR: Final = re.compile("(?<![0-9])[0-9]{4}(?![0-9])")


class FileLister(Protocol):
    """Lists files, on disk or in a revision of git."""

    def exists(self, path: Path) -> bool:
        """Return True if the path exists, even as a broken link."""

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return `earliest_years` of the names in a folder; empty if it can't be listed."""


class DiskFolders:
    """Lists files on disk."""

    def exists(self, path: Path) -> bool:
        """Return True for a file, a folder or a link, even a broken one."""
        return os.path.lexists(path)

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return the earliest year by name without the year."""
        try:
            return _earliest_years_in(folder, folder.stat().st_mtime_ns)
        except OSError:  # a folder without read permission
            return {}


@lru_cache(maxsize=4)
def _earliest_years_in(folder: Path, _modified: int) -> Mapping[str, int]:
    return earliest_years(os.listdir(folder))  # noqa: PTH208 - it may have thousands of names


def earliest_years(names: Iterable[str]) -> Mapping[str, int]:
    """Return the earliest year by name, in which `/` stands for the year wherever it occurs.

    Each of the thousands of reports that a folder may have asks for the names of its own series.
    """
    found: dict[str, int] = {}
    for name in names:
        for year in set(_YEAR.findall(name)):
            series = _replace_year(name, year, "/")
            found[series] = min(int(year), found.get(series, int(year)))
    return found


def _replace_year(name: str, year: str, by: str) -> str:
    return _YEAR.sub(lambda match: by if match.group() == year else match.group(), name)


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
    this_year = str(year)
    if this_year not in _YEAR.findall(path.stem):
        # 2022.yaml was copied from 2021.yaml and still has its year inside. An earlier number may
        # be something else, unless it is the whole name.
        bare = YEAR_IN_NAME.fullmatch(path.stem)
        named = [int(each) for each in YEAR_IN_NAME.findall(path.stem) if bare or int(each) > year]
        return PreviousYearFile("", year_in_name=named[0] if named else None)
    stem = _replace_year(path.stem, this_year, str(year - 1))
    for suffix in dict.fromkeys((path.suffix, *SUFFIXES, *map(str.upper, SUFFIXES))):
        other = path.with_name(stem + suffix)
        # A folder or a broken link counts too, as a report with errors.
        if lister.exists(other):
            return PreviousYearFile(other.name, other)
    series = _replace_year(path.stem, this_year, "/") + path.suffix
    oldest = lister.earliest_years(path.parent).get(series, year)
    return PreviousYearFile(stem + path.suffix, has_older=oldest < year - 1)
