"""Loads what a PDF needs: the module to preload where many PDFs are made.

A machine that can't make one says so when it is asked to.
"""

import contextlib

from nianbao.rendering.errors import PdfUnavailable
from nianbao.rendering.pdf.renderer import require_pdf

with contextlib.suppress(PdfUnavailable):
    require_pdf()
