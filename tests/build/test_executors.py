"""Executors: order, errors, processes that die, and shutdown."""

from __future__ import annotations

import math
import os
import signal
import sys
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
    map_chunks,
    run_bounded,
)
from tests.support import run_python

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.mark.parametrize("executor", [InlineExecutor, lambda: ThreadPoolExecutor(3)])
def test_every_item_is_processed_once_and_yielded_with_its_index(
    executor: type[InlineExecutor],
) -> None:
    with executor() as workers:
        done = {
            number: future.result() for number, future in run_bounded(workers, abs, range(9), 4)
        }
    assert done == {number: number for number in range(9)}


def test_an_error_of_a_task_is_kept_in_its_future() -> None:
    with InlineExecutor() as executor:
        futures = dict(run_bounded(executor, math.sqrt, [4, -1, 9], 1))
    assert futures[0].result() == 2
    assert isinstance(futures[1].exception(), ValueError)
    assert futures[2].result() == 3


def test_the_inline_executor_raises_an_interruption() -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), InlineExecutor() as executor:
        list(run_bounded(executor, interrupt, [1], 1))


def test_a_process_that_dies_fails_one_task_and_is_replaced() -> None:
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


@pytest.mark.parametrize("count", [0, 1, 5, 100])
def test_the_results_of_chunks_are_in_the_order_of_the_items(count: int) -> None:
    results = map_chunks(_negatives, range(count), ["nianbao.build.executors"])
    assert results == [-number for number in range(count)]


def test_an_item_whose_process_dies_is_the_only_one_without_a_result() -> None:
    results = map_chunks(partial(_negatives, dies=77), range(100), ["nianbao.build.executors"])
    assert results == [None if number == 77 else -number for number in range(100)]


def test_an_error_in_a_chunk_is_raised() -> None:
    for count in 3, 100:
        with pytest.raises(TypeError):
            map_chunks(_negatives, [*range(count), None], ["nianbao.build.executors"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no masks of signals")
def test_sigint_is_blocked_in_a_process_and_not_in_this_one() -> None:
    with ProcessExecutor(1, ["nianbao.build.executors"]) as processes:
        assert processes.submit(_is_sigint_blocked).result()
    assert not _is_sigint_blocked()


needs_fork = pytest.mark.skipif(not can_fork(), reason="forked on Linux only")


@needs_fork
def test_a_forked_worker_runs_its_initializer_and_tasks_until_shutdown(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with ForkedWorker(partial(ready.write_text, "ready")) as worker:
        pids = {worker.submit(_pid, number).result() for number in range(3)}
        assert ready.read_text() == "ready"
        assert len(pids) == 1
        assert os.getpid() not in pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@needs_fork
def test_sigint_is_blocked_in_a_forked_worker() -> None:
    with ForkedWorker(int) as worker:
        assert worker.submit(_is_sigint_blocked).result()
    assert not _is_sigint_blocked()


@needs_fork
def test_a_forked_worker_returns_errors_with_their_traceback() -> None:
    with ForkedWorker(partial(math.sqrt, -1)) as worker:  # the initializer may fail
        future = worker.submit(_fail, "没有")
        with pytest.raises(ValueError, match="没有") as raised:
            future.result()
        assert "in _fail" in "".join(raised.value.__notes__)
        with pytest.raises(Exception, match="pickle"):
            worker.submit(_unsendable).result()
        with pytest.raises(RuntimeError, match="_TwoArgumentsError: 没有 这个") as replaced:
            worker.submit(_fail_with_two_arguments).result()
        assert "in _fail_with_two_arguments" in "".join(replaced.value.__notes__)
        assert worker.submit(abs, -2).result() == 2


@needs_fork
def test_every_task_of_a_dead_forked_worker_fails() -> None:
    with ForkedWorker(int) as worker:
        futures = [worker.submit(_die_at, 1, number) for number in range(3)]
        assert futures[0].result() == 0
        for future in futures[1:]:
            with pytest.raises(WorkerDiedError):
                future.result()


@needs_fork
def test_shutdown_without_wait_kills_the_current_task() -> None:
    with ForkedWorker(int) as worker:
        pid = worker.submit(_pid, 0).result()
        endless = worker.submit(signal.pause)
        worker.shutdown(wait=False)
        with pytest.raises(WorkerDiedError):
            endless.result(60)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the fork server is used on Linux")
def test_a_killed_fork_server_fails_a_task_as_a_dead_process_does(tmp_path: Path) -> None:
    code = """if True:
        from nianbao.build.executors import ProcessExecutor
        with ProcessExecutor(1, ["tests.build.dying_fork_server"]) as processes:
            print(type(processes.submit(abs, -1).exception(60)).__name__)
    """
    done = run_python(code, tmp_path)
    assert (done.stdout, done.returncode) == ("WorkerDiedError\n", 0)


def _fail(message: str) -> None:
    raise ValueError(message)


class _TwoArgumentsError(Exception):
    """An error that can't be unpickled."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def _fail_with_two_arguments() -> None:
    raise _TwoArgumentsError("没有", "这个")


def _unsendable() -> object:
    return lambda: None


def _pid(_: int) -> int:
    return os.getpid()


def _die_at(last: int, number: int) -> int:
    if number == last:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _negatives(numbers: Sequence[int], dies: int = -1) -> list[int]:
    if dies in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return [-number for number in numbers]


def _is_sigint_blocked() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])
