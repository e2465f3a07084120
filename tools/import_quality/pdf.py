"""Make samples of PDFs as offices and their sites publish them, by several producers.

NAME.truth.yaml in the same folder is the report that a sample shows; NAME.refuse.pdf is no report.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from import_quality import variants
from import_quality.pages import cms_page, old_page, plain_page, table_html, word_page
from import_quality.print_programs import (
    convert_with_libreoffice,
    page_with_style,
    print_with_chromium,
    print_with_typst,
    print_with_weasyprint,
    scan,
)
from import_quality.printed import Part, Printed, PrintedCell, Rows, make_printed
from nianbao.rendering import render_report
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_NO_TEMPLATES = Path("no-such-folder")
Maker = Callable[[Printed, Path], bytes | None]


def make_samples(folder: Path, rng: random.Random) -> None:
    """Write samples and their truths to a folder; the same `rng` gives the same reports.

    Samples of programs that are not installed are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in _samples(rng):
        printed = make_printed(rng, 2019 if "2019" in name else 2021, cell_notes="noted" in name)
        with tempfile.TemporaryDirectory() as scratch:
            data = make(printed, Path(scratch))
        if data is not None:
            (folder / f"pdf-{name}.pdf").write_bytes(data)
            (folder / f"pdf-{name}.truth.yaml").write_text(printed.truth, "utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        for name, data in _refused(make_printed(rng), Path(scratch)):
            (folder / f"pdf-{name}.refuse.pdf").write_bytes(data)


def _samples(rng: random.Random) -> Iterator[tuple[str, Maker]]:
    """Yield name and maker of each sample."""
    for name in ("ours", "ours-noted", "ours-2019"):
        yield name, lambda printed, _: own_pdf(printed)
    for name, style in _STYLES.items():
        yield f"weasyprint-{name}", _styled(style)
    yield "weasyprint-2019", _styled(_STYLES["lines"])
    yield "weasyprint-joined", _styled(_STYLES["lines"], variants.joined_tables)
    yield "weasyprint-split", _styled(_STYLES["large"], variants.split_tables)
    yield (
        "weasyprint-reworded",
        _styled(_STYLES["spaced"], variants.reworded_labels, variants.reworded_headings(rng)),
    )
    yield "chromium-plain", lambda p, folder: print_with_chromium(plain_page(p), folder)
    yield "chromium-cms", _cms
    yield (
        "chromium-word-2019",
        lambda p, folder: print_with_chromium(_in_utf_8(word_page(p)), folder),
    )
    yield "chromium-old", lambda p, folder: _old(p, folder)
    yield "chromium-noted", lambda p, folder: print_with_chromium(_page(p, _CHROMIUM), folder)
    for size in (12, 14, 17, 20):  # rows are cut by the page breaks
        yield f"chromium-printed-{size}", _printed_page(size)
    yield "chromium-watermark", _watermarked
    yield "weasyprint-no-lines", _styled(_NO_LINES)
    yield "libreoffice-word", _libreoffice_word
    yield "libreoffice-noted", _libreoffice_word
    yield "libreoffice-2019", _libreoffice_word
    yield "libreoffice-page", _libreoffice_page
    yield "typst", lambda printed, _: print_with_typst(_typst(printed))
    yield "typst-2019", lambda printed, _: print_with_typst(_typst(printed))


def own_pdf(printed: Printed) -> bytes:
    """Return a PDF of this program without attachments, so that import must read its pages."""
    import pikepdf

    with pikepdf.Pdf.open(
        BytesIO(render_report(printed.report, "pdf", Settings(), _NO_TEMPLATES))
    ) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        output = BytesIO()
        pdf.save(output)
    return output.getvalue()


# ── pages with other styles

_BASE = (
    "h1{font-size:22pt;text-align:center;font-family:serif}h2,h3,p{font-size:16pt;margin:0;"
    "text-indent:2em;line-height:28pt}h2,h3{font-family:sans-serif;font-weight:normal}"
    "p.signature{text-align:right;padding-right:4em}table{width:100%;border-collapse:collapse;"
    "font-size:10.5pt}td{border:1px solid black;text-align:center}p{font-family:'FandolFang R';"
    "text-align:justify}"
)
_NO_LINES = _BASE + "td{border:0;font-size:9pt;padding:5pt 2pt}@page{size:A4;margin:25mm}"
_STYLES = {
    "lines": _BASE + "@page{size:A4;margin:37mm 26mm 35mm 28mm;@bottom-center{"
    "content:'- ' counter(page) ' -'}}",
    "large": _BASE + "td{font-size:14pt;padding:6pt 0}@page{size:A4;margin:25mm;@bottom-right{"
    "content:'第' counter(page) '页 共' counter(pages) '页'}@top-center{"
    "content:'政府信息公开工作年度报告';font-size:9pt}}",
    "separate": _BASE + "table{border-collapse:separate;border-spacing:1px}td{border-width:.5pt}"
    "@page{size:A4;margin:20mm;@bottom-left{content:counter(page) '/' counter(pages)}}",
    "spaced": "h1,h2{text-align:center}p,h3{margin:10pt 0;font-size:12pt}table{width:100%;"
    "border-collapse:collapse}td{border:2px solid #999;font-size:9pt}p.signature{"
    "text-align:right}@page{size:A4;margin:20mm}",
    "landscape": _BASE + "@page wide{size:A4 landscape;margin:25mm}table.long{page:wide}"
    "@page{size:A4;margin:30mm;@bottom-center{content:'— ' counter(page) ' —'}}",
    "shaded": _BASE + "td{border:1px solid #000}tr:first-child td{background:#2b579a;color:white}"
    "@page{size:A4;margin:25mm}",
    "dotted": _BASE + "td{border:1px dashed #666;vertical-align:top;text-align:left}"
    "@page{size:A4;margin:25mm}",
    "thick": _BASE + "table{border:3px double black}@page{size:B5;margin:15mm}td{font-size:8pt}",
}
_CHROMIUM = _BASE + "@page{size:A4;margin:25mm}table{page-break-inside:auto}"


def _old(printed: Printed, folder: Path) -> bytes | None:
    return print_with_chromium(_in_utf_8(old_page(printed)), folder, headers=True)


def _cms(printed: Printed, folder: Path) -> bytes | None:
    page = re.sub("<script>.*?</script>", "", cms_page(printed))
    return print_with_chromium(page, folder, headers=True)


def _in_utf_8(page: str) -> str:
    """Return a page that declares the encoding in which it is written here."""
    return page.replace("charset=gb2312", "charset=utf-8")


def _page(printed: Printed, style: str) -> str:
    levels = {"title": "h1", "heading": "h2", "subheading": "h3"}
    body = "\n".join(_element(part, levels.get(part.kind, "p")) for part in printed.parts)
    return page_with_style(body, style, "".join(printed.document.title))


def _element(part: Part, tag: str) -> str:
    if part.rows:
        long = " class=long" if len(part.rows) > 12 else ""
        return table_html(part.rows).replace('<table border="1" cellspacing="0"', f"<table{long}")
    return f"<{tag} class={part.kind}>{escape(part.text)}</{tag}>"


def plain_pdf(printed: Printed, folder: Path) -> bytes | None:
    """Return a PDF with ruled tables, or None if its printing program is missing.

    `folder`: for temporary files.
    """
    return print_with_weasyprint(_page(printed, _STYLES["lines"]), folder)


def _printed_page(size: int) -> Maker:
    """Print a page with the date, the title and the address that a browser prints on each page."""
    style = f"{_CHROMIUM}td{{font-size:{size}px;padding:{size // 2}px;line-height:1.8}}"
    return lambda printed, folder: print_with_chromium(_page(printed, style), folder, headers=True)


def _watermarked(printed: Printed, folder: Path) -> bytes | None:
    look = "position:fixed;top:45%;left:15%;font-size:60px;color:#ccc;transform:rotate(-35deg)"
    mark = f'<body><div style="{look}">{escape(printed.document.body)}</div>'
    return print_with_chromium(_page(printed, _CHROMIUM).replace("<body>", mark, 1), folder)


def _styled(style: str, *changes: variants.Variant) -> Maker:
    def make(printed: Printed, folder: Path) -> bytes | None:
        for change in changes:
            printed = change(printed)
        return print_with_weasyprint(_page(printed, style), folder)

    return make


# ── Word files


def _libreoffice_word(printed: Printed, folder: Path) -> bytes | None:
    """Return what LibreOffice prints of a Word file."""
    file = folder / "report.docx"
    file.write_bytes(word_file(printed))
    return convert_with_libreoffice(file, "pdf")


def word_file(printed: Printed) -> bytes:
    """Return a Word file with the text set as offices set it, and tables with lines."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    for part in printed.parts:
        if part.rows:
            _word_table(document.add_table(*_shape(part.rows), style="Table Grid"), part.rows)
            continue
        paragraph = document.add_paragraph()
        run = paragraph.add_run(part.text)
        run.font.size = Pt(22 if part.kind == "title" else 16)
        run.bold = part.kind in ("title", "heading")
        paragraph.paragraph_format.space_after = Pt(0)
        if part.kind == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif part.kind == "signature":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            paragraph.paragraph_format.first_line_indent = Pt(32)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def _word_table(table: object, rows: Rows) -> None:
    for row, column, cell in placed_cells(rows):
        first = table.cell(row, column)  # type: ignore[attr-defined]
        last = table.cell(row + cell.rowspan - 1, column + cell.colspan - 1)  # type: ignore[attr-defined]
        first.merge(last).text = cell.text


def _shape(rows: Rows) -> tuple[int, int]:
    return len(rows), sum(cell.colspan for cell in rows[0])


def placed_cells(rows: Rows) -> Iterator[tuple[int, int, PrintedCell]]:
    """Yield each cell of a table with merged cells: its row and column, from 0, and the cell."""
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            yield row, column, cell
            taken |= {
                (row + down, column + right)
                for down in range(cell.rowspan)
                for right in range(cell.colspan)
            }


def _libreoffice_page(printed: Printed, folder: Path) -> bytes | None:
    """Return what LibreOffice prints of a web page."""
    file = folder / "report.html"
    file.write_text(plain_page(printed), "utf-8")
    return convert_with_libreoffice(file, "pdf")


# ── Typst


def _typst(printed: Printed) -> str:
    pieces = [
        '#set page(paper: "a4", margin: 25mm, numbering: "— 1 —")',
        '#set text(font: ("Noto Serif CJK SC",), size: 12pt, lang: "zh")',
        "#set par(justify: true, first-line-indent: (amount: 2em, all: true), spacing: 0.65em)",
    ]
    for part in printed.parts:
        if part.rows:
            pieces.append(_typst_table(part.rows))
        elif part.kind == "title":
            pieces.append(f"#align(center, text(size: 18pt, {_quoted(part.text)}))")
        elif part.kind == "signature":
            pieces.append(f"#align(right, {_quoted(part.text)})")
        else:
            pieces.append(f"#par({_quoted(part.text)})")
    return "\n\n".join(pieces)


def _typst_table(rows: Rows) -> str:
    cells = "".join(
        f"table.cell(rowspan: {cell.rowspan}, colspan: {cell.colspan}, {_quoted(cell.text)}),\n"
        for row in rows
        for cell in row
    )
    columns = f"({'1fr,' * _shape(rows)[1]})"
    return f"#table(columns: {columns}, align: center, inset: 3pt,\n{cells})"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# ── no reports


def _refused(printed: Printed, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of files that can't be read or are no report."""
    import pikepdf

    pdf = own_pdf(printed)
    if (scanned := scan(pdf, folder)) is not None:
        yield "scan", scanned
    with pikepdf.Pdf.open(BytesIO(pdf)) as source:
        output = BytesIO()
        source.save(output, encryption=pikepdf.Encryption(user="1234", owner="5678"))
    yield "encrypted", output.getvalue()
    yield "truncated", pdf[: len(pdf) // 3]
    notice = "<h1>关于召开会议的通知</h1><p>各科室：</p><p>定于1月20日召开会议，请准时参加。</p>"
    page = page_with_style(notice, _STYLES["lines"], "通知")
    if (letter := print_with_weasyprint(page, folder)) is not None:
        yield "notice", letter
