"""Running programs: seconds and memory, several runs of several programs taking turns."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD: tuple[str, ...] = (sys.executable, str(ROOT / "build.py"))


def environment(cache: Path) -> dict[str, str]:
    """That of a plain shell, where bytecode is kept; what builds remember is kept in `cache`."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    programs = str(Path(sys.executable).parent)
    path = os.pathsep.join((programs, kept.get("PATH", "")))
    return {**kept, "PATH": path, "XDG_CACHE_HOME": str(cache), "PYTHONUTF8": "1"}


@dataclass(frozen=True, slots=True)
class Program:
    """Something to measure: a command and where to run it, and what to do before each run."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], None] | None = None


def seconds(program: Program, settings: Mapping[str, str]) -> float:
    """Run a program once; raises CalledProcessError with what it said."""
    if program.before is not None:
        program.before()
    start = time.perf_counter()
    subprocess.run(
        program.command, cwd=program.folder, env=dict(settings), check=True, capture_output=True
    )
    return time.perf_counter() - start


def in_turns(programs: Sequence[Program], runs: int, settings: Mapping[str, str]) -> list[float]:
    """The median of each program over several rounds; one more round before is not counted."""
    taken: list[list[float]] = [[] for _ in programs]
    for number in range(runs + 1):
        for program, times in zip(programs, taken, strict=True):
            spent = seconds(program, settings)
            if number:
                times.append(spent)
    return [median(times) for times in taken]


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of the processes of a run, in MB: each process's samples in order."""

    samples: Mapping[int, Sequence[float]]

    @property
    def most(self) -> float:
        """The most that any process had."""
        return max((max(each) for each in self.samples.values()), default=0.0)

    @property
    def growth(self) -> float:
        """How much more a process had in the last tenth of its life than in the second tenth.

        In the first one it loads what it needs. That of the worst process, as a ratio.
        """
        ratios = []
        for each in self.samples.values():
            tenth = len(each) // 10
            if tenth >= 2:
                ratios.append(median(each[-tenth:]) / median(each[tenth : 2 * tenth]))
        return max(ratios, default=1.0)


def with_memory(program: Program, settings: Mapping[str, str]) -> tuple[float, Memory]:
    """Run a program and look at the memory of its processes ten times a second (Linux)."""
    samples: dict[int, list[float]] = {}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            program.command, cwd=program.folder, env=dict(settings), stdout=said, stderr=said
        )
        while process.poll() is None:
            for pid in family(process.pid):
                if (size := resident(pid)) > 0:
                    samples.setdefault(pid, []).append(size)
            time.sleep(0.1)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(program.command))
    return time.perf_counter() - start, Memory(samples)


def family(pid: int) -> list[int]:
    """A process and all that it has started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += family(int(child))
    return found


def resident(pid: int) -> float:
    """The resident memory of a process in MB; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
