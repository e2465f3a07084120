"""Convert the Markdown of prose to safe HTML, and this HTML to GitHub's Markdown."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import markdown
import nh3
from markdown.blockprocessors import HashHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneOListProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from nianbao.model.prose import (
    LIST_ITEM,
    MARKS,
    MAX_NESTING,
    enclosing_indents,
    is_overloaded,
    normalized,
    plain_lines,
)
from nianbao.rendering.markdown.gfm import escape, html_to_gfm
from nianbao.utils.characters import PROSE_BLANKS, RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown.blockparser import BlockParser

_BLOCK_TAGS = {"p", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_INLINE_TAGS = {"strong", "em", "code", "a"}
_ATTRIBUTES = {"a": {"href"}, "li": {"value"}, "ol": {"start"}, "th": {"scope"}}
_SCHEMES = {"http", "https", "mailto"}
_TABLE_BOX = '<div class="scroll" role="group" tabindex="0" aria-label="表格">'
_TABLE_LINE = re.compile(r"[ ]*\|")
# Too long for the number of a list item, on GitHub too. Python refuses thousands of digits.
_LONG_NUMBER = re.compile(r"(?<!\d)(\d{10,}+)\.")
# The patterns of Python-Markdown are quadratic in MARKS: a line with very many marks is treated as
# plain text. Its marks are replaced by Unicode non-characters and restored afterwards.
_LIST_MARKS = "-+."
_SUBSTITUTES = {ord(mark): chr(0xFDD0 + index) for index, mark in enumerate(MARKS + _LIST_MARKS)}
_ENTITIES = {"<": "&lt;", ">": "&gt;"}
_RESTORE = {ord(sub): _ENTITIES.get(chr(mark), chr(mark)) for mark, sub in _SUBSTITUTES.items()}
# A block whose first letter is of a script that is written from right to left.
_RIGHT_TO_LEFT_BLOCK = re.compile(
    r"<(p|li|h[1-6]|th|td)\b([^>]*)>"
    rf"(?=(?:<(?!/?(?:p|li|h[1-6]|th|td)\b)[^>]*>|[^<\w]|[\d_])*+[{RIGHT_TO_LEFT}])"
)
# An & is always literal: Python-Markdown would read &nbsp; as a blank.
_AMPERSAND = chr(0xFDEF)
_RESTORE[ord(_AMPERSAND)] = "&amp;"


# Clerks write prose, not Markdown: a line break ends a paragraph, leading spaces have no meaning,
# and a number at the start of a line is printed as written. Raw HTML and images are printed as
# plain text; a link must begin with http, https or mailto.
class _LinePreprocessor(Preprocessor):
    """Makes every line a block of its own, except the lines of a pipe table.

    List items are nested by relative indentation; both two and four spaces work.
    """

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        in_table = False
        indents: list[int] = []  # of the enclosing list items
        for raw in lines:
            line = normalized(raw)
            if is_overloaded(line):
                line = line.translate(_SUBSTITUTES)
            line = _LONG_NUMBER.sub(rf"\1{_SUBSTITUTES[ord('.')]}", line)
            if item := LIST_ITEM.match(line):
                indent = len(item[1])
                indents = enclosing_indents(indents, indent)[:MAX_NESTING]
                line = "  " * (len(indents) - 1) + line[indent:]
            elif line:
                line = line.lstrip(PROSE_BLANKS)
                indents = []
            table = bool(_TABLE_LINE.match(line))
            if not (table and in_table):
                out.append("")
            out.append(line)
            in_table = table
        return out


class _OrderedListProcessor(SaneOListProcessor):
    """Keeps the written numbers of an ordered list, up to nine digits as in CommonMark."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)
        # \\d also matches the digits of other scripts, whose numbers HTML could not repeat.
        for name in ("RE", "CHILD_RE", "INDENT_RE"):
            pattern: re.Pattern[str] = getattr(self, name)
            setattr(self, name, re.compile(pattern.pattern.replace(r"\d+", "[0-9]{1,9}")))

    def run(self, parent: ET.Element, blocks: list[str]) -> bool | None:
        match = re.match(r"[ ]*([0-9]+)\.", blocks[0])
        result = super().run(parent, blocks)
        item = parent[-1][-1] if len(parent) and len(parent[-1]) else None
        if match and item is not None and item.tag == "li" and parent[-1].tag == "ol":
            item.attrib.setdefault("value", str(int(match.group(1))))
        return result


class _HeadingProcessor(HashHeaderProcessor):
    """Reads # as a heading only outside lists and before a space: #话题# is text."""

    RE = re.compile(
        r"^(?P<level>#{1,6})[ ]++(?P<header>(?!#*$)(?:[^ \n]|[ ]++(?!#+$))++)(?:[ ]+#+)?$"
    )

    def test(self, parent: ET.Element, block: str) -> bool:
        return parent.tag == "div" and bool(self.RE.search(block))


