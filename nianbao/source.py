"""From a file to values with positions: YAML, read strictly.

Only what a report needs is YAML here: mappings, lists, text and numbers. Everything else that YAML
can do (tags, anchors, several documents, the surprises of YAML 1.1) is an error or plain text,
never a silent conversion. Values are built from the parser's events, not by a loader: nothing of a
report is ever constructed but dict, list, str, int, Decimal, bool and None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import yaml

from nianbao import slips
from nianbao.finding import FILE_START, Finding, Pointer, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 24
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\Z")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})\.[0-9]{1,99}\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False}
# libyaml breaks lines at NEL, LS and PS too, which no editor counts; controls it refuses.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# libyaml's parser, where PyYAML was built with it: ten times faster, same events.
_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one value stands: its own span, that of its key, and whether it is a `|` block."""

    value: Span
    key: Span | None
    literal: bool = False

    @property
    def name(self) -> Span:
        """The span to point at when the whole entry is meant: the key, where there is one."""
        return self.key or self.value


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its lines, its data, where each value stands, and what was wrong with it.

    `data` is None where the file could not be read or parsed; `findings` then says why.
    """

    path: str
    lines: tuple[str, ...]
    data: object
    marks: Mapping[Pointer, Mark]
    findings: tuple[Finding, ...]

    def mark(self, pointer: Pointer) -> Mark:
        """The mark of a value, or of the nearest value around it that stands in the file."""
        while pointer and pointer not in self.marks:
            pointer = pointer[:-1]
        return self.marks.get(pointer, Mark(FILE_START, None))

    def locate(self, pointer: Pointer, text: str, offset: int, length: int) -> Span:
        """Where `text[offset:offset + length]`, a part of the value at `pointer`, stands.

        Exact for `|` blocks and for text on one line; else the start of the value.
        """
        mark = self.mark(pointer)
        before = text[:offset]
        if mark.literal:
            row = before.count("\n")
            number = mark.value.line + 1 + row
            wanted = text.split("\n")[row].rstrip("\r")
            written = self.lines[number - 1] if number <= len(self.lines) else ""
            indent = len(written) - len(wanted)
            column = indent + offset - (before.rfind("\n") + 1) + 1
            return Span.at(number, column, length)
        line = self.lines[mark.value.line - 1] if self.lines else ""
        start = line.find(text, mark.value.column - 1)
        if start >= 0:
            return Span.at(mark.value.line, start + offset + 1, length)
        return mark.value


def read_source(file: Path, path: str) -> Source:
    """Read a report file; `path` is how it is named to the user. Never raises for bad input."""
    try:
        problem = _unreadable(file)
        if problem is None:
            return parse_source(file.read_bytes(), path)
    except OSError as error:
        problem = ("S001", f"读不了这个文件：{error.strerror or error}", "检查文件名和文件的权限")
    rule, message, mend = problem
    finding = Finding(rule, Severity.ERROR, path, FILE_START, (), message, mend)
    return Source(path, (), None, {}, (finding,))


def _unreadable(file: Path) -> tuple[str, str, str] | None:
    """Why a path is no report file: rule, message, mend."""
    if file.is_symlink():
        # A link in a stranger's pull request could show what lies outside the repository.
        if not file.exists():
            return "S001", "是一个断开的链接", "删掉链接，放上文件本身"
        if file.resolve().parent != file.parent.resolve():
            return "S001", "是指向别处的链接，不读取", "放上文件本身，不要用链接"
    if file.is_dir():
        return "S001", "是一个文件夹，不是报告文件", "报告是一个 .yaml 文件"
    if not file.exists():
        return "S001", "没有这个文件", "检查文件名，或用 python build.py 查看 reports/ 里的报告"
    if not file.is_file():
        return "S001", "不是普通文件", "报告是一个 .yaml 文件"
    size = file.stat().st_size
    if size > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        message = f"文件有 {size / 1024 / 1024:.1f} MB，超过了 {limit} MB"
        return "S002", message, "检查是不是放错了文件"
    return None


def parse_source(raw: bytes, path: str) -> Source:
    """Parse the bytes of a report (UTF-8, a BOM and CRLF are fine)."""
    findings: list[Finding] = []

    def found(rule: str, span: Span, message: str, mend: str, pointer: Pointer = ()) -> None:
        findings.append(Finding(rule, Severity.ERROR, path, span, pointer, message, mend))

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8-sig", "replace")
        span = Span.at(good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1)
        found("S003", span, *slips.encoding(raw))
        return Source(path, (), None, {}, tuple(findings))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text and not text.endswith("\n"):
        text += "\n"  # the parser may place what is missing at the end on the line after it
    lines = tuple(text.split("\n"))
    indented_tab = False
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            indented_tab |= "\t" in line[: len(line) - len(line.lstrip())]
            span = Span.at(number, line.index("\t") + 1)
            found("S008", span, "有制表符（Tab）", "改成空格")
        match = _INVISIBLE.search(line)
        if match:
            span = Span.at(number, match.start() + 1)
            code = f"U+{ord(match.group()):04X}"
            found("S008", span, f"有看不见的字符 {code}", "删掉它（多半是从 Word 或网页粘贴来的）")
    data: object = None
    marks: dict[Pointer, Mark] = {}
    if not indented_tab:
        builder = _Builder(found)
        before = len(findings)
        clean = _INVISIBLE.sub(" ", text).replace("\t", " ")
        try:
            data = builder.build(yaml.parse(clean, Loader=_LOADER))
            marks = builder.marks
        except yaml.MarkedYAMLError as error:
            # What was found on the way may itself come from the broken syntax.
            del findings[before:]
            span, message, mend = slips.syntax(lines, error)
            found("S004", span, message, mend)
        except yaml.YAMLError as error:
            found("S004", FILE_START, f"不是合法的 YAML：{error}", "照着别的报告改")
        except _Stop:
            pass
    findings.sort(key=lambda finding: finding.order)
    return Source(path, lines, data, marks, tuple(findings))


class _Stop(Exception):  # noqa: N818 - not an error: the finding is already noted
    """The rest of the file can't be read."""


