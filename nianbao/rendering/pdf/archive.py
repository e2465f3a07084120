"""Add metadata and attachments to the PDF, for archives and accessibility.

The file conforms to PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from typing import TYPE_CHECKING, Any, Final

from nianbao.rendering.data.json import render_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.model.report import Report
    from nianbao.rendering.document import Document

LANGUAGE: Final = "zh-CN"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF.

    `name`: the file name.
    `kind`: the media type.
    `relationship`: Source or Data, as in ISO 19005-3 annex E.
    `modified`: the date that the PDF gives for the file.
    """

    name: str
    kind: str
    description: str
    relationship: str
    content: bytes
    modified: datetime


def attachments(report: Report) -> tuple[Attachment, ...]:
    """Return the attachments of a PDF: the data as JSON, and the YAML file.

    The attachments are sorted by name. Their date is 成文日期.
    """
    # Programs can read JSON without a YAML parser; from the YAML file the PDF can be made again.
    # The order and the date make the bytes reproducible.
    return (
        _attachment(report, "json", "年报数据", "Data", render_json(report)),
        source_attachment(report),
    )


def source_attachment(report: Report) -> Attachment:
    """Return the YAML file of a report, unchanged, as an attachment."""
    return _attachment(report, "yaml", "年报源文件", "Source", report.source.raw)


def _attachment(
    report: Report, suffix: str, description: str, relationship: str, content: bytes
) -> Attachment:
    # A lone surrogate (from a file name that is not UTF-8) is not allowed in a PDF.
    path = report.source.path.encode(errors="replace").decode()
    name = f"{path.rpartition('/')[2].rpartition('.')[0] or path}.{suffix}"
    signed = datetime.combine(report.signed, time(), UTC)
    return Attachment(name, f"application/{suffix}", description, relationship, content, signed)


def complete_pdf_a(
    pdf: Any, document: Document, attached: Sequence[Attachment], producer: str
) -> None:
    """Add XMP metadata, language and attachment types to a PDF of WeasyPrint.

    `pdf`: WeasyPrint's pydyf.PDF, which is changed.
    `document`: gives title, body and date for the metadata.
    `attached`: the files that `pdf` contains already.
    `producer`: the program that made the PDF, for the metadata.
    """
    # WeasyPrint supports only one standard at a time: it writes PDF/A-3a, and the XMP packet adds
    # PDF/UA-1.
    # A user's template may lack the language that PDF/UA-1 requires.
    pdf.catalog.setdefault("Lang", f"({LANGUAGE})")
    associated = pdf.catalog["AF"]
    associated[:] = dict.fromkeys(associated)  # WeasyPrint 70 lists each file twice
    for reference, one in zip(associated, attached, strict=True):
        content = _object(pdf, _object(pdf, reference)["EF"]["F"])
        # WeasyPrint 70 uses the system's list of media types, which differ for YAML.
        content.extra["Subtype"] = f"/{one.kind.replace('/', '#2f')}"
    packet = _XMP.format(
        title=escape("".join(document.title), quote=False),
        creator=escape(document.body, quote=False),
        producer=escape(producer, quote=False),
        language=LANGUAGE,
        date=document.date.isoformat(),
    )
    metadata = _object(pdf, pdf.catalog["Metadata"])
    metadata.stream = [packet.encode()]
    metadata.compress = False  # readable for programs that do not parse PDF


def _object(pdf: Any, reference: Any) -> Any:
    """Return the object that a reference such as `12 0 R` refers to."""
    return pdf.objects[int(reference.split()[0])]


# ISO 19005-3 6.6.2.3 requires the extension schema, because PDF/A does not define pdfuaid.
_XMP: Final = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{creator}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:date><rdf:Seq><rdf:li>{date}</rdf:li></rdf:Seq></dc:date>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""
