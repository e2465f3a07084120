"""Findings: what is wrong in a file, where, and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

# Keys and list indexes from the top of a report down to a value.
Pointer = tuple[str | int, ...]


class Severity(StrEnum):
    """How bad a finding is: an error stops a build, a warning needs a decision by a person."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_LABELS: Final = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}


class Span(NamedTuple):  # one for every value of a file: three times faster than a dataclass
    """A range of characters in a file; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, line: int, column: int, length: int = 1) -> Span:
        """Return the span of `length` characters within one line."""
        return cls(line, column, line, column + length)


class Edit(NamedTuple):
    """A range of a file, and the text to be put in its place."""

    span: Span
    text: str


class LineEdit(NamedTuple):
    """A range of a line, as offsets from 0, and the text to be put in its place."""

    start: int
    end: int
    text: str


MAX_FINDINGS: Final = 200
FILE_START = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in one file.

    `rule` is its ID (docs/findings.md), `pointer` the value it is about, `help` how to fix it.
    A waiver applies while `quote`, the text it is about, or `numbers`, the written number and the
    expected one, stay the same; outputs then print `note`, if there is one, below the table.
    `edits` remove its cause, if that can be done in one sure way.
    """

    rule: str
    severity: Severity
    path: str
    span: Span
    pointer: Pointer
    message: str
    help: str = ""
    waived: bool = False
    quote: str = ""
    numbers: tuple[int | Decimal, ...] = ()
    note: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def fixable(self) -> bool:
        """True if `fix` can remove the cause."""
        return bool(self.edits) and not self.waived

    @property
    def sort_key(self) -> tuple[Span, str, str]:
        """The key that sorts findings by position, then by rule."""
        return self.span, self.rule, self.message


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a piece of text and how to fix it, before it is tied to a file.

    `column` counts from 1 within the line, or is 0 if only the text as a whole is meant. If there
    is one sure way to fix it, `replacement` is the right text in place of what is reported, or
    `edits` are the edits of its line.
    """

    message: str
    help: str
    column: int = 0
    length: int = 1
    replacement: str | None = None
    edits: tuple[LineEdit, ...] = ()

    def prefixed(self, text: str) -> Problem:
        """Return the problem with a text before its message."""
        return replace(self, message=text + self.message)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of finding that the program can report, with its documentation.

    The documentation has no title: `text` is for a terminal, `markdown` for a page.
    """

    id: str
    severity: Severity
    title: str
    text: str
    markdown: str


def limit_findings(findings: list[Finding]) -> list[Finding]:
    """Return the findings of one file in order, and of more than MAX_FINDINGS only the first.

    A last one (S190) then says how many are left out.
    """
    findings = sorted(findings, key=lambda finding: finding.sort_key)
    if len(findings) <= MAX_FINDINGS:
        return findings
    last = findings[MAX_FINDINGS - 1]
    more = f"还有 {len(findings) - MAX_FINDINGS} 处"
    rest = Finding("S190", Severity.ERROR, last.path, last.span, (), more, "先改前面的")
    return [*findings[:MAX_FINDINGS], rest]


def json_pointer(pointer: Pointer) -> str:
    """Return a pointer in the notation of RFC 6901: /总体情况/补充/0."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)