class _Frame:
    """A mapping or list that is being filled."""

    __slots__ = ("key", "pointer", "value")

    def __init__(self, pointer: Pointer, value: dict[str, object] | list[object]) -> None:
        self.pointer = pointer
        self.value = value
        self.key: tuple[str, Span] | None = None


class _Builder:
    """Builds the data from YAML events, without recursion, and notes where each value stands."""

    def __init__(self, found: slips.Found) -> None:
        self._found = found
        self._frames: list[_Frame] = []
        self._root: object = None
        self.marks: dict[Pointer, Mark] = {}

    def build(self, events: Iterator[yaml.Event]) -> object:
        documents = 0
        for event in events:
            span = _span(event)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._found("S005", span, "一个文件里有几份文档（---）", "一份报告一个文件")
                    raise _Stop
            elif isinstance(event, yaml.AliasEvent):
                self._found("S005", span, f"不支持引用（*{event.anchor}）", "把内容写在这里")
                self._add(None, span)
            elif isinstance(event, yaml.ScalarEvent):
                self._reject_extras(event, span)
                self._scalar(event, span)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._reject_extras(event, span)
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], span)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._frames.pop()
        if documents == 0:
            self._found("S009", FILE_START, "文件是空的", "从 reports/ 里的另一份报告抄起")
        return self._root

    def _reject_extras(self, event: yaml.NodeEvent, span: Span) -> None:
        if event.anchor is not None:
            self._found("S005", span, f"不支持锚点（&{event.anchor}）", "去掉它")
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            self._found("S005", span, f"不支持标签（{name}）", "去掉它")

    def _scalar(self, event: yaml.ScalarEvent, span: Span) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            frame.key = (event.value, span)
            return
        plain = event.style in (None, "") and event.implicit[0]
        if event.style == ">" or (event.style != "|" and span.end_line > span.line):
            # YAML would join the lines with spaces, where a line is meant to be a paragraph.
            self._found(
                "S010", span, "几行文字没有写在 | 后面，会连成一行", "冒号后面写 |，正文从下一行起"
            )
        value = _resolve(event.value) if plain else event.value
        self._add(value, span, literal=event.style == "|")

    def _open(self, value: dict[str, object] | list[object], span: Span) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._found(
                "S005", span, "键不能是一个组或列表", "键是一个词；有 {{ }} 的文字写在 | 的下面"
            )
            raise _Stop
        if len(self._frames) >= MAX_DEPTH:
            self._found("S007", span, f"嵌套超过了 {MAX_DEPTH} 层", "检查缩进和括号")
            raise _Stop
        self._frames.append(_Frame(self._add(value, span), value))

    def _add(self, value: object, span: Span, *, literal: bool = False) -> Pointer:
        """Put a value where it belongs and return its pointer."""
        if not self._frames:
            self._root = value
            self.marks[()] = Mark(span, None, literal)
            return ()
        frame = self._frames[-1]
        if isinstance(frame.value, list):
            pointer = (*frame.pointer, len(frame.value))
            frame.value.append(value)
            self.marks[pointer] = Mark(span, None, literal)
            return pointer
        if frame.key is None:  # an alias as a key; it has been reported
            frame.key = ("*", span)
            return frame.pointer
        key, key_span = frame.key
        frame.key = None
        pointer = (*frame.pointer, key)
        if key in frame.value:
            first = self.marks[pointer].name.line
            message = f"“{key}”写了两次，第 {first} 行已经有了"
            self._found("S006", key_span, message, "删掉一个", pointer)
            # The first stays; what is under the second is read, so that its faults show, and left.
            return (*frame.pointer, f"{key}（重复）")
        frame.value[key] = value
        self.marks[pointer] = Mark(span, key_span, literal)
        return pointer


def _span(event: yaml.Event) -> Span:
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


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
