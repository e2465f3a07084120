"""Compare the prose of two reports line by line, and find moved lines."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nianbao.diff.alignment import Pair, align, pair_rewrites
from nianbao.diff.model import Paragraph, ParagraphStatus, ProseChange, RunKind, TextRun
from nianbao.diff.words import Budget, compare_words
from nianbao.utils.characters import PROSE_BLANKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.diagnostics.finding import Pointer
    from nianbao.diff.side import ReportSide
    from nianbao.model.form import Form, TextField

# Shorter lines, such as 无, occur in many texts by chance.
_SHORTEST_MOVE: Final = 8
# Indentation matters only for list items.
_ITEM: Final = re.compile(r"[ \t]*(?:[*+-]|[0-9]{1,9}\.)[ ]+\S")


@dataclass(slots=True)
class _TextPair:
    """One text of the form in both versions: its lines and their alignment.

    `old`, `new`: the pointer of the text in the old and in the new version, or None.
    `names`: the labels of the text in the form.
    `before`, `after`: the lines of the text in the old and in the new version.
    `pairs`: the indexes of lines that belong together.
    `elsewhere`: for each moved line, by its pair, the label of the text that it moved from or to.
    """

    old: Pointer | None
    new: Pointer | None
    names: tuple[str, ...]
    before: Sequence[str]
    after: Sequence[str]
    pairs: list[Pair] = field(default_factory=list)
    elsewhere: dict[Pair, str] = field(default_factory=dict)


def compare_prose(
    old: ReportSide, new: ReportSide, budget: Budget
) -> tuple[tuple[ProseChange, ...], Mapping[Pointer, Pointer]]:
    """Return the changed texts, and the new pointers (places in the file) of list items.

    The texts are in the order of the form. The pointers are in a map with the old pointers as keys.

    `old`, `new`: two versions whose `form` is not None.
    `budget`: limits the time of the comparison.
    """
    moved: dict[Pointer, Pointer] = {}
    texts = list(_text_pairs(old, new, budget, moved))
    for text_pair in texts:
        text_pair.pairs = align(text_pair.before, text_pair.after, budget)
    _find_moves(texts)
    changes = []
    for text_pair in texts:
        moves = frozenset(text_pair.elsewhere)
        pairs = pair_rewrites(text_pair.before, text_pair.after, text_pair.pairs, moves)
        paragraphs = tuple(_paragraph(text_pair, pair, budget) for pair in pairs)
        if any(paragraph.status is not ParagraphStatus.EQUAL for paragraph in paragraphs):
            changes.append(ProseChange(text_pair.old, text_pair.new, text_pair.names, paragraphs))
    return tuple(changes), moved


def _text_pairs(
    old: ReportSide, new: ReportSide, budget: Budget, moved: dict[Pointer, Pointer]
) -> Iterator[_TextPair]:
    """Yield a pair for each text of either form; texts of the new form come first.

    `moved`: gets the new pointer of each list item by its old pointer.
    """
    assert old.form is not None
    assert new.form is not None
    texts = {text.pointer: (text, new.form) for text in _texts(new.form)}
    for text in _texts(old.form):
        texts.setdefault(text.pointer, (text, old.form))
    for pointer, (text, form) in texts.items():
        if text.kind == "extra":
            yield from _items(pointer, form, old, new, budget, moved)
        elif text.kind == "notes":
            sides = [_in_list(pointer, side.texts) for side in (old, new)]
            lines = [[" ".join(note.split()) for note in side.values()] for side in sides]
            yield _text_pair(pointer, pointer, form, *lines)
        else:
            before, after = (lines_of(side.texts.get(pointer, "")) for side in (old, new))
            yield _text_pair(
                pointer if before else None, pointer if after else None, form, before, after
            )


def _texts(form: Form) -> Iterator[TextField]:
    yield form.lead
    for section in form.sections:
        yield from section.texts
        if section.notes:
            yield section.notes


def _text_pair(
    old: Pointer | None,
    new: Pointer | None,
    form: Form,
    before: Sequence[str],
    after: Sequence[str],
) -> _TextPair:
    return _TextPair(old, new, form.labels(new or old or ()), before, after)


def _in_list(pointer: Pointer, texts: Mapping[Pointer, str]) -> dict[Pointer, str]:
    depth = len(pointer)
    return {p: text for p, text in texts.items() if len(p) > depth and p[:depth] == pointer}


def _items(
    pointer: Pointer,
    form: Form,
    old: ReportSide,
    new: ReportSide,
    budget: Budget,
    moved: dict[Pointer, Pointer],
) -> Iterator[_TextPair]:
    """Yield a pair for each text of further blocks. Blocks are matched by content, not by index.

    `moved`: gets the new pointer of each block by its old pointer.
    """
    sides = []
    for side in (old, new):
        items: dict[Pointer, dict[str | int, str]] = defaultdict(dict)
        for each, text in _in_list(pointer, side.texts).items():
            items[each[: len(pointer) + 1]][each[-1]] = text
        sides.append(items)
    before, after = sides
    bodies = [
        ["\n".join(item[key] for key in sorted(item, key=str)) for item in side.values()]
        for side in sides
    ]
    pairs = align(bodies[0], bodies[1], budget)
    names = [list(side) for side in sides]
    for left, right in pair_rewrites(bodies[0], bodies[1], pairs, frozenset()):
        source = None if left is None else names[0][left]
        target = None if right is None else names[1][right]
        if source is not None and target is not None:
            moved[source] = target
        keys = dict.fromkeys([*after.get(target or (), {}), *before.get(source or (), {})])
        for key in keys:
            yield _text_pair(
                None if source is None else (*source, key),
                None if target is None else (*target, key),
                form,
                lines_of(before.get(source or (), {}).get(key, "")),
                lines_of(after.get(target or (), {}).get(key, "")),
            )


def _find_moves(texts: Sequence[_TextPair]) -> None:
    """Mark lines as moved that were deleted in one place and inserted unchanged in another."""
    gone: dict[str, list[tuple[_TextPair, Pair]]] = defaultdict(list)
    for text_pair in texts:
        for pair in text_pair.pairs:
            if pair[1] is None and pair[0] is not None:
                line = text_pair.before[pair[0]]
                if len(line) >= _SHORTEST_MOVE:
                    gone[line].append((text_pair, pair))
    for text_pair in texts:
        for pair in text_pair.pairs:
            if pair[0] is None and pair[1] is not None:
                origins = gone.get(text_pair.after[pair[1]])
                if origins:
                    origin, left = origins.pop(0)
                    origin.elsewhere[left] = " › ".join(text_pair.names)
                    text_pair.elsewhere[pair] = " › ".join(origin.names)


def _paragraph(text_pair: _TextPair, pair: Pair, budget: Budget) -> Paragraph:
    left, right = pair
    elsewhere = text_pair.elsewhere.get(pair, "")
    if left is None:
        assert right is not None
        status = ParagraphStatus.MOVED_HERE if elsewhere else ParagraphStatus.INSERTED
        return Paragraph(status, (TextRun(RunKind.INSERT, text_pair.after[right]),), elsewhere)
    if right is None:
        status = ParagraphStatus.MOVED_AWAY if elsewhere else ParagraphStatus.DELETED
        return Paragraph(status, (TextRun(RunKind.DELETE, text_pair.before[left]),), elsewhere)
    old, new = text_pair.before[left], text_pair.after[right]
    if old == new:
        return Paragraph(ParagraphStatus.EQUAL, (TextRun(RunKind.EQUAL, old),))
    return Paragraph(ParagraphStatus.CHANGED, compare_words(old, new, budget))


def lines_of(text: str) -> list[str]:
    """Split prose into lines, and remove blank lines and the blanks around each line.

    The indentation of list items and a blank line between two tables remain.
    """
    lines: list[str] = []
    separated = False
    for raw in text.split("\n"):
        line = raw.rstrip(PROSE_BLANKS)
        line = line if _ITEM.match(line) else line.lstrip(PROSE_BLANKS)
        if line:
            tables = bool(lines) and lines[-1].startswith("|") and line.startswith("|")
            lines += [""] if separated and tables else []
            lines.append(line)
        separated = not line
    return lines
