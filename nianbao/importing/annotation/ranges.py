"""Mark the words to which the comments of a Word file belong.

The printed text does not change.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from nianbao.importing.annotation.comments import ids_of, to_bytes
from nianbao.importing.archives import Archive
from nianbao.importing.readers.word.body import BodyPiece, BodyReader
from nianbao.importing.readers.word.package import STRICT_W, main_part, open_package
from nianbao.importing.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.importing.checking import Excerpt

_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
# Elements in which a range of a comment can begin or end, between their runs.
_CONTAINERS: Final = frozenset(
    ("p", "hyperlink", "ins", "moveTo", "smartTag", "sdtContent", "customXml", "dir", "bdo")
)
# Content controls that hold nothing but one plain text.
_PLAIN_CONTROLS: Final = ("text", "date", "comboBox", "dropDownList", "dataBinding")


class _CommentTarget(NamedTuple):
    """The part of the body that a comment is about: a range of a paragraph, all of it, or a cell.

    `anchor`: the number of the paragraph.
    `start`, `end`: the range in the text of the paragraph; `end` is 0 for the whole paragraph.
    `cell`: True for the cell that the paragraph is in.
    """

    anchor: int
    start: int = 0
    end: int = 0
    cell: bool = False


class CommentedDocument:
    """The body of a .docx to which comments can be added.

    `strict`: True if the file has the namespaces of ISO 29500 Strict.
    `comment_ids`: the IDs of the comments that the body refers to.
    """

    def __init__(self, data: bytes) -> None:
        """Read the body of a .docx. Raises UserError if it is damaged, encrypted or too large."""
        archive = Archive(data)
        parts = open_package(data)
        reader = BodyReader(parts)
        reader.read_body()
        self._read = parts.document
        self._pieces = reader.pieces
        # The file as it is: the reader's tree lacks comments and has other namespaces.
        self._root = parse_xml(archive.read(main_part(archive)), keep_comments=True)
        self._word = f"{{{etree.QName(self._root).namespace}}}"
        self.strict: Final = self._word == STRICT_W
        self._paragraphs = list(self._root.iter(f"{self._word}p"))
        self.comment_ids: Final = ids_of(self._root)

    def mark(self, excerpts: Iterable[tuple[str, Excerpt]]) -> None:
        """Mark the words in the body that each comment is about.

        Call this method only once, because it changes the document.

        `excerpts`: the ID of each comment, and the part of the file that it is about.
        """
        targets = [(number, self._find(excerpt)) for number, excerpt in excerpts]
        anchors = {target.anchor for _, target in targets if target.end}
        own = self._own_nodes(anchors)
        pieces = {
            anchor: [BodyPiece(text, own[node]) for text, node in self._pieces[anchor]]
            for anchor in anchors
        }
        for number, target in targets:
            paragraph = self._paragraphs[target.anchor - 1]
            box = self._outermost(paragraph, "txbxContent")
            if box is not None:  # Word does not take comments in text boxes
                first = last = self._unit(box)
                self._surround(number, first, last)
            elif target.end:
                first, last = self._cut(pieces[target.anchor], target.start, target.end)
                self._surround(number, first, last)
            elif target.cell:
                self._surround_paragraphs(number, self._cell_paragraphs(paragraph))
            else:
                self._surround_paragraphs(number, [paragraph])

    def xml(self) -> bytes:
        """Return the body with the marked words, as the bytes of an XML file."""
        return to_bytes(self._root)

    # ── finding

    def _find(self, excerpt: Excerpt) -> _CommentTarget:
        place, words = excerpt.place, excerpt.text[excerpt.start : excerpt.end]
        anchor = place.anchor if 0 < place.anchor <= len(self._paragraphs) else self._first()
        if place.table and not place.row and words:  # prose with a table in it
            anchor = self._anchor_in_table(anchor, words.strip("| "))
            return _CommentTarget(anchor, cell=True)
        if place.table:
            return _CommentTarget(anchor, cell=True)
        text = "".join(piece.text for piece in self._pieces.get(anchor, ()))
        start, end = _range_of(text, excerpt)
        return _CommentTarget(anchor, start, end)

    def _first(self) -> int:
        """Return the anchor of the first paragraph with text."""
        printed = (n for n, pieces in self._pieces.items() if any(p.text.strip() for p in pieces))
        return next(printed, 1)

    def _anchor_in_table(self, anchor: int, words: str) -> int:
        """Return the anchor of the first paragraph with certain words in a table.

        `anchor`: a paragraph in the table; it is returned if no paragraph has the words.
        """
        table = next(self._paragraphs[anchor - 1].iterancestors(f"{self._word}tbl"), None)
        inside = set(table.iter(f"{self._word}p")) if table is not None else set()
        for number, pieces in self._pieces.items():
            text = "".join(piece.text for piece in pieces)
            if number and words in text and self._paragraphs[number - 1] in inside:
                return number
        return anchor

    def _own_nodes(self, anchors: Iterable[int]) -> dict[etree._Element, etree._Element]:
        """Return a map from the elements that the reader found to the same elements of this tree.

        `anchors`: only the elements of these paragraphs are needed.
        """
        needed = {piece.node for anchor in anchors for piece in self._pieces[anchor]}
        pairs = zip(self._read.iter("*"), self._root.iter("*"), strict=True)
        return {node: own for node, own in pairs if node in needed}

    def _outermost(self, node: etree._Element, name: str) -> etree._Element | None:
        return next(reversed(list(node.iterancestors(f"{self._word}{name}"))), None)

    def _cell_paragraphs(self, paragraph: etree._Element) -> list[etree._Element]:
        """Return the paragraphs of the cell that a paragraph is in, without those of inner tables.

        For a paragraph outside tables, return only this paragraph.
        """
        cell = next(paragraph.iterancestors(f"{self._word}tc"), None)
        if cell is None:
            return [paragraph]
        inner = (f"{self._word}tc", f"{self._word}txbxContent")
        return [p for p in cell.iter(paragraph.tag) if next(p.iterancestors(*inner)) is cell]

    # ── marking

    def _unit(self, node: etree._Element) -> etree._Element:
        """Return the smallest element around `node` that a comment can enclose; mostly the run."""
        for around in (node, *node.iterancestors()):
            parent = around.getparent()
            if parent is None or parent.tag.removeprefix(self._word) not in _CONTAINERS:
                continue
            control = next(around.iterancestors(f"{self._word}sdt", f"{self._word}p"), None)
            properties = control.find(f"{self._word}sdtPr") if control is not None else None
            kinds = (f"{self._word}{kind}" for kind in _PLAIN_CONTROLS)
            if properties is None or all(properties.find(kind) is None for kind in kinds):
                return around
        return node

    def _cut(
        self, pieces: list[BodyPiece], start: int, end: int
    ) -> tuple[etree._Element, etree._Element]:
        """Split runs so that a run begins at `start` and a run ends at `end`.

        Return the first and the last run in between. `pieces`: the text of the paragraph, which is
        updated.
        """
        for offset in (start, end):
            index, position = 0, 0
            while index < len(pieces) and position + len(pieces[index].text) <= offset:
                position += len(pieces[index].text)
                index += 1
            if index < len(pieces):
                if position < offset:
                    index += self._split_text(pieces, index, offset - position)
                    position = offset
                if position == offset:
                    self._split_run(pieces[index].node)
        position, inside = 0, []
        for piece in pieces:
            if piece.text and position < end and start < position + len(piece.text):
                inside.append(piece.node)
            position += len(piece.text)
        return self._around_field(inside[0])[0], self._around_field(inside[-1])[1]

    def _around_field(self, node: etree._Element) -> tuple[etree._Element, etree._Element]:
        """Return the first and the last run of the field whose result contains `node`.

        Outside fields, both are the run of `node`. Word computes the result of a field again, and a
        comment inside the result would be lost.
        """
        unit = self._unit(node)
        paragraph = next(node.iterancestors(f"{self._word}p"))
        order = {each: number for number, each in enumerate(paragraph.iter("*"))}
        opened: list[etree._Element] = []
        for mark in paragraph.iter(f"{self._word}fldChar"):
            kind = mark.get(f"{self._word}fldCharType")
            if kind == "begin":
                opened.append(mark)
            elif kind == "end" and opened:
                begin = opened.pop()
                if not opened and order[begin] < order[node] < order[mark]:
                    return self._unit(begin), self._unit(mark)
        return unit, unit

    def _split_text(self, pieces: list[BodyPiece], index: int, offset: int) -> bool:
        """Split the `w:t` of a piece at an offset; return True if that was possible.

        `index`: the index of the piece in `pieces`, which is updated. `offset`: the offset in the
        text of the piece.
        """
        text, node = pieces[index]
        if node.tag != f"{self._word}t" or len(node):
            return False
        written = node.text or ""
        if node.get(_SPACE) != "preserve":
            written = written.strip(" \t\r\n")
        at = _written_offset(written, text[:offset])
        following = etree.Element(node.tag)
        node.addnext(following)
        node.text, following.text = written[:at], written[at:]
        for each in (node, following):
            each.set(_SPACE, "preserve")
        pieces[index : index + 1] = [
            BodyPiece(text[:offset], node),
            BodyPiece(text[offset:], following),
        ]
        return True

    def _split_run(self, node: etree._Element) -> None:
        """Split the run of an element before the element; both runs have the same properties."""
        run = node.getparent()
        if run is None or run.tag != f"{self._word}r" or self._unit(node) is not run:
            return
        properties = run.find(f"{self._word}rPr")
        before = [each for each in node.itersiblings(preceding=True) if each is not properties]
        if not before:
            return
        following = etree.Element(run.tag)
        for name, value in run.items():
            following.set(name, value)
        run.addnext(following)
        if properties is not None:
            following.append(deepcopy(properties))
        following.extend([node, *node.itersiblings()])

    def _surround(self, number: str, first: etree._Element, last: etree._Element) -> None:
        first.addprevious(self._mark("commentRangeStart", number))
        last.addnext(self._reference(number))
        last.addnext(self._mark("commentRangeEnd", number))

    def _surround_paragraphs(self, number: str, paragraphs: Sequence[etree._Element]) -> None:
        first, last = paragraphs[0], paragraphs[-1]
        properties = first.find(f"{self._word}pPr")
        if properties is not None:
            properties.addnext(self._mark("commentRangeStart", number))
        else:
            first.insert(0, self._mark("commentRangeStart", number))
        last.append(self._mark("commentRangeEnd", number))
        last.append(self._reference(number))

    def _mark(self, name: str, number: str) -> etree._Element:
        return etree.Element(f"{self._word}{name}", {f"{self._word}id": number})

    def _reference(self, number: str) -> etree._Element:
        run = etree.Element(f"{self._word}r")
        run.append(self._mark("commentReference", number))
        return run


def _range_of(text: str, excerpt: Excerpt) -> tuple[int, int]:
    """Return start and end of an excerpt in the text of its paragraph.

    Return (0, 0) for the whole paragraph.
    """
    words = excerpt.text[excerpt.start : excerpt.end]
    offset = _offset_of(text, excerpt.text, excerpt.repeats)
    if offset is None:
        start = text.find(words) if words.strip() and text.count(words) == 1 else -1
        return (start, start + len(words)) if start >= 0 else (0, 0)
    start, end = excerpt.start, excerpt.end
    if not words:
        start, end = 0, len(excerpt.text)
        if "\n" not in text:
            return 0, 0
    start, end = max(start + offset, 0), min(end + offset, len(text))
    return (start, end) if start < end else (0, 0)


def _offset_of(text: str, line: str, repeats: int) -> int | None:
    """Return the offset of a line of prose in the text of its paragraph, or None.

    `repeats`: how many equal lines stand before it in the paragraph. The paragraph can have a
    heading or number before the line. If the line has an automatic number that the text lacks, the
    offset is negative.
    """
    if not line:
        return None
    ends, position = [], 0
    for printed in text.split("\n"):
        ends.append((printed.strip(), position + len(printed.rstrip())))
        position += len(printed) + 1
    whole = [end for bare, end in ends if bare == line]
    if found := whole or [end for bare, end in ends if bare.endswith(line)]:
        return found[min(repeats, len(found) - 1)] - len(line)
    start = text.replace("\n", " ").find(line)  # the lines of a note are joined
    numbered = [end for bare, end in ends if bare and line.endswith(bare)]
    if start < 0 and numbered:
        return numbered[0] - len(line)
    return start if start >= 0 else None


def _written_offset(written: str, printed: str) -> int:
    """Return how many characters at the start of a `w:t` print the text `printed`.

    `written`: the text of the `w:t`, in which blanks and line breaks can be repeated.
    """
    offset = 0
    for character in printed:
        while written[offset] not in (character, "\n" if character == " " else character):
            offset += 1
        offset += 1
    return offset
