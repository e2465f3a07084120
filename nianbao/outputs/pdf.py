"""The PDF: the print template through WeasyPrint, in the faces that GB/T 9704-2012 asks for.

WeasyPrint is imported here and nowhere else, and only when a PDF is made.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao import fonts
from nianbao.finding import Finding, Severity
from nianbao.fonts.subsetting import NoSubsetter, ensure_subsetter
from nianbao.outputs.justification import ensure_justification
from nianbao.outputs.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.finding import Pointer
    from nianbao.outputs.document import Document
    from nianbao.report import Report

# Every stack of families ends with these two, so a character that they lack can't be printed.
_ALL_FACES = tuple(fonts.stack("fangsong"))
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


def unprintable(report: Report) -> Iterator[Finding]:
    """Characters of a report that no face has: errors for the PDF alone, each at its place."""
    words: list[tuple[Pointer, str]] = [(("机关",), report.body)]
    words += [((key,), report.data[key]) for key in ("文号",) if key in report.data]
    words += [(pointer, prose.written) for pointer, prose in report.texts.items()]
    words += [
        ((*pointer, "注"), value.note) for pointer, value in report.values.items() if value.note
    ]
    seen: set[str] = set()
    for pointer, text in words:
        for character in fonts.uncovered(text, _ALL_FACES):
            if character in seen:
                continue
            seen.add(character)
            span = report.source.locate(pointer, text, text.index(character), 1)
            code = f"U+{ord(character):04X}"
            yield Finding(
                "F501",
                Severity.ERROR,
                report.source.path,
                span,
                pointer,
                f"PDF 的字体里没有“{character}”（{code}）这个字",
                "换一个写法；网页和 Markdown 不受影响",
            )
