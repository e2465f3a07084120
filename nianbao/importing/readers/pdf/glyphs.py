"""Read what is painted on the pages of a PDF: characters, ruled lines and pictures.

All coordinates are in points, from the top left corner of the page as it is shown.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTFigure, LTImage, LTPage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.utils import apply_matrix_rect

from nianbao.errors import UserError
from nianbao.importing.readers.radicals import RADICALS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdfminer.pdffont import PDFFont
    from pdfminer.pdfpage import PDFPage

MISSING: Final = "\ufffd"  # printed for a character without a Unicode value
_MAX_ITEMS: Final = 300_000  # characters and lines of all pages
_INVISIBLE_MODES: Final = (3, 7)  # of text rendering: ISO 32000-1, table 106
_THIN: Final = 3.0  # a filled rectangle that is not wider is a rule
_MIN_SIZE: Final = 1.0  # of a character that is visible
_WHITE: Final = 0.98
_PALE: Final = 0.5
_SLANT: Final = 0.05  # of a baseline that is neither upright nor on its side
_LARGE: Final = 36.0  # points: from here a pale character is one of a watermark


class Glyph(NamedTuple):
    """A painted character.

    `text`: the character in Unicode.
    `x0`, `top`, `x1`, `bottom`: its left, top, right and bottom edges, in points.
    `size`: the font size, in points.
    `base`: the y coordinate of its baseline.
    `font`: the name of the font.
    `turn`: how many quarter turns clockwise the character is turned (0–3).
    `string`: a number, the same for all characters that one PDF operator paints.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    base: float
    font: str = ""
    turn: int = 0
    string: int = 0

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


