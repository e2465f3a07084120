"""Build tables from ruled cells, and join tables that continue on the next page."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nianbao.importing.document import Place, Remark, SourceCell, SourceTable
from nianbao.importing.readers.pdf.glyphs import Box
from nianbao.importing.readers.pdf.lines import cell_text, join
from nianbao.importing.vocabulary import is_table_label, opens_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.importing.readers.pdf.glyphs import Glyph, Page
    from nianbao.importing.readers.pdf.pdfium import Pdfium
    from nianbao.importing.readers.pdf.rules import RuledGrid

_SAME: Final = 4.0  # points between edges of columns that are the same on two pages
_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_NUMBERED: Final = re.compile(  # how a label of a new row begins
    rf"\s*(?:[（(](?:{_NUMBER}|[0-9]{{1,2}})[)）]|第?{_NUMBER}[、条]|[0-9]{{1,2}}[.．、](?![0-9]))"
)
_DOT: Final = 30.0  # square points: a smaller picture is part of a line
_OF_NUMBERS: Final = frozenset("0123456789.,")
_PADDING: Final = 3.0  # points between the edge of a cell and a number that is too wide for it
_TOUCH: Final = 0.12  # of the size of a digit: how far apart those of a number may be
_MIDDLE: Final = 0.35  # of the size of a digit: from the baseline to its middle
_DIGIT: Final = re.compile(r"[0-9]")
_VALUE: Final = re.compile(r"[\s0-9.,，+\-—/%]*")


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table on a page.

    `page`: the number of the page, counted from 1.
    `row`, `column`: counted from 0.
    `row_span`, `column_span`: how many rows and columns the cell covers.
    `picture`: True if the cell contains a picture.
    `full`: True if the last line of its text reaches the right edge.
    `cut`: True if a number in the cell was joined from two pages.
    `other`: the text that PDFium reads here, if its digits differ; else "".
    """

    text: str
    page: int
    box: Box
    row: int
    column: int
    row_span: int
    column_span: int
    picture: bool = False
    full: bool = False
    cut: bool = False
    other: str = ""


@dataclass(slots=True)
class PageTable:
    """A table on one page, or joined from several pages.

    `xs`: the edges of its columns, in points.
    `height`: the number of rows.
    `pages`: the numbers of its pages, counted from 1.
    `is_aligned`: True if the table has no ruled lines, and its real columns are unknown.
    """

    xs: list[float]
    height: int
    cells: list[TableCell]
    pages: tuple[int, ...]
    is_aligned: bool = False

    @property
    def box(self) -> Box:
        """The bounding box of the table on its first page, in points."""
        first = [cell.box for cell in self.cells if cell.page == self.pages[0]]
        top, bottom = min(box.top for box in first), max(box.bottom for box in first)
        return Box(self.xs[0], top, self.xs[-1], bottom)

    @property
    def is_layout(self) -> bool:
        """True if the table has one column and only frames a text."""
        return len(self.xs) <= 2 and not self.is_aligned


def make_table(
    grid: RuledGrid, runs: Iterable[list[Glyph]], page: Page, pdfium: Pdfium | None
) -> tuple[PageTable, list[list[Glyph]]]:
    """Return a table with the texts of its cells, and the characters outside its cells.

    `grid`: the ruled lines of the table.
    `runs`: the characters of the page; those of a number are in one run.
    `pdfium`: reads the digits of each cell again; None to read them only once.
    """
    held: dict[int, list[Glyph]] = defaultdict(list)
    outside: list[list[Glyph]] = []
    for run in runs:
        index = _holder_of_run(grid, run)
        if index is None:
            outside.append(run)
        else:
            held[index] += run
    cells = []
    for index, cell in enumerate(grid.cells):
        inside = held[index]
        text = cell_text(inside, cell.box, page.number)
        size = max((glyph.size for glyph in inside), default=0)
        lowest = max((glyph.base for glyph in inside), default=0)
        cells.append(
            TableCell(
                text,
                page.number,
                cell.box,
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                picture=any(cell.box.holds(b.center) and b.area > _DOT for b in page.pictures),
                full=any(g.base > lowest - 2 and g.x1 > cell.box.x1 - 1.6 * size for g in inside),
                other=_other_reading(text, inside, page, pdfium),
            )
        )
    return PageTable(grid.xs, len(grid.ys) - 1, cells, (page.number,)), outside


