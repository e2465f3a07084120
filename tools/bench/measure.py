"""Measure programs: time and memory, several programs in turn."""

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


def shell_environment(cache: Path) -> dict[str, str]:
    """Return variables like those of a plain shell, with `cache` as the user's cache folder."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    programs = str(Path(sys.executable).parent)
    path = os.pathsep.join((programs, kept.get("PATH", "")))
    return {**kept, "PATH": path, "XDG_CACHE_HOME": str(cache), "PYTHONUTF8": "1"}


@dataclass(frozen=True, slots=True)
class Program:
    """A command to measure. `folder`: where it runs. `before`: called before each run."""

    name: str
    command: Sequence[str]
    folder: Path
    before: Callable[[], None] | None = None


def seconds(program: Program, variables: Mapping[str, str]) -> float:
    """Run a program once and return how many seconds it takes.

    `variables`: its environment. Raises CalledProcessError if the program fails.
    """
    if program.before is not None:
        program.before()
    start = time.perf_counter()
    subprocess.run(
        program.command, cwd=program.folder, env=dict(variables), check=True, capture_output=True
    )
    return time.perf_counter() - start


def median_seconds(
    programs: Sequence[Program], runs: int, variables: Mapping[str, str]
) -> list[float]:
    """Return for each program the median of its seconds in `runs` rounds.

    In each round all programs run once, in turn; a first round is not counted. `variables`: the
    environment of the programs.
    """
    taken: list[list[float]] = [[] for _ in programs]
    for number in range(runs + 1):
        for program, times in zip(programs, taken, strict=True):
            spent = seconds(program, variables)
            if number:
                times.append(spent)
    return [median(times) for times in taken]


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory during a run, and processor time.

    `samples`: in MB, in order of time, by the process's ID, that of the program first.
    `cpu_seconds`: of all processes, as far as the last sample of each shows it.
    """

    samples: Mapping[int, Sequence[float]]
    cpu_seconds: float = 0.0

    @property
    def main_process(self) -> float:
        """The largest sample of the program's own process, in MB."""
        return max(next(iter(self.samples.values()), [0.0]))

    @property
    def maximum(self) -> float:
        """The largest sample of any process, in MB."""
        return max((max(each) for each in self.samples.values()), default=0.0)

    @property
    def growth(self) -> float:
        """The growth of memory: the largest ratio of any process.

        The ratio is that of the memory in the last tenth of the samples to the memory in the
        second tenth. In the first tenth a process loads its libraries.
        """
        ratios = []
        for each in self.samples.values():
            tenth = len(each) // 10
            if tenth >= 2:
                ratios.append(median(each[-tenth:]) / median(each[tenth : 2 * tenth]))
        return max(ratios, default=1.0)


def measure_memory(program: Program, variables: Mapping[str, str]) -> tuple[float, Memory]:
    """Run a program and return its seconds and its memory, sampled ten times a second (Linux).

    Raises CalledProcessError if the program fails.
    """
    samples: dict[int, list[float]] = {}
    cpu: dict[int, float] = {}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            program.command, cwd=program.folder, env=dict(variables), stdout=output, stderr=output
        )
        while process.poll() is None:
            for pid in process_tree(process.pid):
                if (size := resident_memory(pid)) > 0:
                    samples.setdefault(pid, []).append(size)
                    cpu[pid] = max(cpu.get(pid, 0.0), cpu_seconds(pid))
            time.sleep(0.1)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(program.command))
    return time.perf_counter() - start, Memory(samples, sum(cpu.values()))


def process_tree(pid: int) -> list[int]:
    """Return the IDs of a process and of its descendants (Linux)."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            pids += process_tree(int(child))
    return pids


def resident_memory(pid: int) -> float:
    """Return the resident memory of a process in MB; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def cpu_seconds(pid: int) -> float:
    """Return the processor time of a process; 0 if it has ended (Linux)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
