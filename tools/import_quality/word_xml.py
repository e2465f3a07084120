"""Write the XML of Word files, with the habits of Word, WPS and the people who use them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from import_quality.printed import Part, Printed, PrintedCell, Rows

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "v": "urn:schemas-microsoft-com:vml",
}
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CHANGE = 'w:id="9" w:author="张三" w:date="2023-01-10T08:00:00Z"'

_COLUMN = 900  # width in twentieths of a point

ParagraphWriter = Callable[["Part"], str]
CellWriter = Callable[["PrintedCell"], str]


# ── the file


def document(body: str) -> str:
    """Return document.xml; `body`: the XML of its body."""
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
    section = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    return f"{_HEAD}<w:document {names}><w:body>{body}{section}</w:body></w:document>"


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def package(
    body: str,
    parts: Mapping[str, str] = MappingProxyType({}),
    *,
    macros: bool = False,
    prefix: str = "",
) -> bytes:
    """Return the bytes of a .docx.

    `parts`: the inner XML of styles, numbering, footnotes, comments, by name. `macros`: True to
    add a macro. `prefix`: what stands before the root element of document.xml.
    """
    text = document(body).replace("<w:document", f"{prefix}<w:document", 1)
    files = {"word/document.xml": text}
    word = f'xmlns:w="{_NAMESPACES["w"]}"'
    for name, inner in parts.items():
        files[f"word/{name}.xml"] = f"{_HEAD}<w:{name} {word}>{inner}</w:{name}>"
    main = "application/vnd.ms-word.document.macroEnabled" if macros else f"{_TYPE}.document"
    kinds = {"document": f"{main}.main+xml"} | {name: f"{_TYPE}.{name}+xml" for name in parts}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>'
        for name, kind in kinds.items()
    )
    types += (
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    files["[Content_Types].xml"] = f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{types}</Types>'
    files["_rels/.rels"] = _relationships({"officeDocument": "word/document.xml"})
    files["word/_rels/document.xml.rels"] = _relationships({n: f"{n}.xml" for n in parts})
    return zipped({name: text.encode() for name, text in files.items()})


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP file with these files, by name; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _relationships(targets: dict[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


# ── paragraphs and tables


def run(text: str, properties: str = "") -> str:
    """Return a run (`w:r`); line breaks and tabs become elements. `properties`: inner XML."""
    inner = re.sub(
        r"[^\n\t]+|\n|\t",
        lambda match: {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(
            match[0], f'<w:t xml:space="preserve">{escape(match[0])}</w:t>'
        ),
        text,
    )
    return f"<w:r>{properties and f'<w:rPr>{properties}</w:rPr>'}{inner}</w:r>"


def paragraph(content: str, properties: str = "") -> str:
    """Return a paragraph (`w:p`); `content`: its runs. `properties`: the inner XML of `w:pPr`."""
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{content}</w:p>"


def table(rows: Rows, write: CellWriter | None = None) -> str:
    """Return a table; `write`: returns the content of a cell, by default one paragraph."""
    write = write or plain_cell
    width = sum(cell.colspan for cell in rows[0])
    grid = f'<w:gridCol w:w="{_COLUMN}"/>' * width
    below: dict[int, tuple[PrintedCell, int]] = {}  # column → merged cell, rows left
    written = []
    for row in rows:
        cells, column, waiting = "", 0, list(row)
        while column < width:
            cell, left = below.pop(column, (None, 0))
            if cell is None and not waiting:
                break
            upper = cell is not None
            cell = cell or waiting.pop(0)
            left = left if upper else cell.rowspan
            size = f'<w:tcW w:w="{_COLUMN * cell.colspan}" w:type="dxa"/>'
            span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
            merge = "<w:vMerge/>" if upper else '<w:vMerge w:val="restart"/>'
            merge = merge if cell.rowspan > 1 else ""
            content = paragraph("") if upper else write(cell)
            cells += f"<w:tc><w:tcPr>{size}{span}{merge}</w:tcPr>"
            cells += f"{content}</w:tc>"
            if left > 1:
                below[column] = (cell, left - 1)
            column += cell.colspan
        written.append(f"<w:tr>{cells}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(written)}</w:tbl>"


def plain_cell(cell: PrintedCell) -> str:
    """Return the content of a table cell: its text as one paragraph."""
    return paragraph(run(cell.text), '<w:jc w:val="center"/>')


def plain_part(part: Part) -> str:
    """Return a paragraph for a part; headings are bold text, as most people write them."""
    indent = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    bold = "<w:b/>" if part.kind in ("title", "heading") else ""
    return paragraph(run(part.text, f'{bold}<w:sz w:val="32"/>'), indent)


def body(
    printed: Printed,
    write: ParagraphWriter = plain_part,
    write_cell: CellWriter = plain_cell,
) -> str:
    """Return the body of a report; `write`, `write_cell`: return the XML of a part or a cell."""
    return "".join(
        table(part.rows, write_cell) if part.rows else write(part) for part in printed.parts
    )


# ── habits


def plain(printed: Printed) -> bytes:
    """Return a file whose headings are bold text and whose cells are one paragraph each."""
    return package(body(printed))


def numbered(printed: Printed) -> bytes:
    """Return a file whose headings have automatic numbers, some by style, some by paragraph."""

    def write(part: Part) -> str:
        heading = re.fullmatch(r"[一二三四五六七八九]、(.+)", part.text)
        if part.kind == "heading" and heading:
            return paragraph(run(heading[1]), '<w:pStyle w:val="1"/>')
        block = re.fullmatch(r"（[一二三四五六七八九]）(.+)", part.text)
        if part.kind == "subheading" and block:
            number = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>'
            return paragraph(run(block[1]), number)
        return plain_part(part)

    def write_cell(cell: PrintedCell) -> str:
        label = re.fullmatch(r"([1-9])\.(.+)", cell.text)
        if label:  # the rows of each group are a list of their own, which starts at 1
            if label[1] == "1" or not groups:
                groups.append(10 + len(groups))
            number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{groups[-1]}"/></w:numPr>'
            return paragraph(run(label[2]), number)
        return plain_cell(cell)

    groups: list[int] = []
    content = body(printed, write, write_cell)
    levels = (
        '<w:abstractNum w:abstractNumId="0">'
        + _level(0, "chineseCounting", "%1、", "nothing", '<w:pStyle w:val="1"/>')
        + _level(1, "chineseCounting", "（%2）", "nothing")
        + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
        + _level(0, "decimal", "%1.", "nothing")
        + "</w:abstractNum>"
    )
    lists = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>' + "".join(
        f'<w:num w:numId="{group}"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for group in groups
    )
    style = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    )
    return package(content, {"numbering": levels + lists, "styles": style})


def _level(depth: int, kind: str, text: str, suffix: str, style: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{style}'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'
    )


def tracked(printed: Printed, rng: random.Random) -> bytes:
    """Return a file in which tracked changes were left: of numbers, words, paragraphs and rows."""

    def write(part: Part) -> str:
        if part.kind == "text" and rng.random() < 0.5:
            middle = len(part.text) // 2
            old = _deleted("去年的文字3件") + run(part.text[:middle])
            return paragraph(old + f"<w:ins {_CHANGE}>{run(part.text[middle:])}</w:ins>")
        if part.kind == "subheading" and rng.random() < 0.5:  # a deleted paragraph before it
            mark = f"<w:rPr><w:del {_CHANGE}/></w:rPr>"
            return paragraph(_deleted("这一段不要了，共办理99件。"), mark) + plain_part(part)
        return plain_part(part)

    def write_cell(cell: PrintedCell) -> str:
        if cell.header or rng.random() < 0.7:
            return plain_cell(cell)
        new = f"<w:ins {_CHANGE}>{run(cell.text)}</w:ins>" if cell.text else ""
        return paragraph(_deleted(str(rng.randint(100, 999))) + new)

    row = '<w:tr><w:trPr><w:del w:id="3" w:author="a"/></w:trPr><w:tc><w:p>'
    row += f"{_deleted('删掉的行')}</w:p></w:tc><w:tc><w:p>{_deleted('77')}</w:p></w:tc></w:tr>"
    return package(body(printed, write, write_cell).replace("</w:tbl>", row + "</w:tbl>"))


def _deleted(text: str) -> str:
    return f"<w:del {_CHANGE}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def boxed_signature(printed: Printed) -> bytes:
    """Return a file with the signature in a text box, in new and old XML, as Word writes it."""
    signature = "".join(plain_part(part) for part in printed.parts if part.kind == "signature")
    rest = printed.with_parts(part for part in printed.parts if part.kind != "signature")
    content = f"<w:txbxContent>{signature}</w:txbxContent>"
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic>'
        f"<a:graphicData><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData>"
        "</a:graphic></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{content}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    return package(body(rest) + paragraph(box))


def old_boxed_signature(printed: Printed) -> bytes:
    """Return a file with the signature in a text box as Word 2003 and WPS write it, in VML only."""
    data = boxed_signature(printed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    text = files["word/document.xml"].decode()
    text = re.sub(r"<mc:AlternateContent>.*<mc:Fallback>", "", text, flags=re.DOTALL)
    text = text.replace("</mc:Fallback></mc:AlternateContent>", "")
    return zipped(files | {"word/document.xml": text.encode()})


def shattered(printed: Printed, rng: random.Random) -> bytes:
    """Return a file whose runs are split by spelling marks, bookmarks, controls and fields."""

    def content(text: str) -> str:
        pieces = []
        while text:
            size = rng.randint(1, 4)
            piece, text = run(text[:size]), text[size:]
            pieces.append(rng.choice(wraps).format(piece))
        return "".join(pieces)

    wraps = (
        "{}",
        '<w:proofErr w:type="spellStart"/>{}<w:proofErr w:type="spellEnd"/>',
        '<w:bookmarkStart w:id="1" w:name="_GoBack"/>{}<w:bookmarkEnd w:id="1"/>',
        '<w:smartTag w:element="chsdate">{}</w:smartTag>',
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        f"{_field(' = 1 ')}{{}}{_FIELD_END}",
    )
    return package(
        body(
            printed,
            lambda part: paragraph(content(part.text)),
            lambda cell: paragraph(content(cell.text)),
        )
    )


_FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _field(code: str) -> str:
    """Return the beginning of a field, to which its result and its end are added."""
    marks = ('<w:fldChar w:fldCharType="begin"/>', f"<w:instrText>{code}</w:instrText>")
    return "".join(f"<w:r>{mark}</w:r>" for mark in (*marks, _FIELD_SEPARATOR))


_FIELD_SEPARATOR = '<w:fldChar w:fldCharType="separate"/>'


def with_leftovers(printed: Printed) -> bytes:
    """Return a file with hidden text, comments, footnotes and a table of contents."""
    hidden = run("内部稿，报送前删除", "<w:vanish/>")
    note = run("") + '<w:r><w:footnoteReference w:id="1"/></w:r>'
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'

    def write(part: Part) -> str:
        extra = hidden + note + comment if part.kind == "subheading" else ""
        return plain_part(part).replace("</w:p>", f"{extra}</w:p>")

    footnotes = '<w:footnote w:id="1">' + paragraph(run("数据由各科室提供。")) + "</w:footnote>"
    comments = '<w:comment w:id="0">' + paragraph(run("请核对3件")) + "</w:comment>"
    return package(body(printed, write), {"footnotes": footnotes, "comments": comments})


def in_layout_table(printed: Printed) -> bytes:
    """Return a file whose whole content, with its tables, is in a table with one cell."""
    inner = body(printed) + paragraph("")
    outer = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:tcPr/>{inner}</w:tc></w:tr></w:tbl>"
    return package(outer + paragraph(""))


def in_one_table(printed: Printed) -> bytes:
    """Return a file with one large table: a row for each paragraph and each row of a table."""
    width = 10
    rows = ""
    for part in printed.parts:
        if part.rows:
            rows += "".join(re.findall(r"<w:tr>.*?</w:tr>", table(part.rows)))
        else:
            span = f'<w:tc><w:tcPr><w:gridSpan w:val="{width}"/></w:tcPr>'
            rows += f"<w:tr>{span}{paragraph(run(part.text))}</w:tc></w:tr>"
    return package(f"<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>{paragraph('')}")


def broken_labels(printed: Printed) -> bytes:
    """Return a file whose labels are broken by blanks, line breaks and paragraphs."""

    def write_cell(cell: PrintedCell) -> str:
        text = cell.text
        if cell.header and len(text) in (2, 3):
            return paragraph(run(" ".join(text)))
        if cell.header and len(text) == 4:
            return paragraph(run(f"{text[:2]}\n{text[2:]}"))
        if cell.header and len(text) > 8:
            return paragraph(run(text[:5])) + paragraph(run(text[5:]))
        return paragraph("") + paragraph(run(f" {text} ")) if not cell.header else plain_cell(cell)

    return package(body(printed, plain_part, write_cell))


def one_paragraph(printed: Printed) -> bytes:
    """Return a file in which the lines between two tables are one paragraph with line breaks."""
    pieces, lines = [], list[str]()
    for part in printed.parts:
        if part.rows:
            pieces += [paragraph(run("\n".join(lines))), table(part.rows)]
            lines = []
        else:
            lines.append("\u3000\u3000" + part.text)
    return package("".join([*pieces, paragraph(run("\n".join(lines)))]))


def with_contents(printed: Printed) -> bytes:
    """Return a file with a cover page and a table of contents before the report."""
    headings = [part.text for part in printed.parts if part.kind == "heading"]
    begin = _field(" TOC \\o ")
    lines = [paragraph(run(f"{text}\t{n}")) for n, text in enumerate(headings, 1)]
    end = paragraph(f'{_FIELD_END}<w:r><w:br w:type="page"/></w:r>')
    contents = paragraph(run("目　录")) + paragraph(begin) + "".join(lines) + end
    return package(contents + body(printed))


def with_picture(printed: Printed) -> bytes:
    """Return a file with a seal, a picture in front of the signature."""
    picture = (
        "<w:r><w:drawing><wp:anchor><a:graphic><a:graphicData><a:blip/>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
    )

    def write(part: Part) -> str:
        seal = picture if part.kind == "signature" else ""
        return plain_part(part).replace("</w:p>", f"{seal}</w:p>")

    return package(body(printed, write))


def strict(printed: Printed) -> bytes:
    """Return a file in the namespaces of ISO 29500 Strict."""
    data = plain(printed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    new = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    return zipped({name: content.replace(old, new) for name, content in files.items()})


def flat(printed: Printed) -> bytes:
    """Return a “Word XML document”: the package in one XML file."""
    inner = document(body(printed)).removeprefix(_HEAD)
    return (
        f'{_HEAD}<?mso-application progid="Word.Document"?>'
        '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">'
        '<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>'
        f"{inner}</pkg:xmlData></pkg:part></pkg:package>"
    ).encode()


def word_2003(printed: Printed) -> bytes:
    """Return Word 2003 XML, which programs that fill in a template still write as .doc."""
    text = body(printed).replace("<w:vMerge", "<w:vmerge")
    old = "http://schemas.microsoft.com/office/word/2003/wordml"
    return (
        f'{_HEAD}<?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="{old}" '
        'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" xml:space="preserve">'
        f"<w:body><wx:sect>{text}<w:sectPr/></wx:sect></w:body></w:wordDocument>"
    ).encode()
