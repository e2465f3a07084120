"""Format changes as `json`: one object with every change in full length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import json_pointer
from nianbao.diff.formats.wording import summarize
from nianbao.diff.model import ParagraphStatus
from nianbao.utils.safe_json import dump_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding
    from nianbao.diff.model import CellChange, Change, ProseChange
    from nianbao.diff.side import Cell
    from nianbao.model.report import Number


def as_json(changes: Sequence[Change]) -> str:
    """Return the changes as a JSON document.

    Reports whose content is unchanged are left out.
    """
    edited = [change for change in changes if change.edited]
    return dump_json(
        {
            "changed": bool(edited),
            "verdict": summarize(changes),
            "reports": [change_as_json(change) for change in edited],
        }
    )


def change_as_json(change: Change) -> dict[str, Any]:
    """Return the changes of one report as a JSON object."""
    return {
        "status": change.status.value,
        "old": change.old,
        "new": change.new,
        "remarks": list(change.remarks),
        "heads": [
            {"label": head.label, "old": head.old, "new": head.new} for head in change.metadata
        ],
        "cells": [_cell(cell) for cell in change.cells],
        "prose": [_prose(prose) for prose in change.prose],
        "findings": {
            "new": [_finding(finding) for finding in change.findings.new],
            "gone": [_finding(finding) for finding in change.findings.gone],
            "still": [_finding(finding) for finding in change.findings.still],
            "waived": [_finding(finding) for finding in change.findings.waived],
        },
    }


def _cell(change: CellChange) -> dict[str, Any]:
    return {
        "pointer": json_pointer(change.pointer),
        "table": change.table,
        "row": list(change.row),
        "column": list(change.column),
        "old": _value(change.old),
        "new": _value(change.new),
        "difference": _number(change.difference),
        "computed": change.computed,
    }


def _value(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {"text": cell.text, "number": _number(cell.number), "note": cell.note}


def _number(number: Number | None) -> int | float | None:
    return number if number is None or isinstance(number, int) else float(number)


def _prose(change: ProseChange) -> dict[str, Any]:
    return {
        "old": None if change.old is None else json_pointer(change.old),
        "new": None if change.new is None else json_pointer(change.new),
        "place": list(change.names),
        "paragraphs": [
            {
                "fate": paragraph.status.value,
                "elsewhere": paragraph.elsewhere,
                "runs": [{"mark": run.kind.value, "text": run.text} for run in paragraph.runs],
            }
            for paragraph in change.paragraphs
            if paragraph.status is not ParagraphStatus.EQUAL
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": finding.path,
        "line": finding.span.line,
        "column": finding.span.column,
        "pointer": json_pointer(finding.pointer),
        "message": finding.message,
        "help": finding.help,
    }
