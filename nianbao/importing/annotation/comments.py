"""Write comments into a Word file."""

from __future__ import annotations

import itertools
import posixpath
import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from nianbao.diagnostics.finding import SEVERITY_LABELS
from nianbao.errors import UserError
from nianbao.importing.archives import Archive
from nianbao.importing.readers.word.package import (
    STRICT_W,
    W,
    main_part,
    related_parts,
    relationships_of,
)
from nianbao.importing.safe_xml import parse_xml
from nianbao.utils.characters import UNPRINTABLE
from nianbao.utils.text import sanitize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from nianbao.diagnostics.finding import Finding

AUTHOR: Final = "年报检查"
_INITIALS: Final = "年报"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES: Final = "[Content_Types].xml"
_UNPRINTABLE: Final = re.compile(f"[{UNPRINTABLE}]")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def is_annotated(data: bytes) -> bool:
    """Return True if a file is a Word file with comments that this program wrote."""
    try:
        comments = _existing(Archive(data))
    except UserError:
        return False
    nodes = comments.iter("{*}comment") if comments is not None else ()
    return any(node.get(f"{_namespace(node)}author") == AUTHOR for node in nodes)


def ids_of(root: etree._Element) -> frozenset[str]:
    """Return the IDs of the comments that an XML file contains or refers to.

    `root`: the root element of the XML file, which is a part of a Word file.
    """
    nodes = root.iter("{*}comment", "{*}commentReference", "{*}commentRangeStart")
    return frozenset(node.get(f"{_namespace(node)}id") or "" for node in nodes)


def new_ids(archive: Archive, used: AbstractSet[str], count: int) -> list[str]:
    """Return `count` IDs for new comments, higher than all IDs in the file and in `used`."""
    comments = _existing(archive)
    used = used | (ids_of(comments) if comments is not None else frozenset())
    first = 1 + max((int(each) for each in used if re.fullmatch(r"[0-9]{1,9}", each)), default=-1)
    return [str(number) for number in range(first, first + count)]


def add_comments(
    archive: Archive, comments: Iterable[tuple[str, Finding]], *, strict: bool
) -> dict[str, bytes]:
    """Turn findings into comments, and return the parts of the Word file that change.

    A part is a file in the archive. The result has the new content of each part by its name.

    `archive`: the Word file.
    `comments`: the ID of each comment, with its finding.
    `strict`: True if the file has the namespaces of ISO 29500 Strict.
    """
    word = STRICT_W if strict else W
    root = _existing(archive)
    if root is None:
        root = etree.Element(f"{word}comments", nsmap={"w": word.strip("{}")})
    date = _modified(archive)
    for number, finding in comments:
        root.append(_comment(number, finding, date, word))
    main = main_part(archive)
    name = related_parts(archive, main).get("comments")
    parts = {}
    if name is None:
        name = _free_name(archive, posixpath.dirname(main))
        office = _STRICT_OFFICE if strict else _OFFICE
        parts[relationships_of(main)] = _with_relationship(archive, main, name, office)
    if name not in archive.names:
        parts[_TYPES] = _with_content_type(archive, name)
    return {**parts, name: to_bytes(root)}


def to_bytes(root: etree._Element) -> bytes:
    """Return an XML tree as UTF-8 bytes with an XML declaration, as Office does."""
    return etree.tostring(
        root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True
    )


def _existing(archive: Archive) -> etree._Element | None:
    name = related_parts(archive, main_part(archive)).get("comments")
    if name not in archive.names:
        return None
    return parse_xml(archive.read(name), keep_comments=True)


def _namespace(node: etree._Element) -> str:
    return f"{{{etree.QName(node).namespace}}}"


def _comment(number: str, finding: Finding, date: str, word: str) -> etree._Element:
    """Return a comment: severity, rule and message, then the remedy in a second paragraph.

    `number`: the ID of the comment.
    `date`: when the file was last saved, or "".
    `word`: the namespace of WordprocessingML in braces.
    """
    attributes = {"id": number, "author": AUTHOR, "date": date, "initials": _INITIALS}
    comment = etree.Element(
        f"{word}comment",
        {f"{word}{name}": value for name, value in attributes.items() if value},
    )
    label = f"{SEVERITY_LABELS[finding.severity]} {finding.rule}"
    texts = [f"{label}：{finding.message}"]
    texts += [f"改法：{finding.help}"] if finding.help else []
    for text in texts:
        paragraph = etree.SubElement(comment, f"{word}p")
        # The file's default style may have large characters and an indent.
        properties = etree.SubElement(paragraph, f"{word}pPr")
        indent = {f"{word}{side}": "0" for side in ("left", "firstLineChars", "firstLine")}
        etree.SubElement(properties, f"{word}ind", indent)
        etree.SubElement(properties, f"{word}jc", {f"{word}val": "left"})
        run = etree.SubElement(paragraph, f"{word}r")
        size = etree.SubElement(run, f"{word}rPr")
        etree.SubElement(size, f"{word}sz", {f"{word}val": "20"})
        written = etree.SubElement(run, f"{word}t")
        written.text = sanitize(_UNPRINTABLE.sub(" ", text))
    return comment


def _modified(archive: Archive) -> str:
    """Return the date and time at which the file was last saved, or "" if it does not say."""
    name = related_parts(archive, "").get("core-properties")
    if name not in archive.names:
        return ""
    node = parse_xml(archive.read(name)).find("{http://purl.org/dc/terms/}modified")
    text = (node.text or "").strip() if node is not None else ""
    return text if _DATE.fullmatch(text) else ""


def _free_name(archive: Archive, folder: str) -> str:
    """Return a name that no part of the file has, for the new part with the comments.

    `folder`: the folder of the main part.
    """
    names = (posixpath.join(folder, f"comments{number or ''}.xml") for number in itertools.count())
    return next(name for name in names if name not in archive.names)


def _with_relationship(archive: Archive, main: str, target: str, office: str) -> bytes:
    """Return the relationships of the main part, with a new one that leads to the comments.

    `main`, `target`: the names of the main part and of the part with the comments. `office`: the
    beginning of the type of relationships.
    """
    name = relationships_of(main)
    space = f"{_PACKAGE}/relationships"
    if name in archive.names:
        root = parse_xml(archive.read(name), keep_comments=True)
    else:
        root = etree.fromstring(f'<Relationships xmlns="{space}"/>')
    used = {node.get("Id") for node in root}
    identifier = next(each for each in map("rId{}".format, itertools.count(1)) if each not in used)
    path = posixpath.relpath(target, posixpath.dirname(main) or ".")
    attributes = {"Id": identifier, "Type": f"{office}/comments", "Target": path}
    etree.SubElement(root, f"{{{space}}}Relationship", attributes)
    return to_bytes(root)


def _with_content_type(archive: Archive, target: str) -> bytes:
    """Return the part with the content types, in which `target` is now entered as comments."""
    root = parse_xml(archive.read(_TYPES), keep_comments=True)
    attributes = {"PartName": f"/{target}", "ContentType": _CONTENT_TYPE}
    if all(node.get("PartName") != attributes["PartName"] for node in root):
        etree.SubElement(root, f"{{{_PACKAGE}/content-types}}Override", attributes)
    return to_bytes(root)
