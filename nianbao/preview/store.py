"""Store the current page and findings of each report that was requested."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.preview.board import Board, StatusBoard
from nianbao.preview.caches import clear_caches
from nianbao.preview.snapshot import Snapshot, digest, failed_snapshot, make_snapshot
from nianbao.preview.watcher import (
    FolderPoll,
    RecordingReader,
    Stamp,
    folders_below,
    shared_files,
    stamps,
)
from nianbao.utils.crash_log import write_log
from nianbao.workspace.discovery import REPORTS_FOLDER, ROSTER_NAME, SUFFIXES, find_reports
from nianbao.workspace.settings import FILE_NAME
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.units import UnitPlace


# Seconds for which the files of a snapshot are watched after a browser requested the snapshot. An
# open page requests it more often (nianbao/preview/server.py).
_WATCHED: Final = 40
# Seconds until an added or deleted report is noticed, if there are not too many folders.
_FOLDER_PAUSE: Final = 1.0


class StoreClosedError(Exception):
    """Raised if the store is closed while a thread waits for an update."""


@dataclass(slots=True)
class _StoredSnapshot:
    """A snapshot, with the facts that show whether it is out of date (see PreviewStore).

    `generation`: the number of changes before the snapshot that concern all reports.
    `place`: the unit of the report and its position in the roster, as they were then.
    `stamps`: the stamps of the files that the snapshot was made from.
    `asked`: the time of the last request, by `time.monotonic`.
    """

    snapshot: Snapshot
    generation: int
    place: UnitPlace | None
    stamps: Mapping[Path, Stamp]
    asked: float


class PreviewStore:
    """A thread-safe store of snapshots: the page and the findings of each requested report.

    A snapshot is made on request, and again after its files have changed.
    """

    # The threads of the server request snapshots and wait for updates; the thread of the watcher
    # calls `invalidate`. Snapshots are made one at a time, when they are requested: of thousands of
    # reports, only the reports that are open in a browser are rendered and watched. All snapshots
    # are out of date after a change of the schema, a template, the settings or the roster.

    def __init__(
        self, root: Path, names: tuple[str, ...], folder_pause: float = _FOLDER_PAUSE
    ) -> None:
        """Find the reports at the paths `names` or below them; without names, all reports.

        `root`: the folder of the repository. `folder_pause`: the least number of seconds between
        two searches for added and deleted files. Raises UsageError if a folder has no reports,
        UserError if a folder is a symbolic link.
        """
        self._root = root
        self._names = names
        self._shared = shared_files(root)
        self._folder_poll = FolderPoll(folder_pause)
        self._changed = threading.Condition()
        self._board = StatusBoard(root, self._wake)
        # Includes deleted reports: a page that is still open says that the file is missing.
        self._known: dict[str, ReportFile] = {}
        self._find()
        self._problem = ""
        self._entries: dict[str, _StoredSnapshot] = {}
        self._logs: dict[str, str] = {}
        self._generation = 0
        self._closed = False

    @property
    def reports(self) -> list[str]:
        """The names of all reports; a name is the path that messages show."""
        with self._changed:
            return list(self._files)

    def board(self) -> Board | None:
        """Return the states of the units' reports (missing, draft, late …) on the newest year.

        Return None if there is no roster (units.toml).
        """
        return self._board.view()

    def snapshot(self, name: str) -> Snapshot | None:
        """Return the current page and findings of a report, or None for an unknown name."""
        with self._changed:
            return self._current(name) if name in self._known else None

    def wait_for_update(self, name: str, known: str, timeout: float) -> str | None:
        """Wait until the version of a snapshot differs from `known`; return the new version.

        `name`: the name of a report, or "" for the list of reports.
        `timeout`: in seconds.

        Return None after the timeout. Raises StoreClosedError if the store is closed meanwhile.
        """

        def is_newer() -> bool:
            return self._closed or self._version(name) != known

        with self._changed:
            updated = self._changed.wait_for(is_newer, timeout)
            if self._closed:
                raise StoreClosedError
            return self._version(name) if updated else None

    def file_stamps(self) -> dict[Path, Stamp]:
        """Return the stamps (modification time, size …) of all files to watch.

        These are the files of reports in open pages, and shared files, such as templates.
        """
        since = time.monotonic() - _WATCHED
        entries = list(self._entries.values())
        watched = [path for each in entries if each.asked > since for path in each.stamps]
        found = stamps([*self._shared, *watched])
        # This stamp also changes if a file is added to or deleted from a folder below reports/.
        found[self._root / REPORTS_FOLDER] = self._folder_poll.stamp(self._folders)
        return found

    def invalidate(self, changed: set[Path]) -> None:
        """Update the store after files have changed, and wake waiting threads.

        `changed`: the changed files.
        """
        with self._changed:
            shared = changed & self._shared
            if shared - {self._root / FILE_NAME, self._root / ROSTER_NAME}:
                clear_caches()
                self._shared = shared_files(self._root)
            problem = self._problem
            if changed & {self._root / REPORTS_FOLDER, self._root / ROSTER_NAME}:
                try:
                    self._find()
                    self._problem = ""
                except UserError as error:
                    self._problem = str(error)
            if shared or self._problem != problem:
                self._generation += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Close the store; all waiting threads get a StoreClosedError."""
        self._closed = True
        self._board.close()
        # A thread that renders an endless template keeps the lock; it ends with the process.
        if self._changed.acquire(timeout=1):
            self._changed.notify_all()
            self._changed.release()

    def version(self, name: str) -> str:
        """Return a report's version: a text that changes with the page or the findings.

        `name`: the name of the report, or "" for the list of reports.
        """
        with self._changed:
            return self._version(name)

    def _wake(self) -> None:
        """Wake the threads that wait for an update."""
        with self._changed:
            self._changed.notify_all()

    def _log(self, failure: str) -> str:
        """Write `failure` to a log file; return a message with the path of the file.

        The same failure is written only once.
        """
        if failure not in self._logs:
            self._logs[failure] = write_log(failure)
        return self._logs[failure]

    def _find(self) -> None:
        """Find the reports, and the folders in which new reports may appear.

        Raises UsageError if a folder has no reports, UserError if a folder is a symbolic link.
        """
        named = map(Path, self._names) if self._names else [self._root / REPORTS_FOLDER]
        tops = [path for path in named if not path.name.lower().endswith(SUFFIXES)]
        self._folders = [folder for top in tops for folder in folders_below(top)]
        self._files = {file.shown: file for file in find_reports(self._root, self._names)}
        self._known |= self._files
        self._units = UnitIndex(self._root)
        self._board.set_index(self._units)
        self._list_version = digest(list(self._files))

    def _version(self, name: str) -> str:
        if name:
            return self._current(name).version
        return f"{self._list_version}.{self._board.version}"

    def _current(self, name: str) -> Snapshot:
        now = time.monotonic()
        entry = self._entries.get(name)
        place = self._units.place(self._known[name])
        if (
            entry is not None
            and entry.generation == self._generation
            and entry.place == place
            and entry.stamps == stamps(entry.stamps)
        ):
            entry.asked = now
            return entry.snapshot
        last, reader = entry.snapshot if entry else None, RecordingReader()
        if self._problem:
            snapshot = failed_snapshot(self._problem, last)
        else:
            file = self._known[name]
            snapshot = make_snapshot(file, self._root, last, self._log, reader, place)
        self._entries[name] = _StoredSnapshot(snapshot, self._generation, place, reader.stamps, now)
        return snapshot
