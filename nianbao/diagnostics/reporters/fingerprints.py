"""Make fingerprints: IDs by which GitLab and code scanning recognize a finding in later commits."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import json_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.diagnostics.finding import Finding


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return the fingerprint of each finding: a hash that stays the same when lines move."""
    return [fingerprint for _, fingerprint in with_fingerprints(findings)]


def with_fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with its fingerprint, which stays the same when lines move.

    A fingerprint is a hash of path, rule, pointer and quoted text.
    """
    counts: Counter[str] = Counter()
    for finding in findings:
        key = "\0".join((finding.path, finding.rule, json_pointer(finding.pointer), finding.quote))
        # The number (1, 2, 3 …) distinguishes findings with the same key.
        counts[key] += 1
        numbered = f"{key}\0{counts[key]}".encode(errors="surrogatepass")
        yield finding, sha256(numbered).hexdigest()
