"""Find the file of last year's report.

The file is in the folder of this year's report. Its name contains the previous year.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from nianbao.workspace.discovery import SUFFIXES
from nianbao.workspace.series import YEAR_IN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Four digits that are not part of a longer number, such as an area code.
_YEAR: Final = re.compile("(?<![0-9])[0-9]{4}(?![0-9])")


class FileLister(Protocol):
    """Looks for files, on disk or in a revision of git."""

    def exists(self, path: Path) -> bool:
        """Return True for a file, a folder or a symbolic link, even a broken link."""

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return the earliest year of each series of files in a folder.

        A key is the name of the files with `/` in place of the year: "/.yaml" for 2022.yaml. Return
        {} if the folder can't be listed.
        """


class FileAccess(FileLister, Protocol):
    """Looks for files and returns their bytes."""

    def content(self, path: Path) -> bytes | None:
        """Return the bytes of a file.

        Return None if the file can't be read or is not a regular file.
        """


class DiskFolders:
    """Looks for files on disk."""

    def exists(self, path: Path) -> bool:
        """Return True for a file, a folder or a symbolic link, even a broken link."""
        return os.path.lexists(path)

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return the earliest year of each series of files in a folder.

        A key is the name of the files with `/` in place of the year: "/.yaml" for 2022.yaml. Return
        {} if the folder can't be listed.
        """
        try:
            return _earliest_years_in(folder, folder.stat().st_mtime_ns)
        except OSError:  # a folder without read permission
            return {}

    def content(self, path: Path) -> bytes | None:
        """Return the bytes of a file.

        Return None if the file can't be read or is not a regular file.
        """
        try:
            return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
        except OSError:
            return None


# Each of perhaps thousands of reports in a folder looks up its own series.
@lru_cache(maxsize=4)
def _earliest_years_in(folder: Path, _modified: int) -> Mapping[str, int]:
    return earliest_years(os.listdir(folder))  # noqa: PTH208 - it may have thousands of names


def earliest_years(names: Iterable[str]) -> Mapping[str, int]:
    """Return the earliest year of each series of files.

    A key is the name of the files with `/` in place of the year. So 2019.yaml and 2020.yaml give
    {"/.yaml": 2019}.

    `names`: the names of the files.
    """
    found: dict[str, int] = {}
    for name in names:
        for year in set(_YEAR.findall(name)):
            series = _replace_year(name, year, "/")
            found[series] = min(int(year), found.get(series, int(year)))
    return found


def series_name(path: Path, year: int) -> str:
    """Return the name of a file with `/` in place of a year: "/.yaml" for 2020.yaml.

    Files with the same result are a series: only the year in the name differs.
    """
    return _replace_year(path.stem, str(year), "/") + path.suffix


def years_in_name(path: Path) -> list[int]:
    """Return the four-digit numbers in the name of a file, each number once.

    Digits in the suffix are ignored.
    """
    return [int(year) for year in dict.fromkeys(_YEAR.findall(path.stem))]


def _replace_year(name: str, year: str, by: str) -> str:
    return _YEAR.sub(lambda match: by if match.group() == year else match.group(), name)


@dataclass(frozen=True, slots=True)
class PreviousYearFile:
    """The file of last year's report.

    `name`: the expected file name; "" if this year's file name lacks the 年度.
    `path`: the path of last year's file; None if there is no such file.
    `has_older`: True if last year's file does not exist, but an older file does.
    `year_in_name`: the wrong year in this year's file name, or None.
    """

    name: str
    path: Path | None = None
    has_older: bool = False
    year_in_name: int | None = None


def find_previous_year(path: Path, year: int, lister: FileLister) -> PreviousYearFile:
    """Find the file of last year's report.

    `path`: the path of this year's report.
    `year`: the 年度 of this year's report.
    `lister`: used to look for files in the folder of `path`.
    """
    this_year = str(year)
    if this_year not in _YEAR.findall(path.stem):
        # 2022.yaml was copied from 2021.yaml and still says 年度: 2021. A number in the name below
        # `year` may mean something else, unless it is the whole name.
        bare = YEAR_IN_NAME.fullmatch(path.stem)
        named = [int(each) for each in YEAR_IN_NAME.findall(path.stem) if bare or int(each) > year]
        return PreviousYearFile("", year_in_name=named[0] if named else None)
    stem = _replace_year(path.stem, this_year, str(year - 1))
    for suffix in dict.fromkeys((path.suffix, *SUFFIXES, *map(str.upper, SUFFIXES))):
        other = path.with_name(stem + suffix)
        # A folder or a broken link counts too, as a report with errors.
        if lister.exists(other):
            return PreviousYearFile(other.name, other)
    oldest = lister.earliest_years(path.parent).get(series_name(path, year), year)
    return PreviousYearFile(stem + path.suffix, has_older=oldest < year - 1)
