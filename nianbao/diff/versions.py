"""A report on one side of a comparison, and which is compared with which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.readers import Reader, Revision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.workspace.git import Entry, Repository


@dataclass(frozen=True, slots=True)
class Place:
    """A report on one side: its path for the reader that has it, and its name for the user."""

    file: ReportFile
    reader: Reader


@dataclass(frozen=True, slots=True)
class Pairing:
    """A report then and now; a side is None where there is none."""

    old: Place | None
    new: Place | None
    renamed: bool = False


def committed(
    repository: Repository, entries: Mapping[str, Entry], revision: str, within: str, stem: Path
) -> Place:
    """A report that a revision has; `within` is its path from the top of the repository."""
    file = ReportFile(Path(within), f"{revision}:{within}", stem)
    return Place(file, Revision(repository, entries))
