"""Run tasks in this process, in a pool of processes or in one forked process.

Each of the three is a `concurrent.futures` executor.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import sys
import threading
import traceback
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.thread import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


# Module whose import loads everything that a PDF needs.
PDF_LIBRARIES: Final = "nianbao.rendering.pdf.preload"
# The number of tasks, with PDF (True) and without, from which starting processes pays off: a PDF
# takes half a second, everything else some milliseconds.
_MIN_TASKS: Final = {True: 2, False: 24}
# Small tasks are sent to a process in chunks of at most this size, few tasks in smaller chunks.
_MAX_CHUNK: Final = 64
_CHUNKS_PER_CPU: Final = 4


class WorkerDiedError(Exception):
    """The process that ran a task was killed or ran out of memory."""


class InlineExecutor(Executor):
    """Executor that runs each task at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run the task and return its future.

        Exceptions of the task are stored in the future, but KeyboardInterrupt is raised.
        """
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future carries it
            future.set_exception(error)
        return future


# A ProcessPoolExecutor fails as a whole when one of its processes dies, without saying which task
# is to blame. Here each process is an executor of its own and runs one task at a time.
class ProcessExecutor(Executor):
    """Pool of processes; if a process dies, only its current task fails.

    The future of this task raises WorkerDiedError. A new process replaces the dead process.
    """

    def __init__(self, count: int, preload: Sequence[str]) -> None:
        """Prepare `count` processes.

        `preload`: modules to import; on Linux each process starts with these modules. Raises
        OSError or ImportError if the machine lacks shared memory or semaphores.
        """
        # The fork server holds no lock of another thread, and the processes forked from it start
        # at once and share the preloaded modules. On macOS, system libraries can fail after a fork.
        if sys.platform == "linux":
            self._context: Any = multiprocessing.get_context("forkserver")
            self._context.set_forkserver_preload(list(preload))
        else:
            self._context = multiprocessing.get_context("spawn")
        self._context.Lock()  # queues need one: better to fail now than in a thread
        self._threads = ThreadPoolExecutor(count)
        self._idle: SimpleQueue[ProcessPoolExecutor | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a task in the next idle process of the pool.

        The future raises WorkerDiedError if this process dies.
        """
        return self._threads.submit(self._run_in_process, fn, *args, **kwargs)

    def _run_in_process(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

        process: ProcessPoolExecutor | None
        process = self._idle.get() or ProcessPoolExecutor(1, self._context, _initialize_worker)
        try:
            with _sigint_blocked():  # the first task starts the process
                try:
                    future = process.submit(fn, *args, **kwargs)
                except (EOFError, OSError) as error:  # the fork server was killed
                    raise BrokenProcessPool from error
            return future.result()
        except BrokenProcessPool as error:
            process.shutdown(wait=False)
            process = None
            raise WorkerDiedError from error
        finally:
            self._idle.put(process)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes when the submitted tasks are finished.

        `wait`: False to return at once.
        `cancel_futures`: True to drop tasks that have not started.
        """
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        while not self._idle.empty():
            process = self._idle.get()
            if process is not None:
                process.shutdown(wait)


class ForkedWorker(Executor):
    """Executor with one forked process.

    Create this executor only while no other thread is running, because it forks the process.
    """

    def __init__(self, initializer: Callable[[], object]) -> None:
        """Fork this process. The new process calls `initializer`. Raises OSError if this fails."""
        context: Any = multiprocessing.get_context("fork")  # Windows has no such context
        self._connection, other = context.Pipe()
        arguments = (other, self._connection, initializer)
        self._process = context.Process(target=_serve_tasks, args=arguments)
        with _sigint_blocked():
            self._process.start()
        other.close()
        self._thread = ThreadPoolExecutor(1)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a task in the forked process.

        The future raises WorkerDiedError if the process dies.
        """
        return self._thread.submit(self._run_in_process, fn, *args, **kwargs)

    def _run_in_process(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            self._connection.send((fn, args, kwargs))
            result, error = self._connection.recv()
        except (EOFError, OSError) as gone:
            raise WorkerDiedError from gone
        if error is not None:
            raise error
        answer: T = result
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the forked process.

        `wait`: True to finish the submitted tasks first.
        `cancel_futures`: True to drop tasks that have not started.
        """
        self._thread.shutdown(wait, cancel_futures=cancel_futures)
        self._process.kill()
        self._process.join()


def start_worker(initializer: Callable[[], object] = bool) -> Executor:
    """Fork a process, and return an executor that runs tasks there.

    If forking is impossible, the executor runs tasks in this process.

    `initializer`: a function that the forked process calls before its first task.
    """
    if can_fork() and threading.active_count() == 1:
        with contextlib.suppress(OSError):
            return ForkedWorker(initializer)
    return InlineExecutor()


def make_executor(
    count: int, preload: Sequence[str], *, pdf: bool, jobs: int | None = None
) -> tuple[Executor, int]:
    """Return an executor for `count` tasks, and the `limit` for `run_bounded`.

    The limit is the number of tasks that may wait or run at a time.

    `preload`: modules to import in each process.
    `pdf`: True if the tasks make PDFs.
    `jobs`: the highest number of processes; None to choose a number.
    """
    workers = min(jobs or available_cpus(), count)
    if workers > 1 and (jobs or count >= _MIN_TASKS[pdf]):
        modules = [*preload, *([PDF_LIBRARIES] if pdf else [])]
        with contextlib.suppress(ImportError, OSError):  # no shared memory, as in some containers
            return ProcessExecutor(workers, modules), 4 * workers
    return InlineExecutor(), 1


@contextlib.contextmanager
def cancelled_on_error(executor: Executor) -> Iterator[None]:
    """If the `with` block raises an exception, cancel the tasks that have not started."""
    try:
        yield
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise


def map_chunks(
    function: Callable[[Sequence[Item]], Sequence[T]],
    items: Sequence[Item],
    preload: Sequence[str],
    *,
    pdf: bool = False,
) -> list[T | None]:
    """Call `function` with chunks of `items`; return one result per item, in order.

    `iter_chunks` describes the parameters, the results and the errors.
    """
    results = dict(iter_chunks(function, items, preload, pdf=pdf))
    return [results[number] for number in range(len(items))]


def iter_chunks(
    function: Callable[[Sequence[Item]], Sequence[T]],
    items: Sequence[Item],
    preload: Sequence[str],
    *,
    pdf: bool = False,
) -> Iterator[tuple[int, T | None]]:
    """Call `function` with chunks of `items`; yield index and result of each finished item.

    Many items are divided among several processes. The result is None for an item whose process
    died twice.

    `function`: returns a result for each item of a chunk.
    `preload`: modules to import in each process.
    `pdf`: True if the items make PDFs.

    Raises any exception of `function`.
    """
    executor, limit = make_executor(len(items), preload, pdf=pdf)
    size = max(1, min(_MAX_CHUNK, len(items) // (_CHUNKS_PER_CPU * available_cpus())))
    with executor, cancelled_on_error(executor):
        rounds = [Round(limit, size), Round(limit)]
        yield from run_chunks(executor, function, items, rounds)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of `run_chunks`, which processes the items that have no result yet.

    The items are divided into chunks.

    `limit`: the number of chunks that may wait or run at a time.
    `size`: the largest number of items in a chunk.
    `shares`: each chunk gets at most 1/`shares` of the remaining items.
    """

    limit: int
    size: int = 1
    shares: int = 1

    def chunks(self, numbers: Sequence[int]) -> Iterator[Sequence[int]]:
        """Divide the indexes of items into chunks of the size that this round allows."""
        start = 0
        while start < len(numbers):
            # With `shares`, the last chunks are small.
            end = start + max(1, min(self.size, (len(numbers) - start) // self.shares))
            yield numbers[start:end]
            start = end


def run_chunks(
    executor: Executor,
    function: Callable[[Sequence[Item]], Sequence[T]],
    items: Sequence[Item],
    rounds: Iterable[Round],
) -> Iterator[tuple[int, T | None]]:
    """Call `function` with chunks of `items`; yield index and result of each finished item.

    If a process dies, its items are tried again in the next round. After the last round, the result
    of these items is None.

    `function`: returns a result for each item of a chunk.
    `rounds`: the attempts, in order.

    Raises any exception of `function`, after all running calls have finished.
    """
    left = list(range(len(items)))
    errors: list[Exception] = []
    for each in rounds:
        chunks = list(each.chunks(left))
        left = []
        tasks = ([items[number] for number in chunk] for chunk in chunks if not errors)
        for index, future in run_bounded(executor, function, tasks, each.limit):
            try:
                results = future.result()
            except WorkerDiedError:
                left += chunks[index]
            except Exception as error:  # noqa: BLE001 - raised below
                errors.append(error)
            else:
                yield from zip(chunks[index], results, strict=True)
        if errors:
            raise errors[0]
    yield from ((number, None) for number in left)


def in_order(results: Iterable[tuple[int, T]]) -> Iterator[tuple[int, T]]:
    """Yield pairs of index and result in the order of the indexes (0, 1, 2 …).

    Each pair is yielded as soon as all earlier pairs are yielded.
    """
    waiting: dict[int, T] = {}
    wanted = 0
    for index, result in results:
        waiting[index] = result
        while wanted in waiting:
            yield wanted, waiting.pop(wanted)
            wanted += 1


def run_bounded(
    executor: Executor, function: Callable[[Item], T], items: Iterable[Item], limit: int
) -> Iterator[tuple[int, Future[T]]]:
    """Call `function` for each item, and yield index and future of each finished call.

    `limit`: the number of calls that may wait or run at a time.
    """
    pending: dict[Future[T], int] = {}
    for index, item in enumerate(items):
        pending[executor.submit(function, item)] = index
        while len(pending) >= limit:
            yield from _pop_finished(pending)
    while pending:
        yield from _pop_finished(pending)


def _pop_finished(pending: dict[Future[T], int]) -> Iterator[tuple[int, Future[T]]]:
    for future in wait(pending, return_when=FIRST_COMPLETED).done:
        yield pending.pop(future), future


def available_cpus() -> int:
    """Return the number of CPUs that this process is allowed to use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Return True if forking is safe (on Linux) and pays off (with at least two CPUs)."""
    return sys.platform == "linux" and available_cpus() > 1


@contextlib.contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block SIGINT inside the `with` block, which starts a process.

    The new process inherits this, so that Ctrl-C does not end it during its start-up.
    """
    if sys.platform == "win32":
        yield
        return
    import signal

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve_tasks(
    connection: Connection, parent_end: Connection, initializer: Callable[[], object]
) -> None:
    """Run tasks in the process of a ForkedWorker until the connection is closed.

    `connection`: this process's end of the connection, from which tasks come and to which results
    are sent. `parent_end`: the end of the parent process, which is closed here.
    """
    _initialize_worker()
    parent_end.close()
    with contextlib.suppress(Exception):  # a task that fails for the same reason raises the error
        initializer()
    with contextlib.suppress(EOFError, OSError):
        while True:
            fn, args, kwargs = connection.recv()
            try:
                connection.send((fn(*args, **kwargs), None))
            except Exception as error:  # noqa: BLE001 - raised again in the parent
                error.add_note(traceback.format_exc())
                connection.send((None, picklable(error)))


def picklable(error: Exception) -> Exception:
    """Return `error`, or a RuntimeError with the same message if `error` can't be pickled."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # noqa: BLE001 - pickling runs the error's own code
        replacement = RuntimeError(f"{type(error).__name__}: {error}")
        replacement.__notes__ = error.__notes__
        return replacement
    return error


def _initialize_worker() -> None:
    """Make a worker ignore Ctrl-C, which its parent handles, and end when its parent ends."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
