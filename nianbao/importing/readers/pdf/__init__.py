"""Read a PDF with a text layer."""

from __future__ import annotations

from nianbao.importing.readers.pdf.reader import read_pdf

__all__ = ["read_pdf"]
