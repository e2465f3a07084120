"""Where the work is done: several processes, a death among them, and what is done in the end."""

from __future__ import annotations

import math
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from nianbao.build.executors import (
    ForkedWorker,
    InlineExecutor,
    ProcessExecutor,
    WorkerDiedError,
    can_fork,
    run_bounded,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("executor", [InlineExecutor, lambda: ThreadPoolExecutor(3)])
def test_every_task_is_done_once_and_known_by_its_number(executor: type[InlineExecutor]) -> None:
    with executor() as workers:
        done = {
            number: future.result() for number, future in run_bounded(workers, abs, range(9), 4)
        }
    assert done == {number: number for number in range(9)}


def test_what_a_task_raises_is_its_own_affair() -> None:
    with InlineExecutor() as here:
        futures = dict(run_bounded(here, math.sqrt, [4, -1, 9], 1))
    assert futures[0].result() == 2
    assert isinstance(futures[1].exception(), ValueError)
    assert futures[2].result() == 3


def test_an_interruption_here_is_not_kept() -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), InlineExecutor() as here:
        list(run_bounded(here, interrupt, [1], 1))


def test_a_process_that_dies_takes_one_task_with_it_and_another_takes_its_place() -> None:
    with ProcessExecutor(2, ["nianbao.build.executors"]) as processes:
        first = {future.result() for _, future in run_bounded(processes, _pid, range(20), 8)}
        assert os.getpid() not in first
        assert len(first) == 2
        futures = [processes.submit(_die_at, 3, number) for number in range(8)]
        for number, future in enumerate(futures):
            if number == 3:
                with pytest.raises(WorkerDiedError):
                    future.result()
            else:
                assert future.result() == number


@pytest.mark.skipif(os.name == "nt", reason="Windows has no masks of signals")
def test_a_process_is_started_deaf_to_interruptions_and_this_one_is_not() -> None:
    with ProcessExecutor(1, ["nianbao.build.executors"]) as processes:
        assert processes.submit(_deaf).result()
    assert not _deaf()


forking = pytest.mark.skipif(not can_fork(), reason="a process is forked on Linux alone")


@forking
def test_a_process_beside_gets_ready_and_does_tasks_until_it_is_shut_down(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with ForkedWorker(partial(ready.write_text, "ready")) as beside:
        pids = {beside.submit(_pid, number).result() for number in range(3)}
        assert ready.read_text() == "ready"
        assert len(pids) == 1
        assert os.getpid() not in pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@forking
def test_a_process_beside_is_started_deaf_to_interruptions() -> None:
    with ForkedWorker(int) as beside:
        assert beside.submit(_deaf).result()
    assert not _deaf()


@forking
def test_what_a_task_raises_beside_comes_back_with_where_it_was_raised() -> None:
    with ForkedWorker(partial(math.sqrt, -1)) as beside:  # what it gets ready with may fail
        future = beside.submit(_fail, "没有")
        with pytest.raises(ValueError, match="没有") as raised:
            future.result()
        assert "in _fail" in "".join(raised.value.__notes__)
        with pytest.raises(Exception, match="pickle"):
            beside.submit(_unsendable).result()
        with pytest.raises(RuntimeError, match="_TwoWordsError: 没有 这个") as told:
            beside.submit(_fail_with_two_words).result()
        assert "in _fail_with_two_words" in "".join(told.value.__notes__)
        assert beside.submit(abs, -2).result() == 2


@forking
def test_a_process_beside_that_dies_says_so_for_each_task() -> None:
    with ForkedWorker(int) as beside:
        futures = [beside.submit(_die_at, 1, number) for number in range(3)]
        assert futures[0].result() == 0
        for future in futures[1:]:
            with pytest.raises(WorkerDiedError):
                future.result()


@forking
def test_a_process_beside_is_ended_without_waiting_for_what_it_is_at() -> None:
    with ForkedWorker(int) as beside:
        pid = beside.submit(_pid, 0).result()
        endless = beside.submit(signal.pause)
        beside.shutdown(wait=False)
        with pytest.raises(WorkerDiedError):
            endless.result(60)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _fail(word: str) -> None:
    raise ValueError(word)


class _TwoWordsError(Exception):
    """One that pickle can't make again."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def _fail_with_two_words() -> None:
    raise _TwoWordsError("没有", "这个")


def _unsendable() -> object:
    return lambda: None


def _pid(_: int) -> int:
    return os.getpid()


def _die_at(last: int, number: int) -> int:
    if number == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _deaf() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
