"""The hooks, run by pre-commit in a repository with reports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.ci.test_scripts import GOOD, WRONG, git
from tests.support import ROOT, clean_environment, write_repo

UNTIDY = GOOD.replace("年度: 2022", "年度:   2022")
CONFIG = """
repos:
  - repo: {home}
    rev: {commit}
    hooks:
      - id: nianbao-fmt
      - id: nianbao-check
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX paths")


@pytest.fixture
def hooks(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The configuration of a user; the repository of the hooks is a copy of this one."""
    home = tmp_path_factory.mktemp("home") / "nianbao"
    for name in ("nianbao", "templates", "tools"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "schema.json", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, home)
    git(home, "init", "--quiet")
    git(home, "add", "--all")
    git(home, "commit", "--quiet", "--message", "x")
    return CONFIG.format(home=home, commit=git(home, "rev-parse", "HEAD"))


def run(root: Path, hooks: str) -> tuple[int, str]:
    """Run pre-commit on all files; return exit code and output.

    It installs the hooks with pip; the dependencies come from the environment of the tests, so
    that no package index is needed.
    """
    (root / ".pre-commit-config.yaml").write_text(hooks, "utf-8")
    if not (root / ".git").exists():
        git(root, "init", "--quiet")
    git(root, "add", "--all")
    variables = clean_environment(
        PRE_COMMIT_HOME=str(root.parent / "cache"),
        PYTHONPATH=sysconfig.get_path("purelib"),
        PIP_NO_INDEX="1",
        PIP_NO_DEPS="1",
        PIP_NO_BUILD_ISOLATION="0",  # pip inverts this variable
        PRE_COMMIT_COLOR="never",
    )
    done = subprocess.run(
        [Path(sys.executable).parent / "pre-commit", "run"],
        cwd=root,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_report_is_formatted_and_a_wrong_total_prevents_the_commit(
    hooks: str, tmp_path: Path
) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG, "unit__2022": UNTIDY})
    (root / "other.yaml").write_text("a:   {b", "utf-8")
    (root / "reports/notes.txt").write_text("a:   {b", "utf-8")
    code, output = run(root, hooks)
    assert code == 1
    assert "已整理 reports/unit/2022.yaml" in output
    assert (root / "reports/unit/2022.yaml").read_text("utf-8") == GOOD
    assert "reports/2022.yaml:46:79: 错误 A101" in output
    assert "notes.txt" not in output
    assert "other.yaml" not in output
    write_repo(tmp_path, **{"2022": GOOD})
    code, output = run(root, hooks)
    assert (code, output.count("Passed")) == (0, 2)
