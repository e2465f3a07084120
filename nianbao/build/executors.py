"""Where the work is done: here, or in several processes, through `concurrent.futures`.

Whoever uses these needs nothing but an Executor; one that sends work to other machines would do.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import sys
import traceback
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.thread import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")
Task = TypeVar("Task")


class WorkerDiedError(Exception):
    """The process that was doing a task is gone: killed, or out of memory."""


class InlineExecutor(Executor):
    """Does each task at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do the task; an interruption is raised, not kept."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it
            future.set_exception(error)
        return future


class ProcessExecutor(Executor):
    """Does tasks in processes of their own, of which each has one task at a time.

    A ProcessPoolExecutor is given up as a whole when one of its processes dies, and nobody can
    tell which task was to blame. Here each process is an executor of its own: its death is the
    WorkerDied of the task that it had, and another takes its place.
    """

    def __init__(self, count: int, preload: Sequence[str]) -> None:
        """Prepare `count` processes, in which the modules of `preload` are there from the start.

        Raises OSError or ImportError where the machine has no means for processes that talk.
        """
        # A process forked from a clean one, which holds no lock of another thread, is ready at
        # once and shares what was preloaded. macOS's own libraries don't bear being forked.
        if sys.platform == "linux":
            self._context: Any = multiprocessing.get_context("forkserver")
            self._context.set_forkserver_preload(list(preload))
        else:
            self._context = multiprocessing.get_context("spawn")
        self._context.Lock()  # what queues are made of: better to fail now than in a thread
        self._threads = ThreadPoolExecutor(count)
        self._free: SimpleQueue[ProcessPoolExecutor | None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a task done by the next process that is free."""
        return self._threads.submit(self._in_process, fn, *args, **kwargs)

    def _in_process(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

        process = self._free.get() or ProcessPoolExecutor(1, self._context, _start)
        try:
            with _undisturbed():  # the first task starts the process
                future = process.submit(fn, *args, **kwargs)
            result = future.result()
        except BrokenProcessPool as error:
            process.shutdown(wait=False)
            self._free.put(None)
            raise WorkerDiedError from error
        except BaseException:
            self._free.put(process)
            raise
        self._free.put(process)
        return result

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes once they have done what they are at."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        while not self._free.empty():
            process = self._free.get()
            if process is not None:
                process.shutdown(wait)


class ForkedWorker(Executor):
    """Does tasks, one at a time, in a process that gets ready while there is none.

    That process is forked from this one when this is made, so no other thread may be running then.
    """

    def __init__(self, get_ready: Callable[[], object]) -> None:
        """Start the process, which begins with `get_ready`; raises OSError."""
        context = multiprocessing.get_context("fork")
        self._mine, other = context.Pipe()
        self._process = context.Process(target=_answer, args=(other, self._mine, get_ready))
        with _undisturbed():
            self._process.start()
        other.close()
        self._thread = ThreadPoolExecutor(1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a task done; WorkerDied comes of it where the process is gone."""
        return self._thread.submit(self._ask, fn, *args, **kwargs)

    def _ask(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            self._mine.send((fn, args, kwargs))
            result, error = self._mine.recv()
        except (EOFError, OSError) as gone:
            raise WorkerDiedError from gone
        if error is not None:
            raise error
        answer: T = result
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the process: after what it has been asked for, or at once without `wait`."""
        self._thread.shutdown(wait, cancel_futures=cancel_futures)
        self._process.kill()
        self._process.join()


def run_bounded(
    executor: Executor, function: Callable[[Task], T], tasks: Iterable[Task], ahead: int
) -> Iterator[tuple[int, Future[T]]]:
    """Do tasks, handing out at most `ahead` at a time; each with its number as it is done."""
    pending: dict[Future[T], int] = {}
    for number, task in enumerate(tasks):
        pending[executor.submit(function, task)] = number
        while len(pending) >= ahead:
            yield from _done(pending)
    while pending:
        yield from _done(pending)


def _done(pending: dict[Future[T], int]) -> Iterator[tuple[int, Future[T]]]:
    for future in wait(pending, return_when=FIRST_COMPLETED).done:
        yield pending.pop(future), future


def available_cpus() -> int:
    """How many processes can really run at a time."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Whether a process may be forked from this one, and would run beside it."""
    return sys.platform == "linux" and available_cpus() > 1


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Start processes that interruptions never reach, not even while they get ready."""
    if sys.platform == "win32":
        yield
        return
    import signal

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answer(connection: Connection, other: Connection, get_ready: Callable[[], object]) -> None:
    """Be the process of a Beside."""
    _start()
    other.close()
    with contextlib.suppress(Exception):  # the first task that needs it will tell
        get_ready()
    with contextlib.suppress(EOFError, OSError):
        while True:
            fn, args, kwargs = connection.recv()
            try:
                connection.send((fn(*args, **kwargs), None))
            except Exception as error:  # noqa: BLE001 - it is raised where the task came from
                error.add_note(traceback.format_exc())
                connection.send((None, _sendable(error)))


def _sendable(error: Exception) -> Exception:
    """An error, or what it says where it can't go to another process as it is."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - whatever its own way through pickle does
        said = RuntimeError(f"{type(error).__name__}: {error}")
        said.__notes__ = error.__notes__
        return said
    return error


def _start() -> None:
    """Prepare a worker: interruptions are its parent's affair, and it ends when that does."""
    import signal
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
