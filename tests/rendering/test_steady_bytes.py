"""The same report gives the same bytes: anywhere, at any time, in any company."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from tests.support import fixture_reports, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

REPORTS = {name: file.read_text("utf-8") for name, file in fixture_reports().items()}


def digests(root: Path) -> dict[str, str]:
    """The SHA-256 of every output by its name."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted((root / "output").iterdir())
    }


def test_two_builds_in_other_folders_zones_and_years_give_the_same_bytes(tmp_path: Path) -> None:
    here = write_repo(tmp_path / "a", **REPORTS)
    there = write_repo(tmp_path / "一个 别的文件夹", **REPORTS)
    home = tmp_path / "home"
    home.mkdir()
    first = run_cli([], here, TZ="UTC", PYTHONHASHSEED="0", SOURCE_DATE_EPOCH="0")
    second = run_cli(
        ["--output", "elsewhere"],
        there,
        TZ="Pacific/Kiritimati",
        PYTHONHASHSEED="4711",
        SOURCE_DATE_EPOCH="1893456000",
        LC_ALL="C",
        HOME=str(home),
        XDG_CACHE_HOME=str(home),
    )
    assert (first.returncode, second.returncode) == (0, 0), first.stdout + second.stdout
    shutil.move(there / "elsewhere", there / "output")
    assert len(digests(here)) == 3 * len(REPORTS)
    assert digests(here) == digests(there)


def test_a_report_built_alone_has_the_bytes_that_it_has_among_others(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **REPORTS)
    assert run_cli([], root).returncode == 0
    together = digests(root)
    shutil.rmtree(root / "output")
    last = [*REPORTS][-1]
    assert run_cli([f"reports/{last}.yaml"], root).returncode == 0
    assert len(digests(root)) == 3
    assert digests(root).items() <= together.items()
