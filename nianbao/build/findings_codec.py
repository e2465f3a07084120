"""What was found in a report, packed small: that of ten thousand is kept until it is told."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import Finding, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def encode_findings(findings: Iterable[Finding], excerpts: Mapping[int, str]) -> str:
    """Findings, and the lines that they point at by number, as ASCII.

    What waivers ask of a finding is left out: it is not needed any more.
    """
    told = [
        [
            *(each.rule, each.severity.value, each.path, each.span),
            *(each.pointer, each.message, each.help, each.waived),
        ]
        for each in findings
    ]
    text = json.dumps([told, list(excerpts.items())], separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode()


def decode_findings(packed: str) -> tuple[list[Finding], dict[int, str]]:
    """The findings and lines that were packed."""
    told, excerpts = json.loads(zlib.decompress(base64.b64decode(packed)))
    return list(map(_finding, told)), dict(excerpts)


def _finding(told: list[Any]) -> Finding:
    rule, severity, path, span, pointer, message, mend, waived = told
    where = Span(*span)
    return Finding(rule, Severity(severity), path, where, tuple(pointer), message, mend, waived)
