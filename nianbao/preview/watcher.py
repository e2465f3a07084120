"""Watch files by polling their stamps several times a second.

Polling also works on network drives and in virtual machines, where notifications of the kernel do
not arrive. So that it costs little, only what is looked at is polled so often.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.workspace.readers import DiskReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nianbao.model.source import Source

# Modification time, size, inode and change time of a file; nothing if it does not exist.
Stamp = tuple[int, ...]

# Seconds between two polls. A change is reported when the next poll finds no further one: an editor
# that empties a file before writing it, or saves twice, makes one change.
INTERVAL: Final = 0.1
# After so many polls a file that is still changing is reported anyway.
_MAX_POLLS: Final = 10
# Pause at least so many times as long as a poll takes: it uses at most a fifth of a core.
_IDLE_FACTOR: Final = 4
# The same for the folders, of which there may be thousands: half a percent of a core.
_FOLDERS_IDLE_FACTOR: Final = 200
# Nanoseconds during which a folder may change again without a new modification time.
_COARSEST_TIME: Final = 2_000_000_000


def stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    """Return the stamp of each file."""
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        status = os.stat(file)  # noqa: PTH116 - cheap, and often
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def files_in(folder: Path) -> list[Path]:
    """List what a folder has; empty if it cannot be read or is a link."""
    try:
        return [] if folder.is_symlink() else list(folder.iterdir())
    except OSError:
        return []


def folders_below(folder: Path) -> list[Path]:
    """List a folder and its sub-folders without following links; a link itself is listed."""
    below = () if folder.is_symlink() else os.walk(folder)
    return list(dict.fromkeys([folder, *(Path(base) for base, _, _ in below)]))


class FolderPoll:
    """Polls folders, which change when files come or go, at most every `pause` seconds.

    The more folders there are the longer is the pause.
    """

    def __init__(self, pause: float) -> None:
        """Poll at the first call."""
        self._pause = pause
        self._next = 0.0
        self._stamp: Stamp = ()

    def stamp(self, folders: Iterable[Path]) -> Stamp:
        """Return one stamp for all folders as of the last poll: a hash of those of each.

        It changes once more when the last change is some seconds ago: a file that came after the
        folder was listed may have left the folder with the same time.
        """
        began, used = time.monotonic(), time.thread_time()
        if began >= self._next:
            now = time.time_ns()
            found = [
                (stamp, stamp and now - stamp[0] < _COARSEST_TIME) for stamp in map(_stamp, folders)
            ]
            self._stamp = (hash(tuple(found)),)
            ended = time.monotonic()
            # A slow drive takes time, many folders take that of the processor.
            pauses = (
                _IDLE_FACTOR * (ended - began),
                _FOLDERS_IDLE_FACTOR * (time.thread_time() - used),
            )
            self._next = ended + max(self._pause, *pauses) if self._pause else 0.0
        return self._stamp


class RecordingReader(DiskReader):
    """Reads files on disk; `stamps` has all paths that were asked for, as they were before."""

    def __init__(self) -> None:
        """Record nothing yet."""
        self.stamps: dict[Path, Stamp] = {}

    def read(self, path: Path, shown: str) -> Source:
        """Read a file."""
        self._record(path)
        return super().read(path, shown)

    def exists(self, path: Path) -> bool:
        """Return True for a file, a folder or a link, even a broken one."""
        self._record(path)
        return super().exists(path)

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return the earliest year by name without the year."""
        self._record(folder)
        return super().earliest_years(folder)

    def _record(self, path: Path) -> None:
        if path not in self.stamps:
            self.stamps[path] = _stamp(path)


def watch(
    poll: Callable[[], Mapping[Path, Stamp]],
    known: Mapping[Path, Stamp],
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[set[Path]]:
    """Yield the files whose stamps differ from the `known` ones, whenever a change has settled."""
    while True:
        began = time.monotonic()
        now = poll()
        pause = max(INTERVAL, _IDLE_FACTOR * (time.monotonic() - began))
        if now != known:
            for _ in range(_MAX_POLLS):
                wait(pause)
                before, now = now, poll()
                if now == before:
                    break
            changed = {file for file, _ in known.items() ^ now.items()}
            known = now
            if changed:
                yield changed
        wait(pause)
