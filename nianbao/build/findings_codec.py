"""Encode findings as short ASCII text, which saves memory during a build."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import Finding, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def encode_findings(findings: Iterable[Finding], excerpts: Mapping[int, str]) -> str:
    """Encode findings and excerpts as ASCII text.

    The fields `quote`, `numbers`, `note`, `edits` and `place` are left out.

    `excerpts`: the lines of the file with findings, by line number from 1.
    """
    # `build` does not print the fields that are left out.
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

    Excerpts are lines of the file, by line number from 1.
    """
    rows, excerpts = json.loads(zlib.decompress(base64.b64decode(encoded)))
    return list(map(_finding, rows)), dict(excerpts)


def _finding(row: list[Any]) -> Finding:
    rule, severity, path, span, pointer, message, help_, waived = row
    return Finding(
        rule, Severity(severity), path, Span(*span), tuple(pointer), message, help_, waived
    )
