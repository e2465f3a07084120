"""Two reports as one that holds both, so that the new one is laid out with the old one in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.diff.model import RunKind, TextRun
from nianbao.diff.redline.prose import marked_words, merged
from nianbao.diff.words import Budget, compare_words
from nianbao.model.report import Prose, Value
from nianbao.rendering.markdown.revisions import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.diagnostics.finding import Pointer
    from nianbao.diff.model import CellChange, Change, ProseChange
    from nianbao.diff.side import Cell
    from nianbao.model.report import Report


@dataclass(frozen=True, slots=True)
class RevisedValue(Value):
    """A cell that prints what it was beside what it is."""

    marked: Markup = field(default_factory=Markup)

    @property
    def text(self) -> str:
        """The old number struck through and the new one underlined."""
        return self.marked


def merge_reports(
    old: Report, new: Report, change: Change
) -> tuple[Report, tuple[CellChange, ...]]:
    """The new report with every change marked in it, and the changes that have no cell in it."""
    values = dict(new.values)
    homeless = []
    for cell in change.cells:
        if cell.pointer in values:
            values[cell.pointer] = _value(values[cell.pointer], cell)
        else:
            homeless.append(cell)
    texts = {pointer: _plain(prose) for pointer, prose in new.texts.items()}
    for prose in change.prose:
        _put(texts, prose, old, new)
    return replace(new, values=values, texts=texts), tuple(homeless)


def _plain(prose: Prose) -> Prose:
    return replace(prose, rendered=unmarked(prose.rendered))


def _value(value: Value, change: CellChange) -> Value:
    old, new = change.old, change.new
    if old is None or new is None:
        runs = [TextRun(RunKind.DELETE, _shown(old)), TextRun(RunKind.INSERT, _shown(new))]
        return RevisedValue(
            value.number, "", value.written, marked_words(r for r in runs if r.text)
        )
    note = marked_words(compare_words(old.note, new.note, Budget()))
    if old.text == new.text:
        return RevisedValue(value.number, note, value.written, Markup(value.text))
    marked = marked_words(
        [
            TextRun(RunKind.DELETE, old.text),
            TextRun(RunKind.EQUAL, " "),
            TextRun(RunKind.INSERT, new.text),
        ]
    )
    return RevisedValue(value.number, note, value.written, marked)


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"{cell.text}（{cell.note}）" if cell.note else cell.text


def _put(texts: dict[Pointer, Prose], change: ProseChange, old: Report, new: Report) -> None:
    """Put a changed prose in its place; one that is no more, where it was."""
    form = new.form
    kinds = {text.pointer: text.kind for section in form.sections for text in section.texts}
    pointer = change.new or _beyond(change.old or ())
    notes = {section.notes.pointer for section in form.sections if section.notes}
    if pointer in notes:
        for place in [place for place in texts if place[:-1] == pointer]:
            del texts[place]
        for number, paragraph in enumerate(change.paragraphs):
            place = (*pointer, number)
            texts[place] = Prose(place, "", marked_words(paragraph.runs), ())
        return
    is_title = kinds.get(pointer[:-2]) == "extra" and pointer[-1] == "标题"
    before, after = _text(old, change.old), _text(new, change.new)
    text = marked_words(_runs(change)) if is_title else merged(change.paragraphs, before, after)
    texts[pointer] = Prose(pointer, "", text, ())


def _text(report: Report, pointer: Pointer | None) -> str:
    prose = report.texts.get(pointer) if pointer is not None else None
    return prose.rendered if prose else ""


def _runs(change: ProseChange) -> Iterator[TextRun]:
    for paragraph in change.paragraphs:
        yield from paragraph.runs


def _beyond(pointer: Pointer) -> Pointer:
    """Where a prose that is no more is put: an item of a list behind those that there are."""
    if len(pointer) < 2 or not isinstance(pointer[-2], int):
        return pointer
    above = pointer[:-2]
    # Numbers that no list reaches keep the order of those that went.
    return (*above, 1_000_000 + pointer[-2], pointer[-1])
