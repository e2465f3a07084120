"""Format findings as a Code Quality report, which GitLab shows in a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Severity
from nianbao.diagnostics.reporters.fingerprints import with_fingerprints
from nianbao.utils.safe_json import LazyList, iterate_json
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.diagnostics.finding import Finding


def iterate_as_gitlab(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a JSON list of the findings that are not waived, in pieces.

    GitLab's format cannot mark a finding as waived.
    """
    return iterate_json(LazyList(lambda: _issues(findings)))


def _issues(findings: Iterable[Finding]) -> Iterator[dict[str, object]]:
    for finding, fingerprint in with_fingerprints(findings):
        if not finding.waived:
            yield {
                "description": _description(finding),
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": _severity(finding),
                "location": {
                    "path": sanitize(finding.path),
                    "lines": {"begin": 1 if finding.place else finding.span.line},
                },
            }


def _description(finding: Finding) -> str:
    return sanitize(finding.placed_message + (f"（改法：{finding.help}）" if finding.help else ""))


def _severity(finding: Finding) -> str:
    """Return GitLab's severity for a finding.

    It is blocker if the structure is wrong, so that nothing else could be checked; critical for
    another error, such as a wrong sum; major for a warning that a person must look at; minor for a
    waiver without effect.
    """
    if finding.severity is Severity.ERROR:
        return "blocker" if finding.rule.startswith("S") else "critical"
    if finding.severity is Severity.WARNING:
        return "minor" if finding.rule.startswith("W") else "major"
    return "info"
