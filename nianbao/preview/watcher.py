"""Watch files by polling their stamps several times a second.

Polling also works on network drives and in virtual machines, where notifications of the kernel do
not arrive.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

# Seconds between two polls. A change is reported when the next poll finds no further one: an editor
# that empties a file before writing it, or saves twice, makes one change.
INTERVAL: Final = 0.1
# After so many polls a file that is still changing is reported anyway.
_MAX_POLLS: Final = 10
# Pause at least so many times as long as a poll takes: it uses at most a fifth of a core.
_IDLE_FACTOR: Final = 4


def stamps(files: Iterable[Path]) -> dict[Path, tuple[int, ...]]:
    """Return modification time, size, inode and change time of each file that exists."""
    found: dict[Path, tuple[int, ...]] = {}
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
    return found


def files_in(folder: Path) -> list[Path]:
    """List the files of a folder; empty if it cannot be read."""
    try:
        return [folder / name for name in os.listdir(folder)]  # noqa: PTH208 - cheap, and often
    except OSError:
        return []


def files_below(folder: Path) -> list[Path]:
    """List the files of a folder and its sub-folders without following links."""
    return [folder.joinpath(base, name) for base, _, names in os.walk(folder) for name in names]


def watch(
    poll: Callable[[], Mapping[Path, tuple[int, ...]]],
    known: Mapping[Path, tuple[int, ...]],
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
