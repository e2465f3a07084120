"""Pack the parts of a Word file into one archive."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.rendering.docx import styles
from nianbao.rendering.docx.theme import theme_xml
from nianbao.rendering.docx.xml import DECLARATION, NAMESPACES, BodyWriter, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from nianbao.rendering.document import Document
    from nianbao.rendering.docx.blocks import Block

LETTERHEAD: Final = "report.docx"  # in the templates folder of a repository
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # of ZIP: no clock goes into an output
_LANGUAGE: Final = "zh-CN"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PICTURE_TYPES: Final = {"emf": "x-emf", "wmf": "x-wmf"}
_PARTS: Final = ("styles", "settings", "fontTable", "numbering")


class PackagePart(NamedTuple):
    """A header or footer of a Word file.

    `name`: the name of the part, without folder and suffix.
    `kind`: header or footer.
    `content`: the XML.
    `pictures`: the relationship id, the extension and the bytes of each picture.
    `links`: the addresses of links, by relationship id.
    """

    name: str
    kind: str
    content: bytes
    pictures: tuple[tuple[str, str, bytes], ...] = ()
    links: Mapping[str, str] = {}


class Properties(NamedTuple):
    """The properties of a Word file.

    `date`: the date of creation and of the last change.
    """

    title: str
    subject: str
    creator: str
    date: date


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a Word file: its styles, page, headers and footers.

    `parts`: the parts by name, without the body and the properties.
    `section`: the properties of the page, as XML.
    `relationships`: the relationships of the body, as XML.
    `width`: the width of the text area, in twips.
    `character`: the width of a character, in twips.
    `style_ids`: maps this program's style ids to the file's ids, where they differ.
    """

    parts: Mapping[str, bytes]
    section: str
    relationships: str
    width: int
    character: float
    style_ids: Mapping[str, str]

    @property
    def characters_per_line(self) -> float:
        """The number of full-width characters on a line, which can be a fraction."""
        return self.width / self.character


@cache
def official_look() -> Look:
    """Return the look (styles, page, headers, footers) that GB/T 9704-2012 prescribes."""
    footers = [
        PackagePart(name, "footer", (DECLARATION + styles.footer_xml(NAMESPACES, side)).encode())
        for name, side in (("footer1", "right"), ("footer2", "left"))
    ]
    return make_look(
        styles_part=styles.styles_xml(NAMESPACES),
        settings_part=styles.settings_xml(NAMESPACES, has_even_pages=True),
        theme=theme_xml(),
        attached=footers,
        section='<w:footerReference w:type="default" r:id="footer1"/>'
        f'<w:footerReference w:type="even" r:id="footer2"/>{styles.PAGE}',
        width=styles.TEXT_WIDTH,
        character=styles.CHARACTER,
        style_ids={},
    )


def make_look(
    *,
    styles_part: str,
    settings_part: str,
    theme: str,
    attached: Sequence[PackagePart],
    section: str,
    width: int,
    character: float,
    style_ids: Mapping[str, str],
) -> Look:
    """Return a look made from the parts of a Word file.

    `styles_part`, `settings_part`, `theme`: the XML of these parts.
    `attached`: the headers and footers.
    `section`: the properties of the page, as XML.
    `width`: the width of the text area, in twips.
    `character`: the width of a character, in twips.
    `style_ids`: maps this program's style ids to the file's ids, where they differ.
    """
    contents = {
        "styles": styles_part,
        "settings": settings_part,
        "fontTable": styles.fonts_xml(NAMESPACES),
        "numbering": styles.numbering_xml(NAMESPACES, style_ids.get("ListBullet", "ListBullet")),
        "theme1": theme,
    }
    kinds = {**{name: name for name in _PARTS}, "theme1": "theme"}
    kinds |= {part.name: part.kind for part in attached}
    types = {"word/document.xml": f"{_WORD}.document.main+xml"}
    types |= {f"word/{name}.xml": f"{_WORD}.{kind}+xml" for name, kind in kinds.items()}
    types["word/theme1.xml"] = "application/vnd.openxmlformats-officedocument.theme+xml"
    parts = {
        "[Content_Types].xml": b"",  # the first one by custom
        "_rels/.rels": _root_relationships("word/document.xml"),
        **{f"word/{name}.xml": (DECLARATION + xml).encode() for name, xml in contents.items()},
    }
    extensions: dict[str, str] = {}
    for part in attached:
        parts[f"word/{part.name}.xml"] = part.content
        inner = "".join(map(external_link, part.links, part.links.values()))
        for number, (identifier, extension, picture) in enumerate(part.pictures, 1):
            target = f"media/{part.name}-{number}.{extension}"
            parts[f"word/{target}"] = picture
            extensions[extension] = f"image/{_PICTURE_TYPES.get(extension, extension)}"
            inner += relationship(identifier, "image", target)
        if inner:
            parts[f"word/_rels/{part.name}.xml.rels"] = relationships(inner).encode()
    parts["[Content_Types].xml"] = content_types(types, extensions)
    inner = "".join(relationship(name, kind, f"{name}.xml") for name, kind in kinds.items())
    return Look(parts, section, inner, width, character, style_ids)


