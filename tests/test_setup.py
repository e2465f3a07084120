"""Tests of setting up a machine, the lock file, build.py's restart, and the packages."""

import ast
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

import for_tests
import setup
import system_packages
from setup import Environment, Plan, Stamp
from tests.diff.git_history import write_history
from tests.support import (
    ROOT,
    SEED,
    WITHOUT_PANGO,
    clean_environment,
    create_symlink,
    run_cli,
    run_python,
    write_repo,
)

NO_STEPS = Plan(create=False, dependencies=False, project=False)
ALL_STEPS = Plan(create=True, dependencies=True, project=True)
PACKAGES = {"click": "8.5.1", "pip": "26.0"}
STAMP = Stamp("/tree", "lock", "project", PACKAGES)
ENVIRONMENT = Environment((3, 11), PACKAGES, "")
WANTED = Stamp("/tree", "lock", "project", {})


def test_a_complete_environment_needs_nothing() -> None:
    assert setup.make_plan(STAMP, ENVIRONMENT, WANTED) == NO_STEPS


def test_additional_packages_are_left_alone() -> None:
    environment = Environment((3, 12), {**PACKAGES, "ipython": "9.0"}, "")
    assert setup.make_plan(STAMP, environment, WANTED) == NO_STEPS


@pytest.mark.parametrize(
    ("stamp", "environment", "plan"),
    [
        (None, None, ALL_STEPS),
        (STAMP, None, ALL_STEPS),
        (STAMP, Environment((3, 9), PACKAGES, ""), ALL_STEPS),
        (Stamp("/moved", "lock", "project", PACKAGES), ENVIRONMENT, ALL_STEPS),
        (None, ENVIRONMENT, Plan(create=False, dependencies=True, project=True)),
        (Stamp("/tree", "old", "project", PACKAGES), ENVIRONMENT, Plan(False, True, True)),
        (Stamp("/tree", "lock", "old", PACKAGES), ENVIRONMENT, Plan(False, False, True)),
        (STAMP, Environment((3, 11), {"pip": "26.0"}, ""), Plan(False, True, True)),
        (STAMP, Environment((3, 11), {**PACKAGES, "click": "7.0"}, ""), Plan(False, True, True)),
    ],
    ids=[
        *("first time", "interpreter gone", "too old", "tree moved", "no stamp", "lock renewed"),
        *("project changed", "package removed", "package replaced"),
    ],
)
def test_missing_steps_are_planned(
    stamp: Stamp | None, environment: Environment | None, plan: Plan
) -> None:
    assert setup.make_plan(stamp, environment, WANTED) == plan


def test_the_stamp_follows_the_content_of_lock_and_project(tmp_path: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    first = setup.wanted_stamp(tmp_path, {})
    os.utime(tmp_path / "requirements.lock", (0, 0))
    assert setup.wanted_stamp(tmp_path, {}) == first
    (tmp_path / "requirements.lock").write_text("2", encoding="utf-8")
    assert setup.wanted_stamp(tmp_path, {}) != first


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"root": 1, "more": 2}'])
def test_an_invalid_stamp_is_ignored(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "stamp").write_text(content, encoding="utf-8")
    assert setup.read_stamp(tmp_path / "stamp") is None


def test_an_environment_without_pip_counts_as_none(tmp_path: Path) -> None:
    assert setup.inspect_environment(tmp_path) is None
    venv.create(tmp_path / ".venv", with_pip=False)
    assert setup.inspect_environment(tmp_path) is None


def test_without_ensurepip_the_missing_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_args, **_more: 1)
    monkeypatch.setattr(system_packages, "install", lambda _packages: False)
    package = f"python3.{sys.version_info.minor}-venv"
    monkeypatch.setattr(
        system_packages, "install_command", lambda packages, _brew: f"apt {packages[0]}"
    )
    with pytest.raises(setup.SetupError, match=f"apt {re.escape(package)}"):
        setup.create_venv(tmp_path)


def test_an_environment_that_a_link_leads_to_is_not_cleared(tmp_path: Path) -> None:
    other = tmp_path / "other" / ".venv"
    other.mkdir(parents=True)
    (other / "nianbao-setup.json").touch()
    link = tmp_path / ".venv"
    create_symlink(link, "other/.venv")
    with pytest.raises(setup.SetupError) as error:
        setup.install(tmp_path, Plan(create=True, dependencies=False, project=False))
    assert f"{link} 是一个链接，指向 other/.venv，" in str(error.value)
    assert [path.name for path in other.iterdir()] == ["nianbao-setup.json"]