class Box(NamedTuple):
    """A rectangle on a page, in points; y grows downwards.

    `x0`, `top`, `x1`, `bottom`: its left, top, right and bottom edges.
    """

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, point: tuple[float, float], margin: float = 0.0) -> bool:
        """Return True if a position is in the rectangle, or not far from it.

        `margin`: the largest distance from the rectangle, in points.
        """
        x, y = point
        return (
            self.x0 - margin <= x <= self.x1 + margin
            and self.top - margin <= y <= self.bottom + margin
        )

    @property
    def area(self) -> float:
        return (self.x1 - self.x0) * (self.bottom - self.top)

    @property
    def center(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class Page:
    """The characters, ruled lines and pictures on a page; all lengths are in points.

    `number`: the number of the page, counted from 1.
    `rules`: the ruled lines, as boxes without width or without height.
    `hidden`: invisible text.
    `watermark`: text that is printed slantwise, or large and pale.
    `mapped`: the unusual characters (such as radicals) that were replaced by ordinary ones.
    `turn`: how many quarter turns anticlockwise made the content upright.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    hidden: str = ""
    watermark: str = ""
    mapped: str = ""
    turn: int = 0


class _Device(PDFPageAggregator):
    """Collects the items of a page. Text that is not painted goes into `unpainted`."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.unpainted: LTContainer[Any] = LTContainer((0, 0, 0, 0))
        self.crop = Box(0, 0, 0, 0)
        self.items = 0
        self._invisible = False

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        super().begin_page(page, ctm)
        self.unpainted = LTContainer((0, 0, 0, 0))
        self.crop = Box(*apply_matrix_rect(ctm, page.cropbox))

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self._invisible = textstate.render in _INVISIBLE_MODES
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        self._count()
        if not self._invisible:
            return super().render_char(*args, **kwargs)
        shown, self.cur_item = self.cur_item, self.unpainted  # type: ignore[assignment]
        try:
            return super().render_char(*args, **kwargs)
        finally:
            self.cur_item = shown

    def handle_undefined_char(self, font: PDFFont, cid: int) -> str:  # noqa: ARG002
        return MISSING

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self._count()
        super().paint_path(*args, **kwargs)

    def _count(self) -> None:
        self.items += 1
        if self.items > _MAX_ITEMS:
            raise UserError("这份 PDF 的内容太多，不像年报；请另存或打印成普通的 PDF 再导入")


class PageReader:
    """Reads the pages of one PDF file, one after another."""

    def __init__(self) -> None:
        manager = PDFResourceManager()
        self._device = _Device(manager)
        self._interpreter = PDFPageInterpreter(manager, self._device)

    def read(self, source: PDFPage, number: int) -> Page:
        """Return the characters, ruled lines and pictures of a page.

        `number`: the number of the page, counted from 1.
        """
        self._interpreter.process_page(source)
        layout = self._device.get_result()
        return _turned_upright(_page(layout, self._device, number))


def _page(layout: LTPage, device: _Device, number: int) -> Page:
    page = Page(number, layout.width, layout.height)
    fills: list[Box] = []
    characters: list[LTChar] = []
    before: LTCurve | None = None
    for item in _items(layout):
        if isinstance(item, LTChar):
            characters.append(item)
        elif isinstance(item, LTImage):
            page.pictures.append(_box(item, page.height))
            fills.append(page.pictures[-1])
        elif isinstance(item, LTCurve):
            if before is not None and _is_frame(before, item):
                page.rules += _sides(_box(before, page.height))
            else:
                rules, fill = _painted(item, page.height)
                page.rules += rules
                fills += fill
            before = item
    hidden = [character.get_text() for character in device.unpainted]
    watermark = []
    mapped: list[str] = []
    for character in characters:
        glyph = _glyph(character, page.height)
        text = _ordinary(glyph.text)
        if text != glyph.text and not text.isspace() and text not in "〈〉":
            mapped.append(glyph.text)
        if _is_hidden(character, glyph, device.crop, page.height, fills):
            hidden.append(text)
        elif _is_watermark(character, glyph):
            watermark.append(text)
        else:
            page.glyphs.append(glyph._replace(text=text))
    page.hidden = "".join(hidden).strip()
    page.watermark = "".join("".join(watermark).split())
    page.mapped = "".join(dict.fromkeys(mapped))
    return page


def _items(container: Iterable[Any]) -> Iterator[Any]:
    """Yield the items of a page and of the figures (forms) inside it, without recursion."""
    stack = [iter(container)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, LTFigure):
            stack.append(iter(item))
        else:
            yield item


def _box(item: Any, height: float) -> Box:
    return Box(item.x0, height - item.y1, item.x1, height - item.y0)


def _glyph(item: LTChar, height: float) -> Glyph:
    a, b, c, d, _, f = item.matrix
    turn = (0 if a > 0 or d > 0 else 2) if abs(a) + abs(d) >= abs(b) + abs(c) else 3 if b > 0 else 1
    x0, top, x1, bottom = _box(item, height)
    base = (height - f, item.matrix[4])[turn % 2]
    size = item.width if turn % 2 else item.size
    string = id(item.graphicstate)  # pdfminer copies it for each operator
    return Glyph(item.get_text(), x0, top, x1, bottom, size, base, item.fontname, turn, string)


def _painted(item: LTCurve, height: float) -> tuple[list[Box], list[Box]]:
    """Return the ruled lines that a path paints, and its box if it is filled, as two lists.

    Only straight horizontal and vertical lines are returned. `height`: the height of the page.
    """
    box = _box(item, height)
    stroked = item.stroke and not _is_white(item.stroking_color)
    filled = item.fill and not _is_white(item.non_stroking_color)
    thin = min(box.x1 - box.x0, box.bottom - box.top) <= _THIN
    if filled and thin:
        return [_axis(box)], [box]
    rules: list[Box] = []
    if stroked:
        points = [(x, height - y) for x, y in item.pts]
        closed = item.original_path and item.original_path[-1][0] == "h"
        ends = zip(points, points[1:] + points[: 1 if closed else 0], strict=False)
        for (x0, y0), (x1, y1) in ends:
            if min(abs(x0 - x1), abs(y0 - y1)) < 1:
                rules.append(_axis(Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))))
    return rules, [box] if filled else []


def _is_frame(first: LTCurve, second: LTCurve) -> bool:
    """Return True if two rectangles, filled as one path with a hole, are the border of a cell."""
    insets = [abs(a - b) for a, b in zip(first.bbox, second.bbox, strict=True)]
    return (
        bool(first.fill and second.fill and first.evenodd and second.evenodd)
        and not _is_white(second.non_stroking_color)
        and max(insets) <= _THIN
        and any(insets)
    )


