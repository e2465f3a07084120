"""Loads what a PDF needs: the module to preload where many PDFs are made.

A machine that can't make one says so when it is asked to.
"""

import contextlib

from nianbao.rendering.errors import PdfUnavailableError
from nianbao.rendering.pdf.renderer import ensure_pdf_available

with contextlib.suppress(PdfUnavailableError):
    ensure_pdf_available()
