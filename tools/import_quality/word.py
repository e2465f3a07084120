"""Make samples of Word files as offices have them, by several producers.

NAME.truth.yaml in the same folder is the report that a sample shows; NAME.refuse.SUFFIX is no
report.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from import_quality import REAL_FILES, variants, word_xml
from import_quality.pages import plain_page, word_page
from import_quality.printed import Printed, Rows, make_printed
from import_quality.web import _archive

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from docx.table import Table

_BLANK_FORM = REAL_FILES / "blank-form-2021.docx"
_WITH_TABLES = (1, 2, 3)  # sections of the form
_SECONDS = 120
Maker = Callable[[Printed], bytes | None]


def make_samples(folder: Path, rng: random.Random) -> None:
    """Write samples and their truths to a folder; the same `rng` gives the same reports.

    Samples are left out whose program is not installed or whose form file is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, suffix, make in _samples(rng):
        printed = make_printed(rng, 2019 if "2019" in name else 2021, cell_notes="noted" in name)
        if (data := make(printed)) is not None:
            (folder / f"word-{name}.{suffix}").write_bytes(data)
            (folder / f"word-{name}.truth.yaml").write_text(printed.truth, "utf-8")
    for name, data in _refused(make_printed(rng)):
        (folder / f"word-{name}").write_bytes(data)


def _samples(rng: random.Random) -> Iterator[tuple[str, str, Maker]]:
    """Yield name, suffix and maker of each sample."""
    yield from _habits(rng)
    yield "python-docx", "docx", python_docx_file
    yield "python-docx-2019-noted", "docx", python_docx_file
    for number in (1, 2):
        yield f"blank-form-{number}", "docx", _filled_form
    yield "pandoc", "docx", lambda printed: _pandoc(plain_page(printed), "html")
    yield "pandoc-word", "docx", lambda printed: _pandoc(word_page(printed), "html")
    for suffix in ("docx", "doc", "rtf", "odt"):
        yield f"libreoffice-{suffix}", suffix, _office(plain_page, suffix)
    yield "libreoffice-word", "doc", _office(word_page, "doc")
    yield "libreoffice-2019", "doc", _office(plain_page, "doc")
    yield "html", "doc", lambda printed: word_page(printed).encode("gb2312", "xmlcharrefreplace")
    yield "archive", "doc", lambda printed: _archive(word_page(printed)).encode()


def _habits(rng: random.Random) -> Iterator[tuple[str, str, Maker]]:
    """Yield the samples that are written as XML."""

    def varied(make: Callable[[Printed], bytes], *changes: variants.Variant) -> Maker:
        def build(printed: Printed) -> bytes:
            for change in changes:
                printed = change(printed)
            return make(printed)

        return build

    plain = word_xml.plain
    yield "plain", "docx", plain
    yield "plain-2019", "docx", plain
    yield "plain-noted", "docx", varied(plain, variants.joined_tables)
    yield "blank-totals", "docx", varied(plain, blank_totals)
    yield "spaced-numbers", "docx", varied(plain, variants.padded_numbers)
    yield (
        "reworded",
        "docx",
        varied(plain, variants.reworded_headings(rng), variants.reworded_labels),
    )
    yield "unnumbered", "docx", varied(plain, variants.unnumbered_headings)
    yield "run-in", "docx", varied(plain, variants.run_in_sections)
    yield "flat-header", "docx", varied(plain, variants.flat_last_table)
    yield "followed", "docx", varied(plain, variants.followed_signature)
    yield "split", "docx", varied(plain, variants.split_tables)
    yield "split-joined", "docx", varied(plain, variants.joined_tables, variants.split_tables)
    yield "numbered", "docx", word_xml.numbered
    yield "numbered-joined", "docx", varied(word_xml.numbered, variants.joined_tables)
    yield "tracked", "docx", lambda printed: word_xml.tracked(printed, rng)
    yield "tracked-noted", "docx", lambda printed: word_xml.tracked(printed, rng)
    yield "boxed", "docx", word_xml.boxed_signature
    yield "boxed-vml", "docx", word_xml.old_boxed_signature
    yield "shattered", "docx", lambda printed: word_xml.shattered(printed, rng)
    yield "leftovers", "docx", word_xml.with_leftovers
    yield "layout-table", "docx", word_xml.in_layout_table
    yield "one-table", "docx", word_xml.in_one_table
    yield "broken-labels", "docx", varied(word_xml.broken_labels, variants.joined_tables)
    yield "one-paragraph", "docx", word_xml.one_paragraph
    yield "contents", "docx", word_xml.with_contents
    yield "seal", "docx", word_xml.with_picture
    yield "strict", "docx", word_xml.strict
    yield "flat", "xml", word_xml.flat
    yield "2003", "doc", word_xml.word_2003


