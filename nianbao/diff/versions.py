"""Versions of a report, and pairs of them to compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.readers import Reader, RevisionReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.workspace.git import Repository, TreeEntry


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """A report file, and the reader (disk or revision) that can read it."""

    file: ReportFile
    reader: Reader


@dataclass(frozen=True, slots=True)
class VersionPair:
    """The old and the new version of a report; None if it does not exist."""

    old: ReportVersion | None
    new: ReportVersion | None
    renamed: bool = False


def report_at_revision(
    repository: Repository, entries: Mapping[str, TreeEntry], revision: str, within: str, stem: Path
) -> ReportVersion:
    """Return a report of a revision; `within` is its path from the top of the repository."""
    file = ReportFile(Path(within), f"{revision}:{within}", stem)
    return ReportVersion(file, RevisionReader(repository, entries))
