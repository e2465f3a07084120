"""Watching files: a look at each of them several times a second.

Looking needs nothing of the system, so it holds on network drives and in virtual machines, where
notifications of the kernel don't.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

# Seconds between two looks. A change is told when the next look finds no other, so that an editor
# which empties a file and then writes it, or saves twice, is one change.
INTERVAL: Final = 0.1
# A file that is being written without end is told all the same.
_MOST_LOOKS: Final = 10
# Looking at thousands of files may take a fifth of the time, and no more.
_IDLE: Final = 4


def stamps(files: Iterable[Path]) -> dict[Path, tuple[int, ...]]:
    """What the system says of each file but for its content; none of those that are not there."""
    found: dict[Path, tuple[int, ...]] = {}
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
    return found


def files_in(folder: Path) -> list[Path]:
    """The files of a folder, or none where it can't be read."""
    try:
        return [folder / name for name in os.listdir(folder)]  # noqa: PTH208 - cheap, and often
    except OSError:
        return []


def files_below(folder: Path) -> list[Path]:
    """The files of a folder and of those in it; links to folders are not followed."""
    return [folder.joinpath(base, name) for base, _, names in os.walk(folder) for name in names]


def watch(
    look: Callable[[], Mapping[Path, tuple[int, ...]]],
    seen: Mapping[Path, tuple[int, ...]],
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[set[Path]]:
    """The files that differ from those `seen`, each time that some do and have come to rest."""
    while True:
        began = time.monotonic()
        now = look()
        pause = max(INTERVAL, _IDLE * (time.monotonic() - began))
        if now != seen:
            for _ in range(_MOST_LOOKS):
                wait(pause)
                before, now = now, look()
                if now == before:
                    break
            changed = {file for file, _ in seen.items() ^ now.items()}
            seen = now
            if changed:
                yield changed
        wait(pause)
