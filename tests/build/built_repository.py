"""A repository that was built once, and what tests ask of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nianbao.build.manifest import manifest_file
from tests.support import SEED, run_cli, run_python, write_repo

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

TEXT = SEED.read_text("utf-8")
WRONG_TOTAL = TEXT.replace("{自然人: 0", "{自然人: 7", 1)
MD = ["build", "--to", "md"]


def write_built_repository(tmp_path: Path) -> Path:
    """Write three reports, one with a wrong total, and build them to Markdown; return the root."""
    root = write_repo(tmp_path, 甲__2022=TEXT, 乙__2022=TEXT, 丙__2022=WRONG_TOTAL)
    assert written(run_cli(MD, root).stdout) == ["乙/2022.md", "甲/2022.md"]
    return root


def outputs(root: Path) -> dict[str, bytes]:
    """Return the content of every output, by its path below output/."""
    files = [file for file in (root / "output").rglob("*") if file.is_file()]
    return {file.relative_to(root / "output").as_posix(): file.read_bytes() for file in files}


def written(stdout: str) -> list[str]:
    """Return the outputs that a build lists as made."""
    lines = [line for line in stdout.splitlines() if line.startswith("已生成 ")]
    return [line.removeprefix("已生成 output/").partition("（")[0] for line in lines]


def recorded_reports(root: Path) -> list[str]:
    """Return the names of the reports in the manifest."""
    _, *lines = manifest_file(root / "output").read_text("utf-8").splitlines()
    return [json.loads(line.partition(" ")[2])[0] for line in lines]


def run_with_fault(fault: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program after Python code that breaks a part of it."""
    start = "import sys; from nianbao.cli.main import main; main(sys.argv[1:])"
    return run_python(f"{fault}\n{start}", root, *arguments)
