"""Turn a source document into a report file with a list of doubts (unclear values)."""

from __future__ import annotations

import itertools
import math
import os
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from nianbao.checks.checker import compile_source
from nianbao.checks.rules.equations import equations
from nianbao.errors import UserError
from nianbao.importing.document import Place, SourceParagraph, SourceTable
from nianbao.importing.doubts import Doubt, quoted
from nianbao.importing.limits import MAX_CELLS, refuse_size
from nianbao.importing.matching.blocks import arrange_blocks
from nianbao.importing.matching.figures import CellText, Figures, TablePosition, read_figures
from nianbao.importing.matching.labels import form_labels
from nianbao.importing.matching.outline import (
    Line,
    Outline,
    lists_bodies,
    read_outline,
    sheets_of_bodies,
    years_in,
)
from nianbao.importing.matching.prose import Texts, read_texts
from nianbao.importing.report_file import Content, write_report, yaml_scalar
from nianbao.importing.vocabulary import words
from nianbao.model.form import load_form
from nianbao.model.report import Value, sum_of
from nianbao.model.schema import edition_of, editions
from nianbao.parsing.reader import parse_source
from nianbao.workspace.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.document import SourceDocument
    from nianbao.model.form import Form

_FEWEST_SECTIONS: Final = 3
_HEAD: Final = 5  # blocks in which a title may stand
_FEWEST_CHARACTERS: Final = 60
_LONGEST_HEADING: Final = 60
_ITEM = re.compile(r"^\s*[-•◦▪]\s+")
_PERIOD = re.compile(
    r"第?[一二三四1-4]季度|[上下]半年"
    r"|(?<!\d)(?!1\s*[-—－至到]\s*12\s*月)1?\d\s*[-—－至到]\s*1?\d\s*月"
)


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """A report that was read from a source document.

    `text`: the content of the report file.
    `body`: the name of the body; "" if it is not known.
    `year`: 0 if it is not known.
    `places`: the places of cells, dates and section headings in the source document.
    `lines`: the printed lines of each text of the report.
    `head`: the place of the title.
    `text_without_blank_totals`: `text` without the totals that are blank; "" if none is blank.
    """

    text: str
    form: Form
    body: str
    year: int
    doubts: tuple[Doubt, ...]
    places: Mapping[Pointer, Place]
    lines: Mapping[Pointer, tuple[Line, ...]]
    head: Place
    # Totals that are left out are computed.
    text_without_blank_totals: str = ""


@dataclass(frozen=True, slots=True)
class _Content:
    """The content of a source document, before it is written as a report file."""

    form: Form
    outline: Outline
    figures: Figures
    texts: Texts


def import_document(document: SourceDocument) -> ImportedReport:
    """Read a report from a source document.

    Raises UserError if the document is an empty form, or if it is no annual report. Raises
    UserError if the pages of a PDF and its attached report file differ.
    """
    content = _read(document)
    if document.attachment:
        return _attached_report(document, content)
    form, found, figures, texts = content.form, content.outline, content.figures, content.texts
    doubts = [
        *(Doubt((), remark.place, remark.message) for remark in document.remarks),
        *_head_doubts(found, document, form),
        *found.doubts,
        *figures.doubts,
        *texts.doubts,
    ]
    order = {pointer: rank for rank, pointer in enumerate(_order(form))}
    doubts.sort(key=lambda doubt: order.get(doubt.pointer, order.get(doubt.pointer[:1], -1)))
    written = Content(_values(found, form), figures.cells, texts.lines)
    text = write_report(written, form, doubts)
    doubts += _broken_equations(figures, form)
    blanks = _blank_totals(figures, form)
    without = write_report(written, form, (), blanks) if blanks else ""
    return _imported(content, text, tuple(doubts), without)


