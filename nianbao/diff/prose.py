"""Changed prose: each place for prose of the form, line by line, and lines that moved elsewhere."""

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

# Shorter lines, such as 无, stand in many places by chance.
_SHORTEST_MOVE: Final = 8


@dataclass(slots=True)
class _TextPair:
    """A place for prose on both sides, its lines, and how they are aligned."""

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
    """The places whose prose changed, in the order of the form.

    And where items of lists moved: the pointer on the new side by that on the old one.
    """
    moved: dict[Pointer, Pointer] = {}
    places = list(_places(old, new, budget, moved))
    for place in places:
        place.pairs = align(place.before, place.after, budget)
    _find_moves(places)
    changes = []
    for place in places:
        apart = frozenset(place.elsewhere)
        pairs = pair_rewrites(place.before, place.after, place.pairs, apart)
        paragraphs = tuple(_paragraph(place, pair, budget) for pair in pairs)
        if any(paragraph.status is not ParagraphStatus.EQUAL for paragraph in paragraphs):
            changes.append(ProseChange(place.old, place.new, place.names, paragraphs))
    return tuple(changes), moved


def _places(
    old: ReportSide, new: ReportSide, budget: Budget, moved: dict[Pointer, Pointer]
) -> Iterator[_TextPair]:
    """Every place for prose of either form, that of the new one first where they differ."""
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
            yield _place(pointer, pointer, form, *lines)
        else:
            before, after = (lines_of(side.texts.get(pointer, "")) for side in (old, new))
            yield _place(
                pointer if before else None, pointer if after else None, form, before, after
            )


def _texts(form: Form) -> Iterator[TextField]:
    yield form.lead
    for section in form.sections:
        yield from section.texts
        if section.notes:
            yield section.notes


def _place(
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
    """The further blocks, which are known by their words and not by their number."""
    sides = []
    for side in (old, new):
        items: dict[Pointer, dict[str | int, str]] = defaultdict(dict)
        for place, text in _in_list(pointer, side.texts).items():
            items[place[: len(pointer) + 1]][place[-1]] = text
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
            yield _place(
                None if source is None else (*source, key),
                None if target is None else (*target, key),
                form,
                lines_of(before.get(source or (), {}).get(key, "")),
                lines_of(after.get(target or (), {}).get(key, "")),
            )


def _find_moves(places: Sequence[_TextPair]) -> None:
    """Note the lines that went from one place and came, word for word, at another."""
    gone: dict[str, list[tuple[_TextPair, Pair]]] = defaultdict(list)
    for place in places:
        for pair in place.pairs:
            if pair[1] is None and pair[0] is not None:
                line = place.before[pair[0]]
                if len(line) >= _SHORTEST_MOVE:
                    gone[line].append((place, pair))
    for place in places:
        for pair in place.pairs:
            if pair[0] is None and pair[1] is not None:
                found = gone.get(place.after[pair[1]])
                if found:
                    origin, left = found.pop(0)
                    origin.elsewhere[left] = " › ".join(place.names)
                    place.elsewhere[pair] = " › ".join(origin.names)


def _paragraph(place: _TextPair, pair: Pair, budget: Budget) -> Paragraph:
    left, right = pair
    elsewhere = place.elsewhere.get(pair, "")
    if left is None:
        assert right is not None
        fate = ParagraphStatus.MOVED_HERE if elsewhere else ParagraphStatus.INSERTED
        return Paragraph(fate, (TextRun(RunKind.INSERT, place.after[right]),), elsewhere)
    if right is None:
        fate = ParagraphStatus.MOVED_AWAY if elsewhere else ParagraphStatus.DELETED
        return Paragraph(fate, (TextRun(RunKind.DELETE, place.before[left]),), elsewhere)
    old, new = place.before[left], place.after[right]
    if old == new:
        return Paragraph(ParagraphStatus.EQUAL, (TextRun(RunKind.EQUAL, old),))
    return Paragraph(ParagraphStatus.CHANGED, compare_words(old, new, budget))


# Indents count before the items of a list alone.
_ITEM: Final = re.compile(r"[ \t]*(?:[*+-]|[0-9]{1,9}\.)[ ]+\S")


def lines_of(text: str) -> list[str]:
    """The lines of a prose without blanks around them that nothing prints.

    A blank line is none, but for one between two lines of tables: it ends the first.
    """
    lines: list[str] = []
    parted = False
    for raw in text.split("\n"):
        line = raw.rstrip(PROSE_BLANKS)
        line = line if _ITEM.match(line) else line.lstrip(PROSE_BLANKS)
        if line:
            tables = bool(lines) and lines[-1].startswith("|") and line.startswith("|")
            lines += [""] if parted and tables else []
            lines.append(line)
        parted = not line
    return lines
