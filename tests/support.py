"""Helpers for tests of several folders: sample reports, repositories, runs of the program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nianbao.checks.checker import CheckResult, check_file
from nianbao.preview.caches import clear_caches
from nianbao.workspace.discovery import ReportFile
from nianbao.workspace.settings import Settings
from tests.program_server import run_in_fork

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Finding

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "reports" / "2022.yaml"
FIXTURES = ROOT / "tests" / "fixtures" / "reports"
# Seconds that a run of the program may take.
TIMEOUT = 120
# A machine without Pango, which WeasyPrint loads through cffi: run this before the program.
WITHOUT_PANGO = """
import cffi

load = cffi.FFI.dlopen


def dlopen(self, name, *flags):
    if name and "pango" in str(name):
        raise OSError(f"cannot load library '{name}'")
    return load(self, name, *flags)


cffi.FFI.dlopen = dlopen
"""


def fixture_reports() -> dict[str, Path]:
    """Return the three sample reports by name: the seed, a large city, the 2019 edition."""
    return {"2022": SEED, **{file.stem: file for file in sorted(FIXTURES.glob("*.yaml"))}}


def put(data: dict[str, Any], pointer: tuple[str | int, ...], value: object) -> None:
    """Set a value in nested mappings."""
    parent: Any = data
    for key in pointer[:-1]:
        parent = parent.setdefault(key, {})
    parent[pointer[-1]] = value


def write_repo(tmp_path: Path, **reports: str | bytes) -> Path:
    """Write a repository with reports, by name without suffix, and return its root.

    Text is written as UTF-8; a double underscore in a name separates folders: `unit__2022`.
    """
    root = tmp_path / "repo"
    (root / "reports").mkdir(parents=True, exist_ok=True)
    for name, content in reports.items():
        file = root / "reports" / (name.replace("__", "/") + ".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def create_empty_files(*names: str) -> None:
    """Create empty files, with their folders, in the working folder."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("", encoding="utf-8")


def create_symlink(path: Path, target: Path | str) -> None:
    """Create a symbolic link, with its folder; skip the test if the system has none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("no symbolic links here")


def clean_environment(**variables: str) -> dict[str, str]:
    """Return the environment of a plain shell, in UTF-8, without variables of Python or colours."""
    kept = {"PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "SYSTEMROOT", "USERPROFILE", "TEMP", "TMP"}
    clean = {name: value for name, value in os.environ.items() if name in kept}
    return {**clean, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", **variables}


def run_python(
    code: str, cwd: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run Python code in a new process that can import nianbao."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=clean_environment(PYTHONPATH=str(ROOT), **variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT,
    )


def run_cli(
    arguments: list[str], cwd: Path, *, encoding: str = "utf-8", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `build.py` in `cwd`, in a clean environment plus `variables`.

    On Linux the process is a fork in which the program is loaded already, except with variables
    that Python reads when it starts.
    """
    environment = clean_environment(**variables)
    at_start = any(name.startswith("PYTHON") or name in {"LC_ALL", "TZ"} for name in variables)
    if sys.platform == "linux" and not at_start:
        return run_in_fork(arguments, cwd, environment, encoding, TIMEOUT)
    return subprocess.run(
        [sys.executable, str(ROOT / "build.py"), *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding=encoding,
        check=False,
        timeout=TIMEOUT,
    )


@contextmanager
def schema_in_use(schema: object, folder: Path) -> Iterator[None]:
    """Replace schema.json by another schema, which is written to `folder`, for a `with` block."""
    file = folder / "schema.json"
    file.write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nianbao.model.schema.resource", lambda _name: file)
        clear_caches()
        try:
            yield
        finally:
            clear_caches()


def check_text(content: str | bytes, tmp_path: Path) -> CheckResult:
    """Check a report of this content, as the command `check` does."""
    file = write_repo(tmp_path, report=content) / "reports" / "report.yaml"
    named = ReportFile(file, "reports/report.yaml", Path("report"))
    return check_file(named, Settings())


def structural_findings(checked: CheckResult) -> list[Finding]:
    """Return the findings about the file and its structure, without those of rules."""
    return [finding for finding in checked.findings if finding.rule.startswith("S")]
