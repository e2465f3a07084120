"""Format findings as one JSON object, with their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import json_pointer
from nianbao.diagnostics.reporters.summary import count_by_severity
from nianbao.utils.safe_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding


def as_json(findings: Sequence[Finding]) -> str:
    """Return findings and counts as JSON; lines and columns count from 1, the end is exclusive."""
    items = [
        {
            "rule": finding.rule,
            "severity": finding.severity.value,
            "path": finding.path,
            "line": finding.span.line,
            "column": finding.span.column,
            "end_line": finding.span.end_line,
            "end_column": finding.span.end_column,
            "pointer": json_pointer(finding.pointer),
            "message": finding.message,
            "help": finding.help,
            "waived": finding.waived,
            "fixable": finding.fixable,
        }
        for finding in findings
    ]
    return dump_json({"findings": items, "summary": count_by_severity(findings)})
