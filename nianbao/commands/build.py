"""`build`: reports into web pages, PDFs and Markdown."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, TypeVar

from nianbao.checking import Checked, check_file
from nianbao.commands.check import exit_code, print_text, tell_failures
from nianbao.files import (
    ReportFile,
    UserError,
    find_reports,
    make_folder,
    refuse_clashes,
    refuse_links,
    write_whole,
)
from nianbao.outputs import Format, render_report
from nianbao.outputs.templates import TemplateProblem
from nianbao.printable import unprintable
from nianbao.reporters import tell
from nianbao.settings import FILE_NAME, Settings, read_settings
from nianbao.terminal_text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.console import Console
    from nianbao.finding import Finding

# The name of a format.
Named = TypeVar("Named", bound=str)


def build(
    root: Path,
    names: tuple[str, ...],
    *,
    formats: Sequence[Format],
    output: Path,
    strict: bool,
    console: Console,
) -> int:
    """Build reports into `output`; 1 where a report had errors or an output could not be made.

    A report with errors leaves its earlier outputs as they are; the others are built. With wrong
    settings nothing is, for what they were to say would be missing from every output.
    """
    refuse_links(root, root / "templates")
    settings, findings = read_settings(root)
    files = find_reports(root, names)
    refuse_clashes(files)
    formats, complete = possible([] if findings else formats, console)
    if formats:
        make_folder(output)
    lines: dict[str, Sequence[str]] = {FILE_NAME: ()}
    written: list[Path] = []
    failures: list[str] = []
    unwritten: list[str] = []
    for file in files:
        checked = check_file(file, settings)
        findings += checked.findings
        failures += checked.failures
        lines[file.shown] = checked.source.lines
        if not checked.failed and checked.report is not None:
            for to in formats:
                try:
                    path, problems = _one(file, checked, to, settings, root, output)
                except UserError as error:
                    # A folder in the way of one output is no reason to leave out the others.
                    unwritten.append(str(error))
                    continue
                except Exception:  # noqa: BLE001 - a bug at one output costs that output
                    failures.append(f"{file.shown} {to}\n{traceback.format_exc()}")
                    continue
                findings += [p for p in problems if p not in findings]  # a template fails for all
                written += [path] if path else []
    told = [tell(findings, lines, to="text", colour=console.colour)] if findings else []
    told += [f"已生成 {clean(path.as_posix())}" for path in written]
    if told:
        print_text("\n".join(told), console)
    if console.runner:
        from nianbao.reporters.github import commands

        for command in commands(findings):
            console.print(command)
    for problem in dict.fromkeys(unwritten):
        console.warn(problem)
    broken = tell_failures(failures, console)
    return broken or max(exit_code(findings, strict=strict), int(not complete or bool(unwritten)))


def possible(formats: Sequence[Named], console: Console) -> tuple[Sequence[Named], bool]:
    """The formats that this machine can make, and whether that is all of them."""
    if "pdf" not in formats:
        return formats, True
    from nianbao.outputs.pdf import PdfUnavailable, require_pdf

    try:
        require_pdf()
    except PdfUnavailable as error:
        console.warn(f"没有生成 PDF：{error}")
        return [to for to in formats if to != "pdf"], False
    return formats, True


def _one(
    file: ReportFile, checked: Checked, to: Format, settings: Settings, root: Path, output: Path
) -> tuple[Path | None, list[Finding]]:
    """Make one output of one report: its path, or what stood in the way."""
    report = checked.report
    assert report is not None
    if to == "pdf":
        problems = list(unprintable(report))
        if problems:
            return None, problems
    try:
        waived = [finding for finding in checked.findings if finding.waived]
        content = render_report(report, to, settings, root / "templates", waived)
    except TemplateProblem as error:
        return None, [error.finding()]
    target = output / file.stem.parent / f"{file.stem.name}.{to}"
    refuse_links(output, target.parent)
    make_folder(target.parent)
    write_whole(target, content)
    return target, []
