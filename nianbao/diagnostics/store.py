"""Store the findings of many files, partly in memory and partly on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.diagnostics.finding import Finding

_IN_MEMORY: Final = 1000  # files


class FileFindings(NamedTuple):  # made much faster than a dataclass at each start of the program
    """The findings of one file.

    `unit`: the unit that the file is about.
    `year`: the year of the report; "" if the file is no report.
    `path`: the path of the file, as the findings give it.
    `excerpts`: the lines that the findings point at, by line number.
    `body`: the name of the reporting body (机关), or "" if unknown.
    `edition`: the edition of the form, or None if unknown.
    """

    unit: str
    year: str
    path: str
    findings: Sequence[Finding]
    excerpts: Mapping[int, str]
    body: str = ""
    edition: int | None = None


class FindingStore(Iterable[FileFindings]):
    """The findings of many files, in the order of the files.

    The store can be iterated any number of times.
    """

    def __init__(self) -> None:
        # The findings of the first files, by number of the file.
        self._kept: dict[int, FileFindings] = {}
        # Where the findings of a later file begin in the temporary file.
        self._offsets: dict[int, int] = {}
        # The numbers of the files with excerpts, by path.
        self._numbers: dict[str, int] = {}
        self._file: Any = None

    def close(self) -> None:
        """Remove the temporary file."""
        if self._file is not None:
            self._file.close()

    def add(self, number: int, found: FileFindings) -> None:
        """Add the findings of a file.

        `number`: the position of the file in the order of all files.
        """
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
        """Add a finding to those of a file that is already in the store.

        The findings of the file remain sorted by position.

        `number`: the number with which the file was added.
        `excerpts`: the text of the finding's line, by its line number.
        """
        found = self._get(number)
        findings = sorted([*found.findings, finding], key=lambda each: each.sort_key)
        self.add(number, found._replace(findings=findings, excerpts={**found.excerpts, **excerpts}))

    def __iter__(self) -> Iterator[FileFindings]:
        """Yield the findings of each file, in the order of the files."""
        return map(self._get, sorted([*self._kept, *self._offsets]))

    def _get(self, number: int) -> FileFindings:
        if number in self._kept:
            return self._kept[number]
        import pickle

        self._file.seek(self._offsets[number])
        found: FileFindings = pickle.load(self._file)
        return found

    def lines(self, path: str) -> Sequence[str]:
        """Return the lines of a file; only lines with findings have their text.

        Every other line is "". Line 1 has the index 0.
        """
        number = self._numbers.get(path)
        return () if number is None else sparse_lines(self._get(number).excerpts)

    def select(self, wanted: Callable[[Finding], bool] = lambda _: True) -> FindingSelection:
        """Return the findings for which `wanted` returns True."""
        return FindingSelection(self, wanted)


class FindingSelection:
    """Some findings of a store, which can be iterated any number of times."""

    def __init__(self, store: FindingStore, wanted: Callable[[Finding], bool]) -> None:
        self._store, self._wanted = store, wanted

    def __iter__(self) -> Iterator[Finding]:
        """Yield the findings, file by file."""
        return (each for file in self._store for each in file.findings if self._wanted(each))


def find_excerpts(findings: Iterable[Finding], lines: Sequence[str]) -> dict[int, str]:
    """Return the lines of a file that its findings point at, by line number."""
    numbers = sorted({finding.span.line for finding in findings})
    return {number: lines[number - 1] for number in numbers if 1 <= number <= len(lines)}


def sparse_lines(excerpts: Mapping[int, str]) -> list[str]:
    """Return the lines of a file, with "" for each unknown line.

    Line 1 has the index 0.

    `excerpts`: the known lines, by line number.
    """
    lines = [""] * max(excerpts, default=0)
    for number, line in excerpts.items():
        lines[number - 1] = line
    return lines
