"""A Dask cluster on this machine: a scheduler, and workers that each have an empty folder."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

_WAIT = 60.0  # seconds
_WITHOUT_PROFILER = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


class DaskCluster:
    """A scheduler and its workers, which are ended with the `with` block."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Start the scheduler; `environment`: the variables of all processes."""
        self._folder, self._environment = folder, environment
        self._processes: list[subprocess.Popen[bytes]] = []
        contact = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(contact))
        wait_until(lambda: contact.exists() and contact.read_text())
        self.address: str = json.loads(contact.read_text())["address"]

    def add_worker(self, **variables: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread; return its nanny, which starts it again if it dies."""
        return self._start("worker", self.address, "--nthreads", "1", **variables)

    def _start(self, kind: str, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        folder = self._folder / f"{kind}-{len(self._processes)}"
        folder.mkdir()
        quiet = ("--host", "127.0.0.1", "--no-dashboard")
        command = [sys.executable, "-m", "dask", kind, *arguments, *quiet]
        environment = {
            **self._environment,
            "PYTHONPATH": str(ROOT),
            **_WITHOUT_PROFILER,
            **variables,
        }
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        self._processes.append(process)
        return process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def worker_of(nanny: subprocess.Popen[bytes]) -> int:
    """Return the process of the worker that a nanny watches over; wait until there is one."""
    found: list[int] = []

    def look() -> bool:
        children = Path(f"/proc/{nanny.pid}/task").glob("*/children")
        pids = [int(pid) for task in children for pid in task.read_text().split()]
        # Another child is the resource tracker of multiprocessing.
        found[:] = [
            pid for pid in pids if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
        return bool(found)

    wait_until(look)
    return found[0]


def wait_until(condition: object) -> None:
    """Wait until a function returns a true value. Raises TimeoutError after a minute."""
    assert callable(condition)
    end = time.monotonic() + _WAIT
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
