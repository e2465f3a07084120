"""`check`: print the findings of reports, without writing files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.checks.checker import check_file
from nianbao.checks.rules import PROOFREADING
from nianbao.cli.exit_codes import exit_code, report_failures
from nianbao.cli.printing import print_text
from nianbao.diagnostics.reporters import DOCUMENTS, ReportFormat, format_findings
from nianbao.rendering.pdf.printability import unprintable_warnings
from nianbao.workspace.discovery import find_reports
from nianbao.workspace.settings import FILE_NAME, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from nianbao.cli.console import Console
    from nianbao.diagnostics.finding import Finding, FindingKind


def check(
    root: Path,
    names: tuple[str, ...],
    *,
    to: ReportFormat | None,
    strict: bool,
    program: str,
    console: Console,
) -> int:
    """Check reports and print the findings; return 1 for errors, with `strict` also for warnings.

    `to`: the format; None means annotations on a GitHub runner, otherwise text.
    `program`: the command that runs this program, as a hint shows it.
    """
    settings, findings = read_settings(root)
    failures: list[str] = []
    lines: dict[str, Sequence[str]] = {FILE_NAME: ()}
    for file in find_reports(root, names):
        checked = check_file(file, settings)
        warnings = unprintable_warnings(checked.report) if checked.report else []
        findings += sorted([*checked.findings, *warnings], key=lambda f: f.sort_key)
        failures += checked.failures
        lines[file.shown] = checked.source.lines
    chosen = to or ("github" if console.runner else "text")
    kinds: Sequence[FindingKind] = ()
    if chosen == "sarif":
        from nianbao.checks.catalog import finding_kinds

        kinds = finding_kinds()
    output = format_findings(findings, lines, to=chosen, colour=console.colour, kinds=kinds)
    if chosen not in DOCUMENTS:
        output = "\n".join([output, *_fixable(findings, program)])
    if chosen == "text":
        print_text(output, console)
    elif chosen in DOCUMENTS and not console.unicode:
        from nianbao.utils.safe_json import only_ascii

        console.print(only_ascii(output))
    else:
        console.print(output)
    return report_failures(failures, console) or exit_code(findings, strict=strict)


def _fixable(findings: Sequence[Finding], program: str) -> Iterator[str]:
    """Yield how many findings `fix` can remove, and how to call it."""
    proofreading = {rule.id for rule in PROOFREADING}
    rules = [finding.rule for finding in findings if finding.fixable]
    in_prose = sum(rule in proofreading for rule in rules)
    for count, options in ((len(rules) - in_prose, ""), (in_prose, " --prose")):
        if count:
            yield f"其中 {count} 处可以自动改正：{program} fix{options}"
