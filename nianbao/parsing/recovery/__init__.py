"""The lines of a file as they are read: without invisible characters, slips mended.

Everything that is read otherwise than it is written is told, so nothing is changed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import yaml

from nianbao.diagnostics.finding import Span
from nianbao.model.schema import all_keys, editions, known_edition, list_item_keys
from nianbao.model.validator import is_key_error, validate
from nianbao.parsing.constructor import Constructor, UnreadableError, parse_events
from nianbao.parsing.recovery.indentation import fix_indentation
from nianbao.parsing.recovery.keys import FixedLine, fix_keys
from nianbao.utils.characters import UNPARSABLE

if TYPE_CHECKING:
    from nianbao.parsing.typos import AddFinding

# Lines, and for those (numbered from 0) that are read otherwise than they are written: where each
# of their characters, and their end, was written.
RecoveredLines = tuple[list[str], dict[int, Sequence[int]]]

_UNPARSABLE = re.compile(f"[{UNPARSABLE}]")
# What git leaves in a file; ======= within prose may be anything.
_CONFLICT = re.compile(r"(?: *(?=[<>]))?(?P<sign><{7}|>{7}|={7}\Z)(?: |\Z)")


def recover_lines(lines: Sequence[str], found: AddFinding) -> RecoveredLines | None:
    """The lines for the parser; None where it could make nothing of them, which has been told."""
    if _conflicts(lines, found) or _invisible(lines, found):
        return None
    clean, columns = _cleaned(lines)
    for mender in (partial(fix_keys, known=all_keys(), items=list_item_keys()), fix_indentation):
        candidates = list(mender(clean))
        if candidates and mender is fix_indentation:
            placed = _placed(clean)  # odd, but where the form has them
            candidates = [each for each in candidates if each[0] not in placed]
        for number, mended in _outside(clean, candidates):
            clean[number] = mended.text
            written = columns.get(number) or range(1, len(lines[number]) + 2)
            columns[number] = [written[column - 1] for column in mended.columns]
            for slip in mended.problems:
                column = written[slip.column - 1]
                if mender is fix_indentation and lines[number][: column - 1].strip(" "):
                    continue  # what stands before the key has been told
                span = Span.at(number + 1, column, slip.length)
                found("S104", span, slip.message, slip.help)
    return clean, columns


def _placed(lines: Sequence[str]) -> set[int]:
    """The lines, from 0, of keys in their places; none where no edition has just these keys."""
    builder = Constructor(lambda *_: None, {})
    try:
        data = builder.construct(parse_events("\n".join(lines)))
    except (yaml.YAMLError, UnreadableError):
        return set()
    if known_edition(data) is None or all(
        any(map(is_key_error, validate(data, edition))) for edition in editions()
    ):
        return set()
    return {mark.key.line - 1 for mark in builder.marks.values() if mark.key}


def _outside(
    lines: Sequence[str], candidates: list[tuple[int, FixedLine]]
) -> list[tuple[int, FixedLine]]:
    """Those of the mended lines that are lines of their own to the parser."""
    if not candidates:
        return []
    inner: set[int] = set()
    opened: list[int] = []
    try:
        for event in parse_events("\n".join(lines)):
            assert event.start_mark is not None
            assert event.end_mark is not None
            if isinstance(event, yaml.CollectionStartEvent):
                opened.append(event.start_mark.line if event.flow_style else -1)
            elif isinstance(event, yaml.CollectionEndEvent):
                start = opened.pop()
                inner.update(range(start + 1, event.end_mark.line + 1) if start >= 0 else ())
            elif isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"'):
                inner.update(range(event.start_mark.line + 1, event.end_mark.line + 1))
    except yaml.YAMLError:
        pass  # what is beyond may be a slip
    return [(number, mended) for number, mended in candidates if number not in inner]


def _cleaned(lines: Sequence[str]) -> RecoveredLines:
    """The lines without invisible characters, and the columns of those that had some."""
    clean = [line.replace("\t", " ") for line in lines]
    columns: dict[int, Sequence[int]] = {}
    for number, line in enumerate(clean):
        if _UNPARSABLE.search(line):
            kept = [at for at, character in enumerate(line) if not _UNPARSABLE.match(character)]
            clean[number] = "".join(line[at] for at in kept)
            columns[number] = [*(at + 1 for at in kept), len(line) + 1]
    return clean, columns


def _conflicts(lines: Sequence[str], found: AddFinding) -> bool:
    """Note the marks of a merge that nobody has settled; whether there are any."""
    marks = [(n, match) for n, line in enumerate(lines, 1) if (match := _CONFLICT.match(line))]
    begun = [mark for mark in marks if mark[1]["sign"] == "<<<<<<<"]
    for number, match in begun or marks[:1]:
        place = Span.at(number, match.start("sign") + 1, 7)
        choose = "选定要留的内容，删掉 <<<<<<<、=======、>>>>>>> 这几行"
        found("S004", place, "合并冲突没有解决", choose)
    return bool(marks)


def _invisible(lines: Sequence[str], found: AddFinding) -> bool:
    """Note tabs and invisible characters; whether a tab stands where the indentation counts."""
    indented = False
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            indented |= "\t" in line[: len(line) - len(line.lstrip())]
            found("S008", Span.at(number, line.index("\t") + 1), "有制表符（Tab）", "改成空格")
        match = _UNPARSABLE.search(line)
        if match:
            span = Span.at(number, match.start() + 1)
            code = f"U+{ord(match.group()):04X}"
            found("S008", span, f"有看不见的字符 {code}", "删掉它（多半是从 Word 或网页粘贴来的）")
    return indented
