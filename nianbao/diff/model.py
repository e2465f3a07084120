"""What changed between two reports: a model that knows nothing of how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.diff.side import Cell
    from nianbao.model.report import Number


class RunKind(StrEnum):
    """What became of a stretch of words."""

    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


class ParagraphStatus(StrEnum):
    """What became of a paragraph; one that moved is told at both of its places."""

    EQUAL = "equal"
    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"


class Status(StrEnum):
    """What became of a report as a whole."""

    CHANGED = "changed"
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words that are on both sides, only on the old one, or only on the new one."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose; for one that moved, `elsewhere` is its other place in the form's words."""

    status: ParagraphStatus
    runs: tuple[TextRun, ...]
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class ProseChange:
    """A place for prose with all its paragraphs, those that stayed too, in reading order.

    `old` and `new` are where it stands on either side, None where it does not.
    """

    old: Pointer | None
    new: Pointer | None
    place: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose number or note changed; a side is None where nothing is written there.

    Where editions differ in their rows, one cell may stand against the sum of several.
    """

    pointer: Pointer
    table: str
    row: tuple[str, ...]
    column: tuple[str, ...]
    old: Cell | None
    new: Cell | None

    @property
    def difference(self) -> Number | None:
        """New less old, where both are numbers and differ."""
        if self.old is None or self.new is None:
            return None
        if self.old.number is None or self.new.number is None:
            return None
        return self.new.number - self.old.number or None

    @property
    def computed(self) -> bool:
        """Whether the program computed the cell, so that it follows from others."""
        return all(cell is None or not cell.written for cell in (self.old, self.new))


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """A key at the top of the report, or a waiver; None where a side has it not."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """What `check` says now and did not before, no longer says, and says still.

    `waived` are those of before that the new side waives; no other list has waived ones.
    """

    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    still: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One report then and now. The names are how the user knows the sides.

    `remarks` say what could not be compared.
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
    """Whether the files differ, if only in layout or comments."""

    @property
    def name(self) -> str:
        """What the report is called: the newest name."""
        return self.new or self.old or ""

    @property
    def edited(self) -> bool:
        """Whether there is more to say than what check still finds."""
        found = self.findings
        whole = self.status not in (Status.SAME, Status.CHANGED)
        parts = (self.metadata, self.cells, self.prose, self.remarks)
        return whole or any(parts) or any((found.new, found.gone, found.waived))
