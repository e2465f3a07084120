"""Fill in and correct totals in a report file."""

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
    """A total that was corrected.

    `pointer`: the pointer of the cell.
    `old`: the text that was in the cell, or "".
    `new`: the correct number as text.
    """

    pointer: Pointer
    old: str
    new: str


def fill_totals(
    source: Source, tree: Tree, form: Form
) -> tuple[Tree, list[TotalChange], list[Finding]]:
    """Return the tree with correct totals, the changes, and findings.

    The findings are errors outside the totals. If there are any, no total is changed. A total with
    a waiver is never changed.

    `source`, `tree`: the same file, as values and as a tree.
    """
    data: Any = deepcopy(source.data)
    cells = [cell for section in form.sections for cell in _totals(section)]
    for cell in cells:
        _remove(data, cell)
    bare = replace(source, data=data)
    findings = check_structure(bare)[1]
    if findings:
        return tree, [], findings
    values = cell_values(data, form)
    waived = {waiver["位置"] for waiver in data.get("豁免") or () if waiver["规则"].startswith("A")}
    changes = []
    root = tree.root
    for cell in cells:
        if json_pointer(cell) in waived:
            continue
        pointer, old = written_at(root, cell)
        new = str(values[cell].amount)
        if old != new and not (old == "/" and new == "0"):
            root = with_value(root, pointer, Scalar(new))
            changes.append(TotalChange(cell, old, new))
    return replace(tree, root=root), changes, []


def _totals(section: Section) -> Iterator[Pointer]:
    for row in section.rows:
        for cell, column in row.cells():
            if row.total or column.total:
                yield cell


def _remove(data: Any, pointer: Pointer) -> None:
    """Remove a cell from the data of a report, and also its row if no other cell is in the row."""
    path = [data]
    for part in pointer[:-1]:
        data = data.get(part) if isinstance(data, dict) else None
        path.append(data)
    if isinstance(data, dict) and data.pop(pointer[-1], ...) is not ... and not data:
        del path[-2][pointer[-2]]


def written_at(root: Collection, cell: Pointer) -> tuple[Pointer, str]:
    """Return the pointer of the number in a cell, and the number as written.

    `cell`: the pointer of the cell.

    The number is "" if the cell has none.
    """
    for pointer in ((*cell, "数值"), cell):
        entry = entry_at(root, pointer)
        if entry is not None:
            value: Node = entry.value
            return pointer, value.text if isinstance(value, Scalar) else "……"
    return cell, ""
