"""The command `site`: write a static web site of all reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.build.findings_codec import decode_findings
from nianbao.cli.exit_codes import exit_code, report_failures
from nianbao.cli.printing import print_text
from nianbao.cli.progress import Progress
from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters import format_findings
from nianbao.rendering.document import file_label
from nianbao.rendering.errors import TemplateError
from nianbao.site.publishing import COPIED, SiteJob, plan_site, publish
from nianbao.utils.files import reject_symlinks
from nianbao.utils.text import sanitize, shorten
from nianbao.workspace.discovery import find_reports, reject_output_collisions
from nianbao.workspace.settings import FILE_NAME, read_settings
from nianbao.workspace.units import UnitIndex

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.site.publishing import SiteResult

_LONGEST_MESSAGE: Final = 60


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The options of `site`.

    `made`: the folder to which the command `build` writes.
    `folder`: the folder of the site.
    `force`: make all outputs, even those of unchanged reports.
    `jobs`: the highest number of processes; None for one per CPU.
    `quiet`: print only findings and errors.
    """

    made: Path
    folder: Path
    force: bool = False
    jobs: int | None = None
    quiet: bool = False


def make_site(root: Path, *, options: SiteOptions, console: Console) -> int:
    """Write the site and print a summary; return the exit code.

    Return 1 if a report is left out or a template is wrong, 3 after a bug. Raises UserError if the
    folder can't be used or there is nothing to publish.
    """
    reject_symlinks(root, root / "templates")
    settings, findings = read_settings(root)
    files = find_reports(root, ())
    index = UnitIndex(root, files)
    findings += index.findings
    _print_findings(findings, console)
    if exit_code(findings, strict=False):
        return 1
    reject_output_collisions(files)
    job = SiteJob(
        root, files, settings, index, options.made, options.folder, options.force, options.jobs
    )
    plan, left_out = plan_site(job)
    try:
        with Progress(len(plan.due), "生成", console, quiet=options.quiet) as progress:
            result = publish(job, plan, left_out, progress.step)
    except TemplateError as error:
        _print_findings([error.finding()], console)
        return 1
    found = list(_failed_reports(result))
    for message in [*result.left_out, *(text for text, _ in found)]:
        console.warn(f"没有放进网站：{message}")
    wrong = dict.fromkeys(finding for _, others in found for finding in others)
    _print_findings(list(wrong), console)
    _print_summary(result, options, console, has_address=bool(settings.address))
    failures = [each for made in result.build.troubled.values() for each in made.failures]
    code = report_failures(failures, console)
    return code or int(bool(result.left_out or found or result.problems))


def _print_findings(findings: list[Finding], console: Console) -> None:
    if findings:
        lines = {finding.path: ("",) for finding in findings} | {FILE_NAME: ("",)}
        print_text(format_findings(findings, lines, to="text", colour=console.colour), console)


def _failed_reports(result: SiteResult) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Yield a message about each report that has no page, and the findings of its page."""
    for each in result.plan.reports:
        record = result.build.records.get(each.name)
        made = record.outputs.get("html") if record else None
        if made and made.digest:
            continue
        findings = decode_findings(record.encoded_findings)[0] if record else []
        errors = [f for f in findings if f.severity is Severity.ERROR and not f.waived]
        trouble = result.build.troubled.get(each.name)
        if errors:
            first = f"第 {errors[0].span.line} 行：{shorten(errors[0].message, _LONGEST_MESSAGE)}"
            yield f"{each.file.shown}：{len(errors)} 个错误，{first}", ()
        elif made:
            yield f"{each.file.shown}：模板有错误", made.findings
        elif trouble and trouble.write_errors:
            yield trouble.write_errors[0], ()
        else:
            yield f"{each.file.shown}：没有做完", ()


def _print_summary(
    result: SiteResult, options: SiteOptions, console: Console, *, has_address: bool
) -> None:
    """Print what was written, and what the site lacks."""
    console.warn(*result.problems)
    if options.quiet:
        return
    shown = sanitize(options.folder.as_posix())
    counts = [
        f"写了 {result.files.written} 个文件",
        f"没有变化的 {result.files.unchanged} 个没有重做",
    ]
    counts += [f"删去 {result.files.removed} 个"] if result.files.removed else []
    console.print(f"{shown}：{result.reports} 份报告的网站，{'，'.join(counts)}")
    for note in result.notes:
        console.print(note)
    lacking = [f"{file_label(to)} {count} 份" for to, count in result.missing.items() if count]
    if lacking:
        formats = ",".join(to for to in COPIED if result.missing.get(to))
        console.print(
            f"网站里缺：{'，'.join(lacking)}。先运行 build --to html,md,{formats}，再做一次网站"
        )
    if not has_address:
        console.print(
            f"{FILE_NAME} 里没有写网址，所以没有站点地图、订阅源和规范网址；写上"
            ' 网址 = "https://…" 就有'
        )
