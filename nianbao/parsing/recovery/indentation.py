"""Fix wrong indentation of lines; the form decides which group a key belongs to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nianbao.diagnostics.finding import LineEdit, Problem
from nianbao.model.numbers import read_year
from nianbao.model.schema import Schema, edition_schema, editions, members
from nianbao.parsing.recovery.edits import LONGEST_LINE, STEP
from nianbao.parsing.recovery.keys import FixedLine
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The YAML parser would report a wrongly indented line as a syntax error, often one line later, or
# would silently make the line a part of a text or of another group.
_ENTRY = re.compile(
    r"(?P<lead> *)(?P<quote>['\"]?)(?P<key>[^\s:#'\"{}\[\],，。]{1,40}+)(?P=quote) *+:"
    r"(?: +(?P<value>\S.*))?\s*\Z"
)
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_ROW = re.compile(r"\{[^{}].*\}\s*(?:#.*)?\Z")
_ITEM = lazy_pattern(r" *- [^\s:：，。]+: ")


class _StructureLine(NamedTuple):  # made for every line: three times faster than a dataclass
    number: int
    indent: int
    key: str
    value: str

    @property
    def opens_group(self) -> bool:
        return not self.value or self.value.startswith("#")

    @property
    def opens_text(self) -> bool:
        return _BLOCK.match(self.value) is not None


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """A group of the form with the lines of the file that belong to it.

    `line`: the line of the group's key, or None for the top level.
    `properties`: the keys that the form allows in the group.
    `of_items`: True for a group of list items, which may have any indentation.
    `lines`: the lines found in the group.
    `keys`: the keys of these lines.
    """

    line: _StructureLine | None
    properties: Schema
    of_items: bool = False  # of list items, which may have any indentation
    lines: list[_StructureLine] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def indent(self) -> int:
        return self.line.indent if self.line else -1


def fix_indentation(lines: Sequence[str]) -> Iterator[tuple[int, FixedLine]]:
    """Fix each line whose indentation does not fit its key.

    Yield the index of the line and the fixed line.
    """
    indents: dict[int, int] = {}  # the correct indentation, by index of the line
    for group in _groups(lines):
        above = -1 if group.line is None else indents[group.line.number]
        indent = _group_indent(above, [line.indent for line in group.lines])
        for line in group.lines:
            indents[line.number] = indent
            if line.indent != indent and not group.of_items:
                yield line.number, _moved(lines[line.number], line, indent)


def missing_group(lines: Sequence[str], index: int) -> str:
    """Return the key of the group, such as 总体情况, that is missing above the key of a line.

    Return "" if no group is missing.

    `index`: the index of the line in `lines`.
    """
    line = _entry(index, lines[index])
    if line is None:
        return ""
    for group in reversed(_groups(lines[:index])):
        for key, node in group.properties.items():
            if key not in group.keys and line.key in node.get("properties", {}):
                return key
    return ""


def _moved(text: str, line: _StructureLine, indent: int) -> FixedLine:
    message = f"“{line.key}”的缩进不对，前面空了 {line.indent} 格"
    help_ = f"前面空 {indent} 格，和同一层的行对齐" if indent else "顶格写"
    edits = (LineEdit(0, line.indent, " " * indent),)
    problem = Problem(message, help_, line.indent + 1, len(line.key), edits=edits)
    columns = (1,) * indent + tuple(range(line.indent + 1, len(text) + 2))
    return FixedLine(" " * indent + text[line.indent :], columns, (problem,))


def _group_indent(above: int, indents: Sequence[int]) -> int:
    """Return the usual indentation of the lines of a group: the most common one.

    Only numbers above `above` count. `above`: the indentation of the parent, or -1 at the top
    level. `indents`: the indentation of each line of the group.
    """
    if above < 0:
        return 0
    deeper = [indent for indent in indents if indent > above]
    if len(set(deeper)) == 1:  # as in nearly every group
        return deeper[0]
    counts = Counter(deeper)
    # Of equally common indentations, prefer the default.
    return max(counts, key=lambda each: (counts[each], each == above + STEP), default=above + STEP)


def _groups(lines: Sequence[str]) -> list[_Group]:
    """Assign the lines of a report to the groups of the form, in order."""
    path = [_Group(None, _form(lines))]
    groups = [*path]
    text: int | None = None  # indentation of the key of the current `|` block
    for number, written in enumerate(lines):
        line = _entry(number, written)
        if line is None:
            continue
        prose = text is not None and line.indent > text
        if prose and not _is_structure(line, lines, number):
            continue
        group = _group(path, line, new=prose)
        if group or not prose:
            text = line.indent if line.opens_text else None
        if group is None:
            continue
        del path[path.index(group) + 1 :]
        group.lines.append(line)
        group.keys.add(line.key)
        if line.opens_group and (below := _below(group.properties[line.key])):
            path.append(_Group(line, below, "items" in group.properties[line.key]))
            groups.append(path[-1])
    return groups


def _below(node: Schema) -> dict[str, Schema]:
    """Return the keys that a value may have, with their definitions.

    The value may be a group, a cell with a note, or a list; the keys of a list are those of its
    items.
    """
    return members(node) or members(node.get("items", {}))


def _entry(number: int, text: str) -> _StructureLine | None:
    match = _ENTRY.match(text) if len(text) <= LONGEST_LINE else None
    if match is None:
        return None
    lead, _, key, value = match.groups("")
    return _StructureLine(number, len(lead), key, value)


def _is_structure(line: _StructureLine, lines: Sequence[str], number: int) -> bool:
    """Return True if a line can't be prose. `number`: the index of the line, counted from 0."""
    if not line.opens_group:
        return _has_form(line)
    below = lines[number + 1] if number + 1 < len(lines) else ""
    following = _entry(number + 1, below)
    return _ITEM.match(below) is not None or (following is not None and _has_form(following))


def _has_form(line: _StructureLine) -> bool:
    return line.opens_text or _ROW.match(line.value) is not None


def _group(path: Sequence[_Group], line: _StructureLine, *, new: bool) -> _Group | None:
    """Return the group that encloses a line by its indentation, if the line's key belongs there.

    Otherwise return the nearest of the groups in `path` that allows the key and lacks it, or None.
    `path`: the groups open at the line, outermost first. `new`: accept the enclosing group only if
    it does not have the key yet.
    """
    around = next(group for group in reversed(path) if group.indent < line.indent)
    if line.key in around.properties and not (new and line.key in around.keys):
        return around
    lacking = (
        group
        for group in reversed(path)
        if line.key in group.properties and line.key not in group.keys
    )
    return next(lacking, None)


def _form(lines: Sequence[str]) -> Schema:
    """Return the top-level keys of the form, with their definitions.

    The edition is read from the lines. Return {} if it is unknown.
    """
    entries = (_entry(number, line) for number, line in enumerate(lines))
    values = (entry.value for entry in entries if entry and entry.key == "格式")
    edition = read_year(next(values, "").partition(" #")[0])
    return edition_schema(edition).properties_at(()) if edition in editions() else {}
