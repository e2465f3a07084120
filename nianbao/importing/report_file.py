"""Write imported content as a report file, with the doubts (unclear values) as comments."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.formatting.printer import print_tree
from nianbao.formatting.tree import (
    BlockScalar,
    Collection,
    Comment,
    Entry,
    Node,
    Scalar,
    Tree,
    scalar_of,
)
from nianbao.importing.markdown import escape_line, one_line, printable
from nianbao.model.schema import members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from nianbao.diagnostics.finding import Pointer
    from nianbao.importing.doubts import Doubt
    from nianbao.importing.matching.figures import CellText
    from nianbao.importing.matching.outline import Line
    from nianbao.model.form import Form
    from nianbao.model.schema import Schema

_NUMBERED = re.compile(r"([0-9]{1,9})\.(?=[^\s0-9.])")
_LIST_ITEM = re.compile(r"([0-9]{1,9})\. ")


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a report file.

    `values`: single values (机关, 年度 …) by key, as YAML scalars.
    `cells`: the cells by pointer.
    `lines`: the lines of each text, by the pointer of the text.
    """

    values: Mapping[str, str]
    cells: Mapping[Pointer, CellText]
    lines: Mapping[Pointer, Sequence[Line]]


def write_report(
    content: Content,
    form: Form,
    doubts: Iterable[Doubt],
    omitted: AbstractSet[Pointer] = frozenset(),
) -> str:
    """Return the text of a report file.

    Each doubt (unclear value) becomes a comment above its line. Doubts without a line become
    comments at the top.

    `omitted`: the pointers of cells to leave out.
    """
    comments: dict[Pointer, dict[str, None]] = defaultdict(dict)  # each once, in order
    for doubt in doubts:
        comments[doubt.pointer][doubt.comment] = None
    writer = _Writer(content, form, comments, frozenset(omitted))
    entries = tuple(writer.entries(form.schema.root, ()))
    # What is left is about the whole report, or about a part that was not written.
    head = tuple(
        Comment(comment) for pointer in sorted(comments, key=len) for comment in comments[pointer]
    )
    tree = Tree((), head, bool(head), Collection(True, entries))
    return print_tree(tree, form)


def yaml_scalar(text: str) -> str:
    """Return a text as a YAML scalar in one line, in quotes if it needs them."""
    return scalar_of(one_line(text)).text


@dataclass(frozen=True, slots=True)
class _Writer:
    content: Content
    form: Form
    comments: dict[Pointer, dict[str, None]]
    omitted: frozenset[Pointer]

    def entries(self, kind: Schema, pointer: Pointer) -> Iterator[Entry]:
        """Yield the entries of a mapping in the report file.

        `kind`: the part of the schema that describes the mapping. `pointer`: where the mapping
        stands.
        """
        needed = kind.get("required", ())
        for name, definition in kind["properties"].items():
            child = (*pointer, name)
            value = self._value(definition, child, required=name in needed)
            if value is not None:
                yield self._commented(Entry(name, name, value), child)

    def _value(self, kind: Schema, pointer: Pointer, *, required: bool) -> Node | None:
        if "x-cell" in kind:
            return None if pointer in self.omitted else self._cell(pointer)
        if "x-text" in kind or kind.get("x-section") == "text":
            return self._text(kind, pointer, required=required)
        if len(pointer) == 1 and "x-section" not in kind:
            known = self.content.values.get(str(pointer[0]))
            return Scalar(known) if known is not None else Scalar("") if required else None
        return Collection(True, tuple(self.entries(kind, pointer)), flow=True)

    def _cell(self, pointer: Pointer) -> Node:
        cell = self.content.cells.get(pointer)
        if cell is None or not cell.number:
            return Scalar("")
        if not cell.note:
            return Scalar(cell.number)
        pair = (("数值", cell.number), ("注", yaml_scalar(cell.note)))
        return Collection(
            True, tuple(Entry(key, key, Scalar(each)) for key, each in pair), flow=True
        )

    def _text(self, kind: Schema, pointer: Pointer, *, required: bool) -> Node | None:
        below = sorted({p[: len(pointer) + 1] for p in self.content.lines if _is_below(p, pointer)})
        if below:
            items = (Entry("", "", self._item(each, kind)) for each in below)
            return Collection(
                False,
                tuple(self._commented(item, each) for item, each in zip(items, below, strict=True)),
            )
        lines = self.content.lines.get(pointer)
        if lines:
            return _block(lines)
        return Scalar("") if required or kind.get("x-text") == "block" else None

    def _item(self, pointer: Pointer, kind: Schema) -> Node:
        """Return an item of a list: a further block, or a note under a table."""
        lines = self.content.lines.get(pointer)
        if lines:
            return Scalar(yaml_scalar(escape_line(" ".join(line.text for line in lines))))
        entries = []
        for key in members(kind.get("items", {})):
            text = self.content.lines.get((*pointer, key), ())
            single = key == "标题"
            value: Node = (
                Scalar(yaml_scalar(escape_line(" ".join(line.text for line in text))))
                if single
                else _block(text)
                if text
                else Scalar("")
            )
            entries.append(self._commented(Entry(key, key, value), (*pointer, key)))
        return Collection(True, tuple(entries))

    def _commented(self, entry: Entry, pointer: Pointer) -> Entry:
        """Add comments to an entry.

        Comments about the cells of a row are added to the row, because all its cells are in one
        line.
        """
        value = entry.value
        if len(pointer) > 1 and "x-cell" in self._definition(pointer):
            return entry
        own = [*self.comments.pop(pointer, {})]
        if isinstance(value, Collection) and any(row.pointer == pointer for row in self.form.rows):
            for item in value.entries:
                own += [
                    f"{comment.partition('：')[0]}：{item.name}{comment.partition('：')[2]}"
                    for comment in self.comments.pop((*pointer, item.name), ())
                ]
            entries = tuple(replace(each, trailing="", leading=()) for each in value.entries)
            entry = replace(entry, value=replace(value, entries=entries))
        return replace(entry, leading=tuple(Comment(comment) for comment in own)) if own else entry

    def _definition(self, pointer: Pointer) -> Schema:
        properties = self.form.schema.properties_at(pointer[:-1])
        return properties.get(str(pointer[-1]), {})


def _block(lines: Sequence[Line]) -> BlockScalar:
    return BlockScalar("|", tuple(markdown_lines([line.text for line in lines])))


def markdown_lines(texts: Iterable[str]) -> Iterator[str]:
    """Yield lines of Markdown that render as `texts`."""
    last = 0
    for text in texts:
        line = printable(text) if text.startswith("|") else escape_line(text)
        number = _NUMBERED.match(line)
        # Without a blank, Markdown would print 2.文字 as a part of the list item 1.
        if number and last and int(number[1]) == last + 1:
            line = f"{line[: number.end()]} {line[number.end() :]}"
        item = _LIST_ITEM.match(line)
        last = int(item[1]) if item else 0
        yield line


def _is_below(pointer: Pointer, above: Pointer) -> bool:
    return len(pointer) > len(above) and pointer[: len(above)] == above
