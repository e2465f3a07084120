"""Fix typing errors in lines before the YAML parser reads them; report each fix.

The file itself is not changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import partial
from itertools import islice, pairwise
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import Edit, LineEdit, Span
from nianbao.model.schema import all_keys, editions, known_edition, list_item_keys
from nianbao.model.validator import is_key_error, validate
from nianbao.parsing.constructor import Constructor, UnreadableError, parse_events
from nianbao.parsing.recovery.edits import LONGEST_LINE, comment_start, is_within_value
from nianbao.parsing.recovery.indentation import fix_indentation
from nianbao.parsing.recovery.keys import FixedLine, block_lines, fix_keys
from nianbao.parsing.recovery.margins import MARGIN, fix_margins
from nianbao.utils.characters import UNPARSABLE

if TYPE_CHECKING:
    from nianbao.model.source import Location
    from nianbao.parsing.typos import AddFinding

# The lines to parse, and for each changed line, by index, its column map: the column in the file of
# every character of the changed line, and of its end.
RecoveredLines = tuple[list[str], dict[int, Sequence[int]]]

_MOST_SECTIONS = 100  # a report has some fifteen
_UNPARSABLE = re.compile(f"[{UNPARSABLE}]")
# Conflict markers of git; a line ======= without the others may also be prose.
_CONFLICT = re.compile(r"(?: *(?=[<>]))?(?P<marker><{7}|>{7}|={7}\Z)(?: |\Z)")


def recover_lines(lines: Sequence[str], add_finding: AddFinding) -> RecoveredLines | None:
    """Fix the typing errors in the lines of a file.

    Return the fixed lines, and a column map for each changed line by its index. The map is a list:
    the original column of each character, counted from 1. Return None if the file has merge
    conflicts.

    `add_finding`: is called for each typing error.
    """
    if _report_conflicts(lines, add_finding):
        return None
    unparsable = [
        number
        for number, line in enumerate(lines)
        if not line.isprintable() and _UNPARSABLE.search(line)  # isprintable is much faster
    ]
    clean, columns = _without_unparsable(lines, unparsable)
    tabbed = {number for number, line in enumerate(lines) if "\t" in line}
    known, items = all_keys(), list_item_keys()
    margins = partial(fix_margins, known=known, items=items)
    fix_lines = partial(fix_keys, known=known, items=items)
    candidates: list[tuple[int, FixedLine]] = []
    ended = False
    for fixer in (margins, fix_lines, fix_indentation, margins):
        if ended and not candidates:
            break  # only a key that was moved leaves its text behind
        ended = fixer is fix_indentation
        candidates = _candidates(fixer, clean)
        for number, fixed in candidates:
            clean[number] = fixed.text
            written = columns.get(number) or range(1, len(lines[number]) + 2)
            columns[number] = [written[column - 1] for column in fixed.columns]
            for problem in fixed.problems:
                column = written[problem.column - 1]
                if fixer is fix_indentation and lines[number][: column - 1].strip(" "):
                    continue  # the characters before the key have been reported
                end = min(column + problem.length, len(lines[number]) + 1)
                span = Span(number + 1, column, number + 1, end)
                edits = _in_line(number, problem.edits, written)
                add_finding("S104", span, problem.message, problem.help, edits=edits)
        if fixer is margins and tabbed:
            # Other tabs are read as spaces.
            for number in tabbed:
                clean[number] = clean[number].replace("\t", " ")
    texts = block_lines(clean) if tabbed or unparsable else set()
    for number in tabbed:
        _report_tabs(number, lines[number], clean[number], texts, add_finding)
    for number in unparsable:
        _report_unparsable(number, lines[number], number in texts, add_finding)
    return clean, columns


def _candidates(
    fixer: Callable[[Sequence[str]], Iterator[tuple[int, FixedLine]]], lines: Sequence[str]
) -> list[tuple[int, FixedLine]]:
    """Return the fixes that `fixer` proposes for wrong lines, each with the index of its line.

    A line is not fixed if it is right, or stands within brackets or a quoted text.
    """
    if next(fixer(lines), None) is None:  # parsing, below, takes much longer
        return []
    right = _lines_in_form(lines)  # oddly written, but right
    outer = _without_lines(lines, _inner_lines(lines))
    return [each for each in fixer(outer) if each[0] not in right]


def _in_line(
    number: int, edits: Iterable[LineEdit], columns: Sequence[int] | None = None
) -> tuple[Edit, ...]:
    """Return edits of a line as edits of the file.

    `number`: the index of the line, counted from 0. `columns`: for each character of the line as it
    was parsed, the column in the file; None if the line has not been changed.
    """
    return tuple(
        Edit(
            Span(number + 1, columns[start], number + 1, columns[end])
            if columns
            else Span(number + 1, start + 1, number + 1, end + 1),
            text,
        )
        for start, end, text in edits
    )


def _report_tabs(
    number: int, line: str, fixed: str, texts: Set[int], add_finding: AddFinding
) -> None:
    """Report the tabs of a line, with edits that replace them by spaces.

    `number`: the index of the line.
    `fixed`: the line after all fixes; its indentation replaces the blanks before the text.
    `texts`: the indexes of the lines within `|` blocks.

    A tab within a value is reported but not replaced; a tab in a comment is ignored.
    """
    margin = MARGIN.match(line)
    assert margin is not None  # it may be empty
    indent = " " * (len(fixed) - len(fixed.lstrip(" ")))
    edits = []
    if "\t" in margin.group():
        edits.append(LineEdit(0, margin.end(), indent if fixed.strip() else ""))
    in_text = number in texts
    stop = len(line) if in_text else comment_start(line, outside_quotes=True)
    tabs = [at for at in range(margin.end(), stop) if line[at] == "\t"]
    stop = 0 if in_text else comment_start(line)
    if len(line) <= LONGEST_LINE:
        edits += [
            LineEdit(at, at + 1, " ") for at in tabs if at < stop and not is_within_value(line, at)
        ]
    if edits or tabs:
        first = Span.at(number + 1, line.index("\t") + 1)
        add_finding("S008", first, "有制表符（Tab）", "改成空格", edits=_in_line(number, edits))


def _report_unparsable(number: int, line: str, in_text: bool, add_finding: AddFinding) -> None:
    """Report the invisible characters of a line that the YAML parser would reject.

    `number`: the index of the line. `in_text`: True if the line is within a `|` block.
    """
    match = _UNPARSABLE.search(line)
    if match is None:
        return
    edits = [
        LineEdit(each.start(), each.end(), "")
        for each in _UNPARSABLE.finditer(line, 0, comment_start(line))
        if not in_text and len(line) <= LONGEST_LINE and not is_within_value(line, each.start())
    ]
    span, code = Span.at(number + 1, match.start() + 1), f"U+{ord(match.group()):04X}"
    message, help_ = f"有看不见的字符 {code}", "删掉它（多半是从 Word 或网页粘贴来的）"
    add_finding("S008", span, message, help_, edits=_in_line(number, edits))


def _lines_in_form(lines: Sequence[str]) -> set[int]:
    """Return the indexes of the lines whose keys and values agree with the form as they are.

    The set is empty if the lines are not YAML, or if keys are unknown or missing.
    """
    wrong: set[int] = set()
    constructor = Constructor(lambda *found, **_: wrong.add(found[1].line), {})
    try:
        data = constructor.construct(parse_events("\n".join(lines)))
    except (yaml.YAMLError, UnreadableError):
        return set()
    edition = known_edition(data)
    if edition is None or all(any(map(is_key_error, validate(data, e))) for e in editions()):
        return set()
    for error in validate(data, edition):
        location = constructor.locations.get(tuple(error.absolute_path))
        wrong |= _lines_of(location) if location else set()
    right = (_lines_of(location) for location in constructor.locations.values())
    return {line - 1 for line in set().union(*right) - wrong}


def _lines_of(location: Location) -> set[int]:
    """Return the number of the line with the key, and of the line on which the value begins.

    Lines count from 1.
    """
    return {location.key_or_value.line, location.value.line}


def _inner_lines(lines: Sequence[str]) -> set[int]:
    """Return the indexes of the lines within brackets or a quoted text that an earlier line opens.

    After a syntax error, each section of the report is parsed separately.
    """
    inner: set[int] = set()
    error = _add_inner_lines(lines, 0, inner)
    if error is not None:
        after = range(error + 1, len(lines))
        starts = [number for number in after if lines[number][:1] not in ("", " ", "#", "-")]
        for start, end in islice(pairwise([*starts, len(lines)]), _MOST_SECTIONS):
            _add_inner_lines(lines[start:end], start, inner)
    return inner


def _add_inner_lines(lines: Sequence[str], first: int, inner: set[int]) -> int | None:
    """Add to `inner` the indexes of the lines within brackets or a quoted text.

    `lines`: a part of the file; `first`: the index of its first line in the file. Return the index
    in the file of the line with a syntax error, or None if there is no error.
    """
    opened: list[int] = []
    try:
        for event in parse_events("\n".join(lines)):
            assert event.start_mark is not None
            assert event.end_mark is not None
            start, end = event.start_mark.line + first, event.end_mark.line + first
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append(start if event.flow_style else -1)
            elif isinstance(event, yaml.CollectionEndEvent):
                start = opened.pop()
                inner.update(range(start + 1, end + 1) if start >= 0 else ())
            elif isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"'):
                inner.update(range(start + 1, end + 1))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return first + (mark.line if mark else 0)
    return None


def _without_lines(lines: Sequence[str], numbers: Set[int]) -> list[str]:
    """Return the lines, with "" in place of those whose indexes are in `numbers`."""
    return ["" if number in numbers else line for number, line in enumerate(lines)]


def _without_unparsable(lines: Sequence[str], numbers: Iterable[int]) -> RecoveredLines:
    """Remove the characters that the YAML parser would reject from some lines.

    `numbers`: the indexes of these lines. Return all lines, and for each changed line its column
    map: for each character and for the end, the column in the file.
    """
    clean = list(lines)
    columns: dict[int, Sequence[int]] = {}
    for number in numbers:
        line = lines[number]
        kept = [at for at, character in enumerate(line) if not _UNPARSABLE.match(character)]
        clean[number] = "".join(line[at] for at in kept)
        columns[number] = [*(at + 1 for at in kept), len(line) + 1]
    return clean, columns


def _report_conflicts(lines: Sequence[str], add_finding: AddFinding) -> bool:
    """Report unresolved merge conflicts; return True if there is a conflict marker."""
    markers = [(n, match) for n, line in enumerate(lines, 1) if (match := _CONFLICT.match(line))]
    starts = [marker for marker in markers if marker[1]["marker"] == "<<<<<<<"]
    for number, match in starts or markers[:1]:
        span = Span.at(number, match.start("marker") + 1, 7)
        help_ = "选定要留的内容，删掉 <<<<<<<、=======、>>>>>>> 这几行"
        add_finding("S004", span, "合并冲突没有解决", help_)
    return bool(markers)