def _read(document: SourceDocument) -> _Content:
    blocks = list(arrange_blocks(document.blocks))
    tables = [block for block in blocks if isinstance(block, SourceTable)]
    if sum(math.prod(table.size) for table in tables) > MAX_CELLS:  # a cell may span all of them
        raise refuse_size(f"表格超过 {MAX_CELLS} 格")
    found = read_outline(blocks, load_form(max(editions())))
    tables = [
        *found.tables,
        *(block for part in found.parts for block in part.blocks if isinstance(block, SourceTable)),
    ]
    edition = _edition(tables, found.year)
    form = load_form(edition)
    other = next((each for each in editions() if each != edition), edition)
    figures = read_figures(tables, form_labels(edition), form_labels(other), _positions(found))
    _reject_other_documents(document, found, figures)
    known = {id(table.table) for table in figures.tables if table.readings}
    found.doubts += (_unread_table(each) for each in found.tables if id(each) not in known)
    texts = read_texts(found, form, figures)
    _resolve_note_references(figures, texts, form)
    return _Content(form, found, figures, texts)


def _positions(found: Outline) -> dict[int, TablePosition]:
    """Return the position of each table in the sections, by the `id()` of the table."""
    positions = {}
    for part in found.parts:
        captions: tuple[str, ...] = ()
        for block in part.blocks:
            if isinstance(block, SourceParagraph):
                captions = (block.text, *captions)
            else:
                if part.section:
                    positions[id(block)] = TablePosition(part.section.key, captions)
                captions = ()
    return positions


def _unread_table(table: SourceTable) -> Doubt:
    """Return the doubt about a table that is before the first section and not in the form."""
    shown = " ".join(cell.text.strip() for cell in table.cells if cell.text.strip())
    return Doubt((), table.place, f"第一部分之前的表没有读入：{quoted(shown)}", shown)


def _imported(
    content: _Content, text: str, doubts: tuple[Doubt, ...], without_blank_totals: str = ""
) -> ImportedReport:
    found = content.outline
    headings: dict[Pointer, Place] = {
        (part.section.key,): part.heading.place
        for part in reversed(found.parts)  # the first one, if a heading stands twice
        if part.section and part.heading
    }
    values: dict[Pointer, Place] = {(key,): place for key, place in found.places.items()}
    return ImportedReport(
        text,
        content.form,
        found.body,
        found.year,
        doubts,
        {**headings, **values, **content.figures.places},
        {pointer: tuple(lines) for pointer, lines in content.texts.lines.items()},
        found.title_place,
        without_blank_totals,
    )


def _attached_report(document: SourceDocument, pages: _Content) -> ImportedReport:
    """Return the report file that is attached to a PDF of this program, unchanged.

    `pages`: the content of the pages. Raises UserError if the pages print something else than the
    report file; the message gives both values.
    """
    from nianbao.importing.readers.markdown import read_markdown
    from nianbao.rendering import render_report

    compiled = compile_source(parse_source(document.attachment, "附件"))
    if compiled.report is None:
        raise UserError("PDF 附带的报告文件有错误，读不了：先改好再生成 PDF")
    printed = render_report(compiled.report, "md", Settings(), Path(os.devnull))
    attached = _read(read_markdown(printed))
    for pointer, cell in attached.figures.cells.items():
        other = pages.figures.cells.get(pointer, CellText(""))
        if _plain(cell.number + cell.note) != _plain(other.number + other.note):
            values = cell.number or "空", other.number or "空"
            raise _differs(attached.form, pointer, *values, pages.figures.places.get(pointer))
    heads = _values(attached.outline, attached.form), _values(pages.outline, pages.form)
    for key in heads[0]:
        if heads[0][key] != heads[1].get(key):
            place = pages.outline.title_place
            raise _differs(attached.form, (key,), heads[0][key], heads[1].get(key, "没有"), place)
    for pointer in {**attached.texts.lines, **pages.texts.lines}:
        lines = [each.texts.lines.get(pointer, ()) for each in (attached, pages)]
        # A PDF prints the mark of a list item as a bullet.
        left, right = ("".join(_ITEM.sub("", line.text) for line in each) for each in lines)
        if _plain(left) != _plain(right):
            where = lines[1][0].place if lines[1] else None
            shown = _first_difference(_plain(left), _plain(right))
            raise _differs(attached.form, pointer, *shown, where)
    return _imported(pages, document.attachment.decode("utf-8-sig"), ())


