"""Benchmark of a Dask cluster on this machine, compared with a local build.

The cluster must write the same files as the local build, in about the same time.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.dask_cluster import DaskCluster, wait_until, worker_of
from bench.measure import BUILD, Program, seconds, shell_environment
from bench.reports import SEED, write_reports
from bench.targets import contents, print_target

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORKERS = 2
_KILLS = 10


def bench_cluster(count: int) -> None:
    """Build `count` reports locally, on two workers, and on workers that are being killed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        variables = shell_environment(folder / "cache")
        root = folder / "repository"
        write_reports(root, count)
        here = _build(root, variables, "--jobs", str(_WORKERS))
        files = _take_outputs(root)
        with DaskCluster(folder, variables) as cluster:
            nannies = [cluster.add_worker() for _ in range(_WORKERS)]
            for nanny in nannies:
                worker_of(nanny)
            there = _build(root, variables, "--cluster", cluster.address)
            print(f"   这里 {here:.1f} 秒，集群 {there:.1f} 秒")
            print_target(f"集群：{count} 份，三种格式", there / here, 1.15, "× 本机的时间")
            print_target("集群：不同的文件", _differing(files, _take_outputs(root)), 0, "个")
            command = [*BUILD, "-q", "--force", "--cluster", cluster.address]
            build = subprocess.Popen(command, cwd=root, env=dict(variables), stdout=-3, stderr=-3)
            wait_until(lambda: any(root.glob("output/*/*")))
            rng, killed, start = random.Random(SEED), 0, time.perf_counter()
            while killed < _KILLS and build.poll() is None:
                time.sleep(rng.uniform(0, here / _KILLS))
                os.kill(worker_of(rng.choice(nannies)), signal.SIGKILL)
                killed += 1
            code = build.wait()
            print(f"   {killed} 次 SIGKILL，{time.perf_counter() - start:.1f} 秒，退出码 {code}")
            print_target(
                "集群：SIGKILL 后不同的文件", _differing(files, _take_outputs(root)), 0, "个"
            )


def _build(root: Path, variables: Mapping[str, str], *options: str) -> float:
    """Build all reports again and return the seconds."""
    return seconds(Program("", [*BUILD, "-q", "--force", *options], root), variables)


def _take_outputs(root: Path) -> Mapping[str, str]:
    """Return the digest of each output by its path, and remove the outputs."""
    found = contents(root / "output")
    shutil.rmtree(root / "output")
    return found


def _differing(some: Mapping[str, str], others: Mapping[str, str]) -> int:
    """Return the number of files that are not in both, or not the same."""
    return len({name for name, _ in some.items() ^ others.items()})
