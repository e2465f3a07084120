"""`import --onto`, through the command line."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings
from tests.importing.round_trip import compile_report
from tests.support import ROOT, SEED, clean_environment, create_symlink, run_cli, write_repo

TEXT = SEED.read_text("utf-8") + "# 我的批注\n"
EDITED = TEXT.replace("我局收到1条", "我局收到2条").replace("2023-01-31", "2023-02-01")
ONTO = ["import", "2022.html", "--onto", "reports/2022.yaml"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a report, and the web page of the edited report."""
    root = write_repo(tmp_path, **{"2022": TEXT})
    page = render_report(compile_report(EDITED), "html", Settings(), Path(os.devnull))
    (root / "2022.html").write_bytes(page)
    return root


def _report(root: Path) -> str:
    return (root / "reports/2022.yaml").read_text("utf-8")


def test_the_edits_are_shown_and_written_if_asked_for(root: Path) -> None:
    done = run_cli([*ONTO, "--yes"], root)
    assert (done.returncode, done.stderr) == (0, "")
    assert _report(root) == EDITED
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "2022.html → reports/2022.yaml",
        "reports/2022.yaml",
        "  成文日期：2023-01-31 → 2023-02-01",
    ]
    assert "[-1-]{+2+}" in done.stdout
    assert lines[-1] == "已写入 reports/2022.yaml"
    again = run_cli([*ONTO, "--yes"], root)
    assert (again.returncode, again.stdout.splitlines()[1:]) == (0, ["报告文件不用改"])
    assert _report(root) == EDITED


def test_nothing_is_written_without_a_terminal_and_without_yes(root: Path) -> None:
    done = run_cli(ONTO, root)
    assert (done.returncode, done.stderr) == (1, "")
    assert "[-1-]{+2+}" in done.stdout
    assert done.stdout.splitlines()[-1] == "没有写：这里不是终端，没法问。加 --yes 就写入"
    assert _report(root) == TEXT
    assert run_cli([*ONTO, "--format", "json"], root).returncode == 1
    assert _report(root) == TEXT


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
@pytest.mark.parametrize(
    ("answer", "code", "written"), [("y\n", 0, True), ("n\n", 1, False), ("\n", 1, False)]
)
def test_on_a_terminal_it_asks_first(root: Path, answer: str, code: int, written: bool) -> None:
    printed, status = _run_on_terminal(ONTO, root, answer)
    assert printed.count("写入 reports/2022.yaml？[y/N]") == 1
    assert printed.index("成文日期") < printed.index("[y/N]")
    assert status == code
    assert _report(root) == (EDITED if written else TEXT)


def _run_on_terminal(arguments: list[str], root: Path, answer: str) -> tuple[str, int]:
    """Run the program on a terminal and answer its question; return what it printed, its code."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        os.chdir(root)
        program = [sys.executable, str(ROOT / "build.py"), *arguments]
        os.execve(sys.executable, program, clean_environment(TERM="xterm", NO_COLOR="1"))
    printed, answered = b"", False
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # Linux raises at the end
            break
        if not part:
            break
        printed += part
        if b"[y/N]" in printed and not answered:
            answered = True
            os.write(terminal, answer.encode())
    os.close(terminal)
    return printed.decode(), os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_what_is_in_doubt_is_listed_with_its_place_and_the_rest_is_written(root: Path) -> None:
    page = (root / "2022.html").read_text("utf-8")
    page = re.sub(r"(行政处罚</th>\s*<td[^>]*>)2<", r"\1两件<", page, count=1)
    (root / "2022.html").write_text(page, "utf-8")
    done = run_cli([*ONTO, "--yes"], root)
    assert done.returncode == 1
    assert "下面 1 处不一样，没有改，要自己看：" in done.stdout
    (line,) = [each for each in done.stdout.splitlines() if "两件" in each]
    assert line.startswith("  第3个表第")
    assert "报告里是“2”" in line
    assert _report(root) == EDITED


def test_json_has_the_changes_and_what_was_left(root: Path) -> None:
    done = run_cli([*ONTO, "--yes", "--format", "json"], root)
    assert (done.returncode, done.stderr) == (0, "")
    (file,) = json.loads(done.stdout)["files"]
    assert (file["written"], file["left"], file["doubts"]) == (True, [], [])
    assert file["changes"]["heads"][0]["new"] == "2023-02-01"
    assert _report(root) == EDITED


def test_a_report_with_errors_is_not_changed_and_the_errors_are_named(root: Path) -> None:
    broken = TEXT.replace("规章:           {本年制发件数: 0", "规章:           {本年制发件数: 无")
    (root / "reports/2022.yaml").write_text(broken, "utf-8")
    done = run_cli([*ONTO, "--yes"], root)
    assert done.returncode == 1
    assert "S103" in done.stdout
    assert "没有改 reports/2022.yaml：先改好上面的错误" in done.stdout
    assert _report(root) == broken


def test_the_report_of_another_body_is_refused(root: Path) -> None:
    other = EDITED.replace("机关: 古县文化和旅游局", "机关: 新县水利局")
    page = render_report(compile_report(other), "html", Settings(), Path(os.devnull))
    (root / "2022.html").write_bytes(page)
    done = run_cli([*ONTO, "--yes"], root)
    assert done.returncode == 1
    assert "“古县文化和旅游局”，文件的“新县水利局”" in done.stderr
    assert _report(root) == TEXT


@pytest.mark.parametrize(
    "arguments",
    [
        ["2022.html", "--onto", "other.yaml"],
        ["2022.html", "--onto", "../x.yaml"],
        ["2022.html", "--onto", "reports/../other.yaml"],
        ["2022.html", "--onto", "reports"],
        ["2022.html", "2022.html", "--onto", "reports/2022.yaml"],
        ["2022.html", "--onto", "reports/2022.yaml", "-o", "x.yaml"],
        ["2022.html", "--yes"],
    ],
)
def test_wrong_use_changes_nothing(root: Path, arguments: list[str]) -> None:
    (root / "other.yaml").write_text(TEXT, "utf-8")
    done = run_cli(["import", *arguments, "--yes"], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert (root / "other.yaml").read_text("utf-8") == TEXT
    assert _report(root) == TEXT


def test_a_link_out_of_the_reports_is_not_followed(root: Path) -> None:
    outside = root.parent / "outside.yaml"
    outside.write_text(TEXT, "utf-8")
    (root / "reports/2022.yaml").unlink()
    create_symlink(root / "reports/2022.yaml", outside)
    assert run_cli([*ONTO, "--yes"], root).returncode == 1
    assert outside.read_text("utf-8") == TEXT


def test_what_the_file_says_does_not_reach_the_terminal_as_control_signs(root: Path) -> None:
    page = (root / "2022.html").read_text("utf-8")
    (root / "2022.html").write_text(page.replace("我局收到2条", "我局\x1b[31m收到2条"), "utf-8")
    done = run_cli([*ONTO, "--yes"], root)
    assert "\x1b" not in done.stdout + done.stderr + _report(root)
