"""Make cases of `import`: files of all formats, with reworded or rearranged content, or damaged."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from lxml import etree

from fuzz.case import SOURCE, TRUTH, Case
from fuzz.typing_errors import damage_bytes
from import_quality import pages, pdf, sheets, texts, web, word, word_xml
from import_quality.printed import Printed, make_printed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from import_quality.printed import PrintedCell, Rows

# How a report is printed, and how often: PDFs take the most time.
_MAKERS: Final[dict[str, tuple[int, Callable[[Printed, Random], bytes | None]]]] = {
    "plain docx": (8, lambda printed, _: word_xml.plain(printed)),
    "shattered docx": (6, word_xml.shattered),
    "tracked docx": (4, word_xml.tracked),
    "numbered docx": (3, lambda printed, _: word_xml.numbered(printed)),
    "layout docx": (3, lambda printed, _: word_xml.in_layout_table(printed)),
    "one-table docx": (3, lambda printed, _: word_xml.in_one_table(printed)),
    "one-paragraph docx": (2, lambda printed, _: word_xml.one_paragraph(printed)),
    "boxed docx": (2, lambda printed, _: word_xml.boxed_signature(printed)),
    "strict docx": (2, lambda printed, _: word_xml.strict(printed)),
    "python-docx": (1, lambda printed, _: word.python_docx_file(printed)),
    "flat xml": (2, lambda printed, _: word_xml.flat(printed)),
    "Word 2003 xml": (2, lambda printed, _: word_xml.word_2003(printed)),
    "plain page": (6, lambda printed, _: pages.plain_page(printed).encode()),
    "cms page": (6, lambda printed, _: pages.cms_page(printed).encode()),
    "old page": (4, lambda printed, _: _in_gbk(pages.old_page(printed))),
    "breaks page": (4, lambda printed, _: pages.lines_with_breaks(printed).encode()),
    "boxes page": (4, lambda printed, _: pages.boxes(printed).encode()),
    "one-table page": (4, lambda printed, _: pages.in_one_table(printed).encode()),
    "Word page": (4, lambda printed, _: _in_gbk(pages.word_page(printed))),
    "Markdown with tables": (4, lambda printed, _: web.markdown_with_html(printed).encode()),
    "text of Word": (5, lambda printed, _: texts.word_text(printed).encode()),
    "text of a browser": (5, lambda printed, _: texts.browser_text(printed).encode("gb18030")),
    "text of values": (3, lambda printed, _: texts.values_text(printed).encode()),
    "aligned text": (4, lambda printed, _: texts.aligned_text(printed, "  ").encode()),
    "text with bars": (4, lambda printed, _: texts.bars_text(printed).encode()),
    "drawn text": (3, lambda printed, _: texts.drawn_text(printed).encode("utf-16")),
    "wrapped text": (3, lambda printed, _: texts.wrapped_text(printed).encode()),
    "workbook": (5, lambda printed, _: sheets.workbook([("年报", printed.parts)])),
    "joined workbook": (
        3,
        lambda printed, _: sheets.workbook([("年报", printed.parts)], apart=False, numbers=False),
    ),
    "pdf": (2, lambda printed, _: _pdf(printed)),
}  # fmt: skip
_SAMPLE_SEED: Final = 7  # of the reports that are printed
_DAMAGED_SHARE: Final = 0.45  # whose truth is not known
_TAG: Final = re.compile(rb"<[^<>]*>")
_ODD_XML: Final = (
    *("gridSpan", "vMerge", "gridBefore", "tcPr", "trPr", "tblGrid", "pPr", "rPr", "tab", "br"),
    *("numPr", "outlineLvl", "ins", "del", "sdt", "fldSimple", "hyperlink", "tbl", "tr", "tc", "p"),
)
_PIECES: Final = (
    *(b"<table>", b"</table>", b"<td colspan=99999>", b"<td rowspan=0>", b"</tr>", b"<tr>", b"<p>"),
    *(b"<![CDATA[", b"<!--", b"-->", b"&#0;", b"&#x110000;", b"\0", b"\xff", b"|", b"--"),
    *(b"\t", b"\n\n", b"# ", b"1234567890", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\x1b[31m", b"```"),
)  # fmt: skip


@cache
def _reports() -> tuple[Printed, ...]:
    """Return reports to be printed: both editions, with and without notes in cells."""
    random = Random(_SAMPLE_SEED)
    return tuple(
        make_printed(random, edition, cell_notes=notes)
        for edition in (2021, 2021, 2019)
        for notes in (False, True)
    )


@cache
def _pdfs() -> tuple[bytes, ...]:
    """Return PDFs of two of the reports, which take time to make."""
    return tuple(pdf.own_pdf(report) for report in _reports()[::4])


def make_import_case(name: str) -> Case:
    """Return the case with a name, which is the seed: a file to import.

    Unless it is damaged, the case also contains the report that it must give.
    """
    random = Random(name)
    report = random.choice(_reports())
    damaged = random.random() < _DAMAGED_SHARE
    if damaged and random.random() < 0.08:
        return Case(name, {SOURCE: _damage(random.choice(_pdfs()), random)})
    changed = report
    for _ in range(random.choice([0, 1, 1, 2, 4])):
        changed = _print_otherwise(changed, random)
    maker = _choose_maker(random, pdf=not damaged)
    data = maker(changed, random) or word_xml.plain(changed)
    if data.startswith(b"PK"):
        data = word_xml.zipped(_parts(data))  # without the time of day
    if damaged:
        return Case(name, {SOURCE: _damage(data, random)})
    return Case(name, {SOURCE: data, TRUTH: report.truth.encode()})


def _choose_maker(random: Random, *, pdf: bool) -> Callable[[Printed, Random], bytes | None]:
    names = [name for name in _MAKERS if pdf or name != "pdf"]
    (name,) = random.choices(names, [_MAKERS[name][0] for name in names])
    return _MAKERS[name][1]


def _pdf(printed: Printed) -> bytes | None:
    with TemporaryDirectory() as folder:
        return pdf.plain_pdf(printed, Path(folder))


def _in_gbk(page: str) -> bytes:
    return page.encode("gbk", "xmlcharrefreplace")


# ── printed otherwise, with the same numbers


def _print_otherwise(printed: Printed, random: Random) -> Printed:
    """Return a report with labels, order or layout changed; each number keeps its row and column.

    A number may be missing, and a label may be no label any more.
    """
    parts = list(printed.parts)
    index = random.randrange(len(parts))
    if random.random() < 0.75:  # mostly a table
        index = random.choice([n for n, part in enumerate(parts) if part.rows] or [index])
    part = parts[index]
    if part.rows and random.random() < 0.85:
        parts[index] = replace(part, rows=_change_rows(part.rows, random))
        return printed.with_parts(parts)
    change = random.randrange(5)
    if change == 0 and len(parts) > 3:
        del parts[index]
    elif change == 1:
        parts.insert(random.randrange(len(parts) + 1), part)
    elif change == 2:
        parts.insert(random.randrange(len(parts)), parts.pop(index))
    elif change == 3:
        kind = random.choice(["title", "heading", "subheading", "text", "note", "signature"])
        parts[index] = part if part.rows else replace(part, kind=kind)
    elif not part.rows:
        parts[index] = replace(part, text=_misspell(part.text, random))
    return printed.with_parts(parts)


def _change_rows(rows: Rows, random: Random) -> Rows:
    """Return a table with a label, a value or a row changed."""
    change = random.randrange(6)
    if change < 3:
        return _change_cell(rows, random, header=change < 2)
    free = [n for n, row in enumerate(rows) if all(cell.rowspan == 1 for cell in row)]
    if not free:
        return rows
    index = random.choice(free)
    if change == 3:
        return _without_row(rows, index)
    widths = [sum(cell.colspan for cell in row) for row in rows]
    if change == 4 and index + 1 in free and widths[index] == widths[index + 1]:
        if not any(cell.header for cell in rows[index][-1:]):
            pair = rows[index + 1], rows[index]
            return _swapped(rows, index, pair)
        return rows
    return (*rows[:index], rows[index], *rows[index:]) if _is_free(rows, index) else rows


def _swapped(rows: Rows, index: int, pair: tuple[tuple[PrintedCell, ...], ...]) -> Rows:
    return (*rows[:index], *pair, *rows[index + 2 :])


def _is_free(rows: Rows, index: int) -> bool:
    """Return True if no cell spans a row."""
    return not any(
        cell.rowspan > index - above for above in range(index) for cell in rows[above]
    ) and all(cell.rowspan == 1 for cell in rows[index])


def _without_row(rows: Rows, index: int) -> Rows:
    """Remove a row; the cells that span it get shorter."""
    kept = []
    for above, row in enumerate(rows):
        if above == index:
            continue
        covers = [above < index < above + cell.rowspan for cell in row]
        kept.append(
            tuple(
                replace(cell, rowspan=cell.rowspan - 1) if covered else cell
                for cell, covered in zip(row, covers, strict=True)
            )
        )
    return tuple(kept)


def _change_cell(rows: Rows, random: Random, *, header: bool) -> Rows:
    places = [
        (y, x) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell.header == header
    ]
    if not places:
        return rows
    y, x = random.choice(places)
    cell = rows[y][x]
    text = _misspell(cell.text, random) if header else _write_number(cell.text, random)
    row = (*rows[y][:x], replace(cell, text=text), *rows[y][x + 1 :])
    return (*rows[:y], row, *rows[y + 1 :])


def _misspell(text: str, random: Random) -> str:
    """Return a text without its digits changed: letters missing, doubled, spaced, broken."""
    letters = [n for n, letter in enumerate(text) if not letter.isascii()]
    if not letters or random.random() < 0.1:
        return "" if not any(letter.isdigit() for letter in text) else text
    at = random.choice(letters)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    other = (
        "",
        letter * 2,
        f" {letter}",
        f"\n{letter}",
        f"{letter}\u3000",
        "况",
        f"（{letter}）",
        "\u200b",
    )
    return before + random.choice(other) + after


def _write_number(text: str, random: Random) -> str:
    """Return a number as people write it."""
    whole = text.isdigit()
    ways = [f" {text} ", f"\u3000{text}", f"{text}\n", f"\xa0{text}\u200b"]
    if whole:
        ways += [text.translate(_WIDE), f"{text}件", f"{int(text):,}", f"0{text}", f"{text}.0"]
    return random.choice([*ways, ""]) if text else random.choice(["-", "无", "—"])


_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")


# ── damage to files


def _damage(data: bytes, random: Random) -> bytes:
    """Return a file with bytes, tags, nodes of its XML, lines or parts of its archive changed."""
    if data.startswith(b"PK") and random.random() < 0.85:
        return _damage_archive(data, random)
    if b"%PDF" in data[:8] and random.random() < 0.6:
        return _insert(data, random, _PDF_PIECES)
    change = random.randrange(5)
    if change == 0:
        return damage_bytes(data, random)
    if change == 1:
        return _move_pieces(data, random)
    if change == 2:
        return _insert(data, random, _PIECES)
    if data.startswith(b"<?xml"):
        return _damage_xml(data, random)
    return _move_tags(data, random)


_PDF_PIECES: Final = (
    *(b"0 R", b"1 0 R", b"/Kids", b"/Parent", b"/Length 0", b"/FlateDecode", b"stream", b"endobj"),
    *(b"[", b"]", b"<<", b">>", b"-1", b"99999999999", b"/JBIG2Decode", b"/ObjStm"),
)  # fmt: skip


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _damage_archive(data: bytes, random: Random) -> bytes:
    files = _parts(data)
    xml = [name for name in files if name.endswith((".xml", ".rels"))]
    main = [name for name in xml if "document.xml" in name or "sheet1" in name or "Strings" in name]
    name = random.choice(main if main and random.random() < 0.7 else xml or list(files))
    change = random.randrange(8)
    if change == 0:
        del files[name]
    elif change == 1:
        other = random.choice(list(files))
        files[name], files[other] = files[other], files[name]
    elif change == 2:
        files[name] = damage_bytes(files[name], random)
    elif change == 3:
        files[name] = _move_tags(files[name], random)
    else:
        files[name] = _damage_xml(files[name], random)
    return word_xml.zipped(files)


def _damage_xml(data: bytes, random: Random) -> bytes:
    """Delete, double, move, swap or wrap nodes, or change their attributes."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return damage_bytes(data, random)
    for _ in range(random.choice([1, 1, 2, 5, 20])):
        nodes = [node for node in root.iter() if node.getparent() is not None]
        if not nodes:
            break
        kind = random.choice(_ODD_XML)
        same = [node for node in nodes if node.tag.rpartition("}")[2] == kind]
        _damage_node(random.choice(same or nodes), nodes, random)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _damage_node(node: etree._Element, nodes: Sequence[etree._Element], random: Random) -> None:
    parent = node.getparent()
    if parent is None:
        return
    other = random.choice(nodes)
    inside = node in other.iterancestors() or node is other
    change = random.randrange(7)
    if change == 0:
        parent.remove(node)
    elif change == 1:
        parent.insert(parent.index(node), etree.fromstring(etree.tostring(node)))
    elif change == 2 and not inside:
        other.append(node)
    elif change == 3 and not inside and other not in node.iterancestors():
        place, target = parent.index(node), other.getparent()
        if target is not None:
            target.replace(other, node)
            parent.insert(min(place, len(parent)), other)
    elif change == 4:
        for _ in range(random.choice([1, 3, 50])):
            wrapper = etree.Element(node.tag)
            parent.replace(node, wrapper)
            wrapper.append(node)
            parent = wrapper
    elif node.attrib:
        key = random.choice(sorted(node.attrib))
        node.attrib[key] = random.choice(
            ["", "-1", "0", "3", "99999999999", "x", "continue", "1e9"]
        )
    else:
        node.text = random.choice(["", "12", "１２件", "一、", "总计", "\u202e"])


