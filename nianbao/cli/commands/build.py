"""`build`: reports into web pages, PDFs and Markdown, as far as something has changed."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING

from nianbao.build.fingerprints import CHECK, means_of
from nianbao.build.manifest import open_manifest, read_manifest
from nianbao.build.plan import entry_of, name_of, plan
from nianbao.build.runner import Options, _abandoning, _beside, _executor
from nianbao.cli.commands.build_summary import Outcome, tell_outcome
from nianbao.cli.progress import Progress
from nianbao.utils.files import at_work, make_folder, refuse_links
from nianbao.workspace.discovery import find_reports, path_of, refuse_clashes
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
    options: Options,
    console: Console,
) -> int:
    """Build reports into `output`; 1 where a report had errors or an output could not be made.

    A report with errors leaves its earlier outputs as they are; the others are built. With wrong
    settings nothing is, for what they were to say would be missing from every output.
    """
    start = time.perf_counter()
    refuse_links(root, root / "templates")
    settings, findings = read_settings(root)
    files = find_reports(root, names)
    refuse_clashes(files)
    formats = () if findings else formats
    means = means_of(root, settings, formats)
    before = read_manifest(output) if formats else {}
    plans = plan(files, formats, means, {} if options.force else before, output)
    compared = time.perf_counter() - start

    mine = {name_of(file) for file in files}
    outcome = Outcome({n: entry for n, entry in before.items() if names and n not in mine})
    outcome.entries |= {name_of(each.file): each.entry for each in plans if each.entry}
    todo = [each for each in plans if not each.kept]
    with contextlib.ExitStack() as stack:
        beside = _beside(stack, todo, options, root)
        if formats and todo:
            make_folder(output)
            folders = {path_of(each.file, formats[0], output).parent for each in todo}
            stack.enter_context(at_work(output, {*folders, output}))
        if formats and (todo or outcome.entries != before):
            outcome.keep = stack.enter_context(open_manifest(output, outcome.entries))
        if todo:
            from nianbao.build.job import Job

            jobs = [
                Job(each.file, tuple(each.due), means[CHECK], settings, root / "templates", output)
                for each in todo
            ]
            _work(todo, jobs, beside, means, outcome, options, console)

    code = tell_outcome(
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
        _tell_seconds(outcome, compared, time.perf_counter() - start, console)
    return code


def _work(
    todo: Sequence[Plan],
    jobs: Sequence[Job],
    beside: Executor | None,
    means: Mapping[str, str],
    outcome: Outcome,
    options: Options,
    console: Console,
) -> None:
    """Make what is due, in this process or in several, and note what came of it."""
    from nianbao.build.executors import WorkerDied, run
    from nianbao.build.job import make

    executor, ahead = _executor(jobs, options)
    work = partial(make, beside=beside) if beside else make
    with (
        executor,
        Progress(len(jobs), "生成", console, quiet=options.quiet) as progress,
        _abandoning(executor),
    ):
        for number, future in run(executor, work, jobs, ahead):
            file = todo[number].file
            outcome.entries.pop(name_of(file), None)
            try:
                result = future.result()
            except WorkerDied:
                outcome.died.append(file.shown)
            else:
                outcome.note(name_of(file), result, entry_of(todo[number], result, means))
            progress.step()


def _tell_seconds(outcome: Outcome, compared: float, whole: float, console: Console) -> None:
    """Say where the time went; what several processes did is added up."""
    spent = {"比较": compared, **outcome.seconds}
    words = "，".join(f"{phase} {seconds:.3f}" for phase, seconds in spent.items())
    console.warn(f"用时（秒）：{words}；从头到尾 {whole:.3f}")
