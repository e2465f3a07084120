"""Loads what a PDF needs: the module to preload where many PDFs are made.

A machine that can't make one says so when it is asked to.
"""

import contextlib

from nianbao.outputs.pdf import require_pdf
from nianbao.outputs.problems import PdfUnavailable

with contextlib.suppress(PdfUnavailable):
    require_pdf()
