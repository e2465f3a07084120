"""Read the files attached to a PDF and the text of cells with PDFium, a second PDF library."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

import pypdfium2

from nianbao.importing.readers.pdf.glyphs import Box, Page, turn_box

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARGIN: Final = 0.1  # points around what is asked for, which may be a line


class Pdfium:
    """A PDF file opened by PDFium."""

    def __init__(self, data: bytes) -> None:
        """Open the file. Raises pypdfium2.PdfiumError if PDFium can't open it."""
        self._document = pypdfium2.PdfDocument(data)
        self._pages: dict[int, tuple[Any, Any]] = {}

    def attached_reports(self) -> Iterator[bytes]:
        """Yield the contents of the attached YAML files.

        A PDF of this program has one attached file: the report.
        """
        for index in range(self._document.count_attachments()):
            attachment = self._document.get_attachment(index)
            if attachment.get_name().lower().endswith((".yaml", ".yml")):
                with contextlib.suppress(pypdfium2.PdfiumError):
                    yield bytes(attachment.get_data())

    def text(self, page: Page, box: Box) -> str:
        """Return the text that PDFium reads in a rectangle of a page.

        Characters that are partly in the rectangle are included.
        """
        if page.number not in self._pages:
            source = self._document[page.number - 1]
            self._pages[page.number] = source, source.get_textpage()
        source, text_page = self._pages[page.number]
        left, bottom, right, top = _in_user_space(page, box, source)
        text: str = text_page.get_text_bounded(
            left - _MARGIN, bottom - _MARGIN, right + _MARGIN, top + _MARGIN
        )
        return text


def _in_user_space(page: Page, box: Box, source: Any) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of a box in the coordinates of the PDF file.

    `source`: the page as PDFium opened it.
    """
    width, height = page.width, page.height
    # The turns back: of the content, then of the whole page.
    for turn in (-page.turn % 4, source.get_rotation() // 90 % 4):
        box = turn_box(box, turn, width, height)
        if turn % 2:
            width, height = height, width
    left, bottom, _, _ = source.get_mediabox()
    return left + box.x0, bottom + height - box.bottom, left + box.x1, bottom + height - box.top
