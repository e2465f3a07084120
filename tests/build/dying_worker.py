"""A worker that dies over one report, for tests of what that costs."""

import os
import signal

from nianbao.build.job import Job, JobResult, run_job


def dying(job: Job) -> JobResult:
    """Make a report; that of 乙 is the end of this process."""
    if "乙" in job.file.shown:
        os.kill(os.getpid(), signal.SIGKILL)
    return run_job(job)
