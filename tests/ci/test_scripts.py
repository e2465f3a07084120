"""The shell of the robots, run as they run it, in a repository with a report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nianbao.cli.options import nianbao as program
from tests.ci.test_comment import World, served
from tests.support import ROOT, SEED, clean_environment, write_repo

GOOD = SEED.read_text("utf-8")
WRONG = GOOD.replace("本年新收:           {自然人: 0", "本年新收:           {自然人: 3")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts of a POSIX shell")
with_diff = pytest.mark.skipif("diff" not in program.commands, reason="diff is not there yet")


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


def post(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run comment.py as the job with the token runs it."""
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "ci" / "comment.py"), *arguments],
        env=clean_environment(no_proxy="*", **variables),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def git(cwd: Path, *arguments: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *who, *arguments], cwd=cwd, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


def commit(root: Path, **reports: str) -> str:
    """Put reports into a repository; the commit."""
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


def test_a_code_quality_report_for_gitlab_is_written(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": WRONG})
    report = tmp_path / "quality.json"
    assert run("reports.sh", root, "quality", str(report)).returncode == 0
    found = json.loads(report.read_text("utf-8"))
    assert "A101" in {each["check_name"] for each in found}


def test_what_is_built_lies_in_the_folder_and_no_annotation_is_shown_twice(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD, "unit__2022": WRONG})
    out = tmp_path / "产出"
    done = run("reports.sh", root, "build", str(out), GITHUB_ACTIONS="true")
    assert done.returncode == 1
    assert sorted(file.name for file in out.rglob("*")) == ["2022.html", "2022.md", "2022.pdf"]
    first, *rest, last = done.stdout.strip().split("\n")
    assert first.removeprefix("::stop-commands::") == last.strip(":")
    assert len(last) == 36
    assert last not in rest


def test_the_site_has_the_files_of_reports_and_the_changes(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    for text in (
        GOOD,
        GOOD.replace("行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: 3}"),
    ):
        commit(root, **{"2022": text})
    out = tmp_path / "网站"
    done = run("reports.sh", root, "site", str(out), GITHUB_ACTIONS="true")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"2022.html", "2022.pdf", "2022.docx", "index.html"} <= {f.name for f in out.iterdir()}
    page = (out / "unit.html").read_text("utf-8")
    assert 'href="2022.pdf"' in page
    assert "2 → 3" in (out / "changes.html").read_text("utf-8")
    assert run("reports.sh", root, "site", str(root / "site")).returncode == 1


def test_no_site_is_made_where_a_report_has_errors(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD, "unit__2022": WRONG})
    assert run("reports.sh", root, "site", str(tmp_path / "site")).returncode == 1
    assert not (tmp_path / "site").exists()


def test_a_script_that_is_called_otherwise_says_how(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD})
    for arguments in ((), ("build",), ("publish", "x"), ("check", "--help"), ("quality",)):
        done = run("reports.sh", root, *arguments)
        assert (done.returncode, "用法" in done.stderr) == (2, True)