def properties_of(document: Document) -> Properties:
    """Return the title, subject, creator and date of the Word file of a report."""
    return Properties("".join(document.title), document.title[-1], document.body, document.date)


def write_package(blocks: Sequence[Block], look: Look, properties: Properties) -> bytes:
    """Return the bytes of a Word file with the given content."""
    date = properties.date.isoformat() + "T00:00:00Z"
    writer = BodyWriter(look.width, look.character, date, look.style_ids)
    body = (
        f"{DECLARATION}<w:document {NAMESPACES}><w:body>{writer.write(blocks)}"
        f"<w:sectPr>{look.section}</w:sectPr></w:body></w:document>"
    )
    links = "".join(map(external_link, writer.links.values(), writer.links))
    parts = {
        **look.parts,
        "docProps/core.xml": _properties(properties, date).encode(),
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


def external_link(identifier: str, address: str) -> str:
    """Return the XML of a relationship (reference) to an address outside the Word file.

    `identifier`: the id of the relationship.
    """
    return relationship(identifier, "hyperlink", escaped(address), ' TargetMode="External"')


def relationship(identifier: str, kind: str, target: str, mode: str = "") -> str:
    """Return the XML of a relationship: a reference from a part of a Word file.

    `identifier`: the id of the relationship.
    `kind`: the last word of the type's URI, such as image.
    `target`: a path in the file or an address, escaped for XML.
    `mode`: a further XML attribute with a space before it, or "".
    """
    name = escaped(identifier)  # that of a letterhead is its own
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/>'


def relationships(inner: str) -> str:
    """Return a part of a Word file that lists relationships (references).

    `inner`: the XML of the relationships.
    """
    return f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def content_types(types: Mapping[str, str], extensions: Mapping[str, str]) -> bytes:
    """Return the part [Content_Types].xml of a Word file.

    `types`: the content types by the name of the part.
    `extensions`: the content types of further parts by extension, such as png.
    """
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        **extensions,
    }
    named = {
        **types,
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    inner = "".join(
        f'<Default Extension="{escaped(extension)}" ContentType="{escaped(kind)}"/>'
        for extension, kind in defaults.items()
    ) + "".join(
        f'<Override PartName="/{escaped(name)}" ContentType="{escaped(kind)}"/>'
        for name, kind in named.items()
    )
    return f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">{inner}</Types>'.encode()


def _root_relationships(main: str) -> bytes:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return relationships(
        relationship("document", "officeDocument", main)
        + f'<Relationship Id="core" Type="{core}" Target="docProps/core.xml"/>'
    ).encode()


def _properties(properties: Properties, date: str) -> str:
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{date}</dcterms:{name}>'
        for name in ("created", "modified")
    )
    return (
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escaped(properties.title)}</dc:title>"
        f"<dc:subject>{escaped(properties.subject)}</dc:subject>"
        f"<dc:creator>{escaped(properties.creator)}</dc:creator>"
        f"<cp:lastModifiedBy>{escaped(properties.creator)}</cp:lastModifiedBy>"
        f"<dc:language>{_LANGUAGE}</dc:language>{dates}</cp:coreProperties>"
    )
