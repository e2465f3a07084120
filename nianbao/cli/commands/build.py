"""`build`: reports into web pages, PDFs and Markdown, as far as something has changed."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING

from nianbao.build.fingerprints import CHECK, environment_digests
from nianbao.build.manifest import open_manifest, read_manifest
from nianbao.build.plan import name_of, plan, updated_record
from nianbao.build.runner import BuildOptions, _abandoning, _executor, _forked_worker
from nianbao.cli.commands.build_summary import BuildSummary, print_summary
from nianbao.cli.progress import Progress
from nianbao.utils.files import ensure_folder, lock_output, reject_symlinks
from nianbao.workspace.discovery import find_reports, output_path, reject_output_collisions
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from nianbao.build.job import Job
    from nianbao.build.plan import Plan
    from nianbao.cli.console import Console
    from nianbao.rendering import Format


def build(
    root: Path,
    names: tuple[str, ...],
    *,
    formats: Sequence[Format],
    output: Path,
    options: BuildOptions,
    console: Console,
) -> int:
    """Build reports into `output`; 1 where a report had errors or an output could not be made.

    A report with errors leaves its earlier outputs as they are; the others are built. With wrong
    settings nothing is, for what they were to say would be missing from every output.
    """
    start = time.perf_counter()
    reject_symlinks(root, root / "templates")
    settings, findings = read_settings(root)
    files = find_reports(root, names)
    reject_output_collisions(files)
    formats = () if findings else formats
    means = environment_digests(root, settings, formats)
    before = read_manifest(output) if formats else {}
    plans = plan(files, formats, means, {} if options.force else before, output)
    compared = time.perf_counter() - start

    mine = {name_of(file) for file in files}
    outcome = BuildSummary({n: entry for n, entry in before.items() if names and n not in mine})
    outcome.entries |= {name_of(each.file): each.record for each in plans if each.record}
    todo = [each for each in plans if not each.kept]
    with contextlib.ExitStack() as stack:
        beside = _forked_worker(stack, todo, options, root)
        if formats and todo:
            ensure_folder(output)
            folders = {output_path(each.file, formats[0], output).parent for each in todo}
            stack.enter_context(lock_output(output, {*folders, output}))
        if formats and (todo or outcome.entries != before):
            outcome.keep = stack.enter_context(open_manifest(output, outcome.entries))
        if todo:
            from nianbao.build.job import Job

            jobs = [
                Job(each.file, tuple(each.due), means[CHECK], settings, root / "templates", output)
                for each in todo
            ]
            _work(todo, jobs, beside, means, outcome, options, console)

    code = print_summary(
        outcome,
        plans,
        findings,
        formats,
        output,
        console,
        strict=options.strict,
        quiet=options.quiet,
        verbose=options.verbose,
    )

    if options.timings:
        _print_timings(outcome, compared, time.perf_counter() - start, console)
    return code


def _work(
    todo: Sequence[Plan],
    jobs: Sequence[Job],
    beside: Executor | None,
    means: Mapping[str, str],
    outcome: BuildSummary,
    options: BuildOptions,
    console: Console,
) -> None:
    """Make what is due, in this process or in several, and note what came of it."""
    from nianbao.build.executors import WorkerDiedError, run_bounded
    from nianbao.build.job import run_job

    executor, ahead = _executor(jobs, options)
    work = partial(run_job, beside=beside) if beside else run_job
    with (
        executor,
        Progress(len(jobs), "生成", console, quiet=options.quiet) as progress,
        _abandoning(executor),
    ):
        for number, future in run_bounded(executor, work, jobs, ahead):
            file = todo[number].file
            outcome.entries.pop(name_of(file), None)
            try:
                result = future.result()
            except WorkerDiedError:
                outcome.died.append(file.shown)
            else:
                outcome.note(name_of(file), result, updated_record(todo[number], result, means))
            progress.step()


def _print_timings(outcome: BuildSummary, compared: float, whole: float, console: Console) -> None:
    """Say where the time went; what several processes did is added up."""
    spent = {"比较": compared, **outcome.seconds}
    words = "，".join(f"{phase} {seconds:.3f}" for phase, seconds in spent.items())
    console.warn(f"用时（秒）：{words}；从头到尾 {whole:.3f}")
