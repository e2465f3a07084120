"""A fork of the loaded program does what the program does when it is started."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.program_server import run_in_fork
from tests.support import SEED, clean_environment, run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are used on Linux alone")


@pytest.mark.parametrize(
    ("command", "code"),
    [("check", 1), ("build --to md", 1), ("fix --diff", 1), ("nothing", 2), ("rules A101", 0)],
)
def test_a_fork_prints_writes_and_exits_as_a_started_process(
    command: str, code: int, tmp_path: Path
) -> None:
    text = SEED.read_text("utf-8")
    wrong = text.replace("自然人: 0", "自然人: 7", 1).replace("年度: 2022", "年度：２０２２年")
    results = []
    for name, variables in (("forked", {}), ("started", {"PYTHONUTF8": "1"})):
        root = write_repo(tmp_path / name, good__2022=text, wrong__2022=wrong)
        done = run_cli(command.split(), root, **variables)
        files = {file.name: file.read_bytes() for file in root.rglob("*.*") if file.is_file()}
        results.append((done.returncode, done.stdout, done.stderr, files))
    assert results[0] == results[1]
    assert results[0][0] == code


def test_one_fork_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    plain = run_cli(["check"], root)
    assert run_cli(["check"], root, GITHUB_ACTIONS="true").stdout != plain.stdout
    assert run_cli(["check"], tmp_path).stdout != plain.stdout
    assert run_cli(["check"], root).stdout == plain.stdout


def test_a_run_that_takes_too_long_is_ended_and_the_next_one_works(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    with pytest.raises(TimeoutError):
        run_in_fork(["serve", "--port=0"], root, clean_environment(), "utf-8", 1)
    assert run_cli(["check"], root).returncode == 0
