"""Run a build plan: choose the executor, run the jobs, and update the manifest."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from nianbao.build.digests import CHECK, uses_any_font
from nianbao.build.manifest import ManifestWriter
from nianbao.build.plan import updated_record
from nianbao.utils.files import ensure_folder, remove_temporary_files
from nianbao.workspace.discovery import output_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from nianbao.build.job import Job, JobResult
    from nianbao.build.manifest import ReportRecord
    from nianbao.build.plan import BuildPlan, ReportPlan


@dataclass(slots=True)
class BuildResult:
    """The result of a build.

    `records`: the records by report name, without the reports in `died`.
    `troubled`: by report name, the results with `write_errors`, `failures` or `pdf_unavailable`.
    `died`: the names of the reports whose process died.
    `seconds`: the seconds of each phase, summed over all processes.
    """

    records: dict[str, ReportRecord]
    troubled: dict[str, JobResult] = field(default_factory=dict)
    died: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)


def run_build(
    plan: BuildPlan,
    jobs: int | None,
    on_report_done: Callable[[], None],
    cluster: str | None = None,
) -> BuildResult:
    """Run the jobs of the reports that are due.

    An exception cancels the jobs that have not started. The manifest keeps all finished jobs.

    `jobs`: the highest number of processes; None to choose a number.
    `on_report_done`: is called after each job.
    `cluster`: a Dask scheduler, or local:N for N workers on this machine.

    Raises UserError if the output folder can't be used. Raises UsageError or ClusterError if the
    cluster can't be used.
    """
    result = BuildResult(dict(plan.records))
    due = plan.due
    with contextlib.ExitStack() as stack:
        # Do this before any thread starts, because it forks this process.
        pdf_executor = None if cluster else _start_pdf_worker(stack, plan, jobs)
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
                record = updated_record(report, job_result)
                result.records[report.name] = record
                if manifest is not None:
                    manifest.record(report.name, record)
                # Other results are not kept, because there can be thousands.
                if job_result.failures or job_result.write_errors or job_result.pdf_unavailable:
                    result.troubled[report.name] = job_result
                for phase, seconds in job_result.seconds.items():
                    result.seconds[phase] = result.seconds.get(phase, 0.0) + seconds
            on_report_done()

        if due and cluster:
            _run_on_cluster(plan, cluster, add)
        elif due:
            _run_here(plan, jobs, pdf_executor, add)
    return result


def _jobs(plan: BuildPlan) -> list[Job]:
    from nianbao.build.job import Job

    return [
        Job(
            each.file,
            tuple(each.due),
            each.linked(plan.formats),
            plan.digests[CHECK],
            plan.settings,
            plan.templates,
            plan.output,
            each.place,
            each.page,
        )
        for each in plan.due
    ]


def _run_here(
    plan: BuildPlan,
    jobs: int | None,
    pdf_executor: Executor | None,
    on_result: Callable[[ReportPlan, JobResult | None], None],
) -> None:
    """Run the jobs of a plan on this machine.

    `on_result`: is called with the plan of each report and the result of its job. The result is
    None if the process died.
    """
    from nianbao.build.executors import Round, cancelled_on_error, make_executor, run_chunks
    from nianbao.build.job import run_jobs

    due, todo = plan.due, _jobs(plan)
    function = partial(run_jobs, pdf_executor=pdf_executor) if pdf_executor else run_jobs
    pdf = any("pdf" in job.formats for job in todo)
    executor, limit = make_executor(len(todo), ["nianbao.build.job"], pdf=pdf, jobs=jobs)
    with executor, cancelled_on_error(executor):
        for index, result in run_chunks(executor, function, todo, [Round(limit)]):
            on_result(due[index], result)


def _run_on_cluster(
    plan: BuildPlan, address: str, on_result: Callable[[ReportPlan, JobResult | None], None]
) -> None:
    """Run the jobs of a plan on a cluster.

    `on_result`: is called with the plan of each report and the result of its job. The result is
    None if the workers died.
    """
    from nianbao.build.cluster import Requirements, run_on_cluster
    from nianbao.build.job import Job, run_jobs
    from nianbao.workspace.packing import pack_folder

    due, templates = plan.due, pack_folder(plan.templates)
    any_font = uses_any_font(plan.templates, plan.settings)
    needed = Requirements.of_this_machine(plan.formats, any_font=any_font)
    pack = partial(Job.pack, templates=templates)
    for index, result in run_on_cluster(address, needed, run_jobs, _jobs(plan), pack, Job.unpack):
        on_result(due[index], result)


def _start_pdf_worker(
    stack: contextlib.ExitStack, plan: BuildPlan, jobs: int | None
) -> Executor | None:
    """Start a process for the PDF, which loads WeasyPrint while the report is checked.

    Return None if more than one report is due, if no PDF is due, or if `jobs` is 1 or the system
    can't fork. `stack`: ends the process when the stack is closed.
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
