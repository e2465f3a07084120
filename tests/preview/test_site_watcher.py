"""The files that the site depends on are watched, at little cost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nianbao.preview.site_watcher import SiteWatcher
from nianbao.preview.watcher import stamps
from tests.diff.git_history import commit, git
from tests.support import SEED, write_repo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATIENCE = 10


def becomes_true(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_reports_units_settings_and_templates_are_watched(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    watcher = SiteWatcher(root)
    watcher.file_stamps()
    names = ("reports/2022.yaml", "reports/new/2021.yaml", "units.toml", "nianbao.toml")
    for name in (*names, "templates/site/home.html"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        for text in ("new", "changed again"):
            file.write_text(text, "utf-8")
            stamp = stamps([file])[file]
            assert becomes_true(lambda: watcher.file_stamps().get(file) == stamp), name  # noqa: B023
    file = root / "reports" / "2022.yaml"
    file.unlink()
    assert becomes_true(lambda: file not in watcher.file_stamps())


def test_a_commit_alone_is_noticed_in_a_worktree_too(tmp_path: Path) -> None:
    root = write_repo(tmp_path / "main", **{"2022": SEED.read_bytes()})
    git(root, "init", "--quiet")
    commit(root)
    other = tmp_path / "other"
    git(root, "worktree", "add", "--quiet", str(other))
    for folder in (root, other):
        watcher = SiteWatcher(folder)
        before = watcher.file_stamps()
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "x")
        assert becomes_true(lambda: watcher.file_stamps() != before)  # noqa: B023


def test_files_that_stay_as_they_are_cost_little(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{f"{year}": b"" for year in range(1000, 1500)})
    watcher = SiteWatcher(root)
    for _ in range(2):
        watcher.file_stamps()
    began = time.thread_time()
    watcher._read()
    reading, began = time.thread_time() - began, time.thread_time()
    for _ in range(20):
        watcher.file_stamps()
    assert time.thread_time() - began < 2 * reading
