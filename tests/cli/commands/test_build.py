"""`build`: which outputs it makes, what it prints, its exit code."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.build.built_repository import (
    MD,
    TEXT,
    outputs,
    run_with_fault,
    write_built_repository,
    written,
)
from tests.cli.printed_findings import structure_errors
from tests.parsing.fault_cases import FAULTS, NEW, change, seed
from tests.support import (
    run_cli,
    run_python,
    write_repo,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root of a repository that was built once."""
    return write_built_repository(tmp_path)


def test_broken_reports_keep_their_outputs_and_the_others_are_built(
    tmp_path: Path,
) -> None:
    broken = {f"fault{number:03}": fault.content for number, fault in enumerate(FAULTS)}
    root = write_repo(tmp_path, good=seed(), **broken)
    (root / "output").mkdir()
    earlier = {
        root / "output" / f"{name}.{to}": f"{name} {to}".encode()
        for name in broken
        for to in ("html", "md", "pdf")
    }
    for file, content in earlier.items():
        file.write_bytes(content)
    done = run_cli(["build", "--to", "html,md"], root)
    assert (done.returncode, done.stderr) == (1, "")
    assert {file: file.read_bytes() for file in earlier} == earlier
    assert "Traceback" not in done.stdout
    errors = {
        path: (line, column, rule) for path, line, column, rule in structure_errors(done.stdout)
    }
    assert errors == {
        f"reports/fault{number:03}.yaml": (fault.line, fault.column, fault.rule)
        for number, fault in enumerate(FAULTS)
    }
    assert len(structure_errors(done.stdout)) == len(FAULTS)
    assert "古县文化和旅游局" in (root / "output" / "good.html").read_text(encoding="utf-8")
    assert (root / "output" / "good.md").is_file()
    assert len(list((root / "output").iterdir())) == len(earlier) + 2
    assert "已生成 output/good.html\n已生成 output/good.md\n" in done.stdout


def test_what_is_not_a_file_is_a_finding_and_the_rest_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, good=seed())
    reports = root / "reports"
    (reports / "folder.yaml").mkdir()
    (tmp_path / "secret").write_text(seed(), encoding="utf-8")
    names = {"folder": "文件夹"}
    try:
        (reports / "broken.yaml").symlink_to("gone.yaml")
        (reports / "elsewhere.yaml").symlink_to(tmp_path / "secret")
        names |= {"broken": "断开的链接", "elsewhere": "指向别处"}
        os.mkfifo(reports / "pipe.yaml")
        names["pipe"] = "不是普通文件"
    except (OSError, AttributeError):
        assert os.name == "nt"
    done = run_cli(["build", "--to", "md"], root)
    assert (done.returncode, done.stderr) == (1, "")
    for name, words in names.items():
        (line,) = [line for line in done.stdout.splitlines() if f"{name}.yaml:1:1: " in line]
        assert words in line
    assert [path.name for path in (root / "output").iterdir()] == ["good.md"]


def test_a_wrong_sum_prevents_outputs_like_any_other_error(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=change(seed(), NEW, NEW.replace("总计: 0", "总计: 5")))
    (root / "output").mkdir()
    (root / "output" / "a.html").write_bytes(b"earlier")
    done = run_cli(["build", "--to", "html,md"], root)
    assert done.returncode == 1
    assert re.search(r"^reports/a\.yaml:\d+:\d+: 错误 A\d+ ", done.stdout, re.MULTILINE)
    assert "已生成" not in done.stdout
    assert [path.read_bytes() for path in (root / "output").iterdir()] == [b"earlier"]


def test_warnings_prevent_no_output_and_count_only_with_strict(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=change(seed(), "我局收到1条", "我局收到99999条"))
    done = run_cli(["build", "--to", "md"], root)
    assert (done.returncode, "警告" in done.stdout) == (0, True)
    (root / "output" / "a.md").unlink()
    assert run_cli(["build", "--to", "md", "--strict"], root).returncode == 1
    assert (root / "output" / "a.md").is_file()
    assert run_cli(["check"], root).returncode == 0
    assert run_cli(["check", "--strict"], root).returncode == 1


