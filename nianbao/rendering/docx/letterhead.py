"""Read the look (styles, page, headers and footers) of a Word file.

Everything else is left out, because the file may come from a stranger.
"""

# Left out are the body, macros, objects, embedded fonts and the attached template. A file that
# would make Word fetch something from the network is refused.

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from nianbao.errors import UserError
from nianbao.rendering.docx import styles
from nianbao.rendering.docx.package import LETTERHEAD, Look, PackagePart, make_look
from nianbao.rendering.docx.theme import theme_xml
from nianbao.rendering.docx.xml import NAMESPACES
from nianbao.rendering.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

try:
    import docx
except ImportError as error:  # python-docx is an extra
    raise UserError(
        "没有生成 Word 文件：templates/report.docx 要用 python-docx 来读。"
        "请运行 python -m pip install 'nianbao[docx]'"
    ) from error

_MAX_UNPACKED: Final = 60_000_000
_MAX_PARTS: Final = 1_000
_MIN_WIDTH: Final = 2_000  # of the text area, in twips: 35 mm
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PICTURES: Final = {
    "image/png": "png", "image/jpeg": "jpeg", "image/gif": "gif", "image/bmp": "bmp",
    "image/tiff": "tiff", "image/x-emf": "emf", "image/x-wmf": "wmf",
}  # fmt: skip
_ADDRESSES: Final = frozenset(("src", "href", "althref"))  # of VML
_ADDRESS: Final = re.compile("(?:https?|mailto):", re.IGNORECASE)
# Fields that print something of the file itself. Others can fetch files or run programs.
_FIELD: Final = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTION|SECTIONPAGES|STYLEREF|TITLE|SUBJECT|AUTHOR)\b[^{}]*",
    re.IGNORECASE,
)
_DTD: Final = tuple(
    "<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
# Of the properties of a section: references to other parts, tracked changes.
_LEFT_OUT: Final = ("printerSettings", "sectPrChange", "headerReference", "footerReference")


def _refuse(message: str) -> TemplateError:
    return TemplateError(f"templates/{LETTERHEAD}", 1, message)


@lru_cache(2)
def read_letterhead(content: bytes) -> Look:
    """Return the look (styles, page, headers, footers) of a Word file.

    Raises TemplateError if the file can't be used.
    """
    try:
        _check_archive(content)
        return _read(content)
    except TemplateError:
        raise
    except Exception as error:  # zipfile, lxml and python-docx raise anything for a damaged file
        raise _refuse("打不开。在 Word 或 WPS 里打开，另存为没有密码、没有宏的 .docx") from error


def _check_archive(content: bytes) -> None:
    """Raise TemplateError if a file is too large when unpacked, or has a DTD."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > _MAX_PARTS or sum(info.file_size for info in infos) > _MAX_UNPACKED:
            raise _refuse("解压后太大，不像信纸。只留页眉、页脚和样式，另存一份")
        for info in infos:
            if info.filename.endswith((".xml", ".rels")):
                text = archive.read(info)
                if any(mark in text for mark in _DTD):
                    raise _refuse("里面有 DTD 或实体声明，不是正常的 Word 文件")


def _read(content: bytes) -> Look:
    part = docx.Document(BytesIO(content)).part
    found = part.element.iter(f"{_W}sectPr")
    sections = [each for each in found if each.getparent().tag != f"{_W}sectPrChange"]
    if not sections:
        raise _refuse("没有页面设置。在 Word 或 WPS 里打开，另存一份")
    settings, style_root = part.settings.element, part.styles.element
    ids = _merge_styles(style_root)
    attached, references = _headers(part, sections)
    return make_look(
        styles_part=etree.tostring(style_root).decode(),
        settings_part=styles.settings_xml(
            NAMESPACES,
            has_even_pages=settings.find(f"{_W}evenAndOddHeaders") is not None,
            is_mirrored=settings.find(f"{_W}mirrorMargins") is not None,
        ),
        theme=_theme(part),
        attached=attached,
        section=references + _page(sections[-1]),
        width=_text_width(sections[-1]),
        character=_character(style_root),
        style_ids=ids,
    )


# ── styles


def _merge_styles(root: Any) -> dict[str, str]:
    """Add those styles of this program that a file lacks, and return the ids of all of them.

    The result maps the id of a style in this program to the id of the style in the file. Two styles
    are the same if they have the same name. Automatic numbers of styles are removed: the headings
    have their numbers as text.
    """
    _remove_numbers(root)
    known = {_name(node): node.get(f"{_W}styleId") for node in root.iter(f"{_W}style")}
    used = set(known.values())
    ours = etree.fromstring(styles.styles_xml(NAMESPACES)).findall(f"{_W}style")
    ids = {}
    for node in ours:
        own = node.get(f"{_W}styleId") or ""
        ids[own] = known.get(_name(node)) or (f"nianbao{own}" if own in used else own)
    for node in ours:
        if _name(node) not in known:
            node.set(f"{_W}styleId", ids[node.get(f"{_W}styleId") or ""])
            for tag in ("basedOn", "next"):
                child = node.find(f"{_W}{tag}")
                if child is not None:
                    child.set(f"{_W}val", ids[child.get(f"{_W}val") or ""])
            root.append(node)
    return ids


def _remove_numbers(root: Any) -> None:
    """Remove list numbers, because the part of the file that defines them is not used."""
    for node in list(root.iter(f"{_W}numPr")):
        node.getparent().remove(node)


def _name(style: Any) -> str:
    name = style.find(f"{_W}name")
    return "" if name is None else (name.get(f"{_W}val") or "").lower()


def _character(root: Any) -> float:
    """Return the width of a character in the style Normal, in twips."""
    defaults = root.find(f"{_W}docDefaults")
    normal = next((node for node in root.iter(f"{_W}style") if _name(node) == "normal"), None)
    size, spacing = 20.0, 0.0  # half-points, twips: what Word takes without any
    for node in (defaults, normal):
        for tag in ("sz", "spacing"):
            found = node.find(f".//{_W}rPr/{_W}{tag}") if node is not None else None
            value = _integer(found, "val") if found is not None else None
            if value is not None:
                size, spacing = (value, spacing) if tag == "sz" else (size, value)
    return max(size * 10 + spacing, 20)


# ── page, headers and footers


def _page(section: Any) -> str:
    """Return the properties of a page as XML, without references to other parts."""
    for name in _LEFT_OUT:
        for node in section.findall(f"{_W}{name}"):
            section.remove(node)
    for node in section.iter(etree.Element):
        for name in [each for each in node.attrib if each.startswith(_R)]:
            del node.attrib[name]
    return "".join(etree.tostring(child, with_tail=False).decode() for child in section)


def _text_width(section: Any) -> int:
    """Return the width of the text area of a page, in twips."""
    size, margins = (section.find(f"{_W}{tag}") for tag in ("pgSz", "pgMar"))
    if size is None or margins is None:
        raise _refuse("没有纸张和页边距。在 Word 或 WPS 里设好页面，另存一份")
    sides = [_integer(margins, name) or 0 for name in ("left", "right", "gutter")]
    width = (_integer(size, "w") or 0) - sum(sides)
    if width < _MIN_WIDTH:
        raise _refuse("页面太窄，放不下表格。把纸张设成 A4")
    return width


def _integer(node: Any, name: str) -> int | None:
    value = node.get(f"{_W}{name}", "")
    return int(value) if re.fullmatch("-?[0-9]{1,6}", value) else None


def _headers(part: Any, sections: Sequence[Any]) -> tuple[list[PackagePart], str]:
    """Return the headers and footers of the last section, and the references to them as XML."""
    chosen: dict[tuple[str, str], str] = {}  # a section without one has that of the one before
    for section in sections:
        for kind in ("header", "footer"):
            for node in section.findall(f"{_W}{kind}Reference"):
                chosen[kind, node.get(f"{_W}type", "default")] = node.get(f"{_R}id", "")
    attached: list[PackagePart] = []
    references = ""
    for number, ((kind, pages), identifier) in enumerate(sorted(chosen.items()), 1):
        relationship = part.rels.get(identifier)
        if relationship is None or relationship.is_external:
            raise _refuse("页眉或页脚不在文件里。在 Word 或 WPS 里打开，另存一份")
        if pages not in ("default", "even", "first"):
            raise _refuse("页眉或页脚的种类认不出。在 Word 或 WPS 里打开，另存一份")
        name = f"{kind}{number}"
        attached.append(_header(relationship.target_part, name, kind))
        references += f'<w:{kind}Reference w:type="{pages}" r:id="{name}"/>'
    return attached, references


def _header(part: Any, name: str, kind: str) -> PackagePart:
    """Return a header or footer. Raises TemplateError if Word would fetch or run something in it.

    `part`: the part as python-docx read it.
    `name`: the new name of the part.
    `kind`: header or footer.
    """
    root: Any = etree.fromstring(part.blob)
    _remove_numbers(root)
    attributes = {
        (etree.QName(name).localname, value)
        for node in root.iter(etree.Element)
        for name, value in node.attrib.items()
    }
    if any(name in _ADDRESSES for name, _ in attributes):
        raise _refuse("页眉或页脚引用了文件以外的东西。把图片粘贴进来，不要链接")
    for code in _fields(root):
        if not _FIELD.fullmatch(code):
            raise _refuse(f"页眉或页脚里的域“{code.strip()[:20]}”不能用，只能用页码、标题一类")
    pictures: list[tuple[str, str, bytes]] = []
    links: dict[str, str] = {}
    for identifier, relationship in part.rels.items():
        if not any(value == identifier for _, value in attributes):
            continue
        related = relationship.reltype.rpartition("/")[2]
        if relationship.is_external:
            address = relationship.target_ref
            if related != "hyperlink" or not _ADDRESS.match(address):
                raise _refuse("页眉或页脚引用了文件以外的东西。把图片粘贴进来，不要链接")
            links[identifier] = address
            continue
        extension = _PICTURES.get(relationship.target_part.content_type)
        if related != "image" or extension is None:
            raise _refuse("页眉或页脚里有嵌入的对象，只能用文字、表格和图片")
        pictures.append((identifier, extension, relationship.target_part.blob))
    return PackagePart(name, kind, etree.tostring(root), tuple(pictures), links)


def _fields(root: Any) -> Iterator[str]:
    """Yield the code of every field.

    The code of a field with another field inside ends with {}, because the inner field could change
    it.
    """
    code: str | None = None
    for node in root.iter(f"{_W}fldSimple", f"{_W}fldChar", f"{_W}instrText", f"{_W}delInstrText"):
        tag, kind = etree.QName(node).localname, node.get(f"{_W}fldCharType")
        if tag == "fldSimple":
            yield node.get(f"{_W}instr", "")
        elif tag != "fldChar":
            code = (code or "") + (node.text or "")
        elif kind == "begin" and code is not None:
            yield f"{code}{{}}"
        elif kind == "begin":
            code = ""
        elif code is not None:  # its result, or its end
            yield code
            code = None
    if code is not None:
        yield code


def _theme(part: Any) -> str:
    """Return the theme of a file, which defines fonts that the styles may name.

    Return this program's theme if the file has none, or if its theme refers to other parts.
    """
    for relationship in part.rels.values():
        if relationship.reltype.endswith("/theme") and not relationship.is_external:
            theme = relationship.target_part
            if not theme.rels:
                return etree.tostring(etree.fromstring(theme.blob)).decode()
    return theme_xml()
