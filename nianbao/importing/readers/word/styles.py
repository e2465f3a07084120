"""Read the styles of a Word file: headings, items of lists, hidden text."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from nianbao.importing.limits import MAX_DEFINITIONS, refuse_size
from nianbao.importing.readers.word.package import W, integer, is_on, value_of

if TYPE_CHECKING:
    from lxml import etree

_HEADING: Final = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_MAX_PARENTS: Final = 20  # styles may refer to each other in a circle


@dataclass(frozen=True, slots=True)
class ParagraphFormat:
    """The format of a paragraph or style; None for a property that is not set.

    `outline`: the level of a heading, 1–9, or 0 for body text.
    `list_number`: the `w:numId` of a list, "0" for no list.
    `depth`: the level in the list, counted from 0.
    `hidden`: True if the text is not printed.
    `height`: how far the text is raised, in half-points; infinite for a superscript.
    """

    outline: int | None = None
    list_number: str | None = None
    depth: int | None = None
    hidden: bool | None = None
    height: float | None = None

    def or_else(self, other: ParagraphFormat) -> ParagraphFormat:
        """Return this format, completed by properties of `other`.

        Only properties that are None are taken from `other`.
        """
        return ParagraphFormat(
            other.outline if self.outline is None else self.outline,
            other.list_number if self.list_number is None else self.list_number,
            other.depth if self.depth is None else self.depth,
            other.hidden if self.hidden is None else self.hidden,
            other.height if self.height is None else self.height,
        )


NOTHING: Final = ParagraphFormat()


class Styles:
    """The styles of a document."""

    def __init__(self, root: etree._Element | None) -> None:
        self._nodes: dict[str, etree._Element] = {}
        self._own: dict[str, ParagraphFormat] = {}  # without the styles that they are based on
        self._formats: dict[str, ParagraphFormat] = {"": NOTHING}
        for node in root.iter(f"{W}style") if root is not None else ():
            name = node.get(f"{W}styleId") or ""
            self._nodes[name] = node
            if node.get(f"{W}type") == "paragraph" and is_on(node.get(f"{W}default") or "0"):
                self._formats[""] = self.format_of(name)
        if len(self._nodes) > MAX_DEFINITIONS:
            raise refuse_size("样式太多")

    def format_of(self, style: str) -> ParagraphFormat:
        """Return the format of a style, with the properties that the style inherits.

        `style`: the ID of the style, or "" for the default style.
        """
        if style not in self._formats:
            found, name = NOTHING, style
            for _ in range(_MAX_PARENTS):
                node = self._nodes.get(name)
                if node is None:
                    break
                found = found.or_else(self._own_format(name, node))
                name = value_of(node, "basedOn")
            self._formats[style] = found
        return self._formats[style]

    def _own_format(self, name: str, node: etree._Element) -> ParagraphFormat:
        if name not in self._own:
            self._own[name] = _style_format(node)
        return self._own[name]

    def list_styles(self) -> dict[str, str]:
        """Return the list number (`w:numId`) of each style that has one, by style ID."""
        numbers = ((name, self.format_of(name).list_number) for name in self._nodes)
        return {name: number for name, number in numbers if number}


def read_format(properties: etree._Element | None) -> ParagraphFormat:
    """Return the format of a `w:pPr` element, without the format of its style."""
    outline = value_of(properties, "outlineLvl")
    numbered = properties.find(f"{W}numPr") if properties is not None else None
    depth = value_of(numbered, "ilvl")
    return ParagraphFormat(
        (integer(outline) + 1) % 10 if outline else None,
        value_of(numbered, "numId") or None,
        integer(depth) if depth else None,
    )


def is_hidden(run: etree._Element | None) -> bool | None:
    """Return True if a `w:rPr` element hides its text, None if this is not set."""
    vanish = run.find(f"{W}vanish") if run is not None else None
    return None if vanish is None else is_on(vanish.get(f"{W}val"))


def height_of(run: etree._Element | None) -> float | None:
    """Return how far a `w:rPr` element raises its text, in half-points.

    Return infinity for a superscript, and None if the height is not set.
    """
    align, position = value_of(run, "vertAlign"), value_of(run, "position")
    if align == "superscript":
        return math.inf
    return integer(position) if align or position else None


def is_struck(run: etree._Element | None) -> bool:
    """Return True if a `w:rPr` element strikes out its text."""
    marks = [] if run is None else [run.find(f"{W}{name}") for name in ("strike", "dstrike")]
    return any(mark is not None and is_on(mark.get(f"{W}val")) for mark in marks)


def _style_format(node: etree._Element) -> ParagraphFormat:
    run = node.find(f"{W}rPr")
    own = read_format(node.find(f"{W}pPr"))
    found = replace(own, hidden=is_hidden(run), height=height_of(run))
    heading = _HEADING.fullmatch(value_of(node, "name"))
    if found.outline is None and heading:
        return ParagraphFormat(int(heading[1])).or_else(found)
    return found
