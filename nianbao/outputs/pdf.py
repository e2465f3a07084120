"""The PDF: the print template through WeasyPrint, in the faces that GB/T 9704-2012 asks for.

WeasyPrint is imported here and nowhere else, and only when a PDF is made.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao import fonts
from nianbao.fonts.subsetting import NoSubsetter, ensure_subsetter
from nianbao.outputs.justification import ensure_justification
from nianbao.outputs.templates import render

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.outputs.document import Document

_LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0"


class PdfUnavailable(Exception):  # noqa: N818 - a state of the machine that the message explains
    """This machine can't make a PDF; the message, in Chinese, says what to install."""


@cache
def _weasyprint() -> Any:
    """WeasyPrint with its subsetting mended, or PdfUnavailable."""
    try:
        ensure_subsetter()
        ensure_justification()
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(
            f"缺少排版 PDF 的系统库 Pango。请运行 make，或 sudo apt-get install {_LIBRARIES}"
            "（macOS：brew install pango）。"
        ) from error
    except (ImportError, NoSubsetter) as error:
        raise PdfUnavailable(str(error)) from error
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    return weasyprint


def require_pdf() -> None:
    """Raise PdfUnavailable unless this machine has the libraries and the fonts for a PDF."""
    try:
        fonts.installed_faces()
    except fonts.FontsMissing as error:
        raise PdfUnavailable(str(error)) from error
    _weasyprint()


def make_pdf(document: Document, templates: Path, *, system_fonts: bool) -> bytes:
    """Lay the document out and return the PDF's bytes; the same document gives the same bytes."""
    weasyprint = _weasyprint()
    html = render(
        templates,
        "print.html",
        "html",
        document,
        faces=Markup(fonts.font_face_css()),
        stacks=[(face.key, fonts.stack(face.key, system_fonts)) for face in fonts.FACES],
    )
    fetcher = _fetcher()
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher)
    pdf: bytes = page.write_pdf(pdf_tags=True, uncompressed_pdf=False)
    return pdf


def _fetcher() -> Any:
    """A fetcher that gives the PDF our font files and nothing else: no network, no other file."""
    from weasyprint.urls import URLFetcher

    allowed = frozenset(installed.path.as_uri() for installed in fonts.installed_faces())

    class FontsOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in allowed:
                raise ValueError(f"not fetched: {url}")
            return super().fetch(url, headers)

    return FontsOnly()