def blank_totals(printed: Printed) -> Printed:
    """Leave the totals of applications and lawsuits blank, as offices often do."""
    return printed.with_parts(
        replace(part, rows=_without_totals(part.rows)) for part in printed.parts
    )


def _without_totals(rows: Rows) -> Rows:
    """Return a table whose cells under 总计 or to its right are blank."""
    last = {cell.text for cell in rows[-1] if cell.header} if rows else set()
    if not any(cell.text.endswith("总计") for row in rows for cell in row if cell.header):
        return rows
    changed = []
    for row in rows:
        total = any(cell.header and cell.text.endswith("总计") for cell in row)
        numbers = [n for n, cell in enumerate(row) if not cell.header]
        blank = numbers if total else [n for n in numbers if _is_total(numbers.index(n), last)]
        changed.append(
            tuple(replace(cell, text="") if n in blank else cell for n, cell in enumerate(row))
        )
    return tuple(changed)


def _is_total(column: int, labels: set[str]) -> bool:
    """Return whether a column is 总计: the seventh of applications, each fifth of lawsuits."""
    return column == 6 if labels else column % 5 == 4


# ── producers


def python_docx_file(printed: Printed) -> bytes:
    """Return a file made by python-docx, with its heading styles."""
    import docx

    file = docx.Document()
    for part in printed.parts:
        if part.rows:
            height, width = len(part.rows), sum(cell.colspan for cell in part.rows[0])
            _fill(file.add_table(height, width, style="Table Grid"), part.rows)
        elif part.kind in ("title", "heading", "subheading"):
            file.add_heading(part.text, ("title", "heading", "subheading").index(part.kind))
        else:
            file.add_paragraph(part.text)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _fill(table: Table, rows: Rows) -> None:
    taken = set[tuple[int, int]]()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            last = number + cell.rowspan - 1, column + cell.colspan - 1
            merged = table.cell(number, column).merge(table.cell(*last))
            merged.text = cell.text
            taken |= {
                (n, m) for n in range(number, last[0] + 1) for m in range(column, last[1] + 1)
            }


def _filled_form(printed: Printed) -> bytes | None:
    """Return the blank form that offices start from, filled in cell by cell."""
    import docx

    if not _BLANK_FORM.is_file():
        return None
    file = docx.Document(str(_BLANK_FORM))
    sections = _texts_of_sections(printed)
    title = "".join(part.text for part in printed.parts if part.kind == "title")
    for paragraph in file.paragraphs:
        if "格式模板" in paragraph.text:
            paragraph.runs[0].text = title
        elif paragraph.text == "一、总体情况" and printed.document.lead.strip():
            paragraph.insert_paragraph_before(printed.document.lead.strip())
        elif paragraph.text.startswith("（文字描述"):
            paragraph.text = "\n".join(sections.pop(0))
    tables = [part.rows for part in variants.joined_tables(printed).parts if part.rows]
    for table, rows in zip(file.tables, tables, strict=True):
        numbers = [[cell.text for cell in row if not cell.header] for row in rows]
        for row, texts in zip(table.rows[len(table.rows) - len(rows) :], numbers, strict=True):
            cells = list(dict.fromkeys(row.cells))
            for cell, text in zip(cells[len(cells) - len(texts) :], texts, strict=True):
                cell.paragraphs[0].add_run(text)
    for section, table in zip(_WITH_TABLES, file.tables, strict=True):
        for note in reversed(printed.document.sections[section].notes):
            paragraph = file.add_paragraph(note)
            table._tbl.addnext(paragraph._p)
    for part in printed.parts:
        if part.kind == "signature":
            file.add_paragraph(part.text)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _texts_of_sections(printed: Printed) -> list[list[str]]:
    """Return the lines of each section that has no table."""
    sections: list[list[str]] = []
    for part in printed.parts:
        if part.kind == "heading":
            sections.append([])
        elif part.kind in ("text", "subheading") and sections:
            sections[-1].append(part.text)
    return [lines for lines in sections if lines]