class _CleanupProcessor(Treeprocessor):
    """Cleans the tree of elements up after the conversion.

    It removes the paragraph around the text of an item, gaps in heading levels, and unsafe links.
    """

    def run(self, root: ET.Element) -> None:
        above: list[str] = []  # levels of the enclosing headings
        for element in list(root.iter()):
            if _is_heading(element):
                if not "".join(element.itertext()).strip():
                    element.tag = "p"
                    continue
                above = [*(level for level in above if level < element.tag), str(element.tag)]
                element.tag = f"h{len(above)}"
            elif element.tag == "th":
                element.set("scope", "col")
            elif element.tag == "li" and len(element) and element[0].tag == "p":
                first = element[0]
                if not (element.text or "").strip() and (len(element) == 1 or len(first) == 0):
                    _unwrap(element, first)
            elif element.tag == "a":
                href = element.get("href", "").strip().lower()
                if href.split(":")[0] not in _SCHEMES or ":" not in href:
                    element.attrib.pop("href", None)


def _is_heading(element: ET.Element) -> bool:
    return bool(re.fullmatch(r"h[1-6]", str(element.tag)))


def _unwrap(parent: ET.Element, child: ET.Element) -> None:
    """Replace `child`, the first child of `parent`, by its content."""
    parent.remove(child)
    parent.text = child.text
    for position, element in enumerate(child):
        parent.insert(position, element)


class _ProseExtension(Extension):
    """Adapts Python-Markdown to the Markdown dialect of this project."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(_LinePreprocessor(md), "lines", 100)
        blocks = md.parser.blockprocessors
        # These processors would drop or restyle text: indented lines, [1]: notes, lines of ----.
        for name in ("code", "reference", "hr", "setextheader"):
            blocks.deregister(name)
        blocks.register(_HeadingProcessor(md.parser), "hashheader", 70)
        blocks.register(_OrderedListProcessor(md.parser), "olist", 40)
        inline = md.inlinePatterns
        for name in (
            "html",
            "entity",
            "image_link",
            "image_reference",
            "short_image_ref",
            "reference",
            "short_reference",
            "autolink",
            "automail",
            "linebreak",
        ):
            inline.deregister(name)
        md.treeprocessors.register(_CleanupProcessor(md), "tidy", 5)


@cache
def _converter() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=["tables", "sane_lists", _ProseExtension()], output_format="html", tab_length=2
    )


@lru_cache(maxsize=32)  # the texts of a report, which several outputs render
def markdown_to_html(text: str, top: int = 3) -> str:
    """Convert the Markdown of prose to sanitized HTML.

    `top`: the level of the highest headings.
    """
    html = _convert(text, top)
    if re.search(f"[{RIGHT_TO_LEFT}]", text):
        html = _RIGHT_TO_LEFT_BLOCK.sub(r'<\1 dir="rtl"\2>', html)
    return html


def _convert(text: str, top: int) -> str:
    plain = plain_lines(text)
    if plain is not None:
        return "\n".join([f"<p>{line}</p>" for line in plain])
    converter = _converter()
    converter.reset()
    html = converter.convert(text.replace("&", _AMPERSAND))
    html = re.sub(
        r"<(/?)h([1-6])>", lambda tag: f"<{tag[1]}h{min(int(tag[2]) + top - 1, 6)}>", html
    )
    clean = nh3.clean(
        html.translate(_RESTORE),
        tags=_BLOCK_TAGS | _INLINE_TAGS | _HEADINGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
    )
    # A wide table scrolls in its own box. All text is escaped here, so replacing tags is safe.
    return clean.replace("<table>", f"{_TABLE_BOX}<table>").replace("</table>", "</table></div>")


def paragraphs_to_markdown(text: str, top: int = 3) -> str:
    """Convert the Markdown of prose to GitHub's Markdown.

    `top`: the level of the highest headings.
    """
    plain = plain_lines(text)
    if plain is not None:
        return "\n\n".join(map(escape, plain))
    # By way of the HTML, so that the result has exactly the links and the markup of the web page.
    return html_to_gfm(parse_fragment(markdown_to_html(text, top)))


class _TreeParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = ET.TreeBuilder()
        self.builder.start("div", {})

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def parse_fragment(html: str) -> ET.Element:
    """Parse sanitized HTML, and return its elements inside a div.

    Every tag must be closed.
    """
    parser = _TreeParser()
    parser.feed(html)
    parser.close()
    parser.builder.end("div")
    return parser.builder.close()
