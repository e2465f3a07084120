"""Compile an unfinished report from its valid parts, and list what must still be filled in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from nianbao.checks.structure.values import valid_cell
from nianbao.model.draft import DRAFT_MARK, Draft, OpenValue
from nianbao.model.form import Form, load_form
from nianbao.model.report import (
    Report,
    Value,
    find_excessive_prose,
    render_texts,
    sum_of,
    summands,
    value_at,
)
from nianbao.model.schema import editions
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.checks.checker import CheckResult
    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Column, Row

_LONGEST = 20
_LINES = ("机关", "文号", "联系方式", "成文日期", "发布日期")


def compile_draft(checked: CheckResult) -> Draft | None:
    """Return a draft with all valid parts of a checked file.

    Return None if the file contains no mapping, or too much prose (S202).
    """
    written: Any = checked.source.data
    if not isinstance(written, dict):
        return None
    form = checked.form or load_form(editions()[0])
    data = dict(_readable(written, form))
    source = replace(checked.source, data=data)
    values = {pointer: value for row_values in _values(data, form) for pointer, value in row_values}
    texts, _ = render_texts(source, form, values)
    year = data.get("年度", 0)
    signed = _date(data.get("成文日期"))
    # A placeholder date is enough: only the metadata of an output use it.
    stand_in = date(year + 1, 1, 1) if 1000 < year < 9000 else date(2000, 1, 1)
    report = Report(source, form, year, data.get("机关", ""), signed or stand_in, values, texts)
    if any(find_excessive_prose(report)):
        return None
    return Draft(report, signed is not None, tuple(_open_texts(report)))


def _readable(written: Mapping[str, Any], form: Form) -> Iterator[tuple[str, Any]]:
    """Yield those keys of a file whose values have the expected type, with the values."""
    sections = {section.key for section in form.sections}
    for key, value in written.items():
        if key in sections or key == form.lead.pointer[0]:
            yield key, value
        elif key == "年度":
            if type(value) is int:
                yield key, value
        elif key in _LINES:
            if isinstance(value, str) and value.strip():
                yield key, value
        elif key == "网站" and isinstance(value, dict):
            yield key, {name: text for name, text in value.items() if isinstance(text, str)}


def _date(written: object) -> date | None:
    if isinstance(written, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        try:
            return date.fromisoformat(written)
        except ValueError:
            pass
    return None


def _values(data: Mapping[str, Any], form: Form) -> Iterator[Iterable[tuple[Pointer, Value]]]:
    """Yield the cells of each section with their values.

    A total that is not in the file is computed if all its summands are valid.
    """
    for section in form.sections:
        values: dict[Pointer, Value] = {}
        for row in sorted(section.rows, key=lambda row: row.total):  # total rows last
            written = value_at(data, row.pointer)
            parts = summands(row, section.rows) if row.total else []
            for pointer, column in sorted(row.cells(), key=lambda cell: cell[1].total):
                siblings = [cell for cell, other in row.cells() if not other.total]
                below = [(*part.pointer, column.key) for part in parts]
                values[pointer] = _value(written, row, column, values, below or siblings)
        yield values.items()


def _value(
    row_written: object,
    row: Row,
    column: Column,
    values: Mapping[Pointer, Value],
    added: Iterable[Pointer],
) -> Value:
    written = row_written.get(column.key) if isinstance(row_written, dict) else None
    if written is None:
        if row.total or column.total:
            if any(isinstance(values[cell], OpenValue) for cell in added):
                return OpenValue(None, written=False, is_total=True)
            return Value(sum_of(values, added), written=False)
        if row_written is not None and not isinstance(row_written, dict):
            return OpenValue(None, quoted=f"“{shorten(str(row_written), _LONGEST)}”")
        is_missing = not isinstance(row_written, dict) or column.key not in row_written
        return OpenValue(None, is_missing=is_missing)
    if isinstance(written, str) and not written.strip():
        return OpenValue(None)
    value = valid_cell(written, column.kind)
    return value or OpenValue(None, quoted=f"“{shorten(str(written), _LONGEST)}”")


def _open_texts(report: Report) -> Iterator[Pointer]:
    """Yield the pointers of the empty texts, then those of the texts that must be rewritten.

    Of the empty texts, only those that are required or that have a key in the file are yielded.
    """
    form = report.form
    for field in (form.lead, *(text for section in form.sections for text in section.texts)):
        *above, key = field.pointer
        group = value_at(report.data, above)
        has_key = isinstance(group, dict) and key in group
        is_open = field.kind != "extra" and field.pointer not in report.texts
        if is_open and (has_key or form.schema.is_required(field.pointer)):
            yield field.pointer
    for pointer, prose in report.texts.items():
        if DRAFT_MARK in prose.source_text:
            yield pointer
