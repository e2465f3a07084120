"""Define limits for the prose of a report: size, tables, nesting, Markdown characters.

Prose beyond these limits would take too long to check and render.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from nianbao.diagnostics.finding import Problem
from nianbao.utils.characters import PROSE_BLANKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Within the limits, the time to check and render a text grows linearly with its length. Beyond them
# it would not: the Markdown converter is quadratic in the special characters of a line, and every
# row of a table is as wide as its header. A text a hundred times as long as the longest reports in
# use is within the limits.
MAX_CHARACTERS: Final = 500_000  # of all texts of a report
# Of all texts of a report that need the converter of Markdown.
MAX_MARKED_CHARACTERS: Final = 200_000
MAX_LINES: Final = 5_000
MAX_MARKS: Final = 20_000
MAX_CELLS: Final = 10_000
# Of one line, one table, one list.
MAX_LINE_MARKS: Final = 200
MAX_COLUMNS: Final = 50
MAX_NESTING: Final = 8
MARKS: Final = "[]*_`\\<>!("
# Characters that may have a meaning in Markdown or HTML at their position.
_MARKUP: Final = re.compile(r"[\\`*_\[\]<>&#|]|\A(?:[-+]|\d+\.)")
LIST_ITEM: Final = re.compile(r"([ ]*)(?:[*+-]|[0-9]{1,9}\.)[ ]+\S")
_NESTED_ON_ONE_LINE: Final = re.compile(
    rf"[ ]*(?:(?:[*+-]|[0-9]{{1,9}}\.)[ ]+|>[ ]*){{{MAX_NESTING + 1}}}"
)
_TABLE_RULE: Final = re.compile(r"[ ]*\|[ |:-]*\Z")


_ELSEWHERE: Final = "检查是不是贴错了东西；多的另作附件"
# By kind of amount: the limit, the message and the help.
_LIMITS: Final = {
    "characters": (MAX_CHARACTERS, "各段正文一共超过了 {} 字", _ELSEWHERE),
    "marked": (MAX_MARKED_CHARACTERS, "有 Markdown 记号的正文一共超过了 {} 字", _ELSEWHERE),
    "lines": (MAX_LINES, "有 Markdown 记号的正文一共超过了 {} 行", _ELSEWHERE),
    "marks": (MAX_MARKS, "正文的 Markdown 记号一共超过了 {} 个", _ELSEWHERE),
    "cells": (MAX_CELLS, "正文的表格一共超过了 {} 格", "大的表格另作附件"),
    "columns": (MAX_COLUMNS, "正文的一个表格超过了 {} 列", "拆成几个表格，或者另作附件"),
    "nesting": (MAX_NESTING, "列表或引用套了不止 {} 层", "少套几层"),
    "line_marks": (MAX_LINE_MARKS, "一行里的 Markdown 记号超过了 {} 个", "分成几段"),
}
# Amounts beyond which nothing more is counted, so that the search itself takes little time.
_STOPS: Final = frozenset({"characters", "marked", "lines"})


class Excess(NamedTuple):
    """A range of prose that exceeds a limit.

    `text_index`: the index of the text that contains the range, counted from 0.
    `start`: the offset of the range in this text, counted from 0.
    `end`: the offset after the last character of the range.
    `problem`: the message about the limit.
    """

    text_index: int
    start: int
    end: int
    problem: Problem


def plain_lines(text: str) -> list[str] | None:
    """Return the lines of a text that has no Markdown, without blank lines.

    Return None if the text may have Markdown.
    """
    # Most texts have no Markdown, and the Markdown converter would take twenty times as long.
    lines = [stripped for line in text.split("\n") if (stripped := line.strip(PROSE_BLANKS))]
    plain = all(line.isprintable() and not _MARKUP.search(line) for line in lines)
    return lines if plain else None


def normalized(line: str) -> str:
    """Replace no-break spaces and tabs by spaces, and remove blanks at the line's end.

    A tab stop is every four characters.
    """
    return line.replace("\u00a0", " ").expandtabs(4).rstrip(PROSE_BLANKS)


def is_overloaded(line: str) -> bool:
    """Return True if a line has too many Markdown characters or too much nesting.

    Callers print such a line unchanged, without converting its Markdown.
    """
    too_many = sum(map(line.count, MARKS)) > MAX_LINE_MARKS
    return too_many or _NESTED_ON_ONE_LINE.match(line) is not None


def find_excess(texts: Sequence[str]) -> Iterator[Excess]:
    """Yield, for each limit that the prose exceeds, the first place where it does so.

    Very long prose is not searched to its end, because this would take too long.
    """
    reported: set[str] = set()
    for index, start, end, amounts in _measured(texts):
        for kind, amount in amounts.items():
            limit, message, help_ = _LIMITS[kind]
            if amount > limit and kind not in reported:
                reported.add(kind)
                yield Excess(index, start, end, Problem(message.format(limit), help_))
        if not reported.isdisjoint(_STOPS):
            return


def _measured(texts: Sequence[str]) -> Iterator[tuple[int, int, int, dict[str, int]]]:
    """Yield amounts to compare with the limits: for each text, then for each line.

    An item is the index of the text, the offsets of the start and end of the range to report, and
    the amounts by kind of limit. Some amounts are sums over everything up to this range.
    """
    total = 0
    for index, text in enumerate(texts):
        total += len(text)
        yield index, 0, max(text.find("\n"), 1), {"characters": total}
    sums = dict.fromkeys(("marked", "lines", "marks", "cells"), 0)
    for index, text in enumerate(texts):
        if plain_lines(text) is not None:
            continue
        end = -1
        for line, of_line in _lines(text):
            start, end = end + 1, end + 1 + len(line)
            for kind in sums:
                sums[kind] += of_line[kind]
            yield index, start, max(end, start + 1), of_line | sums


def _lines(text: str) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the lines of a text, each with its amounts by kind of limit."""
    indents: list[int] = []
    header, columns = "", 0  # of the table
    for written in text.split("\n"):
        line = normalized(written)
        marks = sum(map(line.count, MARKS))
        item = LIST_ITEM.match(line)
        indents = enclosing_indents(indents, len(item[1])) if item else indents if not line else []
        nesting = MAX_NESTING + 1 if _NESTED_ON_ONE_LINE.match(line) else len(indents)
        row = line.strip(PROSE_BLANKS)
        if not row.startswith("|"):
            header, columns = "", 0
        elif not header:
            header = row
        elif not columns and _TABLE_RULE.match(row):
            columns = header.count("|") + 1 - header.startswith("|") - header.endswith("|")
        yield (
            written,
            {
                "marked": len(written),
                "lines": 1,
                "marks": marks,
                "cells": columns,
                "line_marks": marks,
                "columns": columns,
                "nesting": nesting,
            },
        )


def enclosing_indents(above: Sequence[int], indent: int) -> list[int]:
    """Return the indents of a list item and of the items around it, outermost first.

    An indent is a number of characters.

    `above`: the result for the item above; [] for the first item.
    `indent`: the indent of the item.
    """
    return [*(each for each in above if each < indent), indent]
