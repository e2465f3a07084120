"""Keep the findings of many files, in memory as long as there are few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.diagnostics.finding import Finding

_IN_MEMORY: Final = 1000  # files


@dataclass(frozen=True, slots=True)
class FileFindings:
    """The findings of a file.

    `unit`, `year`: what the file is about; no year if it is no report. `path`: its path in the
    findings. `excerpts`: the lines that the findings point at, by number. `body`: 机关, or "" if it
    is unknown. `edition`: of the form, or None if it is unknown.
    """

    unit: str
    year: str
    path: str
    findings: Sequence[Finding]
    excerpts: Mapping[int, str]
    body: str = ""
    edition: int | None = None


class FindingStore(Iterable[FileFindings]):
    """Findings by file, in the order of the numbers that they are added with.

    All but the first files are kept in a temporary file, so that a hundred thousand reports take
    little memory. The findings can be iterated any number of times.
    """

    def __init__(self) -> None:
        self._kept: dict[int, FileFindings] = {}
        self._offsets: dict[int, int] = {}
        self._numbers: dict[str, int] = {}
        self._file: Any = None

    def close(self) -> None:
        """Remove the temporary file."""
        if self._file is not None:
            self._file.close()

    def add(self, number: int, found: FileFindings) -> None:
        """Add the findings of a file."""
        if found.excerpts:
            self._numbers[found.path] = number
        if number in self._kept or len(self._kept) < _IN_MEMORY:
            self._kept[number] = found
            return
        import pickle
        import tempfile

        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - for the store's life
        self._offsets[number] = self._file.seek(0, 2)
        pickle.dump(found, self._file, pickle.HIGHEST_PROTOCOL)

    def insert(self, number: int, finding: Finding, excerpts: Mapping[int, str]) -> None:
        """Add a finding, and the line that it points at, to those of a file, by its position."""
        found = self._get(number)
        findings = sorted([*found.findings, finding], key=lambda each: each.sort_key)
        self.add(number, replace(found, findings=findings, excerpts={**found.excerpts, **excerpts}))

    def __iter__(self) -> Iterator[FileFindings]:
        """Yield the findings of each file."""
        return map(self._get, sorted([*self._kept, *self._offsets]))

    def _get(self, number: int) -> FileFindings:
        if number in self._kept:
            return self._kept[number]
        import pickle

        self._file.seek(self._offsets[number])
        found: FileFindings = pickle.load(self._file)
        return found

    def lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file by index; a line at which no finding points is empty."""
        number = self._numbers.get(path)
        return () if number is None else sparse_lines(self._get(number).excerpts)

    def select(self, wanted: Callable[[Finding], bool] = lambda _: True) -> FindingSelection:
        """Return the findings that are wanted."""
        return FindingSelection(self, wanted)


class FindingSelection:
    """Some findings of a store, which can be iterated any number of times."""

    def __init__(self, store: FindingStore, wanted: Callable[[Finding], bool]) -> None:
        self._store, self._wanted = store, wanted

    def __iter__(self) -> Iterator[Finding]:
        """Yield the findings, file by file."""
        return (each for file in self._store for each in file.findings if self._wanted(each))


def find_excerpts(findings: Iterable[Finding], lines: Sequence[str]) -> dict[int, str]:
    """Return the lines of a file that its findings point at, by number; only these are printed."""
    numbers = sorted({finding.span.line for finding in findings})
    return {number: lines[number - 1] for number in numbers if 1 <= number <= len(lines)}


def sparse_lines(excerpts: Mapping[int, str]) -> list[str]:
    """Return the lines of a file by index; a line that is not in `excerpts` is empty."""
    lines = [""] * max(excerpts, default=0)
    for number, line in excerpts.items():
        lines[number - 1] = line
    return lines
