"""Windows and macOS, simulated: modules and calls that are missing there, consoles of other
encodings, other line ends.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.diff.git_history import commit, write_history
from tests.support import ROOT, SEED, clean_environment, run_cli, run_python, write_repo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Python's own modules and the libraries are imported before these lines take calls away, because
# they choose by system when they are imported: what is tried is this program.
OTHER_SYSTEM = """
import concurrent.futures.process, ctypes, http.server, multiprocessing.connection
import multiprocessing.popen_spawn_posix, os, signal, subprocess, sys, tempfile, webbrowser
import click, jinja2, jinja2.sandbox, jsonschema, markdown, nh3, pypdfium2, yaml

system = sys.argv.pop(1)
for name in ("fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"):
    sys.modules[name] = None
calls = "fork forkpty geteuid getuid killpg mkfifo sched_getaffinity setsid"
flags = "O_DIRECTORY O_NOFOLLOW O_NONBLOCK O_CLOEXEC"
signals = "SIGALRM SIGHUP SIGKILL SIGPIPE SIGUSR1 pthread_sigmask setitimer alarm"
for name in calls.split():
    delattr(os, name)
if system == "win32":
    for name in flags.split():
        delattr(os, name)
    for name in signals.split():
        delattr(signal, name)
sys.platform = system
"""
IMPORT_ALL = """
import importlib, pkgutil
import nianbao

for module in pkgutil.walk_packages(nianbao.__path__, "nianbao."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        print(module.name)
"""
RUN = """
if __name__ == "__main__":
    from nianbao.cli.main import main
    main(sys.argv[1:])
"""
SYSTEMS = pytest.mark.parametrize("system", ["darwin", "win32"])


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_the_types_hold_on_every_system(platform: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--platform", platform, "nianbao", "build.py"),
            *("tools/setup.py", "--cache-dir", f".mypy_cache/{platform}"),
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout


@SYSTEMS
def test_every_module_is_imported_without_what_the_system_lacks(system: str) -> None:
    done = run_python(OTHER_SYSTEM + IMPORT_ALL, ROOT, system)
    assert done.returncode == 0, done.stderr
    assert {"nianbao.build.executors", "nianbao.utils.files"} <= set(done.stdout.splitlines())


COMMANDS: Mapping[str, int] = {
    "check": 1,
    "fix --diff": 1,
    "fix": 0,
    "build --to html,md": 0,
    "build --to html,md --force --jobs 2": 0,
    "build --draft --to html": 0,
    "diff": 0,
    "diff --to html": 0,
    "new 2023": 0,
    "rules A101": 0,
    "schema --output schema.json": 0,
    "nothing": 2,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two reports, one of which `fix` can correct; `git.exe` runs git."""
    text = SEED.read_text("utf-8")
    root = write_history(tmp_path, {"2022": text, "某局__2022": text})
    broken = text.replace("年度: 2022", "年度：２０２２年").replace("收到1条", "收到3条")
    write_repo(tmp_path, 某局__2022=broken)
    program = tmp_path / "bin" / "git.exe"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shutil.which("git")} "$@"\n', "utf-8")
    program.chmod(0o755)
    return root


