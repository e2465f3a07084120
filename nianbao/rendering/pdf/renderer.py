"""The PDF: the print template through WeasyPrint, in the faces that GB/T 9704-2012 asks for.

WeasyPrint is imported here and nowhere else, and only when a PDF is made.
"""

from __future__ import annotations

import gc
import io
import logging
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from nianbao.rendering import fonts
from nianbao.rendering.document import empty_document
from nianbao.rendering.errors import PdfUnavailableError
from nianbao.rendering.pdf.archive import archive
from nianbao.rendering.pdf.page_breaks import find_breaks, split_tables
from nianbao.rendering.pdf.weasyprint_patches import WeasyPrintVersionError, patched_weasyprint
from nianbao.rendering.templates import render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from nianbao.rendering.document import Document
    from nianbao.rendering.pdf.archive import Attachment
    from nianbao.rendering.pdf.page_breaks import Breaks

# PDF/A-3a: an archive's, with the structure tree that PDF/UA-1 asks too. Without the hints of the
# HTML, the written numbers of lists would be counted anew.
_OPTIONS: Final = {"pdf_variant": "pdf/a-3a", "presentational_hints": True}
# One is enough without a table longer than a page, and two or three with one.
_MOST_LAYOUTS: Final = 5
# Pages are a hundred thousand objects that live until the PDF is written. The collector of garbage,
# which would look through them a hundred times, comes between two PDFs and within enormous ones.
_GARBAGE: Final = 500_000
_LIBRARIES: Final = "libpango-1.0-0 libpangoft2-1.0-0"


def _weasyprint() -> Any:
    """WeasyPrint, adapted; raises PdfUnavailable."""
    loaded = _load()
    if isinstance(loaded, PdfUnavailableError):
        raise loaded
    return loaded


@cache
def _load() -> Any:
    """WeasyPrint, or why there is none: asked for each of a thousand reports, looked up once."""
    try:
        weasyprint = patched_weasyprint()
    except OSError:
        return PdfUnavailableError(
            f"缺少排版 PDF 的系统库 Pango。请运行 make，或 sudo apt-get install {_LIBRARIES}"
            "（macOS：brew install pango）。"
        )
    except WeasyPrintVersionError as error:
        return PdfUnavailableError(str(error))
    except ImportError as error:
        return PdfUnavailableError(f"缺少排版 PDF 的 Python 包 {error.name}。请运行 make。")
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    gc.freeze()  # what is loaded stays, and is not looked through
    gc.set_threshold(_GARBAGE)
    return weasyprint


def ensure_pdf_available() -> None:
    """Raise PdfUnavailable unless this machine has the libraries and the fonts for a PDF."""
    try:
        fonts.installed_faces()
    except fonts.FontsMissingError as error:
        raise PdfUnavailableError(str(error)) from error
    _weasyprint()


def preload_pdf(templates: Path) -> None:
    """Load what any PDF needs, before there is a document for one; raises PdfUnavailable."""
    ensure_pdf_available()
    _lay_out(empty_document(), templates, False, "print.html", {})


def make_pdf(
    document: Document,
    templates: Path,
    attachments: Sequence[Attachment],
    system_fonts: bool,
    *,
    template: str = "print.html",
    **extra: object,
) -> bytes:
    """Lay the document out and return the PDF's bytes; the same document gives the same bytes.

    `template` may be one that draws more than the document, from what is given besides.
    """
    weasyprint = _weasyprint()
    # What the one before has left: memory stays level over a thousand. What stays is not looked
    # through again.
    gc.collect()
    gc.freeze()
    laid_out = _lay_out(document, templates, system_fonts, template, extra)
    producer = f"WeasyPrint {weasyprint.__version__}"
    pdf: bytes = laid_out.write_pdf(
        **_OPTIONS,
        attachments=[
            weasyprint.Attachment(
                file_obj=io.BytesIO(one.content),
                name=one.name,
                description=one.description,
                relationship=one.relationship,
                created=one.modified,
                modified=one.modified,
            )
            for one in attachments
        ],
        finisher=lambda _, made: archive(made, document, attachments, producer),
    )
    return pdf


def _lay_out(
    document: Document,
    templates: Path,
    system_fonts: bool,
    template: str,
    extra: Mapping[str, object],
) -> Any:
    """The document on pages; one with tables longer than a page is laid out again, with them cut.

    A cut may move a later one, as labels take room again, so it is done until all are in place.
    """
    breaks: Breaks = {}
    for _ in range(_MOST_LAYOUTS):
        html = render(
            templates,
            template,
            "redline" if extra else "html",
            split_tables(document, breaks),
            faces=Markup(fonts.font_face_css()),
            stacks=[(face.key, fonts.stack(face.key, system_fonts)) for face in fonts.FACES],
            **extra,
        )
        page = _weasyprint().HTML(string=html, base_url=None, url_fetcher=_fetcher())
        laid_out = page.render(font_config=_font_configuration(), **_OPTIONS)
        found = find_breaks(laid_out.pages)
        if found == breaks:
            break
        breaks = found
    return laid_out


@cache
def _font_configuration() -> Any:
    """One for all PDFs of this process."""
    from nianbao.rendering.pdf.weasyprint_patches.font_faces import font_configuration

    return font_configuration({face.path.as_uri(): face.path for face in fonts.installed_faces()})


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
