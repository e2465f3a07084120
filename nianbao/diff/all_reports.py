"""Find the reports that were changed, added, removed or renamed between two states of reports/."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nianbao.diff.versions import ReportVersion, VersionPair, report_at_revision
from nianbao.errors import UsageError
from nianbao.parsing.reader import MAX_BYTES
from nianbao.utils.files import absolute
from nianbao.workspace.discovery import REPORTS_FOLDER, SUFFIXES, find_reports
from nianbao.workspace.git import Repository, find_repository
from nianbao.workspace.readers import DISK_READER, RevisionReader
from nianbao.workspace.series import find_series

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

T = TypeVar("T")


def changed_reports(root: Path, old: str, new: str | None) -> list[VersionPair]:
    """Return the old and the new version of every changed report.

    The unit's report on the following year is included, because its findings can change.

    `root`: the folder that contains reports/.
    `old`: a git revision.
    `new`: a git revision; None for the files on disk.

    Raises UsageError if both states have no reports. Raises GitError if git can't read a revision.
    """
    repository = find_repository(root)
    before = _reports_at(repository, root, old)
    after = _reports_now(root) if new is None else _reports_at(repository, root, new)
    if not before and not after:
        raise UsageError(f"{REPORTS_FOLDER} 文件夹里没有报告（.yaml 文件），那个版本里也没有")
    changed = {
        path
        for path in before.keys() | after.keys()
        if path not in before
        or path not in after
        or _identity(before[path]) != _identity(after[path])
    }
    wanted = changed | _years_after(changed, before.keys() | after.keys())
    gone = {path: before[path] for path in sorted(wanted) if path not in after}
    come = {path: after[path] for path in sorted(wanted) if path not in before}
    with repository.batch():
        new_names = match_renames(gone, come, (_identity, _subject))
    old_names = {new: old for old, new in new_names.items()}
    pairs = []
    for path in sorted(wanted):
        if path in old_names:
            pairs.append(VersionPair(before[old_names[path]], after[path], renamed=True))
        elif path not in new_names:
            pairs.append(VersionPair(before.get(path), after.get(path)))
    return pairs


def _reports_at(repository: Repository, root: Path, revision: str) -> dict[str, ReportVersion]:
    """Return the reports of a revision by their paths below reports/."""
    commit = repository.commit_id(revision)
    folder = reports_folder(repository, root)
    reader = RevisionReader(repository, commit, folder, recursive=True)
    found = {}
    for name in reader.entries:
        below = name.removeprefix(f"{folder}/")
        if is_report_path(below):
            stem = Path(below).with_suffix("")
            found[below] = report_at_revision(reader, revision, name, stem)
    return found


def reports_folder(repository: Repository, root: Path) -> str:
    """Return the path of reports/ from the top folder of the git repository.

    `root`: the folder that contains reports/.
    """
    base = Path(os.path.realpath(root)).relative_to(os.path.realpath(repository.top))
    return (base / REPORTS_FOLDER).as_posix()


def is_report_path(below: str) -> bool:
    """Return True for the path of a YAML file that is not hidden.

    `below`: the path below reports/.
    """
    hidden = any(part.startswith(".") for part in below.split("/"))
    return below.lower().endswith(SUFFIXES) and not hidden


def _reports_now(root: Path) -> dict[str, ReportVersion]:
    try:
        files = find_reports(root, ())
    except UsageError:
        return {}  # all reports were removed
    folder = absolute(root / REPORTS_FOLDER)
    return {
        absolute(file.path).relative_to(folder).as_posix(): ReportVersion(file, DISK_READER)
        for file in files
    }


def _identity(place: ReportVersion) -> str:
    """Return a text that is equal for equal contents: git's object ID of the report file.

    For a file that can't be read, return its path.
    """
    reader, path = place.reader, place.file.path
    if isinstance(reader, RevisionReader):
        return reader.entries[path.as_posix()].object_id
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_BYTES:
            return str(path)
        content = path.read_bytes()
    except OSError:
        return str(path)
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def _years_after(changed: set[str], known: Iterable[str]) -> set[str]:
    """Return the paths in `known` of reports whose previous year's report is in `changed`."""
    found = set()
    for series in find_series(map(Path, known)):
        paths = {year: path.as_posix() for year, path in series.reports.items()}
        found |= {paths[year + 1] for year in paths if paths[year] in changed and year + 1 in paths}
    return found


def match_renames(
    deleted: Mapping[str, T],
    added: Mapping[str, T],
    key_functions: Sequence[Callable[[T], Hashable]],
) -> dict[str, str]:
    """Find renamed reports; return their new paths by their old paths.

    A deleted and an added report with equal keys are one renamed report. The key must be unique
    among the deleted reports, and among the added reports.

    `deleted`, `added`: the deleted and the added reports, by path.
    `key_functions`: each returns a report's key, or None; the first has priority.
    """
    renamed: dict[str, str] = {}
    for identify in key_functions:
        taken = set(renamed.values())
        left_deleted = {path: p for path, p in deleted.items() if path not in renamed}
        left_added = {path: p for path, p in added.items() if path not in taken}
        if not left_deleted or not left_added:
            break  # avoid reading perhaps thousands of reports for nothing
        left, right = _grouped(identify, left_deleted), _grouped(identify, left_added)
        for key, paths in left.items():
            if key is not None and len(paths) == len(right.get(key, ())) == 1:
                renamed[paths[0]] = right[key][0]
    return renamed


def _grouped(
    identify: Callable[[T], Hashable], places: Mapping[str, T]
) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for path, place in places.items():
        found[identify(place)].append(path)
    return found


def _subject(place: ReportVersion) -> tuple[str, str] | None:
    """Return the body and the year of a report, or None if either is missing."""
    data = place.reader.read(place.file.path, place.file.shown).data
    if not isinstance(data, dict) or not {"机关", "年度"} <= data.keys():
        return None
    return str(data["机关"]), str(data["年度"])
