"""Trials: disturb a command, check the files that it left, run it again, compare the results."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from faults.disks import UNPRIVILEGED, own_disk, without_write_permission
from faults.snapshots import find_damage, find_differences
from faults.workspace import HOOK

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from faults.processes import Ended
    from faults.workspace import Prepared, Workspace

# SIGKILL twice: no program can prepare for it.
_SIGNALS: Final = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
_PAGE: Final = 4096  # bytes; a tmpfs has whole pages
_MESSAGES: Final = 512  # bytes that a command may print, which also goes to a file


@dataclass(frozen=True, slots=True)
class Trial:
    """A prepared case, its workspace, and the random numbers that decide what happens."""

    prepared: Prepared
    space: Workspace
    rng: random.Random

    @property
    def arguments(self) -> Sequence[str]:
        """The command line of the case."""
        return self.prepared.case.arguments

    def part_of_a_file(self) -> int:
        """Return a random number of bytes, smaller than one of the files that the case writes."""
        return self.rng.randrange(self.rng.choice(self.prepared.sizes))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a trial: its action, and a line for each problem afterwards; in Chinese."""

    description: str
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The permitted results of a command: exit codes, temporary files left, files gone."""

    codes: Sequence[int] = (0, 1)
    leftovers: bool = False
    missing: bool = False


_NOTHING_SPECIAL: Final = _Allowed()


# Kills


def kill_at_random_time(trial: Trial) -> Outcome:
    """Send a signal to the command, to its group or to one of its workers, at a random time."""
    number = trial.rng.choice(_SIGNALS)
    whom = trial.rng.choice(("主进程", "全部进程", "一个子进程"))
    moment, choice = trial.rng.uniform(0, 1.1) * trial.prepared.seconds, trial.rng.random()
    trial.space.reset()
    running = trial.space.start(trial.arguments)
    time.sleep(moment)
    pid: int | None = {"主进程": running.pid, "全部进程": -running.pid}.get(whom)
    if pid is None and (children := running.children()):
        pid = children[int(choice * len(children))]
    if pid is not None:
        running.signal(number, pid)
    description = f"{moment:.3f} 秒时给{whom} {number.name}"
    allowed = _after_signal(number, to_main=whom != "一个子进程")
    return _finish(trial, description, [running.wait()], allowed)


def kill_at_random_step(trial: Trial) -> Outcome:
    """Send a signal before a random file operation, to its process or to the whole command."""
    step = trial.rng.randint(1, trial.prepared.operations)
    return kill_at_step(trial, step, trial.rng.choice(_SIGNALS), group=trial.rng.random() < 0.7)


def kill_at_step(trial: Trial, step: int, number: signal.Signals, *, group: bool) -> Outcome:
    """Send the signal `number` before file operation `step` (from 1), to its process.

    With `group`, send it to all processes of the command.
    """
    trial.space.reset()
    hook = trial.space.hook(step, number, group=group)
    ended = trial.space.start(trial.arguments, variables=hook).wait()
    whom = "全部进程" if group else "做它的进程"
    description = f"第 {step}/{trial.prepared.operations} 次文件操作前给{whom} {number.name}"
    return _finish(trial, description, [ended], _after_signal(number, to_main=True))


def kill_within_a_write(trial: Trial) -> Outcome:
    """End the process that writes a file in the middle of the write."""
    return kill_at_size(trial, trial.part_of_a_file())


def kill_at_size(trial: Trial, largest: int) -> Outcome:
    """End each process that writes more than `largest` bytes into a file, after those bytes."""
    trial.space.reset()
    variables = {"PYTHONPATH": HOOK, "FAULTS_END_AT_LIMIT": "1"}
    running = trial.space.start(trial.arguments, variables=variables, largest_file=largest)
    allowed = _after_signal(signal.SIGXFSZ, to_main=True)
    return _finish(trial, f"写到第 {largest} 字节时终止", [running.wait()], allowed)


def _after_signal(number: signal.Signals, *, to_main: bool) -> _Allowed:
    own = (-number, 130) if number is signal.SIGINT else (-number,)
    return _Allowed((0, 1, *(own if to_main else ())), leftovers=True)


# Disks and permissions


def fill_disk(trial: Trial) -> Outcome:
    """Let the disk of the outputs become full, after none or some of them are written."""
    folder = trial.prepared.case.folder
    left = trial.rng.randrange(2 * max(trial.prepared.sizes))
    trial.space.reset()
    with own_disk(trial.space.root / folder) as disk:
        disk.fill(left)
        ended = trial.space.run(*trial.arguments)
        description = f"{folder} 的磁盘只剩 {left} 字节"
        return _finish(trial, description, [ended], repair=disk.make_usable)


def fill_cache_disk(trial: Trial) -> Outcome:
    """Let the disk of the user's cache become full; every output must be written all the same."""
    left = trial.rng.randrange(3 * _PAGE)
    trial.space.reset()
    with own_disk(trial.space.cache) as disk:
        disk.fill(left)
        ended = trial.space.run(*trial.arguments)
        description = f"缓存的磁盘只剩 {left} 字节"
        return _finish(trial, description, [ended], _Allowed((0,)), repair=disk.make_usable)


def limit_file_size(trial: Trial) -> Outcome:
    """Let writing fail in the middle of a file, by the limit of a process on the size of files."""
    return limit_file_size_to(trial, max(trial.part_of_a_file(), _MESSAGES))


def limit_file_size_to(trial: Trial, largest: int) -> Outcome:
    """Let writing fail where a file would have more than `largest` bytes."""
    trial.space.reset()
    ended = trial.space.start(trial.arguments, largest_file=largest).wait()
    return _finish(trial, f"文件最多 {largest} 字节", [ended])


