"""A job function whose process dies over one report."""

import os
import signal

from nianbao.build.job import Job, JobResult, run_job


def run_job_or_die(job: Job) -> JobResult:
    """Run a job, but kill this process if the report is one of 乙."""
    if "乙" in job.file.shown:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_job(job)
