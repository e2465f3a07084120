"""Find the XML parts of a .docx file that contain text, styles or numbers."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.archives import DAMAGED, Archive
from nianbao.importing.safe_xml import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT_W: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

_PAGES: Final = (".html", ".htm", ".xhtml", ".mht", ".mhtml")

# The namespaces of ISO 29500 Strict (“Strict Open XML” in Word) and those that all others use.
_STRICT: Final = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/drawingml/",
        b"http://schemas.openxmlformats.org/drawingml/2006/",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)


@dataclass(frozen=True, slots=True)
class WordParts:
    """The root elements of the XML parts of a Word file; None for a missing part.

    `pages`: the embedded web pages, by the IDs of their relationships.
    """

    document: etree._Element
    pages: Mapping[str, bytes]
    styles: etree._Element | None = None
    numbering: etree._Element | None = None
    footnotes: etree._Element | None = None
    endnotes: etree._Element | None = None


def open_package(data: bytes) -> WordParts:
    """Return the XML parts of a .docx file.

    Raises UserError if the file is damaged, encrypted, too large or not a Word file.
    """
    archive = Archive(data)
    main = main_part(archive)
    document = _parse_part(archive, main)
    if document is None or document.tag != f"{W}document":
        raise UserError(DAMAGED)
    related = related_parts(archive, main)
    others = {
        name: _parse_part(archive, related[name])
        for name in ("styles", "numbering", "footnotes", "endnotes")
        if name in related
    }
    return WordParts(document, _embedded_pages(archive, main), **others)


def main_part(archive: Archive) -> str:
    """Return the file name of the part with the text, usually word/document.xml."""
    return related_parts(archive, "").get("officeDocument", "word/document.xml")


def relationships_of(part: str) -> str:
    """Return the file name of the part that lists the relationships of `part`.

    `part`: the name of a part, or "" for the whole package.
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def related_parts(archive: Archive, part: str) -> dict[str, str]:
    """Return the names of the parts that `part` refers to, by kind of relationship.

    `part`: the name of a part, or "" for the whole package.

    A kind is the last word of the relationship's type, such as styles or comments.
    """
    targets: dict[str, str] = {}
    # Of several parts of one kind, the first is returned.
    for kind, _, target in _relationships(archive, part):
        targets.setdefault(kind, target)
    return targets


def _relationships(archive: Archive, part: str) -> Iterator[tuple[str, str, str]]:
    """Yield the kind and the ID of each relationship of a part, and the name of the other part."""
    root = _parse_part(archive, relationships_of(part))
    for relationship in root.iter(_RELATIONSHIP) if root is not None else ():
        if relationship.get("TargetMode") != "External":
            kind = (relationship.get("Type") or "").rpartition("/")[2]
            target = posixpath.join("/", posixpath.dirname(part), relationship.get("Target") or "")
            name = posixpath.normpath(target).lstrip("/")
            yield kind, relationship.get("Id") or "", name


def _embedded_pages(archive: Archive, part: str) -> dict[str, bytes]:
    chunks = (each for each in _relationships(archive, part) if each[0] == "aFChunk")
    return {
        number: archive.read(name)
        for _, number, name in chunks
        if name in archive.names and name.endswith(_PAGES)
    }


def _parse_part(archive: Archive, name: str) -> etree._Element | None:
    if name not in archive.names:
        return None
    data = archive.read(name)
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    return parse_xml(data)


def value_of(node: etree._Element | None, name: str) -> str:
    """Return the attribute `w:val` of the child element `w:<name>` of `node`.

    Return "" if there is no such child.
    """
    child = node.find(f"{W}{name}") if node is not None else None
    return (child.get(f"{W}val") or "") if child is not None else ""


def is_on(value: str | None) -> bool:
    """Return True if an on/off attribute is on.

    `value`: the value; None for a missing attribute, which is on.
    """
    return value not in ("0", "false", "off")


def integer(text: str | None) -> int:
    """Return the value of an integer attribute, or 0 if the text is no integer.

    The value is limited to −1 … 1,000,000.
    """
    text = (text or "")[:10]
    return max(-1, min(int(text), 1_000_000)) if re.fullmatch(r"[+-]?[0-9]+", text) else 0
