"""Job functions whose process dies over one report; also a preload module of a Dask worker."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import nianbao.build.check_job
import nianbao.build.job
import nianbao.importing.import_job
from nianbao.build.check_job import check_reports
from nianbao.build.job import run_jobs
from nianbao.importing.import_job import import_jobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.build.check_job import CheckedReport, CheckJob
    from nianbao.build.job import Job, JobResult
    from nianbao.importing.import_job import ImportedFile, ImportJob


def run_jobs_or_die(jobs: Sequence[Job]) -> list[JobResult]:
    """Run jobs, but kill this process if a report is one of 乙."""
    _die_of(job.file.shown for job in jobs)
    return run_jobs(jobs)


def check_reports_or_die(jobs: Sequence[CheckJob]) -> list[CheckedReport]:
    """Check reports, but kill this process if a report is one of 乙."""
    _die_of(job.file.shown for job in jobs)
    return check_reports(jobs)


def import_jobs_or_die(jobs: Sequence[ImportJob]) -> list[ImportedFile]:
    """Import files, but kill this process if a file is named 乙."""
    _die_of(job.shown for job in jobs)
    return import_jobs(jobs)


def _die_of(names: Iterable[str]) -> None:
    if any("乙" in name for name in names):
        os.kill(os.getpid(), signal.SIGKILL)


def dask_setup(_worker: object) -> None:
    """Replace the job functions of a Dask worker."""
    nianbao.build.job.run_jobs = run_jobs_or_die  # type: ignore[assignment]
    nianbao.build.check_job.check_reports = check_reports_or_die
    nianbao.importing.import_job.import_jobs = import_jobs_or_die