def _sides(box: Box) -> list[Box]:
    x0, top, x1, bottom = box
    return [
        Box(x0, top, x1, top), Box(x0, bottom, x1, bottom),
        Box(x0, top, x0, bottom), Box(x1, top, x1, bottom),
    ]  # fmt: skip


def _axis(box: Box) -> Box:
    """Return the middle line of a thin rectangle, as a box without width or height."""
    x, y = box.center
    if box.x1 - box.x0 >= box.bottom - box.top:
        return Box(box.x0, y, box.x1, y)
    return Box(x, box.top, x, box.bottom)


def _is_white(color: Any, least: float = _WHITE) -> bool:
    """Return True if all parts of a colour are at least `least`; 1 is white."""
    parts: list[Any] = list(color) if isinstance(color, (tuple, list)) else [color]
    if not parts or not all(isinstance(part, (int, float)) for part in parts):
        return False  # a pattern
    if len(parts) == 4:  # CMYK
        return bool(max(parts) <= 1 - least)
    return bool(min(parts) >= least)


def _is_hidden(character: LTChar, glyph: Glyph, crop: Box, height: float, fills: list[Box]) -> bool:
    x, y = glyph.center
    if glyph.text.isspace():
        return False
    if not crop.holds((x, height - y), 1) or glyph.size < _MIN_SIZE:
        return True
    white = _is_white(character.graphicstate.ncolor)
    return white and not any(fill.holds((x, y)) for fill in fills)


def _is_watermark(character: LTChar, glyph: Glyph) -> bool:
    a, b = character.matrix[:2]
    if min(abs(a), abs(b)) > _SLANT * max(abs(a), abs(b)):
        return True
    return glyph.size >= _LARGE and _is_white(character.graphicstate.ncolor, _PALE)


def _ordinary(text: str) -> str:
    """Return a text with ordinary characters instead of radicals, ligatures and the like."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_ordinary_character, text))


def _ordinary_character(char: str) -> str:
    code = ord(char)
    # 〈 and 〉 have two codes, and Chromium prints the other ones.
    is_angle = char in "\u2329\u232a"
    if is_angle or 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0xFB00 <= code <= 0xFB06:
        return RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    if char in "\t\n\r\v\f\xa0" or 0x2000 <= code <= 0x200A:
        return " "
    return MISSING if code < 0x20 or 0x7F <= code < 0xA0 else char


def _turned_upright(page: Page) -> Page:
    """Turn the content of a page upright if most of its text stands on its side or upside down."""
    turns = Counter(glyph.turn for glyph in page.glyphs)
    turn = turns.most_common(1)[0][0] if turns else 0
    if turn == 0:
        return page
    page.turn = turn
    page.glyphs = [_turn_glyph(glyph, turn, page.width, page.height) for glyph in page.glyphs]
    page.rules = [turn_box(box, turn, page.width, page.height) for box in page.rules]
    page.pictures = [turn_box(box, turn, page.width, page.height) for box in page.pictures]
    if turn % 2:
        page.width, page.height = page.height, page.width
    return page


def _turn_glyph(glyph: Glyph, turn: int, width: float, height: float) -> Glyph:
    box = turn_box(Box(*glyph[1:5]), turn, width, height)
    turned = (glyph.turn - turn) % 4
    # The baseline of a glyph that turn 1 (3) made stand upright is its x, from the right (left).
    base = {0: glyph.base, 1: width - glyph.base, 2: height - glyph.base, 3: glyph.base}[turn]
    return glyph._replace(
        x0=box.x0, top=box.top, x1=box.x1, bottom=box.bottom, base=base, turn=turned
    )


def turn_box(box: Box, turn: int, width: float, height: float) -> Box:
    """Return the new position of a box after its page is turned anticlockwise.

    `turn`: the number of quarter turns.
    `width`, `height`: the size of the page before the turn, in points.
    """
    x0, top, x1, bottom = box
    if turn == 1:
        return Box(top, width - x1, bottom, width - x0)
    if turn == 2:
        return Box(width - x1, height - bottom, width - x0, height - top)
    if turn == 3:
        return Box(height - bottom, x0, height - top, x1)
    return box
