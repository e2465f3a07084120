"""Measure the site of many reports: all pages, one changed report, and memory."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.measure import BUILD, Program, measure_memory, shell_environment
from bench.reports import SEED, make_report, write_yaml
from nianbao.model.form import load_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_YEARS = range(2021, 2026)
_COMMAND = (*BUILD, "site", "-q")


def write_years(root: Path, units: int) -> list[Path]:
    """Write a repository of `units` units with a report of each of five years; return the files."""
    form, rng = load_form(2021), random.Random(SEED)
    files = [
        root / "reports" / f"{unit:05}" / f"{year}.yaml" for unit in range(units) for year in _YEARS
    ]
    for file in files:
        year = int(file.stem)
        data = make_report(form, rng, int(file.parent.name))
        data |= {"年度": year, "成文日期": f"{year + 1}-01-20"}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(write_yaml(data, form), "utf-8")
    return files


def bench_site(count: int, runs: int) -> None:
    """Print time and memory of the site of half of `count` reports, of `count`, and of twice it."""
    for units in sorted({max(1, count * factor // 10) for factor in (1, 2, 4)}):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            files = write_years(root, units)
            variables = shell_environment(root / "cache")
            spent, memory = measure_memory(Program("", _COMMAND, root), variables)
            each = 1000 / len(files)
            print(
                f"网站，{len(files)} 份：{spent * each:.1f} 毫秒一份"
                f"（处理器 {memory.cpu_seconds * each:.1f} 毫秒）；"
                f"内存：主进程 {memory.main_process:.0f} MB，一个进程最多 {memory.maximum:.0f} MB",
                flush=True,
            )
            if len(files) == count:
                _bench_again(root, files[count // 2], variables, runs)


def _bench_again(root: Path, file: Path, variables: Mapping[str, str], runs: int) -> None:
    """Print the median time of a site of which nothing, or the name in one report, has changed."""

    def change() -> None:
        file.write_text(file.read_text("utf-8").replace("示例县", "示例县新", 1), "utf-8")

    steps: dict[str, Callable[[], None] | None] = {"没有变化": None, "变了一份": change}
    for label, before in steps.items():
        taken = []
        for _ in range(runs):
            if before:
                before()
            spent, memory = measure_memory(Program("", _COMMAND, root), variables)
            taken.append((spent, memory.cpu_seconds))
        wall, cpu = (median(each) for each in zip(*taken, strict=True))
        print(f"网站，{label}：{wall:.2f} 秒（处理器 {cpu:.2f} 秒）", flush=True)