def _differs(
    form: Form, pointer: Pointer, attached: str, printed: str, place: Place | None
) -> UserError:
    name = " › ".join(form.labels(pointer))
    where = f"（{place}）" if place else ""
    return UserError(
        f"PDF 附带的报告文件和印出来的不一样：“{name}”附件里是{quoted(attached)}，"
        f"页面上是{quoted(printed)}{where}；弄清哪个对，再从那一个导入"
    )


def _first_difference(left: str, right: str) -> tuple[str, str]:
    """Return a piece of each text around the first character that differs."""
    pairs = enumerate(itertools.zip_longest(left, right))
    at = next((index for index, (a, b) in pairs if a != b), 0)
    start, end = max(at - 6, 0), at + 24
    return left[start:end] or "没有", right[start:end] or "没有"


def _plain(text: str) -> str:
    return "".join(text.split())


def _blank_totals(figures: Figures, form: Form) -> frozenset[Pointer]:
    return frozenset(
        pointer
        for row in form.rows
        for pointer, column in row.cells()
        if (row.total or column.total)
        and not (figures.cells.get(pointer) and figures.cells[pointer].number)
    )


def _broken_equations(figures: Figures, form: Form) -> Iterator[Doubt]:
    """Yield a doubt for each equation of the form that does not hold for the numbers as read.

    The report file gets no comments about them: `check` reports them as errors (A).
    """
    values = {
        pointer: Value(None if cell.number == "/" else Decimal(cell.number))
        for pointer, cell in figures.cells.items()
        if cell.number
    }
    for section in form.sections:
        for equation in equations(section):
            cells = (*equation.left, *equation.right)
            if all(cell in values for cell in cells) and equation.gap(values):
                left, right = (sum_of(values, side) for side in (equation.left, equation.right))
                message = f"勾稽不符：{left} 和 {right}；看是读错了，还是原件就是这样"
                place = figures.places.get(equation.pointer, Place())
                yield Doubt(equation.pointer, place, message, str(left), unclear=False)


def _edition(tables: Sequence[SourceTable], year: int) -> int:
    """Return the edition of the form that a report uses.

    It is the edition with the most labels in the tables that no other edition has. If there are no
    such labels, it is the edition of the year.
    """
    known = editions()
    own = {
        edition: form_labels(edition).known
        - set().union(*(form_labels(other).known for other in known if other != edition))
        for edition in known
    }
    labels = [words(cell.text) for table in tables for cell in table.cells]
    counts = {edition: sum(label in own[edition] for label in labels) for edition in known}
    best = max(known, key=lambda edition: (counts[edition], edition))
    if counts[best] == 0:
        return edition_of(year) or max(known)
    return best


def _reject_other_documents(document: SourceDocument, found: Outline, figures: Figures) -> None:
    sections = len(found.sections)
    labels = sum(table.labels for table in figures.tables)
    text = sum(
        len(block.text)
        for part in found.parts
        for block in part.blocks
        if isinstance(block, SourceParagraph)
    )
    is_report = len(figures.cells) > 10 or (
        sections >= _FEWEST_SECTIONS and "信息公开" in _all_text(document)
    )
    if not is_report:
        raise UserError("不像信息公开的年度报告：没有认出各部分的标题，也没有认出表")
    tables = [block for block in document.blocks if isinstance(block, SourceTable)]
    if sections < _FEWEST_SECTIONS and (sheets_of_bodies(tables) or any(map(lists_bodies, tables))):
        raise UserError("是几个单位的汇总表，不是一个机关的报告：把每个单位的报告分别导入")
    searched = document.blocks
    if sections >= _FEWEST_SECTIONS:  # then only a title without a year may name it
        searched = () if found.year else searched[:_HEAD]
    if period := _part_of_year(searched):
        raise UserError(f"是{period}的统计，不是一年的报告：换成年度报告再导入")
    if not figures.numbers and text < _FEWEST_CHARACTERS * sections:
        raise UserError("是一张空表：表里没有数，各部分也没有文字")
    if labels and not figures.numbers and text < _FEWEST_CHARACTERS:
        raise UserError("是一张空表：表里没有数，各部分也没有文字")


