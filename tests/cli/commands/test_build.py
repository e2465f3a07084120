"""What a build does again and what it leaves alone; what it tells; what a broken-off one leaves."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nianbao.build.manifest import manifest_file
from tests.support import ROOT, SEED, clean_environment, run_cli, run_python, write_repo

TEXT = SEED.read_text("utf-8")
WRONG = TEXT.replace("{自然人: 0", "{自然人: 7", 1)
MD = ["build", "--to", "md"]


def outputs(root: Path) -> dict[str, bytes]:
    files = [file for file in (root / "output").rglob("*") if file.is_file()]
    return {file.relative_to(root / "output").as_posix(): file.read_bytes() for file in files}


def made(said: str) -> list[str]:
    """The outputs that a build says it has made."""
    lines = [line for line in said.splitlines() if line.startswith("已生成 ")]
    return [line.removeprefix("已生成 output/").partition("（")[0] for line in lines]


def run_with(fault: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program after lines of Python that put a fault into it."""
    start = "import sys; from nianbao.cli.main import main; main(sys.argv[1:])"
    return run_python(f"{fault}\n{start}", root, *arguments)


def known(root: Path) -> list[str]:
    """The reports that the manifest knows."""
    _, *reports = manifest_file(root / "output").read_text("utf-8").splitlines()
    return [json.loads(report.partition(" ")[2])[0] for report in reports]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of three reports, one of which has a wrong sum, built once to Markdown."""
    root = write_repo(tmp_path, 甲__2022=TEXT, 乙__2022=TEXT, 丙__2022=WRONG)
    assert made(run_cli(MD, root).stdout) == ["乙/2022.md", "甲/2022.md"]
    return root


def test_nothing_changed_means_nothing_done_and_the_same_findings_and_exit_code(
    root: Path,
) -> None:
    first = run_cli([*MD, "--force"], root)
    stamps = {file: file.stat().st_mtime_ns for file in root.glob("output/*/*")}
    second = run_cli(MD, root)
    assert {file: file.stat().st_mtime_ns for file in root.glob("output/*/*")} == stamps
    assert (first.returncode, second.returncode) == (1, 1)
    assert "A101" in first.stdout
    findings = first.stdout.split("已生成")[0]
    assert second.stdout == findings + "没有变化的 2 个文件没有重做\n"


def test_a_build_with_nothing_to_do_loads_no_library_of_the_outputs(root: Path) -> None:
    run_cli(["build", "--to", "html,md"], root)
    code = """
import sys
from nianbao.cli.main import main
try:
    main(["build", "--to", "html,md"])
except SystemExit:
    print(sorted({"jsonschema", "yaml", "jinja2", "weasyprint"} & set(sys.modules)))
