"""Reports of one unit over the years: files side by side that differ in the year in their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.workspace.discovery import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# The years for which there is a form, in the name of a file.
YEAR_IN_NAME: Final = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Series:
    """The reports of one unit by year; `before` and `after` are what their names have around it."""

    folder: Path
    before: str
    after: str
    reports: Mapping[int, Path]

    def path(self, year: int) -> Path:
        """Where the report of a year is, or would be, with the suffix of the newest."""
        if year in self.reports:
            return self.reports[year]
        suffix = self.reports[max(self.reports)].suffix if self.reports else SUFFIXES[0]
        return self.folder / f"{self.before}{year}{self.after}{suffix}"

    def latest(self, before: int) -> int | None:
        """The last year before another of which there is a report."""
        return max((year for year in self.reports if year < before), default=None)


def find_series(paths: Iterable[Path]) -> list[Series]:
    """The series that some files make up; a file without a year in its name belongs to none."""
    found: dict[tuple[Path, str, str], dict[int, Path]] = {}
    for path in paths:
        years = list(YEAR_IN_NAME.finditer(path.stem))
        if years:
            start, end = years[-1].span()
            around = (path.parent, path.stem[:start], path.stem[end:])
            found.setdefault(around, {})[int(years[-1].group())] = path
    return [Series(*around, reports) for around, reports in found.items()]
