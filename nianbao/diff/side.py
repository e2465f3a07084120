"""Extract the parts of a report that can be compared with another version."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.checks.structure.values import valid_cell
from nianbao.model.form import load_form
from nianbao.model.report import Number, iter_texts, value_at
from nianbao.model.schema import SUM_KEY, editions
from nianbao.utils.text import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.checks.checker import CheckResult
    from nianbao.diagnostics.finding import Finding, Pointer
    from nianbao.model.form import CellKind, Form
    from nianbao.model.report import Value
    from nianbao.model.source import Source

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as printed.

    `text`: the number as printed, without its note.
    `number`: None for `/` and for an invalid value.
    `note`: the note of the cell, or "".
    `written`: False for a computed total.
    `readable`: False for an invalid value, which `text` then quotes.
    """

    text: str
    number: Number | None
    note: str
    written: bool
    readable: bool = True


@dataclass(frozen=True, slots=True)
class ReportSide:
    """The old or the new version of a report, reduced to the parts that can be compared.

    `name`: the report's path in messages.
    `form`: None if nothing can be compared.
    `metadata`: the values outside the sections, by label.
    `waivers`: each waiver as text.
    `cells`, `texts`: the cells and texts, by pointer.
    `whole`: False if the report has structural errors.
    """

    name: str
    form: Form | None
    metadata: Mapping[str, str]
    waivers: tuple[str, ...]
    cells: Mapping[Pointer, Cell]
    texts: Mapping[Pointer, str]
    findings: tuple[Finding, ...]
    source: Source
    whole: bool


def make_side(checked: CheckResult, name: str) -> ReportSide:
    """Return the parts of a checked report file that can be compared.

    `name`: the path of the report in messages.
    """
    source, report = checked.source, checked.report
    data: Any = source.data if isinstance(source.data, dict) else {}
    form = checked.form
    if form is None and data:
        form = load_form(editions()[0])
    cells: dict[Pointer, Cell] = {}
    texts: dict[Pointer, str] = {}
    metadata: dict[str, str] = {}
    if form is not None:
        metadata = dict(_metadata(data, form))
        if report is not None:
            cells = {pointer: _of_value(value) for pointer, value in report.values.items()}
            texts = {pointer: prose.rendered for pointer, prose in report.texts.items()}
        else:
            # Changes are visible before structural errors are fixed.
            cells = dict(_written_cells(data, form))
            texts = dict(iter_texts(data, form))
    return ReportSide(
        name,
        form,
        metadata,
        tuple(_waivers(data, form)) if form else (),
        cells,
        texts,
        checked.findings,
        source,
        report is not None,
    )


def _of_value(value: Value) -> Cell:
    return Cell(value.text, value.number, value.note, value.written)


def _written_cells(data: Any, form: Form) -> Iterator[tuple[Pointer, Cell]]:
    """Yield the written cells, valid or not, without computed totals."""
    for row in form.rows:
        for pointer, column in row.cells():
            written = value_at(data, pointer)
            if written is not None:
                yield pointer, _of_written(written, column.kind)


def _of_written(written: Any, kind: CellKind) -> Cell:
    value = valid_cell(written, kind)
    if value is not None:
        return _of_value(value)
    return Cell(f"“{shorten(str(written), _LONGEST)}”", None, "", written=True, readable=False)


def _metadata(data: Mapping[str, Any], form: Form) -> Iterator[tuple[str, str]]:
    """Yield label and text of each value outside the sections, except waivers.

    A label is, for example, 网站 › SiteName.
    """
    sections = {section.key for section in form.sections}
    for key, value in data.items():
        label = " › ".join(form.labels((key,)))
        if key == SUM_KEY and isinstance(value, list):
            yield from (_summed(label, item) for item in value if isinstance(item, dict))
        elif key not in {*sections, form.lead.pointer[0], "豁免"}:
            yield from _flat(label, value)


def _summed(label: str, item: Mapping[str, Any]) -> tuple[str, str]:
    """Return label (汇总 › 水利局) and text of a unit that a report sums up."""
    more = (f"{key} {_text(value)}" for key, value in item.items() if key != "单位")
    return f"{label} › {_text(item.get('单位'))}", "，".join(more)


def _flat(label: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{label} › {key}", inner)
    else:
        yield label, _text(value)


def _text(value: Any) -> str:
    """Return a value in the notation of YAML.

    str() would return Decimal('2.5') for a number in a list, None for no value, and True for true.
    """
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _waivers(data: Mapping[str, Any], form: Form) -> Iterator[str]:
    """Yield each waiver as one text, with its keys in the order of the form."""
    known = form.schema.properties_at(("豁免", 0))
    waivers = data.get("豁免")
    for waiver in waivers if isinstance(waivers, list) else []:
        if isinstance(waiver, dict):
            keys = [key for key in {**known, **waiver} if key in waiver]
            yield "，".join(f"{key}：{_text(waiver[key])}" for key in keys)
        else:
            yield _text(waiver)
