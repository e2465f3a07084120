"""Reading revisions with git, which must run nothing that a repository brings."""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from nianbao.workspace.git import GitError, find_repository
from tests.diff.git_history import commit, git, write_history
from tests.support import SEED, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

GOOD = SEED.read_text("utf-8")


@pytest.mark.parametrize(
    "revision", ["-x", "--output=x", "", "a\nb", "no-such", "HEAD~9", "HEAD:reports"]
)
def test_a_revision_that_is_no_commit_is_an_error(revision: str, tmp_path: Path) -> None:
    repository = find_repository(write_history(tmp_path, {"2022": GOOD}))
    with pytest.raises(GitError):
        repository.commit_id(revision)


def test_a_file_of_a_revision_is_read_as_it_was_committed(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": b"a: 1\r\n"}, {"2022": b"a: 2\n", "unit__2021": b"x"})
    repository = find_repository(root / "reports")
    entries = repository.entries(repository.commit_id("HEAD~1"), "reports", recursive=True)
    assert repository.content(entries["reports/2022.yaml"]) == b"a: 1\r\n"
    now = repository.commit_id("main")
    assert set(repository.entries(now, "reports", recursive=True)) == {
        "reports/2022.yaml",
        "reports/unit/2021.yaml",
    }
    assert repository.entries(now, "reports", recursive=False)["reports/unit"].size is None
    assert repository.entries(now, "nowhere", recursive=True) == {}


def test_many_files_are_read_by_one_process_that_ends_with_the_block(tmp_path: Path) -> None:
    contents: dict[str, str | bytes] = {
        "a": b"",
        "b": b"x: 1",
        "c": b"1\n\n2\n" * 9999,
        "d": bytes(range(256)),
    }
    root = write_history(tmp_path, contents)
    repository = find_repository(root)
    entries = repository.entries(repository.commit_id("HEAD"), "reports", recursive=True)
    trace = tmp_path / "trace"
    with pytest.MonkeyPatch.context() as patch, repository.batch():
        patch.setenv("GIT_TRACE", str(trace))
        read = {name: repository.content(entry) for name, entry in entries.items()}
        assert pickle.loads(pickle.dumps(repository)).top == repository.top
        ends_with_the_block = repository._batch
    assert read == {f"reports/{name}.yaml": content for name, content in contents.items()}
    assert not trace.exists()
    assert ends_with_the_block is not None
    assert ends_with_the_block.returncode is not None
    # Outside of a block each file has a process of its own.
    assert repository.content(entries["reports/b.yaml"]) == b"x: 1"


@pytest.mark.parametrize("damage", ["missing", "damaged", "no file"])
def test_a_file_that_git_has_not_got_is_an_error_among_many_too(
    damage: str, tmp_path: Path
) -> None:
    root = write_history(tmp_path, {"a": b"a: 1", "b": b"b: 1", "c": b"c: 1"})
    repository = find_repository(root)
    entries = repository.entries(repository.commit_id("HEAD"), "reports", recursive=True)
    bad = entries["reports/b.yaml"]
    file = root / ".git/objects" / bad.object_id[:2] / bad.object_id[2:]
    file.unlink()
    if damage == "damaged":
        file.write_bytes(b"no object")
    elif damage == "no file":
        bad = replace(bad, object_id=repository.commit_id("HEAD"))
    with repository.batch():
        assert repository.content(entries["reports/a.yaml"]) == b"a: 1"
        with pytest.raises(GitError, match="git 读不出一个文件"):
            repository.content(bad)
        assert repository.content(entries["reports/c.yaml"]) == b"c: 1"


def test_unusual_file_names_are_listed_exactly(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"某局__2022 a\tb\n": GOOD, "*": GOOD})
    repository = find_repository(root)
    names = repository.entries(repository.commit_id("HEAD"), "reports", recursive=True)
    assert set(names) == {"reports/某局/2022 a\tb\n.yaml", "reports/*.yaml"}


