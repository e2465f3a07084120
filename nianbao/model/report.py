"""Compile a report: read its cells, compute missing totals, replace references in its prose.

The rules, not this module, check whether the numbers agree.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import Finding, Pointer, Severity, Span
from nianbao.model.prose import MAX_CHARACTERS, find_excess
from nianbao.model.references import (
    MAX_PROBLEMS,
    ReferenceProblem,
    TextPiece,
    find_misplaced,
    may_contain_reference,
    substitute,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.model.form import Form, Row
    from nianbao.model.source import Source

Number = int | Decimal
# Top-level keys of a report whose lines are printed unchanged.
_LINES = ("机关", "文号", "联系方式")
BLOCK_KEYS = ("标题", "正文")  # of a further block (补充)
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~&])")


def number_text(number: Number) -> str:
    """Return the text of a number, as in a cell of a report."""
    return str(number) if type(number) is int else f"{number:f}"


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a cell: a number with a note.

    `number`: None for `/` (not applicable).
    `note`: the remark after the number, or "".
    `written`: False for a total that is computed because it is not in the file.
    """

    number: Number | None
    note: str = ""
    written: bool = True

    @property
    def amount(self) -> Number:
        """The number to use in sums; `/` counts as 0."""
        return 0 if self.number is None else self.number

    @property
    def text(self) -> str:
        """The number as printed, without its note."""
        return "/" if self.number is None else number_text(self.number)


@dataclass(frozen=True, slots=True)
class Prose:
    """One text of the report.

    `source_text`: the text as written in the file.
    `rendered`: the text as printed, with references replaced.
    `pieces`: the parts of `rendered`, each with its position in `source_text`.
    """

    pointer: Pointer
    source_text: str
    rendered: str
    pieces: tuple[TextPiece, ...]

    def rendered_offset(self, source_offset: int) -> int:
        """Convert an offset in `source_text` into an offset in `rendered`."""
        for piece in self.pieces:
            if source_offset <= piece.source_end:
                inside = (
                    piece.end if piece.path else piece.start + source_offset - piece.source_start
                )
                return max(piece.start, inside)
        return len(self.rendered)

    def span(self, source: Source, start: int, end: int) -> Span:
        """Return the span in the file that `rendered[start:end]` comes from."""
        offset, length = self.written_span(start, end)
        return source.span_of_text(self.pointer, self.source_text, offset, length)

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the part of `source_text` that `rendered[start:end]` comes from.

        The result is the offset and the length of this part.
        """
        index = bisect_right(self.pieces, start, key=lambda piece: piece.end)
        stop_index = bisect_left(self.pieces, end, key=lambda piece: piece.start)
        if index >= stop_index:
            return 0, 0
        first, last = self.pieces[index], self.pieces[stop_index - 1]
        begin = first.source_start if first.path else first.source_start + start - first.start
        stop = last.source_end if last.path else last.source_start + end - last.start
        return begin, max(stop - begin, 1)


@dataclass(frozen=True, slots=True)
class Report:
    """A compiled report.

    `year`: 年度.
    `body`: 机关.
    `signed`: 成文日期.
    `values`: the value of every cell of the form by pointer, including totals.
    `texts`: every text that is not empty, by pointer: prose, titles of extra blocks, notes.
    """

    source: Source
    form: Form
    year: int
    body: str
    signed: date
    values: Mapping[Pointer, Value]
    texts: Mapping[Pointer, Prose]

    @property
    def data(self) -> Mapping[str, Any]:
        """The top-level keys and values of the report, as written in the file."""
        data: Mapping[str, Any] = self.source.data  # type: ignore[assignment]
        return data

    @property
    def title(self) -> tuple[str, ...]:
        """The lines of the report's title, as printed."""
        return tuple(line.format(机关=self.body, 年度=self.year) for line in self.form.title)


def printed_texts(report: Report) -> Iterator[tuple[Pointer, str]]:
    """Yield the pointer and the source text of each printed text of a report.

    The texts are 机关, 文号, 联系方式, all prose and the notes of cells. Labels of the form are not
    included.
    """
    for key in _LINES:
        if key in report.data:
            yield (key,), report.data[key]
    for pointer, prose in report.texts.items():
        yield pointer, prose.source_text
    for pointer, value in report.values.items():
        if value.note:
            yield (*pointer, "注"), value.note


def compile_report(source: Source, form: Form) -> tuple[Report, list[Finding]]:
    """Make a report from a source: compute its totals and replace its references.

    The source must have passed the structure check.

    Return the report, and the findings about its references.
    """
    data: Mapping[str, Any] = source.data  # type: ignore[assignment]
    values = cell_values(data, form)
    texts, findings = render_texts(source, form, values)
    signed = date.fromisoformat(data["成文日期"])
    report = Report(source, form, data["年度"], data["机关"], signed, values, texts)
    for pointer, written in printed_texts(report):
        if pointer not in texts:
            misplaced = islice(find_misplaced(written), MAX_PROBLEMS)
            findings += (_finding(source, pointer, written, problem) for problem in misplaced)
    return report, findings


