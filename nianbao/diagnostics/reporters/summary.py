"""Count and sort findings, for several formats."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding


def count_by_severity(findings: Sequence[Finding]) -> dict[str, int]:
    """Return the number of findings of each severity; waived findings count only as `waived`."""
    live = Counter(finding.severity for finding in findings if not finding.waived)
    return {
        "errors": live[Severity.ERROR],
        "warnings": live[Severity.WARNING],
        "infos": live[Severity.INFO],
        "waived": len(findings) - live.total(),
    }


def summary(findings: Sequence[Finding]) -> str:
    """Return the counts of findings as a Chinese phrase."""
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
    """Return the findings grouped by file, with those of severity INFO at the end of each group."""
    rank = {path: number for number, path in enumerate(dict.fromkeys(f.path for f in findings))}
    return sorted(findings, key=lambda f: (rank[f.path], f.severity is Severity.INFO))
