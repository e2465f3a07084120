"""`build`: make web pages, PDFs and Markdown of the reports that have changed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.build.plan import plan_build
from nianbao.build.runner import run_build
from nianbao.cli.commands.build_summary import print_summary, summarize
from nianbao.cli.progress import Progress
from nianbao.utils.files import reject_symlinks
from nianbao.workspace.discovery import find_reports, reject_output_collisions
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.rendering import Format


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Options of `build`. `jobs` is the highest number of processes; None: one per CPU."""

    strict: bool = False
    force: bool = False
    jobs: int | None = None
    quiet: bool = False
    verbose: bool = False
    timings: bool = False


def build(
    root: Path,
    names: tuple[str, ...],
    *,
    formats: Sequence[Format],
    output: Path,
    options: BuildOptions,
    console: Console,
) -> int:
    """Build reports into `output`; return 1 if a report has errors or an output is missing.

    A report with errors keeps its earlier outputs; the others are built. With wrong settings
    nothing is built, because every output would lack what they were to add.
    """
    start = time.perf_counter()
    reject_symlinks(root, root / "templates")
    settings, findings = read_settings(root)
    files = find_reports(root, names)
    reject_output_collisions(files)
    plan = plan_build(
        root,
        files,
        () if findings else formats,
        output,
        settings,
        force=options.force,
        keep_others=bool(names),
    )
    seconds = {"比较": time.perf_counter() - start}
    with Progress(len(plan.due), "生成", console, quiet=options.quiet) as progress:
        result = run_build(plan, options.jobs, progress.step)
    summary = summarize(plan, result, findings)
    code = print_summary(
        summary, console, strict=options.strict, quiet=options.quiet, verbose=options.verbose
    )
    if options.timings:
        seconds |= result.seconds
        phases = "，".join(f"{phase} {spent:.3f}" for phase, spent in seconds.items())
        console.warn(f"用时（秒）：{phases}；从头到尾 {time.perf_counter() - start:.3f}")
    return code
