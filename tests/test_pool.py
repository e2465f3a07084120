"""Where the work is done: several processes, a death among them, and what is done in the end."""

from __future__ import annotations

import math
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from nianbao.pool import Here, Processes, WorkerDied, run


@pytest.mark.parametrize("executor", [Here, lambda: ThreadPoolExecutor(3)])
def test_every_task_is_done_once_and_known_by_its_number(executor: type[Here]) -> None:
    with executor() as workers:
        done = {number: future.result() for number, future in run(workers, abs, range(9), 4)}
    assert done == {number: number for number in range(9)}


def test_what_a_task_raises_is_its_own_affair() -> None:
    with Here() as here:
        futures = dict(run(here, math.sqrt, [4, -1, 9], 1))
    assert futures[0].result() == 2
    assert isinstance(futures[1].exception(), ValueError)
    assert futures[2].result() == 3


def test_an_interruption_here_is_not_kept() -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Here() as here:
        list(run(here, interrupt, [1], 1))


def test_a_process_that_dies_takes_one_task_with_it_and_another_takes_its_place() -> None:
    with Processes(2, ["nianbao.pool"]) as processes:
        first = {future.result() for _, future in run(processes, _pid, range(20), 8)}
        assert os.getpid() not in first
        assert len(first) == 2
        futures = [processes.submit(_die_at, 3, number) for number in range(8)]
        for number, future in enumerate(futures):
            if number == 3:
                with pytest.raises(WorkerDied):
                    future.result()
            else:
                assert future.result() == number


def _pid(_: int) -> int:
    return os.getpid()


def _die_at(last: int, number: int) -> int:
    if number == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return number
