"""Render a report as HTML, PDF, Markdown, Word, JSON or CSV."""

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

# Named as in the option `--to`.
Format = Literal["html", "pdf", "md", "docx", "json", "csv"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
# Formats that hold the data of a report alone, so that no template or setting changes them.
DATA_FORMATS: Final[tuple[Format, ...]] = ("json", "csv")


def render_report(
    report: Report,
    to: Format,
    settings: Settings,
    templates: Path,
    waived: Sequence[Finding] = (),
) -> bytes:
    """Render a report in one format, and return the bytes of the output.

    `to`: the format of the output.
    `templates`: the repository's templates folder, which need not exist.
    `waived`: the findings that the report waives; their notes are printed under the tables.

    Raises TemplateError if a template can't be rendered. Raises PdfUnavailableError if this machine
    can't make PDFs.
    """
    from nianbao.rendering.document import build_document

    document = build_document(report, settings, waived)
    return render_document(document, report, to, settings, templates)


def render_document(
    document: Document, report: Report, to: Format, settings: Settings, templates: Path
) -> bytes:
    """Render a document in one format, and return the bytes of the output.

    `report`: the report from which `document` was built.
    `to`: the format of the output.
    `templates`: the repository's templates folder, which need not exist.

    Raises TemplateError if a template can't be rendered. Raises PdfUnavailableError if this machine
    can't make PDFs.
    """
    if to == "docx":
        from nianbao.rendering.docx import render_docx

        return render_docx(document, templates)
    if to == "json":
        from nianbao.rendering.data.json import render_json

        return render_json(report)
    if to == "csv":
        from nianbao.rendering.data.csv import render_csv

        return render_csv(report)
    if to == "pdf":
        from nianbao.rendering.pdf.archive import attachments

        return render_pdf(document, attachments(report), settings, templates)
    from nianbao.rendering.templates import render

    if to == "html":
        return render(templates, "report.html", "html", document).encode()
    text = render(templates, "report.md", "markdown", document)
    return (text.strip() + "\n").encode()


def render_pdf(
    document: Document, attached: Sequence[Attachment], settings: Settings, templates: Path
) -> bytes:
    """Return the bytes of a PDF of a document.

    `attached`: the files to put into the PDF.
    `templates`: the repository's templates folder, which need not exist.

    Raises TemplateError if a template can't be rendered. Raises PdfUnavailableError if this machine
    can't make PDFs.
    """
    from nianbao.rendering.pdf.renderer import ensure_pdf_available, make_pdf

    ensure_pdf_available()
    return make_pdf(document, templates, attached, settings.system_fonts)
