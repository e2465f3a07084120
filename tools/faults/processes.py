"""Start a command in a new session, send signals to its processes, wait until all have ended."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Seconds that a command may take, and that its workers may live on after it.
TIMEOUT: Final = 120.0
GRACE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a command.

    `code`: its exit code, or minus the number of the signal that ended it. `survivors`: how many
    of its processes had to be killed."""

    code: int
    stdout: str
    stderr: str
    survivors: int


class Running:
    """A command that runs, with all processes it starts."""

    def __init__(
        self, command: Sequence[str], folder: Path, variables: Mapping[str, str], log: Path,
        largest_file: int | None,
    ) -> None:  # fmt: skip
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if largest_file is not None:
                hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))

        # Files, because a pipe would wait for workers that outlive the command.
        self._streams: list[IO[bytes]] = [
            log.with_suffix(suffix).open("w+b") for suffix in (".out", ".err")
        ]
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=self._streams[0],
            stderr=self._streams[1],
            start_new_session=True,
            preexec_fn=limit,
        )
        self.pid = self._process.pid

    def children(self) -> list[int]:
        """Return the IDs of the other processes of the command."""
        return [pid for pid in _session(self.pid) if pid != self.pid]

    def signal(self, number: signal.Signals, pid: int) -> None:
        """Send a signal to one process of the command, or with a negative `pid` to its group."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    def wait(self) -> Ended:
        """Wait for all processes; those that hang are killed and counted as survivors."""
        try:
            code = self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL, -self.pid)
            code = self._process.wait()
        deadline = time.monotonic() + GRACE
        while (left := _session(self.pid)) and time.monotonic() < deadline:
            time.sleep(0.01)
        for pid in left:
            self.signal(signal.SIGKILL, pid)
        texts = []
        for stream in self._streams:
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
            stream.close()
        return Ended(code, texts[0], texts[1], len(left))


def _session(leader: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text("latin-1").rpartition(")")[2].split()
                if int(fields[3]) == leader and fields[0] not in "ZX":
                    found.append(int(entry.name))
    return found
