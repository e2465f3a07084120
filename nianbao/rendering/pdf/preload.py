"""Import this module in a worker to load everything that a PDF needs.

If the machine can't make PDFs, the error is reported when a PDF is requested.
"""

import contextlib

from nianbao.rendering.errors import PdfUnavailableError
from nianbao.rendering.pdf.renderer import ensure_pdf_available

with contextlib.suppress(PdfUnavailableError):
    ensure_pdf_available()
