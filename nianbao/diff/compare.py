"""Compare two versions of a report: metadata, cells, prose, findings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.checks.checker import CheckResult, check_file
from nianbao.diff.cells import compare_cells
from nianbao.diff.findings import compare_findings
from nianbao.diff.model import Change, FindingChanges, MetadataChange, Status
from nianbao.diff.prose import compare_prose
from nianbao.diff.side import ReportSide, make_side
from nianbao.diff.words import Budget
from nianbao.parsing.reader import have_same_content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.diff.versions import ReportVersion, VersionPair
    from nianbao.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """The check results of both versions of a report, and the changes between them.

    `old`, `new`: the check results; None if there is no such version.
    """

    pair: VersionPair
    old: CheckResult | None
    new: CheckResult | None
    change: Change


def compare_versions(pair: VersionPair, settings: Settings) -> Comparison:
    """Check both versions with the same settings and compare them."""
    old, new = (_check(version, settings) for version in (pair.old, pair.new))
    if old and new:
        sides = [make_side(each, each.source.path) for each in (old, new)]
        change = compare(*sides, renamed=pair.renamed)
    else:
        change = _added_or_removed(old, new)
    revisions = (pair.old.revision if pair.old else "", pair.new.revision if pair.new else "")
    return Comparison(pair, old, new, replace(change, revisions=revisions))


def _check(version: ReportVersion | None, settings: Settings) -> CheckResult | None:
    return check_file(version.file, settings, reader=version.reader) if version else None


def _added_or_removed(old: CheckResult | None, new: CheckResult | None) -> Change:
    """Return the change of a report that only one version has: its findings, no cells or prose."""
    checked = new or old
    assert checked is not None
    name = checked.source.path
    live = tuple(finding for finding in checked.findings if not finding.waived)
    if old is None:
        return Change(None, name, Status.ADDED, findings=FindingChanges(new=live))
    return Change(name, None, Status.REMOVED, findings=FindingChanges(gone=live))


def compare(old: ReportSide, new: ReportSide, *, renamed: bool = False) -> Change:
    """Return the changes from `old` to `new`.

    `renamed`: True if the two versions are one report under different paths.
    """
    change = _compare_content(old, new)
    edited = Status.CHANGED if change.edited else Status.SAME
    status = Status.RENAMED if renamed else edited
    return replace(change, status=status, rewritten=old.source.raw != new.source.raw)


def _compare_content(old: ReportSide, new: ReportSide) -> Change:
    moved: Mapping[Pointer, Pointer] = {}
    unchanged = old.source.raw == new.source.raw or (
        not (old.whole or new.whole) and have_same_content(old.source, new.source)
    )
    if old.form is None or new.form is None or unchanged:
        findings = compare_findings(old.findings, new.findings, moved)
        remarks = () if unchanged else tuple(_not_compared(old, new))
        return Change(old.name, new.name, Status.SAME, findings=findings, remarks=remarks)
    prose, moved = compare_prose(old, new, Budget())
    cells, unmatched = compare_cells(old, new)
    return Change(
        old.name,
        new.name,
        Status.SAME,
        tuple(_compare_metadata(old, new)),
        cells,
        prose,
        compare_findings(old.findings, new.findings, moved),
        (*_not_compared(old, new), *unmatched),
    )


def _compare_metadata(old: ReportSide, new: ReportSide) -> Iterator[MetadataChange]:
    for label in dict.fromkeys([*new.metadata, *old.metadata]):
        before, after = old.metadata.get(label), new.metadata.get(label)
        if before != after:
            yield MetadataChange(label, before, after)
    form = new.form or old.form
    label = form.schema.node_at(("豁免",))["title"] if form else ""
    removed, added = Counter(old.waivers), Counter(new.waivers)
    yield from (MetadataChange(label, waiver, None) for waiver in (removed - added).elements())
    yield from (MetadataChange(label, None, waiver) for waiver in (added - removed).elements())


def _not_compared(old: ReportSide, new: ReportSide) -> Iterator[str]:
    """Yield a remark for each version that was not fully compared because of structural errors."""
    for word, side in (("旧", old), ("新", new)):
        if side.form is None:
            yield f"{word}的一份读不了，数和文字都没有比"
        elif not side.whole:
            yield f"{word}的一份有结构错误：只比了读得出的部分，没有写的总计没有算"
