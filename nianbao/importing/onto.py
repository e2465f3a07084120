"""Take over the edits that someone made in an output (a Word file …) into the report file.

The output is compared with a new output of the report. Only edited values change: references,
emphasis and comments remain.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from nianbao.checks.checker import compile_source
from nianbao.diff.alignment import align, pair_rewrites
from nianbao.diff.words import Budget
from nianbao.errors import UserError
from nianbao.formatting.editor import ReportEditor
from nianbao.formatting.tree import BlockScalar, Collection, Entry, Node, Scalar
from nianbao.importing.document import Place
from nianbao.importing.doubts import quoted
from nianbao.importing.importer import import_document
from nianbao.importing.markdown import escape_line, plain_bullet, printable
from nianbao.importing.report_file import markdown_lines, yaml_scalar
from nianbao.importing.rewriting import Piece, printed_text, rewrite, split_line
from nianbao.model.report import Value, cell_value, render_texts, value_at
from nianbao.parsing.reader import parse_source
from nianbao.rendering.table_notes import is_below
from nianbao.utils.characters import half_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.diff.alignment import Pair
    from nianbao.importing.doubts import Doubt
    from nianbao.importing.importer import ImportedReport
    from nianbao.importing.matching.outline import Line
    from nianbao.model.form import Form, TextField
    from nianbao.model.report import Prose, Report
    from nianbao.model.source import Source
    from nianbao.workspace.settings import Settings

_HEADS: Final = ("成文日期", "发布日期", "文号", "联系方式")
_TEXT_HEADS: Final = ("文号", "联系方式")


class _Round(Enum):
    """The kind of values that a round changes. After each round the report is printed again.

    CELLS: numbers, notes in cells and single values. TOTALS: totals that the report file leaves
    out, where the edited file has another number than the computed one. TEXTS: prose, with
    references that now have their new values. PLAIN: lines that still differ, now without their
    markup.
    """

    CELLS = "cells"
    TOTALS = "totals"
    TEXTS = "texts"
    PLAIN = "plain"


class Difference(NamedTuple):
    """A place where a report still differs from the edited file after `merge_edits`.

    `pointer`: the part of the report.
    `subject`: the name of this part, in the form's words.
    `report`, `file`: the printed values in the report and in the edited file, or "".
    `place`: the place in the edited file.
    `reason`: the reason why the edit was not written, in Chinese, or "".
    """

    pointer: Pointer
    subject: str
    report: str
    file: str
    place: Place
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MergedReport:
    """A report file with the edits that a person made in a printed copy.

    `source`: the changed report file; `source.raw` is the bytes to write.
    `left`: the differences that were not written into the report file.
    `doubts`: the doubts that the edits caused when the copy was read.
    """

    source: Source
    left: tuple[Difference, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Pages:
    """The content of a printed copy of a report.

    `imported`: the copy as it was read.
    `cells`, `lines`: its cells and the lines of its texts, by pointer.
    `heads`: its single values (成文日期, 文号 …) by key.
    """

    imported: ImportedReport
    cells: Mapping[Pointer, Value]
    lines: Mapping[Pointer, tuple[Line, ...]]
    heads: Mapping[str, str]


def merge_edits(
    report: Report, imported: ImportedReport, settings: Settings, waived: Sequence[Finding]
) -> MergedReport:
    """Return a report file with the edits that a person made in a printed copy.

    No file is written.

    `imported`: the edited copy, as an import reads it.
    `settings`: the settings with which the report was printed.
    `waived`: the findings that the report accepts (豁免); their notes are printed.

    Raises UserError if the copy has another body, year or edition of the form.
    """
    edited = _pages(imported)
    pages = _print(report, settings, waived)
    _refuse_another_report(pages.imported, imported)
    known = {(doubt.pointer, doubt.message) for doubt in pages.imported.doubts}
    doubts = tuple(each for each in imported.doubts if (each.pointer, each.message) not in known)
    current = report
    for each in _Round:
        content = _Changes(report, current, pages, edited, doubts, each).made()
        if content == current.source.raw:
            continue
        compiled = compile_source(parse_source(content, report.source.path))
        if compiled.report is None or compiled.has_errors:
            break  # never make a file worse
        current = compiled.report
        pages = _print(current, settings, waived)
    left = tuple(_differences(current.form, pages, edited, doubts))
    return MergedReport(current.source, left, doubts)


def _print(report: Report, settings: Settings, waived: Sequence[Finding]) -> _Pages:
    """Print a report, and return what the command `import` would read from the printed copy."""
    from nianbao.importing.readers import read_document
    from nianbao.rendering import render_report

    printed = render_report(report, "html", settings, Path(os.devnull), waived)
    return _pages(import_document(read_document(printed, "html")))


def _pages(imported: ImportedReport) -> _Pages:
    data: Any = parse_source(imported.text.encode(), "").data
    cells = {
        pointer: cell_value(written)
        for row in imported.form.rows
        for pointer, _ in row.cells()
        if (written := value_at(data, pointer)) is not None
    }
    lines = {
        pointer: tuple(
            line._replace(text=plain_bullet(printable(line.text)))
            for line in each
            if line.text.strip()
        )
        for pointer, each in imported.lines.items()
    }
    heads = {key: str(data[key]) for key in _HEADS if isinstance(data, dict) and data.get(key)}
    return _Pages(imported, cells, lines, heads)


def _refuse_another_report(report: ImportedReport, file: ImportedReport) -> None:
    """Raise UserError if a file is a printed copy of another report."""
    pairs = (
        ("机关", report.body, file.body),
        ("年度", str(report.year), str(file.year or "")),
        ("格式", str(report.form.edition), str(file.form.edition)),
    )
    for name, ours, theirs in pairs:
        if half_width(_bare(ours)) != half_width(_bare(theirs)):
            shown = quoted(theirs) if theirs else "认不出来"
            raise UserError(f"不是同一份报告，没有改：报告的{name}是{quoted(ours)}，文件的{shown}")


def _bare(text: str) -> str:
    return "".join(text.split())


def _line_texts(lines: Sequence[Line]) -> list[str]:
    return [_bare(line.text) for line in lines]


# ── what differs


def _is_same_cell(ours: Value | None, theirs: Value | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return ours.text == theirs.text and _bare(ours.note) == _bare(theirs.note)


def _differences(
    form: Form, pages: _Pages, edited: _Pages, doubts: Sequence[Doubt]
) -> Iterator[Difference]:
    """Yield the differences between two printed copies of a report.

    `pages`: the copy as the report prints it now. `edited`: the edited copy.
    """
    for key in _HEADS:
        ours, theirs = pages.heads.get(key, ""), edited.heads.get(key, "")
        if _bare(ours) != _bare(theirs) and (theirs or key not in ("发布日期", "联系方式")):
            place = edited.imported.places.get((key,), Place())
            yield _difference(form, (key,), ours, theirs, place, doubts)
    for row in form.rows:
        for pointer, _ in row.cells():
            before, after = pages.cells.get(pointer), edited.cells.get(pointer)
            if not _is_same_cell(before, after):
                place = edited.imported.places.get(pointer, Place())
                values = _cell_text(before), _cell_text(after)
                yield _difference(form, pointer, *values, place, doubts)
    budget = Budget()
    for pointer in dict.fromkeys((*pages.lines, *edited.lines)):
        lines = pages.lines.get(pointer, ()), edited.lines.get(pointer, ())
        for i, j in _paired(*lines, budget):
            old = "" if i is None else lines[0][i].text
            new = "" if j is None else lines[1][j].text
            if _bare(old) != _bare(new):
                place = Place() if j is None else lines[1][j].place
                yield _difference(form, pointer, old, new, place, doubts)


def _difference(
    form: Form, pointer: Pointer, ours: str, theirs: str, place: Place, doubts: Sequence[Doubt]
) -> Difference:
    reason = next((each.message for each in _about(pointer, doubts)), "")
    subject = " › ".join(form.labels(pointer))
    return Difference(pointer, subject, ours, theirs, place, reason)


def _about(pointer: Pointer, doubts: Sequence[Doubt]) -> Iterator[Doubt]:
    """Yield the doubts about reading a value, or about reading a part of the report around it."""
    for doubt in doubts:
        if doubt.unclear and doubt.pointer and pointer[: len(doubt.pointer)] == doubt.pointer:
            yield doubt


def _cell_text(value: Value | None) -> str:
    if value is None:
        return ""
    return f"{value.text}（{value.note}）" if value.note else value.text


def _paired(ours: Sequence[Line], theirs: Sequence[Line], budget: Budget) -> list[Pair]:
    """Return the indexes of lines that correspond to each other, in the order of both texts.

    An index is None if a line has no counterpart.
    """
    return _paired_texts(_line_texts(ours), _line_texts(theirs), budget)


def _paired_texts(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    return pair_rewrites(old, new, align(old, new, budget), frozenset())


# ── what is changed


class _WrittenLine(NamedTuple):
    """A line of prose in the report file.

    `number`: the index of the line in its text, or of the note in its list.
    `written`: the line as it is in the file.
    `pieces`: its pieces.
    `original`: the same pieces, but with the numbers of the original report in the references.
    """

    number: int
    written: str
    pieces: tuple[Piece, ...]
    original: tuple[Piece, ...]

    @property
    def printed(self) -> str:
        """The line as printed, without any blanks."""
        return _bare(printed_text(self.pieces))


class _Changes:
    """The changes of one round, from what the report prints to what the edited file says."""

    def __init__(
        self,
        original: Report,
        report: Report,
        pages: _Pages,
        edited: _Pages,
        doubts: Sequence[Doubt],
        current: _Round,
    ) -> None:
        """Prepare the changes of one round.

        `original`: the report before all rounds.
        `report`: the report before this round.
        `pages`: what `report` prints.
        `edited`: what the edited file says.
        `doubts`: the doubts about reading the edited file.
        `current`: the round.
        """
        self._report = report
        self._pages = pages
        self._edited = edited
        self._doubts = doubts
        self._round = current
        self._budget = Budget()
        self._editor = ReportEditor(report.source, report.form)
        # The texts with the numbers of the original in their references.
        self._originals = render_texts(report.source, report.form, original.values)[0]

    def made(self) -> bytes:
        """Make the changes, and return the bytes of the changed report file."""
        if self._round is _Round.CELLS:
            self._change_heads()
        if self._round in (_Round.CELLS, _Round.TOTALS):
            for row in self._report.form.rows:
                for pointer, _ in row.cells():
                    self._change_cell(pointer)
        else:
            self._change_texts()
        return self._editor.content()

    def _change_texts(self) -> None:
        self._change_text(self._report.form.lead)
        for section in self._report.form.sections:
            key = (section.key,)
            places = (pages.imported.places for pages in (self._pages, self._edited))
            if [key in each for each in places] == [True, False]:
                continue  # its heading was not found, so its texts may be anywhere
            for text in section.texts:
                if text.kind == "extra":
                    self._change_items(text)
                else:
                    self._change_text(text)
            if section.notes:
                self._change_notes(section.notes)

    def _change_heads(self) -> None:
        for key, theirs in self._edited.heads.items():
            if _bare(self._pages.heads.get(key, "")) != _bare(theirs) and not any(
                _about((key,), self._doubts)
            ):
                is_text = key in _TEXT_HEADS
                self._editor.put((key,), Scalar(yaml_scalar(theirs) if is_text else theirs))

    def _change_cell(self, pointer: Pointer) -> None:
        ours, theirs = self._pages.cells.get(pointer), self._edited.cells.get(pointer)
        if theirs is None or _is_same_cell(ours, theirs) or any(_about(pointer, self._doubts)):
            return
        if self._round is _Round.CELLS and not self._report.values[pointer].written:
            return
        note = Scalar(yaml_scalar(theirs.note)) if theirs.note else None
        has_note = isinstance(value_at(self._report.data, pointer), dict)
        if note is None:
            self._editor.put(pointer, Scalar(theirs.text))
        elif not has_note:
            pair = (("数值", Scalar(theirs.text)), ("注", note))
            entries = tuple(Entry(key, key, value) for key, value in pair)
            self._editor.put(pointer, Collection(True, entries, flow=True))
        else:
            if ours is None or ours.text != theirs.text:
                self._editor.put((*pointer, "数值"), Scalar(theirs.text))
            if ours is None or _bare(ours.note) != _bare(theirs.note):
                self._editor.put((*pointer, "注"), note)

    # ── texts

    def _change_text(self, text: TextField) -> None:
        self._change_lines(text.pointer, text.pointer, text.pointer)

    def _change_lines(self, pointer: Pointer, ours: Pointer, theirs: Pointer) -> None:
        """Change the text at `pointer` in the report file.

        `ours`, `theirs`: the pointers of the text in the two printed copies, that of the report and
        the edited one.
        """
        old, new = self._pages.lines.get(ours, ()), self._edited.lines.get(theirs, ())
        if _line_texts(old) == _line_texts(new):
            return
        prose = self._report.texts.get(pointer)
        written = _written_lines(prose, self._originals[pointer]) if prose else []
        lines = self._changed(written, old, new)
        count = len(prose.source_text.removesuffix("\n").split("\n")) if prose else 0
        if lines == list(range(count)):
            return
        texts = [written[each].written if isinstance(each, int) else each for each in lines]
        if not any(line.strip() for line in texts):
            self._editor.put(pointer, Scalar(""))
        elif self._editor.is_literal(pointer):
            self._editor.put_lines(pointer, lines)
        else:
            self._editor.put(pointer, _text_node(texts, single=pointer[-1] == "标题"))

    def _changed(
        self, written: Sequence[_WrittenLine], old: Sequence[Line], new: Sequence[Line]
    ) -> list[str | int]:
        """Return the lines of a text after the edits. An unchanged line is given by its index.

        `written`: the lines of the report file. `old`, `new`: the lines of both prints.
        """
        lines_by_number = {line.number: line for line in written}
        homes = self._homes(written, old)
        # A reference whose number changed with its cell, but not in the text of the file, stays.
        renumbered = {
            _bare(printed_text(lines_by_number[home].original)): old[i].text
            for i, home in homes.items()
        }
        new = [line._replace(text=renumbered.get(_bare(line.text), line.text)) for line in new]
        pairs = _paired(old, new, self._budget)
        deleted: set[int] = set()
        rewritten: dict[int, str] = {}
        added: dict[int, list[str]] = {}
        after = -1  # the line of the file after which what is new belongs
        last = ""
        for i, j in pairs:
            home = homes.get(i) if i is not None else None
            if j is None:
                deleted |= {home} if home is not None else set()
            elif i is None:
                last = _new_line(last, new[j].text)
                added.setdefault(after, []).append(last)
            elif home is not None:
                before, last = last, lines_by_number[home].written
                if _bare(old[i].text) != _bare(new[j].text):
                    last = self._rewritten(lines_by_number[home], old[i].text, new[j].text, before)
                    rewritten[home] = last
            after = after if home is None else home
        lines: list[str | int] = [*added.get(-1, [])]
        for line in written:
            number = line.number
            lines += [rewritten.get(number, number)] if number not in deleted else []
            lines += added.get(number, [])
        return lines

    def _homes(self, written: Sequence[_WrittenLine], old: Sequence[Line]) -> dict[int, int]:
        """Return, for each printed line of a text, the line of the report file that prints it.

        Both are given by their indexes. `written`: the lines of the report file. `old`: the printed
        lines; a printed line is left out if no line of the report file was found for it.
        """
        visible = [line for line in written if line.printed]
        texts = _line_texts(old)
        ours = [line.printed for line in visible]
        pairs = _paired_texts(ours, texts, self._budget)
        return {j: visible[i].number for i, j in pairs if i is not None and j is not None}

    def _rewritten(self, line: _WrittenLine, old: str, new: str, before: str) -> str:
        found = None
        if self._round is _Round.TEXTS:
            found = rewrite(line.pieces, old, new, self._budget)
        if found is None:  # markup that this module does not know
            return _new_line(before, new)
        if line.original != line.pieces:
            text = printed_text(line.original)
            other = rewrite(line.original, text, new, self._budget) or ""
            found = other if other.count("{{") > found.count("{{") else found
        return found

    # ── lists

    def _change_items(self, text: TextField) -> None:
        """Change the further blocks: edit those in both prints, add new ones, remove others."""
        ours, theirs = (_items(text.pointer, pages.lines) for pages in (self._pages, self._edited))
        written = _items(text.pointer, self._report.texts)
        if len(ours) != len(written):
            return  # not printed as they are written
        bodies = [
            [_body(pages, item) for item in items]
            for pages, items in ((self._pages, ours), (self._edited, theirs))
        ]
        after = 0
        for i, j in _paired_texts(bodies[0], bodies[1], self._budget):
            if i is None and j is not None:
                self._editor.add_item(text.pointer, after, self._new_item(theirs[j]))
                continue
            assert i is not None
            index = int(written[i][-1])
            after = index + 1
            if j is None:
                self._editor.remove_item(text.pointer, index)
                continue
            for key in ("标题", "正文"):
                self._change_lines((*written[i], key), (*ours[i], key), (*theirs[j], key))

    def _new_item(self, pointer: Pointer) -> Node:
        title, text = (
            [line.text for line in self._edited.lines.get((*pointer, key), ())]
            for key in ("标题", "正文")
        )
        values = (
            ("标题", Scalar(yaml_scalar(escape_line(" ".join(title))))),
            ("正文", BlockScalar("|", tuple(markdown_lines(text))) if text else Scalar("")),
        )
        return Collection(True, tuple(Entry(key, key, value) for key, value in values))

    def _change_notes(self, text: TextField) -> None:
        """Change the notes under a table. Notes of waivers are no items of this list."""
        old, new = (
            [line for item in _items(text.pointer, pages.lines) for line in pages.lines[item]]
            for pages in (self._pages, self._edited)
        )
        if _line_texts(old) == _line_texts(new):
            return
        written = [
            _written_line(
                int(pointer[-1]),
                prose.source_text,
                (prose, self._originals[pointer]),
                prefix=text.prefix,
            )
            for pointer, prose in sorted(self._report.texts.items())
            if pointer[:-1] == text.pointer
        ]
        lines = self._changed(written, old, new)
        after = 0
        gone = sorted({line.number for line in written}.difference(lines))
        for each in lines:
            if isinstance(each, int):
                after = each + 1
            elif gone and gone[0] == after:
                self._editor.put((*text.pointer, gone.pop(0)), Scalar(yaml_scalar(each)))
                after += 1
            else:
                self._editor.add_item(text.pointer, after, Scalar(yaml_scalar(each)))
        for index in gone:
            self._editor.remove_item(text.pointer, index)


def _items(pointer: Pointer, texts: Iterable[Pointer]) -> list[Pointer]:
    """Return the pointers of those items of the list at `pointer` that have texts.

    `texts`: the pointers of all texts.
    """
    return sorted({each[: len(pointer) + 1] for each in texts if is_below(each, pointer)})


def _body(pages: _Pages, item: Pointer) -> str:
    """Return title and text of a further block, as printed."""
    lines = (line for key in ("标题", "正文") for line in pages.lines.get((*item, key), ()))
    return "\n".join(_bare(line.text) for line in lines)


def _written_lines(prose: Prose, original: Prose) -> list[_WrittenLine]:
    """Return the lines of a text in the report file, including blank lines.

    `original`: the same text with the numbers of the original report.
    """
    lines = []
    offset = 0
    for number, line in enumerate(prose.source_text.removesuffix("\n").split("\n")):
        lines.append(_written_line(number, line, (prose, original), offset))
        offset += len(line) + 1
    return lines


def _written_line(
    number: int, line: str, versions: tuple[Prose, Prose], offset: int = 0, prefix: str = ""
) -> _WrittenLine:
    """Return a line of a text in the report file.

    `versions`: the text with the current numbers, and with the numbers of the original report.
    `offset`: the offset of the line in the text.
    `prefix`: the text that is printed only before the first note.
    """
    size = len(line) - len(line.lstrip()) + len(prefix)
    start = size if prefix and line[:size].strip() == prefix else 0
    pieces = (
        (*([Piece(line[:start], "")] if start else ()), *split_line(line[start:], references))
        for prose in versions
        for references in [_references(prose, offset + start, offset + len(line))]
    )
    return _WrittenLine(number, line, next(pieces), next(pieces))


def _references(prose: Prose, start: int, end: int) -> dict[int, str]:
    """Return the Markdown that replaces each reference in a range of a text.

    The keys are the offsets of the references in the range, which goes from `start` to `end`.
    """
    return {
        piece.source_start - start: prose.rendered[piece.start : piece.end]
        for piece in prose.pieces
        if piece.path and start <= piece.source_start < end
    }


def _new_line(before: str, text: str) -> str:
    """Return a line of Markdown that prints `text`.

    `before`: the line of Markdown after which it will stand.
    """
    return [*markdown_lines([before, text])][-1]


def _text_node(lines: Sequence[str], *, single: bool) -> Node:
    if single or len(lines) == 1:
        return Scalar(yaml_scalar(" ".join(lines)))
    return BlockScalar("|", tuple(lines))