def files(root: Path) -> dict[str, bytes]:
    """Return the content of every file of a repository, without those of git."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*.*"))
        if path.is_file() and ".git" not in path.parts
    }


@pytest.mark.parametrize("system", [pytest.param("darwin", marks=pytest.mark.slow), "win32"])
def test_every_command_works_without_what_the_system_lacks(
    system: str, root: Path, tmp_path: Path
) -> None:
    variables = {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LOCALAPPDATA": str(tmp_path / "cache"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    other = tmp_path / "other"
    shutil.copytree(root, other)
    program = tmp_path / "program.py"
    program.write_text(OTHER_SYSTEM + RUN, "utf-8")
    for command, code in COMMANDS.items():
        if "--jobs" in command and system == "win32":
            continue  # Python itself starts processes in another way there
        here = run_cli(command.split(), root, **variables)
        done = subprocess.run(
            [sys.executable, str(program), system, *command.split()],
            cwd=other,
            env=clean_environment(PYTHONPATH=str(ROOT), **variables),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr.replace("nianbao ", "python build.py ")) == (
            code,
            here.stderr,
        ), (command, done.stderr)
        assert done.stdout.replace("nianbao fix", "python build.py fix") == here.stdout
    assert files(other) == files(root)
    assert {"output/2022.html", "output/某局/2022.md", "output/某局/2022.draft.html"} <= set(
        files(other)
    )


# ── consoles


@pytest.mark.parametrize(
    "variables",
    [{"PYTHONIOENCODING": "gbk"}, {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}],
    ids=["Chinese Windows", "no locale"],
)
def test_a_console_that_lacks_characters_stops_no_command(
    variables: dict[str, str], root: Path, tmp_path: Path
) -> None:
    report = root / "reports" / "某局" / "2022.yaml"
    report.write_text(report.read_text("utf-8").replace("收到3条", "🈶𠀀收到3条"), "utf-8")
    other = tmp_path / "other"
    shutil.copytree(root, other)
    encoding = variables.get("PYTHONIOENCODING", "utf-8")  # in which click prints the help
    commands = (
        "check",
        "fix --diff",
        "fix",
        "build --to html",
        "diff",
        "new 2023",
        "-h",
        "nothing",
    )
    for command in commands:
        here = run_cli(command.split(), root)
        done = run_cli(command.split(), other, encoding=encoding, **variables)
        assert (done.returncode, here.returncode) == (COMMANDS.get(command, 0),) * 2, done.stderr
        assert "Traceback" not in done.stderr
        if encoding == "gbk":  # without a locale the names of files are not decoded either
            for printed, wanted in ((done.stdout, here.stdout), (done.stderr, here.stderr)):
                assert printed == wanted.encode("gbk", "backslashreplace").decode("gbk"), command
    assert files(other) == files(root)


@pytest.mark.parametrize("command", [["-m", "nianbao.rendering.fonts"], ["tools/setup.py"]])
def test_the_setup_prints_on_a_console_that_lacks_chinese(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command, "--help"],
        cwd=ROOT,
        env=clean_environment(PYTHONPATH=str(ROOT), PYTHONIOENCODING="cp1252"),
        capture_output=True,
        encoding="cp1252",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u88c5" in done.stdout or "\\u51c6" in done.stdout


# ── line ends


def test_a_checkout_with_line_ends_of_windows_builds_the_same_bytes(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("build.py", "pyproject.toml", "schema.json", "nianbao", "templates", "reports"):
        if (ROOT / name).is_dir():
            skip = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, checkout / name, ignore=skip)
        else:
            shutil.copy(ROOT / name, checkout)
    converted = 0
    for path in checkout.rglob("*.*"):
        if path.is_file() and path.suffix not in (".png", ".gz"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
            converted += 1
    assert converted > 200
    for command in (["check"], ["build", "--to", "html,md"], ["fmt", "--check"]):
        done = subprocess.run(
            [sys.executable, "build.py", *command],
            cwd=checkout,
            env=clean_environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    assert run_cli(["build", "--to", "html,md"], root).returncode == 0
    for name in ("2022.html", "2022.md"):
        assert (checkout / "output" / name).read_bytes() == (root / "output" / name).read_bytes()


def test_a_report_with_line_ends_of_windows_has_not_changed(root: Path) -> None:
    commit(root)
    for path in (root / "reports").rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run_cli(["diff", "--exit-code"], root).returncode == 0


def test_every_text_file_of_the_project_is_checked_out_with_line_feeds() -> None:
    rules = (ROOT / ".gitattributes").read_text("utf-8")
    assert re.search(r"^\* +text=auto eol=lf$", rules, re.MULTILINE)
