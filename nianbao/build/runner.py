"""Run a build plan: choose the executor, start the PDF process, stop early."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from nianbao.build.job import Job
    from nianbao.build.plan import Plan

# So many reports are worth the start of other processes: a PDF takes half a second, all the rest
# some milliseconds.
_WORTH_IT: Final = {True: 2, False: 24}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build. `jobs` is how many processes may work; None for one a core."""

    strict: bool = False
    force: bool = False
    jobs: int | None = None
    quiet: bool = False
    verbose: bool = False
    timings: bool = False


def _forked_worker(
    stack: contextlib.ExitStack, todo: Sequence[Plan], options: BuildOptions, root: Path
) -> Executor | None:
    """A process for the PDF of a single report, which loads what that takes meanwhile."""
    if len(todo) != 1 or "pdf" not in todo[0].due or options.jobs == 1:
        return None
    from nianbao.build.executors import ForkedWorker, can_fork

    if can_fork():
        with contextlib.suppress(OSError):
            beside = stack.enter_context(ForkedWorker(partial(_preload_pdf, root / "templates")))
            stack.enter_context(_abandoning(beside))
            return beside
    return None


def _preload_pdf(templates: Path) -> None:
    from nianbao.rendering.pdf.renderer import preload_pdf

    preload_pdf(templates)


def _executor(jobs: Sequence[Job], options: BuildOptions) -> tuple[Executor, int]:
    """Who does the work, and how many tasks to hand out ahead."""
    from nianbao.build.executors import InlineExecutor, ProcessExecutor, available_cpus

    pdf = any("pdf" in job.formats for job in jobs)
    workers = min(options.jobs or available_cpus(), len(jobs))
    if workers > 1 and (options.jobs or len(jobs) >= _WORTH_IT[pdf]):
        preload = ["nianbao.build.job", *(["nianbao.rendering.pdf.preload"] if pdf else [])]
        with contextlib.suppress(ImportError, OSError):  # no shared memory, as in some containers
            return ProcessExecutor(workers, preload), 4 * workers
    return InlineExecutor(), 1


@contextlib.contextmanager
def _abandoning(executor: Executor) -> Iterator[None]:
    """Give up what has not begun when the work is broken off."""
    try:
        yield
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
