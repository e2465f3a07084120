"""What every format needs: the count, and text of a report that can steer nothing.

What a finding quotes may come from a stranger's pull request. It must neither move the cursor of
a terminal, nor turn the reading order around, nor be taken for a command by a build log.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Severity, json_pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding


def count(findings: Sequence[Finding]) -> dict[str, int]:
    """How many findings there are of each severity; waived ones count apart."""
    live = [finding for finding in findings if not finding.waived]
    return {
        "errors": sum(finding.severity is Severity.ERROR for finding in live),
        "warnings": sum(finding.severity is Severity.WARNING for finding in live),
        "infos": sum(finding.severity is Severity.INFO for finding in live),
        "waived": len(findings) - len(live),
    }


def summary(findings: Sequence[Finding]) -> str:
    """The count in words."""
    numbers = count(findings)
    if not any(numbers.values()):
        return "没有发现问题"
    words = [f"{numbers['errors']} 个错误", f"{numbers['warnings']} 个警告"]
    if numbers["infos"]:
        words.append(f"{numbers['infos']} 个提示")
    if numbers["waived"]:
        words.append(f"{numbers['waived']} 个已豁免")
    return "，".join(words)


def hints_last(findings: Sequence[Finding]) -> list[Finding]:
    """Findings for people: file by file, and within each what must be seen to first."""
    files = list(dict.fromkeys(finding.path for finding in findings))
    place = {path: number for number, path in enumerate(files)}
    return sorted(findings, key=lambda f: (place[f.path], f.severity is Severity.INFO))


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """A name for each finding that stays when lines move: rule, place in the data, words.

    Equal ones are numbered in their order, so that no two findings share a name.
    """
    seen: Counter[str] = Counter()
    names = []
    for finding in findings:
        same = "\0".join((finding.path, finding.rule, json_pointer(finding.pointer), finding.quote))
        seen[same] += 1
        whole = f"{same}\0{seen[same]}".encode(errors="surrogatepass")
        names.append(sha256(whole).hexdigest())
    return names
