"""Read Word files that are one XML file: Word 2003 XML and Word XML since 2007."""

from __future__ import annotations

from typing import Final

from lxml import etree

from nianbao.errors import UserError
from nianbao.importing.archives import DAMAGED
from nianbao.importing.readers.word.package import W, WordParts
from nianbao.importing.safe_xml import parse_xml

_PACKAGE: Final = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_OLD: Final = "{http://schemas.microsoft.com/office/word/2003/wordml}"
_CHANGES: Final = "{http://schemas.microsoft.com/aml/2001/core}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
# Namespaces of 2003 whose elements keep their names; others only wrap text (smart tags, hints).
_KEPT: Final = ("{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}")
_WRAPPER: Final = f"{W}customXml"

_ELEMENTS: Final = {
    "wordDocument": "document",
    "vmerge": "vMerge",
    "hmerge": "hMerge",
    "hlink": "hyperlink",
    "listPr": "numPr",
    "lists": "numbering",
    "listDef": "abstractNum",
    "listStyleLink": "numStyleLink",
    "list": "num",
    "ilst": "abstractNumId",
    "ilfo": "numId",
    "nfc": "numFmt",
}
_ATTRIBUTES: Final = {"listDefId": "abstractNumId", "ilfo": "numId"}
_ANNOTATIONS: Final = {
    "Word.Insertion": f"{W}ins",
    "Word.Deletion": f"{W}del",
    "Word.Comment": f"{W}commentReference",
}
# The numbers of number formats, [MS-OSHARED] MSONFC.
_NUMBER_FORMATS: Final = {
    "1": "upperRoman", "2": "lowerRoman", "3": "upperLetter", "4": "lowerLetter", "5": "ordinal",
    "10": "ideographDigital", "11": "japaneseCounting", "14": "decimalFullWidth",
    "17": "japaneseDigitalTenThousand", "18": "decimalEnclosedCircle", "19": "decimalFullWidth2",
    "22": "decimalZero", "23": "bullet", "26": "decimalEnclosedFullstop",
    "27": "decimalEnclosedParen", "28": "decimalEnclosedCircleChinese",
    "29": "ideographEnclosedCircle", "30": "ideographTraditional", "31": "ideographZodiac",
    "33": "taiwaneseCounting", "34": "ideographLegalTraditional",
    "35": "taiwaneseCountingThousand", "36": "taiwaneseDigital", "37": "chineseCounting",
    "38": "chineseLegalSimplified", "39": "chineseCountingThousand", "57": "numberInDash",
    "255": "none",
}  # fmt: skip


def read_flat_parts(data: bytes) -> WordParts:
    """Return the parts of a Word file that is a single XML file.

    Raises UserError if the file is damaged.
    """
    root = parse_xml(data)
    if root.tag == f"{_OLD}wordDocument":
        return _modernize(root)
    contents = (content for part in root.iter(f"{_PACKAGE}xmlData") for content in part)
    parts = {content.tag: content for content in contents}
    document = parts.get(f"{W}document")
    if document is None:
        raise UserError(DAMAGED)
    names = ("styles", "numbering", "footnotes", "endnotes")
    return WordParts(document, {}, **{name: parts.get(f"{W}{name}") for name in names})


def _modernize(root: etree._Element) -> WordParts:
    """Rename the elements of Word 2003 XML as in a .docx, and return the parts.

    Notes are moved out of the text into parts of their own.
    """
    notes = {name: etree.Element(f"{W}{name}s") for name in ("footnote", "endnote")}
    for node in list(root.iter(etree.Element)):
        space, _, name = str(node.tag).rpartition("}")
        space += "}"
        if space == _OLD:
            _rename(node, name)
            parent = node.getparent()
            if name in notes and parent is not None and parent.tag == f"{W}r":
                _extract_note(node, parent, notes[name])
        elif node.tag == f"{_CHANGES}annotation":
            node.tag = _ANNOTATIONS.get(node.get(f"{_OLD}type") or "", f"{W}annotation")
        elif space not in _KEPT:
            node.tag = _WRAPPER
    parts = {name: root.find(f"{W}{name}") for name in ("styles", "numbering")}
    return WordParts(root, {}, **parts, footnotes=notes["footnote"], endnotes=notes["endnote"])


def _rename(node: etree._Element, name: str) -> None:
    node.tag = f"{W}{_ELEMENTS.get(name, name)}"
    for key, value in node.items():
        if str(key).startswith(_OLD):
            old = str(key).removeprefix(_OLD)
            node.set(f"{W}{_ATTRIBUTES.get(old, old)}", value)
    if name == "t":
        node.set(_SPACE, "preserve")  # the root says so for the whole file
    elif name == "nfc":
        node.set(f"{W}val", _NUMBER_FORMATS.get(node.get(f"{W}val") or "", "decimal"))
    elif name == "suff":
        node.set(f"{W}val", (node.get(f"{W}val") or "").lower())


def _extract_note(note: etree._Element, run: etree._Element, notes: etree._Element) -> None:
    """Move a note from its run to the end of `notes`, and leave a reference in its place."""
    number = str(len(notes))
    note.set(f"{W}id", number)
    reference = etree.Element(f"{note.tag}Reference", {f"{W}id": number})
    run.replace(note, reference)
    notes.append(note)
