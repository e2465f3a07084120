"""Run a build plan: choose the executor, run the jobs, update the manifest."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from nianbao.build.digests import CHECK
from nianbao.build.manifest import ManifestWriter
from nianbao.build.plan import updated_record
from nianbao.utils.files import ensure_folder, remove_temporary_files
from nianbao.workspace.discovery import output_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from nianbao.build.job import JobResult
    from nianbao.build.manifest import ReportRecord
    from nianbao.build.plan import BuildPlan, ReportPlan


@dataclass(slots=True)
class BuildResult:
    """The result of a build.

    `records`: the records by report name, without the reports in `died`. `troubled`: by report
    name, the results that have `write_errors`, `failures` or `pdf_unavailable`; other results are
    not kept, because there can be thousands. `died`: names of the reports whose process died.
    `seconds`: by phase, the seconds that it took in all processes together.
    """

    records: dict[str, ReportRecord]
    troubled: dict[str, JobResult] = field(default_factory=dict)
    died: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)


def run_build(plan: BuildPlan, jobs: int | None, on_report_done: Callable[[], None]) -> BuildResult:
    """Run the jobs of the reports that are due, and call `on_report_done` after each job.

    `jobs`: the highest number of processes; None means one per CPU. Raises UserError if the output
    folder can't be used. After any other exception, such as KeyboardInterrupt, jobs that have not
    started are cancelled, and the manifest keeps the finished jobs.
    """
    result = BuildResult(dict(plan.records))
    due = plan.due
    with contextlib.ExitStack() as stack:
        # Do this before any thread starts, because it forks this process.
        pdf_executor = _start_pdf_worker(stack, plan, jobs)
        if plan.formats and due:
            ensure_folder(plan.output)
            folders = {output_path(each.file, plan.formats[0], plan.output).parent for each in due}
            remove_temporary_files({*folders, plan.output})
        manifest: ManifestWriter | None = None
        if plan.formats and (due or plan.manifest_changed):
            manifest = ManifestWriter(plan.output, plan.records)

        def add(report: ReportPlan, job_result: JobResult | None) -> None:
            result.records.pop(report.name, None)
            if job_result is None:
                result.died.add(report.name)
            else:
                record = updated_record(report, job_result, plan.digests)
                result.records[report.name] = record
                if manifest is not None:
                    manifest.record(report.name, record)
                if job_result.failures or job_result.write_errors or job_result.pdf_unavailable:
                    result.troubled[report.name] = job_result
                for phase, seconds in job_result.seconds.items():
                    result.seconds[phase] = result.seconds.get(phase, 0.0) + seconds
            on_report_done()

        if due:
            _run_jobs(plan, jobs, pdf_executor, add)
    return result


def _run_jobs(
    plan: BuildPlan,
    jobs: int | None,
    pdf_executor: Executor | None,
    on_result: Callable[[ReportPlan, JobResult | None], None],
) -> None:
    """Run the jobs of a plan; call `on_result` with each result, or None if the process died."""
    from nianbao.build.executors import (
        WorkerDiedError,
        cancelled_on_error,
        make_executor,
        run_bounded,
    )
    from nianbao.build.job import Job, run_job

    due, check, output = plan.due, plan.digests[CHECK], plan.output
    todo = [
        Job(
            each.file,
            tuple(each.due),
            each.linked(plan.formats),
            check,
            plan.settings,
            plan.templates,
            output,
            each.place,
        )
        for each in due
    ]
    function = partial(run_job, pdf_executor=pdf_executor) if pdf_executor else run_job
    pdf = any("pdf" in job.formats for job in todo)
    executor, limit = make_executor(len(todo), ["nianbao.build.job"], pdf=pdf, jobs=jobs)
    with executor, cancelled_on_error(executor):
        for index, future in run_bounded(executor, function, todo, limit):
            try:
                job_result = future.result()
            except WorkerDiedError:
                job_result = None
            on_result(due[index], job_result)


def _start_pdf_worker(
    stack: contextlib.ExitStack, plan: BuildPlan, jobs: int | None
) -> Executor | None:
    """If one report is due, start a process for its PDF to load WeasyPrint during the check.

    Return None if that is not useful or not possible.
    """
    due = plan.due
    if len(due) != 1 or "pdf" not in due[0].due or jobs == 1:
        return None
    from nianbao.build.executors import (
        PDF_LIBRARIES,
        ForkedWorker,
        can_fork,
        cancelled_on_error,
    )

    if can_fork():
        with contextlib.suppress(OSError):
            worker = stack.enter_context(ForkedWorker(partial(import_module, PDF_LIBRARIES)))
            stack.enter_context(cancelled_on_error(worker))
            return worker
    return None
