"""Series of reports: files in one folder whose names differ in the year alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.workspace.discovery import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# A year that a report can have, in the name of its file.
YEAR_IN_NAME: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Series:
    """The reports of one unit by year; `before` and `after` are the name around the year."""

    folder: Path
    before: str
    after: str
    reports: Mapping[int, Path]

    def path(self, year: int) -> Path:
        """Return the path of the report of a year; for a new one with the newest one's suffix."""
        if year in self.reports:
            return self.reports[year]
        suffix = self.reports[max(self.reports)].suffix if self.reports else SUFFIXES[0]
        return self.folder / f"{self.before}{year}{self.after}{suffix}"

    def latest_before(self, year: int) -> int | None:
        """Return the last year before another that has a report, or None."""
        return max((each for each in self.reports if each < year), default=None)


def find_series(paths: Iterable[Path]) -> list[Series]:
    """Group files into series, by the last year in each name; files without a year are left out."""
    found: dict[tuple[Path, str, str], dict[int, Path]] = {}
    for path in paths:
        years = list(YEAR_IN_NAME.finditer(path.stem))
        if years:
            start, end = years[-1].span()
            around = (path.parent, path.stem[:start], path.stem[end:])
            found.setdefault(around, {})[int(years[-1].group())] = path
    return [Series(*around, reports) for around, reports in found.items()]