def render_texts(
    source: Source, form: Form, values: Mapping[Pointer, Value]
) -> tuple[dict[Pointer, Prose], list[Finding]]:
    """Return the rendered texts by pointer, and a finding for each unresolved reference.

    `values`: the value of every cell of the form, by pointer.
    """
    data: Any = source.data
    written_texts = list(iter_texts(data, form))
    has_references = any(may_contain_reference(written) for _, written in written_texts)
    names = _names(data, values) if has_references else {}
    texts: dict[Pointer, Prose] = {}
    findings: list[Finding] = []
    room = MAX_CHARACTERS
    for pointer, written in written_texts:
        text, pieces, problems = substitute(written, names, room)
        room -= len(text) - len(written)
        texts[pointer] = Prose(pointer, written, text, pieces)
        findings += (_finding(source, pointer, written, problem) for problem in problems)
    return texts, findings


def _finding(source: Source, pointer: Pointer, written: str, problem: ReferenceProblem) -> Finding:
    span = source.span_of_text(pointer, written, problem.start, problem.end - problem.start)
    error = Severity.ERROR
    return Finding("S201", error, source.path, span, pointer, problem.message, problem.help)


def find_excessive_prose(report: Report) -> Iterator[Finding]:
    """Yield a finding (S202) for each limit that the report's prose exceeds.

    Beyond the limits, rules and outputs would take too long.
    """
    source, texts = report.source, list(report.texts.values())
    for index, start, end, problem in find_excess([prose.rendered for prose in texts]):
        prose = texts[index]
        more = (prose.span(source, start, end), prose.pointer, problem.message, problem.help)
        yield Finding("S202", Severity.ERROR, source.path, *more)


def value_at(data: Any, pointer: Iterable[str | int]) -> Any:
    """Return the value at a pointer in the data of a report, or None."""
    for part in pointer:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def cell_value(written: Any) -> Value:
    """Convert the content of a cell to a Value.

    The content must have passed the structure check.
    """
    if isinstance(written, dict):
        return Value(cell_value(written["数值"]).number, written["注"].strip())
    return Value(None if written == "/" else written)


def cell_values(data: Mapping[str, Any], form: Form) -> dict[Pointer, Value]:
    """Return the value of every cell of the form, by pointer.

    A total that is not in the file is computed.
    """
    values: dict[Pointer, Value] = {}
    for section in form.sections:
        rows = sorted(section.rows, key=lambda row: row.total)  # total rows last
        for row in rows:
            written = value_at(data, row.pointer) or {}
            missing = []
            for pointer, column in row.cells():
                if written.get(column.key) is not None:
                    values[pointer] = cell_value(written[column.key])
                elif row.total and not column.total:
                    parts = [(*part.pointer, column.key) for part in summands(row, section.rows)]
                    values[pointer] = Value(sum_of(values, parts), written=False)
                else:
                    missing.append(pointer)
            for pointer in missing:
                siblings = [cell for cell, other in row.cells() if not other.total]
                values[pointer] = Value(sum_of(values, siblings), written=False)
    return values


def summands(total: Row, rows: Iterable[Row]) -> list[Row]:
    """Return the rows whose sum is the row `total`.

    These rows are in the same group as `total`, at any depth. Rows that are totals are left out.

    `rows`: the rows to choose from.
    """
    group = total.pointer[:-1]
    return [row for row in rows if row.pointer[: len(group)] == group and not row.total]


def sum_of(values: Mapping[Pointer, Value], cells: Iterable[Pointer]) -> Number:
    """Return the sum of the given cells; `/` counts as 0."""
    return sum([values[cell].amount for cell in cells])


def _names(data: Mapping[str, Any], values: Mapping[Pointer, Value]) -> dict[str, str]:
    """Return, by dotted path, the text of each value that prose can refer to.

    These are the cells, and the top-level values that are numbers or texts on one line.
    """
    names = {
        key: _MARKDOWN_SPECIAL.sub(r"\\\1", str(value))
        for key, value in data.items()
        if isinstance(value, (str, int)) and "\n" not in str(value)
    }
    names |= {".".join(map(str, pointer)): value.text for pointer, value in values.items()}
    return names


def iter_texts(data: Mapping[str, Any], form: Form) -> Iterator[tuple[Pointer, str]]:
    """Yield the pointer and source text of each text, in the form's order.

    Empty texts are left out.
    """
    pointers: list[Pointer] = [form.lead.pointer]
    for section in form.sections:
        for text in (*section.texts, *((section.notes,) if section.notes else ())):
            written = value_at(data, text.pointer)
            if isinstance(written, list):
                for number, item in enumerate(written):
                    keys = BLOCK_KEYS if isinstance(item, dict) else ()
                    pointers += [(*text.pointer, number, key) for key in keys]
                    pointers += [] if keys else [(*text.pointer, number)]
            elif text.kind != "extra":  # further blocks are a list, or wrong
                pointers.append(text.pointer)
    for pointer in pointers:
        written = value_at(data, pointer)
        if isinstance(written, str) and written.strip():
            yield pointer, written