LOCKING = """
import sys
sys.path.insert(0, sys.argv[1])
import setup
with setup.exclusive_lock():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_two_commands_do_not_set_up_the_same_tree_at_once() -> None:
    command = [sys.executable, "-c", LOCKING, str(ROOT / "tools")]
    options: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    options |= {"encoding": "utf-8", "env": clean_environment()}
    with subprocess.Popen(command, **options) as first:
        assert first.stdin
        assert first.stdout
        assert first.stdout.readline() == "locked\n"
        with subprocess.Popen(command, **options) as second:
            assert second.stdin
            assert second.stdout
            assert second.stdout.readline() == "另一个命令正在准备环境，等它完成 …\n"
            first.stdin.close()
            assert second.stdout.readline() == "locked\n"
            second.stdin.close()


def test_a_system_without_locks_does_not_stop_the_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def refuse(_file: object, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with setup.exclusive_lock():
        pass


@pytest.mark.parametrize(("level", "command"), [("1", "make"), ("", "python tools/setup.py")])
def test_messages_name_the_command_that_was_run(level: str, command: str) -> None:
    code = "import sys; sys.path.insert(0, 'tools'); import setup; print(setup.COMMAND)"
    variables = {"MAKELEVEL": level} if level else {}
    assert run_python(code, ROOT, **variables).stdout.replace(os.sep, "/").strip() == command


def test_missing_libraries_are_named_and_setup_continues(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "install", lambda _packages: False)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name)  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "platform", "linux")
    environment = Environment(
        (3, 11), PACKAGES, "OSError: cannot load library 'libpango-1.0-0'\nmore"
    )
    assert not setup.install_libraries(ROOT, environment)
    output = capsys.readouterr().out
    assert "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0" in output
    assert "照常进行" in output
    assert "more" not in output


def test_installed_libraries_are_not_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.install_libraries(ROOT, ENVIRONMENT)
    assert capsys.readouterr().out == ""


def test_on_macos_the_command_is_brew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system_packages.install_command(setup.PANGO, ["pango"]) == "brew install pango"


def test_without_apt_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert system_packages.sudo_prefix() is None
    assert not system_packages.install(["libpango-1.0-0"])


@pytest.mark.parametrize(
    ("programs", "runs"),
    [
        (  # the first is a shim for a version that isn't installed
            {"python3.13": "/a", "python3.12": "/b"},
            [["/a", "-c", ""], ["/b", "-c", ""], ["/b", setup.__file__]],
        ),
        ({"py": "/py"}, [["/py", "-3.14", "-c", ""], ["/py", "-3.14", setup.__file__]]),
    ],
    ids=["programs with a version in their name", "the launcher of Windows"],
)
def test_a_newer_python_is_used(
    programs: dict[str, str], runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[list[str]] = []

    def call(command: list[str], **_more: object) -> int:
        done.append(command)
        return 7 if setup.__file__ in command else int(command[0] == "/a")

    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["setup.py"])
    monkeypatch.setattr(setup.shutil, "which", programs.get)  # type: ignore[attr-defined]
    monkeypatch.setattr(subprocess, "call", call)
    with pytest.raises(SystemExit) as ended:
        setup.restart_if_old()
    assert (done, ended.value.code) == (runs, 7)


@pytest.mark.parametrize(
    "name", ["build.py", "tools/setup.py", "tools/system_packages.py", "tools/for_tests.py"]
)
def test_an_old_python_can_parse_the_file(name: str) -> None:
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 8))


# ── tools that only tests need


@pytest.fixture
def node_folder(tmp_path: Path) -> Path:
    """The folder of the packages of npm, in a tree with its lock file."""
    folder = tmp_path / "tests"
    folder.mkdir()
    lock = (ROOT / "tests" / "package-lock.json").read_bytes()
    (folder / "package-lock.json").write_bytes(lock)
    return folder


def write_program(folder: Path, name: str, commands: str) -> None:
    """Write a shell script into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{commands}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_missing_test_tools_are_named(
    tmp_path: Path,
    node_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", "")
    for_tests.install_all(tmp_path)
    browser, office, server = capsys.readouterr().out.splitlines()
    assert "Chromium" in browser
    assert "LibreOffice" in office
    assert "Node.js" in server
    assert not (node_folder / "node_modules").exists()


@pytest.mark.skipif(os.name == "nt", reason="the programs of this test are shell scripts")
def test_node_packages_are_installed_once_without_scripts(
    tmp_path: Path,
    node_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    programs = tmp_path / "bin"
    write_program(programs, "node", "")
    write_program(programs, "npm", 'echo "$PWD: $*" >&2; /bin/mkdir -p node_modules')
    monkeypatch.setenv("PATH", str(programs))
    assert for_tests.install_node_packages(tmp_path)
    assert f"{node_folder}: ci --ignore-scripts " in capfd.readouterr().err
    assert for_tests.install_node_packages(tmp_path)
    assert capfd.readouterr().err == ""
    (node_folder / "package-lock.json").write_text("{}", encoding="utf-8")
    assert for_tests.install_node_packages(tmp_path)
    assert "ci" in capfd.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="the programs of this test are shell scripts")
def test_a_failed_installation_of_node_packages_is_retried(
    tmp_path: Path,
    node_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = tmp_path / "bin"
    write_program(programs, "node", "")
    write_program(programs, "npm", "exit 1")
    monkeypatch.setenv("PATH", str(programs))
    for _ in range(2):
        assert not for_tests.install_node_packages(tmp_path)
        assert "没有装好" in capsys.readouterr().out
    assert not (node_folder / "node_modules").exists()


def test_an_installed_browser_is_not_mentioned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("google-chrome", "chromedriver"):
        write_program(tmp_path, name, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert for_tests.install_browser()
    assert capsys.readouterr().out == ""


# ── the lock file


def locked() -> dict[str, str]:
    """Return each requirement of the lock file, by name, with its continuation lines."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {re.split("[=<>~! ]", line)[0]: line for line in lines}


def test_the_lock_file_holds_only_pinned_versions_with_hashes() -> None:
    pinned = re.compile(
        r"[a-z0-9-]+==[\w.]+( ; [\w. !><='()]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    )
    assert [line for line in locked().values() if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-bench.lock"])
def test_the_lock_file_names_no_host_and_no_path(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"://|/|--(?:extra-)?index|--find|--trusted", text) == []


def test_the_lock_file_covers_all_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split("[=<>~! ]", name)[0].lower() for name in asked}
    assert names <= locked().keys()


def test_weasyprint_has_the_version_of_pyproject() -> None:
    assert locked()["weasyprint"].startswith("weasyprint==70.0 ")


# ── build.py


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a blank in its name that holds only build.py."""
    folder = tmp_path / "年 报"
    folder.mkdir()
    (folder / "build.py").write_bytes((ROOT / "build.py").read_bytes())
    return folder


def run_isolated(
    script: Path, *arguments: str, python: Path | str = sys.executable
) -> tuple[int, str]:
    """Run a script in another folder, with an interpreter that sees no installed packages."""
    options = ["-I", "-S"] if python == sys.executable else ["-I"]
    done = subprocess.run(
        [str(python), *options, str(script), *arguments],
        cwd=Path(script.anchor),
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_without_an_environment_the_message_names_make(tree: Path) -> None:
    code, output = run_isolated(tree / "build.py", "check")
    assert code == 2
    assert output == f"运行环境还没有准备好。请在 {tree} 先运行 make。\n"


@pytest.mark.skipif(os.name == "nt", reason="the interpreter of this test is a shell script")
def test_build_py_restarts_with_the_interpreter_of_the_environment(tree: Path) -> None:
    python = tree / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n', encoding="utf-8")
    python.chmod(0o755)
    code, output = run_isolated(tree / "build.py", "check", "a b", "--strict")
    assert code == 7
    assert output == f"{tree / 'build.py'}|check|a b|--strict|"


WINDOWS = """
import os, runpy, sys
os.name = "nt"
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def as_on_windows(script: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start a script that believes to be on Windows, with an interpreter without packages."""
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", WINDOWS, str(script), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


@pytest.mark.skipif(os.name == "nt", reason="the interpreter of this test is a shell script")
def test_on_windows_build_py_waits_for_the_environments_interpreter_through_ctrl_c(
    tree: Path,
) -> None:
    python = tree / ".venv" / "Scripts" / "python.exe"
    write_program(python.parent, python.name, "trap '' INT\necho $2\nsleep 1\necho end\nexit 7")
    with as_on_windows(tree / "build.py", "check") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "check\n"
        process.send_signal(signal.SIGINT)
        assert (process.stdout.read(), process.wait()) == ("end\n", 7)


def test_on_windows_the_message_names_the_script_instead_of_make(tree: Path) -> None:
    with as_on_windows(tree / "build.py", "check") as process:
        output, _ = process.communicate()
    assert (output, process.returncode) == (
        f"运行环境还没有准备好。请在 {tree} 先运行 python tools\\setup.py。\n",
        2,
    )


def test_an_empty_environment_causes_no_endless_restart(tree: Path) -> None:
    venv.create(tree / ".venv", with_pip=False)
    for python in (sys.executable, setup.venv_python(tree)):
        code, output = run_isolated(tree / "build.py", python=python)
        assert (code, "先运行 make" in output) == (2, True)


# ── the wheel and the source distribution


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `make wheel` builds, without the setup that it begins with."""
    if shutil.which("make") is None:
        pytest.skip("no make on this machine")
    folder = tmp_path_factory.mktemp("dist")
    variables = [f"VENV={Path(sys.executable).parent}", f"DIST={folder}"]
    command = ["make", "--old-file=setup", "wheel", *variables]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


def template_names() -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.*")}


def test_the_wheel_holds_schema_and_templates(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert template_names()
    assert {f"nianbao/{name}" for name in template_names()} <= names
    assert {
        "nianbao/schema.json",
        "nianbao/py.typed",
        "nianbao/rendering/fonts/tongyong8105.txt",
    } <= names
    assert not [name for name in names if name.startswith(("tests", "tools", ".fonts", ".venv"))]


def test_the_installed_wheel_checks_and_builds_a_repository_of_reports_alone(
    wheel: Path, tmp_path: Path
) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(environment)]
    install = [*pip, "install", "-qq", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # The dependencies come from the environment of the tests, so that no package index is needed.
    variables = clean_environment(PYTHONPATH=sysconfig.get_path("purelib"))
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    assert [path.name for path in root.iterdir()] == ["reports"]
    for arguments in (["check"], ["build", "--to", "html,md"]):
        done = subprocess.run(
            [environment / "bin" / "nianbao", *arguments],
            cwd=root,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert "已生成 output/2022.html\n已生成 output/2022.md\n" in done.stdout
    assert run_cli(["build", "--to", "html,md", "-o", "expected"], root).returncode == 0
    for to in ("html", "md"):
        expected = (root / "expected" / f"2022.{to}").read_bytes()
        assert (root / "output" / f"2022.{to}").read_bytes() == expected


@pytest.mark.skipif(os.name == "nt", reason="it ends the server by a signal of POSIX")
def test_the_wheel_needs_neither_fonts_nor_pango_but_for_the_pdf(
    wheel: Path, tmp_path: Path
) -> None:
    package, home, hook = tmp_path / "package", tmp_path / "home", tmp_path / "hook"
    for folder in (home, hook):
        folder.mkdir()
    (hook / "sitecustomize.py").write_text(WITHOUT_PANGO, "utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(package)
    root = write_history(tmp_path, {"2022": SEED.read_bytes()})
    variables = clean_environment(
        PYTHONPATH=os.pathsep.join([str(hook), str(package), sysconfig.get_path("purelib")]),
        HOME=str(home),
        XDG_CACHE_HOME=str(home / "cache"),
    )
    options: dict[str, Any] = {"cwd": root, "env": variables, "encoding": "utf-8"}
    program = [sys.executable, "-m", "nianbao"]
    for command in ("check", "fix", "build --to html,md", "diff", "new 2023"):
        done = subprocess.run(
            [*program, *command.split()], capture_output=True, check=False, **options
        )
        assert (done.returncode, done.stderr) == (0, ""), command
    done = subprocess.run(
        [*program, "reports/2022.yaml"], capture_output=True, check=False, **options
    )
    assert done.returncode == 1
    assert re.fullmatch(
        "没有生成 PDF：缺少排版 PDF 的系统库 Pango，.+请运行 nianbao fonts。\n", done.stderr
    )
    with subprocess.Popen([*program, "serve"], stdout=subprocess.PIPE, **options) as server:
        assert server.stdout
        (address,) = re.findall(r"http://\S+/(?=（)", server.stdout.readline())
        with urllib.request.urlopen(f"{address}report/reports/2022.yaml") as answer:
            assert answer.status == 200
        server.terminate()
    assert {path.name for path in (root / "output").iterdir()} == {"2022.html", "2022.md"}


def test_the_source_distribution_holds_what_building_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (sdist,) = tmp_path.iterdir()
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"schema.json", "Makefile", "build.py", "tools/hatch_build.py", "requirements.lock"}
    assert needed | template_names() <= names
    assert not [name for name in names if name.startswith((".fonts", ".venv", "output/2"))]
