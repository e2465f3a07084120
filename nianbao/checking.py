"""Checking one report: from its file to the compiled report and everything found on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.finding import Finding, Severity
from nianbao.report import Report, compile_report
from nianbao.source import Source, read_source
from nianbao.structure import check_structure

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.files import ReportFile


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked file. `report` is None where its structure is wrong."""

    source: Source
    report: Report | None
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether something found forbids building the report."""
        return any(f.severity is Severity.ERROR and not f.waived for f in self.findings)


def check_file(file: ReportFile, schema_file: Path | None = None) -> Checked:
    """Read and check one report; bad input becomes findings, in the order of the file."""
    source = read_source(file.path, file.shown)
    findings = list(source.findings)
    report = None
    if source.data is not None or not findings:
        form, structural = check_structure(source, schema_file)
        # What the reader has already said of a value needs no second word.
        told = {(finding.span.line, finding.span.column) for finding in findings}
        findings += [f for f in structural if (f.span.line, f.span.column) not in told]
        if form is not None and not any(f.severity is Severity.ERROR for f in findings):
            report, faults = compile_report(source, form)
            findings += faults
    findings.sort(key=lambda finding: finding.order)
    return Checked(source, report, tuple(findings))
