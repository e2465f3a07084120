"""Render a redline: the complete new report with marked insertions and deletions, for approval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nianbao.diagnostics.finding import SEVERITY_LABELS
from nianbao.diff.formats import wording
from nianbao.diff.model import RunKind, TextRun
from nianbao.diff.redline.merge import merge_reports
from nianbao.diff.redline.prose import marked_text
from nianbao.diff.redline.steps import add_steps
from nianbao.diff.words import Budget, compare_words
from nianbao.rendering.document import build_document, chinese_date
from nianbao.rendering.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from markupsafe import Markup

    from nianbao.diagnostics.finding import Finding
    from nianbao.diff.formats import RedlineFormat
    from nianbao.diff.model import Change, ProseChange
    from nianbao.model.report import Report
    from nianbao.rendering.document import Document
    from nianbao.workspace.settings import Settings

# More findings would push the report off the first page; the summary counts all findings.
_MAX_FINDINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Redline:
    """Further values for the templates of a redline (a report with marked changes).

    `sides`: the path of the report and the names of both versions.
    `summary`: a line with the number of changes.
    `title`, `title_lines`, `signature`: lines of the document, with marked changes.
    `metadata`: label and marked text of each changed value outside the sections.
    `findings`: lines about new, waived and remaining findings.
    `remarks`: lines about changes that could not be compared or marked.
    `changed`: the IDs of the changed sections.
    """

    sides: str
    summary: str
    title: tuple[Markup, ...]
    title_lines: tuple[Markup, ...]
    signature: tuple[Markup, ...]
    metadata: tuple[tuple[str, Markup], ...]
    findings: tuple[str, ...]
    remarks: tuple[str, ...]
    changed: tuple[str, ...]


def render_redline(
    old: Report,
    new: Report,
    change: Change,
    to: RedlineFormat,
    settings: Settings,
    templates: Path,
    waived: Sequence[Finding] = (),
    old_waived: Sequence[Finding] = (),
) -> bytes:
    """Render a redline (a report with marked changes), and return the bytes of the file.

    `change`: the differences between `old` and `new`.
    `to`: the format of the file.
    `templates`: the repository's templates folder.
    `waived`: the findings that the new report waives, whose notes are printed.
    `old_waived`: the findings that the old report waives, for Word files only.

    Raises TemplateError if a template is invalid. Raises PdfUnavailableError if this machine can't
    make a PDF.
    """
    if to == "docx":
        from nianbao.diff.redline.tracked import render_tracked

        documents = (
            build_document(old, settings, old_waived),
            build_document(new, settings, waived),
        )
        return render_tracked(*documents, templates)
    document, redline = make_redline(old, new, change, settings, waived)
    if to == "pdf":
        from nianbao.rendering.pdf.archive import attachments
        from nianbao.rendering.pdf.renderer import make_pdf

        return make_pdf(
            document,
            templates,
            attachments(new),
            settings.system_fonts,
            template="redline-print.html",
            redline=redline,
        )
    # The templates of a redline extend the templates of the report.
    return add_steps(
        render(templates, "redline.html", "redline", document, redline=redline)
    ).encode()


def make_redline(
    old: Report,
    new: Report,
    change: Change,
    settings: Settings,
    waived: Sequence[Finding] = (),
) -> tuple[Document, Redline]:
    """Return the new report with marked changes, and further values for the templates.

    `change`: the differences between `old` and `new`.
    `waived`: the findings that the new report waives, whose notes are printed.
    """
    both, unplaced = merge_reports(old, new, change)
    before = build_document(old, settings)
    document = build_document(both, settings, waived)
    pointers = {part.new or part.old or () for part in change.prose}
    keys = {
        pointer[0] for pointer in (*pointers, *(cell.pointer for cell in change.cells)) if pointer
    }
    redline = Redline(
        wording.title(change),
        wording.summarize([change]),
        _lines(before.title, document.title),
        _lines(before.title_lines, document.title_lines),
        _lines(before.signature, document.signature),
        tuple(
            (wording.printable(head.label), _replaced(head.old or "", head.new or ""))
            for head in change.metadata
        ),
        tuple(_findings(change)),
        (
            *map(wording.printable, change.remarks),
            *(
                f"{wording.cell_label(cell)}："
                f"{wording.cell_text(cell.old)} → {wording.cell_text(cell.new)}"
                for cell in unplaced
            ),
            *(
                f"删去 {wording.printable(' › '.join(part.names))}"
                for part in _deleted_prose(new, change)
            ),
        ),
        tuple(f"s{n}" for n, section in enumerate(new.form.sections, 1) if section.key in keys),
    )
    marked = replace(
        document,
        signed=_replaced(chinese_date(old.signed), document.signed),
        number=_replaced(before.number, document.number),
        contact=_replaced(before.contact, document.contact),
    )
    return marked, redline


def _deleted_prose(new: Report, change: Change) -> Iterator[ProseChange]:
    """Yield the deleted prose that has no place in the new form."""
    pointers = {new.form.lead.pointer}
    for section in new.form.sections:
        pointers |= {text.pointer for text in (*section.texts, *filter(None, [section.notes]))}
    for part in change.prose:
        if part.new is None and not pointers & {part.old, (part.old or ())[:-2]}:
            yield part


def _replaced(old: str, new: str) -> Markup:
    return marked_text(compare_words(old, new, Budget()))


def _lines(old: Sequence[str], new: Sequence[str]) -> tuple[Markup, ...]:
    """Return the new lines, unmarked if they equal the old lines.

    Otherwise return all old lines marked as deleted, then all new lines marked as inserted.
    """
    if tuple(old) == tuple(new):
        return tuple(marked_text([TextRun(RunKind.EQUAL, line)]) for line in new)
    gone = [marked_text([TextRun(RunKind.DELETE, line)]) for line in old]
    return (*gone, *(marked_text([TextRun(RunKind.INSERT, line)]) for line in new))


def _findings(change: Change) -> Iterator[str]:
    changes = [each for each in wording.finding_changes(change) if not each.is_gone]
    for each in changes[:_MAX_FINDINGS]:
        finding = each.finding
        kind = SEVERITY_LABELS[finding.severity]
        yield f"{each.label} {kind} {finding.rule} {wording.printable(finding.message)}"
    if len(changes) > _MAX_FINDINGS:
        yield f"另有 {len(changes) - _MAX_FINDINGS} 个检查结果，运行 check 看"
    if rest := wording.describe_remaining(change):
        yield rest