def _move_tags(data: bytes, random: Random) -> bytes:
    """Delete, double or move tags of a page."""
    for _ in range(random.choice([1, 1, 3, 10, 50])):
        tags = list(_TAG.finditer(data))
        if not tags:
            return damage_bytes(data, random)
        tag, at = random.choice(tags), random.choice(tags).start()
        if random.random() < 0.4:
            data = data[: tag.start()] + data[tag.end() :]
        else:
            data = data[:at] + tag[0] + data[at:]
    return data


def _move_pieces(data: bytes, random: Random) -> bytes:
    """Delete, double, move or join lines."""
    lines = data.split(b"\n")
    for _ in range(random.choice([1, 2, 5])):
        index, target = random.randrange(len(lines)), random.randrange(len(lines))
        change = random.randrange(4)
        line = lines[index] if change == 1 else lines.pop(index)
        if change in (1, 2):
            lines.insert(target, line)
        elif change == 3 and lines:
            lines[min(target, len(lines) - 1)] += line
        if not lines:
            return data
    return b"\n".join(lines)


def _insert(data: bytes, random: Random, pieces: Sequence[bytes]) -> bytes:
    for _ in range(random.choice([1, 2, 5, 30])):
        start = random.randint(0, len(data))
        end = start + random.choice([0, 0, 1, 8, 40])
        data = data[:start] + random.choice(pieces) * random.choice([1, 1, 1, 200]) + data[end:]
    return data
