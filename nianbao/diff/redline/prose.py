"""Changed prose as one text with marks, and words of one line with <ins> and <del>."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from nianbao.diff.model import Fate, Mark, Run
from nianbao.rendering.markdown.revisions import (
    APART,
    DELETE,
    END,
    INSERT,
    MOVED_AWAY,
    MOVED_HERE,
    is_faithful,
    unmarked,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.diff.model import Paragraph

_SIGNS: Final = {Mark.DELETE: DELETE, Mark.INSERT: INSERT}
_WHOLE: Final = {
    Fate.DELETED: DELETE,
    Fate.INSERTED: INSERT,
    Fate.MOVED_AWAY: MOVED_AWAY,
    Fate.MOVED_HERE: MOVED_HERE,
}
_TAGS: Final = {Mark.DELETE: "del", Mark.INSERT: "ins"}
# What a line begins with that says what it is.
_START: Final = re.compile(r"(?:[ \t]*(?:[*+-]|[0-9]{1,9}\.)[ ]+|#{1,6}[ ]+|(?:>[ ]*)+)*")


def merged(paragraphs: Sequence[Paragraph], old: str, new: str) -> str:
    """The paragraphs as Markdown with marks, laid out in full as either side of them is.

    Marks stand by the word; where the signs of the Markdown do not allow that, by the line; and
    where not even that, as in a table, the one side stands whole before the other.
    """
    old, new = unmarked(old), unmarked(new)
    for lines in (_by_words, _by_lines):
        text = "\n".join(line for paragraph in paragraphs for line in lines(paragraph))
        if is_faithful(text, old, new):
            return text
    return f"{APART}{old}{APART}{new}"


def marked_words(runs: Iterable[Run]) -> Markup:
    """Words of one line, marked."""
    words = Markup()
    for run in runs:
        tag = _TAGS.get(run.mark)
        text = escape(run.text)
        words += Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if tag else text
    return words


def _side(paragraph: Paragraph, other: Mark) -> str:
    return unmarked("".join(run.text for run in paragraph.runs if run.mark is not other))


def _by_words(paragraph: Paragraph) -> Iterator[str]:
    first = paragraph.runs[0]
    start = len(_start(_side(paragraph, Mark.DELETE)))
    same = start == len(_start(_side(paragraph, Mark.INSERT)))
    if paragraph.fate is not Fate.CHANGED:
        yield from _by_lines(paragraph)
    elif not start or (same and first.mark is Mark.EQUAL and len(first.text) >= start):
        yield "".join(_signed(run) for run in paragraph.runs)
    else:
        yield from _by_lines(paragraph)


def _signed(run: Run) -> str:
    text = unmarked(run.text)
    return text if run.mark is Mark.EQUAL else f"{_SIGNS[run.mark]}{text}{END}"


def _by_lines(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.fate is Fate.EQUAL:
        yield _side(paragraph, Mark.DELETE)
    elif paragraph.fate is Fate.CHANGED:
        yield _line(_side(paragraph, Mark.INSERT), DELETE)
        yield _line(_side(paragraph, Mark.DELETE), INSERT)
    else:
        yield _line(unmarked("".join(run.text for run in paragraph.runs)), _WHOLE[paragraph.fate])


def _line(text: str, sign: str) -> str:
    start = _start(text)
    return f"{start}{sign}{text[len(start) :]}{END}"


def _start(text: str) -> str:
    found = _START.match(text)
    return found.group() if found else ""