def test_no_program_that_a_repository_configures_is_run(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    trap = tmp_path / "trap"
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\ntouch "{trap}"\ncat\n')
    program.chmod(0o755)
    (root / ".gitattributes").write_text("*.yaml diff=trap filter=trap\n")
    for key in ("diff.external", "diff.trap.command", "diff.trap.textconv", "filter.trap.smudge"):
        git(root, "config", key, str(program))
    git(root, "config", "core.hooksPath", str(tmp_path))
    (tmp_path / "post-checkout").symlink_to(program)
    changed = root / "reports" / "2022.yaml"
    changed.write_text(GOOD.replace("收到1条", "收到2条"), "utf-8")
    done = run_cli(["diff", "HEAD"], root)
    assert "[-1-]{+2+}" in done.stdout
    assert not trap.exists()


def test_the_history_of_a_folder_lists_each_commit_of_the_main_line(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": b"1", "某局__2022 a\tb\n": b"22"}, {"2022": b"333"})
    first, second = git(root, "rev-list", "--reverse", "HEAD").split()
    (root / "other").write_text("x")
    commit(root)  # not in the folder
    git(root, "switch", "--quiet", "--create", "side", first)
    (root / "reports/2022.yaml").unlink()
    commit(root, "2023-02-01T08:00:00+0545")
    commit(root, "2023-02-01T08:00:00+0545")
    git(root, "switch", "--quiet", "main")
    git(root, "merge", "--quiet", "--strategy", "ours", "side")
    (root / "reports/2021.yaml").symlink_to("2022.yaml")
    last = commit(root, "2023-02-01T08:00:00+0545")
    repository = find_repository(root)
    history = repository.history(last, "reports")
    assert [each.commit for each in history] == [first, second, last]
    assert history[-1].committed == "2023-02-01T08:00:00+05:45"
    sizes = [
        {path: entry and (entry.size, entry.is_link) for path, entry in each.entries.items()}
        for each in history
    ]
    assert sizes == [
        {"reports/2022.yaml": (1, False), "reports/某局/2022 a\tb\n.yaml": (2, False)},
        {"reports/2022.yaml": (3, False)},
        {"reports/2021.yaml": (9, True)},
    ]
    removed = repository.history(repository.commit_id("side"), "reports")[-1]
    assert removed.entries == {"reports/2022.yaml": None}
    assert repository.history(last, "nowhere") == []


def test_the_settings_of_a_repository_change_nothing_of_its_history(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD}, {"2022": GOOD + "# x\n"})
    repository = find_repository(root)
    before = repository.history(repository.commit_id("HEAD"), "reports")
    trap, program = tmp_path / "trap", tmp_path / "program"
    program.write_text(f'#!/bin/sh\ntouch "{trap}"\ncat\n')
    program.chmod(0o755)
    (root / ".gitattributes").write_text("*.yaml diff=trap\n")
    settings = {
        **dict.fromkeys(("diff.external", "diff.trap.textconv", "core.fsmonitor"), str(program)),
        **dict.fromkeys(("core.pager", "pager.diff-tree", "gpg.program"), str(program)),
        **dict.fromkeys(("log.showSignature", "diff.relative", "diff.renames"), "true"),
        "log.showRoot": "false",
        "color.ui": "always",
        "log.date": "relative",
        "diff.ignoreSubmodules": "all",
        "log.diffMerges": "off",
        "format.pretty": "raw",
    }
    for key, value in settings.items():
        git(root, "config", key, value)
    assert repository.history(repository.commit_id("HEAD"), "reports") == before
    assert len(before) == 2
    assert not trap.exists()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("ssh://localhost/x", "core.sshCommand"),
        ("git://localhost:1/x", "core.gitProxy"),
        ("{origin}", "remote.origin.uploadpack"),
        ("file://{origin}", "remote.origin.uploadpack"),
        ("ext::{program}", "protocol.ext.allow"),
        ("x", "remote.origin.vcs"),
        ("http://127.0.0.1:1/x", "credential.helper"),
        ("http://127.0.0.1:1/x", "core.askPass"),
    ],
)
@pytest.mark.parametrize("missing", ["tree", "blob"])
def test_no_program_is_run_to_fetch_a_missing_object(
    url: str, key: str, missing: str, tmp_path: Path
) -> None:
    root = write_history(tmp_path / "repository", {"2022": GOOD})
    trap, program = tmp_path / "trap", tmp_path / "program"
    program.write_text(f'#!/bin/sh\ntouch "{trap}"\n')
    program.chmod(0o755)
    revision = "HEAD^{tree}" if missing == "tree" else "HEAD:reports/2022.yaml"
    object_id = git(root, "rev-parse", revision).strip()
    (root / ".git/objects" / object_id[:2] / object_id[2:]).unlink()
    (root / "reports/2022.yaml").write_text(GOOD.replace("收到1条", "收到2条"), "utf-8")
    values = {
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url.format(origin=root, program=program),
        "core.repositoryFormatVersion": "1",
        key: {"protocol.ext.allow": "always", "remote.origin.vcs": "ext"}.get(key, str(program)),
    }
    for name, value in values.items():
        git(root, "config", name, value)
    done = run_cli(["diff", "HEAD"], root)
    assert not trap.exists()
    assert (done.returncode, done.stdout) == (2, "")
    assert "git fetch --refetch --no-filter" in done.stderr


