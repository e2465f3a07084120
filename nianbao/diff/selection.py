"""What is compared with what: files, REV:path, or all reports of a revision.

A revision alone means every report under reports/; beside a file it means that file, then.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from nianbao.diff.all_reports import changed_reports
from nianbao.diff.versions import ReportVersion, VersionPair, report_at_revision
from nianbao.errors import UsageError
from nianbao.utils.files import reject_symlinks
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import SUFFIXES, ReportFile, find_reports
from nianbao.workspace.git import find_repository
from nianbao.workspace.readers import DISK_READER

if TYPE_CHECKING:
    from nianbao.workspace.git import Repository

_NOW: Final = "HEAD"
# What begins like this is a path, and no name of a revision.
_FILE: Final = re.compile(r"\.{0,2}/" + (r"|[A-Za-z]:[\\/]|\.{1,2}\\" if os.name == "nt" else ""))


@dataclass(frozen=True, slots=True)
class _Named:
    """An argument: a file, a path at a revision, or (`path` None) a revision."""

    revision: str | None
    path: str | None


def select_pairs(root: Path, old: str | None, new: str | None) -> list[VersionPair]:
    """The reports that the arguments name, then and now; raises UsageError.

    Without `new` the other side is what is there now; without both the older side is the last
    commit.
    """
    first = _named(_NOW if old is None else old)
    second = None if new is None else _named(new)
    if first.path is None and (second is None or second.path is None):
        return changed_reports(root, first.revision or "", second.revision if second else None)
    if second is None:
        # One report alone: as it was committed against as it is now.
        if first.revision is None:
            return [_one(root, _Named(_NOW, None), first)]
        return [_one(root, first, _Named(None, None))]
    return [_one(root, first, second)]


def _named(word: str) -> _Named:
    if not word:
        raise UsageError("有一个名字是空的")
    if sanitize(word) != word:
        raise UsageError("名字里有看不见的字符")
    # By its form alone: a pull request may bring files that are named like a revision.
    if _FILE.match(word) or (word.lower().endswith(SUFFIXES) and ":" not in word):
        return _Named(None, word)
    revision, colon, path = word.partition(":")
    return _Named(revision, path if colon else None)


def _one(root: Path, old: _Named, new: _Named) -> VersionPair:
    """One report; a side that has no path takes the other's."""
    if old.path is None or new.path is None:
        known, other = (new, old) if old.path is None else (old, new)
        assert known.path is not None
        place: ReportVersion | None = _place(root, known)
        within, repository = _within(known)
        there = _at(repository, within, other.revision)
        if known.revision is None and there is not None and not os.path.lexists(known.path):
            place = None
        return VersionPair(there, place) if other is old else VersionPair(place, there)
    return VersionPair(_place(root, old), _place(root, new))


def _place(root: Path, named: _Named) -> ReportVersion:
    """A file, which reading may say is none, or a path that a revision must have."""
    assert named.path is not None
    if named.revision is None:
        return ReportVersion(find_reports(root, (named.path,))[0], DISK_READER)
    within, repository = _within(named)
    place = _at(repository, within, named.revision)
    if place is None:
        below = _prefix(repository) + within
        hint = f"，是不是 {named.revision}:./{within}？" if below != within else ""
        if not (hint and _at(repository, below, named.revision)):
            hint = "（路径从仓库最上层的文件夹写起）"
        raise UsageError(f"{named.revision} 里没有 {within}{hint}")
    return place


def _within(named: _Named) -> tuple[str, Repository]:
    """The path of a report within its git repository."""
    assert named.path is not None
    if named.revision is None:
        file = Path(named.path)
        repository = find_repository(file.parent)
        real = Path(os.path.realpath(file.parent)) / file.name
        top = Path(os.path.realpath(repository.top))
        return real.relative_to(top).as_posix(), repository
    repository = find_repository(Path())
    path = PurePosixPath(named.path)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise UsageError(f"{named.revision}: 后面写仓库里的路径，不能有 .. ，也不能以 / 开头")
    prefix = _prefix(repository) if named.path.startswith("./") else ""
    return prefix + path.as_posix(), repository


def _prefix(repository: Repository) -> str:
    """Where one stands in a repository, with a slash at the end; empty at its top."""
    here = Path(os.path.realpath(".")).relative_to(os.path.realpath(repository.top))
    return f"{here.as_posix()}/" if here.parts else ""


def _at(repository: Repository, within: str, revision: str | None) -> ReportVersion | None:
    """A report at a revision, or (None) as it is now; None where there is nothing."""
    if revision is None:
        path = repository.top / within
        if not os.path.lexists(path):
            return None
        reject_symlinks(repository.top, path.parent)
        shown = Path(os.path.relpath(path)).as_posix()
        return ReportVersion(ReportFile(Path(shown), shown, Path(path.stem)), DISK_READER)
    folder = within.rpartition("/")[0]
    entries = repository.entries(repository.commit_id(revision), folder, recursive=False)
    if within not in entries:
        return None
    return report_at_revision(
        repository, entries, revision, within, Path(PurePosixPath(within).stem)
    )
