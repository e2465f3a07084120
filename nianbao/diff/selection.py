"""Find the versions that the arguments of the command `diff` select.

An argument is a file, a git revision, or a file at a revision (REV:path).
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
from nianbao.utils.files import reject_symlinks, relative_path
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import SUFFIXES, ReportFile, find_reports
from nianbao.workspace.git import find_repository
from nianbao.workspace.readers import DISK_READER, RevisionReader

if TYPE_CHECKING:
    from nianbao.workspace.git import Repository

_NOW: Final = "HEAD"
# An argument that begins like this is a path, never a revision.
_FILE: Final = re.compile(r"\.{0,2}/" + (r"|[A-Za-z]:[\\/]|\.{1,2}\\" if os.name == "nt" else ""))


@dataclass(frozen=True, slots=True)
class _Argument:
    """A parsed argument: a file, a path at a revision, or a revision.

    `revision`: None for a file. `path`: None for a revision alone.
    """

    revision: str | None
    path: str | None


def select_pairs(root: Path, old: str | None, new: str | None) -> list[VersionPair]:
    """Return the pairs of versions that the two arguments of the command `diff` select.

    A file as the only argument is compared with its version in the last commit.

    `root`: the folder that contains reports/.
    `old`: a file, REV:path or a git revision; None for the last commit.
    `new`: a file, REV:path or a git revision; None for the files on disk.

    Raises UsageError if an argument is invalid or does not exist.
    """
    first = _parse(_NOW if old is None else old)
    second = None if new is None else _parse(new)
    if first.path is None and (second is None or second.path is None):
        return changed_reports(root, first.revision or "", second.revision if second else None)
    if second is None:
        # A single file: the committed version against the current one.
        if first.revision is None:
            return [_one(root, _Argument(_NOW, None), first)]
        return [_one(root, first, _Argument(None, None))]
    return [_one(root, first, second)]


def _parse(word: str) -> _Argument:
    if not word:
        raise UsageError("有一个名字是空的")
    if sanitize(word) != word:
        raise UsageError("名字里有看不见的字符")
    # Decide by the form of the word alone: a pull request may add files named like a revision.
    if _FILE.match(word) or (word.lower().endswith(SUFFIXES) and ":" not in word):
        return _Argument(None, word)
    revision, colon, path = word.partition(":")
    return _Argument(revision, path if colon else None)


def _one(root: Path, old: _Argument, new: _Argument) -> VersionPair:
    """Return the pair for one report; an argument without a path takes the path of the other."""
    if old.path is None or new.path is None:
        known, other = (new, old) if old.path is None else (old, new)
        assert known.path is not None
        version: ReportVersion | None = _version(root, known)
        within, repository = _within(known)
        there = _at(repository, within, other.revision)
        if known.revision is None and there is not None and not os.path.lexists(known.path):
            version = None
        return VersionPair(there, version) if other is old else VersionPair(version, there)
    return VersionPair(_version(root, old), _version(root, new))


def _version(root: Path, argument: _Argument) -> ReportVersion:
    """Return the version that an argument names. Raises UsageError if a revision lacks the path."""
    assert argument.path is not None
    if argument.revision is None:
        return ReportVersion(find_reports(root, (argument.path,))[0], DISK_READER)
    within, repository = _within(argument)
    version = _at(repository, within, argument.revision)
    if version is None:
        below = _prefix(repository) + within
        hint = f"，是不是 {argument.revision}:./{within}？" if below != within else ""
        if not (hint and _at(repository, below, argument.revision)):
            hint = "（路径从仓库最上层的文件夹写起）"
        raise UsageError(f"{argument.revision} 里没有 {within}{hint}")
    return version


def _within(argument: _Argument) -> tuple[str, Repository]:
    """Return the path of a report within its git repository, and the repository."""
    assert argument.path is not None
    if argument.revision is None:
        file = Path(argument.path)
        repository = find_repository(file.parent)
        real = Path(os.path.realpath(file.parent)) / file.name
        top = Path(os.path.realpath(repository.top))
        return real.relative_to(top).as_posix(), repository
    repository = find_repository(Path())
    path = PurePosixPath(argument.path)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise UsageError(f"{argument.revision}: 后面写仓库里的路径，不能有 .. ，也不能以 / 开头")
    prefix = _prefix(repository) if argument.path.startswith("./") else ""
    return prefix + path.as_posix(), repository


def _prefix(repository: Repository) -> str:
    """Return the working folder's path in a repository, with a trailing slash; empty at the top."""
    here = Path(os.path.realpath(".")).relative_to(os.path.realpath(repository.top))
    return f"{here.as_posix()}/" if here.parts else ""


def _at(repository: Repository, within: str, revision: str | None) -> ReportVersion | None:
    """Return a report at a revision, or the report on disk if `revision` is None.

    Return None if there is no such report. `within`: its path from the top of the repository.
    """
    if revision is None:
        path = repository.top / within
        if not os.path.lexists(path):
            return None
        reject_symlinks(repository.top, path.parent)
        shown = relative_path(path)
        return ReportVersion(ReportFile(Path(shown), shown, Path(path.stem)), DISK_READER)
    folder = within.rpartition("/")[0]
    reader = RevisionReader(repository, repository.commit_id(revision), folder, recursive=False)
    if within not in reader.entries:
        return None
    return report_at_revision(reader, revision, within, Path(PurePosixPath(within).stem))
