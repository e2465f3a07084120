"""Setting a machine up: what is decided, the lock file, build.py's way home, and what is packed."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import for_tests
import setup
import system_packages
from setup import Found, Plan, Stamp

ROOT = Path(__file__).resolve().parent.parent
NOTHING = Plan(create=False, dependencies=False, project=False)
EVERYTHING = Plan(create=True, dependencies=True, project=True)
HELD = {"click": "8.5.1", "pip": "26.0"}
STAMP = Stamp("/tree", "lock", "project", HELD)
FOUND = Found((3, 11), HELD, "")
WANTED = Stamp("/tree", "lock", "project", {})


def test_a_tree_that_is_ready_needs_nothing() -> None:
    assert setup.decide(STAMP, FOUND, WANTED) == NOTHING


def test_packages_added_by_hand_are_left_alone() -> None:
    found = Found((3, 12), {**HELD, "ipython": "9.0"}, "")
    assert setup.decide(STAMP, found, WANTED) == NOTHING


@pytest.mark.parametrize(
    ("stamp", "found", "plan"),
    [
        (None, None, EVERYTHING),
        (STAMP, None, EVERYTHING),
        (STAMP, Found((3, 9), HELD, ""), EVERYTHING),
        (Stamp("/moved", "lock", "project", HELD), FOUND, EVERYTHING),
        (None, FOUND, Plan(create=False, dependencies=True, project=True)),
        (Stamp("/tree", "old", "project", HELD), FOUND, Plan(False, True, True)),
        (Stamp("/tree", "lock", "old", HELD), FOUND, Plan(False, False, True)),
        (STAMP, Found((3, 11), {"pip": "26.0"}, ""), Plan(False, True, True)),
        (STAMP, Found((3, 11), {**HELD, "click": "7.0"}, ""), Plan(False, True, True)),
    ],
    ids=[
        *("first time", "interpreter gone", "too old", "tree moved", "no stamp", "lock renewed"),
        *("project changed", "package removed", "package replaced"),
    ],
)
def test_what_is_missing_is_done(stamp: Stamp | None, found: Found | None, plan: Plan) -> None:
    assert setup.decide(stamp, found, WANTED) == plan


def test_the_stamp_follows_the_content_of_lock_and_project(tmp_path: Path) -> None:
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text("1", encoding="utf-8")
    first = setup.wanted_stamp(tmp_path, {})
    os.utime(tmp_path / "requirements.lock", (0, 0))
    assert setup.wanted_stamp(tmp_path, {}) == first
    (tmp_path / "requirements.lock").write_text("2", encoding="utf-8")
    assert setup.wanted_stamp(tmp_path, {}) != first


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"root": 1, "more": 2}'])
def test_a_stamp_that_cannot_be_read_is_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "stamp").write_text(content, encoding="utf-8")
    assert setup.read_stamp(tmp_path / "stamp") is None


def test_an_environment_without_pip_counts_as_none(tmp_path: Path) -> None:
    assert setup.look(tmp_path) is None
    venv.create(tmp_path / ".venv", with_pip=False)
    assert setup.look(tmp_path) is None


def test_where_no_environment_can_be_made_the_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_args, **_more: 1)
    monkeypatch.setattr(system_packages, "install", lambda _packages: False)
    package = f"python3.{sys.version_info.minor}-venv"
    monkeypatch.setattr(system_packages, "advice", lambda packages, _brew: f"apt {packages[0]}")
    with pytest.raises(setup.SetupFailed, match=f"apt {re.escape(package)}"):
        setup.create(tmp_path)


def test_missing_libraries_are_named_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_packages, "install", lambda _packages: False)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name)  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "platform", "linux")
    found = Found((3, 11), HELD, "OSError: cannot load library 'libpango-1.0-0'\nmore")
    assert not setup.libraries(ROOT, found)
    said = capsys.readouterr().out
    assert "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0" in said
    assert "照常进行" in said
    assert "more" not in said


def test_libraries_that_are_there_are_not_spoken_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.libraries(ROOT, FOUND)
    assert capsys.readouterr().out == ""


def test_macos_is_reported_of_brew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert system_packages.advice(setup.PANGO, ["pango"]) == "brew install pango"


def test_without_apt_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert system_packages.prefix() is None
    assert not system_packages.install(["libpango-1.0-0"])


def test_a_newer_python_on_the_path_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[list[str]] = []
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(setup.shutil, "which", {"python3.13": "/a", "python3.12": "/b"}.get)  # type: ignore[attr-defined]
    # The first is a shim for a version that isn't installed.
    monkeypatch.setattr(subprocess, "call", lambda command, **_more: int(command[0] == "/a"))
    monkeypatch.setattr(os, "execv", lambda path, command: runs.append([path, *command[:2]]))
    with pytest.raises(SystemExit, match=r"需要 Python 3\.11"):
        setup.restart_if_old()  # goes on only because execv does nothing here
    assert runs == [["/b", "/b", setup.__file__]]


@pytest.mark.parametrize(
    "name", ["build.py", "tools/setup.py", "tools/system_packages.py", "tools/for_tests.py"]
)
def test_an_old_python_gets_as_far_as_the_message(name: str) -> None:
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 8))


# ── what only the tests need


@pytest.fixture
def editor(tmp_path: Path) -> Path:
    """A tree with the lock file of the language server; the folder of that."""
    folder = tmp_path / "tests" / "editor"
    folder.mkdir(parents=True)
    (folder / "package-lock.json").write_bytes(
        (ROOT / "tests" / "editor" / "package-lock.json").read_bytes()
    )
    return folder


def stand_in(folder: Path, name: str, does: str) -> None:
    """Put a program of this name into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_what_the_tests_lack_is_named_and_they_go_on(
    tmp_path: Path,
    editor: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", "")
    for_tests.prepare(tmp_path)
    browser, server = capsys.readouterr().out.splitlines()
    assert "Chromium" in browser
    assert "Node.js" in server
    assert not (editor / "node_modules").exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_the_language_server_is_fetched_once_and_runs_no_scripts(
    tmp_path: Path, editor: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    programs = tmp_path / "bin"
    stand_in(programs, "node", "")
    stand_in(programs, "npm", 'echo "$PWD: $*" >&2; /bin/mkdir -p node_modules')
    monkeypatch.setenv("PATH", str(programs))
    assert for_tests.language_server(tmp_path)
    assert f"{editor}: ci --ignore-scripts " in capfd.readouterr().err
    assert for_tests.language_server(tmp_path)
    assert capfd.readouterr().err == ""
    (editor / "package-lock.json").write_text("{}", encoding="utf-8")
    assert for_tests.language_server(tmp_path)
    assert "ci" in capfd.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_a_language_server_that_could_not_be_fetched_is_tried_again(
    tmp_path: Path,
    editor: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = tmp_path / "bin"
    stand_in(programs, "node", "")
    stand_in(programs, "npm", "exit 1")
    monkeypatch.setenv("PATH", str(programs))
    for _ in range(2):
        assert not for_tests.language_server(tmp_path)
        assert "没有装好" in capsys.readouterr().out
    assert not (editor / "node_modules").exists()


def test_a_browser_that_is_there_is_not_spoken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("google-chrome", "chromedriver"):
        stand_in(tmp_path, name, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert for_tests.browser()
    assert capsys.readouterr().out == ""


# ── the lock file


def locked() -> dict[str, str]:
    """Return each requirement of the lock file, by name, with its continuation lines."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {re.split("[=<>~! ]", line)[0]: line for line in lines}


def test_everything_is_pinned_with_hashes_and_nothing_else_stands_there() -> None:
    pinned = re.compile(
        r"[a-z0-9-]+==[\w.]+( ; [\w. !><='()]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    )
    assert [line for line in locked().values() if not pinned.fullmatch(line)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-bench.lock"])
def test_no_host_and_no_path_stands_in_the_lock(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"://|/|--(?:extra-)?index|--find|--trusted", text) == []


def test_the_lock_covers_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.split("[=<>~! ]", name)[0].lower() for name in asked}
    assert names <= locked().keys()


def test_weasyprint_is_the_pinned_one() -> None:
    assert locked()["weasyprint"].startswith("weasyprint==70.0 ")


# ── build.py


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with nothing but build.py, its name not plain."""
    folder = tmp_path / "年 报"
    folder.mkdir()
    (folder / "build.py").write_bytes((ROOT / "build.py").read_bytes())
    return folder


def bare(script: Path, *arguments: str, python: Path | str = sys.executable) -> tuple[int, str]:
    """Run a script by an interpreter that sees no installed packages, from another folder."""
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


def test_without_an_environment_the_user_is_sent_to_make(tree: Path) -> None:
    code, said = bare(tree / "build.py", "check")
    assert code == 2
    assert said == f"运行环境还没有准备好。请在 {tree} 先运行 make。\n"


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for the interpreter is a shell script")
def test_it_runs_itself_again_with_the_environment(tree: Path) -> None:
    python = tree / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n', encoding="utf-8")
    python.chmod(0o755)
    code, said = bare(tree / "build.py", "check", "a b", "--strict")
    assert code == 7
    assert said == f"{tree / 'build.py'}|check|a b|--strict|"


def test_an_empty_environment_is_not_run_again_for_ever(tree: Path) -> None:
    venv.create(tree / ".venv", with_pip=False)
    for python in (sys.executable, setup.venv_python(tree)):
        code, said = bare(tree / "build.py", python=python)
        assert (code, "先运行 make" in said) == (2, True)


# ── what is packed


def test_wheel_and_sdist_carry_the_form_and_the_templates(tmp_path: Path) -> None:
    build = "from hatchling import build; build.build_{}('{}')"
    folder = tmp_path.as_posix()
    for kind in ("sdist", "wheel"):
        command = [sys.executable, "-c", build.format(kind, folder)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    (sdist,) = tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    templates = {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.*")}
    assert templates
    assert {f"nianbao/{name}" for name in templates} <= packed
    assert {
        "nianbao/schema.json",
        "nianbao/py.typed",
        "nianbao/rendering/fonts/tongyong8105.txt",
    } <= packed
    assert not [name for name in packed if name.startswith(("tests", "tools", ".fonts", ".venv"))]
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"schema.json", "Makefile", "build.py", "tools/hatch_build.py", "requirements.lock"}
    assert needed | templates <= names
    assert not [name for name in names if name.startswith((".fonts", ".venv", "output/2"))]
