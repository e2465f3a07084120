"""Builds on a Dask cluster: the same files and messages, and workers that die or are others."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from bench.dask_cluster import DaskCluster, wait_until, worker_of
from tests.build.built_repository import TEXT, WRONG_TOTAL, outputs, run_with_fault, written
from tests.support import ROOT, clean_environment, run_cli, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A scheduler with two workers."""
    with DaskCluster(tmp_path_factory.mktemp("cluster"), clean_environment()) as dask:
        dask.add_worker()
        dask.add_worker()
        yield dask


def _repository(tmp_path: Path, count: int) -> Path:
    """Write reports that need files of last year, settings and templates; one can't be read."""
    names = {f"单位{number:02}__2022": TEXT for number in range(count - 3)}
    last = {"单位00__2021": TEXT.replace("年度: 2022", "年度: 2021")}
    root = write_repo(tmp_path, **names, **last, 错__2022=WRONG_TOTAL, 坏__2022=b"\xff\xfe")
    (root / "nianbao.toml").write_text('联系方式 = "电话 010-00000000"\n', "utf-8")
    (root / "templates").mkdir()
    (root / "templates" / "extra.css").write_text("h1 {color: #800}\n", "utf-8")
    (root / "templates" / "linked.css").symlink_to("extra.css")
    return root


def _clear(root: Path) -> dict[str, bytes]:
    """Return all outputs, and remove them."""
    found = outputs(root)
    shutil.rmtree(root / "output")
    return found


def test_a_cluster_makes_the_same_files_messages_and_manifest(
    tmp_path: Path, cluster: DaskCluster
) -> None:
    root = _repository(tmp_path, 8)
    here = run_cli(["build", "-q"], root)
    files = _clear(root)
    assert len(files) == 6 * 3
    there = run_cli(["build", "-q", "--force", "--cluster", cluster.address], root)
    assert (there.stdout, there.stderr, there.returncode) == (here.stdout, "", 1)
    assert outputs(root) == files
    assert written(run_cli(["build"], root).stdout) == []


def test_a_cluster_finds_the_same_in_the_same_order(tmp_path: Path, cluster: DaskCluster) -> None:
    root = _repository(tmp_path, 20)
    for form in ("text", "json"):
        here = run_cli(["check", "-q", "--format", form], root)
        there = run_cli(["check", "-q", "--format", form, "--cluster", cluster.address], root)
        assert (there.stdout, there.stderr, there.returncode) == (here.stdout, "", 1)


