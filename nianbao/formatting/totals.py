"""Totals: what each ought to be, put into the tree of what is written."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nianbao.checks.structure import check_structure
from nianbao.diagnostics.finding import Finding, Pointer, json_pointer
from nianbao.formatting.tree import Collection, Node, Scalar, Tree, entry_at, with_value
from nianbao.model.report import cell_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Form, Section
    from nianbao.model.source import Source


@dataclass(frozen=True, slots=True)
class TotalChange:
    """A total that was put right: its cell, what was written (nothing, often), what is now."""

    pointer: Pointer
    old: str
    new: str


def fill_totals(
    source: Source, document: Tree, form: Form
) -> tuple[Tree, list[TotalChange], list[Finding]]:
    """The document with every total filled in or corrected, what was changed, and why nothing was.

    The parts must be sound for that; the findings are about those. A total that a waiver keeps
    wrong on purpose stays.
    """
    data: Any = deepcopy(source.data)
    cells = [cell for section in form.sections for cell in _totals(section)]
    for cell in cells:
        _take_out(data, cell)
    bare = replace(source, data=data)
    findings = check_structure(bare)[1]
    if findings:
        return document, [], findings
    values = cell_values(data, form)
    waived = {waiver["位置"] for waiver in data.get("豁免") or () if waiver["规则"].startswith("A")}
    changes = []
    root = document.root
    for cell in cells:
        if json_pointer(cell) in waived:
            continue
        place, old = _written(root, cell)
        new = str(values[cell].amount)
        if old != new and not (old == "/" and new == "0"):
            root = with_value(root, place, Scalar(new))
            changes.append(TotalChange(cell, old, new))
    return replace(document, root=root), changes, []


def _totals(section: Section) -> Iterator[Pointer]:
    for row in section.rows:
        for cell, column in row.cells():
            if row.total or column.total:
                yield cell


def _take_out(data: Any, pointer: Pointer) -> None:
    """Remove a cell, and its row with the last of its cells."""
    way = [data]
    for part in pointer[:-1]:
        data = data.get(part) if isinstance(data, dict) else None
        way.append(data)
    if isinstance(data, dict) and data.pop(pointer[-1], ...) is not ... and not data:
        del way[-2][pointer[-2]]


def _written(root: Collection, cell: Pointer) -> tuple[Pointer, str]:
    """Where the number of a cell stands, or is to stand, and what is written there."""
    for place in ((*cell, "数值"), cell):
        entry = entry_at(root, place)
        if entry is not None:
            value: Node = entry.value
            return place, value.text if isinstance(value, Scalar) else "……"
    return cell, ""