@pytest.mark.parametrize("revision", ["HEAD^1", "--output=x", "nonsense"])
def test_a_revision_that_is_not_there_is_reported(tmp_path: Path, revision: str) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    done = run("reports.sh", root, "comment", revision, str(tmp_path / "out"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"取不到 {revision} 这次提交")
    assert not (tmp_path / "out").exists()


@with_diff
def test_the_comment_says_what_the_merge_changes(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    commit(root, **{"2022": WRONG})
    out = tmp_path / "out"
    done = run("reports.sh", root, "comment", "HEAD^1", str(out), GITHUB_ACTIONS="true")
    assert (done.returncode, done.stdout) == (0, "")
    reported = (out / "comment.md").read_text("utf-8")
    assert "A101" in reported
    assert "::stop-commands::" not in reported
    assert 0 < len(reported) < 60_000
    assert not (out / "unchanged").exists()


@with_diff
def test_a_merge_that_leaves_the_reports_alone_says_so(tmp_path: Path) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    (root / "README.md").write_text("x")
    commit(root)
    out = tmp_path / "out"
    assert run("reports.sh", root, "comment", "HEAD^1", str(out)).returncode == 0
    assert sorted(file.name for file in out.iterdir()) == ["comment.md", "unchanged"]


def checkout(tmp_path: Path) -> str:
    """GitLab's script in a copy of this tree whose set-up is done: that is tested elsewhere."""
    home = tmp_path / "nianbao"
    for name in ("ci", "nianbao", "templates"):
        shutil.copytree(ROOT / name, home / name)
    for name in ("build.py", "schema.json", "pyproject.toml"):
        shutil.copy(ROOT / name, home)
    (home / "Makefile").write_text("setup:\n")
    return str(home / "ci" / "gitlab.sh")


def test_the_job_of_gitlab_does_everything_and_then_fails(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD, "unit__2022": WRONG})
    done = run(checkout(tmp_path), root, GITLAB_CI="true")
    assert done.returncode == 1
    artifacts = root / "nianbao-artifacts"
    assert (artifacts / "output" / "2022.pdf").exists()
    assert not (artifacts / "output" / "unit").exists()
    assert (artifacts / "gl-code-quality-report.json").exists()
    assert not (artifacts / "comment").exists()  # no merge request


@with_diff
def test_the_job_of_a_merge_request_posts_a_note_where_it_has_a_token(tmp_path: Path) -> None:
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
    clone = tmp_path / "clone"
    variables = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    done = run(script, clone, **variables)
    assert done.returncode == 0, done.stderr
    comment = clone / "nianbao-artifacts" / "comment"
    assert (comment / "comment.md").exists()
    world = World()
    variables |= {"CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "4", "CI_COMMIT_SHA": "0" * 40}
    with served(world) as address:
        variables |= {"CI_API_V4_URL": address, "CI_JOB_URL": address, "NIANBAO_TOKEN": "secret"}
        done = post(str(comment), **variables)
    assert done.returncode == 0, done.stderr
    ((method, path, body),) = world.sent
    assert (method, path) == ("POST", "/projects/3/merge_requests/4/notes")
    assert "行政处罚" in body


# ── what a merge request may bring


def hostile_checkout(tmp_path: Path, names: tuple[str, ...], target: Path) -> Path:
    """A repository of reports in which `names` are links to `target`."""
    root = write_repo(tmp_path, **{"2022": WRONG})
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(target)
    return root


# Each group is one repository. `output` stands alone: the program itself refuses it.
WRITTEN = {
    "whole": (
        *("nianbao-artifacts", "gl-code-quality-report.json", "nianbao-output"),
        *("nianbao-comment", ".nianbao.tmp", "comment.md"),
    ),
    "inside": ("nianbao-artifacts/comment", "nianbao-artifacts/gl-code-quality-report.json"),
    "output": ("output",),
}


@pytest.mark.parametrize("names", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("kind", ["file", "folder", "the script that runs"])
def test_the_job_of_gitlab_writes_through_no_link(
    tmp_path: Path, names: tuple[str, ...], kind: str
) -> None:
    script = checkout(tmp_path)
    if kind == "folder":
        target = tmp_path / "target"
        target.mkdir()
    elif kind == "file":
        target = tmp_path / "target"
        target.write_text("before")
    else:
        target = Path(script).parent / "reports.sh"
    before = snapshot(tmp_path / "target", Path(script).parent)
    root = hostile_checkout(tmp_path, names, target)
    done = run(script, root, GITLAB_CI="true")
    assert done.returncode == 1
    assert "错误 A101" in done.stdout
    assert snapshot(tmp_path / "target", Path(script).parent) == before
    artifacts = root / "nianbao-artifacts"
    assert not artifacts.is_symlink()
    assert [path for path in artifacts.rglob("*") if path.is_symlink()] == []
    assert json.loads((artifacts / "gl-code-quality-report.json").read_text("utf-8"))


def snapshot(*places: Path) -> dict[Path, bytes | None]:
    """The content of files and the names of folders in and below some places."""
    return {
        path: path.read_bytes() if path.is_file() else None
        for place in places
        for path in (place, *place.rglob("*"))
        if path.exists()
    }


def test_the_first_job_of_gitlab_hands_no_token_to_any_program(tmp_path: Path) -> None:
    script = Path(checkout(tmp_path))
    log = tmp_path / "environments"
    for name in ("reports.sh", "comment.py"):
        (script.parent / name).write_text(f'#!/bin/sh\nenv >> "{log}"\nmkdir -p "$3" || :\n')
    (script.parent.parent / "Makefile").write_text(f'setup:\n\tenv >> "{log}"\n')
    root = write_repo(tmp_path, **{"2022": GOOD})
    done = run(str(script), root, GITLAB_CI="true", NIANBAO_TOKEN="very-secret")
    assert done.returncode == 0, done.stderr
    assert log.read_text("utf-8").count("GITLAB_CI=true") == 4
    assert "very-secret" not in log.read_text("utf-8")


def test_file_names_are_no_commands(tmp_path: Path) -> None:
    names = [
        *(
            "$(touch trap)",
            "`touch trap`",
            "; touch trap #",
            "--output=trap",
            "-rf",
            "a b\n::error::x",
        ),
        *("::stop-commands::x", "\x1b[31m", "*", "'\"", "|touch trap"),
    ]
    root = write_repo(tmp_path, **dict.fromkeys(names, WRONG))
    commit(root, **dict.fromkeys(names, GOOD))
    commit(root, **dict.fromkeys(names, WRONG))
    out = tmp_path / "out"
    out.mkdir()
    for number, arguments in enumerate(
        (("check",), ("quality", "q.json"), ("build", "o"), ("comment", "HEAD^1", "c"))
    ):
        last = [str(out / arguments[-1])] if number else []
        done = run("reports.sh", root, *arguments[: len(arguments) - len(last)], *last)
        assert done.returncode in (0, 1), done.stderr
        assert not re.search(r"^::(?!error |warning )", done.stdout, re.MULTILINE)
    assert not [*root.rglob("trap"), *tmp_path.glob("trap")]


@pytest.mark.parametrize("command", ["quality", "build", "comment"])
def test_only_a_new_place_outside_the_repository_is_written_to(
    tmp_path: Path, command: str
) -> None:
    root = write_repo(tmp_path)
    commit(root, **{"2022": GOOD})
    arguments = [command, *(["HEAD"] if command == "comment" else [])]
    inside = root / "new"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    linked = tmp_path / "way-in"
    linked.symlink_to(root)
    for place in (inside, link, tmp_path, linked / "new", tmp_path / "no" / "such"):
        done = run("reports.sh", root, *arguments, str(place))
        assert (done.returncode, done.stdout) == (1, "")
        assert any(word in done.stderr for word in ("已经有了", "仓库里面", "没有"))
    assert not inside.exists()
    assert not (tmp_path / "elsewhere").exists()
