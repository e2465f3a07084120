"""Render the PDF from the print template with WeasyPrint, in the fonts of GB/T 9704-2012.

WeasyPrint is imported only when a PDF is made.
"""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from nianbao.rendering import fonts
from nianbao.rendering.errors import PdfUnavailableError
from nianbao.rendering.pdf.archive import complete_pdf_a
from nianbao.rendering.pdf.page_breaks import find_breaks, split_tables
from nianbao.rendering.pdf.weasyprint_patches import (
    INSTALL_WEASYPRINT,
    WeasyPrintVersionError,
    patched_weasyprint,
)
from nianbao.rendering.pdf.weasyprint_patches.font_faces import font_configuration
from nianbao.rendering.templates import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.rendering.document import Document
    from nianbao.rendering.pdf.archive import Attachment
    from nianbao.rendering.pdf.page_breaks import Breaks

# PDF/A-3a includes the structure tree that PDF/UA-1 requires too. Without presentational hints the
# items of lists would be renumbered.
_OPTIONS: Final = {"pdf_variant": "pdf/a-3a", "presentational_hints": True}
# One layout is enough unless a table is longer than a page; then two or three.
_MAX_LAYOUTS: Final = 5
# Pages are a hundred thousand objects that live until the PDF is written. With a high threshold the
# garbage collector does not scan them again and again; it frees them when the PDF is written.
_GC_THRESHOLD: Final = 500_000
# How to install Pango, by system.
_INSTALL_PANGO: Final = {
    "darwin": "brew install pango",
    "win32": "pacman -S mingw-w64-ucrt-x86_64-pango（在 MSYS2 里）",
}
_ON_LINUX: Final = (
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0（没有 apt-get 的系统：安装 pango）"
)


def _weasyprint() -> Any:
    """Return the patched WeasyPrint. Raises PdfUnavailableError if WeasyPrint can't be used."""
    loaded = _load()
    if isinstance(loaded, PdfUnavailableError):
        raise loaded
    return loaded


@cache
def _load() -> Any:
    """Return the patched WeasyPrint, or the error that explains why it can't be used."""
    try:
        with _few_collections():
            weasyprint = patched_weasyprint()
            gc.freeze()  # loaded modules need no garbage collection
    except (OSError, AttributeError):  # AttributeError: the library lacks a function
        command = _INSTALL_PANGO.get(sys.platform, _ON_LINUX)
        return PdfUnavailableError(f"缺少排版 PDF 的系统库 Pango，或者太旧。请运行 {command}。")
    except WeasyPrintVersionError as error:
        return PdfUnavailableError(str(error))
    except ImportError as error:
        reason = f"载入不了排版 PDF 的 Python 包 {error.name}"
        return PdfUnavailableError(f"{reason}。请运行 {INSTALL_WEASYPRINT}。")
    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    return weasyprint


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector run rarely within the `with` block, and as before after it.

    If the high threshold stayed after the block, hundreds of megabytes of garbage from other work
    of the process could remain in memory.
    """
    before = gc.get_threshold()
    gc.set_threshold(_GC_THRESHOLD)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def ensure_pdf_available() -> None:
    """Raise PdfUnavailableError if a library or font for PDFs is not installed."""
    if problem := pdf_problem():
        raise PdfUnavailableError(problem)


def pdf_problem() -> str:
    """Describe in Chinese what is missing for PDFs, and how to install it.

    Return "" if nothing is missing.
    """
    problems = []
    loaded = _load()
    if isinstance(loaded, PdfUnavailableError):
        problems.append(str(loaded))
    try:
        fonts.installed_faces()
    except fonts.FontsMissingError as error:
        problems.append(str(error))
    return "".join(problems)


def make_pdf(
    document: Document,
    templates: Path,
    attachments: Sequence[Attachment],
    system_fonts: bool,
    *,
    template: str = "print.html",
    finish: Callable[[str], str] = str,
    **extra: object,
) -> bytes:
    """Make a PDF of a document, and return its bytes, which are reproducible.

    `templates`: the repository's templates folder.
    `attachments`: the files to put into the PDF.
    `system_fonts`: True to prefer the official fonts of the system.
    `template`: the template to render.
    `finish`: a function that changes the HTML before the layout.
    `extra`: further variables for the template.

    Raises TemplateError if a template can't be rendered. Raises PdfUnavailableError if this machine
    can't make PDFs.
    """
    weasyprint = _weasyprint()
    producer = f"WeasyPrint {weasyprint.__version__}"
    with _few_collections():
        laid_out = _lay_out(document, templates, system_fonts, template, extra, finish)
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
            finisher=lambda _, made: complete_pdf_a(made, document, attachments, producer),
        )
        del laid_out  # before the collector runs again
    return pdf


def _lay_out(
    document: Document,
    templates: Path,
    system_fonts: bool,
    template: str,
    extra: Mapping[str, object],
    finish: Callable[[str], str] = str,
) -> Any:
    """Return the document as WeasyPrint lays it out, with long tables split at the page breaks.

    A split repeats header cells, which can move later page breaks. Therefore layout and splitting
    are repeated until the page breaks stay the same.
    """
    weasyprint = _weasyprint()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=())  # our fonts need not be fetched
    breaks: Breaks = {}
    scripts: tuple[fonts.Face, ...] = ()

    def page_html() -> str:
        return render(
            templates,
            template,
            "redline" if "redline" in extra else "html",
            split_tables(document, breaks),
            faces=Markup(fonts.font_face_css(scripts)),
            stacks=[
                (face.key, fonts.stack(face.key, system_fonts, scripts)) for face in fonts.FACES
            ],
            **extra,
        )

    for _ in range(_MAX_LAYOUTS):
        html = page_html()
        if not scripts and (scripts := fonts.scripts_in(html)):
            html = page_html()
        page = weasyprint.HTML(string=finish(html), base_url=None, url_fetcher=fetcher)
        laid_out = page.render(font_config=font_configuration(), **_OPTIONS)
        new_breaks = find_breaks(laid_out.pages)
        if new_breaks == breaks:
            break
        breaks = new_breaks
    return laid_out
