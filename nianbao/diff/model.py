"""Define the changes between two versions of a report, independently of output formats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.diff.side import Cell
    from nianbao.model.report import Number


class RunKind(StrEnum):
    """The kind of a piece of text: equal in both versions, deleted, or inserted."""

    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


class ParagraphStatus(StrEnum):
    """The kind of change of a paragraph; a moved paragraph appears at both of its positions."""

    EQUAL = "equal"
    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED_AWAY = "moved_away"
    MOVED_HERE = "moved_here"


class Status(StrEnum):
    """The kind of change of a report as a whole."""

    CHANGED = "changed"
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of text that is equal, deleted or inserted as a whole."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of prose.

    `elsewhere`: for a moved line, the label of the text that contains the line in the other
    version; for any other line, "".
    """

    status: ParagraphStatus
    runs: tuple[TextRun, ...]
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class ProseChange:
    """A changed text of the form, with all its paragraphs, even unchanged ones, in reading order.

    `old`, `new`: the text's pointer in the old and in the new version; None if that version lacks
    the text. `names`: the text's labels in the form, outermost first.
    """

    old: Pointer | None
    new: Pointer | None
    names: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose number or note changed.

    `table`: the titles of section and table.
    `row`, `column`: the labels of the row and of the column, outermost first.
    `old`, `new`: the cell of the old and of the new version; None if that version lacks the cell.
        If the versions follow different editions of the form, one cell of one version can
        correspond to several cells of the other version; then their sum is compared.
    `pointer`: the address of the cell in the new version. If the new value is a sum of several
        cells, `pointer` is the address of the cell in the old version.
    """

    pointer: Pointer
    table: str
    row: tuple[str, ...]
    column: tuple[str, ...]
    old: Cell | None
    new: Cell | None

    @property
    def difference(self) -> Number | None:
        """The new number minus the old number.

        It is None if they are equal, or if a version has no number.
        """
        if self.old is None or self.new is None:
            return None
        if self.old.number is None or self.new.number is None:
            return None
        return self.new.number - self.old.number or None

    @property
    def computed(self) -> bool:
        """True if neither file contains the cell, because it is computed from other cells."""
        return all(cell is None or not cell.written for cell in (self.old, self.new))


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """A changed value outside the sections, or a changed waiver.

    `old`, `new`: the old and the new value as text; None if that version lacks the value.
    """

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """The findings of two versions, matched by `compare_findings`.

    `new`: findings that only the new version has.
    `gone`: findings that only the old version has.
    `still`: findings of both versions.
    `waived`: findings of both versions that only the new version waives.

    The first three lists have no waived findings.
    """

    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    still: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """All changes of one report.

    `old`, `new`: the path of the old and of the new version as messages show it; None if there is
        no such version.
    `revisions`: the git revisions of the old and of the new version, such as HEAD; "" for a version
        that is a file on disk.
    `remarks`: lines, in Chinese, about what could not be compared.
    `rewritten`: True if the bytes of the files differ, perhaps only in layout or comments.
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
    revisions: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """The path of the new version; if there is no new version, the path of the old version."""
        return self.new or self.old or ""

    @property
    def edited(self) -> bool:
        """True if the two versions differ in more than layout and comments."""
        findings = self.findings
        whole = self.status not in (Status.SAME, Status.CHANGED)
        parts = (self.metadata, self.cells, self.prose, self.remarks)
        return whole or any(parts) or any((findings.new, findings.gone, findings.waived))

    def without_equal_paragraphs(self) -> Change:
        """Return the change without unchanged paragraphs, which only redlines need."""
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
