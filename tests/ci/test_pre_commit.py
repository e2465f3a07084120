"""The hooks, run by pre-commit itself in a repository with reports."""

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
    """The configuration of a user, whose nianbao is this tree as a repository of git."""
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
    """What pre-commit says of everything that is staged.

    It makes an environment for the hooks with pip, as it does for anybody; what nianbao needs
    comes from the environment of the tests, so that no package index is asked.
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
        PIP_NO_BUILD_ISOLATION="0",  # pip turns a no into a yes here
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


def test_a_report_is_laid_out_and_not_committed_while_a_sum_is_wrong(
    hooks: str, tmp_path: Path
) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG, "unit__2022": UNTIDY})
    (root / "other.yaml").write_text("a:   {b", "utf-8")
    (root / "reports/notes.txt").write_text("a:   {b", "utf-8")
    code, said = run(root, hooks)
    assert code == 1
    assert "已整理 reports/unit/2022.yaml" in said
    assert (root / "reports/unit/2022.yaml").read_text("utf-8") == GOOD
    assert "reports/2022.yaml:46:79: 错误 A101" in said
    assert "notes.txt" not in said
    assert "other.yaml" not in said
    write_repo(tmp_path, **{"2022": GOOD})
    code, said = run(root, hooks)
    assert (code, said.count("Passed")) == (0, 2)
