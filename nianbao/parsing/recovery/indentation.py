"""Lines of structure that are indented wrongly, told by their keys: the form says where each goes.

YAML knows only that a line does not fit, and often only at the next one; or it takes the line for
prose, or for a part of another group, without a word.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.diagnostics.finding import Problem
from nianbao.model.schema import Schema, edition_schema, editions, members
from nianbao.parsing.recovery.keys import FixedLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ENTRY = re.compile(
    r"(?P<lead> *)(?P<quote>['\"]?)(?P<key>[^\s:#'\"{}\[\],，。]{1,40})(?P=quote) *:"
    r"(?: +(?P<value>\S.*))?\s*\Z"
)
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?\Z")
_ROW = re.compile(r"\{[^{}].*\}\s*(?:#.*)?\Z")
_ITEM = re.compile(r" *- [^\s:：，。]+: ")
_EDITION = re.compile(r"格式: *([0-9]{4})\s*(?:#.*)?\Z")
_STEP = 2  # the indentation of a level where nothing else can be told


@dataclass(frozen=True, slots=True)
class _StructureLine:
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
    """What the form has below one line, or (`line` is None) in a whole report."""

    line: _StructureLine | None
    properties: Schema
    of_items: bool = False  # each item of a list may stand as deep as it likes
    lines: list[_StructureLine] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def indent(self) -> int:
        return self.line.indent if self.line else -1


def fix_indentation(lines: Sequence[str]) -> Iterator[tuple[int, FixedLine]]:
    """The lines (numbered from 0) that must be moved to stand where the form has their key."""
    indents: dict[int, int] = {}  # of the lines that have a place in the form, where they belong
    for group in _groups(lines):
        above = -1 if group.line is None else indents[group.line.number]
        indent = _common(above, [line.indent for line in group.lines])
        for line in group.lines:
            indents[line.number] = indent
            if line.indent != indent and not group.of_items:
                yield line.number, _moved(lines[line.number], line, indent)


def missing_heading(lines: Sequence[str], number: int) -> str:
    """The key whose own line is missing above a line (from 0), where the form tells; or nothing."""
    line = _entry(number, lines[number])
    if line is None:
        return ""
    for group in reversed(_groups(lines[:number])):
        for key, node in group.properties.items():
            if key not in group.keys and line.key in node.get("properties", {}):
                return key
    return ""


def _moved(text: str, line: _StructureLine, indent: int) -> FixedLine:
    message = f"“{line.key}”的缩进不对，前面空了 {line.indent} 格"
    mend = f"前面空 {indent} 格，和同一层的行对齐" if indent else "顶格写"
    slip = Problem(message, mend, line.indent + 1, len(line.key))
    columns = (1,) * indent + tuple(range(line.indent + 1, len(text) + 2))
    return FixedLine(" " * indent + text[line.indent :], columns, (slip,))


def _common(above: int, indents: Sequence[int]) -> int:
    """Where the lines of a group belong: where most of them stand, deeper than the line above."""
    if above < 0:
        return 0
    counts = Counter(indent for indent in indents if indent > above)
    # Of two that are as common, the usual one.
    return max(
        counts, key=lambda each: (counts[each], each == above + _STEP), default=above + _STEP
    )


def _groups(lines: Sequence[str]) -> list[_Group]:
    """The groups of the form as a report has them, each with its own lines, in order."""
    path = [_Group(None, _form(lines))]
    groups = [*path]
    text: int | None = None  # the indentation of the key whose text a line may belong to
    for number, written in enumerate(lines):
        line = _entry(number, written)
        if line is None:
            continue
        prose = text is not None and line.indent > text
        if prose and not _is_structure(line, lines, number):
            continue
        home = _home(path, line, new=prose)
        if home or not prose:
            text = line.indent if line.opens_text else None
        if home is None:
            continue
        del path[path.index(home) + 1 :]
        home.lines.append(line)
        home.keys.add(line.key)
        if line.opens_group and (below := _below(home.properties[line.key])):
            path.append(_Group(line, below, "items" in home.properties[line.key]))
            groups.append(path[-1])
    return groups


def _below(node: Schema) -> dict[str, Schema]:
    """The keys below a key: of a group, of an item of its list, or of a number with its note."""
    return members(node) or members(node.get("items", {}))


def _entry(number: int, text: str) -> _StructureLine | None:
    match = _ENTRY.match(text)
    return match and _StructureLine(number, len(match["lead"]), match["key"], match["value"] or "")


def _is_structure(line: _StructureLine, lines: Sequence[str], number: int) -> bool:
    """Whether a line can be no prose, wherever it stands."""
    if not line.opens_group:
        return _has_form(line)
    below = lines[number + 1] if number + 1 < len(lines) else ""
    following = _entry(number + 1, below)
    return _ITEM.match(below) is not None or (following is not None and _has_form(following))


def _has_form(line: _StructureLine) -> bool:
    return line.opens_text or _ROW.match(line.value) is not None


def _home(path: Sequence[_Group], line: _StructureLine, *, new: bool) -> _Group | None:
    """The group that a line belongs to: the one that it stands in, or the nearest that lacks it."""
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
    """What stands at the top of a report of the edition that the lines name, or of the newest."""
    named = next((int(match[1]) for line in lines if (match := _EDITION.match(line))), None)
    known = editions()
    return edition_schema(named if named in known else max(known)).properties_at(())
