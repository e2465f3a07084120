"""Find the states of the units' reports (missing, draft, late …) for the preview."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from nianbao.county.status import StatusJob, YearStatus, default_year, find_status, status_jobs
from nianbao.preview.watcher import RecordingReader, Stamp, stamps
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from nianbao.diagnostics.reporters.units import UnitStatus
    from nianbao.workspace.settings import Settings
    from nianbao.workspace.units import UnitIndex

_OPEN: Final = 40.0  # seconds after a request for which the list counts as open
_PAUSE: Final = 0.5  # seconds between two looks at the files, and between two notices of changes
_IDLE_FACTOR: Final = 20  # a pause is at least this many times as long as a look


@dataclass(frozen=True, slots=True)
class Board:
    """The known states of the units' reports (missing, draft, late …) on a year.

    `status`: the states found so far.
    `unknown`: the number of units whose state is not known yet.
    """

    status: YearStatus
    unknown: int


@dataclass(frozen=True, slots=True)
class _BoardEntry:
    """The state of a unit, with everything that it was found from.

    `stamps`: the stamps of the files that were read.
    """

    state: UnitStatus
    job: StatusJob
    settings: Settings
    as_of: date
    stamps: Mapping[Path, Stamp]

    def is_current(self, job: StatusJob, settings: Settings, as_of: date) -> bool:
        """Return True if nothing has changed since the state was found."""
        known = (self.job, self.settings, self.as_of) == (job, settings, as_of)
        return known and self.stamps == stamps(self.stamps)


class StatusBoard:
    """Finds the states of the units' reports (missing, draft, late …) in a separate thread.

    The thread starts at the first request. Without a roster (units.toml), no states are found.

    `notify`: is called by the thread after states have changed.
    """

    def __init__(self, root: Path, notify: Callable[[], None]) -> None:
        self._root = root
        self._notify = notify
        self._lock = threading.Lock()
        self._entries: dict[str, _BoardEntry] = {}
        self._asked = 0.0
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._version = 0
        self._index: UnitIndex | None = None
        self._jobs: list[StatusJob] = []
        self._year = 0

    @property
    def version(self) -> int:
        """A number that changes when a state or the list of units changes."""
        return self._version

    def set_index(self, index: UnitIndex) -> None:
        """Use the units and reports of `index` from now on."""
        with self._lock:
            self._index = index if index.roster else None
            self._jobs = []
            if index.roster:
                self._year = default_year(index, date.today())  # noqa: DTZ011
                self._jobs = status_jobs(index, self._year)
            self._version += 1

    def view(self) -> Board | None:
        """Return the states that are known now; None if there is no roster (units.toml).

        A thread updates the states until some seconds after the last call.
        """
        with self._lock:
            if self._index is None:
                return None
            self._asked = time.monotonic()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            known = [self._entries.get(job.report.unit.id) for job in self._jobs]
            found = tuple(entry.state for entry in known if entry)
            status = YearStatus(self._year, date.today(), found)  # noqa: DTZ011
            return Board(status, len(known) - len(found))

    def close(self) -> None:
        """End the thread that finds the states of the units."""
        self._closed.set()

    def _run(self) -> None:
        pause = 0.0
        while not self._closed.wait(pause):
            began = time.monotonic()
            pause = _PAUSE
            if began - self._asked < _OPEN:
                self._look()
                pause = max(_PAUSE, _IDLE_FACTOR * (time.monotonic() - began))

    def _look(self) -> None:
        """Find the states that are unknown or out of date."""
        # No lock is held during a call of _notify.
        settings, _ = read_settings(self._root)
        as_of = date.today()  # noqa: DTZ011
        with self._lock:
            jobs = self._jobs
        changed, noticed = False, time.monotonic()
        for job in jobs:
            entry = self._entries.get(job.report.unit.id)
            if self._closed.is_set() or jobs is not self._jobs:
                break
            if entry is not None and entry.is_current(job, settings, as_of):
                continue
            reader = RecordingReader()
            state = find_status(job, settings, self._year, as_of, reader)
            with self._lock:
                changed |= entry is None or entry.state != state
                new = _BoardEntry(state, job, settings, as_of, reader.stamps)
                self._entries[job.report.unit.id] = new
            if changed and time.monotonic() - noticed > _PAUSE:
                self._version += 1
                self._notify()
                changed, noticed = False, time.monotonic()
        if changed:
            self._version += 1
            self._notify()
