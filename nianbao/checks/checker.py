"""Checking one report: from its file to the compiled report and everything found on the way."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checks.rules import Context, PreviousReport, run_rules
from nianbao.checks.rules.body_kinds import _deadline, _kind
from nianbao.checks.rules.leftovers import draft_violations
from nianbao.checks.structure import check_structure
from nianbao.checks.structure.blank_rows import merge_blank_rows
from nianbao.diagnostics.finding import Finding, Severity
from nianbao.model.report import Report, compile_report
from nianbao.model.source import Source
from nianbao.workspace.previous_year import find_previous_year
from nianbao.workspace.readers import DISK_READER, Reader

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.workspace.discovery import ReportFile
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A checked file. `report` is None where its structure is wrong.

    `failures` are the logs of rules that broke on it, which is a bug of theirs.
    """

    source: Source
    report: Report | None
    findings: tuple[Finding, ...]
    failures: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether something found forbids building the report."""
        return any(f.severity is Severity.ERROR and not f.waived for f in self.findings)


def check_file(file: ReportFile, settings: Settings, reader: Reader = DISK_READER) -> CheckResult:
    """Read and check one report; bad input becomes findings, in the order of the file.

    `reader` has the report under its path, and last year's beside it. A bug that the report brings
    to light is that report's failure, so that the others go on.
    """
    try:
        return _check(file, settings, reader)
    except Exception:  # noqa: BLE001 - told with its log, see tell_failures
        source = Source(file.shown, (), None, {}, ())
        return CheckResult(source, None, (), (f"{file.shown}\n{traceback.format_exc()}",))


def _check(file: ReportFile, settings: Settings, reader: Reader) -> CheckResult:
    source, report, findings = _compile(file.path, file.shown, reader)
    failures: tuple[str, ...] = ()
    if report is not None:
        kind = report.data.get("机关类型") or settings.body_kind or _kind(report.body)
        previous = _previous(file.path, report.year, reader)
        deadline = _deadline(report.year, kind, settings.deadline)
        verdict = run_rules(Context(report, previous, kind, deadline))
        findings += verdict.findings
        failures = verdict.failures
    else:
        findings += draft_violations(source)
    findings.sort(key=lambda finding: finding.sort_key)
    return CheckResult(source, report, tuple(findings), failures)


def _compile(path: Path, shown: str, reader: Reader) -> tuple[Source, Report | None, list[Finding]]:
    """Read and compile a report, without any rule."""
    source = reader.read(path, shown)
    findings = list(source.findings)
    report = None
    if source.data is not None or not findings:
        form, structural = check_structure(source)
        structural = merge_blank_rows(structural, source, form) if form else structural
        # What the reader has already said of a value needs no second word.
        told = {(finding.span.line, finding.span.column) for finding in findings}
        findings += [f for f in structural if (f.span.line, f.span.column) not in told]
        if form is not None and not any(f.severity is Severity.ERROR for f in findings):
            report, faults = compile_report(source, form)
            findings += faults
    return source, report, findings


def _previous(path: Path, year: int, reader: Reader) -> PreviousReport:
    """Last year's report as the rules see it."""
    found = find_previous_year(path, year, reader)
    if found.path is None:
        return PreviousReport(found.name, False, found.has_older, None, found.year_in_name)
    _, report, findings = _compile(found.path, found.name, reader)
    if any(finding.severity is Severity.ERROR for finding in findings):
        report = None
    return PreviousReport(found.name, exists=True, older=False, report=report)
