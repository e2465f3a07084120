"""Encode findings as short ASCII text, because a build keeps all findings until its end."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import Finding, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def encode_findings(findings: Iterable[Finding], excerpts: Mapping[int, str]) -> str:
    """Encode findings, and the lines of the file that they point at, as ASCII text.

    `excerpts`: these lines by line number, counted from 1. Fields of findings that `build` does not
    print are dropped: `quote`, `numbers`, `note`, `edits` and `place`.
    """
    rows = [
        [
            *(each.rule, each.severity.value, each.path, each.span),
            *(each.pointer, each.message, each.help, each.waived),
        ]
        for each in findings
    ]
    text = json.dumps([rows, list(excerpts.items())], separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 1)).decode()


def decode_findings(encoded: str) -> tuple[list[Finding], dict[int, str]]:
    """Return the findings and the excerpts that `encode_findings` encoded.

    The excerpts are lines of the file by line number, counted from 1.
    """
    rows, excerpts = json.loads(zlib.decompress(base64.b64decode(encoded)))
    return list(map(_finding, rows)), dict(excerpts)


def _finding(row: list[Any]) -> Finding:
    rule, severity, path, span, pointer, message, help_, waived = row
    return Finding(
        rule, Severity(severity), path, Span(*span), tuple(pointer), message, help_, waived
    )
