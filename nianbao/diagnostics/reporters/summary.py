"""Count and sort findings, for several formats."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import SEVERITY_LABELS, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.diagnostics.finding import Finding


def count_by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings under the keys "errors", "warnings", "infos" and "waived".

    A waived finding is counted only under "waived".
    """
    live = Counter(None if finding.waived else finding.severity for finding in findings)
    return {
        "errors": live[Severity.ERROR],
        "warnings": live[Severity.WARNING],
        "infos": live[Severity.INFO],
        "waived": live[None],
    }


def count_words(findings: Iterable[Finding]) -> str:
    """Return the number of findings of each severity as text: 1 个错误、2 个警告."""
    numbers = Counter(finding.severity for finding in findings)
    return "、".join(f"{numbers[s]} 个{word}" for s, word in SEVERITY_LABELS.items() if numbers[s])


def summary(findings: Iterable[Finding], hidden: Iterable[Finding] = ()) -> str:
    """Return the number of findings of each severity as a Chinese phrase.

    `hidden`: findings that filters leave out, which are counted separately.
    """
    numbers = count_by_severity(findings)
    others = hidden_words(hidden)
    if not any(numbers.values()) and not others:
        return "没有发现问题"
    parts = [f"{numbers['errors']} 个错误"]
    if numbers["warnings"] or not any(each.severity is Severity.WARNING for each in hidden):
        parts.append(f"{numbers['warnings']} 个警告")
    if numbers["infos"]:
        parts.append(f"{numbers['infos']} 个提示")
    if numbers["waived"]:
        parts.append(f"{numbers['waived']} 个已豁免")
    return "，".join(parts) + (f"；{others}" if others else "")


def hidden_words(hidden: Iterable[Finding]) -> str:
    """Return the number of hidden findings of each severity as a Chinese phrase.

    Waived findings are not counted. Return "" if the number is 0.
    """
    words = count_words(finding for finding in hidden if not finding.waived)
    return f"另有 {words}没有显示" if words else ""


def by_severity(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield errors first, then warnings, then hints.

    `findings` must not be an iterator, because it is iterated three times.
    """
    for severity in Severity:
        yield from (finding for finding in findings if finding.severity is severity)
