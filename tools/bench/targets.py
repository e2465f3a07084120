"""Measure each of the nine targets of docs/benchmarks.md, and print whether it is reached."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import (
    BUILD,
    ROOT,
    Program,
    measure_memory,
    median_seconds,
    seconds,
    shell_environment,
)
from bench.peers import peers
from bench.reports import SEED, write_reports

if TYPE_CHECKING:
    from collections.abc import Callable

SEED_REPORT = ROOT / "reports" / "2022.yaml"


class Bench:
    """The measurements, one method for each target, which prints its results.

    `folder`: a temporary folder. `count`: how many reports the larger repositories have. `runs`:
    how often each program is run.
    """

    def __init__(self, folder: Path, count: int, runs: int) -> None:
        self.folder, self.count, self.runs = folder, count, runs
        self.variables = shell_environment(folder / "cache")

    def repository(self, name: str, count: int) -> Path:
        """Return the folder of a repository with `count` generated reports; write it if missing."""
        root = self.folder / name
        if not root.exists():
            write_reports(root, count)
        return root

    def one(self) -> Path:
        """Return the folder of a repository with the one real report."""
        root = self.folder / "one"
        (root / "reports").mkdir(parents=True, exist_ok=True)
        shutil.copy(SEED_REPORT, root / "reports" / "2022.yaml")
        return root

    def cold(self) -> None:
        """1: one report in a new process, compared with other programs."""
        root = self.one()
        nianbao = Program("nianbao：HTML、Markdown、PDF", [*BUILD, "--force"], root)
        seconds(nianbao, self.variables)
        output = root / "output"
        markdown = shutil.copy(output / "2022.md", self.folder / "2022.md")
        html = shutil.copy(output / "2022.html", self.folder / "2022.html")
        programs = [nianbao, *peers(self.folder, Path(markdown), Path(html))]
        taken = median_seconds(programs, self.runs, self.variables)
        for program, spent in zip(programs, taken, strict=True):
            print(f"   {program.name}：{spent:.3f} 秒，{taken[0] / spent:.2f} ×")
        if len(taken) > 1 and programs[1].name.startswith("pandoc"):
            print_target("1 一份报告，新开进程", taken[0] / taken[1], 0.7, "× pandoc → WeasyPrint")

    def check(self) -> None:
        """2: `check` of one report in a new process, compared with importing two libraries."""
        root = self.one()
        libraries = [sys.executable, "-c", "import yaml, jsonschema"]
        nianbao = Program("nianbao check", [*BUILD, "check"], root)
        programs = [nianbao, Program("import yaml, jsonschema", libraries, root)]
        taken = median_seconds(programs, 3 * self.runs, self.variables)
        for program, spent in zip(programs, taken, strict=True):
            print(f"   {program.name}：{spent:.3f} 秒")
        print_target(
            "2 检查一份报告，新开进程", taken[0] / taken[1], 2.0, "× import yaml, jsonschema"
        )

    def pdf(self) -> None:
        """3: many reports in all formats, and the memory of each process."""
        root = self.repository("many", self.count)
        spent, memory = measure_memory(Program("", [*BUILD, "--force", "-q"], root), self.variables)
        print_target(f"3 {self.count} 份，三种格式", spent / self.count, 0.25, "秒一份")
        print_target("3 内存：一个进程最多", memory.maximum, 220, "MB")
        print_target("3 内存：最后十分之一比第二个十分之一", memory.growth, 1.1, "×")

    def web(self) -> None:
        """4: many reports as HTML and Markdown."""
        root = self.repository("many", self.count)
        spent = seconds(Program("", [*BUILD, "--force", *WEB], root), self.variables)
        print_target(
            f"4 {self.count} 份，HTML 和 Markdown", spent / self.count * 1000, 12, "毫秒一份"
        )

    def again(self) -> None:
        """5: many reports in all formats, of which none or one has changed."""
        root = self.repository("many", self.count)
        command = [*BUILD, "-q"]
        seconds(Program("", command, root), self.variables)
        (spent,) = median_seconds([Program("", command, root)], self.runs, self.variables)
        print_target(f"5 {self.count} 份都没有变化", spent, 1.5, "秒")
        changed = root / "reports" / "00007" / "2022.yaml"

        def change() -> None:
            with changed.open("a", encoding="utf-8") as file:
                file.write(f"# {time.time_ns()}\n")

        single = Program("", [*BUILD, "-q", "--force"], self.one())
        changed_one = Program("", command, root, change)
        one, many = median_seconds([single, changed_one], self.runs, self.variables)
        print_target(f"5 {self.count} 份里变了一份，比只有一份多", many - one, 1.5, "秒")

    def linear(self) -> None:
        """6: twice as many reports, as HTML and Markdown."""
        before = 0.0
        for count in (250, 500, 1000, 2000):
            root = self.repository(f"linear{count}", count)
            program = Program("", [*BUILD, "--force", *WEB], root)
            (spent,) = median_seconds([program], 1, self.variables)
            print(f"   {count} 份：{spent:.2f} 秒")
            if before:
                print_target(f"6 {count} 份比 {count // 2} 份", spent / before, 2.1, "×")
            before = spent

    def killed(self) -> None:
        """7: builds killed at random moments leave whole files, and the next one completes them."""
        root = self.repository("killed", 50)
        command = [*BUILD, "-q", "--force"]
        whole = seconds(Program("", command, root), self.variables)
        undisturbed = contents(root / "output")
        rng, incomplete = random.Random(SEED), 0
        for _ in range(20):
            process = subprocess.Popen(
                command,
                cwd=root,
                env=self.variables,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # multiprocessing complains about a killed parent
            )
            time.sleep(rng.uniform(0, whole))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            time.sleep(0.2)  # until the workers have ended
            now = contents(root / "output")
            incomplete += sum(
                now[name] != undisturbed.get(name) for name in now if not name.endswith(".tmp")
            )
            # Files of earlier rounds would hide missing ones.
            for name in rng.sample(sorted(now), len(now) // 2):
                (root / "output" / name).unlink(missing_ok=True)
        seconds(Program("", [*BUILD, "-q"], root), self.variables)
        different = contents(root / "output") != undisturbed
        print_target("7 杀掉 20 次：不完整的文件", incomplete, 0, "个")
        print_target("7 再生成一次：与没有打断的不同", int(different), 0, "处")

    def data(self) -> None:
        """8: the data of many reports, and of five times as many."""
        maximum = []
        for count in (self.count, 5 * self.count):
            root = self.repository("many" if count == self.count else "five", count)
            spent, memory = measure_memory(Program("", [*BUILD, "data"], root), self.variables)
            print_target(f"8 {count} 份的数据", spent / count * 1000, 12, "毫秒一份")
            maximum.append(memory.maximum)
        print_target("8 内存：五倍的报告比一倍", maximum[1] / maximum[0], 1.15, "×")

    def word(self) -> None:
        """9: many reports as Word files, and one in a new process, compared with its web page."""
        root = self.repository("many", self.count)
        spent = seconds(
            Program("", [*BUILD, "-q", "--force", "--to", "docx"], root), self.variables
        )
        print_target(f"9 {self.count} 份，Word", spent / self.count * 1000, 60, "毫秒一份")
        programs = [
            Program("", [*BUILD, "-q", "--force", "--to", to], self.one())
            for to in ("docx", "html")
        ]
        docx, html = median_seconds(programs, self.runs, self.variables)
        print_target("9 一份 Word，新开进程", docx / html, 1.5, "× HTML")


WEB = ("-q", "--to", "html,md")
PARTS: dict[str, Callable[[Bench], None]] = {
    "1": Bench.cold,
    "2": Bench.check,
    "3": Bench.pdf,
    "4": Bench.web,
    "5": Bench.again,
    "6": Bench.linear,
    "7": Bench.killed,
    "8": Bench.data,
    "9": Bench.word,
}


def contents(folder: Path) -> dict[str, str]:
    """Return the SHA-256 digest of every file below a folder, by its path in the folder."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def print_target(label: str, value: float, maximum: float, unit: str) -> None:
    """Print a measured value, its target (`maximum`), and whether the target is reached."""
    holds = "达到" if value <= maximum else "没有达到"
    print(f"{label}：{value:.3g} {unit}（目标 ≤ {maximum:g}）{holds}", flush=True)


def run(parts: list[str], count: int, runs: int) -> None:
    """Measure the given parts (keys of PARTS); `count`, `runs`: see `Bench`."""
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        bench = Bench(Path(folder), count, runs)
        for part in parts:
            PARTS[part](bench)
