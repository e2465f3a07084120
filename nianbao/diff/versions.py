"""A report on one side of a comparison, and which is compared with which."""

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
    """A report on one side: its path for the reader that has it, and its name for the user."""

    file: ReportFile
    reader: Reader


@dataclass(frozen=True, slots=True)
class VersionPair:
    """A report then and now; a side is None where there is none."""

    old: ReportVersion | None
    new: ReportVersion | None
    renamed: bool = False


def report_at_revision(
    repository: Repository, entries: Mapping[str, TreeEntry], revision: str, within: str, stem: Path
) -> ReportVersion:
    """A report that a revision has; `within` is its path from the top of the repository."""
    file = ReportFile(Path(within), f"{revision}:{within}", stem)
    return ReportVersion(file, RevisionReader(repository, entries))
