"""Read a report file into a Source: strict YAML with positions.

Only mappings, lists, texts and numbers are accepted. Other features of YAML, such as tags and
anchors, are errors.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import (
    FILE_START,
    MAX_FINDINGS,
    Edit,
    Finding,
    Pointer,
    Problem,
    Severity,
    Span,
    limit_findings,
)
from nianbao.model.source import Location, Source
from nianbao.parsing.constructor import (
    MAX_DEPTH,
    TOO_DEEP,
    Constructor,
    UnreadableError,
    parse_events,
)
from nianbao.parsing.encoding import explain_encoding
from nianbao.parsing.recovery import recover_lines
from nianbao.utils.os_errors import describe_os_error
from nianbao.utils.suggestions import closest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "Location",
    "Source",
    "have_same_content",
    "load_file",
    "parse_source",
    "read_source",
    "unreadable_source",
]

MAX_BYTES = 4 * 1024 * 1024


def read_source(file: Path, path: str) -> Source:
    """Read a report file.

    Return an empty Source with a finding if the file can't be read.

    `path`: the path of the file as messages show it.
    """
    content = load_file(file, path)
    return parse_source(content, path) if isinstance(content, bytes) else content


def load_file(file: Path, path: str) -> bytes | Source:
    """Return the bytes of a report file.

    Return an empty Source with an error if the file can't be read.

    `path`: the path of the file as messages show it.
    """
    try:
        problem = _unreadable(file)
        if problem is None:
            size = file.stat().st_size
            if size > MAX_BYTES:
                limit = MAX_BYTES // 1024 // 1024
                message = f"文件有 {size / 1024 / 1024:.1f} MB，超过了 {limit} MB"
                return unreadable_source(path, "S002", Problem(message, "检查是不是放错了文件"))
            return file.read_bytes()
    except OSError as error:
        message = f"读不了这个文件：{describe_os_error(error)}"
        problem = Problem(message, "检查文件名和文件的权限")
    return unreadable_source(path, "S001", problem)


def unreadable_source(path: str, rule: str, problem: Problem) -> Source:
    """Return an empty Source with one error, for an unreadable file.

    `path`: the path of the file as messages show it.
    `rule`: the ID of the error, such as S001.
    `problem`: the message and help of the error.
    """
    finding = Finding(rule, Severity.ERROR, path, FILE_START, (), problem.message, problem.help)
    return Source(path, (), None, {}, (finding,))


def _unreadable(file: Path) -> Problem | None:
    """Return the reason why a path can't be read as a report file; None if it can be read."""
    if file.is_symlink():
        # A link in a stranger's pull request could expose a file outside the repository.
        if not file.exists():
            return Problem("是一个断开的链接", "删掉链接，放上文件本身")
        if file.is_dir():
            return Problem("是指向文件夹的链接，不读取", "放上文件夹本身，不要用链接")
        if file.resolve().parent != file.parent.resolve():
            return Problem("是指向别处的链接，不读取", "放上文件本身，不要用链接")
    if file.is_dir():
        if not os.access(file, os.R_OK | os.X_OK):
            return Problem("读不了这个文件夹：没有权限", "检查文件夹的权限")
        return Problem("是一个文件夹，不是报告文件", "报告是一个 .yaml 文件")
    if not file.exists():
        return Problem("没有这个文件", _suggest_name(file))
    if not file.is_file():
        return Problem("不是普通文件", "报告是一个 .yaml 文件")
    return None


def _suggest_name(file: Path) -> str:
    """Return the help for a missing file: a similar file name in the same folder, if any."""
    try:
        names = [
            path.name for path in file.parent.iterdir() if path.suffix.lower() in (".yaml", ".yml")
        ]
    except OSError:
        return "检查文件夹和文件的名字"
    near = closest(file.name, names)
    return f"是不是 {near}？" if near else "检查文件名"


