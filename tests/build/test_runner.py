"""Builds in several processes, and builds whose processes die, are killed or interrupted."""

from __future__ import annotations

import hashlib
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.build.built_repository import (
    MD,
    TEXT,
    outputs,
    recorded_reports,
    run_with_fault,
    written,
)
from tests.support import (
    ROOT,
    clean_environment,
    run_cli,
    write_repo,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_several_processes_make_the_same_files_and_messages(root: Path) -> None:
    alone = run_cli([*MD, "--force", "--jobs", "1"], root)
    before = outputs(root)
    shutil.rmtree(root / "output")
    many = run_cli([*MD, "--force", "--jobs", "3"], root)
    assert (many.stdout, many.stderr, many.returncode) == (alone.stdout, "", 1)
    assert outputs(root) == before


def test_a_worker_that_dies_costs_only_its_report(root: Path) -> None:
    fault = """
import nianbao.build.job
from tests.build.dying_worker import run_jobs_or_die
nianbao.build.job.run_jobs = run_jobs_or_die
"""
    done = run_with_fault(fault, root, *MD, "--force", "--jobs", "2")
    assert done.returncode == 1
    assert written(done.stdout) == ["甲/2022.md"]
    assert done.stderr.splitlines() == [
        "没有做完：reports/乙/2022.yaml（做它的进程被终止了，也许是内存不够）"
    ]
    assert written(run_cli(MD, root).stdout) == ["乙/2022.md"]


def test_a_pdf_of_the_forked_worker_is_the_same(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    one_process = run_cli(["build", "--jobs", "1"], root)
    before = outputs(root)
    assert sorted(before) == ["甲/2022.html", "甲/2022.md", "甲/2022.pdf"]
    two_processes = run_cli(["build", "--force", "--jobs", "2"], root)
    assert (two_processes.stdout, two_processes.stderr) == (one_process.stdout, "")
    assert two_processes.returncode == 0
    assert outputs(root) == before


def test_a_pdf_process_that_dies_is_reported(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    fault = """
import os, signal
import nianbao.rendering.pdf.renderer
nianbao.rendering.pdf.renderer.make_pdf = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""
    done = run_with_fault(fault, root, "build", "--jobs", "2")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "没有做完：reports/甲/2022.yaml（做它的进程被终止了，也许是内存不够）"
    ]
    assert sorted(outputs(root)) == ["甲/2022.html", "甲/2022.md"]
    done = run_cli(["build"], root)
    assert (done.returncode, max(outputs(root))) == (0, "甲/2022.pdf")


def test_two_builds_at_once_give_whole_files(tmp_path: Path) -> None:
    names = [f"单位{number}__2022" for number in range(12)]
    root = write_repo(tmp_path, **dict.fromkeys(names, TEXT))
    command = [sys.executable, str(ROOT / "build.py"), *MD, "--force", "--jobs", "2"]
    builds = [
        subprocess.Popen(command, cwd=root, env=clean_environment(), stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [build.wait(120) for build in builds] == [0, 0]
    assert len(outputs(root)) == 12
    assert len({hashlib.sha256(content).digest() for content in outputs(root).values()}) == 1
    assert written(run_cli(MD, root).stdout) == []


def test_killed_builds_leave_whole_files_and_the_next_one_completes_them(tmp_path: Path) -> None:
    names = [f"单位{number}__2022" for number in range(30)]
    root = write_repo(tmp_path, **dict.fromkeys(names, TEXT))
    command = [sys.executable, str(ROOT / "build.py"), *MD, "--force", "--jobs", "2"]
    start = time.monotonic()
    subprocess.run(
        command, cwd=root, env=clean_environment(), stdout=subprocess.DEVNULL, check=True
    )
    duration, undisturbed = time.monotonic() - start, outputs(root)
    rng = random.Random(5)
    for number in range(4):
        # Renamed, not deleted: a process of the build before may still write its last file.
        (root / "output").rename(root / f"before-{number}")
        process = subprocess.Popen(
            command,
            cwd=root,
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(rng.uniform(0.2, 1) * duration)
        process.kill()
        process.wait()
        for name, content in outputs(root).items():
            assert name.endswith(".tmp") or undisturbed[name] == content
    run_cli(MD, root)
    assert outputs(root) == undisturbed


def test_an_interrupted_build_keeps_what_is_done(tmp_path: Path) -> None:
    names = [f"单位{number:03}__2022" for number in range(60)]
    root = write_repo(tmp_path, **dict.fromkeys(names, TEXT))
    command = [sys.executable, str(ROOT / "build.py"), *MD, "--jobs", "2"]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=clean_environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    while len(list(root.glob("output/*/*.md"))) < 12:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr.decode().strip()) == (130, "已中断")
    kept = recorded_reports(root)
    assert 0 < len(kept) <= len(outputs(root)) < 60
