"""Group reports into series.

A series is the files in one folder whose names differ only in the year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.workspace.discovery import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# A year from 2000 to 2099 in the name of a report file.
YEAR_IN_NAME: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Series:
    """The report files in one folder whose names differ only in the year.

    `before`: the part of the file names before the year.
    `after`: the part of the file names after the year, without the suffix.
    `reports`: the path of each report, by year.
    """

    folder: Path
    before: str
    after: str
    reports: Mapping[int, Path]

    def path(self, year: int) -> Path:
        """Return the path of the report on `year`, even if there is no such file.

        The path of a missing file has the suffix of the latest report.
        """
        if year in self.reports:
            return self.reports[year]
        suffix = self.reports[max(self.reports)].suffix if self.reports else SUFFIXES[0]
        return self.folder / f"{self.before}{year}{self.after}{suffix}"

    def latest_before(self, year: int) -> int | None:
        """Return the latest year before `year` that has a report, or None."""
        return max((each for each in self.reports if each < year), default=None)


def year_or_stem(path: Path) -> str:
    """Return the rightmost year (2000–2099) in a file name.

    If the name contains no year, return the name without suffix.
    """
    year = _last_year(path.stem)
    return year.group() if year else path.stem


def find_series(paths: Iterable[Path]) -> list[Series]:
    """Group the files of each folder into series: only the year in the name differs.

    If a name has several years, only the rightmost year can differ. Files without a year in the
    name are left out.
    """
    found: dict[tuple[Path, str, str], dict[int, Path]] = {}
    for path in paths:
        year = _last_year(path.stem)
        if year:
            around = (path.parent, path.stem[: year.start()], path.stem[year.end() :])
            found.setdefault(around, {})[int(year.group())] = path
    return [Series(*around, reports) for around, reports in found.items()]


def _last_year(stem: str) -> re.Match[str] | None:
    return next(reversed(list(YEAR_IN_NAME.finditer(stem))), None)
