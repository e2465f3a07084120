"""Define findings: what is wrong in a file, where it is wrong, and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

# Keys and list indexes from the top of a report down to a value.
Pointer = tuple[str | int, ...]


class Severity(StrEnum):
    """The severity of a finding: ERROR stops a build, WARNING needs a decision, INFO is a hint."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_LABELS: Final = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
# ANSI attributes, for terminals.
SEVERITY_COLOURS: Final = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.INFO: "36"}


class Span(NamedTuple):  # made for every value: three times faster than a dataclass
    """A range of characters in a file.

    Lines and columns are counted from 1; the end is exclusive.
    """

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def at(cls, line: int, column: int, length: int = 1) -> Span:
        """Return the span of `length` characters that starts at `line` and `column`."""
        return cls(line, column, line, column + length)


class Edit(NamedTuple):
    """A range of a file, and the text that replaces it."""

    span: Span
    text: str


class LineEdit(NamedTuple):
    """A range of a line, and the text that replaces it.

    `start`, `end`: offsets in the line, counted from 0; `end` is exclusive.
    """

    start: int
    end: int
    text: str


MAX_FINDINGS: Final = 200
MAX_FIXES: Final = 50_000  # findings that a pass of `fix` looks for
FILE_START = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in one file.

    `rule`: the ID of its kind, such as A103 (see docs/findings.md).
    `path`: the file, as messages show it.
    `span`: the position of the wrong text.
    `pointer`: the keys and indexes that lead to the wrong value, or ().
    `help`: how to fix the problem.
    `waived`: True if a waiver in the report accepts the finding.
    `quote`: the wrong text.
    `numbers`: the written number, then the expected number.
    `note`: the text of the waiver that is printed below the table.
    `edits`: edits of the file that fix the problem, or ().
    `place`: the position in a file without lines, such as 第2个表第3行 of a Word file.
    """

    rule: str
    severity: Severity
    path: str
    span: Span
    pointer: Pointer
    message: str
    help: str = ""
    waived: bool = False
    # A waiver repeats `quote` and `numbers`, and is in force only while they are unchanged.
    quote: str = ""
    numbers: tuple[int | Decimal, ...] = ()
    note: str = ""
    edits: tuple[Edit, ...] = ()
    # With a place, `span` is a position in the report that was made from the file.
    place: str = ""

    @property
    def fixable(self) -> bool:
        """True if the command `fix` can remove the cause: there are edits and no waiver."""
        return bool(self.edits) and not self.waived

    @property
    def placed_message(self) -> str:
        """The message, preceded by `place` if there is a place."""
        return f"{self.place}：{self.message}" if self.place else self.message

    @property
    def sort_key(self) -> tuple[Span, str, str]:
        """The key that sorts findings by position, then by rule and message."""
        return self.span, self.rule, self.message


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a value, and how to fix it.

    If there is exactly one way to fix the problem, `replacement` or `edits` is set.

    `help`: how to fix the problem.
    `column`: the first wrong character, counted from 1; 0 for the whole value.
    `length`: the number of wrong characters.
    `replacement`: the right text for the wrong characters, or None.
    `edits`: the changes of the line, or ().
    """

    message: str
    help: str
    column: int = 0
    length: int = 1
    replacement: str | None = None
    edits: tuple[LineEdit, ...] = ()

    def prefixed(self, text: str) -> Problem:
        """Return the problem with `text` put before its message."""
        return replace(self, message=text + self.message)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of finding that the program can report, with its documentation.

    `text`: the documentation for a terminal, without the title.
    `markdown`: the documentation for a help page, without the title.
    """

    id: str
    severity: Severity
    title: str
    text: str
    markdown: str


def limit_findings(findings: list[Finding], most: int = MAX_FINDINGS) -> list[Finding]:
    """Return the first `most` findings of a file, sorted by position.

    If some are left out, a last finding (S190) gives their number.
    """
    findings = sorted(findings, key=lambda finding: finding.sort_key)
    if len(findings) <= most:
        return findings
    last = findings[most - 1]
    more = f"还有 {len(findings) - most} 处"
    rest = Finding("S190", Severity.ERROR, last.path, last.span, (), more, "先改前面的")
    return [*findings[:most], rest]


def json_pointer(pointer: Pointer) -> str:
    """Return a pointer in the notation of RFC 6901: /总体情况/补充/0."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)
