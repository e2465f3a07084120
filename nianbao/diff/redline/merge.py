"""Merge two versions of a report into one report with marked changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.diff.model import RunKind, TextRun
from nianbao.diff.redline.prose import marked_text, merged_markdown
from nianbao.diff.words import Budget, compare_words
from nianbao.model.report import Prose
from nianbao.rendering.markdown.revisions import unmarked
from nianbao.rendering.tables import PrintedValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.diff.model import CellChange, Change, ProseChange
    from nianbao.diff.side import Cell
    from nianbao.model.report import Report, Value


# Added to the index of a deleted list item: larger than any index, and the order is kept.
_AFTER_ALL_ITEMS = 1_000_000


def merge_reports(
    old: Report, new: Report, change: Change
) -> tuple[Report, tuple[CellChange, ...]]:
    """Return the new report with marked changes, and the changes that can't be marked in it.

    A change can't be marked if the form of the new report lacks the cell.
    """
    values = dict(new.values)
    unplaced = []
    for cell in change.cells:
        if cell.pointer in values:
            values[cell.pointer] = _value(values[cell.pointer], cell)
        else:
            unplaced.append(cell)
    texts = {pointer: _plain(prose) for pointer, prose in new.texts.items()}
    for prose in change.prose:
        _mark_prose(texts, prose, old, new)
    return replace(new, values=values, texts=texts), tuple(unplaced)


def _plain(prose: Prose) -> Prose:
    return replace(prose, rendered=unmarked(prose.rendered))


def _value(value: Value, change: CellChange) -> Value:
    old, new = change.old, change.new
    if old is None or new is None:
        runs = [TextRun(RunKind.DELETE, _shown(old)), TextRun(RunKind.INSERT, _shown(new))]
        return PrintedValue(value.number, "", value.written, marked_text(r for r in runs if r.text))
    note = marked_text(compare_words(old.note, new.note, Budget()))
    if old.text == new.text:
        return PrintedValue(value.number, note, value.written, Markup(value.text))
    marked = marked_text(
        [
            TextRun(RunKind.DELETE, old.text),
            TextRun(RunKind.EQUAL, " "),
            TextRun(RunKind.INSERT, new.text),
        ]
    )
    return PrintedValue(value.number, note, value.written, marked)


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"{cell.text}（{cell.note}）" if cell.note else cell.text


def _mark_prose(texts: dict[Pointer, Prose], change: ProseChange, old: Report, new: Report) -> None:
    """Replace a changed text in `texts` by its marked version; deleted text keeps its position."""
    form = new.form
    kinds = {text.pointer: text.kind for section in form.sections for text in section.texts}
    pointer = change.new or _pointer_of_deleted(change.old or ())
    notes = {section.notes.pointer for section in form.sections if section.notes}
    if pointer in notes:
        for note in [each for each in texts if each[:-1] == pointer]:
            del texts[note]
        for number, paragraph in enumerate(change.paragraphs):
            note = (*pointer, number)
            texts[note] = Prose(note, "", marked_text(paragraph.runs), ())
        return
    is_title = kinds.get(pointer[:-2]) == "extra" and pointer[-1] == "标题"
    before, after = _text(old, change.old), _text(new, change.new)
    text = (
        marked_text(_runs(change))
        if is_title
        else merged_markdown(change.paragraphs, before, after)
    )
    texts[pointer] = Prose(pointer, "", text, ())


def _text(report: Report, pointer: Pointer | None) -> str:
    prose = report.texts.get(pointer) if pointer is not None else None
    return prose.rendered if prose else ""


def _runs(change: ProseChange) -> Iterator[TextRun]:
    for paragraph in change.paragraphs:
        yield from paragraph.runs


def _pointer_of_deleted(pointer: Pointer) -> Pointer:
    """Return the pointer for showing deleted prose; deleted list items come after all others."""
    if len(pointer) < 2 or not isinstance(pointer[-2], int):
        return pointer
    above = pointer[:-2]
    return (*above, _AFTER_ALL_ITEMS + pointer[-2], pointer[-1])
