"""Comparing two reports in the form's words: numbers, prose, what stands at the top, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checks.checker import CheckResult, check_file
from nianbao.diff.side import make_side

if TYPE_CHECKING:
    from nianbao.diff.model import Change
    from nianbao.diff.versions import ReportVersion, VersionPair
    from nianbao.workspace.settings import Settings

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.diff.cells import compare_cells
from nianbao.diff.findings import compare_findings
from nianbao.diff.model import Change, FindingChanges, MetadataChange, Status
from nianbao.diff.prose import compare_prose
from nianbao.diff.words import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.diagnostics.finding import Pointer
    from nianbao.diff.side import ReportSide

__all__ = ["compare"]


def compare(old: ReportSide | None, new: ReportSide | None, *, renamed: bool = False) -> Change:
    """What changed from one side to the other; a side that is None does not exist."""
    if old is None or new is None:
        side = new or old
        assert side is not None
        live = tuple(finding for finding in side.findings if not finding.waived)
        if old is None:
            return Change(None, side.name, Status.ADDED, findings=FindingChanges(new=live))
        return Change(side.name, None, Status.REMOVED, findings=FindingChanges(gone=live))
    change = _compared(old, new)
    edited = Status.CHANGED if change.edited else Status.SAME
    status = Status.RENAMED if renamed else edited
    return replace(change, status=status, rewritten=old.raw != new.raw)


def _compared(old: ReportSide, new: ReportSide) -> Change:
    moved: Mapping[Pointer, Pointer] = {}
    if old.form is None or new.form is None or old.raw == new.raw:
        found = compare_findings(old.findings, new.findings, moved)
        remarks = tuple(_unreadable(old, new)) if old.raw != new.raw else ()
        return Change(old.name, new.name, Status.SAME, findings=found, remarks=remarks)
    prose, moved = compare_prose(old, new, Budget())
    cells, alone = compare_cells(old, new)
    return Change(
        old.name,
        new.name,
        Status.SAME,
        tuple(_heads(old, new)),
        cells,
        prose,
        compare_findings(old.findings, new.findings, moved),
        (*_unreadable(old, new), *alone),
    )


def _heads(old: ReportSide, new: ReportSide) -> Iterator[MetadataChange]:
    for label in dict.fromkeys([*new.metadata, *old.metadata]):
        before, after = old.metadata.get(label), new.metadata.get(label)
        if before != after:
            yield MetadataChange(label, before, after)
    form = new.form or old.form
    label = form.schema.node_at(("豁免",))["title"] if form else ""
    gone, come = Counter(old.waivers), Counter(new.waivers)
    yield from (MetadataChange(label, waiver, None) for waiver in (gone - come).elements())
    yield from (MetadataChange(label, None, waiver) for waiver in (come - gone).elements())


def _unreadable(old: ReportSide, new: ReportSide) -> Iterator[str]:
    """What could not be compared, as a side has errors of structure."""
    for word, side in (("旧", old), ("新", new)):
        if side.form is None:
            yield f"{word}的一份读不了，数和文字都没有比"
        elif not side.whole:
            yield f"{word}的一份有结构错误：只比了读得出的部分，没有写的总计没有算"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, as they were checked, and what changed between them."""

    pair: VersionPair
    old: CheckResult | None
    new: CheckResult | None
    change: Change


def compare_versions(pairing: VersionPair, settings: Settings) -> Comparison:
    """Check both sides by the same settings, and compare them."""
    old, new = (_checked(place, settings) for place in (pairing.old, pairing.new))
    sides = [make_side(one, one.source.path) if one else None for one in (old, new)]
    return Comparison(pairing, old, new, compare(*sides, renamed=pairing.renamed))


def _checked(place: ReportVersion | None, settings: Settings) -> CheckResult | None:
    return check_file(place.file, settings, reader=place.reader) if place else None
