"""The shell scripts of CI jobs, run in a repository with a report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.ci.test_comment import FakeHost, served
from tests.support import ROOT, SEED, clean_environment, write_repo

if TYPE_CHECKING:
    from pathlib import Path

GOOD = SEED.read_text("utf-8")
WRONG = GOOD.replace("本年新收:           {自然人: 0", "本年新收:           {自然人: 3")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts of a POSIX shell")


def run(
    script: str, cwd: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a script of ci/; its `python3` is the one that runs the tests."""
    programs = cwd.parent / "bin"
    programs.mkdir(exist_ok=True)
    (programs / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (programs / "python3").chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [str(ROOT / "ci" / script), *arguments],
        cwd=cwd,
        env={**clean_environment(NIANBAO_FONTS=str(ROOT / ".fonts"), **variables), "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def git(cwd: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=cwd, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


def commit(root: Path, **reports: str) -> str:
    """Commit reports; return the commit."""
    write_repo(root.parent, **reports)
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "x")
    return git(root, "rev-parse", "HEAD")


def test_a_wrong_report_fails_the_check_with_an_annotation(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG})
    done = run("reports.sh", root, "check", GITHUB_ACTIONS="true")
    assert done.returncode == 1
    assert re.search(r"^::error file=reports/2022.yaml,line=46,", done.stdout, re.MULTILINE)
    write_repo(tmp_path, **{"2022": GOOD})
    assert run("reports.sh", root, "check").returncode == 0
    assert run("reports.sh", root, "check", STRICT="true").returncode == 1


def test_gitlab_gets_its_own_report_in_addition_to_the_text(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG})
    done = run("reports.sh", root, "check", GITLAB_CI="true")
    assert done.returncode == 1
    assert "错误 A101" in done.stdout
    found = json.loads((root / "gl-code-quality-report.json").read_text("utf-8"))
    assert "A101" in {each["check_name"] for each in found}


def test_outputs_lie_in_the_folder_and_no_annotation_is_printed_twice(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD, "unit__2022": WRONG})
    out = tmp_path / "产出"
    done = run("reports.sh", root, "build", str(out), GITHUB_ACTIONS="true")
    assert done.returncode == 1
    assert sorted(file.name for file in out.rglob("*")) == ["2022.html", "2022.md", "2022.pdf"]
    first, *rest, last = done.stdout.strip().split("\n")
    assert first.removeprefix("::stop-commands::") == last.strip(":")
    assert len(last) == 36
    assert last not in rest


def test_wrong_arguments_print_the_usage(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD})
    for arguments in ((), ("build",), ("publish", "x"), ("check", "--help")):
        done = run("reports.sh", root, *arguments)
        assert (done.returncode, "用法" in done.stderr) == (2, True)


@pytest.mark.parametrize("revision", ["HEAD^1", "--output=x", "nonsense"])
def test_an_unknown_revision_is_an_error(tmp_path: Path, revision: str) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    done = run("reports.sh", root, "comment", revision, str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"取不到 {revision} 这次提交")
    assert not (tmp_path / "out").exists()


def test_the_comment_lists_the_changes_of_the_merge(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    commit(root, **{"2022": WRONG})
    out = tmp_path / "out"
    done = run("reports.sh", root, "comment", "HEAD^1", str(out), GITHUB_ACTIONS="true")
    assert (done.returncode, done.stdout) == (0, "")
    comment = (out / "comment.md").read_text("utf-8")
    assert "A101" in comment
    assert "::stop-commands::" not in comment
    assert 0 < len(comment) < 60_000
    assert not (out / "unchanged").exists()


def test_a_merge_without_changed_reports_is_marked_unchanged(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    (root / "README.md").write_text("x")
    commit(root)
    out = tmp_path / "out"
    assert run("reports.sh", root, "comment", "HEAD^1", str(out)).returncode == 0
    assert sorted(file.name for file in out.iterdir()) == ["comment.md", "unchanged"]


def checkout(tmp_path: Path) -> str:
    """Return GitLab's script in a copy of this repository whose setup does nothing."""
    home = tmp_path / "nianbao"
    for name in ("ci", "nianbao", "templates"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("build.py", "schema.json", "pyproject.toml"):
        shutil.copy(ROOT / name, home)
    (home / "Makefile").write_text("setup:\n")
    return str(home / "ci" / "gitlab.sh")


def test_the_gitlab_job_runs_every_step_and_then_fails(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD, "unit__2022": WRONG})
    done = run(checkout(tmp_path), root, GITLAB_CI="true")
    assert done.returncode == 1
    assert (root / "nianbao-output" / "2022.pdf").exists()
    assert not (root / "nianbao-output" / "unit").exists()
    assert (root / "gl-code-quality-report.json").exists()
    assert not (root / "nianbao-comment").exists()  # no merge request


def test_the_job_of_a_merge_request_posts_a_note_if_it_has_a_token(tmp_path: Path) -> None:
    script = checkout(tmp_path)
    root = write_repo(tmp_path)
    base = commit(root, **{"2022": GOOD})
    commit(
        root,
        **{
            "2022": GOOD.replace(
                "行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: 3}"
            )
        },
    )
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", "clone")
    variables = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    variables |= {"CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "4", "CI_COMMIT_SHA": "0" * 40}
    done = run(script, tmp_path / "clone", **variables)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "clone" / "nianbao-comment" / "comment.md").exists()
    host = FakeHost()
    with served(host) as address:
        variables |= {"CI_API_V4_URL": address, "CI_JOB_URL": address, "NIANBAO_TOKEN": "secret"}
        done = run(script, tmp_path / "clone", **variables)
    assert done.returncode == 0, done.stderr
    ((method, path, body),) = host.sent
    assert (method, path) == ("POST", "/projects/3/merge_requests/4/notes")
    assert "行政处罚" in body
