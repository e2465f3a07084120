"""From YAML events to values with positions, strictly.

Values are built from the parser's events, not by a loader: nothing of a report is ever constructed
but dict, list, str, int, Decimal, bool and None.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import FILE_START, Pointer, Span
from nianbao.model.source import Location
from nianbao.utils.characters import UNPRINTABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.parsing.typos import AddFinding

MAX_DEPTH = 24
TOO_DEEP = (f"嵌套超过了 {MAX_DEPTH} 层", "检查缩进和括号")
# libyaml's parser, where PyYAML was built with it: ten times faster, same events.
LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(f"[{UNPRINTABLE}]")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False}


def parse_events(text: str) -> Iterator[yaml.Event]:
    """The parser's events; raises yaml.YAMLError where the text is no YAML, also on the way."""
    return iter(LOADER(text).get_event, None)


class UnreadableError(Exception):
    """The rest of the file can't be read."""


class _OpenCollection:
    """A mapping or list that is being filled."""

    __slots__ = ("is_unquoted_reference", "key", "pointer", "value")

    def __init__(self, pointer: Pointer, value: dict[str, object] | list[object]) -> None:
        self.pointer = pointer
        self.value = value
        self.key: tuple[str, Span] | None = None
        self.is_unquoted_reference = False


class Constructor:
    """Builds the data from YAML events, without recursion, and notes where each value stands."""

    def __init__(self, found: AddFinding, columns: Mapping[int, Sequence[int]]) -> None:
        """`columns` holds the columns of lines that are read otherwise than they are written."""
        self._found = found
        self._columns = columns
        self._frames: list[_OpenCollection] = []
        self._root: object = None
        self.marks: dict[Pointer, Location] = {}

    def construct(self, events: Iterator[yaml.Event]) -> object:
        documents = 0
        for event in events:
            span = self._span(event)
            if isinstance(event, yaml.ScalarEvent):  # which most are
                if event.anchor is not None or event.tag is not None:
                    self._reject(event.anchor, event.tag, span)
                self._scalar(event, span)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._reject(event.anchor, event.tag, span)
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], span)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(self._frames.pop())
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._found("S005", span, "一个文件里有几份文档（---）", "一份报告一个文件")
                    raise UnreadableError
            elif isinstance(event, yaml.AliasEvent):
                self._found("S005", span, f"不支持引用（*{event.anchor}）", "把内容写在这里")
                self._add(None, span)
        if documents == 0:
            self._found("S009", FILE_START, "文件是空的", "从 reports/ 里的另一份报告抄起")
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
            self._found("S005", span, f"不支持锚点（&{anchor}）", "去掉它")
        if tag is not None:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            self._found("S005", span, f"不支持标签（{name}）", "去掉它")

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> None:
        frame = self._frames[-1] if self._frames else None
        # Only an escape in quotes brings in what the lines are free of.
        text: str = self._visible(event, span) if event.style == '"' else event.value
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            frame.key = (text, span)
            return
        plain = event.style in (None, "") and event.implicit[0]
        if event.style == ">" or (event.style != "|" and span.end_line > span.line):
            # YAML would join the lines with spaces, where a line is meant to be a paragraph.
            self._found(
                "S010", span, "几行文字没有写在 | 后面，会连成一行", "冒号后面写 |，正文从下一行起"
            )
        value = _resolve(text) if plain else text
        self._add(value, span, literal=event.style == "|")

    def _visible(self, event: yaml.ScalarEvent, span: Span) -> str:
        """The text of a scalar, without what an escape may have put there."""
        text: str = event.value
        hidden = _UNPRINTABLE.search(text)
        if hidden is None:
            return text
        code = f"U+{ord(hidden.group()):04X}"
        message = f"引号里的反斜杠写出了看不见的字符 {code}"
        self._found("S008", span, message, "删掉反斜杠和它后面的代码")
        return _UNPRINTABLE.sub(" ", text)

    def _open(self, value: dict[str, object] | list[object], span: Span) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._no_key(frame, span)
        if len(self._frames) >= MAX_DEPTH:
            self._found("S007", span, *TOO_DEEP)
            raise UnreadableError
        self._frames.append(_OpenCollection(self._add(value, span), value))

    def _no_key(self, frame: _OpenCollection, span: Span) -> None:
        """A group in the place of a key: of `{{ 年度 }}` YAML makes a group with such a key."""
        around = self.marks[frame.pointer].value
        if (around.line, around.column) != (span.line, span.column - 1):
            self._found("S005", span, "键不能是一个组或列表", "键是一个词")
            raise UnreadableError
        self._found(
            *("S005", around, "这里不能直接写 {{ }}"),
            "文字写在 | 的下面一行；格子里直接填数",
        )
        frame.key = ("{ }", span)
        frame.is_unquoted_reference = True

    def _close(self, frame: _OpenCollection) -> None:
        """End a group or list; of one that was meant as a text nothing more is to be said."""
        if frame.is_unquoted_reference and self._frames:
            around, place = self._frames[-1].value, frame.pointer[-1]
            if isinstance(around, dict) and place in around:
                around[str(place)] = "{{ }}"
            elif isinstance(around, list) and isinstance(place, int):
                around[place] = "{{ }}"

    def _add(self, value: object, span: Span, *, literal: bool = False) -> Pointer:
        """Put a value where it belongs and return its pointer."""
        if not self._frames:
            self._root = value
            self.marks[()] = Location(span, None, literal)
            return ()
        frame = self._frames[-1]
        if isinstance(frame.value, list):
            pointer = (*frame.pointer, len(frame.value))
            frame.value.append(value)
            self.marks[pointer] = Location(span, None, literal)
            return pointer
        if frame.key is None:  # an alias as a key; it has been reported
            frame.key = ("*", span)
            return frame.pointer
        key, key_span = frame.key
        frame.key = None
        pointer = (*frame.pointer, key)
        if key in frame.value:
            first = self.marks[pointer].key_or_value.line
            message = f"“{key}”写了两次，第 {first} 行已经有了"
            if not _INTEGER.match(key):  # a number without its key, whatever it was meant for
                self._found("S006", key_span, message, "删掉一个", pointer)
            # The first stays; what is under the second is read, so that its faults show, and left.
            return (*frame.pointer, f"{key}（重复）")
        frame.value[key] = value
        self.marks[pointer] = Location(span, key_span, literal)
        return pointer


def _resolve(text: str) -> object:
    """What an unquoted scalar means. 0123, 1_000, 12:30, no, 2023-01-31 are text."""
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
