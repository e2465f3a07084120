"""Pack the parts of a Word file: content types, relationships, properties, fixed dates."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from nianbao.rendering.docx import styles
from nianbao.rendering.docx.theme import theme_xml
from nianbao.rendering.docx.xml import DECLARATION, NAMESPACES, BodyWriter, attribute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.rendering.document import Document
    from nianbao.rendering.docx.blocks import Block

_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # of ZIP: no clock goes into an output
_LANGUAGE: Final = "zh-CN"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# The parts of a file without a letterhead, by name: the kind of its relationship.
_KINDS: Final = {
    "styles": "styles",
    "settings": "settings",
    "fontTable": "fontTable",
    "numbering": "numbering",
    "theme1": "theme",
    "footer1": "footer",
    "footer2": "footer",
}


@dataclass(frozen=True, slots=True)
class Look:
    """Everything of a Word file but its content; the same for all reports.

    `parts`: by name, without the body and the properties. `section`: the properties of the page, as
    XML. `relationships`: those of the body, as XML. `width`: of the text area, in twips. `line`:
    how many characters fit on a line.
    """

    parts: Mapping[str, bytes]
    section: str
    relationships: str
    width: int
    line: float


@cache
def official_look() -> Look:
    """Return the look of GB/T 9704-2012."""
    contents = {
        "styles": styles.styles_xml(NAMESPACES),
        "settings": styles.settings_xml(NAMESPACES),
        "fontTable": styles.fonts_xml(NAMESPACES),
        "numbering": styles.numbering_xml(NAMESPACES),
        "theme1": theme_xml(),
        "footer1": styles.footer_xml(NAMESPACES, "right"),
        "footer2": styles.footer_xml(NAMESPACES, "left"),
    }
    types = {"word/document.xml": f"{_WORD}.document.main+xml"}
    types |= {f"word/{name}.xml": f"{_WORD}.{kind}+xml" for name, kind in _KINDS.items()}
    types["word/theme1.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    return Look(
        {
            "[Content_Types].xml": content_types(types),
            "_rels/.rels": _root_relationships("word/document.xml"),
            **{f"word/{name}.xml": (DECLARATION + xml).encode() for name, xml in contents.items()},
        },
        '<w:footerReference w:type="default" r:id="footer1"/>'
        f'<w:footerReference w:type="even" r:id="footer2"/>{styles.PAGE}',
        "".join(relationship(name, kind, f"{name}.xml") for name, kind in _KINDS.items()),
        styles.TEXT_WIDTH,
        styles.TEXT_WIDTH / styles.CHARACTER,
    )


def write_package(document: Document, blocks: Sequence[Block], look: Look) -> bytes:
    """Return the bytes of a Word file with the given content."""
    date = document.date.isoformat() + "T00:00:00Z"
    writer = BodyWriter(look.width, date)
    body = (
        f"{DECLARATION}<w:document {NAMESPACES}><w:body>{writer.write(blocks)}"
        f"<w:sectPr>{look.section}</w:sectPr></w:body></w:document>"
    )
    links = "".join(
        relationship(identifier, "hyperlink", attribute(address), ' TargetMode="External"')
        for address, identifier in writer.links.items()
    )
    parts = {
        **look.parts,
        "docProps/core.xml": _properties(document, date).encode(),
        "word/_rels/document.xml.rels": relationships(look.relationships + links).encode(),
        "word/document.xml": body.encode(),
    }
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # else the system of this machine
            archive.writestr(info, content)
    return stream.getvalue()


def relationship(identifier: str, kind: str, target: str, mode: str = "") -> str:
    """Return a relationship as XML."""
    return f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def relationships(inner: str) -> str:
    """Return a part with relationships."""
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def content_types(types: Mapping[str, str], extensions: Mapping[str, str] | None = None) -> bytes:
    """Return the part with the content types.

    `types`: by the name of a part. `extensions`: by the extension of further parts, such as png.
    """
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **(extensions or {}),
    }
    named = {
        **types,
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    inner = "".join(
        f'<Default Extension="{attribute(extension)}" ContentType="{attribute(kind)}"/>'
        for extension, kind in defaults.items()
    ) + "".join(
        f'<Override PartName="/{attribute(name)}" ContentType="{attribute(kind)}"/>'
        for name, kind in named.items()
    )
    return f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">{inner}</Types>'.encode()


def _root_relationships(main: str) -> bytes:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return relationships(
        relationship("document", "officeDocument", main)
        + f'<Relationship Id="core" Type="{core}" Target="docProps/core.xml"/>'
    ).encode()


def _properties(document: Document, date: str) -> str:
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{date}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{attribute(''.join(document.title))}</dc:title>"
        f"<dc:subject>{attribute(document.title[-1])}</dc:subject>"
        f"<dc:creator>{attribute(document.body)}</dc:creator>"
        f"<cp:lastModifiedBy>{attribute(document.body)}</cp:lastModifiedBy>"
        f"<dc:language>{_LANGUAGE}</dc:language>{dates}</cp:coreProperties>"
    )
