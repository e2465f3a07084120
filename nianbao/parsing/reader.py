"""From a file to values with positions: YAML, read strictly.

Only what a report needs is YAML here: mappings, lists, text and numbers. Everything else that YAML
can do (tags, anchors, several documents, the surprises of YAML 1.1) is an error or plain text,
never a silent conversion.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import FILE_START, Finding, Pointer, Severity, Span, limit_findings
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
    "parse_source",
    "read_source",
    "unreadable_source",
]

MAX_BYTES = 4 * 1024 * 1024


def read_source(file: Path, path: str) -> Source:
    """Read a report file; `path` is how it is named to the user. Never raises for bad input."""
    try:
        problem = _unreadable(file)
        if problem is None:
            return parse_source(file.read_bytes(), path)
    except OSError as error:
        problem = ("S001", f"读不了这个文件：{describe_os_error(error)}", "检查文件名和文件的权限")
    return unreadable_source(path, *problem)


def unreadable_source(path: str, rule: str, message: str, mend: str) -> Source:
    """The source of a file that can't be read, with the finding that says why."""
    finding = Finding(rule, Severity.ERROR, path, FILE_START, (), message, mend)
    return Source(path, (), None, {}, (finding,))


def _unreadable(file: Path) -> tuple[str, str, str] | None:
    """Why a path is no report file: rule, message, mend."""
    if file.is_symlink():
        # A link in a stranger's pull request could show what lies outside the repository.
        if not file.exists():
            return "S001", "是一个断开的链接", "删掉链接，放上文件本身"
        if file.is_dir():
            return "S001", "是指向文件夹的链接，不读取", "放上文件夹本身，不要用链接"
        if file.resolve().parent != file.parent.resolve():
            return "S001", "是指向别处的链接，不读取", "放上文件本身，不要用链接"
    if file.is_dir():
        if not os.access(file, os.R_OK | os.X_OK):
            return "S001", "读不了这个文件夹：没有权限", "检查文件夹的权限"
        return "S001", "是一个文件夹，不是报告文件", "报告是一个 .yaml 文件"
    if not file.exists():
        return "S001", "没有这个文件", _near(file)
    if not file.is_file():
        return "S001", "不是普通文件", "报告是一个 .yaml 文件"
    size = file.stat().st_size
    if size > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        message = f"文件有 {size / 1024 / 1024:.1f} MB，超过了 {limit} MB"
        return "S002", message, "检查是不是放错了文件"
    return None


def _near(file: Path) -> str:
    """What may be meant by a name that no file has: the mend."""
    try:
        names = [
            path.name for path in file.parent.iterdir() if path.suffix.lower() in (".yaml", ".yml")
        ]
    except OSError:
        return "检查文件夹和文件的名字"
    near = closest(file.name, names)
    return f"是不是 {near}？" if near else "检查文件名"


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
        found("S003", span, *explain_encoding(raw))
        return Source(path, (), None, {}, tuple(findings))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text and not text.endswith("\n"):
        text += "\n"  # the parser may place what is missing at the end on the line after it
    lines = tuple(text.split("\n"))
    data: object = None
    marks: Mapping[Pointer, Location] = {}
    legible = recover_lines(lines, found)
    if legible is not None:
        clean, columns = legible
        builder = Constructor(found, columns)
        before = len(findings)
        try:
            data = builder.construct(parse_events("\n".join(clean)))
            marks = builder.marks
        except yaml.MarkedYAMLError as error:
            # What was found on the way may itself come from the broken syntax.
            del findings[before:]
            if "nesting depth" in (error.problem or ""):
                found("S007", _deepest(clean, error), *TOO_DEEP)
            else:
                from nianbao.parsing.syntax_errors import explain_syntax

                span, message, mending = explain_syntax(clean, error)
                found("S004", span, message, mending)
        except yaml.YAMLError:
            found("S004", FILE_START, "不是合法的 YAML", "照着别的报告改")
        except UnreadableError:
            pass
    return Source(path, lines, data, marks, tuple(limit_findings(findings)), raw)


def _deepest(lines: Sequence[str], error: yaml.MarkedYAMLError) -> Span:
    """Where brackets go too deep that libyaml, since 0.2.6, refuses before it tells of any."""
    mark = error.problem_mark or error.context_mark
    assert mark is not None
    brackets = [n for n, sign in enumerate(lines[mark.line], 1) if sign in "[{"]
    return Span.at(mark.line + 1, (brackets[MAX_DEPTH - 1 :] or [mark.column + 1])[0])
