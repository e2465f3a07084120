"""Turn a source document into a report file with a list of doubts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from nianbao.errors import UserError
from nianbao.importing.document import Paragraph, Place, SourceTable
from nianbao.importing.doubts import Doubt
from nianbao.importing.matching.figures import Figures, read_figures
from nianbao.importing.matching.labels import form_labels
from nianbao.importing.matching.outline import Outline, outline, years_in
from nianbao.importing.matching.prose import Texts, read_texts
from nianbao.importing.report_file import Content, write_report, yaml_scalar
from nianbao.model.form import load_form
from nianbao.model.schema import editions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.document import SourceDocument
    from nianbao.model.form import Form

_FEWEST_SECTIONS: Final = 3
_FEWEST_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """A report that was read from a source document.

    `text`: the report file. `year`: 0 if it is not known. `places`: where each cell was read.
    `lines`: for each text of the report, the place of each of its lines.
    """

    text: str
    form: Form
    body: str
    year: int
    doubts: tuple[Doubt, ...]
    places: Mapping[Pointer, Place]
    lines: Mapping[Pointer, tuple[Place, ...]]


def import_document(document: SourceDocument) -> ImportedReport:
    """Read a report from a document.

    Raises UserError if the document is no report of this kind, or an empty form.
    """
    tables = [block for block in document.blocks if isinstance(block, SourceTable)]
    form, figures = _best_edition(tables)
    found = outline(document.blocks, form)
    _reject_other_documents(document, found, figures, form)
    texts = read_texts(found, form, figures)
    _resolve_note_references(figures, texts, form)
    doubts = [
        *(Doubt((), remark.place, remark.message) for remark in document.remarks),
        *_head_doubts(found, document, form),
        *found.doubts,
        *figures.doubts,
        *texts.doubts,
    ]
    content = Content(_values(found, form), figures.cells, texts.lines)
    order = {pointer: rank for rank, pointer in enumerate(_order(form))}
    doubts.sort(key=lambda doubt: order.get(doubt.pointer, order.get(doubt.pointer[:1], -1)))
    lines = {
        pointer: tuple(line.place for line in each) for pointer, each in texts.lines.items()
    }
    text = write_report(content, form, doubts)
    return ImportedReport(
        text, form, found.body, found.year, tuple(doubts), figures.places, lines
    )


def _best_edition(tables: Sequence[SourceTable]) -> tuple[Form, Figures]:
    """Return the edition in which most cells have a place, and the numbers by it."""
    best: tuple[Form, Figures] | None = None
    known = editions()
    for edition in sorted(known, reverse=True):
        other = next((each for each in known if each != edition), edition)
        figures = read_figures(tables, form_labels(edition), form_labels(other))
        if best is None or _share(figures) > _share(best[1]):
            best = load_form(edition), figures
    assert best is not None
    return best


def _share(figures: Figures) -> int:
    return len(figures.cells) - sum(len(row.unread) for each in figures.tables for row in each.rows)


def _reject_other_documents(
    document: SourceDocument, found: Outline, figures: Figures, form: Form
) -> None:
    sections = len(found.sections)
    labels = sum(table.labels for table in figures.tables)
    text = sum(
        len(block.text)
        for part in found.parts
        for block in part.blocks
        if isinstance(block, Paragraph)
    )
    is_report = len(figures.cells) > 10 or (
        sections >= _FEWEST_SECTIONS and "信息公开" in _all_text(document)
    )
    if not is_report:
        raise UserError("不像政府信息公开工作年度报告：没有认出几部分的标题，也没有认出表")
    if not figures.numbers and text < _FEWEST_CHARACTERS * sections:
        raise UserError("是一张空表：表里没有数，各部分也没有文字")
    if labels and not figures.numbers and text < _FEWEST_CHARACTERS:
        raise UserError("是一张空表：表里没有数，各部分也没有文字")


def _all_text(document: SourceDocument) -> str:
    return "\n".join(
        "".join(block.text.split()) for block in document.blocks if isinstance(block, Paragraph)
    )


def _head_doubts(found: Outline, document: SourceDocument, form: Form) -> list[Doubt]:
    """Return what is missing of title, year, date and headings; set the year where it is known."""
    doubts = []
    if not found.body:
        doubts.append(Doubt(("机关",), found.title_place, "没有认出机关的名称"))
    if not found.year:
        years = [
            year
            for block in document.blocks
            if isinstance(block, Paragraph)
            for year in years_in(block.text)
        ]
        common = max(set(years), key=years.count, default=0)
        found.year = common
        message = f"标题里没有年度，按正文写的是 {common} 年" if common else "没有认出年度"
        doubts.append(Doubt(("年度",), found.title_place, message))
    if found.signed is None:
        doubts.append(Doubt(("成文日期",), Place(), "没有认出成文日期"))
    for section in form.sections:
        if section.key not in found.sections:
            doubts.append(Doubt((section.key,), Place(), f"没有找到标题“{section.title}”"))
    return doubts


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
    """Move a note under a table to the cell that refers to it (见注2)."""
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
    """Return the pointers of the form in the order in which a report has them."""
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