def read_only_disk(trial: Trial) -> Outcome:
    """Let the disk of the outputs, or that of the cache, be read-only."""
    cache = trial.prepared.case.is_build and trial.rng.random() < 0.3
    folder = trial.space.cache if cache else trial.space.root / trial.prepared.case.folder
    trial.space.reset()
    with own_disk(folder) as disk:
        disk.make_read_only()
        ended = trial.space.run(*trial.arguments)
        allowed = _Allowed((0,) if cache else (1,))
        return _finish(trial, f"{folder.name} 只读", [ended], allowed, repair=disk.make_usable)


def forbid_writing(trial: Trial) -> Outcome:
    """Let the folder of the outputs, and those below it, lack the permission to write."""
    folder = trial.prepared.case.folder
    trial.space.reset()
    with without_write_permission(trial.space.root / folder):
        prefix = UNPRIVILEGED if os.geteuid() == 0 else ()
        ended = trial.space.start(trial.arguments, prefix=prefix).wait()
    return _finish(trial, f"{folder} 没有写的权限", [ended], _Allowed((1,)))


# Several at once, files that vanish


def run_two_at_once(trial: Trial) -> Outcome:
    """Run the command twice at once; sometimes the second is killed."""
    pause, kill = trial.rng.uniform(0, 0.8) * trial.prepared.seconds, trial.rng.random() < 0.5
    moment = trial.rng.uniform(0, 0.8) * trial.prepared.seconds
    trial.space.reset()
    first = trial.space.start(trial.arguments)
    time.sleep(pause)
    second = trial.space.start(trial.arguments, name="second")
    description = f"{pause:.3f} 秒后又一个"
    if kill:
        time.sleep(moment)
        second.signal(signal.SIGKILL, -second.pid)
        description += f"，再过 {moment:.3f} 秒把它杀掉"
    ended = [first.wait(), second.wait()]
    allowed = _Allowed((0, *trial.prepared.case.codes_again, -signal.SIGKILL), leftovers=kill)
    complete = find_differences(trial.prepared.after, trial.space.snapshot()) if not kill else []
    outcome = _finish(trial, description, ended, allowed)
    return Outcome(description, [*complete, *outcome.problems])


def let_vanish(trial: Trial) -> Outcome:
    """Move a folder of reports or outputs away at a random time while the command runs.

    Reports are moved back before the command is run again.
    """
    moment = trial.rng.uniform(0, 1) * trial.prepared.seconds
    root, written = trial.space.root, trial.prepared.case.folder
    # sum keeps a report of the parent right below reports/.
    units = sorted(path for path in root.glob("reports/*") if path.is_dir())
    # Without reports/, `new` drafts the first report of a new unit.
    inputs = [trial.rng.choice(units), *([root / "reports"] if written != "reports" else [])]
    if trial.prepared.case.is_joint:
        inputs = []
    outputs = [trial.space.cache, *([root / written] if written != "reports" else [])]
    folder = trial.rng.choice([*inputs, *outputs])
    trial.space.reset()
    running = trial.space.start(trial.arguments)
    time.sleep(moment)
    away = root.with_name("away")
    folder.rename(away)
    ended = running.wait()
    if folder in inputs:
        _move_back(away, folder)
    shutil.rmtree(away)
    description = f"{moment:.3f} 秒时 {folder.relative_to(root.parent)} 消失"
    return _finish(trial, description, [ended], _Allowed((0, 1, 2), leftovers=True, missing=True))


def _move_back(away: Path, folder: Path) -> None:
    """Move files back to where they were, unless the command has written them anew."""
    for path in away.rglob("*"):
        target = folder / path.relative_to(away)
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)


# After a trial


def _finish(
    trial: Trial,
    description: str,
    ended: Sequence[Ended],
    allowed: _Allowed = _NOTHING_SPECIAL,
    repair: Callable[[], None] | None = None,
) -> Outcome:
    """Judge what a disturbed command left, repair the cause, and run the command again."""
    prepared, space, case = trial.prepared, trial.space, trial.prepared.case
    now = space.snapshot()
    problems = [problem for each in ended for problem in _judge(each, allowed)]
    problems += find_damage(
        prepared.before, prepared.after, now, leftovers=allowed.leftovers, missing=allowed.missing
    )
    complete = not find_differences(prepared.after, now)
    if not complete and not allowed.missing and all(each.code == 0 for each in ended):
        problems.append("没有做完，退出码却是 0")
    if repair is not None:
        repair()
    again = space.run(*case.arguments)
    problems += [f"再运行：{problem}" for problem in _judge(again, _Allowed(case.codes_again))]
    different = find_differences(prepared.after, space.snapshot())
    problems += [f"再运行之后：{difference}" for difference in different]
    if case.is_build and "已生成" in (third := space.run(*case.arguments)).stdout:
        problems.append(f"第三次运行又做了：{third.stdout}")
    problems += [f"写了错误日志：{log.read_text('utf-8')}" for log in space.crash_logs()]
    return Outcome(description, problems)


def _judge(ended: Ended, allowed: _Allowed) -> list[str]:
    """Return, in Chinese, what is wrong with the end of a command."""
    problems = []
    if ended.code not in allowed.codes:
        problems.append(f"退出码是 {ended.code}")
    if "Traceback" in ended.stderr and not _is_start(ended.stderr):
        problems.append("显示了 Traceback")
    if ended.survivors:
        problems.append(f"还有 {ended.survivors} 个进程没有结束")
    return [*problems, *([ended.stdout + ended.stderr] if problems else [])]


def _is_start(stderr: str) -> bool:
    """Return True for the traceback of a Ctrl-C while Python or the libraries are loaded."""
    later = ("/nianbao/cli/main.py", "multiprocessing")
    return "KeyboardInterrupt" in stderr and not any(name in stderr for name in later)
