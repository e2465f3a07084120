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
    """The kind of change of a paragraph; a moved paragraph appears at its old and new place."""

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
    """A line of prose with its changes.

    `runs`: the equal, deleted and inserted pieces of the line.
    `elsewhere`: the label of the text from or to which the line moved, or "".
    """

    status: ParagraphStatus
    runs: tuple[TextRun, ...]
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class ProseChange:
    """A changed text of the form, with all paragraphs in reading order.

    `old`, `new`: the text's pointer (place) in each version; None if missing there.
    `names`: the text's labels in the form, outermost first.
    """

    old: Pointer | None
    new: Pointer | None
    names: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose number or note changed.

    `pointer`: the new cell, or the old cell if `new` is a sum of several.
    `table`: the titles of section and table.
    `row`, `column`: the labels of the row and of the column, outermost first.
    `old`, `new`: each version's cell, or sum of several cells; None if missing.
    """

    # If the versions follow different editions of the form, one cell of one version can correspond
    # to several cells of the other version; then their sum is compared.
    pointer: Pointer
    table: str
    row: tuple[str, ...]
    column: tuple[str, ...]
    old: Cell | None
    new: Cell | None

    @property
    def difference(self) -> Number | None:
        """The new number minus the old number, or None.

        None stands for equal numbers, or for a version without a number.
        """
        if self.old is None or self.new is None:
            return None
        if self.old.number is None or self.new.number is None:
            return None
        return self.new.number - self.old.number or None

    @property
    def computed(self) -> bool:
        """True for a computed total, which neither file contains."""
        return all(cell is None or not cell.written for cell in (self.old, self.new))


@dataclass(frozen=True, slots=True)
class MetadataChange:
    """A changed value outside the sections, or a changed waiver.

    `old`, `new`: the value in each version as text; None if missing there.
    """

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FindingChanges:
    """The findings of two versions, matched by `compare_findings`.

    Waived findings are only in `waived`.

    `new`: findings that only the new version has.
    `gone`: findings that only the old version has.
    `still`: findings of both versions.
    `waived`: findings of both versions that only the new version waives.
    """

    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    still: tuple[Finding, ...] = ()
    waived: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """All changes of one report.

    `old`, `new`: the path of each version in messages; None if there is no such version.
    `revisions`: the git revision of each version, such as HEAD; "" for a file on disk.
    `remarks`: lines, in Chinese, about what could not be compared.
    `rewritten`: True if the files differ in any byte, perhaps only in layout or comments.
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
        """The path of the new version; for a removed report, the path of the old version."""
        return self.new or self.old or ""

    @property
    def edited(self) -> bool:
        """True if the two versions differ in more than layout and comments."""
        findings = self.findings
        whole = self.status not in (Status.SAME, Status.CHANGED)
        parts = (self.metadata, self.cells, self.prose, self.remarks)
        return whole or any(parts) or any((findings.new, findings.gone, findings.waived))

    def without_equal_paragraphs(self) -> Change:
        """Return a copy of the change without unchanged paragraphs."""
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
