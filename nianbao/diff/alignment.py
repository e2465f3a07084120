"""Two lists of texts, aligned: which is equal to which, and which was rewritten from which."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from nianbao.diff.words import common

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diff.words import Budget

# The place in the old list and in the new one; None where it is only in the other.
Pair = tuple[int | None, int | None]

# Below this share of common pairs of characters a text was not rewritten but replaced.
_ALIKE: Final = 0.35
# Of more texts between two that stayed, each is aligned with the one in its place.
_MOST_TABLE: Final = 2_500
_LONGEST: Final = 4_000


def align(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    """Pairs of equal texts in the order of both lists, and the rest, alone, where it stands."""
    start, end = common(old, new)
    pairs: list[Pair] = [(place, place) for place in range(start)]
    middle = old[start : len(old) - end], new[start : len(new) - end]
    if budget.allows(*middle):
        matcher = SequenceMatcher(None, *middle, autojunk=False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            if kind == "equal":
                pairs += [(start + i, start + i - i1 + j1) for i in range(i1, i2)]
            else:
                pairs += [(start + i, None) for i in range(i1, i2)]
                pairs += [(None, start + j) for j in range(j1, j2)]
    else:
        pairs += [(start + i, None) for i in range(len(middle[0]))]
        pairs += [(None, start + j) for j in range(len(middle[1]))]
    shift = len(new) - len(old)
    pairs += [(place, place + shift) for place in range(len(old) - end, len(old))]
    return pairs


def pair_rewrites(
    old: Sequence[str], new: Sequence[str], pairs: Sequence[Pair], apart: frozenset[Pair]
) -> list[Pair]:
    """The pairs with those joined that a rewrite made of each other, between texts that stayed.

    `apart` are pairs that stay alone, as those that moved.
    """
    out: list[Pair] = []
    gone: list[int] = []
    come: list[int] = []
    alone: list[Pair] = []

    def flush() -> None:
        out.extend(_woven([*_joined(old, new, gone, come)], alone))
        for each in (gone, come, alone):
            each.clear()

    for pair in pairs:
        left, right = pair
        if pair in apart:
            alone.append(pair)
        elif left is None and right is not None:
            come.append(right)
        elif right is None and left is not None:
            gone.append(left)
        else:
            flush()
            out.append(pair)
    flush()
    return out


def _woven(pairs: Sequence[Pair], alone: Sequence[Pair]) -> list[Pair]:
    """Pairs in the order of both lists, with those that stay alone each in its place."""
    woven = list(pairs)
    for axis in (0, 1):
        waiting = [place for pair in alone if (place := pair[axis]) is not None]
        waiting.reverse()
        out: list[Pair] = []
        for pair in woven:
            here = pair[axis]
            while waiting and here is not None and waiting[-1] < here:
                out.append(_single(waiting.pop(), axis))
            out.append(pair)
        woven = [*out, *(_single(place, axis) for place in reversed(waiting))]
    return woven


def _single(place: int, axis: int) -> Pair:
    return (place, None) if axis == 0 else (None, place)


def _joined(
    old: Sequence[str], new: Sequence[str], gone: Sequence[int], come: Sequence[int]
) -> Iterator[Pair]:
    """Pair texts of a gap in order so that they are as much alike as can be."""
    if not gone or not come:
        yield from ((place, None) for place in gone)
        yield from ((None, place) for place in come)
        return
    if len(gone) * len(come) > _MOST_TABLE:
        chosen = [(i, i) for i in range(min(len(gone), len(come)))]
        chosen = [(i, j) for i, j in chosen if similarity(old[gone[i]], new[come[j]]) >= _ALIKE]
    else:
        chosen = _best([[similarity(old[i], new[j]) for j in come] for i in gone])
    i = j = 0
    for left, right in [*chosen, (len(gone), len(come))]:
        yield from ((gone[place], None) for place in range(i, left))
        yield from ((None, come[place]) for place in range(j, right))
        if left < len(gone) and right < len(come):
            yield gone[left], come[right]
        i, j = left + 1, right + 1


def _best(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs in order whose scores, each at least that of a rewrite, add up to the most."""
    height, width = len(scores), len(scores[0])
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            paired = best[i + 1][j + 1] + scores[i][j] if scores[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    chosen = []
    i = j = 0
    while i < height and j < width:
        if scores[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            chosen.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return chosen


def similarity(old: str, new: str) -> float:
    """How much two texts have in common, 0 to 1: the share of pairs of characters in both."""
    if old == new:
        return 1.0
    left, right = (Counter(_couples(text[:_LONGEST])) for text in (old, new))
    return 2 * sum((left & right).values()) / max(left.total() + right.total(), 1)


def _couples(text: str) -> Iterator[str]:
    text = f"^{text}$"
    return (text[place : place + 2] for place in range(len(text) - 1))