def test_a_repository_whose_files_are_said_to_lie_elsewhere_is_not_read(tmp_path: Path) -> None:
    root = write_history(tmp_path / "repository", {"2022": GOOD})
    git(root, "config", "core.worktree", str(tmp_path / "elsewhere"))
    done = run_cli(["diff", "HEAD"], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "core.worktree" in done.stderr


def test_a_bare_repository_hidden_in_a_folder_is_not_read(tmp_path: Path) -> None:
    root = write_history(tmp_path, {"2022": GOOD})
    git(root / "reports", "init", "--quiet", "--bare", ".")
    trap = tmp_path / "trap"
    with (root / "reports/config").open("a") as config:
        config.write(f'[core]\n\tfsmonitor = "touch {trap}"\n')
    done = run_cli(["diff", "HEAD", "reports/2022.yaml"], root)
    assert (done.returncode, done.stdout) == (2, "")
    assert "藏着另一个 git 仓库" in done.stderr
    (root / "reports/2022.yaml").write_text(GOOD.replace("收到1条", "收到2条"), "utf-8")
    assert "[-1-]{+2+}" in run_cli(["diff", "HEAD"], root).stdout
    assert not trap.exists()


def test_without_git_files_can_still_be_compared(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD})
    done = run_cli(["diff", "HEAD"], root, PATH="/nonexistent")
    assert (done.returncode, done.stderr) == (
        2,
        "没有安装 git，不能和以前的版本比；可以写两个文件名\n",
    )
    name = "reports/2022.yaml"
    assert run_cli(["diff", name, name], root, PATH="/nonexistent").stdout == "没有变化\n"


def test_outside_of_a_repository_is_an_error(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": GOOD})
    done = run_cli(["diff", "HEAD"], root, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "这里不是 git 仓库" in done.stderr


def test_a_shallow_clone_is_explained(tmp_path: Path) -> None:
    origin = write_history(tmp_path, {"2022": GOOD}, {"2022": GOOD + "# x\n"})
    git(tmp_path, "clone", "--quiet", "--depth", "1", origin.as_uri(), "shallow")
    done = run_cli(["diff", "HEAD~1"], tmp_path / "shallow")
    assert (done.returncode, done.stdout) == (2, "")
    assert "git fetch --unshallow" in done.stderr
    commit(origin)


@pytest.mark.skipif(os.name == "nt", reason="the programs of this test are shell scripts")
def test_on_windows_a_program_in_the_working_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_history(tmp_path, {"2022": SEED.read_bytes()})
    used, wrong = tmp_path / "used", tmp_path / "wrong"
    for folder, command in ((root, f"touch {wrong}"), (tmp_path / "bin", f"touch {used}; git")):
        folder.mkdir(exist_ok=True)
        (folder / "git.exe").write_text(f'#!/bin/sh\n{command} "$@"\n', "utf-8")
        (folder / "git.exe").chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setattr(sys, "platform", "win32")
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(tmp_path / "bin"), path]))
    assert find_repository(root).top == root
    assert (used.exists(), wrong.exists()) == (True, False)
    monkeypatch.setenv("PATH", os.pathsep.join(["", "."]))
    with pytest.raises(GitError, match="没有安装 git"):
        find_repository(root)


@pytest.mark.skipif(os.name == "nt", reason="the program of this test is a shell script")
def test_on_macos_a_program_that_only_offers_to_install_git_is_no_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "xcode-select: note: no developer tools were found, requesting install."
    (tmp_path / "git").write_text(f"#!/bin/sh\necho '{message}' >&2\nexit 1\n", "utf-8")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="没有安装 git"):
        find_repository(tmp_path)


def test_a_git_that_cannot_run_is_named_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_history(tmp_path, {"2022": SEED.read_text("utf-8")})
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_bytes(b"\x7fELF, but no program")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    with pytest.raises(GitError, match="运行不了：不是能在这台机器上运行的程序"):
        find_repository(tmp_path / "repo")
