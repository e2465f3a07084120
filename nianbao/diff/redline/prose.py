"""Mark the changes of texts in a redline (a report with marked changes)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup, escape

from nianbao.diff.model import ParagraphStatus, RunKind, TextRun
from nianbao.model.prose import find_excess
from nianbao.rendering.markdown.revisions import (
    DELETE,
    END,
    INSERT,
    MOVED_AWAY,
    MOVED_HERE,
    SEPARATE_SIDES,
    preserves_both_sides,
    unmarked,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.diff.model import Paragraph

_MARKS: Final = {RunKind.DELETE: DELETE, RunKind.INSERT: INSERT}
_WHOLE: Final = {
    ParagraphStatus.DELETED: DELETE,
    ParagraphStatus.INSERTED: INSERT,
    ParagraphStatus.MOVED_AWAY: MOVED_AWAY,
    ParagraphStatus.MOVED_HERE: MOVED_HERE,
}
_TAGS: Final = {RunKind.DELETE: "del", RunKind.INSERT: "ins"}
# The prefix of a line that makes the line a list item, a heading or a quote in Markdown.
_START: Final = re.compile(r"(?:[ \t]*(?:[*+-]|[0-9]{1,9}\.)[ ]+|#{1,6}[ ]+|(?:>[ ]*)+)*")


def merged_markdown(paragraphs: Sequence[Paragraph], old: str, new: str) -> str:
    """Return one Markdown text of both versions, with marks around deletions and insertions.

    If marks are impossible, as in tables, return `old` and then `new`.

    `paragraphs`: the differences between `old` and `new`.
    """
    # Without its insertions the text renders like `old`, without its deletions like `new`. The
    # marks are around words or, if that is impossible, around whole lines. They can make a text
    # longer than the limits of prose.
    old, new = unmarked(old), unmarked(new)
    for lines in (_by_words, _by_lines):
        text = "\n".join(line for paragraph in paragraphs for line in lines(paragraph))
        # Marks make Markdown of a plain text, for which other limits hold.
        if not any(find_excess([text])) and preserves_both_sides(text, old, new):
            return text
    return f"{SEPARATE_SIDES}{old}{SEPARATE_SIDES}{new}"


def marked_text(runs: Iterable[TextRun]) -> Markup:
    """Return one line of HTML, with <ins> and <del> around inserted and deleted runs."""
    marked = Markup()
    for run in runs:
        tag = _TAGS.get(run.kind)
        text = escape(run.text)
        marked += Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if tag else text
    return marked


def _side(paragraph: Paragraph, other: RunKind) -> str:
    return unmarked("".join(run.text for run in paragraph.runs if run.kind is not other))


def _by_words(paragraph: Paragraph) -> Iterator[str]:
    first = paragraph.runs[0]
    start = len(_start(_side(paragraph, RunKind.DELETE)))
    same = start == len(_start(_side(paragraph, RunKind.INSERT)))
    if paragraph.status is not ParagraphStatus.CHANGED:
        yield from _by_lines(paragraph)
    elif not start or (same and first.kind is RunKind.EQUAL and len(first.text) >= start):
        yield "".join(_with_mark(run) for run in paragraph.runs)
    else:
        yield from _by_lines(paragraph)


def _with_mark(run: TextRun) -> str:
    text = unmarked(run.text)
    return text if run.kind is RunKind.EQUAL else f"{_MARKS[run.kind]}{text}{END}"


def _by_lines(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.status is ParagraphStatus.EQUAL:
        yield _side(paragraph, RunKind.DELETE)
    elif paragraph.status is ParagraphStatus.CHANGED:
        yield _line(_side(paragraph, RunKind.INSERT), DELETE)
        yield _line(_side(paragraph, RunKind.DELETE), INSERT)
    else:
        yield _line(unmarked("".join(run.text for run in paragraph.runs)), _WHOLE[paragraph.status])


def _line(text: str, mark: str) -> str:
    start = _start(text)
    return f"{start}{mark}{text[len(start) :]}{END}"


def _start(text: str) -> str:
    found = _START.match(text)
    return found.group() if found else ""
