"""The command `fix`: correct the errors that have only one possible correction."""

from __future__ import annotations

from difflib import unified_diff
from functools import partial
from typing import TYPE_CHECKING

from nianbao.checks.checker import check_file, find_fixable
from nianbao.cli.printing import print_text
from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters import format_findings
from nianbao.errors import UserError
from nianbao.formatting.fix import FixedReport, fix_report
from nianbao.parsing.reader import read_source
from nianbao.utils.files import remove_temporary_files, write_atomically
from nianbao.utils.text import sanitize
from nianbao.workspace.discovery import ReportFile, find_reports
from nianbao.workspace.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding
    from nianbao.model.source import Source


def fix(root: Path, names: tuple[str, ...], *, diff: bool, prose: bool, console: Console) -> int:
    """Correct errors with one possible correction; print the changes and the remaining errors.

    `names`: report files or folders of reports; () for all reports.
    `diff`: write nothing, and return 1 if a report would change.
    `prose`: correct prose (punctuation, numbers, blanks) in addition to data.

    Return 1 if errors remain or a file can't be written.
    """
    files = find_reports(root, names)
    if not diff:
        remove_temporary_files({file.path.parent for file in files})
    messages: list[str] = []
    refused = changed = count = 0
    for file in files:
        source = read_source(file.path, file.shown)
        fixed = fix_report(source, partial(find_fixable, prose=prose))
        messages += _changes(fixed, "要改" if diff else "已改")
        if fixed.source.raw == source.raw:
            continue
        changed, count = changed + 1, count + len(fixed.changes)
        if diff:
            messages += _difference(source, fixed.source)
            continue
        try:
            # resolve() keeps a link to another report a link.
            write_atomically(file.path.resolve(), fixed.source.raw)
        except UserError as error:
            console.warn(str(error))
            refused += 1
    if diff:
        messages.append(f"{len(files)} 份报告，{f'{changed} 份要改' if changed else '没有要改的'}")
        print_text("\n".join(messages), console)
        return int(changed > 0)
    errors, lines = _remaining_errors(root, files)
    if errors:
        messages += [
            "下面的要自己改：",
            format_findings(errors, lines, to="text", colour=console.colour),
        ]
    else:
        fixes = f"改了 {count} 处，没有剩下的错误" if count else "没有要改的"
        messages.append(f"{len(files)} 份报告，{fixes}")
    print_text("\n".join(messages), console)
    return int(bool(errors) or refused > 0)


def _changes(fixed: FixedReport, verb: str) -> list[str]:
    """Return a line of text for each change. `verb`: a Chinese verb that says what was done."""
    path = sanitize(fixed.source.path)
    return [
        f"{path}:{change.line}:{change.column}: {verb} {change.finding.rule} "
        f"{sanitize(change.finding.message)}"
        for change in fixed.changes
    ]


def _difference(before: Source, after: Source) -> list[str]:
    """Return the changed lines as a unified diff."""
    lines = unified_diff(before.lines, after.lines, before.path, after.path, lineterm="", n=0)
    return [sanitize(line) for line in lines]


def _remaining_errors(
    root: Path, files: Sequence[ReportFile]
) -> tuple[list[Finding], dict[str, Sequence[str]]]:
    """Check the files as they are now; return the errors, and the files' lines by path."""
    settings, _ = read_settings(root)
    results = [check_file(file, settings) for file in files]
    errors = [
        finding
        for result in results
        for finding in result.findings
        if finding.severity is Severity.ERROR and not finding.waived
    ]
    return errors, {result.source.path: result.source.lines for result in results}
