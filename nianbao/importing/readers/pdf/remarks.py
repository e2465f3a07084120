"""Make remarks about content of a PDF that is not read: pictures, hidden text, odd characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.document import Place, Remark
from nianbao.importing.readers.pdf.glyphs import MISSING, Box, Page
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SOURCE: Final = "找原来的 Word 文件或网页，或照着填写"
_FEW: Final = 20  # characters on a page that is nearly nothing but a picture: its number, a stamp
_MANY_MISSING: Final = 0.05  # of all characters
_LARGE: Final = (0.3, 0.05)  # of the width and the height of a page: a picture that may be a table
_SHOWN: Final = 30  # characters of a text that is quoted


def refuse_without_text(pages: Sequence[Page]) -> None:
    """Raise UserError if the file has no readable text."""
    visible = sum(map(_visible, pages))
    hidden = sum(len(page.hidden) for page in pages)
    if visible <= _FEW * len(pages) and all(_is_picture(page) or not page.glyphs for page in pages):
        layer = "（只有识别时加上的、看不见的文字，不可靠）" if hidden > visible else ""
        raise UserError(f"这份 PDF 是扫描件或图片，没有文字可读{layer}。{_SOURCE}")
    missing = sum(glyph.text.count(MISSING) for page in pages for glyph in page.glyphs)
    if missing > _MANY_MISSING * visible:
        raise UserError(f"这份 PDF 的字体没有说明各是什么字，读不出来。{_SOURCE}，或重新生成 PDF")


def page_remarks(pages: Sequence[Page], tables: Sequence[Sequence[Box]]) -> Iterator[Remark]:
    """Yield a remark for each content of the pages that was not read as printed.

    `tables`: for each page, the rectangles of its tables.
    """
    mapped = "".join(dict.fromkeys("".join(page.mapped for page in pages)))
    marks = "、".join(dict.fromkeys(page.watermark for page in pages if page.watermark))
    if marks:
        yield Remark(Place(), f"水印没有读：{shorten(marks, _SHOWN)}")
    if mapped:
        yield Remark(Place(), f"部首或兼容字符读成了普通的字：{shorten(mapped, _SHOWN)}")
    for page, boxes in zip(pages, tables, strict=True):
        place = Place(page=page.number)
        if page.hidden.strip():
            yield Remark(
                place, f"看不见的文字没有读：{shorten(' '.join(page.hidden.split()), _SHOWN)}"
            )
        if any(MISSING in glyph.text for glyph in page.glyphs):
            yield Remark(place, f"有的字没有编码，读成了 {MISSING}，请对照原件")
        private = dict.fromkeys(
            char for glyph in page.glyphs for char in glyph.text if "\ue000" <= char <= "\uf8ff"
        )
        if private:
            yield Remark(place, "有字体自造的字符，可能显示不出来，请对照原件")
        if _is_picture(page):
            yield Remark(place, "整页是图片，没有读")
        elif any(_may_be_table(box, page, boxes) for box in page.pictures):
            yield Remark(place, "有图片，里面的文字或表没有读")


def _visible(page: Page) -> int:
    return sum(not glyph.text.isspace() for glyph in page.glyphs)


def _is_picture(page: Page) -> bool:
    """Return True if a page has a picture and hardly any text."""
    return _visible(page) <= _FEW and any(_is_large(box, page) for box in page.pictures)


def _is_large(box: Box, page: Page) -> bool:
    width, height = _LARGE
    return box.x1 - box.x0 > width * page.width and box.bottom - box.top > height * page.height


def _may_be_table(box: Box, page: Page, tables: Sequence[Box]) -> bool:
    """Return True if a picture may show a table.

    Such a picture is large, outside tables, and not the background of text.
    """
    behind = sum(box.holds(glyph.center) for glyph in page.glyphs)
    return (
        _is_large(box, page)
        and behind <= _FEW
        and not any(table.holds(box.center) for table in tables)
    )
