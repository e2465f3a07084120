"""What came of a build, told in the order of the reports whatever the order of the work was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nianbao.build.findings_codec import decode_findings
from nianbao.build.plan import name_of
from nianbao.cli.commands.output import exit_code, print_text, report_failures
from nianbao.diagnostics.reporters import format_findings
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import output_path
from nianbao.workspace.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from nianbao.build.job import JobResult
    from nianbao.build.manifest import ReportRecord
    from nianbao.build.plan import Plan
    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.rendering import Format

# More files than this are only counted on a terminal, where they would push the findings away.
_MANY: Final = 60


@dataclass(slots=True)
class BuildSummary:
    """What has come of the reports so far, by name: what is known of them, and troubles.

    `troubles` are the results with more to tell than that, `died` the reports whose process died,
    as they are shown. `seconds` is the time of each phase. `keep` writes an entry down.
    """

    entries: dict[str, ReportRecord]
    keep: Callable[[str, ReportRecord], None] | None = None
    troubles: dict[str, JobResult] = field(default_factory=dict)
    died: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, result: JobResult, entry: ReportRecord) -> None:
        """Note what came of a report: as little as can be, for thousands are kept until the end."""
        self.entries[name] = entry
        if self.keep is not None:
            self.keep(name, entry)
        if result.failures or result.problems or result.unavailable:
            self.troubles[name] = result
        for phase, seconds in result.seconds.items():
            self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds


def print_summary(
    outcome: BuildSummary,
    plans: Sequence[Plan],
    findings: Sequence[Finding],
    formats: Sequence[Format],
    output: Path,
    console: Console,
    *,
    strict: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Print what was found, `findings` first, and what was made; the exit code of the build."""
    told, lines = list(findings), {FILE_NAME: [""]}
    once: set[Finding] = set()  # what is wrong with a template is told by every report
    written: list[str] = []
    kept: list[str] = []
    for each in plans:
        entry = outcome.entries.get(name_of(each.file))
        if entry is None:  # the process died
            continue
        found, excerpts = decode_findings(entry.encoded_findings)
        told += found
        lines[each.file.shown] = _sparse(excerpts)
        for to in formats:
            made = entry.outputs.get(to)
            if made is None:
                continue
            path = sanitize(output_path(each.file, to, output).as_posix())
            if made.digest and to in each.due:
                written.append(f"已生成 {path}" + (f"（{each.due[to]}）" if verbose else ""))
            elif made.digest:
                kept.append(f"没有变化 {path}")
            told += [finding for finding in made.findings if finding not in once]
            once.update(made.findings)
    text = [format_findings(told, lines, to="text", colour=console.colour)] if told else []
    if not quiet:
        many = len(written) > _MANY and console.out.isatty() and not verbose
        text += [f"已生成 {len(written)} 个文件"] if many else written
        text += kept if verbose else [f"没有变化的 {len(kept)} 个文件没有重做"] * bool(kept)
    if text:
        print_text("\n".join(text), console)
    if console.runner:
        from nianbao.diagnostics.reporters.github import workflow_commands

        for command in workflow_commands(told):
            console.print(command)
    trouble, code = _troubles(outcome, plans, console)
    return code or max(exit_code(told, strict=strict), int(trouble))


def _troubles(outcome: BuildSummary, plans: Sequence[Plan], console: Console) -> tuple[bool, int]:
    """Tell what the machine refused and what the program failed at: whether any; 3 for a bug."""
    found = [r for each in plans if (r := outcome.troubles.get(name_of(each.file)))]
    unavailable = dict.fromkeys(result.unavailable for result in found if result.unavailable)
    problems = dict.fromkeys(problem for result in found for problem in result.problems)
    console.warn(*(f"没有生成 PDF：{reason}" for reason in unavailable), *problems)
    for each in plans:
        if each.file.shown in outcome.died:
            console.warn(f"没有做完：{each.file.shown}（做它的进程被终止了，也许是内存不够）")
    failures = [failure for result in found for failure in result.failures]
    return bool(unavailable or problems or outcome.died), report_failures(failures, console)


def _sparse(excerpts: Mapping[int, str]) -> list[str]:
    """The lines of a file as far as they are known, each in its place."""
    lines = [""] * max(excerpts, default=0)
    for number, line in excerpts.items():
        lines[number - 1] = line
    return lines
