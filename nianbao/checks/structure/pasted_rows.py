"""Find rows that are written without keys, such as numbers pasted from a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from nianbao.diagnostics.finding import Edit, Pointer, Problem, Span
from nianbao.model.numbers import PrintedNumber, cell_text, read_number
from nianbao.model.report import value_at
from nianbao.model.schema import Schema, holds_cells
from nianbao.parsing.recovery.edits import STEP
from nianbao.utils.characters import ODD_BLANKS, half_width
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Column, Form, Row
    from nianbao.model.source import Location, Source

_BRACKETS: Final = ("()", "[]", "{}", "【】", "〔〕", "「」")
_SEPARATOR = lazy_pattern("[,;、|]")
_BLANKS = lazy_pattern(rf"[\s{ODD_BLANKS}]+")
# Between a number of one to three digits and three digits, a comma may separate thousands.
_MAYBE_THOUSANDS = re.compile(r"(?<![0-9.])[1-9][0-9]{0,2},[0-9]{3}(?![0-9])")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A problem: a row or a group of rows is written without keys.

    `edits`: the edits that add the keys; () if the numbers are ambiguous.
    """

    problem: Problem
    edits: tuple[Edit, ...] = ()


def find_pasted_rows(source: Source, form: Form) -> dict[Pointer, PastedRow]:
    """Return the rows and groups of rows that are written without keys, by pointer."""
    rows = {row.pointer: row for row in form.rows}
    pasted = {}
    for section in form.sections:
        for pointer, node, value in _places(source.data, (section.key,), form):
            location = source.location_of(pointer)
            row = rows.get(pointer)
            found = _fill(source, node, value, location)
            if found is None and row is not None:
                span = _extent(source, location.value)
                found = _numbers(source.text_at(span), row)
                if found and found.problem.replacement is not None:
                    edit = Edit(span, found.problem.replacement)
                    found = PastedRow(found.problem, (edit,))
            if found:
                pasted[pointer] = found
    return pasted


def _extent(source: Source, span: Span) -> Span:
    """Return the span of a whole value.

    `span`: the span of the value, or of only its first bracket.
    """
    closing = {"{": "}", "[": "]"}.get(source.text_at(span))
    for number in range(span.line, len(source.lines) + 1) if closing else ():
        start = span.column if number == span.line else 0
        end = source.lines[number - 1].find(closing or "", start)
        if end >= 0:
            return Span(span.line, span.column, number, end + 2)
    return span


def _places(data: Any, pointer: Pointer, form: Form) -> Iterator[tuple[Pointer, Schema, Any]]:
    """Yield each row and group that is written without keys: pointer, definition, value.

    `pointer`: the part of the report to search.
    """
    node, value = form.schema.node_at(pointer), value_at(data, pointer)
    if value is None or "x-cell" in node or not holds_cells(node):
        return
    properties = form.schema.properties_at(pointer)
    if not isinstance(value, dict) or (value and not value.keys() & properties.keys()):
        yield pointer, node, value
        return
    columns = {column.key for row in form.rows for column in row.columns}
    if (value.keys() - properties.keys()) & columns:
        return  # a row in the place of a group
    for key in properties:
        yield from _places(data, (*pointer, key), form)


def _fill(source: Source, node: Schema, value: Any, location: Location) -> PastedRow | None:
    """Return the problem of a row or group that is written as one 0 or `/` for all its cells.

    Return None if the value is anything else. `node`: the definition of the row or group.
    """
    number = read_number(str(value)) if type(value) in (int, str) else None
    if number is None or number.value or number.note or number.signed or "元" in number.unit:
        return None
    cell = "/" if number.value is None else "0"
    key, span = location.key, location.value
    if key is None or key.line != span.end_line:
        return None
    line = source.lines[key.line - 1]
    problem = Problem(f"只写了一个 {cell}", f"每一行、每一格都要写；都是 {cell} 的，fix 可以写全")
    is_row = any("x-cell" in child for child in node["properties"].values())
    if is_row or line[: key.column - 1].strip():
        return PastedRow(problem, (Edit(span, _flow(node, cell)),))
    start = len(line[: span.column - 1].rstrip()) + 1
    end = len(line) + 1
    lines = "".join(f"\n{each}" for each in _block(node, cell, key.column - 1 + STEP))
    return PastedRow(
        problem,
        (
            Edit(Span(span.line, start, span.line, span.end_column), ""),
            Edit(Span(span.line, end, span.line, end), lines),
        ),
    )