def test_an_error_prevents_the_pdf_too(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=change(seed(), "年度: 2022", "年度: 二"))
    (root / "output").mkdir()
    (root / "output" / "a.pdf").write_bytes(b"earlier")
    assert run_cli([], root).returncode == 1
    assert [path.name for path in (root / "output").iterdir()] == ["a.pdf"]
    assert (root / "output" / "a.pdf").read_bytes() == b"earlier"


def test_with_wrong_settings_nothing_is_built(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=seed(), b=seed())
    (root / "nianbao.toml").write_text('联系方式 = "古县”\n', encoding="utf-8")
    done = run_cli([], root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "nianbao.toml:1:11: 错误 S301 引号是全角的" in done.stdout
    assert not (root / "output").exists()
    (root / "output").mkdir()
    (root / "output" / "a.html").write_text("earlier", encoding="utf-8")
    assert run_cli(["--to", "html", "reports/a.yaml"], root).returncode == 1
    assert [path.name for path in (root / "output").iterdir()] == ["a.html"]
    assert (root / "output" / "a.html").read_text(encoding="utf-8") == "earlier"


def test_a_file_from_windows_gives_the_same_outputs(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + seed().replace("\n", "\r\n").encode()
    root = write_repo(tmp_path, a__report=seed(), b__report=windows)
    done = run_cli(["build", "--to", "html,md"], root)
    assert done.returncode == 0
    for to in ("html", "md"):
        pages = [(root / "output" / unit / f"report.{to}").read_bytes() for unit in "ab"]
        assert pages[0] == pages[1]


def test_a_file_with_the_name_of_the_output_folder_is_kept(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a=seed())
    (root / "output").write_text("mine", encoding="utf-8")
    done = run_cli(["build", "--to", "html"], root)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "建不了输出文件夹 output：已经有一个同名的文件\n"
    assert (root / "output").read_text(encoding="utf-8") == "mine"


def test_an_output_that_cannot_be_written_does_not_prevent_others(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a__x=seed(), b__x=seed(), c=seed(), d="")
    (root / "output").mkdir()
    (root / "output" / "a").write_text("mine", encoding="utf-8")
    (root / "output" / "c.html").mkdir()
    done = run_cli(["build", "--to", "html,md"], root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "output/a：已经有一个同名的文件" in done.stderr
    assert "写不了 output/c.html" in done.stderr
    assert "reports/d.yaml:1:1: 错误 S009" in done.stdout
    assert (root / "output" / "b" / "x.html").is_file()
    assert (root / "output" / "c.md").is_file()
    assert (root / "output" / "a").read_text(encoding="utf-8") == "mine"


def test_without_changes_nothing_is_done_and_findings_and_exit_code_are_the_same(
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


def test_a_build_with_nothing_to_do_loads_no_rendering_library(root: Path) -> None:
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


def test_quiet_prints_only_findings(root: Path) -> None:
    done = run_cli([*MD, "--force", "-q"], root)
    assert done.stdout.splitlines()[-1].startswith("2 个错误")
    assert run_cli([*MD, "-q"], root).stdout == done.stdout


def test_timings_list_the_phases(root: Path) -> None:
    done = run_cli([*MD, "--force", "--timings"], root)
    assert done.stderr.startswith("用时（秒）：比较 ")
    assert "，md " in done.stderr


def test_write_errors_are_printed_in_the_same_order_in_either_process(
    tmp_path: Path,
) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    for suffix in ("html", "pdf", "md"):
        (root / "output" / "甲" / f"2022.{suffix}").mkdir(parents=True)
    one_process, two_processes = [run_cli(["build", "--jobs", jobs], root) for jobs in ("1", "2")]
    assert one_process.stderr.splitlines() == [
        f"写不了 output/甲/2022.{suffix}：是一个文件夹" for suffix in ("html", "pdf", "md")
    ]
    assert two_processes.stderr == one_process.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_wrong_print_template_is_a_finding_in_either_process(tmp_path: Path, jobs: str) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    (root / "templates").mkdir()
    (root / "templates" / "print.html").write_text("{{ document.titel }}", "utf-8")
    done = run_cli(["build", "--jobs", jobs], root)
    assert "templates/print.html:1:1: 错误 S302" in done.stdout
    assert "是不是 title？" in done.stdout
    assert written(done.stdout) == ["甲/2022.html", "甲/2022.md"]
    assert (done.stderr, done.returncode) == ("", 1)


def test_the_log_of_a_bug_in_the_pdf_names_the_function(tmp_path: Path) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    fault = """
import nianbao.rendering.pdf.renderer
def make_pdf(*_):
    raise LookupError("a bug")
nianbao.rendering.pdf.renderer.make_pdf = make_pdf
"""
    for jobs in ("1", "2"):
        done = run_with_fault(fault, root, "build", "--force", "--jobs", jobs)
        assert (done.returncode, sorted(outputs(root))) == (3, ["甲/2022.html", "甲/2022.md"])
        assert "LookupError: a bug" in done.stderr
        log = Path(done.stderr.splitlines()[-1].split()[1])
        assert "in make_pdf" in log.read_text("utf-8")
        log.unlink()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bug_before_any_output_is_reported_for_each_output(tmp_path: Path, jobs: str) -> None:
    root = write_repo(tmp_path, 甲__2022=TEXT)
    fault = """
import nianbao.rendering.document
def build_document(*_):
    raise LookupError("a bug")
nianbao.rendering.document.build_document = build_document
"""
    done = run_with_fault(fault, root, "build", "--jobs", jobs)
    *messages, _, log_line = done.stderr.splitlines()
    assert messages == [f"没有做完：reports/甲/2022.yaml {to}" for to in ("html", "pdf", "md")]
    assert done.returncode == 3
    Path(log_line.split()[1]).unlink()


# ── bugs

# Breaks a function of the program for the report of one body.
BREAK = """
import sys
import nianbao.checks.checker, nianbao.rendering.document
module, name = {module}, "{name}"
function = getattr(module, name)

def broken(*arguments):
    if "乙局" in arguments[0].{path}:
        raise ZeroDivisionError("injected")
    return function(*arguments)

setattr(module, name, broken)
from nianbao.cli.main import main
main(sys.argv[1:])
"""
BROKEN_FUNCTIONS = {
    "structure": {"module": "nianbao.checks.checker", "name": "check_structure", "path": "path"},
    "report": {"module": "nianbao.checks.checker", "name": "compile_report", "path": "path"},
    "output": {
        "module": "nianbao.rendering.document",
        "name": "build_document",
        "path": "source.path",
    },
}


@pytest.mark.parametrize("module", BROKEN_FUNCTIONS)
def test_a_bug_in_one_report_costs_no_other_and_exits_with_3(tmp_path: Path, module: str) -> None:
    root = write_repo(tmp_path, 甲局__2022=TEXT, 乙局__2022=TEXT, 丙局__2022=TEXT)
    code = BREAK.format(**BROKEN_FUNCTIONS[module])
    done = run_python(code, root, "build", "--to", "md", TMPDIR=str(tmp_path))
    assert done.returncode == 3, done.stdout + done.stderr
    written = sorted(file.relative_to(root).as_posix() for file in root.glob("output/*/*.md"))
    assert written == ["output/丙局/2022.md", "output/甲局/2022.md"]
    assert "没有做完：reports/乙局/2022.yaml" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    log = re.search(r"请把 (\S+) 的内容报告给开发者", done.stderr)
    assert log is not None
    assert "ZeroDivisionError: injected" in Path(log.group(1)).read_text("utf-8")
