"""Watch files by comparing their stamps (modification time, size …) several times a second."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.utils.resources import resource
from nianbao.workspace.discovery import ROSTER_NAME
from nianbao.workspace.readers import DiskReader
from nianbao.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nianbao.model.source import Source

# Modification time, size, inode and change time of a file; empty if the file can't be read.
Stamp = tuple[int, ...]

# Notifications of the kernel do not arrive on network drives and in virtual machines. To keep the
# cost low, only the files of reports that are open in a browser, and shared files, are polled.

# Seconds between two polls. A change is reported when the next poll finds no further change: an
# editor that empties a file before writing it, or saves twice, makes one change.
INTERVAL: Final = 0.1
# The number of polls after which a file that is still changing is reported anyway.
_MAX_POLLS: Final = 10
# A pause is at least this many times as long as a poll: polling uses at most a fifth of a core.
_IDLE_FACTOR: Final = 4
# The same for polling folders, because there can be thousands: half a percent of a core.
_FOLDERS_IDLE_FACTOR: Final = 200
# Nanoseconds during which a folder may change again without a new modification time.
_COARSEST_TIME: Final = 2_000_000_000


def stamps(files: Iterable[Path]) -> dict[Path, Stamp]:
    """Return the stamp of each file: modification time, size, inode and change time.

    The stamp of a file that can't be read is ().
    """
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp:
    try:
        status = os.stat(file)  # noqa: PTH116 - cheap, and often
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns


def files_in(folder: Path) -> list[Path]:
    """Return the paths of the files and folders in a folder.

    Return [] if `folder` is a symbolic link or can't be read.
    """
    try:
        return [] if folder.is_symlink() else list(folder.iterdir())
    except OSError:
        return []


def folders_below(folder: Path) -> list[Path]:
    """Return `folder` and all folders below it; symbolic links are not followed.

    If `folder` is a symbolic link, return only `folder`.
    """
    below = () if folder.is_symlink() else os.walk(folder)
    return list(dict.fromkeys([folder, *(Path(base) for base, _, _ in below)]))


def shared_files(root: Path) -> set[Path]:
    """Return the files that concern all reports of a repository.

    These are settings, roster, schema and templates, with the folders of the templates.
    """
    folders = [
        folder
        for top in {root / "templates", resource("templates")}
        for folder in folders_below(top)
    ]
    files = [file for folder in folders for file in files_in(folder)]
    return {root / FILE_NAME, root / ROSTER_NAME, resource("schema.json"), *folders, *files}


class FolderPoll:
    """Finds added and deleted files in folders.

    `pause`: the least number of seconds between two reads; 0 to read at each call.
    """

    def __init__(self, pause: float) -> None:
        """Set the least number of seconds between two reads. The first `stamp` reads at once."""
        self._pause = pause
        self._next = 0.0
        self._stamp: Stamp = ()

    def stamp(self, folders: Iterable[Path]) -> Stamp:
        """Return a stamp that changes when a file in the folders is added or deleted."""
        began, used = time.monotonic(), time.thread_time()
        if began >= self._next:
            now = time.time_ns()
            found = [
                (stamp, stamp and now - stamp[0] < _COARSEST_TIME) for stamp in map(_stamp, folders)
            ]
            # File systems store coarse times: a file that was added right after the folders were
            # read may not have changed the time of its folder. So the stamp changes again later.
            self._stamp = (hash(tuple(found)),)
            ended = time.monotonic()
            # A slow drive takes elapsed time, many folders take processor time.
            pauses = (
                _IDLE_FACTOR * (ended - began),
                _FOLDERS_IDLE_FACTOR * (time.thread_time() - used),
            )
            self._next = ended + max(self._pause, *pauses) if self._pause else 0.0
        return self._stamp


class RecordingReader(DiskReader):
    """Reads reports on disk, and records the stamp of each path before the first read.

    `stamps`: the recorded stamps (modification time, size …), by path.
    """

    def __init__(self) -> None:
        """Start without recorded paths."""
        self.stamps: dict[Path, Stamp] = {}

    def read(self, path: Path, shown: str) -> Source:
        """Read a report; before the first read, record the file's stamp (modification time …).

        `shown`: the path of the report as messages show it.
        """
        self._record(path)
        return super().read(path, shown)

    def exists(self, path: Path) -> bool:
        """Return True for a file, a folder or a symbolic link, even a broken link.

        Record the stamp (modification time, size …) of the path.
        """
        self._record(path)
        return super().exists(path)

    def earliest_years(self, folder: Path) -> Mapping[str, int]:
        """Return the earliest year of each series of files in a folder.

        A key is the name of the files with `/` in place of the year: "/.yaml" for 2022.yaml. The
        reader records that the folder was read.
        """
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
    """Yield, without end, each set of files whose stamps have changed.

    A set is yielded when two polls in a row return the same stamps.

    `poll`: returns the current stamps (modification time, size …).
    `known`: the stamps to compare the first poll with.
    `wait`: pauses for a number of seconds.
    """
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