def _part_of_year(blocks: Iterable[SourceParagraph | SourceTable]) -> str:
    """Return the part of a year that a heading names, such as 第一季度; "" if none does."""
    headings = [
        block.text
        for block in blocks
        if isinstance(block, SourceParagraph) and len(block.text) <= _LONGEST_HEADING
    ]
    found = next((match for text in headings if (match := _PERIOD.search(text))), None)
    return found[0] if found else ""


def _all_text(document: SourceDocument) -> str:
    return "\n".join(
        "".join(block.text.split())
        for block in document.blocks
        if isinstance(block, SourceParagraph)
    )


def _head_doubts(found: Outline, document: SourceDocument, form: Form) -> list[Doubt]:
    """Return a doubt for each of title, year, date and headings that was not found.

    If the title has no year, the most frequent year of the text becomes the year of `found`.
    """
    doubts = []
    if not found.body:
        doubts.append(Doubt(("机关",), found.title_place, "没有认出机关的名称"))
    if not found.year:
        years = [
            year
            for block in document.blocks
            if isinstance(block, SourceParagraph)
            for year in years_in(block.text)
        ]
        common = max(set(years), key=years.count, default=0)
        found.year = common
        message = f"标题里没有年度，按正文写的是 {common} 年" if common else "没有认出年度"
        doubts.append(Doubt(("年度",), found.title_place, message))
    if found.signed is None:
        doubts.append(Doubt(("成文日期",), Place(), "没有认出成文日期"))
    return doubts + [
        Doubt((section.key,), Place(), f"没有找到标题“{section.title}”")
        for section in form.sections
        if section.key not in found.sections
    ]


def _values(found: Outline, form: Form) -> dict[str, str]:
    values = {"格式": str(form.edition)}
    if found.year:
        values["年度"] = str(found.year)
    if found.body:
        values["机关"] = yaml_scalar(found.body)
    if found.signed:
        values["成文日期"] = found.signed.isoformat()
    if found.published:
        values["发布日期"] = found.published.isoformat()
    if found.number:
        values["文号"] = yaml_scalar(found.number)
    if found.contact:
        values["联系方式"] = yaml_scalar(found.contact)
    return values


def _resolve_note_references(figures: Figures, texts: Texts, form: Form) -> None:
    """Move each note under a table that a cell refers to (见注2) into this cell."""
    for section in form.sections:
        if section.notes is None:
            continue
        base = section.notes.pointer
        notes = [pointer for pointer in sorted(texts.lines) if pointer[:-1] == base]
        used = set()
        for pointer, cell in figures.cells.items():
            if pointer[0] != section.key or not cell.note.startswith("见注"):
                continue
            number = cell.note.removeprefix("见注") or "1"
            if number.isdigit() and 0 < int(number) <= len(notes):
                target = notes[int(number) - 1]
                note = "".join(line.text for line in texts.lines[target])
                figures.cells[pointer] = cell._replace(note=note)
                used.add(target)
        for pointer in used:
            del texts.lines[pointer]


def _order(form: Form) -> list[Pointer]:
    """Return the pointers of the form in the order in which a report file has them."""
    pointers: list[Pointer] = [(), *((key,) for key in form.schema.root["properties"])]
    ordered: list[Pointer] = []
    for pointer in pointers:
        ordered.append(pointer)
        for section in form.sections:
            if (section.key,) == pointer:
                ordered += [text.pointer for text in section.texts]
                for grid in section.grids:
                    ordered.append(grid.pointer)
                    for row in grid.rows:
                        ordered.append(row.pointer)
                        ordered += [cell for cell, _ in row.cells()]
    return ordered
