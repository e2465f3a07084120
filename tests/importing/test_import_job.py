"""Many files are imported in processes or on a cluster with the same results, in the same order."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bench.dask_cluster import DaskCluster
from nianbao.importing.import_job import ImportJob, run_imports
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.importing import hostile_files as hostile
from tests.importing.round_trip import compile_report
from tests.support import ROOT, SEED, clean_environment, fixture_reports, run_cli

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from nianbao.rendering import Format

TEXT = ROOT / "tests" / "fixtures" / "seed-2022.txt"
# A file that is refused only after seconds.
SLOW = ("content-bomb.pdf",)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Dask is tested on Linux")


def _inbox(folder: Path) -> list[str]:
    """Write files to import, good ones and others; return their names and that of a missing one."""
    folder.mkdir()
    report = compile_report(fixture_reports()["2022"].read_text("utf-8"))
    large = compile_report(fixture_reports()["large-city-2025"].read_text("utf-8"))
    formats: tuple[Format, ...] = "html", "docx", "pdf"
    contents: dict[str, bytes] = {
        f"{to}.{to}": render_report(each, to, Settings(), folder / "no templates")
        for to, each in zip(formats, (large, large, report), strict=True)
    }
    contents["text.txt"] = TEXT.read_bytes().replace("古县".encode(), "今县".encode())
    contents["notice.txt"] = "关于召开会议的通知".encode()
    every = hostile.hostile_files("")
    contents |= {name: every[name]() for name in every if name in SLOW}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [*contents, "missing.docx"]


def _import(root: Path, names: list[str], *options: str) -> subprocess.CompletedProcess[str]:
    return run_cli(["import", *(f"inbox/{name}" for name in names), *options], root)


def _take_reports(root: Path) -> dict[str, bytes]:
    """Return all reports by path, and remove them."""
    found = {}
    for file in sorted((root / "reports").rglob("*.yaml")):
        found[file.relative_to(root).as_posix()] = file.read_bytes()
        file.unlink()
    return found


def test_a_cluster_imports_the_same_with_the_same_limits(tmp_path: Path) -> None:
    names = _inbox(tmp_path / "inbox")
    with DaskCluster(tmp_path, clean_environment()) as dask:
        dask.add_worker()
        dask.add_worker()
        for form, slow in (("text", True), ("json", False)):
            files = [name for name in names if slow or name not in SLOW]
            here = _import(tmp_path, files, "--format", form)
            reports = _take_reports(tmp_path)
            assert len(reports) == 3
            there = _import(tmp_path, files, "--format", form, "--cluster", dask.address)
            assert (there.stdout, there.stderr, there.returncode) == (here.stdout, "", 1)
            assert _take_reports(tmp_path) == reports


def test_a_file_that_kills_every_worker_is_named_and_the_others_are_imported(
    tmp_path: Path,
) -> None:
    (tmp_path / "inbox").mkdir()
    for number, name in enumerate(("甲", "乙", "丙")):
        text = TEXT.read_text("utf-8").replace("古县", f"古{number}县")
        (tmp_path / "inbox" / f"{name}.txt").write_text(text, "utf-8")
    done = run_cli(
        ["import", *(f"inbox/{name}.txt" for name in "甲乙丙"), "--cluster", "local:1"],
        tmp_path,
        PYTHONPATH=str(ROOT),
        DASK_DISTRIBUTED__WORKER__PRELOAD="tests.build.dying_worker",
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
    )
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "inbox/乙.txt：没有读完（读它的进程被终止了，也许是内存不够）" in lines
    assert lines[-1] == "3 个文件，导入 2 个，1 个没有导入"
    assert len(_take_reports(tmp_path)) == 2


def test_many_files_are_imported_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    content = TEXT.read_text("utf-8")
    jobs = []
    for number in range(10):
        file = tmp_path / f"{number}.txt"
        # The first files take the most time.
        file.write_text(content.replace("古县", f"古{number}县") + "附\n" * (10 - number) * 100)
        jobs.append(ImportJob(file, file.name))
    jobs.append(ImportJob(tmp_path / "none", "none"))
    *imported, last = run_imports(jobs, None)
    assert [each.body for each in imported] == [f"古{n}县文化和旅游局" for n in range(10)]
    assert last.error == "none：没有这个文件"


def test_a_packed_file_is_not_read_again(tmp_path: Path) -> None:
    file, folder = tmp_path / "a.txt", tmp_path / "folder"
    file.write_bytes(TEXT.read_bytes())
    folder.mkdir()
    packed = [ImportJob(path, path.name).pack() for path in (file, folder, tmp_path / "later")]
    file.rename(tmp_path / "later")
    results = list(run_imports(packed, None))
    assert results[0].body == "古县文化和旅游局"
    assert [each.error for each in results[1:]] == ["folder：不是一个文件", "later：没有这个文件"]


def test_options_that_need_this_machine_do_not_go_with_a_cluster(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "2022.yaml").write_bytes(SEED.read_bytes())
    command = ["import", "a.docx", "--onto", "reports/2022.yaml", "--cluster", "local:2"]
    done = run_cli(command, tmp_path)
    assert (done.returncode, done.stderr) == (2, "--cluster 不能和 --onto 一起写\n")
