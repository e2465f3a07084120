"""The desk: which reports there are, and the newest proof of each that somebody looks at."""

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
    """Nothing more will come."""


class PreviewStore:
    """Makes proofs, one at a time, and tells those who wait when there are newer ones.

    The server's threads ask for proofs and wait; the thread that watches the files says `refresh`.
    A proof is made when it is asked for, so that of a thousand reports only those are made anew
    that somebody looks at.
    """

    def __init__(self, root: Path, names: tuple[str, ...]) -> None:
        """Raises UserError and UsageError as `find_reports` does."""
        self._root = root
        self._names = names
        self._files = self._find()
        # Those that have gone too: what is wrong with them is shown to whoever looks at them.
        self._known = dict(self._files)
        self._problem = ""
        self._proofs: dict[str, tuple[int, Snapshot]] = {}
        self._logs: dict[str, str] = {}
        self._generation = 0
        self._closed = False
        self._changed = threading.Condition()

    @property
    def reports(self) -> list[str]:
        """The names of the reports, as a user would type them."""
        with self._changed:
            return list(self._files)

    def snapshot(self, name: str) -> Snapshot | None:
        """The newest proof of a report; None where there never was one of that name."""
        with self._changed:
            return self._proof(name) if name in self._known else None

    def wait_for_update(self, name: str, seen: str, timeout: float) -> str | None:
        """The version of a report's proof once it is not `seen`; None where it still is.

        Waits `timeout` seconds at most. For an empty name it is the version of the list of reports.
        Raises Closed.
        """

        def is_newer() -> bool:
            return self._closed or self._version(name) != seen

        with self._changed:
            found = self._changed.wait_for(is_newer, timeout)
            if self._closed:
                raise StoreClosedError
            return self._version(name) if found else None

    def file_stamps(self) -> dict[Path, tuple[int, ...]]:
        """The stamp of every file that a proof depends on, reports that have just come included."""
        templates = {self._root / "templates", resource("templates")}
        return stamps(
            [
                *filter(_is_report, self._beside()),
                *(self._root / FILE_NAME, resource("schema.json")),
                *(file for folder in templates for file in files_below(folder)),
            ]
        )

    def invalidate(self, changed: set[Path]) -> None:
        """Files have changed: every proof is made anew when it is next asked for."""
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
        """Send away everybody who waits."""
        self._closed = True
        # Whoever makes a proof of a template without end doesn't let go; the process ends with it.
        if self._changed.acquire(timeout=1):
            self._changed.notify_all()
            self._changed.release()

    def version(self, name: str) -> str:
        """The version of the proof of a known report; for an empty name, of the list of reports."""
        with self._changed:
            return self._version(name)

    def _beside(self) -> Iterator[Path]:
        """The files where reports are looked for, and beside one that is named: last year's."""
        if not self._names:
            yield from files_below(self._root / REPORTS_FOLDER)
        for path in map(Path, self._names):
            yield from files_in(path.parent) if _is_report(path) else files_below(path)

    def _log(self, failure: str) -> str:
        """Where the log of a failure is; one that lasts through many saves is written once."""
        if failure not in self._logs:
            self._logs[failure] = write_log(failure)
        return self._logs[failure]

    def _find(self) -> dict[str, ReportFile]:
        return {file.shown: file for file in find_reports(self._root, self._names)}

    def _version(self, name: str) -> str:
        return self._proof(name).version if name else digest(list(self._files))

    def _proof(self, name: str) -> Snapshot:
        generation, proof = self._proofs.get(name, (-1, None))
        if proof is None or generation != self._generation:
            if self._problem:
                proof = failed_snapshot(self._problem, proof)
            else:
                proof = make_snapshot(self._known[name], self._root, proof, self._log)
            self._proofs[name] = self._generation, proof
        return proof


def _is_report(file: Path) -> bool:
    return file.name.lower().endswith(SUFFIXES)
