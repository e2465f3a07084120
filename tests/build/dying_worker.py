"""A job function whose process dies over one report; also a preload module of a Dask worker."""

import os
import signal
from collections.abc import Sequence

import nianbao.build.job
from nianbao.build.job import Job, JobResult, run_jobs


def run_jobs_or_die(jobs: Sequence[Job]) -> list[JobResult]:
    """Run jobs, but kill this process if a report is one of 乙."""
    if any("乙" in job.file.shown for job in jobs):
        os.kill(os.getpid(), signal.SIGKILL)
    return run_jobs(jobs)


def dask_setup(_worker: object) -> None:
    """Replace the job function of a Dask worker."""
    nianbao.build.job.run_jobs = run_jobs_or_die  # type: ignore[assignment]
