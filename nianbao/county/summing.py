"""Add up the tables of units, and write the sums into a report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from nianbao.build.executors import map_chunks
from nianbao.checks.checker import read_figures
from nianbao.checks.summation import Summation, SummedUnit, UnitFigures, add_up
from nianbao.errors import UserError
from nianbao.formatting.parser import parse_tree
from nianbao.formatting.printer import print_tree
from nianbao.formatting.totals import written_at
from nianbao.formatting.tree import (
    BlockScalar,
    Collection,
    Entry,
    Scalar,
    entry_at,
    scalar_of,
    with_value,
)
from nianbao.model.draft import DRAFT_MARK
from nianbao.model.form import load_form
from nianbao.model.report import number_text
from nianbao.model.schema import DIGEST_KEY, SUM_KEY
from nianbao.parsing.encoding import encode_like, line_end
from nianbao.parsing.reader import parse_source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form
    from nianbao.model.report import Number
    from nianbao.model.source import Source
    from nianbao.workspace.units import UnitReport

_BATCH: Final = 25  # reports whose sum one process returns at once
_UNITS, _EDITION, _LEFT_OUT = "单位", "格式", "没有计入"
# For the text about requests of a new report: {row column} by their roles.
_SENTENCE: Final = (
    "全年收到政府信息公开申请{received.new total}件，上年结转{received.carried total}件；"
    "办理{results.total total}件，结转下年度{carried.next total}件。"
)


def sum_units(units: Sequence[UnitReport], form: Form, year: int) -> Summation:
    """Read the reports of units, and add up their tables.

    Reports with a problem are not added up.

    `form`, `year`: the form and the year of the report that gets the sums.

    Raises UserError if a process is killed, for example because memory runs out.
    """
    # The report of a unit that has units below it is read with all of theirs.
    size = 1 if any(unit.below for unit in units) else _BATCH
    batches = [units[start : start + size] for start in range(0, len(units), size)]
    function = partial(_sum_batches, edition=form.edition, year=year)
    found: list[SummedUnit] = []
    counted: set[str] = set()
    sums: dict[Pointer, Number] = {}
    for result in map_chunks(function, batches, ["nianbao.county.summing"]):
        if result is None:
            raise UserError("没有汇总：读报告的进程被终止了，也许是内存不够")
        found += result.units
        counted |= result.counted
        for cell, number in result.sums.items():
            sums[cell] = sums.get(cell, 0) + number
    return Summation(tuple(found), frozenset(counted), sums)


def _sum_batches(
    batches: Sequence[Sequence[UnitReport]], edition: int, year: int
) -> list[Summation]:
    """Return the sums of each batch of units; units with a problem are not counted."""
    form = load_form(edition)
    return [add_up(map(_without_wrong, read_figures(each, form, year))) for each in batches]


def _without_wrong(figures: UnitFigures) -> UnitFigures:
    if not figures.unit.problem:
        return figures
    return UnitFigures(replace(figures.unit, digest=""), {})


def explain_cell(
    units: Sequence[UnitReport], form: Form, year: int, cell: Pointer
) -> list[tuple[SummedUnit, Number]]:
    """Return each unit with the number that it adds to a sum.

    `form`, `year`: the form and the year of the report that contains the sum.
    `cell`: the pointer to the sum in that report.

    Raises UserError if a process is killed, for example because memory runs out.
    """
    function = partial(_explain_chunk, edition=form.edition, year=year, cell=cell)
    results = map_chunks(function, units, ["nianbao.county.summing"])
    if None in results:
        raise UserError("没有读完：读报告的进程被终止了，也许是内存不够")
    return [result for result in results if result is not None]


def _explain_chunk(
    units: Sequence[UnitReport], edition: int, year: int, cell: Pointer
) -> list[tuple[SummedUnit, Number]]:
    form = load_form(edition)
    return [(each.unit, each.cells.get(cell, 0)) for each in read_figures(units, form, year)]


@dataclass(frozen=True, slots=True)
class SummedReport:
    """A report file with the sums in its tables.

    `content`: the bytes of the file.
    `changes`: the cells whose number has changed.
    """

    content: bytes
    changes: tuple[Pointer, ...]


def put_sums(source: Source, form: Form, summation: Summation) -> SummedReport:
    """Return a report file with the sums in its tables; nothing is written on the disk.

    The list of the units in `summation` becomes the value of 汇总.
    Texts, notes and comments are not changed.

    `source`: the report file before the change, without findings.
    """
    tree = parse_tree(source)
    root, changes = _put_cells(tree.root, form, summation.sums)
    root = with_value(root, (SUM_KEY,), _records(root, form, summation))
    text = print_tree(replace(tree, root=root), form)
    content = encode_like(text.replace("\n", line_end(source.raw)), source.raw)
    after = parse_source(content, source.path)
    assert not after.findings, after.findings
    return SummedReport(content, changes)


def _put_cells(
    root: Collection, form: Form, sums: Mapping[Pointer, Number]
) -> tuple[Collection, tuple[Pointer, ...]]:
    changes: list[Pointer] = []
    for row in form.rows:
        for cell, column in row.cells():
            is_total = row.total or column.total
            if is_total and entry_at(root, cell) is None:  # is not added
                continue
            new = number_text(sums.get(cell, 0))
            pointer, old = written_at(root, cell)
            if old != new and not (old == "/" and new == "0"):  # a / is not replaced by 0
                root = with_value(root, pointer, Scalar(new))
                changes.append(cell)
    return root, tuple(changes)


def _records(root: Collection, form: Form, summation: Summation) -> Collection:
    """Return the list of units for 汇总.

    A counted unit has the digest of its report; any other unit has the reason why it is not
    counted.
    """
    written = entry_at(root, (SUM_KEY,))
    old = written.value if written and isinstance(written.value, Collection) else None
    earlier = {_name_of(entry): entry for entry in old.entries} if old else {}
    entries = []
    for unit in summation.units:
        values: list[tuple[str, Scalar]] = [(_UNITS, scalar_of(unit.id))]
        if unit.id in summation.counted:
            values.append((DIGEST_KEY, Scalar(unit.digest)))
            if unit.edition != form.edition:
                values.append((_EDITION, Scalar(str(unit.edition))))
        else:
            values.append((_LEFT_OUT, scalar_of(unit.problem)))
        below = Collection(True, tuple(Entry(key, key, text) for key, text in values), flow=True)
        entry = earlier.get(_name_of(Entry("", "", below)), Entry("", "", below))
        entries.append(replace(entry, value=below))
    return Collection(False, tuple(entries), old.foot if old else ())


def _name_of(item: Entry) -> str:
    """Return the unit that an item of 汇总 names, without quotes; "" if it names none."""
    found = item.value.get(_UNITS) if isinstance(item.value, Collection) else None
    return found.value.text.strip("'\"") if found and isinstance(found.value, Scalar) else ""


def draft_sum(source: Source, form: Form, body: str) -> Source:
    """Fill in 机关 and a sentence about requests in the draft of a sum.

    The sentence refers to cells of the draft. Only blank values are filled in.

    `source`: the draft.
    `body`: the name of the body.
    """
    tree = parse_tree(source)
    root = tree.root
    texts = {text.role: text.pointer for section in form.sections for text in section.texts}
    drafted = BlockScalar("|", (f"【{DRAFT_MARK}】{_sentence(form)}",))
    for pointer, value in ((("机关",), scalar_of(body)), (texts["text.requests"], drafted)):
        entry = entry_at(root, pointer)
        if entry is not None and entry.value == Scalar("") and value != Scalar('""'):
            root = with_value(root, pointer, value)
    return parse_source(print_tree(replace(tree, root=root), form).encode(), source.path)


def _sentence(form: Form) -> str:
    """Return a Chinese sentence with references to cells of the table of requests."""
    sentence = _SENTENCE
    for row in form.rows:
        for cell, column in row.cells():
            reference = "{{ " + ".".join(map(str, cell)) + " }}"
            sentence = sentence.replace(f"{{{row.role} {column.role}}}", reference)
    return sentence
