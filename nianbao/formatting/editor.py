"""Change values of a report file; every other byte stays the same."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import Edit, Span
from nianbao.formatting.fix import SourceText
from nianbao.formatting.parser import compose, lines_of
from nianbao.formatting.printer import print_group, print_inline
from nianbao.formatting.tree import BlockScalar, Collection, Entry, Node, Scalar, with_value
from nianbao.model.schema import members
from nianbao.parsing.encoding import encode_like

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form
    from nianbao.model.schema import Schema
    from nianbao.model.source import Source

_STEP = 2  # columns


@dataclass(frozen=True, slots=True)
class _Written:
    """A value in the file.

    `key`: the key of the value; None for a list item and for the whole report.
    `inline`: True if the value stands inside brackets.
    `column`: the column of the key, or of the dash of a list item, counted from 0.
    """

    key: yaml.Node | None
    value: yaml.Node
    inline: bool
    column: int


class ReportEditor:
    """Collects changes of values of a report; `content` returns the changed file.

    The report must have no findings. Indexes of list items, counted from 0, refer to the unchanged
    file. A change that would delete a comment is not made.
    """

    def __init__(self, source: Source, form: Form) -> None:
        """Find the position of every value in the file."""
        self._source = source
        self._form = form
        self._edits: list[Edit] = []
        self._missing: dict[Pointer, Node] = {}
        self._added: dict[Pointer, list[tuple[int, Node]]] = {}
        self._removed: dict[Pointer, set[int]] = {}
        root = compose(source)
        self._written = dict(_walk((), _Written(None, root, inline=False, column=0)))

    def is_literal(self, pointer: Pointer) -> bool:
        """Return True if the value at `pointer` is a `|` block."""
        written = self._written.get(pointer)
        return written is not None and _is_literal(written.value)

    def put(self, pointer: Pointer, value: Node) -> None:
        """Set the value at `pointer`; create missing groups around it.

        List items are not created.
        """
        written = self._written.get(pointer)
        if written is None:
            self._missing[pointer] = value
        elif _is_literal(written.value):
            self._put_literal(written, value)
        elif isinstance(written.value, yaml.ScalarNode) or _is_on_one_line(written.value):
            self._put_inline(pointer, written, value)

    def put_lines(self, pointer: Pointer, lines: Sequence[str | int]) -> None:
        """Set the lines of the `|` block at `pointer`.

        `lines`: the new lines; a number is the index of an old line to reuse.
        """
        node = self._written[pointer].value
        old = lines_of(node.value)
        new = list(lines)
        first = next((at for at, line in enumerate(new) if isinstance(line, int) or line), None)
        if first is not None:
            line = new[first]
            text = old[line] if isinstance(line, int) else line
            if text[:1] == " " and not re.search("[0-9]", self._header(node)):
                new[first] = text.lstrip(" ")  # it would be taken for the block's indentation
        begin = 0
        pending: list[str] = []
        for line in (*new, len(old)):
            if isinstance(line, str):
                pending.append(line)
                continue
            self._replace_lines(node, begin, line, pending)
            begin, pending = line + 1, []

    def add_item(self, pointer: Pointer, index: int, value: Node) -> None:
        """Insert `value` into the list at `pointer`, before the item `index`.

        A missing list is created.

        `index`: counted from 0; equal to the length of the list to append `value`.
        """
        self._added.setdefault(pointer, []).append((index, value))

    def remove_item(self, pointer: Pointer, index: int) -> None:
        """Remove an item from the list at `pointer`.

        Comments inside the item are removed; comments above the item stay.

        `index`: the index of the item, counted from 0.
        """
        self._removed.setdefault(pointer, set()).add(index)

    def content(self) -> bytes:
        """Return the bytes of the changed file."""
        for pointer in dict.fromkeys((*self._added, *self._removed)):
            self._change_list(pointer)
        self._added, self._removed = {}, {}
        self._add_missing()
        text = SourceText.of(self._source).replaced(self._edits)
        return encode_like(text.text, self._source.raw)

    # ── values

    def _put_literal(self, written: _Written, value: Node) -> None:
        node = written.value
        if isinstance(value, BlockScalar):
            self._replace_lines(node, 0, len(lines_of(node.value)), value.lines)
            return
        self._replace_lines(node, 0, len(lines_of(node.value)), ())
        line, column = node.start_mark.line, node.start_mark.column
        self._edit(line, column, line, column + len(self._header(node)), _inline(value))

    def _put_inline(self, pointer: Pointer, written: _Written, value: Node) -> None:
        """Replace a value that stands on one line; the old value may be blank."""
        start, end = written.value.start_mark, written.value.end_mark
        body: Sequence[str] = ()
        if written.inline or not isinstance(value, BlockScalar):
            kind = self._kind(pointer)
            text = print_inline(_without_blocks(value), kind)
            quote = written.value.style if isinstance(written.value, yaml.ScalarNode) else ""
            if quote and text and text[0] not in "'\"{":
                text = f"{quote}{text}{quote}"
        else:
            text, body = value.header, value.lines
        before = self._source.lines[start.line][: start.column]
        left = start.column
        if text and before.endswith(":"):
            text = f" {text}"
        elif not text and not self._source.lines[end.line][end.column :].strip():
            left = len(before.rstrip())
        self._edit(start.line, left, end.line, end.column, text)
        if body:
            self._add_lines(end.line, [_indented(line, written.column + _STEP) for line in body])

    def _replace_lines(self, node: yaml.Node, begin: int, end: int, new: Sequence[str]) -> None:
        """Replace the lines from index `begin` to `end` (exclusive) of the `|` block `node`."""
        if begin == end and not new:
            return
        first = node.start_mark.line + 1
        margin = self._margin(node)
        texts = [_indented(line, margin) for line in new]
        if begin == end:
            self._add_lines(first + begin - 1, texts)
            return
        last = first + end - 1
        if texts:
            self._edit(first + begin, 0, last, len(self._source.lines[last]), "\n".join(texts))
        else:
            self._remove_lines(first + begin, last)

    def _margin(self, node: yaml.Node) -> int:
        """Return the indentation of the `|` block `node`, in columns."""
        for number, line in enumerate(lines_of(node.value), node.start_mark.line + 1):
            if line:
                return len(self._source.lines[number]) - len(line)
        key = self._source.lines[node.start_mark.line]
        return len(key) - len(key.lstrip(" -")) + _STEP

    def _header(self, node: yaml.Node) -> str:
        line = self._source.lines[node.start_mark.line]
        match = re.compile(r"\|[-+0-9]*").match(line, node.start_mark.column)
        assert match is not None
        return match.group()

    # ── missing keys

    def _add_missing(self) -> None:
        groups: dict[Pointer, Collection] = {}
        for pointer, value in self._missing.items():
            above = pointer[:-1]
            while above not in self._written:
                above = above[:-1]
            group = groups.get(above, Collection(True, ()))
            groups[above] = with_value(group, pointer[len(above) :], value)
        self._missing = {}
        for above, group in groups.items():
            ranks = {name: rank for rank, name in enumerate(members(self._kind(above)))}
            for entry in sorted(group.entries, key=lambda entry: ranks.get(entry.name, 0)):
                self._add_entry(above, entry, ranks)

    def _add_entry(self, above: Pointer, entry: Entry, ranks: dict[str, int]) -> None:
        """Insert an entry into a mapping of the file, in the order of the form.

        `above`: the pointer of the mapping. `ranks`: the position in the form of each key of the
        mapping. The new entry follows the nearest entry that precedes it in the form.
        """
        written = self._written[above]
        node, kind = written.value, self._kind(above)
        added = Collection(True, (entry,))
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        rank = ranks.get(entry.name, 0)
        before = [pair for pair in pairs if ranks.get(pair[0].value, len(ranks)) < rank]
        previous = max(before, key=lambda pair: ranks[pair[0].value], default=None)
        if written.inline or (isinstance(node, yaml.MappingNode) and pairs and node.flow_style):
            self._add_inline(node, previous, print_inline(_without_blocks(added), kind)[1:-1])
            return
        if not pairs:
            self._fill_blank(written, added, kind)
            return
        column = pairs[0][0].start_mark.column
        lines = print_group(added, kind, " " * column)
        if previous is not None:
            self._add_lines(_last_line(previous[1]), lines)
        else:
            start = pairs[0][0].start_mark
            text = "\n".join(lines).lstrip(" ") + "\n" + " " * column
            self._edit(start.line, start.column, start.line, start.column, text)

    def _add_inline(
        self, node: yaml.Node, previous: tuple[yaml.Node, yaml.Node] | None, text: str
    ) -> None:
        """Add an entry, as text, to a mapping in brackets; do nothing if there are no brackets.

        `previous`: the key and value that the new entry follows, or None.
        """
        if previous is not None:
            end = previous[1].end_mark
            self._edit(end.line, end.column, end.line, end.column, f", {text}")
        elif isinstance(node, yaml.MappingNode):
            start = node.start_mark
            comma = ", " if node.value else ""
            self._edit(start.line, start.column + 1, start.line, start.column + 1, text + comma)

    def _fill_blank(self, written: _Written, added: Collection, kind: Schema) -> None:
        """Write a mapping or list below a key that has no value or has empty brackets.

        `added`: the mapping or list. `kind`: its definition in the schema.
        """
        assert written.key is not None
        start, end = written.value.start_mark, written.value.end_mark
        if start.line != end.line:
            return
        left = len(self._source.lines[start.line][: start.column].rstrip())
        self._edit(start.line, left, end.line, end.column, "")
        indent = " " * (written.column + _STEP)
        self._add_lines(end.line, print_group(added, kind, indent))

    # ── lists

    def _change_list(self, pointer: Pointer) -> None:
        added, removed = self._added.get(pointer, []), self._removed.get(pointer, set())
        written = self._written.get(pointer)
        items = Collection(False, tuple(Entry("", "", value) for _, value in added))
        if written is None:
            self._missing[pointer] = items
            return
        node = written.value
        kind = self._kind(pointer)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            if not written.inline:
                self._fill_blank(written, items, kind)
            elif node.start_mark.line == node.end_mark.line:
                self._put_inline(pointer, written, items)
        elif node.flow_style:
            self._change_inline_list(node, added, removed, kind)
        else:
            self._change_block_list(written, added, removed, kind)

    def _change_inline_list(
        self,
        node: yaml.SequenceNode,
        added: Sequence[tuple[int, Node]],
        removed: AbstractSet[int],
        kind: Schema,
    ) -> None:
        start, end = node.start_mark, node.end_mark
        texts: list[str] = []
        for index, item in enumerate([*node.value, None]):
            for at, value in added:
                if at == index:
                    text = print_inline(_without_blocks(value), kind.get("items", {}))
                    texts.append(text)
            if item is not None and index not in removed:
                texts.append(self._text(item.start_mark, item.end_mark))
        if "#" not in self._text(start, end):
            self._edit(start.line, start.column, end.line, end.column, f"[{', '.join(texts)}]")

    def _text(self, start: yaml.Mark, end: yaml.Mark) -> str:
        span = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        return self._source.text_at(span)

    def _change_block_list(
        self,
        written: _Written,
        added: Sequence[tuple[int, Node]],
        removed: AbstractSet[int],
        kind: Schema,
    ) -> None:
        node = written.value
        assert written.key is not None
        column = node.start_mark.column
        for index, value in added:
            item = Collection(False, (Entry("", "", value),))
            before = _last_line(node.value[index - 1]) if index else written.key.end_mark.line
            self._add_lines(before, print_group(item, kind, " " * column))
        for index in sorted(removed):
            first = node.value[index].start_mark.line
            while self._source.lines[first][column : column + 1] != "-":
                first -= 1
            self._remove_lines(first, _last_line(node.value[index]))
        if len(removed) == len(node.value) and not added:
            line, end = written.key.end_mark.line, written.key.end_mark.column
            colon = self._source.lines[line].index(":", end) + 1
            self._edit(line, colon, line, colon, " []")

    # ── edits

    def _kind(self, pointer: Pointer) -> Schema:
        return self._form.schema.node_at(pointer) if pointer else self._form.schema.root

    def _edit(self, line: int, column: int, end_line: int, end: int, text: str) -> None:
        self._edits.append(Edit(Span(line + 1, column + 1, end_line + 1, end + 1), text))

    def _add_lines(self, after: int, lines: Sequence[str]) -> None:
        """Insert lines into the file after a line.

        `after`: the number of this line.
        """
        end = len(self._source.lines[after])
        self._edit(after, end, after, end, "".join(f"\n{line}" for line in lines))

    def _remove_lines(self, first: int, last: int) -> None:
        lines = self._source.lines
        self._edit(first - 1, len(lines[first - 1]), last, len(lines[last]), "")


def _walk(pointer: Pointer, written: _Written) -> Iterator[tuple[Pointer, _Written]]:
    """Yield the value at `pointer` and every value inside it, each with its pointer."""
    yield pointer, written
    node = written.value
    if isinstance(node, yaml.ScalarNode):
        return
    assert isinstance(node, yaml.CollectionNode)
    inline = written.inline or bool(node.flow_style)
    column = node.start_mark.column
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk((*pointer, key.value), _Written(key, value, inline, column))
    else:
        for index, value in enumerate(node.value):
            yield from _walk((*pointer, index), _Written(None, value, inline, column))


def _is_literal(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style == "|"


def _is_on_one_line(node: yaml.Node) -> bool:
    """Return True for brackets that are closed on the line where they are opened."""
    is_flow = isinstance(node, yaml.CollectionNode) and bool(node.flow_style)
    return is_flow and node.start_mark.line == node.end_mark.line


def _last_line(node: yaml.Node) -> int:
    """Return the number of the last line of a value, counted from 0.

    Comments and blank lines after the value do not count.
    """
    if _is_literal(node):
        return int(node.start_mark.line) + len(lines_of(node.value))
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.line)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(node, yaml.MappingNode) else last)


def _indented(line: str, margin: int) -> str:
    return " " * margin + line if line else ""


def _inline(value: Node) -> str:
    return value.text if isinstance(value, Scalar) else ""


def _without_blocks(value: Node) -> Node:
    """Return a value without `|` blocks, which can't stand inside brackets."""
    if isinstance(value, BlockScalar):
        return Scalar(json.dumps("\n".join((*value.lines, "")), ensure_ascii=False))
    if isinstance(value, Collection):
        entries = (replace(each, value=_without_blocks(each.value)) for each in value.entries)
        return replace(value, entries=tuple(entries))
    return value
