"""Format findings as one JSON object, with their counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import json_pointer
from nianbao.diagnostics.reporters.summary import count_by_severity
from nianbao.utils.safe_json import LazyList, dump_json, iterate_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.diagnostics.reporters.units import UnitSummary


def iterate_as_json(
    findings: Iterable[Finding], hidden: Iterable[Finding] | None = None
) -> Iterator[str]:
    """Yield a JSON object with the findings and their counts, in pieces.

    Lines and columns are counted from 1; the end of a range is exclusive.

    `hidden`: findings that filters leave out, which are only counted; None without filters.
    """
    items = LazyList(lambda: map(_item, findings))
    return iterate_json({"findings": items, "summary": _summary(findings, hidden)})


def _item(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "end_line": finding.span.end_line,
        "end_column": finding.span.end_column,
        # Of a file without lines, such as a Word file: the lines above are those of the report that
        # was made from the file.
        **({"place": finding.place} if finding.place else {}),
        "pointer": json_pointer(finding.pointer),
        "message": finding.message,
        "help": finding.help,
        "waived": finding.waived,
        "fixable": finding.fixable,
    }


def units_as_json(
    units: Sequence[UnitSummary],
    findings: Iterable[Finding],
    hidden: Iterable[Finding] | None = None,
) -> str:
    """Return the table of units, and the counts of all `findings`, as JSON.

    `hidden`: findings that filters leave out, which are only counted; None without filters.
    """
    rows = [asdict(unit) for unit in units]
    return dump_json({"units": rows, "summary": _summary(findings, hidden)})


def _summary(findings: Iterable[Finding], hidden: Iterable[Finding] | None) -> dict[str, object]:
    counts = count_by_severity(findings)
    return {**counts, **({} if hidden is None else {"hidden": count_by_severity(hidden)})}
