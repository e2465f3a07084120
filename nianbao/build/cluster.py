"""Run jobs on the workers of a Dask cluster.

A worker needs nianbao and its fonts, but no repository. Jobs contain the files to read, and their
results contain the outputs.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import re
import tempfile
import threading
import traceback
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from nianbao.build.environment import describe_environment, find_differences
from nianbao.build.executors import (
    PDF_LIBRARIES,
    Round,
    WorkerDiedError,
    cancelled_on_error,
    picklable,
    run_chunks,
)
from nianbao.errors import UsageError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Item = TypeVar("Item")
T = TypeVar("T")

_LOCAL: Final = re.compile(r"local:([1-9][0-9]{0,3})")
_REMOTE: Final = re.compile(r"(tcp|tls|ucx|wss?)://\S+")
_CONNECT_SECONDS: Final = 10
_WITHOUT_WORKERS: Final = 30  # seconds between two looks whether the cluster has workers
# Jobs in a batch: about two seconds, but a quarter of a minute of PDFs; files to import are large.
_MAX_BATCH: Final = 200
_MAX_BATCHES: Final = {"pdf": 50, "import": 10}
_MAX_LISTED: Final = 5  # workers in a message
_INSTALL: Final = "pip install 'nianbao[cluster]'"
# One job at a time in a process, because Pango is not made for threads.
_ONE_AT_A_TIME: Final = threading.Lock()


class ClusterError(UserError):
    """Error about a cluster that can't be used or no longer answers.

    The message gives the reason, in Chinese.
    """


@dataclass(frozen=True, slots=True)
class Requirements:
    """The software that each worker of a cluster must have.

    `formats`: the outputs to make, or "import" to import files.
    `any_font`: True if the PDF can use any font of the system.
    `versions`: the result of `describe_environment` on this machine.
    """

    formats: tuple[str, ...]
    any_font: bool
    versions: Mapping[str, str]

    @classmethod
    def of_this_machine(cls, formats: Sequence[str], *, any_font: bool) -> Requirements:
        """Return requirements for workers with the same software as this machine.

        `formats`: the outputs to make, or "import" to import files.
        `any_font`: True if the PDF can use any font of the system.
        """
        versions = describe_environment(formats, any_font=any_font)
        return cls(tuple(formats), any_font, versions)


@dataclass(frozen=True, slots=True)
class _Batch(Generic[Item, T]):
    function: Callable[[Sequence[Item]], Sequence[T]]
    jobs: Sequence[Item]
    requirements: Requirements


class ClusterExecutor(Executor, Generic[Item, T]):
    """Executor that runs batches (sequences of jobs) on the workers of a Dask cluster.

    The future of a batch raises WorkerDiedError if several workers died while they ran the batch.
    The future raises ClusterError if the cluster can't be reached.
    """

    def __init__(
        self,
        client: Any,
        requirements: Requirements,
        pack: Callable[[Item], Item],
        unpack: Callable[[Item, T], T],
    ) -> None:
        """Prepare an executor for a connected Dask client.

        `pack`: makes a job ready to be sent. `unpack`: gets a job and its result after the worker
        has returned it, and returns the final result. Both are called in threads.
        """
        self._client, self._requirements = client, requirements
        self._pack, self._unpack = pack, unpack
        self._threads_of_workers: int = sum(client.nthreads().values())
        self._threads = ThreadPoolExecutor(self._limit)

    @property
    def _limit(self) -> int:
        return 2 * self._threads_of_workers  # one that runs, one that waits

    @property
    def rounds(self) -> list[Round]:
        """The rounds in which `run_chunks` tries the jobs on the cluster.

        First the jobs run in batches. Jobs whose workers died run again, each in a batch of its
        own. In the last round, only one job runs at a time.
        """
        sizes = [_MAX_BATCHES.get(each, _MAX_BATCH) for each in self._requirements.formats]
        size = min(sizes, default=_MAX_BATCH)
        return [
            Round(self._limit, size, 2 * self._threads_of_workers),
            Round(self._limit),
            # The cause may be another job, which a thread of the same worker ran at the same time.
            Round(1),
        ]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run `fn(jobs)` on a worker, and return the future.

        `args`: only one argument, the sequence of jobs.
        """
        return self._threads.submit(self._run, fn, *args, **kwargs)

    def _run(
        self, function: Callable[[Sequence[Item]], Sequence[T]], jobs: Sequence[Item]
    ) -> list[T]:
        batch = _Batch(function, [self._pack(job) for job in jobs], self._requirements)
        # Dask sees only bytes: it would search other arguments for results of other tasks.
        results, error = pickle.loads(self._result(pickle.dumps(batch)))
        if error is not None:
            raise error
        return [self._unpack(job, result) for job, result in zip(jobs, results, strict=True)]

    def _result(self, batch: bytes) -> bytes:
        """Send a pickled batch to a worker, and return the pickled results."""
        from distributed import KilledWorker

        try:
            future = self._client.submit(run_batch, batch, pure=False)
            missing = 0
            while missing < 2:
                with contextlib.suppress(TimeoutError):
                    answer: bytes = future.result(timeout=_WITHOUT_WORKERS)
                    return answer
                missing = 0 if self._client.nthreads() else missing + 1
        # Dask gave the batch to several workers, one after another.
        except KilledWorker as error:
            raise WorkerDiedError from error
        except Exception as error:  # Dask raises many kinds
            raise ClusterError(f"和集群的连接断了（{type(error).__name__}）。{_AGAIN}") from error
        raise ClusterError(f"集群里没有工作进程了。{_AGAIN}")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Close the executor when the submitted batches are finished.

        `wait`: False to return at once.
        `cancel_futures`: True to drop batches that have not started.
        """
        if cancel_futures:
            with contextlib.suppress(Exception):  # the cluster may be gone
                self._client.close(timeout=2)
        self._threads.shutdown(wait, cancel_futures=cancel_futures)


_AGAIN: Final = "做完的已经写好，再运行一次就接着做"


def run_on_cluster(
    address: str,
    requirements: Requirements,
    function: Callable[[Sequence[Item]], Sequence[T]],
    jobs: Sequence[Item],
    pack: Callable[[Item], Item],
    unpack: Callable[[Item, T], T] = lambda _, result: result,
) -> Iterator[tuple[int, T | None]]:
    """Call `function` with batches of jobs on a cluster; yield index and result of each job.

    The result is None if the workers that ran the job died. Without jobs, no cluster is used.

    `address`: a Dask scheduler, or local:N for N workers on this machine.
    `requirements`: the software that the workers must have.
    `pack`: prepares a job for sending.
    `unpack`: makes the final result from a job and its result.

    Raises UsageError if the address is wrong or Dask is not installed. Raises ClusterError if the
    scheduler does not answer, or a worker lacks software.
    """
    if not jobs:
        return
    with (
        open_cluster(address, requirements, pack, unpack) as executor,
        executor,
        cancelled_on_error(executor),
    ):
        yield from run_chunks(executor, function, jobs, executor.rounds)


@contextlib.contextmanager
def open_cluster(
    address: str,
    requirements: Requirements,
    pack: Callable[[Item], Item],
    unpack: Callable[[Item, T], T],
) -> Iterator[ClusterExecutor[Item, T]]:
    """Connect to a Dask cluster until the `with` block ends.

    `address`: a Dask scheduler, or local:N to start N workers on this machine.
    `requirements`: the software that the workers must have.
    `pack`: prepares a job for sending.
    `unpack`: makes the final result from a job and its result.

    Raises UsageError if the address is wrong or Dask is not installed. Raises ClusterError if the
    scheduler does not answer, or a worker lacks software.
    """
    local = _LOCAL.fullmatch(address)
    if local is None and not _REMOTE.fullmatch(address):
        raise UsageError(
            f"--cluster 不认识“{address}”，写调度进程的地址，例如 tcp://10.0.0.5:8786，"
            "或 local:4（在这台机器上开 4 个工作进程）"
        )
    distributed = _load_dask()
    with contextlib.ExitStack() as stack:
        try:
            target = (
                stack.enter_context(_local_cluster(distributed, int(local[1])))
                if local
                else address
            )
            client = distributed.Client(target, timeout=_CONNECT_SECONDS, set_as_default=False)
        except Exception as error:  # Dask raises many kinds, TypeError without certificates
            hint = "。核对 Dask 配置里的证书" if address.startswith("tls:") else ""
            raise ClusterError(f"连不上集群 {address}（{type(error).__name__}）{hint}") from error
        stack.callback(_close_quietly, client)
        _refuse_others(client, requirements)
        yield ClusterExecutor(client, requirements, pack, unpack)


def _load_dask() -> Any:
    """Import Dask and turn off its messages, such as those about workers that die."""
    try:
        import dask

        loggers = ("distributed", "distributed.client", "tornado", "asyncio")
        dask.config.set({"distributed.logging": dict.fromkeys(loggers, "critical")})
        # Dask would warn about large files to import, which are no graphs.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
        # For local workers: the profiler looks at the stack a hundred times a second.
        dask.config.set({"distributed.worker.profile.enabled": False})
        import distributed
    except ImportError as error:
        raise UsageError(
            f"--cluster 要用 Dask，没有装好（{error.name}）。请运行 {_INSTALL}"
        ) from error
    return distributed


@contextlib.contextmanager
def _local_cluster(distributed: Any, workers: int) -> Iterator[Any]:
    """Start a scheduler and `workers` processes that can be reached from this machine only."""
    with tempfile.TemporaryDirectory(prefix="nianbao-", ignore_cleanup_errors=True) as folder:
        cluster = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            # No dashboard. Dask opens a port for its figures all the same: on this machine only.
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit=0,
            local_directory=folder,
            silence_logs=50,
        )
        try:
            yield cluster
        finally:
            _close_quietly(cluster)


def _close_quietly(closable: Any) -> None:
    with contextlib.suppress(Exception):  # the other side may be gone
        closable.close(timeout=5)


def _refuse_others(client: Any, requirements: Requirements) -> None:
    """Raise ClusterError if there are no workers, or if a worker does not meet the requirements."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        answers = client.run(explain_mismatch, pickle.dumps(requirements), on_error="return")
    except Exception as error:
        raise ClusterError(f"集群里没有工作进程（{type(error).__name__}）") from error
    wrong = [
        f"{address}：{answer if isinstance(answer, str) else f'不能用（{answer!r}）'}"
        for address, answer in sorted(answers.items())
        if answer and not isinstance(answer, OSError)  # died meanwhile; each batch asks again
    ]
    if wrong:
        more = [f"还有 {len(wrong) - _MAX_LISTED} 个"] if len(wrong) > _MAX_LISTED else []
        listed = "；".join([*wrong[:_MAX_LISTED], *more])
        raise ClusterError(f"集群的工作进程和这台机器装的不一样，没有开始。{listed}")