def test_options_of_this_machine_do_not_go_with_a_cluster(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    for option in (["--jobs", "2"], ["--draft", "--to", "html"]):
        done = run_cli(["build", "--cluster", "local:2", *option], root)
        assert (done.returncode, done.stderr) == (2, f"--cluster 不能和 {option[0]} 一起写\n")


def test_a_word_file_is_not_checked_on_a_cluster_but_says_what_to_do(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    (root / "甲.docx").write_bytes(b"PK")
    done = run_cli(["check", "reports", "甲.docx", "--cluster", "local:2"], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "--cluster 只检查报告文件（.yaml），不检查 甲.docx："
        "不写 --cluster，或先用 import --cluster 导入\n"
    )


def test_local_workers_make_the_same_files(tmp_path: Path) -> None:
    root = _repository(tmp_path, 6)
    command = ["build", "--to", "html,md"]
    here = run_cli(command, root)
    files = _clear(root)
    there = run_cli([*command, "--cluster", "local:2"], root)
    assert (there.stdout, there.stderr, there.returncode) == (here.stdout, "", 1)
    assert outputs(root) == files


@pytest.mark.slow
def test_killed_workers_cost_nothing_but_time(tmp_path: Path) -> None:
    root = _repository(tmp_path, 12)
    run_cli(["build"], root)
    files = _clear(root)
    rng = random.Random(7)
    with DaskCluster(tmp_path, clean_environment()) as dask:
        nannies = [dask.add_worker(), dask.add_worker()]
        command = [sys.executable, str(ROOT / "build.py"), "build", "-q", "--cluster", dask.address]
        build = subprocess.Popen(command, cwd=root, env=clean_environment(), stdout=-3, stderr=-1)
        wait_until(lambda: len(outputs(root)) > 3)
        for nanny in nannies:
            os.kill(worker_of(nanny), signal.SIGKILL)
            time.sleep(rng.uniform(0, 1))
        assert build.poll() is None
        _, stderr = build.communicate(timeout=120)
        assert (build.returncode, stderr) == (1, b"")
    assert outputs(root) == files


def test_a_report_that_kills_every_worker_is_named_and_the_others_are_built(
    tmp_path: Path,
) -> None:
    names = {f"甲{number}__2022": TEXT for number in range(8)}
    root = write_repo(tmp_path, **names, 乙__2022=TEXT)
    command = ["build", "--to", "md", "--cluster", "local:2"]
    done = run_cli(
        command,
        root,
        PYTHONPATH=str(ROOT),
        DASK_DISTRIBUTED__WORKER__PRELOAD="tests.build.dying_worker",
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
    )
    assert done.returncode == 1
    assert written(done.stdout) == [f"甲{number}/2022.md" for number in range(8)]
    assert done.stderr.splitlines() == [
        "没有做完：reports/乙/2022.yaml（做它的进程被终止了，也许是内存不够）"
    ]
    assert written(run_cli(["build", "--to", "md"], root).stdout) == ["乙/2022.md"]


@pytest.mark.slow
def test_a_report_that_kills_every_worker_is_named_and_the_others_are_checked(
    tmp_path: Path,
) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT, 乙__2022=TEXT, 丙__2022=TEXT)
    done = run_cli(
        ["check", "--summary", "--notes", "notes", "--cluster", "local:1"],
        root,
        PYTHONPATH=str(ROOT),
        DASK_DISTRIBUTED__WORKER__PRELOAD="tests.build.dying_worker",
        DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0",
    )
    assert done.stderr.splitlines() == [
        "没有做完：reports/乙/2022.yaml（做它的进程被终止了，也许是内存不够）"
    ]
    assert done.returncode == 1
    # It counts neither as right nor as wrong.
    assert "合计 2 个单位" in done.stdout
    assert sorted(file.name for file in (root / "notes").iterdir()) == ["丙.docx", "甲.docx"]


def test_workers_of_other_versions_or_fonts_are_refused_by_name(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    other = tmp_path / "other"
    for name in ("nianbao", "templates"):
        shutil.copytree(ROOT / name, other / name)
    shutil.copy(ROOT / "schema.json", other)
    (other / "nianbao" / "__init__.py").write_text('__version__ = "9.9"\n', "utf-8")
    fonts = tmp_path / "fonts"
    with DaskCluster(tmp_path, clean_environment()) as dask:
        dask.add_worker(PYTHONPATH=str(other), NIANBAO_FONTS=str(ROOT / ".fonts"))
        run = ["build", "--cluster", dask.address]
        done = run_cli(run, root)
        assert (done.returncode, done.stdout) == (1, "")
        assert "没有开始。tcp://127.0.0.1:" in done.stderr
        assert "：nianbao 是 9.9 (" in done.stderr
        assert "字体" not in done.stderr
        dask.add_worker(NIANBAO_FONTS=str(fonts))
        wait_until(lambda: "字体 是 没有装（这里是 " in run_cli(run, root).stderr)
        # Fonts don't matter for web pages.
        assert "字体" not in run_cli([*run, "--to", "html"], root).stderr
    assert not (root / "output" / "甲").exists()


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_named_and_the_next_build_goes_on(tmp_path: Path) -> None:
    root = _repository(tmp_path, 12)
    with DaskCluster(tmp_path, clean_environment()) as dask:
        dask.add_worker()
        command = [sys.executable, str(ROOT / "build.py"), "build", "-q", "--cluster", dask.address]
        build = subprocess.Popen(command, cwd=root, env=clean_environment(), stdout=-3, stderr=-1)
        wait_until(lambda: len(outputs(root)) > 3)
        dask.scheduler.kill()
        _, stderr = build.communicate(timeout=120)
        assert build.returncode == 1
        assert stderr.decode().startswith("和集群的连接断了")
        assert len(stderr.splitlines()) == 1
    before = outputs(root)
    done = written(run_cli(["build"], root).stdout)
    assert 0 < len(done) < 10 * 3
    assert not {name for name in done if name in before and name.endswith("pdf")}


def test_a_full_disk_is_named_as_it_is_without_a_cluster(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT, 乙__2022=TEXT)
    fault = """
import errno, os
import nianbao.utils.files
def full(_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
nianbao.utils.files.os.fsync = full
"""
    command = ["build", "--to", "md"]
    here = run_with_fault(fault, root, *command, "--jobs", "1")
    there = run_with_fault(fault, root, *command, "--cluster", "local:1")
    assert (there.returncode, there.stderr) == (1, here.stderr)
    assert "写不了 output/乙/2022.md" in there.stderr
    assert written(run_cli(command, root).stdout) == ["乙/2022.md", "甲/2022.md"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_an_encrypted_cluster_works_with_a_certificate_and_refuses_others(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    ours, others = (_encryption(tmp_path / name) for name in ("ours", "others"))
    command = ["build", "-q", "--to", "md", "--cluster"]
    with DaskCluster(tmp_path, clean_environment(**ours)) as dask:
        dask.add_worker()
        assert dask.address.startswith("tls://")
        for variables in (others, {}):
            done = run_cli([*command, dask.address], root, **variables)
            assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
            assert done.stderr.startswith(f"连不上集群 {dask.address}（")
            assert done.stderr.endswith("）。核对 Dask 配置里的证书\n")
        done = run_cli([*command, dask.address], root, **ours)
        assert (done.returncode, done.stderr) == (0, "")
    assert list(outputs(root)) == ["甲/2022.md"]


def _encryption(folder: Path) -> dict[str, str]:
    """Make a certificate that signs itself; return the variables for Dask to use it."""
    folder.mkdir()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    files = ["-keyout", str(key), "-out", str(certificate)]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=nianbao"]
    subprocess.run([*new, *files], check=True, capture_output=True)
    roles = {
        f"DASK_DISTRIBUTED__COMM__TLS__{role}__{kind}": str(file)
        for role in ("SCHEDULER", "WORKER", "CLIENT")
        for kind, file in (("KEY", key), ("CERT", certificate))
    }
    authority = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(certificate)}
    return {"DASK_DISTRIBUTED__COMM__DEFAULT_SCHEME": "tls", **authority, **roles}


def test_without_dask_the_message_says_what_to_install(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    done = run_with_fault(
        "import sys; sys.modules['distributed'] = None", root, "--cluster", "local:2"
    )
    assert done.returncode == 2
    assert done.stderr == (
        "--cluster 要用 Dask，没有装好（distributed）。请运行 pip install 'nianbao[cluster]'\n"
    )


def test_wrong_addresses_are_explained(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    done = run_cli(["build", "--cluster", "local"], root)
    assert (done.returncode, done.stderr[:29]) == (2, "--cluster 不认识“local”，写调度进程的地址")
    done = run_cli(["build", "--cluster", "tcp://127.0.0.1:9"], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("连不上集群 tcp://127.0.0.1:9（")
    assert len(done.stderr.splitlines()) == 1


def test_a_build_with_nothing_to_do_does_not_look_for_the_cluster(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    run_cli(["build", "--to", "md"], root)
    done = run_cli(["build", "--to", "md", "--cluster", "tcp://127.0.0.1:9"], root)
    assert (done.returncode, done.stderr) == (0, "")
