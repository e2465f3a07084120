"""Load everything that a PDF needs, when a worker process imports this module."""

import contextlib

from nianbao.rendering.errors import PdfUnavailableError
from nianbao.rendering.pdf.renderer import ensure_pdf_available

# The error is reported when a PDF is requested.
with contextlib.suppress(PdfUnavailableError):
    ensure_pdf_available()
