"""Counts, order and fingerprints of findings, which several formats need."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Severity, json_pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding


def count_by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    """Return the number of findings of each severity; waived ones count apart."""
    live = Counter(finding.severity for finding in findings if not finding.waived)
    return {
        "errors": live[Severity.ERROR],
        "warnings": live[Severity.WARNING],
        "infos": live[Severity.INFO],
        "waived": len(findings) - live.total(),
    }


def summary(findings: Sequence[Finding]) -> str:
    """Return the counts as a Chinese phrase."""
    numbers = count_by_severity(findings)
    if not any(numbers.values()):
        return "没有发现问题"
    parts = [f"{numbers['errors']} 个错误", f"{numbers['warnings']} 个警告"]
    if numbers["infos"]:
        parts.append(f"{numbers['infos']} 个提示")
    if numbers["waived"]:
        parts.append(f"{numbers['waived']} 个已豁免")
    return "，".join(parts)


def infos_last(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings file by file, in each file those of severity info last."""
    rank = {path: number for number, path in enumerate(dict.fromkeys(f.path for f in findings))}
    return sorted(findings, key=lambda f: (rank[f.path], f.severity is Severity.INFO))


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return an identifier for each finding, which stays when lines move.

    It depends on rule, pointer and quoted text; equal findings are numbered in their order.
    """
    counts: Counter[str] = Counter()
    found = []
    for finding in findings:
        key = "\0".join((finding.path, finding.rule, json_pointer(finding.pointer), finding.quote))
        counts[key] += 1
        found.append(sha256(f"{key}\0{counts[key]}".encode(errors="surrogatepass")).hexdigest())
    return found
