"""What makes the PDF fit for an archive: its metadata, and the report's data inside it.

PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) together, which WeasyPrint can only do one at a
time: it makes the first, and this adds what the second asks to the XMP packet.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.report import Report
    from nianbao.rendering.document import Document

LANGUAGE: Final = "zh-CN"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF. `relationship` is that of ISO 19005-3 annex E: Source or Data."""

    name: str
    kind: str  # media type
    description: str
    relationship: str
    content: bytes
    modified: datetime


def attachments(report: Report) -> tuple[Attachment, ...]:
    """The report's data with all totals as JSON, and the report as it is written, byte for byte.

    A program needs no YAML for the first; with the second the PDF can be made again. They are in
    the order of their names, as a PDF lists them, and dated by the report (成文日期), as the clock
    has no say in an output.
    """
    # Half a character, as a name that is no UTF-8 has, can't stand in a PDF.
    path = report.source.path.encode(errors="replace").decode()
    stem = path.rpartition("/")[2].rpartition(".")[0] or path
    signed = datetime.combine(report.signed, time(), UTC)
    data = json.dumps(filled_in(report), ensure_ascii=False, indent=1, default=float) + "\n"
    return (
        Attachment(f"{stem}.json", "application/json", "年报数据", "Data", data.encode(), signed),
        Attachment(
            f"{stem}.yaml", "application/yaml", "年报源文件", "Source", report.source.raw, signed
        ),
    )


def filled_in(report: Report) -> dict[str, Any]:
    """The data of a report with every total there, and every reference in its prose put in."""
    data: dict[str, Any] = copy.deepcopy(dict(report.data))
    put_in: dict[Pointer, object] = {p: v.number for p, v in report.values.items() if not v.written}
    put_in |= {pointer: prose.rendered for pointer, prose in report.texts.items()}
    for pointer, value in put_in.items():
        place: Any = data
        for part in pointer[:-1]:
            place = place[part] if isinstance(part, int) else place.setdefault(part, {})
        place[pointer[-1]] = value
    return data


def archive(pdf: Any, document: Document, attached: Sequence[Attachment], producer: str) -> None:
    """Finish a PDF that WeasyPrint has made a PDF/A-3a: its XMP packet, and what is attached."""
    # A template of one's own may name no language, which PDF/UA-1 asks.
    pdf.catalog.setdefault("Lang", f"({LANGUAGE})")
    associated = pdf.catalog["AF"]
    associated[:] = dict.fromkeys(associated)  # WeasyPrint 70 names each file twice
    for reference, one in zip(associated, attached, strict=True):
        content = _object(pdf, _object(pdf, reference)["EF"]["F"])
        # WeasyPrint 70 asks the machine's list of types, and machines differ over YAML.
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
    metadata.compress = False  # so that a program that knows nothing of PDF finds it


def _object(pdf: Any, reference: Any) -> Any:
    """The object of a reference such as `12 0 R`."""
    return pdf.objects[int(reference.split()[0])]


# The extension schema is asked for by ISO 19005-3 6.6.2.3: PDF/A doesn't know pdfuaid.
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
