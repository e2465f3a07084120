"""Write the county as a git repository, and make its outputs and its site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from demo.county import CORRECTED, corrected, county_reports, write_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PROGRAM = (sys.executable, str(Path(__file__).resolve().parent.parent.parent / "build.py"))
_GIT = ("git", "-c", "user.name=nianbao", "-c", "user.email=demo@example.com")


class DemoError(Exception):
    """Raised if the demonstration can't be made; the message, in Chinese, says why."""


def new_folder(folder: Path) -> Path:
    """Return a folder that is empty: an earlier demonstration in it is removed.

    Raises DemoError if something else is in it.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / "units.toml").is_file() or not (folder / ".git").is_dir():
            raise DemoError(f"{folder} 里有别的文件：换一个文件夹")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_demo(folder: Path, formats: Iterable[str]) -> Path:
    """Make the repository, its outputs and its site in an empty folder; return the home page.

    `formats`: the outputs to build. Raises DemoError if a command fails.
    """
    write_repository(folder)
    _run([*_PROGRAM, "build", "-q", "--to", ",".join(formats)], folder)
    _run([*_PROGRAM, "site", "--output", "site"], folder)
    return folder / "site" / "index.html"


def write_repository(folder: Path) -> None:
    """Write the county to an empty folder: a commit for each year, and one for a correction."""
    write_settings(folder)
    (folder / ".gitignore").write_text("output/\nsite/\n", "utf-8")
    _run([*_GIT, "init", "-q", "-b", "main"], folder)
    for year, reports in groupby(county_reports(), key=lambda report: report[1]):
        for unit, _, text in reports:
            file = report_file(folder, unit.folder, year)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        _commit(folder, f"{year}年度的年报", f"{year + 1}-03-01")
        if year == CORRECTED[1]:
            file = report_file(folder, *CORRECTED)
            file.write_text(corrected(file.read_text("utf-8")), "utf-8")
            _commit(folder, "更正一个数", f"{year + 1}-05-12")


def report_file(folder: Path, unit: str, year: int) -> Path:
    """Return the path of a report. `unit`: its folder below reports/."""
    return folder / "reports" / unit / f"{year}.yaml"


def _commit(folder: Path, message: str, day: str) -> None:
    """Commit everything at nine o'clock of a day in ISO 8601."""
    date = f"{day}T09:00:00+08:00"
    environment = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    _run([*_GIT, "add", "-A"], folder)
    _run([*_GIT, "commit", "-qm", message], folder, environment)


def _run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command in a folder. Raises DemoError if it fails."""
    variables = {**os.environ, **(environment or {})}
    if subprocess.run(command, cwd=folder, env=variables, check=False).returncode:
        raise DemoError(f"没有做成：{' '.join(command)}")
