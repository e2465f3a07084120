"""The store of snapshots: one current snapshot for every report that is looked at."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.errors import UserError
from nianbao.preview.caches import clear_caches
from nianbao.preview.snapshot import Snapshot, digest, failed_snapshot, make_snapshot
from nianbao.preview.watcher import files_below, files_in, stamps
from nianbao.utils.crash_log import write_log
from nianbao.utils.resources import resource
from nianbao.workspace.discovery import REPORTS_FOLDER, SUFFIXES, find_reports
from nianbao.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.workspace.discovery import ReportFile


class StoreClosedError(Exception):
    """The store was closed while a thread was waiting for an update."""


class PreviewStore:
    """Thread-safe store of snapshots, with notification of waiting threads.

    The threads of the server request snapshots and wait for updates; the thread of the watcher
    calls `invalidate`. A snapshot is made when it is requested, one at a time, so that of a
    thousand reports only those are rendered that are open in a browser. `_generation` counts the
    invalidations: a snapshot of an earlier generation is out of date.
    """

    def __init__(self, root: Path, names: tuple[str, ...]) -> None:
        """Find the reports; raises UserError and UsageError as `find_reports` does."""
        self._root = root
        self._names = names
        self._files = self._find()
        # Deleted reports too: their pages, which may still be open, say that the file is missing.
        self._known = dict(self._files)
        self._problem = ""
        self._snapshots: dict[str, tuple[int, Snapshot]] = {}
        self._logs: dict[str, str] = {}
        self._generation = 0
        self._closed = False
        self._changed = threading.Condition()

    @property
    def reports(self) -> list[str]:
        """The names of all reports, as the user would type them."""
        with self._changed:
            return list(self._files)

    def snapshot(self, name: str) -> Snapshot | None:
        """Return the current snapshot of a report, or None for an unknown name."""
        with self._changed:
            return self._current(name) if name in self._known else None

    def wait_for_update(self, name: str, known: str, timeout: float) -> str | None:
        """Wait until the version of a snapshot differs from `known`, and return it.

        Returns None after `timeout` seconds. An empty name means the list of reports. Raises
        StoreClosedError.
        """

        def is_newer() -> bool:
            return self._closed or self._version(name) != known

        with self._changed:
            updated = self._changed.wait_for(is_newer, timeout)
            if self._closed:
                raise StoreClosedError
            return self._version(name) if updated else None

    def file_stamps(self) -> dict[Path, tuple[int, ...]]:
        """Return the stamp of every file that a snapshot depends on, including new reports."""
        templates = {self._root / "templates", resource("templates")}
        return stamps(
            [
                *filter(_is_report, self._candidates()),
                *(self._root / FILE_NAME, resource("schema.json")),
                *(file for folder in templates for file in files_below(folder)),
            ]
        )

    def invalidate(self, changed: set[Path]) -> None:
        """Mark every snapshot as out of date because some files have changed."""
        with self._changed:
            if not all(_is_report(file) or file.name == FILE_NAME for file in changed):
                clear_caches()
            try:
                self._files = self._find()
                self._known |= self._files
                self._problem = ""
            except UserError as error:
                self._problem = str(error)
            self._generation += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Wake all waiting threads with StoreClosedError."""
        self._closed = True
        # A template that never ends keeps the lock; then the end of the process ends that thread.
        if self._changed.acquire(timeout=1):
            self._changed.notify_all()
            self._changed.release()

    def version(self, name: str) -> str:
        """Return the version of a report's snapshot; an empty name means the list of reports."""
        with self._changed:
            return self._version(name)

    def _candidates(self) -> Iterator[Path]:
        """Yield the files that may be reports; of a named one the whole folder (previous years)."""
        if not self._names:
            yield from files_below(self._root / REPORTS_FOLDER)
        for path in map(Path, self._names):
            yield from files_in(path.parent) if _is_report(path) else files_below(path)

    def _log(self, failure: str) -> str:
        """Write the log of a failure once, and return the message with its path."""
        if failure not in self._logs:
            self._logs[failure] = write_log(failure)
        return self._logs[failure]

    def _find(self) -> dict[str, ReportFile]:
        return {file.shown: file for file in find_reports(self._root, self._names)}

    def _version(self, name: str) -> str:
        return self._current(name).version if name else digest(list(self._files))

    def _current(self, name: str) -> Snapshot:
        generation, snapshot = self._snapshots.get(name, (-1, None))
        if snapshot is None or generation != self._generation:
            if self._problem:
                snapshot = failed_snapshot(self._problem, snapshot)
            else:
                snapshot = make_snapshot(self._known[name], self._root, snapshot, self._log)
            self._snapshots[name] = self._generation, snapshot
        return snapshot


def _is_report(file: Path) -> bool:
    return file.name.lower().endswith(SUFFIXES)