def text_runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters of each number in one list, and every other character alone."""
    # A number belongs to a cell as a whole, because it may be wider than its cell.
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and not _is_next_digit(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _holder_of_run(grid: RuledGrid, run: Sequence[Glyph]) -> int | None:
    """Return the index of the cell that a number belongs to, or None.

    If the number reaches into two cells, it belongs to the cell that has its left edge where the
    number begins, or else to the cell that contains the middle of the number.
    """
    first, last = _holder(grid, run[0].center), _holder(grid, run[-1].center)
    if first == last or first is None:
        return last
    if last is None or run[0].x0 - grid.cells[first].box.x0 < _PADDING:
        return first
    return _holder(grid, Box(run[0].x0, run[0].top, run[-1].x1, run[-1].bottom).center)


def _is_next_digit(before: Glyph, glyph: Glyph) -> bool:
    """Return True if two characters that are painted one after the other belong to one number."""
    return (
        before.string == glyph.string
        and before.text in _OF_NUMBERS
        and glyph.text in _OF_NUMBERS
        and abs(glyph.base - before.base) < 0.5
        and abs(glyph.x0 - before.x1) < _TOUCH * glyph.size
    )


def _other_reading(text: str, glyphs: Sequence[Glyph], page: Page, pdfium: Pdfium | None) -> str:
    """Return the text that PDFium reads for a cell if it has other digits than `text`, else "".

    `glyphs`: the characters in the cell.
    """
    if pdfium is None or not (digits := _digits(text)):
        return ""
    # A line through the middle of the digits: PDFium returns every character that it touches, and
    # those of other cells may overlap.
    xs = [glyph.center[0] for glyph in glyphs]
    ys = [
        glyph.base - _MIDDLE * glyph.size if glyph.turn == 0 else glyph.center[1]
        for glyph in glyphs
    ]
    box = Box(min(xs), min(ys), max(xs), max(ys))
    other = pdfium.text(page, box)
    return "" if _digits(other) == digits else " ".join(other.split()) or "空白"


def _digits(text: str) -> list[str]:
    """Return the digits of a text, sorted, so that the order of lines does not matter."""
    return sorted(_DIGIT.findall(unicodedata.normalize("NFKC", text)))


def _holder(grid: RuledGrid, point: tuple[float, float]) -> int | None:
    for index, cell in enumerate(grid.cells):
        if cell.box.holds(point):
            return index
    return None


# ── over a page


def join_tables(first: PageTable, second: PageTable) -> PageTable | None:
    """Join a table and its continuation on the next page, without repeated header rows.

    Return None if the tables do not belong together.
    """
    if first.is_aligned or second.is_aligned or not _same_columns(first, second):
        return None
    xs = _merged(first.xs, second.xs)
    above, below = _on_columns(first, xs), _on_columns(second, xs)
    repeated = _repeated_rows(above, below)
    if not repeated and any(opens_tables(cell.text) for cell in below if cell.row == 0):
        return None  # the first is no table of the form: it belongs to the prose before it
    below = [replace(c, row=c.row - repeated) for c in below if c.row >= repeated]
    height = second.height - repeated
    if height <= 0:
        return PageTable(xs, first.height, above, (*first.pages, *second.pages))
    split = _is_split_row(above, below, first.height)
    shift = first.height - (1 if split else 0)
    below = [replace(cell, row=cell.row + shift) for cell in below]
    cells = _without_seam(above, below, first.height, split)
    return PageTable(xs, shift + height, cells, (*first.pages, *second.pages))


def _same_columns(first: PageTable, second: PageTable) -> bool:
    ends = abs(first.xs[0] - second.xs[0]) < _SAME and abs(first.xs[-1] - second.xs[-1]) < _SAME
    if not ends:
        return False
    if _within(second.xs, first.xs) or _within(first.xs, second.xs):
        return True
    last = {edge for c in first.cells if c.row + c.row_span == first.height for edge in _edges(c)}
    top = {edge for cell in second.cells if cell.row == 0 for edge in _edges(cell)}
    return _within(last, top) and _within(top, last)


def _edges(cell: TableCell) -> tuple[float, float]:
    return cell.box.x0, cell.box.x1


def _within(some: Iterable[float], others: Iterable[float]) -> bool:
    others = list(others)
    return all(any(abs(x - other) < _SAME for other in others) for x in some)


def _merged(first: Sequence[float], second: Sequence[float]) -> list[float]:
    return sorted([*first, *(x for x in second if not _within([x], first))])


def _on_columns(table: PageTable, xs: Sequence[float]) -> list[TableCell]:
    """Return the cells of a table with columns and spans counted in the edges `xs`.

    `xs`: edges that include those of the table.
    """

    def index(x: float) -> int:
        return min(range(len(xs)), key=lambda i: abs(xs[i] - x))

    columns = [index(x) for x in table.xs]
    return [
        replace(
            cell,
            column=columns[cell.column],
            column_span=columns[cell.column + cell.column_span] - columns[cell.column],
        )
        for cell in table.cells
    ]


def _rows(cells: Iterable[TableCell]) -> dict[int, list[TableCell]]:
    rows: dict[int, list[TableCell]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(cell)
    return rows


def _repeated_rows(above: Sequence[TableCell], below: Sequence[TableCell]) -> int:
    """Return how many header rows a table repeats after a page break.

    `above`, `below`: the cells of the table before and after the page break. Rows with numbers, or
    without any text, are no header.
    """
    first, second = _rows(above), _rows(below)

    def shape(row: Sequence[TableCell]) -> list[tuple[str, int, int, int]]:
        return [(cell.text, cell.column, cell.column_span, cell.row_span) for cell in row]

    count = 0
    while count in second and shape(second[count]) == shape(first.get(count, [])):
        if any(cell.text and _VALUE.fullmatch(cell.text) for cell in second[count]):
            break
        count += 1
    texts = [cell.text for row in range(count) for cell in second[row]]
    if not any(texts):
        return 0
    # Do not cut through a cell that spans the header and more.
    reach = max((c.row + c.row_span for row in range(count) for c in second[row]), default=0)
    return count if reach <= count else 0


def _is_split_row(above: Sequence[TableCell], below: Sequence[TableCell], height: int) -> bool:
    """Return True if the last row before a page break continues after the page break.

    It does if a label of the form is cut in two, if the label is on one page and the numbers are on
    the other, or if the texts fill their cells and may continue. `above`, `below`: the cells of the
    table before and after the page break. `height`: the number of rows before the page break.
    """
    last = {cell.column: cell for cell in above if cell.row + cell.row_span == height}
    top = {cell.column: cell for cell in below if cell.row == 0}
    texts = [cell for cell in top.values() if cell.text]
    if not texts or set(last) != set(top):
        return False
    if any(
        last[cell.column].row_span == 1 == cell.row_span
        and _is_cut_label(last[cell.column].text, cell.text)
        for cell in texts
    ):
        return True
    rests = [cell for cell in texts if last[cell.column].text]
    if not rests:
        # The label is on one page, and the numbers, in the middle of the row, are on the other.
        own = [cell for cell in last.values() if cell.text and cell.row_span == 1]
        return bool(own) and {_is_value(own), _is_value(texts)} == {True, False}
    values = [cell for cell in texts if not last[cell.column].text]
    return (not values or _is_value(values) is True) and all(
        last[cell.column].full and _may_be_rest(cell.text) for cell in rests
    )


def _is_value(cells: Sequence[TableCell]) -> bool | None:
    """Return True if all cells contain numbers, False if no cell does, None if some cells do."""
    found = {_VALUE.fullmatch(cell.text) is not None for cell in cells}
    return found.pop() if len(found) == 1 else None


def _is_cut_label(first: str, rest: str) -> bool:
    """Return True if two texts together are a label of the form, but not each one alone."""
    if not first or not rest or not is_table_label(first + rest):
        return False
    return not (is_table_label(first) and is_table_label(rest))


def _may_be_rest(text: str) -> bool:
    """Return True if a text can continue from the previous page: no number, no numbered label."""
    return not (_NUMBERED.match(text) or _VALUE.fullmatch(text))


def _without_seam(
    above: Sequence[TableCell], below: Sequence[TableCell], height: int, split: bool
) -> list[TableCell]:
    """Join the two parts of each cell that the page break divides, and return all cells.

    `above`, `below`: the cells of the table before and after the page break.
    `height`: the number of rows before the page break.
    `split`: True if the last of these rows continues after it.
    """
    last = {cell.column: cell for cell in above if cell.row + cell.row_span == height}
    start = height - 1 if split else height
    pairs = [
        (last[cell.column], cell) for cell in below if cell.row == start and cell.column in last
    ]
    cuts = any(_is_cut_label(before.text, cell.text) for before, cell in pairs)
    parts = {id(cell) for before, cell in pairs if split or _is_rest(before, cell, cuts=cuts)}
    rests: dict[int, TableCell] = {}
    kept: list[TableCell] = []
    for cell in below:
        if id(cell) in parts:
            rests[cell.column] = cell
        else:
            kept.append(cell)
    joined = []
    for cell in above:
        rest = rests.get(cell.column) if cell is last.get(cell.column) else None
        if rest is not None:
            both = cell.text + rest.text
            cell = replace(
                cell,
                text=cell.text if cell.text == rest.text else join(cell.text, rest.text),
                row_span=cell.row_span + rest.row_span - (1 if split else 0),
                picture=cell.picture or rest.picture,
                cut=bool(cell.text and rest.text and _VALUE.fullmatch(both)),
            )
        joined.append(cell)
    return [*joined, *kept]


def _is_rest(before: TableCell, cell: TableCell, *, cuts: bool) -> bool:
    """Return True if the cell at the top of a page continues the cell `before`.

    `before`: the cell above it, at the bottom of the previous page. `cuts`: True if the page break
    cuts some label of this row; then a part may be a label of its own (尚 | 未审结).
    """
    if before.column_span != cell.column_span:
        return False
    if before.text == cell.text and _NUMBERED.match(cell.text):
        return True  # a label printed on both pages
    if cuts and before.text and cell.text and is_table_label(before.text + cell.text):
        return True
    if before.row_span + cell.row_span <= 2:
        return False
    if not cell.text or not before.text or cell.text == before.text:
        return True
    return bool(_NUMBERED.match(before.text)) and not _NUMBERED.match(cell.text)


# ── to the neutral document


def source_table(table: PageTable, number: int, remarks: list[Remark]) -> SourceTable:
    """Convert a table into a SourceTable, and add remarks about doubtful cells.

    `number`: the number of the table in the file, counted from 1.
    `remarks`: a list to which the remarks are appended.
    """
    cells = []
    if table.is_aligned:
        place = Place(page=table.pages[0], table=number)
        remarks.append(Remark(place, "没有框线的表，按文字的先后分的格，请逐格核对"))
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        place = Place(page=cell.page, table=number, row=cell.row + 1, column=cell.column + 1)
        if cell.other:
            remarks.append(
                Remark(place, f"两种方法读出的数不一样：“{cell.text}”和“{cell.other}”，请对照原件")
            )
        if cell.cut:
            remarks.append(Remark(place, f"跨页的一格，两页上的接成“{cell.text}”，请对照原件"))
        shape = cell.row, cell.column, cell.row_span, cell.column_span
        cells.append(SourceCell(cell.text, place, *shape, cell.picture))
    place = Place(page=table.pages[0], table=number)
    return SourceTable(tuple(cells), place, ragged=table.is_aligned)
