"""Render a report: document → HTML, PDF, Markdown, by the name used in `--to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.diagnostics.finding import Finding
    from nianbao.model.report import Report
    from nianbao.rendering.document import Document
    from nianbao.rendering.pdf.archive import Attachment
    from nianbao.workspace.settings import Settings

Format = Literal["html", "pdf", "md"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


def render_report(
    report: Report,
    to: Format,
    settings: Settings,
    templates: Path,
    waived: Sequence[Finding] = (),
) -> bytes:
    """Render a report to the bytes of one output.

    `templates` is the repository's own templates folder (it need not exist); `waived` are the
    findings that the report waives, which may leave a note under a table. Raises TemplateError,
    and for a PDF PdfUnavailableError.
    """
    from nianbao.rendering.document import build_document

    document = build_document(report, settings, waived)
    return render_document(document, report, to, settings, templates)


def render_document(
    document: Document, report: Report, to: Format, settings: Settings, templates: Path
) -> bytes:
    """Render a report whose document is already built to the bytes of one output."""
    from nianbao.rendering.templates import render

    if to == "pdf":
        from nianbao.rendering.pdf.archive import attachments

        return print_document(document, attachments(report), settings, templates)
    if to == "html":
        return render(templates, "report.html", "html", document).encode()
    text = render(templates, "report.md", "markdown", document)
    return (text.strip() + "\n").encode()


def print_document(
    document: Document, attached: Sequence[Attachment], settings: Settings, templates: Path
) -> bytes:
    """Render a document to a PDF with attachments; can run in another process.

    Raises PdfUnavailableError and TemplateError.
    """
    from nianbao.rendering.pdf.renderer import ensure_pdf_available, make_pdf

    ensure_pdf_available()
    return make_pdf(document, templates, attached, settings.system_fonts)
