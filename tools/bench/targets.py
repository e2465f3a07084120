"""The seven targets: each measured, printed with what it should be, and whether it holds."""

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

from bench.measure import BUILD, ROOT, Program, environment, in_turns, seconds, with_memory
from bench.peers import peers
from bench.reports import SEED, write_reports

if TYPE_CHECKING:
    from collections.abc import Callable

SEED_REPORT = ROOT / "reports" / "2022.yaml"


class Bench:
    """A folder to measure in, and what is measured."""

    def __init__(self, folder: Path, count: int, runs: int) -> None:
        self.folder, self.count, self.runs = folder, count, runs
        self.settings = environment(folder / "cache")

    def repository(self, name: str, count: int) -> Path:
        """A repository of generated reports."""
        root = self.folder / name
        if not root.exists():
            write_reports(root, count)
        return root

    def one(self) -> Path:
        """A repository with the one real report."""
        root = self.folder / "one"
        (root / "reports").mkdir(parents=True, exist_ok=True)
        shutil.copy(SEED_REPORT, root / "reports" / "2022.yaml")
        return root

    def cold(self) -> None:
        """1: one report in a new process, beside other ways to one PDF."""
        root = self.one()
        mine = Program("nianbao：HTML、Markdown、PDF", [*BUILD, "--force"], root)
        seconds(mine, self.settings)
        output = root / "output"
        markdown = shutil.copy(output / "2022.md", self.folder / "2022.md")
        html = shutil.copy(output / "2022.html", self.folder / "2022.html")
        programs = [mine, *peers(self.folder, Path(markdown), Path(html))]
        taken = in_turns(programs, self.runs, self.settings)
        for program, spent in zip(programs, taken, strict=True):
            print(f"   {program.name}：{spent:.3f} 秒，{taken[0] / spent:.2f} ×")
        if len(taken) > 1 and programs[1].name.startswith("pandoc"):
            report("1 一份报告，新开进程", taken[0] / taken[1], 0.7, "× pandoc → WeasyPrint")

    def check(self) -> None:
        """2: `check` of one report in a new process, beside the import of two libraries."""
        root = self.one()
        libraries = [sys.executable, "-c", "import yaml, jsonschema"]
        mine = Program("nianbao check", [*BUILD, "check"], root)
        programs = [mine, Program("import yaml, jsonschema", libraries, root)]
        taken = in_turns(programs, 3 * self.runs, self.settings)
        for program, spent in zip(programs, taken, strict=True):
            print(f"   {program.name}：{spent:.3f} 秒")
        report("2 检查一份报告，新开进程", taken[0] / taken[1], 2.0, "× import yaml, jsonschema")

    def pdf(self) -> None:
        """3: many reports in all formats, and the memory of each process."""
        root = self.repository("many", self.count)
        spent, memory = with_memory(Program("", [*BUILD, "--force", "-q"], root), self.settings)
        report(f"3 {self.count} 份，三种格式", spent / self.count, 0.25, "秒一份")
        report("3 内存：一个进程最多", memory.most, 220, "MB")
        report("3 内存：最后十分之一比第二个十分之一", memory.growth, 1.1, "×")

    def web(self) -> None:
        """4: many reports as HTML and Markdown."""
        root = self.repository("many", self.count)
        spent = seconds(Program("", [*BUILD, "--force", *WEB], root), self.settings)
        report(f"4 {self.count} 份，HTML 和 Markdown", spent / self.count * 1000, 12, "毫秒一份")

    def again(self) -> None:
        """5: nothing changed, and one of many changed, in all formats."""
        root = self.repository("many", self.count)
        command = [*BUILD, "-q"]
        seconds(Program("", command, root), self.settings)
        (spent,) = in_turns([Program("", command, root)], self.runs, self.settings)
        report(f"5 {self.count} 份都没有变化", spent, 1.5, "秒")
        changed = root / "reports" / "00007" / "2022.yaml"

        def change() -> None:
            with changed.open("a", encoding="utf-8") as file:
                file.write(f"# {time.time_ns()}\n")

        alone = Program("", [*BUILD, "-q", "--force"], self.one())
        among = Program("", command, root, change)
        one, many = in_turns([alone, among], self.runs, self.settings)
        report(f"5 {self.count} 份里变了一份，比只有一份多", many - one, 1.5, "秒")

    def linear(self) -> None:
        """6: twice the reports, HTML and Markdown."""
        before = 0.0
        for count in (250, 500, 1000, 2000):
            root = self.repository(f"linear{count}", count)
            program = Program("", [*BUILD, "--force", *WEB], root)
            (spent,) = in_turns([program], 1, self.settings)
            print(f"   {count} 份：{spent:.2f} 秒")
            if before:
                report(f"6 {count} 份比 {count // 2} 份", spent / before, 2.1, "×")
            before = spent

    def killed(self) -> None:
        """7: killed at random moments; whole files, and in the end those of a quiet build."""
        root = self.repository("killed", 50)
        command = [*BUILD, "-q", "--force"]
        whole = seconds(Program("", command, root), self.settings)
        undisturbed = contents(root / "output")
        rng, half = random.Random(SEED), 0
        for _ in range(20):
            process = subprocess.Popen(
                command,
                cwd=root,
                env=self.settings,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # what multiprocessing says of a parent that was killed
            )
            time.sleep(rng.uniform(0, whole))
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            time.sleep(0.2)  # the workers notice
            now = contents(root / "output")
            half += sum(
                now[name] != undisturbed.get(name) for name in now if not name.endswith(".tmp")
            )
            # What is there already would hide what is missing.
            for name in rng.sample(sorted(now), len(now) // 2):
                (root / "output" / name).unlink(missing_ok=True)
        seconds(Program("", [*BUILD, "-q"], root), self.settings)
        different = contents(root / "output") != undisturbed
        report("7 杀掉 20 次：不完整的文件", half, 0, "个")
        report("7 再生成一次：与没有打断的不同", int(different), 0, "处")


WEB = ("-q", "--to", "html,md")
PARTS: dict[str, Callable[[Bench], None]] = {
    "1": Bench.cold,
    "2": Bench.check,
    "3": Bench.pdf,
    "4": Bench.web,
    "5": Bench.again,
    "6": Bench.linear,
    "7": Bench.killed,
}


def contents(folder: Path) -> dict[str, str]:
    """The digest of every file below a folder."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def report(what: str, is_: float, most: float, unit: str) -> None:
    """Print one target."""
    summary = "达到" if is_ <= most else "没有达到"
    print(f"{what}：{is_:.3g} {unit}（目标 ≤ {most:g}）{summary}", flush=True)


def run(parts: list[str], count: int, runs: int) -> None:
    """Measure the parts that are named."""
    with tempfile.TemporaryDirectory(prefix="nianbao-bench-") as folder:
        bench = Bench(Path(folder), count, runs)
        for part in parts:
            PARTS[part](bench)
