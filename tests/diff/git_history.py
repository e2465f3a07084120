"""A scratch repository of git for the tests that compare revisions."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from tests.support import clean_environment, write_repo

if TYPE_CHECKING:
    from pathlib import Path


def git(root: Path, *arguments: str, **variables: str) -> str:
    """Run git in a repository, with variables of the environment, and return its output."""
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
        cwd=root,
        env=clean_environment(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1", **variables),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.strip()


def commit(root: Path, when: str = "") -> str:
    """Commit all files, now or at a time in ISO 8601, and return the ID of the commit."""
    dated = {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when} if when else {}
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "x", **dated)
    return git(root, "rev-parse", "HEAD")


def write_history(tmp_path: Path, *versions: dict[str, str | bytes]) -> Path:
    """A repository whose commits have these reports, by name without suffix; its root."""
    root = write_repo(tmp_path)
    git(root, "init", "--quiet", "--initial-branch", "main")
    for version in versions:
        write_repo(tmp_path, **version)
        commit(root)
    return root
