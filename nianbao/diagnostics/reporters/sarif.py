"""Format findings as SARIF 2.1.0 (OASIS), which editors and GitHub can read."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from nianbao import __version__
from nianbao.diagnostics.finding import Severity, json_pointer
from nianbao.diagnostics.reporters.fingerprints import with_fingerprints
from nianbao.utils.safe_json import LazyList, iterate_json
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding, FindingKind, Span

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def iterate_as_sarif(findings: Iterable[Finding], kinds: Sequence[FindingKind]) -> Iterator[str]:
    """Yield the findings as a SARIF log, in pieces.

    Waived findings are marked as suppressed.

    `kinds`: all kinds of findings, which the log lists as its rules.
    """
    indexes = {kind.id: index for index, kind in enumerate(kinds)}
    run = {
        "tool": {
            "driver": {
                "name": "nianbao",
                "version": __version__,
                "language": "zh-CN",
                "rules": [_rule(kind) for kind in kinds],
            }
        },
        "language": "zh-CN",
        # Our columns count characters; SARIF's default unit is the UTF-16 code unit.
        "columnKind": "unicodeCodePoints",
        "results": LazyList(
            lambda: (_result(each, indexes, print_) for each, print_ in with_fingerprints(findings))
        ),
    }
    return iterate_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(kind: FindingKind) -> dict[str, Any]:
    return {
        "id": kind.id,
        "shortDescription": {"text": kind.title},
        "help": {"text": kind.text or kind.title, "markdown": kind.markdown or kind.title},
        "defaultConfiguration": {"level": _LEVELS[kind.severity]},
    }


def _result(finding: Finding, indexes: Mapping[str, int], fingerprint: str) -> dict[str, Any]:
    fix = f"\n改法：{sanitize(finding.help)}" if finding.help else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _unlinked(sanitize(finding.placed_message) + fix)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(finding.path)},
                    **({} if finding.place else {"region": _region(finding.span)}),
                },
                "logicalLocations": [
                    {"fullyQualifiedName": sanitize(json_pointer(finding.pointer))}
                ],
            }
        ],
        "partialFingerprints": {"finding/v1": fingerprint},
        # If one result has this property, every result must; an empty list: not suppressed.
        "suppressions": [{"kind": "inSource", "status": "accepted"}] if finding.waived else [],
    }
    if finding.rule in indexes:
        result["ruleIndex"] = indexes[finding.rule]
    if finding.fixable:
        result["fixes"] = [_fix(finding)]
    return result


def _fix(finding: Finding) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        for edit in finding.edits
    ]
    location = {"uri": _uri(finding.path)}
    return {
        "description": {"text": _unlinked(sanitize(finding.help or finding.message))},
        "artifactChanges": [{"artifactLocation": location, "replacements": replacements}],
    }


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _unlinked(text: str) -> str:
    """Change each [text](address) in a text so that SARIF does not turn it into a link.

    SARIF turns this notation into a link even in plain text.
    """
    return text.replace("](", "] (")


def _uri(path: str) -> str:
    """Return a path as a URI reference, percent-encoded as UTF-8.

    The URI reference of a relative path is relative.
    """
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(os.fsencode(path))
