"""`make faults`: disturb every command that writes files, and print what went wrong."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from faults import trials
from faults.cases import CASES
from faults.disks import can_mount, permissions_hold
from faults.trials import Trial
from faults.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faults.cases import Case
    from faults.trials import Outcome

_BY_NAME: Final = {case.name: case for case in CASES}
_MAX_PRINTED: Final = 8
_KILLS: Final = (
    trials.kill_at_random_time,
    trials.kill_at_random_step,
    trials.kill_within_a_write,
)
_ON_TMPFS: Final = (trials.fill_disk, trials.fill_disk, trials.read_only_disk)
_ANYWHERE: Final = (
    trials.limit_file_size,
    trials.run_two_at_once,
    trials.let_vanish,
    trials.let_vanish,
)


def main() -> None:
    """Run the trials; exit with 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="make faults", description="打断和故障之后，文件是否完整")
    parser.add_argument("cases", nargs="*", metavar="命令", help="、".join(_BY_NAME))
    parser.add_argument("--kills", type=int, default=100, help="打断多少次")
    parser.add_argument("--seed", type=int, help="重放这个种子")
    parser.add_argument("--verbose", action="store_true", help="逐次说明")
    options = parser.parse_args()
    if unknown := set(options.cases).difference(_BY_NAME):
        parser.error(f"没有这个命令：{'、'.join(sorted(unknown))}")
    if sys.platform != "linux":
        parser.error("要在 Linux 上运行")
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    print(f"SEED={seed}", flush=True)
    start, wrong, count = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory(prefix="nianbao-faults-") as folder:
        space = Workspace(Path(folder))
        faults = _possible_faults(Path(folder))
        cases = [_BY_NAME[name] for name in options.cases] or CASES
        for number, case in enumerate(cases):
            kills = len(range(number, options.kills, len(cases)))
            for outcome in _run_case(case, kills, faults, space, seed):
                count += 1
                wrong += bool(outcome.problems)
                if outcome.problems or options.verbose:
                    _print_outcome(case, outcome)
    spent = time.monotonic() - start
    print(
        f"{count} 次试验（打断 {options.kills} 次），{wrong} 次有问题，{spent:.0f} 秒，SEED={seed}"
    )
    sys.exit(int(wrong > 0))


def _possible_faults(folder: Path) -> list[Callable[[Trial], Outcome]]:
    """Return the faults that can be caused here, and print which can't."""
    faults: list[Callable[[Trial], Outcome]] = list(_ANYWHERE)
    if can_mount(folder / "disk"):
        faults += _ON_TMPFS
    else:
        print("跳过：不能挂载 tmpfs，磁盘满和只读只用进程的限制和权限来试")
    if permissions_hold():
        faults.append(trials.forbid_writing)
    else:
        print("跳过：没有 setpriv，root 不受权限限制")
    return faults


def _run_case(
    case: Case, kills: int, faults: list[Callable[[Trial], Outcome]], space: Workspace, seed: int
) -> Iterator[Outcome]:
    """Prepare a case and disturb it; each trial has random numbers of its own."""
    start = time.monotonic()
    prepared = space.prepare(case)
    chosen = [*faults]
    if case.is_build and trials.fill_disk in faults:
        chosen.append(trials.fill_cache_disk)
    # Kills come last, so that the others are the same for any number of kills.
    chosen += [_KILLS[number % len(_KILLS)] for number in range(kills)]
    for number, run in enumerate(chosen):
        rng = random.Random(f"{seed} {case.name} {number}")
        yield run(Trial(prepared, space, rng))
    spent = time.monotonic() - start
    print(
        f"{case.name}：打断 {kills} 次，故障 {len(chosen) - kills} 次，{spent:.0f} 秒", flush=True
    )


def _print_outcome(case: Case, outcome: Outcome) -> None:
    print(f"{'有问题' if outcome.problems else '好'}：{case.name}：{outcome.description}")
    for problem in outcome.problems[:_MAX_PRINTED]:
        print("   " + problem.strip().replace("\n", "\n   "))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
