"""Parse a source into a tree with every key, value and comment as written."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import yaml

from nianbao.errors import UserError
from nianbao.formatting.tree import BlockScalar, Collection, Comment, Entry, Node, Scalar, Tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.source import Source

# PyYAML gives the position of every key and value. Between two of them there are only blanks,
# punctuation and comments, so all comments are found.
_Position = tuple[int, int]
# Loads every scalar as text: the tree needs no types.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_HEADER = re.compile(r"\|[-+0-9]*")
_DOCUMENT_START = re.compile(r"---(?!\S)")


@dataclass(frozen=True, slots=True)
class _CommentToken:
    """A comment and its position.

    `own_line`: True if there are only blanks before the comment on its line.
    """

    position: _Position
    text: str
    own_line: bool


def parse_tree(source: Source) -> Tree:
    """Return the tree of a report file.

    `source`: must have no findings, and its data must be a mapping.

    Raises UserError if a key is missing or is longer than one line.
    """
    root = compose(source)
    return _TreeBuilder(source, root).document(root)


def is_equivalent(before: Source, after: Source) -> bool:
    """Return True if two valid sources have the same data and the same comments."""
    if before.findings or after.findings or before.data != after.data:
        return False
    texts = [
        sorted(comment.text for comment in _comment_tokens(source.lines, _scalars(compose(source))))
        for source in (before, after)
    ]
    return texts[0] == texts[1]


def compose(source: Source) -> yaml.MappingNode:
    """Return the YAML nodes of a source that has no findings.

    Every value becomes a text as written, even 007 and true.
    """
    root = yaml.compose("\n".join(source.lines), Loader=_LOADER)
    assert isinstance(root, yaml.MappingNode)
    return root


def _scalars(node: yaml.Node) -> list[yaml.ScalarNode]:
    """Return all scalars inside a node, including keys, in the order of the file."""
    if isinstance(node, yaml.ScalarNode):
        return [node]
    items = node.value if isinstance(node, yaml.SequenceNode) else chain.from_iterable(node.value)
    return [scalar for item in items for scalar in _scalars(item)]


class _TreeBuilder:
    """Builds the tree in the order of the file, and attaches each comment to an entry."""

    def __init__(self, source: Source, root: yaml.MappingNode) -> None:
        self._path = source.path
        self._lines = source.lines
        scalars = _scalars(root)
        self._comments = list(_comment_tokens(source.lines, scalars))
        self._next = 0
        self._blank = {number for number, line in enumerate(source.lines) if not line.strip()}
        self._blank -= _within_texts(scalars)

    def document(self, node: yaml.MappingNode) -> Tree:
        above = enumerate(self._lines[: _start(node)[0] + 1])
        line = next((number for number, text in above if _DOCUMENT_START.match(text)), None)
        opening: tuple[str, ...] = ()
        if line is not None:
            same = self._take((line + 1, 0))
            comment = f"  {same[-1].text}" if same and same[-1].position[0] == line else ""
            opening = (*self._lines[:line], "---" + comment)
        first = _start(node.value[0][0]) if node.value else (len(self._lines), 0)
        head = tuple(self._comment(comment) for comment in self._take(first))
        root = self._group(node, 0)
        entries = root.entries
        # Comments at the top belong to the file, not to its first key.
        spaced = bool(entries and entries[0].spaced)
        if entries:
            entries = (replace(entries[0], spaced=False), *entries[1:])
        foot = tuple(map(self._comment, self._take((len(self._lines), 0))))
        root = replace(root, entries=entries, foot=(*root.foot, *foot))
        return Tree(opening, head, spaced, root)

    def _take(self, before: _Position, line: int | None = None) -> list[_CommentToken]:
        """Remove and return the next comments that begin before a position.

        `line`: take comments on this line only, or None for all lines.
        """
        taken = []
        while self._next < len(self._comments):
            comment = self._comments[self._next]
            if comment.position >= before or (line is not None and comment.position[0] != line):
                break
            taken.append(comment)
            self._next += 1
        return taken

    def _has_comment(self, before: _Position) -> bool:
        """Return True if the next comment begins before a position."""
        return self._next < len(self._comments) and self._comments[self._next].position < before

    def _comment(self, comment: _CommentToken) -> Comment:
        return Comment(comment.text, comment.own_line and comment.position[0] - 1 in self._blank)

    def _group(self, node: yaml.CollectionNode, floor: int) -> Collection:
        """Return a mapping or list with its comments.

        `floor`: comments after the last entry that begin left of this column belong to an outer
        group.
        """
        keyed = isinstance(node, yaml.MappingNode)
        flow = bool(node.flow_style)
        # Comments after a closing bracket belong to its collection.
        limit = _end(node) if flow else (len(self._lines), 0)
        column = _start(node)[1]
        pairs = node.value if keyed else [(None, item) for item in node.value]
        # A comment after several cells of a line belongs to the last of these cells.
        stops = [_start(key or value) if flow else limit for key, value in pairs[1:]]
        entries = tuple(
            self._entry(key, value, column, stop)
            for (key, value), stop in zip(pairs, [*stops, limit], strict=False)
        )
        if flow:
            return Collection(keyed, entries, tuple(map(self._comment, self._take(limit))), flow)
        foot = []
        end = _end(node)
        while self._next < len(self._comments):
            comment = self._comments[self._next]
            if comment.position >= end or comment.position[1] < max(column, floor):
                break
            foot.append(self._comment(comment))
            self._next += 1
        return Collection(keyed, entries, tuple(foot))

    def _entry(
        self, key: yaml.Node | None, value: yaml.Node, column: int, limit: _Position
    ) -> Entry:
        start = _start(key or value)
        if not self._has_comment(limit):  # as most of the hundreds of cells of a report
            text, name = self._key(key)
            spaced = self._is_spaced(start)
            return Entry(text, name, self._node(value, column + 1), spaced=spaced)
        before = self._take(start)
        trailing: list[_CommentToken] = []
        block = isinstance(value, yaml.CollectionNode) and not value.flow_style
        if key is not None and _start(value) > _end(key):
            between = self._take(_start(value), _end(key)[0] if block else None)
            trailing = between[:1]
            before += between[1:]
        node = self._node(value, column + 1)
        if not block:
            literal = isinstance(node, BlockScalar)
            behind = self._take(limit, _start(value)[0] if literal else _end(value)[0])
            if behind:
                before = sorted([*before, *trailing], key=lambda comment: comment.position)
                trailing = behind[:1]
        leading = tuple(map(self._comment, before))
        if isinstance(node, Collection) and not node.entries and node.foot:
            leading, node = (*leading, *node.foot), replace(node, foot=())
        text, name = self._key(key)
        comment = trailing[0].text if trailing else ""
        return Entry(text, name, node, leading, comment, self._is_spaced(start))

    def _node(self, node: yaml.Node, floor: int) -> Node:
        if isinstance(node, yaml.CollectionNode):
            return self._group(node, floor)
        assert isinstance(node, yaml.ScalarNode)
        (line, column), (last, end) = _start(node), _end(node)
        if node.style == "|":
            header = _HEADER.match(self._lines[line], column)
            assert header is not None
            # The canonical layout indents a text by two.
            return BlockScalar(re.sub("[0-9]", "2", header.group()), lines_of(node.value))
        return Scalar(self._lines[line][column:end] if last == line else "")

    def _key(self, node: yaml.Node | None) -> tuple[str, str]:
        if node is None:
            return "", ""
        assert isinstance(node, yaml.ScalarNode)
        (line, column), (last, end) = _start(node), _end(node)
        name = str(node.value)
        text = self._lines[line][column:end]
        if last != line or not text or node.style == "|":
            position = f"{self._path}:{line + 1}:{column + 1}"
            raise UserError(f"{position}: 键的这种写法不能整理。改成“键: 值”这样的一行")
        return text, name

    def _is_spaced(self, start: _Position) -> bool:
        line, column = start
        return not self._lines[line][:column].strip(" -") and line - 1 in self._blank


def _start(node: yaml.Node) -> _Position:
    mark = node.start_mark
    return mark.line, mark.column


def _end(node: yaml.Node) -> _Position:
    mark = node.end_mark
    return mark.line, mark.column


def _comment_tokens(
    lines: Sequence[str], scalars: Sequence[yaml.ScalarNode]
) -> Iterator[_CommentToken]:
    """Yield every comment of a file, from first to last.

    `scalars`: all scalars of the file; a # inside them begins no comment.
    """
    line, column = 0, 0
    for scalar in (*scalars, None):
        first, left = _start(scalar) if scalar else (len(lines), 0)
        # From the end of one scalar to the start of the next: blanks, punctuation and comments.
        for number in range(line, first + (left > 0)):
            begin = column if number == line else 0
            at = lines[number].find("#", begin, left if number == first else None)
            if at >= 0:
                yield _CommentToken(
                    (number, at), lines[number][at:], not lines[number][:at].strip()
                )
        if scalar is None:
            break
        if scalar.style == "|":
            header = _HEADER.match(lines[first], left)
            at = lines[first].find("#", header.end() if header else left)
            if at >= 0:
                yield _CommentToken((first, at), lines[first][at:], own_line=False)
        line, column = max((line, column), _end(scalar))


def _within_texts(scalars: Sequence[yaml.ScalarNode]) -> set[int]:
    """Return the indexes of the lines that are inside a `|` block."""
    within: set[int] = set()
    for scalar in scalars:
        if scalar.style == "|":
            line = _start(scalar)[0] + 1
            within |= set(range(line, line + len(lines_of(scalar.value))))
    return within


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a `|` block without their indentation.

    `text`: the value of the block.
    """
    return tuple(text.removesuffix("\n").split("\n")) if text else ()
