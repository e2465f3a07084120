"""Make fingerprints: IDs by which GitLab and code scanning recognize a finding in later commits."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import json_pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Finding


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return a fingerprint for each finding; it stays the same when lines move.

    A fingerprint is a hash of path, rule, pointer, quoted text and a number, which distinguishes
    findings in which the other four are equal.
    """
    counts: Counter[str] = Counter()
    found = []
    for finding in findings:
        key = "\0".join((finding.path, finding.rule, json_pointer(finding.pointer), finding.quote))
        counts[key] += 1
        found.append(sha256(f"{key}\0{counts[key]}".encode(errors="surrogatepass")).hexdigest())
    return found
