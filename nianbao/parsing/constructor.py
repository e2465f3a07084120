"""Construct values with positions from YAML events.

Values can only be dict, list, str, int, Decimal, bool or None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import FILE_START, Edit, Pointer, Problem, Span
from nianbao.model.schema import prose_keys
from nianbao.model.source import Location
from nianbao.utils.characters import UNPRINTABLE
from nianbao.utils.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.parsing.typos import AddFinding

MAX_DEPTH = 24
MAX_VALUES = 20_000  # a report has some hundred; the checks take time for each of them
TOO_DEEP = Problem(f"嵌套超过了 {MAX_DEPTH} 层", "检查缩进和括号")
# The C parser (libyaml) if PyYAML was built with it: ten times faster, with the same events.
LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = lazy_pattern(f"[{UNPRINTABLE}]")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False}


def parse_events(text: str) -> Iterator[yaml.Event]:
    """Return the parser events of a YAML text.

    Raises yaml.YAMLError, at the call or during the iteration, if the text is invalid.
    """
    return iter(LOADER(text).get_event, None)


class UnreadableError(Exception):
    """Raised after a finding that makes the rest of the file unreadable."""


class _OpenCollection:
    """A mapping or list that is being filled.

    `key`: the key of the next value and the span of that key, or None if no key has been read.
    `is_unquoted_reference`: True for `{{ … }}`, which YAML reads as a mapping.
    """

    __slots__ = ("is_unquoted_reference", "key", "pointer", "span", "value")

    def __init__(
        self, pointer: Pointer, value: dict[str, object] | list[object], span: Span
    ) -> None:
        self.pointer = pointer
        self.value = value
        self.span = span
        self.key: tuple[str, Span] | None = None
        self.is_unquoted_reference = False


class Constructor:
    """Constructs data from YAML events, and records the location of each value."""

    def __init__(
        self,
        add_finding: AddFinding,
        columns: Mapping[int, Sequence[int]],
        lines: Sequence[str] = (),
    ) -> None:
        """Start without data.

        `add_finding`: is called with each finding.
        `columns`: a column map for each line that was changed before parsing, by the index of the
            line. The column map has, for each character of the changed line and for the end, the
            column in the file.
        `lines`: the lines of the file; without them, findings have no edits.
        """
        self._lines = lines
        self._add_finding = add_finding
        self._columns = columns
        self._open: list[_OpenCollection] = []
        self._root: object = None
        self.locations: dict[Pointer, Location] = {}

    def construct(self, events: Iterator[yaml.Event]) -> object:
        """Return the data of the file; None with a finding if the file is empty.

        Raises UnreadableError if the file is too deep or large, or has several documents.

        Raises yaml.YAMLError if `events` raises it.
        """
        documents = 0
        for event in events:
            span = self._span(event)
            if isinstance(event, yaml.ScalarEvent):  # as most events are
                if event.anchor is not None or event.tag is not None:
                    self._reject(event.anchor, event.tag, span)
                self._scalar(event, span)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._reject(event.anchor, event.tag, span)
                self._start({} if isinstance(event, yaml.MappingStartEvent) else [], span)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(self._open.pop())
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._add_finding(
                        "S005", span, "一个文件里有几份文档（---）", "一份报告一个文件"
                    )
                    raise UnreadableError
            elif isinstance(event, yaml.AliasEvent):
                self._add_finding("S005", span, f"不支持引用（*{event.anchor}）", "把内容写在这里")
                self._add(None, span)
        if documents == 0:
            self._add_finding(
                "S009", FILE_START, "文件是空的", "删掉它，用 new 起草，例如 new 2023"
            )
        return self._root

    def _span(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        assert start is not None
        assert end is not None
        if self._columns:
            left = self._column(start.line, start.column)
            right = self._column(end.line, end.column)
            return Span(start.line + 1, left, end.line + 1, right)
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _column(self, line: int, column: int) -> int:
        written = self._columns.get(line)
        return column + 1 if written is None else written[min(column, len(written) - 1)]

    def _reject(self, anchor: str | None, tag: str | None, span: Span) -> None:
        if anchor is not None:
            self._add_finding("S005", span, f"不支持锚点（&{anchor}）", "去掉它")
        if tag is not None:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            self._add_finding("S005", span, f"不支持标签（{name}）", "去掉它")

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> None:
        parent = self._open[-1] if self._open else None
        # Only an escape in double quotes can produce a character that the lines do not have.
        text: str = self._visible(event, span) if event.style == '"' else event.value
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            parent.key = (text, span)
            return
        plain = event.style in (None, "") and event.implicit[0]
        if event.style == ">" or (event.style != "|" and span.end_line > span.line):
            # YAML would join the lines with spaces, but the writer means each as a paragraph.
            plain_key = parent.key if parent and event.style in (None, "") else None
            self._add_finding(
                *("S010", span, "几行文字没有写在 | 后面，会连成一行"),
                "冒号后面写 |，正文从下一行起",
                edits=self._bar(*plain_key, span) if plain_key else (),
            )
        value = _resolve(text) if plain else text
        self._add(value, span, literal=event.style == "|")

    def _bar(self, key: str, key_span: Span, text: Span) -> tuple[Edit, ...]:
        """Return an edit that inserts a `|` after a key whose text begins on a later line.

        Return () if that edit would not be right.
        """
        if key not in prose_keys() or key_span.line >= text.line or not self._lines:
            return ()
        colon = re.compile(" *[:：]").match(self._lines[key_span.line - 1], key_span.end_column - 1)
        below = [line for line in self._lines[text.line - 1 : text.end_line] if line.strip()]
        indents = [len(line) - len(line.lstrip(" ")) for line in below]
        if colon is None or min(indents) < indents[0]:
            return ()
        return (Edit(Span.at(key_span.line, colon.end() + 1, 0), " |"),)

    def _visible(self, event: yaml.ScalarEvent, span: Span) -> str:
        """Return the text of a quoted scalar with each unprintable character replaced by a space.

        Unprintable characters are reported.
        """
        text: str = event.value
        hidden = _UNPRINTABLE.search(text)
        if hidden is None:
            return text
        code = f"U+{ord(hidden.group()):04X}"
        message = f"引号里的反斜杠写出了看不见的字符 {code}"
        self._add_finding("S008", span, message, "删掉反斜杠和它后面的代码")
        return _UNPRINTABLE.sub(" ", text)

    def _start(self, value: dict[str, object] | list[object], span: Span) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._no_key(parent, span)
        if len(self._open) >= MAX_DEPTH:
            self._add_finding("S007", span, TOO_DEEP.message, TOO_DEEP.help)
            raise UnreadableError
        self._open.append(_OpenCollection(self._add(value, span), value, span))

    def _no_key(self, parent: _OpenCollection, span: Span) -> None:
        """Report a mapping or list used as a key, for example an unquoted `{{ 年度 }}`."""
        around = parent.span  # not from `locations`, which lacks the value of a duplicate key
        if (around.line, around.column) != (span.line, span.column - 1):
            self._add_finding("S005", span, "键不能是一个组或列表", "键是一个词")
            raise UnreadableError
        self._add_finding(
            *("S005", around, "这里不能直接写 {{ }}"),
            "文字写在 | 的下面一行；格子里直接填数",
        )
        parent.key = ("{ }", span)
        parent.is_unquoted_reference = True

    def _close(self, parent: _OpenCollection) -> None:
        """Close a collection; if it is an unquoted reference, put a text in its place.

        The text prevents a second finding about the same place.
        """
        if parent.is_unquoted_reference and self._open:
            around, key = self._open[-1].value, parent.pointer[-1]
            if isinstance(around, dict) and key in around:
                around[str(key)] = "{{ }}"
            elif isinstance(around, list) and isinstance(key, int):
                around[key] = "{{ }}"

    def _add(self, value: object, span: Span, *, literal: bool = False) -> Pointer:
        """Add a value to the innermost open collection and return its pointer."""
        if not self._open:
            self._root = value
            self.locations[()] = Location(span, None, literal)
            return ()
        if len(self.locations) >= MAX_VALUES:
            self._add_finding(
                "S011", span, f"文件里的值超过了 {MAX_VALUES} 个", "检查是不是放错了文件"
            )
            raise UnreadableError
        parent = self._open[-1]
        if isinstance(parent.value, list):
            pointer = (*parent.pointer, len(parent.value))
            parent.value.append(value)
            self.locations[pointer] = Location(span, None, literal)
            return pointer
        if parent.key is None:  # an alias used as a key, which has been reported
            parent.key = ("*", span)
            return parent.pointer
        key, key_span = parent.key
        parent.key = None
        pointer = (*parent.pointer, key)
        if key in parent.value:
            first = self.locations[pointer].key_or_value.line
            message = f"“{key}”写了两次，第 {first} 行已经有了"
            if not _INTEGER.match(key) and key != "/":  # a number is a value whose key is missing
                self._add_finding("S006", key_span, message, "删掉一个", pointer)
            # Keep the first value. Check the second while parsing it, under another pointer.
            return (*parent.pointer, f"{key}（重复）")
        parent.value[key] = value
        self.locations[pointer] = Location(span, key_span, literal)
        return pointer


@lru_cache(1024)  # most values are small numbers
def _resolve(text: str) -> object:
    """Return the value of an unquoted scalar: a number, True, False, None or a text.

    Unlike in YAML 1.1, 0123, 1_000, 12:30, no and 2023-01-31 are texts.
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS or text == "FALSE":
        return _BOOLEANS.get(text, False)
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        number = Decimal(text)
        return number or number.copy_abs()  # -0.0 is 0.0
    return text
