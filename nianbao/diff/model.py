"""Data model of the changes between two reports, independent of any output format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.diff.side import Cell
    from nianbao.model.report import Number


class RunKind(StrEnum):
    """Whether a text run is on both sides, only on the old or only on the new one."""

    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


class ParagraphStatus(StrEnum):
    """How a paragraph changed; a moved paragraph appears at both of its positions."""

    EQUAL = "equal"
    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"


class Status(StrEnum):
    """How a report changed as a whole."""

    CHANGED = "changed"
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text of one kind."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose. For a moved one, `elsewhere` names its other position in the form."""

    status: ParagraphStatus
    runs: tuple[TextRun, ...]
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class ProseChange:
    """One text of the form with all its paragraphs, unchanged ones included, in reading order.

    `old` and `new` are its pointers on either side, or None; `names` its labels in the form.
    """

    old: Pointer | None
    new: Pointer | None
    names: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose number or note changed; a side is None if nothing is written there.

    Between editions whose rows differ, one side may be the sum of several cells.
    """

    pointer: Pointer
    table: str
    row: tuple[str, ...]
    column: tuple[str, ...]
    old: Cell | None
    new: Cell | None

    @property
    def difference(self) -> Number | None:
        """New minus old, if both are numbers and differ."""
        if self.old is None or self.new is None:
            return None
        if self.old.number is None or self.new.number is None:
            return None
        return self.new.number - self.old.number or None

    @property
    def computed(self) -> bool:
        """True if neither side is written: the cell was computed from others."""
        return all(cell is None or not cell.written for cell in (self.old, self.new))


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """A changed top-level key or waiver; a side that lacks it is None."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """Findings of `check` that are new, gone, or still there.

    `waived` are earlier findings that the new side waives; the other lists hold no waived ones.
    """

    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    still: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """All changes of one report. `old` and `new` are the names of its sides.

    `remarks` say what could not be compared. `rewritten`: the files differ, if only in layout or
    comments.
    """

    old: str | None
    new: str | None
    status: Status
    metadata: tuple[MetadataChange, ...] = ()
    cells: tuple[CellChange, ...] = ()
    prose: tuple[ProseChange, ...] = ()
    findings: FindingChanges = FindingChanges()
    remarks: tuple[str, ...] = ()
    rewritten: bool = False

    @property
    def name(self) -> str:
        """The newest name of the report."""
        return self.new or self.old or ""

    @property
    def edited(self) -> bool:
        """True if anything changed besides layout and comments."""
        findings = self.findings
        whole = self.status not in (Status.SAME, Status.CHANGED)
        parts = (self.metadata, self.cells, self.prose, self.remarks)
        return whole or any(parts) or any((findings.new, findings.gone, findings.waived))

    def without_equal_paragraphs(self) -> Change:
        """Return the change with the paragraphs that a format prints, not those of a redline."""
        prose = tuple(
            replace(
                text,
                paragraphs=tuple(
                    each for each in text.paragraphs if each.status is not ParagraphStatus.EQUAL
                ),
            )
            for text in self.prose
        )
        return replace(self, prose=prose)