def explain_mismatch(requirements: bytes) -> str:
    """Return a Chinese text about the software that this worker process lacks, or "".

    `requirements`: pickled Requirements.
    """
    wanted: Requirements = pickle.loads(requirements)
    found = _versions(wanted.formats, wanted.any_font)
    return "，".join(find_differences(wanted.versions, found))


@cache
def _versions(formats: tuple[str, ...], any_font: bool) -> Mapping[str, str]:
    if "pdf" in formats:  # load the libraries while no report is waiting
        with contextlib.suppress(Exception):  # a job that needs them says what is missing
            __import__(PDF_LIBRARIES)
    return describe_environment(formats, any_font=any_font)


def run_batch(packed: bytes) -> bytes:
    """Run a batch of jobs in this worker process.

    `packed`: a pickled _Batch.

    Return a pickled pair: the results and None, or None and an error.
    """
    batch: _Batch[Any, Any] = pickle.loads(packed)
    wanted = batch.requirements
    # A worker is a daemon, which must not start processes that could outlive it; the processes in
    # which some files are read have limits of their own.
    multiprocessing.current_process().daemon = False
    with _ONE_AT_A_TIME:
        try:
            # A worker may have joined after all were asked.
            found = _versions(wanted.formats, wanted.any_font)
            if wrong := "，".join(find_differences(wanted.versions, found)):
                message = f"集群里来了一个不一样的工作进程，不用它：{wrong}"
                raise ClusterError(message)
            return pickle.dumps((list(batch.function(batch.jobs)), None))
        except Exception as error:  # noqa: BLE001 - raised again on the other side
            error.add_note(traceback.format_exc())
            return pickle.dumps((None, picklable(error)))
