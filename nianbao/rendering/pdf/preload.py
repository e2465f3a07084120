"""Load everything that a PDF needs; workers import this module before their first PDF.

If the machine can't make PDFs, the error is reported when a PDF is requested.
"""

import contextlib

from nianbao.rendering.errors import PdfUnavailableError
from nianbao.rendering.pdf.renderer import ensure_pdf_available

with contextlib.suppress(PdfUnavailableError):
    ensure_pdf_available()