"""
    assert run_python(code, root).stdout.splitlines()[-1] == "[]"


def touch(file: Path, text: str) -> None:
    """Change a file and put its date back."""
    status = file.stat()
    file.write_text(text, "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_changed_report_is_built_and_no_other(root: Path) -> None:
    file = root / "reports/甲/2022.yaml"
    touch(file, TEXT.replace("古县文化和旅游局", "古县文化和旅游厅"))
    assert made(run_cli(MD, root).stdout) == ["甲/2022.md"]
    assert "古县文化和旅游厅" in outputs(root)["甲/2022.md"].decode()


def test_dates_alone_change_nothing(root: Path) -> None:
    for file in root.rglob("*.yaml"):
        os.utime(file)
    assert made(run_cli(MD, root).stdout) == []


def test_last_years_report_counts(root: Path) -> None:
    before = TEXT.replace("年度: 2022", "年度: 2021")
    (root / "reports/甲/2021.yaml").write_text(before, "utf-8")
    assert made(run_cli(MD, root).stdout) == ["甲/2021.md", "甲/2022.md"]
    touch(root / "reports/甲/2021.yaml", before.replace("自然人: 0", "自然人: 1", 1))
    done = run_cli([*MD, "-v"], root)
    assert "已生成 output/甲/2022.md（内容有变化）" in done.stdout
    (root / "reports/甲/2021.yaml").unlink()
    assert made(run_cli(MD, root).stdout) == ["甲/2022.md"]


def test_settings_and_templates_mean_everything(root: Path) -> None:
    (root / "nianbao.toml").write_text('联系方式 = "电话"\n', "utf-8")
    assert len(made(run_cli(MD, root).stdout)) == 2
    (root / "templates").mkdir()
    (root / "templates/report.md").write_text("{{ document.title }}\n", "utf-8")
    assert len(made(run_cli(MD, root).stdout)) == 2
    touch(root / "templates/report.md", "{{ document.title }}。\n")
    done = run_cli([*MD, "-v"], root)
    assert done.stdout.count("（模板、字体或程序有变化）") == 2


@pytest.mark.parametrize("what", ["edited", "missing", "a link"])
def test_an_output_that_is_not_what_was_made_is_made_again(root: Path, what: str) -> None:
    file = root / "output/甲/2022.md"
    was = file.read_bytes()
    if what == "edited":
        touch(file, was.decode().replace("0", "1", 1))
    else:
        file.unlink()
    if what == "a link":
        file.symlink_to(root / "output/乙/2022.md")
    done = run_cli([*MD, "-v"], root)
    assert made(done.stdout) == ["甲/2022.md"]
    assert "没有变化 output/乙/2022.md" in done.stdout
    assert file.read_bytes() == was
    assert not file.is_symlink()


def test_another_format_is_added_and_the_first_kept(root: Path) -> None:
    assert made(run_cli(["build", "--to", "html,md"], root).stdout) == [
        "乙/2022.html",
        "甲/2022.html",
    ]
    assert made(run_cli(["build", "--to", "html,md"], root).stdout) == []


def test_a_report_that_is_gone_is_forgotten_and_its_outputs_stay(root: Path) -> None:
    before = outputs(root)
    (root / "reports/甲/2022.yaml").unlink()
    done = run_cli(MD, root)
    assert "甲" not in done.stdout
    assert outputs(root) == before
    kept = known(root)
    assert kept == ["丙/2022", "乙/2022"]


def test_a_build_of_one_report_keeps_what_is_known_of_the_others(root: Path) -> None:
    run_cli([*MD, "--force", "reports/甲"], root)
    assert made(run_cli(MD, root).stdout) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"version":1}', "\ud800", "x" * 99])
def test_a_damaged_manifest_means_that_everything_is_built(root: Path, content: str) -> None:
    manifest_file(root / "output").write_bytes(content.encode(errors="surrogatepass"))
    assert len(made(run_cli(MD, root).stdout)) == 2
    assert made(run_cli(MD, root).stdout) == []


def test_a_damaged_line_of_the_manifest_costs_its_own_report(root: Path) -> None:
    file = manifest_file(root / "output")
    head, *lines = file.read_bytes().splitlines(keepends=True)
    others = [line for line in lines if json.loads(line[65:])[0] != "乙/2022"]
    (line,) = set(lines) - set(others)
    rng = random.Random(1)
    torn = [line[:place] for place in (1, len(line) - 9)]  # as a killed build may leave it
    torn += [
        line[:place] + bytes([line[place] ^ 1]) + line[place + 1 :]
        for place in [0, len(line) - 2, *rng.sample(range(len(line)), 4)]
    ]
    for damaged in torn:
        file.write_bytes(head + b"".join(others) + damaged)
        assert made(run_cli(MD, root).stdout) == ["乙/2022.md"]
        assert sorted(known(root)) == ["丙/2022", "乙/2022", "甲/2022"]


def test_lines_of_the_manifest_may_be_doubled_and_in_any_order(root: Path) -> None:
    file = manifest_file(root / "output")
    head, *lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(head + b"".join([*reversed(lines), head, *lines]))
    assert made(run_cli(MD, root).stdout) == []


def test_a_manifest_that_can_not_be_kept_is_no_obstacle(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run_cli(MD, root, XDG_CACHE_HOME=str(tmp_path / "file"))
    assert (done.returncode, done.stderr) == (1, "")
    assert len(made(done.stdout)) == 2


def test_quiet_tells_findings_alone(root: Path) -> None:
    done = run_cli([*MD, "--force", "-q"], root)
    assert done.stdout.splitlines()[-1].startswith("2 个错误")
    assert run_cli([*MD, "-q"], root).stdout == done.stdout


def test_timings_tell_the_phases(root: Path) -> None:
    done = run_cli([*MD, "--force", "--timings"], root)
    assert done.stderr.startswith("用时（秒）：比较 ")
    assert "，md " in done.stderr


def test_several_processes_make_the_same_files_and_say_the_same(root: Path) -> None:
    alone = run_cli([*MD, "--force", "--jobs", "1"], root)
    before = outputs(root)
    shutil.rmtree(root / "output")
    many = run_cli([*MD, "--force", "--jobs", "3"], root)
    assert (many.stdout, many.stderr, many.returncode) == (alone.stdout, "", 1)
    assert outputs(root) == before


def test_a_worker_that_dies_costs_its_own_report(root: Path) -> None:
    fault = """
