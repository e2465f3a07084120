"""Write paragraphs and tables as WordprocessingML (ISO/IEC 29500-1)."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit, urlunsplit

from nianbao.rendering.docx.blocks import (
    Block,
    DocxCell,
    DocxParagraph,
    DocxRow,
    DocxTable,
    Revision,
    Run,
)
from nianbao.rendering.fonts.faces import SCRIPTS, Face
from nianbao.utils.characters import NUMBER_AFTER_RIGHT_TO_LEFT, RIGHT_TO_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_AUTHOR: Final = "nianbao"
# Characters that XML 1.0 does not allow, and the noncharacters that Word refuses.
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Between two tables that look like one.
_GAP: Final = DocxParagraph("TableGap", ())
_SHADING: Final = '<w:shd w:val="clear" w:color="auto" w:fill="F0F0F0"/>'
_TEXT_TAGS: Final = {Revision.DELETED: "delText"}


def _blocks_of(face: Face) -> str:
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in face.blocks)


# Scripts whose letters join or stack: Word sets them as "complex script".
_COMPLEX: Final = frozenset({"tibetan", "uyghur", "mongolian", "dai", "new-dai", "tai-tham"})
_OTHER_SCRIPT: Final = re.compile(f"[{''.join(map(_blocks_of, SCRIPTS))}]")
_PIECES: Final = re.compile(
    "|".join(
        # Marks between words of a script are of its direction.
        f"(?P<s{number}>[{letters}]+(?:[ ,.:;!?()«»'\"-]+[{letters}]+)*)"
        for number, letters in enumerate(map(_blocks_of, SCRIPTS))
    )
    + "|(?P<own>.)",
    re.DOTALL,
)
_HOST: Final = re.compile(r"[\w.:@-]*")
_URL_SAFE: Final = "/:=&?~+!$,;'@()*%"
_RTL: Final = re.compile(f"[{RIGHT_TO_LEFT}]")


def escaped(text: str) -> str:
    """Return a text escaped for an XML element or attribute.

    A character that XML or Word does not allow becomes U+FFFD.
    """
    return escape(_ILLEGAL.sub("\ufffd", text))


def link_target(address: str) -> str:
    """Return an address in the form that Word accepts, or "" if impossible."""
    # One invalid address is enough to make the whole file unreadable for Word.
    try:
        parts = urlsplit(address)
        is_known = bool(parts.hostname) if parts.scheme != "mailto" else "@" in parts.path
        is_known = is_known and (parts.port or 0) >= 0  # raises ValueError for a wrong port
    except ValueError:
        return ""
    if not is_known or not _HOST.fullmatch(parts.netloc):
        return ""
    rest = (quote(part, safe=_URL_SAFE) for part in parts[2:])
    return urlunsplit((parts.scheme, parts.netloc, *rest))


class BodyWriter:
    """Writes paragraphs and tables as XML.

    `width`: the width of the text area, in twips.
    `character`: the width of a character, in twips.
    `date`: the date of tracked changes.
    `style_ids`: maps this program's style ids to the file's ids, where they differ.
    `links`: the relationship ids of the links in the written XML, by address.
    """

    def __init__(
        self, width: int, character: float, date: str, style_ids: Mapping[str, str]
    ) -> None:
        self.links: dict[str, str] = {}
        self._width = width
        self._character = character
        self._style_ids = style_ids
        self._mark = f'w:author="{_AUTHOR}" w:date="{date}"'
        self._changes = 0

    def write(self, blocks: Sequence[Block]) -> str:
        """Return the XML of paragraphs and tables."""
        out: list[str] = []
        for before, block in pairwise((None, *blocks)):
            if isinstance(block, DocxTable):
                if isinstance(before, DocxTable):  # else Word would join them
                    out.append(self._paragraph(_GAP))
                out.append(self._table(block))
            elif block is not None:
                out.append(self._paragraph(block))
        return "".join(out)

    # ── paragraphs

    def _paragraph(self, paragraph: DocxParagraph) -> str:
        style = self._style_id(paragraph.style)
        own = "".join(self._properties(paragraph))
        inner = "".join(self._run_groups(paragraph.runs))
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{own}</w:pPr>{inner}</w:p>'

    def _style_id(self, ours: str) -> str:
        return self._style_ids.get(ours, ours)

    def _properties(self, paragraph: DocxParagraph) -> Iterator[str]:
        """Yield the properties in which a paragraph differs from its style, in schema order."""
        if paragraph.is_kept:
            yield "<w:keepNext/>"
        if paragraph.style == "ListBullet":
            level = max(paragraph.indent, 1) - 1
            yield f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        if paragraph.is_rtl:
            yield "<w:bidi/>"
        if paragraph.before:
            yield f'<w:spacing w:before="{paragraph.before}"/>'
        if paragraph.left:
            left = round(paragraph.left * self._character / 100)
            yield f'<w:ind w:leftChars="{paragraph.left}" w:left="{left}"/>'
        elif paragraph.indent and paragraph.style != "ListBullet":
            hundredths = paragraph.indent * 200
            left = round(hundredths * self._character / 100)
            yield f'<w:ind w:leftChars="{hundredths}" w:left="{left}"/>'
        elif paragraph.is_flush:
            yield '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
        if paragraph.is_left_aligned:
            yield '<w:jc w:val="left"/>'
        if paragraph.revision:
            yield f"<w:rPr>{self._tracked(paragraph.revision)}/></w:rPr>"

    def _tracked(self, revision: Revision) -> str:
        """Return the start tag of a tracked change, without the closing > or />."""
        self._changes += 1
        return f'<w:{revision} w:id="{self._changes}" {self._mark}'

    def _run_groups(self, runs: Sequence[Run]) -> Iterator[str]:
        for (link, revision), group in groupby(runs, lambda run: (run.link, run.revision)):
            inner = "".join(map(self._run, group))
            if revision:
                inner = f"{self._tracked(revision)}>{inner}</w:{revision}>"
            if link := link_target(link):
                identifier = self.links.setdefault(link, f"link{len(self.links) + 1}")
                inner = f'<w:hyperlink r:id="{identifier}">{inner}</w:hyperlink>'
            yield inner

    def _run(self, run: Run) -> str:
        size = f'<w:sz w:val="{run.size}"/><w:szCs w:val="{run.size}"/>' if run.size else ""
        style = run.style or ("Hyperlink" if run.link else "")
        named = f'<w:rStyle w:val="{self._style_id(style)}"/>' if style else ""
        tag = _TEXT_TAGS.get(run.revision, "t")
        if not _OTHER_SCRIPT.search(run.text):
            return _run_element(named + size, run.text, tag)
        return "".join(
            _run_element(f"{named}{fonts}{size}{script}", text, tag)
            for fonts, script, text in _by_script(run.text)
        )

    # ── tables

    def _table(self, table: DocxTable) -> str:
        edges = [round(self._width * sum(table.widths[:n]) / 100) for n in range(len(table.widths))]
        widths = [right - left for left, right in pairwise((*edges, self._width))]
        above, side = table.margins
        top = '<w:tblBorders><w:top w:val="nil"/></w:tblBorders>' if table.joins_above else ""
        title = f'<w:tblCaption w:val="{escaped(table.title)}"/>' if table.title else ""
        if table.description:
            title += f'<w:tblDescription w:val="{escaped(table.description)}"/>'
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = "".join(self._row(row, widths) for row in table.rows)
        style, look = self._style_id("TableGrid"), "06A0" if table.has_row_labels else "0620"
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{self._width}" '
            f'w:type="dxa"/>{top}<w:tblLayout w:type="fixed"/><w:tblCellMar>'
            f'<w:top w:w="{above}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
            f'<w:bottom w:w="{above}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/>'
            f'</w:tblCellMar><w:tblLook w:val="{look}" '
            f'w:firstRow="1" w:lastRow="0" w:firstColumn="{int(table.has_row_labels)}" '
            f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{title}</w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
        )

    def _row(self, row: DocxRow, widths: Sequence[int]) -> str:
        header = "<w:tblHeader/>" if row.is_header else ""
        change = f"{self._tracked(row.revision)}/>" if row.revision else ""
        cells: list[str] = []
        column = 0
        for cell in row.cells:
            cells.append(self._cell(cell, sum(widths[column : column + cell.span])))
            column += cell.span
        return f"<w:tr><w:trPr><w:cantSplit/>{header}{change}</w:trPr>{''.join(cells)}</w:tr>"

    def _cell(self, cell: DocxCell, width: int) -> str:
        span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        merge = f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
        shading = _SHADING if cell.is_label else ""
        side = (
            ""
            if cell.side is None
            else f'<w:tcMar><w:left w:w="{cell.side}" w:type="dxa"/>'
            f'<w:right w:w="{cell.side}" w:type="dxa"/></w:tcMar>'
        )
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{shading}{side}'
            f'<w:vAlign w:val="center"/></w:tcPr>{self._paragraph(cell.paragraph)}</w:tc>'
        )


def _run_element(properties: str, text: str, tag: str) -> str:
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    lines = (
        f'<w:{tag} xml:space="preserve">{escaped(line)}</w:{tag}>' for line in text.split("\n")
    )
    return f"<w:r>{own}{'<w:br/>'.join(lines)}</w:r>"


def _by_script(text: str) -> Iterator[tuple[str, str, str]]:
    """Split a text into pieces of one script; yield fonts, script properties and the piece.

    Fonts and properties are XML; both are "" for Chinese and ASCII.
    """
    text = NUMBER_AFTER_RIGHT_TO_LEFT.sub("\u200e", text)
    pieces = ((match.lastgroup or "", match.group()) for match in _PIECES.finditer(text))
    for name, group in groupby(pieces, lambda piece: piece[0]):
        part = "".join(words for _, words in group)
        if name == "own":
            yield "", "", part
            continue
        face = SCRIPTS[int(name[1:])]
        font = face.official[0]
        fonts = "".join(f' w:{slot}="{font}"' for slot in ("ascii", "hAnsi", "eastAsia", "cs"))
        direction = "<w:rtl/>" if _RTL.search(part) else ""
        shaped = "<w:cs/>" if face.key in _COMPLEX else ""
        language = "".join(f' w:{slot}="{face.language}"' for slot in ("val", "eastAsia", "bidi"))
        yield f"<w:rFonts{fonts}/>", f"{direction}{shaped}<w:lang{language}/>", part
