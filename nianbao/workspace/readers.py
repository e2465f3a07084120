"""Read reports from the disk or from a revision of git."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from nianbao.diagnostics.finding import Problem
from nianbao.parsing.reader import MAX_BYTES, parse_source, read_source, unreadable_source
from nianbao.workspace.previous_year import DiskFolders, FileAccess, FileLister, earliest_years

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.model.source import Source
    from nianbao.workspace.git import Repository, TreeEntry


class Reader(FileLister, Protocol):
    """Reads reports by path."""

    def read(self, path: Path, shown: str) -> Source:
        """Read a report.

        For an unreadable report, return an empty Source with a finding.

        `shown`: the path of the report as messages show it.
        """


class FileReader(Reader, FileAccess, Protocol):
    """Reads reports by path, and returns the bytes of files to compute digests."""


class DiskReader(DiskFolders):
    """Reads reports on disk."""

    def read(self, path: Path, shown: str) -> Source:
        """Read a report.

        For an unreadable report, return an empty Source with a finding.

        `shown`: the path of the report as messages show it.
        """
        return read_source(path, shown)


DISK_READER: Final = DiskReader()


def read_entry(repository: Repository, entry: TreeEntry, shown: str) -> Source:
    """Read a file of a git commit, without following links.

    `shown`: the path of the file as messages show it.

    Raises GitError if git fails.
    """
    if entry.is_link:
        problem = Problem("是一个链接，不读取", "放上文件本身，不要用链接")
        return unreadable_source(shown, "S001", problem)
    if entry.size is None:
        return unreadable_source(shown, "S001", Problem("不是普通文件", "报告是一个 .yaml 文件"))
    if entry.size > MAX_BYTES:
        return unreadable_source(shown, "S002", Problem("文件太大", "检查是不是放错了文件"))
    return parse_source(repository.content(entry), shown)


@dataclass(frozen=True, slots=True)
class RevisionReader:
    """Reads the reports in a folder of a git commit.

    The paths of reports are relative to the top folder of the repository.

    `commit`: the ID of the commit.
    `folder`: the path of the folder with slashes; "" for the top folder.
    `recursive`: True to include sub-folders.
    """

    repository: Repository
    commit: str
    folder: str
    recursive: bool

    @property
    def entries(self) -> Mapping[str, TreeEntry]:
        """The entries of the folder, by path. Raises GitError if git can't list the entries."""
        return _entries(self.repository.top, self.commit, self.folder, self.recursive)

    def read(self, path: Path, shown: str) -> Source:
        """Read a report from the commit, without following links.

        For an unreadable report, return an empty Source with a finding.

        `shown`: the path of the report as messages show it.

        Raises GitError if git fails.
        """
        entry = self.entries.get(path.as_posix())
        if entry is None:
            return unreadable_source(shown, "S001", Problem("没有这个文件", "检查文件名"))
        return read_entry(self.repository, entry, shown)

    def exists(self, path: Path) -> bool:
        """Return True if the commit has a file or link at this path."""
        return path.as_posix() in self.entries

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return the earliest year of each series of files in a folder of the commit.

        A key is the name of the files with `/` in place of the year: "/.yaml" for 2022.yaml.
        """
        tree = (self.repository.top, self.commit, self.folder, self.recursive)
        return _earliest_years(*tree).get(folder.as_posix() if folder.parts else "", {})


# Kept outside the reader, so that a reader that is sent to another process is small. Two entries:
# for the old and the new side of a comparison.
@lru_cache(maxsize=2)
def _entries(top: Path, commit: str, folder: str, recursive: bool) -> Mapping[str, TreeEntry]:
    from nianbao.workspace.git import Repository

    return Repository(top).entries(commit, folder, recursive=recursive)


@lru_cache(maxsize=2)
def _earliest_years(
    top: Path, commit: str, folder: str, recursive: bool
) -> Mapping[str, Mapping[str, int]]:
    """Return the earliest year of each series of files in the folders of a commit.

    The result has a mapping for each folder, by the path of the folder. Its keys are file names
    with `/` in place of the year: "/.yaml" for 2020.yaml.
    """
    names = defaultdict(list)
    for path in _entries(top, commit, folder, recursive):
        above, _, name = path.rpartition("/")
        names[above].append(name)
    return {above: earliest_years(below) for above, below in names.items()}
