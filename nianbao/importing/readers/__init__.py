"""Read the bytes of a file into a SourceDocument; there is one module for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from nianbao.importing.document import SourceDocument

SourceFormat = Literal["docx", "doc", "html", "pdf", "text", "markdown", "spreadsheet"]


def read_document(data: bytes, source_format: SourceFormat) -> SourceDocument:
    """Read a file with the reader for its format, and return the content.

    Raises UserError if the file is damaged, encrypted, too large or not what it seems to be.
    """
    match source_format:
        case "docx":
            from nianbao.importing.readers.docx import read_docx

            return read_docx(data)
        case "doc":
            from nianbao.importing.readers.doc import read_doc

            return read_doc(data)
        case "html":
            from nianbao.importing.readers.html import read_html

            return read_html(data)
        case "pdf":
            from nianbao.importing.readers.pdf import read_pdf

            return read_pdf(data)
        case "text":
            from nianbao.importing.readers.text import read_text

            return read_text(data)
        case "markdown":
            from nianbao.importing.readers.markdown import read_markdown

            return read_markdown(data)
        case "spreadsheet":
            from nianbao.importing.readers.spreadsheet import read_spreadsheet

            return read_spreadsheet(data)