def _pandoc(text: str, source: str) -> bytes | None:
    try:
        import pypandoc
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "report.docx")
        pypandoc.convert_text(text, "docx", source, outputfile=str(file))
        return file.read_bytes()


def _office(write: Callable[[Printed], str], suffix: str) -> Maker:
    """Return a maker that opens a web page in LibreOffice and saves it as a text document."""

    def make(printed: Printed) -> bytes | None:
        program = shutil.which("soffice")
        if program is None:
            return None
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, "report.html")
            text = write(printed).replace("charset=gb2312", "charset=utf-8")
            page.write_text(text, "utf-8")
            command = [program, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
            command += ["--infilter=HTML (StarWriter)", "--convert-to", suffix]
            subprocess.run(
                [*command, "--outdir", folder, str(page)],
                check=True,
                capture_output=True,
                timeout=_SECONDS,
            )
            return page.with_suffix(f".{suffix}").read_bytes()

    return make


# ── files that are no report


def _refused(printed: Printed) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of files that must be refused."""
    report = word_xml.body(printed)
    yield "macros.refuse.docm", word_xml.package(report, macros=True)
    yield "macros.refuse.docx", word_xml.package(report, macros=True)
    whole = word_xml.plain(printed)
    yield "truncated.refuse.docx", whole[: len(whole) // 2]
    entity = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    yield "entity.refuse.docx", word_xml.package(report, prefix=entity)
    blanks = word_xml.paragraph("") * 1_500_000
    yield "bomb.refuse.docx", word_xml.package(blanks)
    yield "nested.refuse.docx", word_xml.package(_nested(60))
    blank = printed.with_parts(
        replace(part, rows=_blank(part.rows))
        for part in printed.parts
        if part.kind in ("title", "heading", "table")
    )
    yield "blank.refuse.docx", word_xml.plain(blank)
    minutes = ("会议纪要", "一、传达文件", "二、研究工作", "会议要求抓好落实。")
    lines = "".join(word_xml.paragraph(word_xml.run(line)) for line in minutes)
    yield "minutes.refuse.docx", word_xml.package(lines)
    rows = "<table><tr><td>姓名</td><td>金额</td></tr><tr><td>张三</td><td>12</td></tr></table>"
    yield "salaries.refuse.doc", f"<html><body><p>工资表</p>{rows}</body></html>".encode()
    yield "archive.refuse.docx", word_xml.zipped({"report.txt": b"1"})
    yield "empty.refuse.docx", b""
    yield "picture.refuse.doc", b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def _nested(depth: int) -> str:
    """Return tables in each other."""
    start = "<w:tbl><w:tr><w:tc>" * depth
    return (
        start + word_xml.paragraph(word_xml.run("一、总体情况")) + "</w:tc></w:tr></w:tbl>" * depth
    )


def _blank(rows: Rows) -> Rows:
    return tuple(
        tuple(cell if cell.header else replace(cell, text="") for cell in row) for row in rows
    )
