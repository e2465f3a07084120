"""The command `build`: make web pages, PDFs and Markdown files of changed reports."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nianbao.build.findings_codec import decode_findings
from nianbao.build.plan import plan_build
from nianbao.build.runner import run_build
from nianbao.cli.exit_codes import describe_death, exit_code, report_failures
from nianbao.cli.printing import print_text
from nianbao.cli.progress import Progress
from nianbao.diagnostics.reporters import format_findings
from nianbao.diagnostics.store import sparse_lines
from nianbao.utils.files import reject_symlinks
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import find_reports, output_path, reject_output_collisions
from nianbao.workspace.settings import FILE_NAME, read_settings
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.build.plan import BuildPlan
    from nianbao.build.runner import BuildResult
    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.rendering import Format
    from nianbao.workspace.shards import Shard


# More written files than this are only counted on a terminal, to keep the findings in view.
_MAX_LISTED: Final = 60


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """The options of `build`.

    `strict`: return 1 for warnings, as for errors.
    `force`: make all outputs, even those of unchanged reports.
    `jobs`: the highest number of processes; None for one per CPU.
    `cluster`: the address of a Dask scheduler, local:N for N local workers, or None.
    `shard`: the part of the reports to build, or None for all.
    `quiet`: print only findings and errors.
    `verbose`: print the reason for each output.
    `timings`: print the seconds that each phase took.
    """

    strict: bool = False
    force: bool = False
    jobs: int | None = None
    cluster: str | None = None
    shard: Shard | None = None
    quiet: bool = False
    verbose: bool = False
    timings: bool = False


@dataclass(slots=True)
class BuildSummary:
    """The parts of the text that a build prints.

    `findings`: the findings of all reports.
    `lines`: by path, the lines of each report; "" for lines without a finding.
    `written`: the path of each new output, and the reason for making it.
    `unchanged`: the paths of the outputs that were not made again.
    `errors`: messages about outputs that could not be made.
    `failures`: logs of bugs of the program.
    """

    findings: list[Finding]
    lines: dict[str, Sequence[str]]
    written: list[tuple[str, str]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def build(
    root: Path,
    names: tuple[str, ...],
    *,
    formats: Sequence[Format],
    output: Path,
    options: BuildOptions,
    console: Console,
) -> int:
    """Build reports into the folder `output`, print a summary, and return the exit code.

    `names`: report files or folders of reports; () for all reports.

    Return 1 if a report has errors or an output is missing, 3 after a bug. Raises UsageError if a
    name is wrong. Raises UserError if a folder is a symbolic link.
    """
    start = time.perf_counter()
    reject_symlinks(root, root / "templates")
    settings, findings = read_settings(root)
    files = find_reports(root, names)
    reject_output_collisions(files)
    if options.shard:
        files = options.shard.select(files)
    units = UnitIndex(root)
    plan = plan_build(
        root,
        files,
        # With a wrong nianbao.toml, the settings would be missing in every output.
        () if exit_code(findings, strict=False) else formats,
        output,
        settings,
        units,
        force=options.force,
        keep_others=bool(names or options.shard),
    )
    seconds = {"比较": time.perf_counter() - start}
    with Progress(len(plan.due), "生成", console, quiet=options.quiet) as progress:
        # A report with errors keeps its earlier outputs; other reports are built.
        result = run_build(plan, options.jobs, progress.step, options.cluster)
    summary = summarize(plan, result, [*findings, *units.findings])
    code = print_summary(summary, options, console)
    if options.timings:
        seconds |= result.seconds
        phases = "，".join(f"{phase} {spent:.3f}" for phase, spent in seconds.items())
        console.warn(f"用时（秒）：{phases}；从头到尾 {time.perf_counter() - start:.3f}")
    return code


def summarize(
    plan: BuildPlan, result: BuildResult, settings_findings: Sequence[Finding]
) -> BuildSummary:
    """Collect the findings, files and errors that a build prints.

    `settings_findings`: the findings about nianbao.toml and units.toml.
    """
    summary = BuildSummary(list(settings_findings), {FILE_NAME: [""]})
    reported: set[Finding] = set()  # a wrong template has the same finding in every report
    for report in plan.reports:  # not in the order in which they were finished
        record = result.records.get(report.name)
        if record is None:  # its process died
            continue
        findings, excerpts = decode_findings(record.encoded_findings)
        summary.findings += findings
        summary.lines[report.file.shown] = sparse_lines(excerpts)
        for to in plan.formats:
            made = record.outputs.get(to)
            if made is None:
                continue
            path = sanitize(output_path(report.file, to, plan.output).as_posix())
            if made.digest and to in report.due:
                summary.written.append((path, report.due[to]))
            elif made.digest:
                summary.unchanged.append(path)
            summary.findings += [each for each in made.findings if each not in reported]
            reported.update(made.findings)
    troubled = [result.troubled[each.name] for each in plan.reports if each.name in result.troubled]
    summary.errors = [
        *(f"没有生成 PDF：{each.pdf_unavailable}" for each in troubled if each.pdf_unavailable),
        *(error for each in troubled for error in each.write_errors),
        *(describe_death(each.file.shown) for each in plan.reports if each.name in result.died),
    ]
    summary.failures = [failure for each in troubled for failure in each.failures]
    return summary


def print_summary(summary: BuildSummary, options: BuildOptions, console: Console) -> int:
    """Print the findings, files and errors of a build; return its exit code."""
    findings, written, unchanged = summary.findings, summary.written, summary.unchanged
    text: list[str] = []
    if findings:
        text.append(format_findings(findings, summary.lines, to="text", colour=console.colour))
    if not options.quiet:
        if len(written) > _MAX_LISTED and console.out.isatty() and not options.verbose:
            text.append(f"已生成 {len(written)} 个文件")
        else:
            text += [
                f"已生成 {path}（{why}）" if options.verbose else f"已生成 {path}"
                for path, why in written
            ]
        if options.verbose:
            text += [f"没有变化 {path}" for path in unchanged]
        elif unchanged:
            text.append(f"没有变化的 {len(unchanged)} 个文件没有重做")
    if text:
        print_text("\n".join(text), console)
    if console.runner:
        from nianbao.diagnostics.reporters.github import workflow_commands

        for command in workflow_commands(findings):
            console.print(command)
    console.warn(*dict.fromkeys(summary.errors))
    code = report_failures(summary.failures, console)
    return code or max(exit_code(findings, strict=options.strict), int(bool(summary.errors)))
