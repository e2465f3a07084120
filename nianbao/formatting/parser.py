"""Parse a source into a tree that keeps every key, value and comment as written.

PyYAML gives the position of every token and value. Between two tokens there are only blanks and
comments, so that no comment is missed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from nianbao.errors import UserError
from nianbao.formatting.tree import BlockScalar, Collection, Comment, Entry, Node, Scalar, Tree
from nianbao.parsing.constructor import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.source import Source

_Position = tuple[int, int]
_HEADER = re.compile(r"\|[-+0-9]*")


@dataclass(frozen=True, slots=True)
class _CommentToken:
    """A comment and its position; `own_line`: only blanks come before it on its line."""

    position: _Position
    text: str
    own_line: bool


def parse_tree(source: Source) -> Tree:
    """Parse a source that has no findings and whose data is a mapping.

    Raises UserError for a key without a canonical form.
    """
    root = yaml.compose("\n".join(source.lines), Loader=LOADER)
    assert isinstance(root, yaml.MappingNode)
    return _TokenParser(source, _tokens(source)).document(root)


def is_equivalent(before: Source, after: Source) -> bool:
    """Return True if two valid sources have the same data and the same comments."""
    if before.findings or after.findings or before.data != after.data:
        return False
    texts = [
        sorted(comment.text for comment in _comment_tokens(source.lines, _tokens(source)))
        for source in (before, after)
    ]
    return texts[0] == texts[1]


def _tokens(source: Source) -> list[yaml.Token]:
    return list(yaml.scan("\n".join(source.lines), Loader=LOADER))


class _TokenParser:
    """Build the tree in the order of the file, attaching comments to entries."""

    def __init__(self, source: Source, tokens: Sequence[yaml.Token]) -> None:
        self._path = source.path
        self._lines = source.lines
        self._tokens = tokens
        self._comments = list(_comment_tokens(source.lines, tokens))
        self._next = 0
        self._blank = {number for number, line in enumerate(source.lines) if not line.strip()}
        self._blank -= _within_texts(tokens)

    def document(self, node: yaml.MappingNode) -> Tree:
        starts = [t for t in self._tokens if isinstance(t, yaml.DocumentStartToken)]
        opening: tuple[str, ...] = ()
        if starts:
            line, column = _start(starts[0])
            same = self._take((line + 1, 0))
            comment = f"  {same[-1].text}" if same and same[-1].position[0] == line else ""
            opening = (*self._lines[:line], self._lines[line][column : column + 3] + comment)
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
        """Take the next comments that begin before a position, or only those on one line."""
        taken = []
        while self._next < len(self._comments):
            comment = self._comments[self._next]
            if comment.position >= before or (line is not None and comment.position[0] != line):
                break
            taken.append(comment)
            self._next += 1
        return taken

    def _comment(self, comment: _CommentToken) -> Comment:
        return Comment(comment.text, comment.own_line and comment.position[0] - 1 in self._blank)

    def _group(self, node: yaml.CollectionNode, floor: int) -> Collection:
        """Build a mapping or list; comments left of column `floor` after it are not its own."""
        keyed = isinstance(node, yaml.MappingNode)
        flow = bool(node.flow_style)
        # Comments after a closing bracket belong to its collection.
        limit = _end(node) if flow else (len(self._lines), 0)
        column = _start(node)[1]
        pairs = node.value if keyed else [(None, item) for item in node.value]
        # A comment after several cells of a line belongs to the last one.
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
            return BlockScalar(re.sub("[0-9]", "2", header.group()), _lines_of(node.value))
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


def _start(node: yaml.Node | yaml.Token) -> _Position:
    return node.start_mark.line, node.start_mark.column


def _end(node: yaml.Node | yaml.Token) -> _Position:
    return node.end_mark.line, node.end_mark.column


def _comment_tokens(lines: Sequence[str], tokens: Sequence[yaml.Token]) -> Iterator[_CommentToken]:
    """Yield every comment of a file, in order."""
    position = (0, 0)
    for token in tokens:
        line, column = position
        first, left = _start(token)
        # From the end of one token to the start of the next: blanks and comments.
        for number in range(line, first + (left > 0)):
            begin = column if number == line else 0
            stop = left if number == first else None
            at = lines[number].find("#", begin, stop) if number < len(lines) else -1
            if at >= 0:
                yield _CommentToken(
                    (number, at), lines[number][at:], not lines[number][:at].strip()
                )
        if isinstance(token, yaml.ScalarToken) and token.style == "|":
            header = _HEADER.match(lines[first], left)
            at = lines[first].find("#", header.end() if header else left)
            if at >= 0:
                yield _CommentToken((first, at), lines[first][at:], own_line=False)
        position = max(position, _end(token))


def _within_texts(tokens: Sequence[yaml.Token]) -> set[int]:
    """The lines that are part of a text below its `|`."""
    within: set[int] = set()
    for token in tokens:
        if isinstance(token, yaml.ScalarToken) and token.style == "|":
            line = _start(token)[0] + 1
            within |= set(range(line, line + len(_lines_of(token.value))))
    return within


def _lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text below its `|`, without their indentation."""
    return tuple(text.removesuffix("\n").split("\n")) if text else ()
