"""The report: cells as numbers, missing totals computed, references in prose put in.

`compile_report` takes a source that has passed the structure check. Nothing here judges whether
the numbers agree; that is the rules' work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.diagnostics.finding import Pointer

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.diagnostics.finding import Finding, Pointer, Severity
from nianbao.model.references import (
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
# Lines at the top of a report that are printed as they are.
_LINES = ("机关", "文号", "联系方式")
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~&])")


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell holds: a number, or None for `/` (not applicable), and its note.

    `written` is False for a total that the report leaves out and the program computed.
    """

    number: Number | None
    note: str = ""
    written: bool = True

    @property
    def amount(self) -> Number:
        """The number for sums: `/` counts as 0."""
        return 0 if self.number is None else self.number

    @property
    def text(self) -> str:
        """The number as printed, without its note."""
        if type(self.number) is int:
            return str(self.number)
        return "/" if self.number is None else f"{self.number:f}"


@dataclass(frozen=True, slots=True)
class Prose:
    """One text of the report: as written in the file, and as printed."""

    pointer: Pointer
    source_text: str
    rendered: str
    pieces: tuple[TextPiece, ...]

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the printed text stands in the written one: start and length."""
        pieces = [piece for piece in self.pieces if piece.end > start and piece.start < end]
        if not pieces:
            return 0, 0
        first, last = pieces[0], pieces[-1]
        begin = first.source_start if first.path else first.source_start + start - first.start
        stop = last.source_end if last.path else last.source_start + end - last.start
        return begin, max(stop - begin, 1)


@dataclass(frozen=True, slots=True)
class Report:
    """A compiled report. `values` has every cell of the form, totals included, by pointer.

    `texts` has every prose, heading of a further block and note that is written and not empty.
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
        """The report as written."""
        data: Mapping[str, Any] = self.source.data  # type: ignore[assignment]
        return data

    @property
    def title(self) -> tuple[str, ...]:
        """The title, by lines."""
        return tuple(line.format(机关=self.body, 年度=self.year) for line in self.form.title)


def printed_texts(report: Report) -> Iterator[tuple[Pointer, str]]:
    """Every text that is printed and not the form's own, as written."""
    for key in _LINES:
        if key in report.data:
            yield (key,), report.data[key]
    for pointer, prose in report.texts.items():
        yield pointer, prose.source_text
    for pointer, value in report.values.items():
        if value.note:
            yield (*pointer, "注"), value.note


def compile_report(source: Source, form: Form) -> tuple[Report, list[Finding]]:
    """Compute the totals and render the prose; findings are references that lead nowhere."""
    data: Mapping[str, Any] = source.data  # type: ignore[assignment]
    values = cell_values(data, form)
    every = list(iter_texts(data, form))
    names = (
        _names(data, values) if any(may_contain_reference(written) for _, written in every) else {}
    )
    texts: dict[Pointer, Prose] = {}
    findings: list[Finding] = []
    for pointer, written in every:
        text, pieces, faults = substitute(written, names)
        texts[pointer] = Prose(pointer, written, text, pieces)
        findings += (_fault(source, pointer, written, fault) for fault in faults)
    signed = date.fromisoformat(data["成文日期"])
    report = Report(source, form, data["年度"], data["机关"], signed, values, texts)
    for pointer, written in printed_texts(report):
        if pointer not in texts:
            findings += (
                _fault(source, pointer, written, fault) for fault in find_misplaced(written)
            )
    return report, findings


def _fault(source: Source, pointer: Pointer, written: str, fault: ReferenceProblem) -> Finding:
    span = source.span_of_text(pointer, written, fault.start, fault.end - fault.start)
    error = Severity.ERROR
    return Finding("S201", error, source.path, span, pointer, fault.message, fault.help)


def value_at(data: Any, pointer: Iterable[str | int]) -> Any:
    """The value at a pointer, or None where the way ends."""
    for part in pointer:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def cell_value(written: Any) -> Value:
    """A cell as written, which must be one that passes the structure check."""
    if isinstance(written, dict):
        return Value(cell_value(written["数值"]).number, written["注"].strip())
    return Value(None if written == "/" else written)


def cell_values(data: Mapping[str, Any], form: Form) -> dict[Pointer, Value]:
    """Every cell of the form, with the totals that are left out computed from their parts."""
    values: dict[Pointer, Value] = {}
    for section in form.sections:
        rows = sorted(section.rows, key=lambda row: row.total)  # totals of rows come last
        for row in rows:
            written = value_at(data, row.pointer) or {}
            for pointer, column in row.cells():
                if written.get(column.key) is not None:
                    values[pointer] = cell_value(written[column.key])
                elif row.total and not column.total:
                    parts = [(*part.pointer, column.key) for part in summands(row, section.rows)]
                    values[pointer] = _sum(values[part] for part in parts)
            for pointer, _ in row.cells():
                if pointer not in values:
                    siblings = [cell for cell, other in row.cells() if not other.total]
                    values[pointer] = _sum(values[cell] for cell in siblings)
    return values


def summands(total: Row, rows: Iterable[Row]) -> list[Row]:
    """The rows that a total row adds up: all others below the same group."""
    group = total.pointer[:-1]
    return [row for row in rows if row.pointer[: len(group)] == group and not row.total]


def _sum(parts: Iterable[Value]) -> Value:
    return Value(sum((part.amount for part in parts), 0), written=False)


def _names(data: Mapping[str, Any], values: Mapping[Pointer, Value]) -> dict[str, str]:
    """What prose may refer to: the cells, and the words of one line at the top of the report."""
    names = {
        key: _MARKDOWN_SPECIAL.sub(r"\\\1", str(value))
        for key, value in data.items()
        if isinstance(value, (str, int)) and "\n" not in str(value)
    }
    names |= {".".join(map(str, pointer)): value.text for pointer, value in values.items()}
    return names


def iter_texts(data: Mapping[str, Any], form: Form) -> Iterator[tuple[Pointer, str]]:
    """Every text of the report that is not empty, in the order of the form."""
    places: list[Pointer] = [form.lead.pointer]
    for section in form.sections:
        for text in (*section.texts, *((section.notes,) if section.notes else ())):
            written = value_at(data, text.pointer)
            if isinstance(written, list):
                for number, item in enumerate(written):
                    keys = list(item) if isinstance(item, dict) else []
                    places += [(*text.pointer, number, key) for key in keys]
                    places += [] if keys else [(*text.pointer, number)]
            else:
                places.append(text.pointer)
    for place in places:
        written = value_at(data, place)
        if isinstance(written, str) and written.strip():
            yield place, written


def sum_of(values: Mapping[Pointer, Value], cells: Iterable[Pointer]) -> Number:
    """The sum of some cells."""
    return sum((values[cell].amount for cell in cells), 0)