def _flow(node: Schema, cell: str) -> str:
    """Return a row or group as YAML on one line, with the text `cell` in all cells."""
    parts = (
        f"{key}: {cell if 'x-cell' in child else _flow(child, cell)}"
        for key, child in node["properties"].items()
        if holds_cells(child)
    )
    return f"{{{', '.join(parts)}}}"


def _block(node: Schema, cell: str, indent: int) -> Iterator[str]:
    """Yield the lines of a group as YAML, with each row on one line.

    `cell`: the text of every cell. `indent`: the indentation of the lines.
    """
    for key, child in node["properties"].items():
        if not holds_cells(child):
            continue
        if any("x-cell" in below for below in child["properties"].values()):
            yield f"{' ' * indent}{key}: {_flow(child, cell)}"
        else:
            yield f"{' ' * indent}{key}:"
            yield from _block(child, cell, indent + STEP)


def _numbers(text: str, row: Row) -> PastedRow | None:
    """Return the problem of a row that consists of numbers without keys; None for other texts.

    The problem has a replacement if there is one number for each column, or one more number, which
    is the sum of the others.
    """
    numbers = _split(text, alone=len(row.columns) == 1)
    if numbers is None or (len(numbers) == 1 and len(row.columns) > 1):
        return None
    summands = [column for column in row.columns if not column.total]
    columns: list[Column] = summands
    if len(numbers) == len(summands) + 1 == len(row.columns):
        columns = list(row.columns)
        total = sum(number.value or 0 for number in numbers[:-1])
        last = numbers[-1].value or 0
        if not columns[-1].total or last != total:
            message = f"写了 {len(numbers)} 个数，最后一个是 {last}，前面的和是 {total}"
            return PastedRow(
                Problem(message, "总计可以不写；写了要等于各项之和，核对后照表头写上键")
            )
        if _MAYBE_THOUSANDS.search(half_width(text)) and "\t" not in text:
            message = f"写了 {len(numbers)} 个数，也可能是带千分位逗号的 {len(summands)} 个"
            return PastedRow(Problem(message, "照表头写上键"))
    if len(numbers) != len(columns):
        message = f"写了 {len(numbers)} 个数，这一行是 {len(summands)} 格"
        return PastedRow(Problem(message, "照表头写上键"))
    cells = [cell_text(number, c.kind) for number, c in zip(numbers, columns, strict=True)]
    if None in cells:
        return None
    parts = (f"{column.key}: {cell}" for column, cell in zip(columns, cells, strict=True))
    written = f"{{{', '.join(parts)}}}"
    return PastedRow(Problem("只写了数，没有写列", f"写成 {written}", replacement=written))


def _split(text: str, *, alone: bool) -> list[PrintedNumber] | None:
    """Return the numbers in a text; None if there is anything else in it, or a blank cell.

    Cells are separated by tabs; if there are no tabs, by commas; if there are no commas either, by
    blanks. `alone`: True if the text may be a single number.
    """
    inside = half_width(text).strip()
    for opening, closing in _BRACKETS:
        if inside.startswith(opening) and inside.endswith(closing):
            inside = inside[1:-1].strip()
            break
    whole = read_number(inside) if alone else None
    if whole and not whole.note:
        return [whole]
    if "\t" in inside:
        pieces = inside.split("\t")
    elif _SEPARATOR.search(inside):
        pieces = _SEPARATOR.split(inside)
    else:
        pieces = _BLANKS.split(inside)
    numbers = [read_number(piece) for piece in pieces]
    found = [number for number in numbers if number is not None and not number.note]
    return found if len(found) == len(pieces) else None
