"""Readers of reports: from the disk, or from a revision of git."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from nianbao.diagnostics.finding import Problem
from nianbao.parsing.reader import MAX_BYTES, parse_source, read_source, unreadable_source
from nianbao.workspace.previous_year import DiskFolders, FileLister

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.model.source import Source
    from nianbao.workspace.git import Repository, TreeEntry


class Reader(FileLister, Protocol):
    """Reads reports by path."""

    def read(self, path: Path, shown: str) -> Source:
        """Read a report; `shown` is its path in messages. Never raises for bad input."""


class DiskReader(DiskFolders):
    """Reads the files on disk."""

    def read(self, path: Path, shown: str) -> Source:
        """Read a file."""
        return read_source(path, shown)


DISK_READER: Final = DiskReader()


@dataclass(frozen=True, slots=True)
class RevisionReader:
    """Reads the files of a revision of git; paths are relative to the top of the repository."""

    repository: Repository
    entries: Mapping[str, TreeEntry]

    def read(self, path: Path, shown: str) -> Source:
        """Read a file as it was committed, without following links."""
        entry = self.entries.get(path.as_posix())
        if entry is None:
            return unreadable_source(shown, "S001", Problem("没有这个文件", "检查文件名"))
        if entry.is_link:
            problem = Problem("是一个链接，不读取", "放上文件本身，不要用链接")
            return unreadable_source(shown, "S001", problem)
        if entry.size is None:
            return unreadable_source(
                shown, "S001", Problem("不是普通文件", "报告是一个 .yaml 文件")
            )
        if entry.size > MAX_BYTES:
            return unreadable_source(shown, "S002", Problem("文件太大", "检查是不是放错了文件"))
        return parse_source(self.repository.content(entry), shown)

    def exists(self, path: Path) -> bool:
        """Return True if the revision has this path."""
        return path.as_posix() in self.entries

    def names(self, folder: Path) -> Sequence[str]:
        """Return the names of the files in a folder."""
        above = folder.as_posix() + "/" if folder.parts else ""
        cut = len(above)
        return [n[cut:] for n in self.entries if n.startswith(above) and "/" not in n[cut:]]
