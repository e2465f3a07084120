"""Define versions of a report, and pairs of versions to compare."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.readers import Reader, RevisionReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """A version of a report file, on disk or in a git revision.

    `reader`: reads this version.
    `revision`: the revision as the user wrote it; "" for a file on disk.
    """

    file: ReportFile
    reader: Reader
    revision: str = ""


@dataclass(frozen=True, slots=True)
class VersionPair:
    """The old and the new version of a report; None if a version does not exist.

    `renamed`: True if the path of the report changed.
    """

    old: ReportVersion | None
    new: ReportVersion | None
    renamed: bool = False

    @property
    def name(self) -> str:
        """The path of the report in messages; after a renaming, the new path."""
        version = self.new or self.old
        assert version is not None
        return version.file.shown


def report_at_revision(
    reader: RevisionReader, revision: str, within: str, stem: Path
) -> ReportVersion:
    """Return the version of a report at a revision.

    `reader`: reads this revision.
    `revision`: the revision as the user wrote it, for messages.
    `within`: the report's path from the top of the repository.
    `stem`: the path of the report's outputs in the output folder, without suffix.
    """
    file = ReportFile(Path(within), f"{revision}:{within}", stem)
    return ReportVersion(file, reader, revision)


@contextlib.contextmanager
def read_in_batch(pairs: Iterable[VersionPair]) -> Iterator[None]:
    """Context manager: read all versions of a repository by one git process.

    `pairs`: the versions that are read in the `with` block.
    """
    readers = [each.reader for pair in pairs for each in (pair.old, pair.new) if each]
    found = {each.repository for each in readers if isinstance(each, RevisionReader)}
    with contextlib.ExitStack() as stack:
        for repository in found:
            stack.enter_context(repository.batch())
        yield
