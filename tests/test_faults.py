"""A sample of `make faults`: nothing is found in the program, and planted defects are."""

from __future__ import annotations

import random
import signal
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.support import ROOT, run_python

if sys.platform != "linux":
    pytest.skip("make faults runs on Linux", allow_module_level=True)

from faults import trials
from faults.cases import CASES, Case, build_case, redline_case
from faults.snapshots import find_differences
from faults.trials import Trial
from faults.workspace import PROGRAM, Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from faults.workspace import Prepared

FMT, NEW = (case for case in CASES if case.name in {"fmt", "new"})
BUILD = build_case("build", 2, "--to", "md")
REDLINE = redline_case("redline", "html")
PLANT = f"""if True:
    import sys
    sys.path.insert(0, {str(ROOT)!r})
    import nianbao.build.manifest as manifest
    import nianbao.utils.files as files
    from nianbao.cli.main import main
    {{}}
    main()
"""


class Prepare(Protocol):
    """Prepares a case, for the program or for one that Python code has made worse."""

    def __call__(self, case: Case, plant: str = "") -> Trial: ...


@pytest.fixture(scope="module")
def prepare(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Return a function that prepares each case once."""
    known: dict[str, tuple[Path, Prepared]] = {}

    def prepare_once(case: Case, plant: str = "") -> Trial:
        if case.name not in known:
            folder = tmp_path_factory.mktemp(case.name)
            known[case.name] = folder, Workspace(folder).prepare(case)
        folder, prepared = known[case.name]
        program = (sys.executable, "-c", PLANT.format(plant)) if plant else PROGRAM
        return Trial(prepared, Workspace(folder, program), random.Random(1))

    return prepare_once


def test_the_command_disturbs_a_command_in_every_way_and_finds_nothing(tmp_path: Path) -> None:
    code = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1))\n"
    code += "runpy.run_module('faults', run_name='__main__')"
    options = ("schema", "--kills", "3", "--seed", "7", "--verbose")
    done = run_python(code, tmp_path, str(ROOT / "tools"), *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("SEED=7\n")
    assert "文件最多 " in done.stdout
    assert "3 次）" in done.stdout
    assert "0 次有问题" in done.stdout
    assert "没有写的权限" in done.stdout or "没有 setpriv" in done.stdout
    assert "只读" in done.stdout
    assert done.stdout.count("磁盘只剩") == 2 or "不能挂载 tmpfs" in done.stdout


def test_killed_and_failing_commands_leave_whole_files(prepare: Prepare) -> None:
    trial = prepare(FMT)
    assert trial.prepared.before.files.keys() == trial.prepared.after.files.keys()
    assert len(trial.prepared.sizes) == 8
    smallest = min(trial.prepared.sizes)
    outcomes = [
        trials.kill_at_step(trial, 3, signal.SIGKILL, group=True),
        trials.kill_at_step(trial, trial.prepared.operations, signal.SIGINT, group=True),
        trials.kill_at_size(trial, smallest // 2),
        trials.limit_file_size_to(trial, smallest // 2),
    ]
    assert [each for each in outcomes if each.problems] == []


def test_killed_builds_are_completed_by_the_next_one(prepare: Prepare) -> None:
    trial = prepare(BUILD)
    outcomes = [
        trials.kill_at_step(trial, trial.prepared.operations, signal.SIGKILL, group=True),
        trials.run_two_at_once(trial),
    ]
    assert [each for each in outcomes if each.problems] == []


@pytest.mark.parametrize("case", [FMT, NEW, BUILD, REDLINE], ids=lambda case: case.name)
def test_files_that_killed_commands_left_are_removed(prepare: Prepare, case: Case) -> None:
    trial = prepare(case)
    trial.space.reset()
    before, after = trial.prepared.before.files, trial.prepared.after.files
    written = [trial.space.root / name for name in after if after[name] != before.get(name)]
    for file in written:
        file.with_name(".nianbao-a1b2c3_d.tmp").touch()
    assert trial.space.run(*case.arguments).code == 0
    assert find_differences(trial.prepared.after, trial.space.snapshot()) == []


def test_a_writer_in_place_is_found(prepare: Prepare) -> None:
    trial = prepare(FMT, "files.write_atomically = lambda path, c: path.write_bytes(c)")
    outcome = trials.kill_at_size(trial, min(trial.prepared.sizes) // 2)
    assert [each for each in outcome.problems if each.endswith("既不是旧的，也不是新的")]


def test_temporary_files_that_stay_are_found(prepare: Prepare) -> None:
    trial = prepare(FMT, "files.remove_temporary_files = lambda folders: None")
    outcome = trials.kill_at_step(trial, 3, signal.SIGKILL, group=True)
    (problem,) = outcome.problems
    assert problem.startswith("再运行之后：reports/00000/.nianbao-")


def test_a_command_that_hides_an_error_is_found(prepare: Prepare) -> None:
    trial = prepare(FMT, "files.UserError = type('Hidden', (SystemExit,), {})")
    outcome = trials.limit_file_size_to(trial, 1)
    assert (
        outcome.problems[0].startswith("退出码是 ") or "没有做完，退出码却是 0" in outcome.problems
    )


def test_a_build_that_records_nothing_is_found(prepare: Prepare) -> None:
    trial = prepare(BUILD, "manifest.ManifestWriter.record = lambda *_: None")
    outcome = trials.kill_at_step(trial, 2, signal.SIGKILL, group=True)
    assert [each.partition("：")[0] for each in outcome.problems] == ["第三次运行又做了"]
