"""Exit codes and messages: bugs, interruptions, closed pipes, consoles of other encodings."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.parsing.fault_cases import change, seed
from tests.support import (
    SEED,
    run_cli,
    run_python,
    write_repo,
)

if TYPE_CHECKING:
    from pathlib import Path


CLOSE_PIPE = """
import subprocess, sys
command = [sys.executable, *sys.argv[1:]]
child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
child.stdout.read(10)
child.stdout.close()
print(child.stderr.read().decode(), child.wait())
"""
BREAK = """
import nianbao.cli.commands.check as command
def broken(*_): {how}
command.find_reports = broken
from nianbao.cli.main import main
main(["check"])
"""


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_message_is_escaped_on_a_chinese_windows_console(tmp_path: Path, command: str) -> None:
    root = write_repo(tmp_path, a=change(seed(), "机关: 古", "𠀀🈶键: 1\n机关: 古"))
    done = run_cli([command], root, encoding="gbk", PYTHONIOENCODING="gbk")
    assert done.returncode == 1
    assert "没有“\\U00020000\\U0001f236键”这个键" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_help_and_messages_work_on_an_ascii_terminal(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a="")
    for arguments, code in ((["--help"], 0), (["check"], 1), (["--nope"], 2)):
        done = run_cli(arguments, root, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
        assert done.returncode == code
        assert "Traceback" not in done.stderr


def test_a_pipe_gets_no_colours(tmp_path: Path) -> None:
    assert "\x1b" not in run_cli(["check"], write_repo(tmp_path, a="")).stdout


def test_a_bug_exits_with_3_and_writes_a_log(tmp_path: Path) -> None:
    code = BREAK.format(how="raise ZeroDivisionError('the cause')")
    done = run_python(code, tmp_path, TMPDIR=str(tmp_path), TEMP=str(tmp_path))
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback" not in done.stderr
    assert "程序出错了" in done.stderr
    assert "the cause" in done.stderr
    (log,) = tmp_path.glob("nianbao-*.log")
    assert str(log) in done.stderr
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError: the cause" in text
    assert "nianbao 0." in text
    assert "weasyprint 70.0" in text


def test_a_bug_is_reported_even_if_no_log_can_be_written(tmp_path: Path) -> None:
    how = "import tempfile; tempfile.NamedTemporaryFile = lambda *_, **__: open('/no/one'); 1 / 0"
    done = run_python(BREAK.format(how=how), tmp_path)
    assert done.returncode == 3
    assert "ZeroDivisionError" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are another matter there")
def test_an_interruption_exits_with_130_and_a_short_message(tmp_path: Path) -> None:
    code = BREAK.format(
        # Processes started in the background ignore it.
        how="import os, signal, time; signal.signal(signal.SIGINT, signal.default_int_handler)"
        f"; os.kill(os.getpid(), {int(signal.SIGINT)}); time.sleep(9)"
    )
    done = run_python(code, tmp_path)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "已中断")


def test_an_interruption_while_libraries_are_loaded_gives_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt", "utf-8")
    done = run_cli(["--version"], tmp_path, PYTHONPATH=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "已中断\n")


def test_a_closed_pipe_exits_with_1_and_no_message(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path, **{f"r{number}": seed().replace(": 0", ": x") for number in range(9)}
    )
    done = run_python(CLOSE_PIPE, root, str(SEED.parents[1] / "build.py"), "check")
    assert done.stdout.split() == ["1"]
