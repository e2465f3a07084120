"""Findings parsed from the printed text."""

from __future__ import annotations

import re
from typing import NamedTuple

_LINE = re.compile(r"^(reports/\S+?):(\d+):(\d+): 错误 (S\d+) ", re.MULTILINE)


class PrintedFinding(NamedTuple):
    """The first line of a finding."""

    path: str
    line: int
    column: int
    rule: str


def structure_errors(text: str) -> list[PrintedFinding]:
    """Return the printed errors of the structure rules (S…)."""
    return [
        PrintedFinding(path, int(line), int(column), rule)
        for path, line, column, rule in _LINE.findall(text)
    ]