def parse_source(raw: bytes, path: str, most: int = MAX_FINDINGS) -> Source:
    """Parse the bytes of a report file in UTF-8.

    `path`: the path of the file as messages show it.
    `most`: the largest number of findings to return.
    """
    findings: list[Finding] = []

    def add_finding(
        rule: str,
        span: Span,
        message: str,
        help_: str,
        pointer: Pointer = (),
        edits: tuple[Edit, ...] = (),
    ) -> None:
        error = Severity.ERROR
        findings.append(Finding(rule, error, path, span, pointer, message, help_, edits=edits))

    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = raw[: error.start].decode("utf-8-sig", "replace")
        span = Span.at(good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1)
        problem = explain_encoding(raw)
        add_finding("S003", span, problem.message, problem.help)
        return Source(path, (), None, {}, tuple(findings))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text and not text.endswith("\n"):
        text += "\n"  # the parser may report an error at the end of the file one line further
    lines = tuple(text.split("\n"))
    data: object = None
    locations: Mapping[Pointer, Location] = {}
    recovered = recover_lines(lines, add_finding)
    if recovered is not None:
        clean, columns = recovered
        constructor = Constructor(add_finding, columns, lines)
        before = len(findings)
        try:
            data = constructor.construct(parse_events("\n".join(clean)))
            locations = constructor.locations
        except yaml.MarkedYAMLError as error:
            # Drop the findings about the values so far: the broken syntax may have caused them.
            del findings[before:]
            if "nesting depth" in (error.problem or ""):
                add_finding("S007", _deepest(clean, error), TOO_DEEP.message, TOO_DEEP.help)
            else:
                from nianbao.parsing.syntax_errors import explain_syntax

                explained = explain_syntax(clean, error)
                problem = explained.problem
                span = _original_span(explained.span, columns, lines)
                add_finding("S004", span, problem.message, problem.help)
        except yaml.YAMLError:
            add_finding("S004", FILE_START, "不是合法的 YAML", "照着别的报告改")
        except UnreadableError:
            pass
    return Source(path, lines, data, locations, tuple(limit_findings(findings, most)), raw)


def have_same_content(old: Source, new: Source) -> bool:
    """Return True if two files have the same keys and values.

    Layout and comments may differ. In a file with errors, the order of keys must be the same. If
    the file is not valid YAML, the result is False.
    """
    if not (old.findings or new.findings):
        return old.data == new.data
    # `data` lacks the value of a duplicate key, for example.
    content = _content(old)
    return content is not None and content == _content(new)


def _content(source: Source) -> list[tuple[object, ...]] | None:
    recovered = recover_lines(source.lines, lambda *_, **__: None)
    if recovered is None:
        return None
    names = ("anchor", "tag", "implicit", "value")
    try:
        return [
            (type(event), *(getattr(event, name, None) for name in names))
            for event in parse_events("\n".join(recovered[0]))
        ]
    except yaml.YAMLError:
        return None


def _original_span(span: Span, columns: Mapping[int, Sequence[int]], lines: Sequence[str]) -> Span:
    """Convert a span of the recovered lines to a span of the file; the result ends on one line.

    `columns`: by the index of each recovered line, the column in the file of each of its
    characters. `lines`: the lines of the file.
    """
    written = columns.get(span.line - 1)
    column, end = span.column, span.end_column
    if written is not None:
        column, end = (written[min(each, len(written)) - 1] for each in (column, end))
    last = len(lines[span.line - 1]) + 1
    return Span(span.line, min(column, last), span.line, min(max(end, column + 1), last))


def _deepest(lines: Sequence[str], error: yaml.MarkedYAMLError) -> Span:
    """Return the span of the first bracket that is nested deeper than MAX_DEPTH.

    `error`: the error of libyaml (from 0.2.6), which gives the line but not the bracket.
    """
    mark = error.problem_mark or error.context_mark
    assert mark is not None
    brackets = [n for n, character in enumerate(lines[mark.line], 1) if character in "[{"]
    return Span.at(mark.line + 1, (brackets[MAX_DEPTH - 1 :] or [mark.column + 1])[0])
