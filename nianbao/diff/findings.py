"""Compare the findings of two versions of a report: new, gone or still there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from nianbao.checks.rules import RULES
from nianbao.diff.model import FindingChanges

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding, Pointer

_REPEATING: Final = frozenset(rule.id for rule in RULES if rule.repeats)


def compare_findings(
    old: Sequence[Finding], new: Sequence[Finding], moved: Mapping[Pointer, Pointer]
) -> FindingChanges:
    """Return the findings that are new, gone, still there or newly waived.

    Two findings match if rule and pointer (place in the report) are equal. Their lines and messages
    may differ.

    `moved`: the new pointer of each list item by its old pointer.
    """

    def new_pointer(finding: Finding) -> Pointer:
        for length in range(len(finding.pointer), 0, -1):
            if finding.pointer[:length] in moved:
                return (*moved[finding.pointer[:length]], *finding.pointer[length:])
        return finding.pointer

    # Findings with equal messages are matched first. If a rule can report several findings at one
    # pointer (`Rule.repeats`), the quoted texts must be equal.
    def exact_key(pointer: Pointer, finding: Finding) -> Hashable:
        return finding.rule, pointer, finding.message

    def rough_key(pointer: Pointer, finding: Finding) -> Hashable:
        return finding.rule, pointer, finding.quote if finding.rule in _REPEATING else ""

    gone = [(new_pointer(finding), finding) for finding in old if not finding.waived]
    come = list(new)
    still: list[Finding] = []
    for key in (exact_key, rough_key):
        matched, gone, come = _matched(gone, come, key)
        still += matched
    order = {id(finding): number for number, finding in enumerate(new)}
    still.sort(key=lambda finding: order[id(finding)])
    return FindingChanges(
        tuple(finding for finding in come if not finding.waived),
        tuple(finding for _, finding in gone),
        tuple(finding for finding in still if not finding.waived),
        tuple(finding for finding in still if finding.waived),
    )


def _matched(
    old: list[tuple[Pointer, Finding]],
    new: list[Finding],
    key: Callable[[Pointer, Finding], Hashable],
) -> tuple[list[Finding], list[tuple[Pointer, Finding]], list[Finding]]:
    """Match old and new findings that have the same key.

    Return three lists: the new findings that have a match, the old findings that have none, and the
    new findings that have none. `key`: a function that returns the key of a pointer and a finding;
    for old findings, the pointer is the one in the new version.
    """
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for number, (pointer, finding) in enumerate(old):
        waiting[key(pointer, finding)].append(number)
    used: set[int] = set()
    matched, rest = [], []
    for finding in new:
        numbers = waiting.get(key(finding.pointer, finding))
        if numbers:
            used.add(numbers.pop(0))
            matched.append(finding)
        else:
            rest.append(finding)
    return matched, [pair for number, pair in enumerate(old) if number not in used], rest
