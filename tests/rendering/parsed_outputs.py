"""Reading outputs back with parsers that had no part in making them."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import cmarkgfm
import pdfplumber
from cmarkgfm.cmark import Options
from lxml import html

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.rendering.rendered_reports import Built

# The labels of a cell: the full-width title, the row and the column, each with its groups.
Labels = tuple[str, ...]
NUMBER = re.compile(r"(-?[0-9]+(\.[0-9]+)?|/)(（.*）)?")


def gfm(text: str) -> str:
    """Markdown to HTML as GitHub reads it, raw HTML included."""
    page: str = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return page


def words(page: str) -> str:
    """The text of a piece of HTML without white space, the numbers of lists included."""
    tree = html.fragment_fromstring(page or "<p></p>", create_parent="main")
    for numbered in tree.iter("ol"):
        number = int(numbered.get("start", 1))
        for item in numbered.findall("li"):
            number = int(item.get("value", number))
            item.text = f"{number}.{item.text or ''}"
            number += 1
    return squeeze(tree.text_content())


def find(tree: Any, path: str) -> list[Any]:
    """Return the elements that an XPath selects."""
    return list(tree.xpath(path))


def squeeze(text: str) -> str:
    """Text without white space."""
    return re.sub(r"\s+", "", text)


def labels_of_form(built: Built) -> Iterator[tuple[Labels, tuple[str | int, ...]]]:
    """Every cell of the form: its labels, and where it stands in the YAML."""
    for section in built.form.sections:
        for grid in section.grids:
            for row in grid.rows:
                for pointer, column in row.cells():
                    path = (*row.path, *column.path)
                    title = (grid.title,) if grid.title else ()
                    yield (*title, *(heading.title for heading in path)), pointer


def cells_of_html(page: str) -> dict[Labels, str]:
    """The numbers of a web page, by the labels that `headers` names."""
    tree = html.document_fromstring(page)
    texts = {element.get("id"): element.text_content() for element in find(tree, "//th[@id]")}
    found = [
        (tuple(texts[name] for name in cell.get("headers").split()), squeeze(cell.text_content()))
        for cell in find(tree, "//td[@headers]")
    ]
    return _unique(found)


def cells_of_markdown(text: str) -> dict[Labels, str]:
    """The numbers of a Markdown file, by flattened labels and the bold title above the table."""
    tree = html.fragment_fromstring(gfm(text), create_parent="main")
    found = []
    for table in tree.iter("table"):
        title = "".join(find(table, "preceding-sibling::*[1][self::p]/strong/text()"))
        head, *rows = [
            [cell.text_content().strip() for cell in find(row, "th|td")] for row in table.iter("tr")
        ]
        for row in rows:
            for column, cell in zip(head[1:], row[1:], strict=True):
                path = (*row[0].split(" / "), *column.split(" / "))
                found.append(((title, *path) if title else path, squeeze(cell)))
    return _unique(found)


@dataclass(frozen=True)
class Box:
    """A cell on a page of a PDF, in points from the top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    chars: tuple[dict[str, Any], ...]

    def next_to(self, other: Box) -> bool:
        """Return True if this box lies left of another, at the height of its middle."""
        return self.x1 <= other.x0 + 1 and self.top < (other.top + other.bottom) / 2 < self.bottom

    def over(self, other: Box) -> bool:
        """Return True if this box lies above another, over its middle."""
        return self.bottom <= other.top + 1 and self.x0 < (other.x0 + other.x1) / 2 < self.x1


@cache
def pages(pdf: bytes) -> tuple[Any, ...]:
    """The pages of a PDF, opened with pdfplumber."""
    return tuple(pdfplumber.open(io.BytesIO(pdf)).pages)


@cache
def boxes(pdf: bytes) -> tuple[tuple[int, tuple[Box, ...]], ...]:
    """The tables of a PDF: the page and the cells of each."""
    return tuple(
        (page.page_number, tuple(_box(page, *cell) for cell in table.cells))
        for page in pages(pdf)
        for table in page.find_tables()
    )


def _box(page: Any, x0: float, top: float, x1: float, bottom: float) -> Box:
    # Every character whose middle lies in the cell, so that one that sticks out is found.
    inside = [
        char
        for char in page.chars
        if x0 <= (char["x0"] + char["x1"]) / 2 < x1
        and top <= (char["top"] + char["bottom"]) / 2 < bottom
    ]
    lines = sorted(inside, key=lambda char: (round(char["top"]), char["x0"]))
    text = squeeze("".join(char["text"] for char in lines))
    return Box(x0, top, x1, bottom, text, tuple(lines))


def cells_of_pdf(pdf: bytes) -> dict[Labels, str]:
    """The numbers of a PDF, by the labels that stand above and to the left of each."""
    return _unique([(labels, box.text) for labels, box in numbers_of_pdf(pdf)])


def numbers_of_pdf(pdf: bytes) -> Iterator[tuple[Labels, Box]]:
    """Every cell of a PDF that holds a number, with its labels; a full-width row is a title."""
    for _, cells in boxes(pdf):
        width = max(cell.x1 for cell in cells) - min(cell.x0 for cell in cells)
        titles = [cell for cell in cells if cell.x1 - cell.x0 > width - 1]
        words = [cell for cell in cells if cell not in titles and not NUMBER.fullmatch(cell.text)]
        for cell in cells:
            if not NUMBER.fullmatch(cell.text):
                continue
            title = max((t for t in titles if t.over(cell)), key=lambda t: t.top, default=None)
            start = title.top if title else 0
            rows = sorted((w for w in words if w.next_to(cell)), key=lambda w: w.x0)
            columns = sorted(
                (w for w in words if w.over(cell) and w.top > start), key=lambda w: w.top
            )
            labels = (*((title,) if title else ()), *rows, *columns)
            yield tuple(box.text for box in labels), cell


def _unique(found: list[tuple[Labels, str]]) -> dict[Labels, str]:
    cells = dict(found)
    assert len(cells) == len(found), "two cells with the same labels"
    return cells