import nianbao.build.job
from tests.build.dying_worker import dying
nianbao.build.job.run_job = dying
"""
    done = run_with(fault, root, *MD, "--force", "--jobs", "2")
    assert done.returncode == 1
    assert made(done.stdout) == ["甲/2022.md"]
    assert done.stderr.splitlines() == [
        "没有做完：reports/乙/2022.yaml（做它的进程被终止了，也许是内存不够）"
    ]
    assert made(run_cli(MD, root).stdout) == ["乙/2022.md"]


def test_a_pdf_made_beside_is_the_one_made_here(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    here = run_cli(["build", "--jobs", "1"], root)
    before = outputs(root)
    assert sorted(before) == ["甲/2022.html", "甲/2022.md", "甲/2022.pdf"]
    beside = run_cli(["build", "--force", "--jobs", "2"], root)
    assert (beside.stdout, beside.stderr, beside.returncode) == (here.stdout, "", 0)
    assert outputs(root) == before


def test_what_could_not_be_written_is_told_in_one_order_whoever_makes_the_pdf(
    tmp_path: Path,
) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    for suffix in ("html", "pdf", "md"):
        (root / "output" / "甲" / f"2022.{suffix}").mkdir(parents=True)
    here, beside = [run_cli(["build", "--jobs", jobs], root) for jobs in ("1", "2")]
    assert here.stderr.splitlines() == [
        f"写不了 output/甲/2022.{suffix}：是一个文件夹" for suffix in ("html", "pdf", "md")
    ]
    assert beside.stderr == here.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_print_template_that_is_wrong_is_told_whoever_makes_the_pdf(
    tmp_path: Path, jobs: str
) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    (root / "templates").mkdir()
    (root / "templates" / "print.html").write_text("{{ document.titel }}", "utf-8")
    done = run_cli(["build", "--jobs", jobs], root)
    assert "templates/print.html:1:1: 错误 S302" in done.stdout
    assert "是不是 title？" in done.stdout
    assert made(done.stdout) == ["甲/2022.html", "甲/2022.md"]
    assert (done.stderr, done.returncode) == ("", 1)


def test_a_process_that_dies_over_the_pdf_costs_its_report_and_is_told(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    fault = """
import os, signal
import nianbao.rendering.pdf.renderer
nianbao.rendering.pdf.renderer.make_pdf = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
"""
    done = run_with(fault, root, "build", "--jobs", "2")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "没有做完：reports/甲/2022.yaml（做它的进程被终止了，也许是内存不够）"
    ]
    assert sorted(outputs(root)) == ["甲/2022.html", "甲/2022.md"]
    done = run_cli(["build"], root)
    assert (done.returncode, max(outputs(root))) == (0, "甲/2022.pdf")


def test_a_bug_over_the_pdf_is_told_with_where_it_is(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    fault = """
import nianbao.rendering.pdf.renderer
def make_pdf(*_):
    raise LookupError("a bug")
nianbao.rendering.pdf.renderer.make_pdf = make_pdf
"""
    for jobs in ("1", "2"):
        done = run_with(fault, root, "build", "--force", "--jobs", jobs)
        assert (done.returncode, sorted(outputs(root))) == (3, ["甲/2022.html", "甲/2022.md"])
        assert "LookupError: a bug" in done.stderr
        log = Path(done.stderr.splitlines()[-1].split()[1])
        assert "in make_pdf" in log.read_text("utf-8")
        log.unlink()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bug_before_any_output_is_told_once_of_each(tmp_path: Path, jobs: str) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    fault = """
import nianbao.rendering.document
def build_document(*_):
    raise LookupError("a bug")
nianbao.rendering.document.build_document = build_document
"""
    done = run_with(fault, root, "build", "--jobs", jobs)
    *told, _, where = done.stderr.splitlines()
    assert told == [f"没有做完：reports/甲/2022.yaml {to}" for to in ("html", "pdf", "md")]
    assert done.returncode == 3
    Path(where.split()[1]).unlink()


def test_two_builds_at_once_do_not_spoil_each_other(tmp_path: Path) -> None:
    names = [f"单位{number}__2022" for number in range(12)]
    root = write_repo(tmp_path, **dict.fromkeys(names, TEXT))
    command = [sys.executable, str(ROOT / "build.py"), *MD, "--force", "--jobs", "2"]
    both = [
        subprocess.Popen(command, cwd=root, env=clean_environment(), stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [one.wait(120) for one in both] == [0, 0]
    assert len(outputs(root)) == 12
    assert len({hashlib.sha256(content).digest() for content in outputs(root).values()}) == 1
    assert made(run_cli(MD, root).stdout) == []


def test_killed_builds_leave_whole_files_and_the_next_one_completes(tmp_path: Path) -> None:
    names = [f"单位{number}__2022" for number in range(30)]
    root = write_repo(tmp_path, **dict.fromkeys(names, TEXT))
    command = [sys.executable, str(ROOT / "build.py"), *MD, "--force", "--jobs", "2"]
    start = time.monotonic()
    subprocess.run(
        command, cwd=root, env=clean_environment(), stdout=subprocess.DEVNULL, check=True
    )
    whole, undisturbed = time.monotonic() - start, outputs(root)
    rng = random.Random(5)
    for number in range(4):
        # Out of the way and not deleted: a process of the build before may be at its last file.
        (root / "output").rename(root / f"before-{number}")
        process = subprocess.Popen(
            command,
            cwd=root,
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(rng.uniform(0.2, 1) * whole)
        process.kill()
        process.wait()
        for name, content in outputs(root).items():
            assert name.endswith(".tmp") or undisturbed[name] == content
    run_cli(MD, root)
    assert outputs(root) == undisturbed


def test_an_interruption_ends_the_build_and_keeps_what_is_done(tmp_path: Path) -> None:
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
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said.decode().strip()) == (130, "已中断")
    kept = known(root)
    assert 0 < len(kept) <= len(outputs(root)) < 60
