"""Align two lists of texts: pair equal texts, then similar texts."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from nianbao.diff.words import common_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.diff.words import Budget

# Index of a text in the old list and in the new list; None for the list that lacks the text.
Pair = tuple[int | None, int | None]

# Below this similarity a text counts as replaced, not as rewritten.
_MIN_SIMILARITY: Final = 0.35
# Size limit of the similarity table; if there are more texts, they are paired by index.
_MAX_TABLE: Final = 2_500
_MAX_LENGTH: Final = 4_000


def align(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    """Pair texts that are equal in two lists, without changing their order.

    Return pairs of indexes in `old` and `new`; a text without a partner is paired with None.

    `budget`: limits the time; if too small, only equal texts at the ends are paired.
    """
    start, end = common_ends(old, new)
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
    old: Sequence[str], new: Sequence[str], pairs: Sequence[Pair], unpaired: frozenset[Pair]
) -> list[Pair]:
    """Pair similar texts that have no partner yet, and return all pairs.

    Equal texts divide both lists into sections. Only texts of the same section are paired.

    `pairs`: the result of `align`.
    `unpaired`: pairs such as (3, None) of moved texts, which get no partner.
    """
    out: list[Pair] = []
    gone: list[int] = []
    come: list[int] = []
    alone: list[Pair] = []

    def flush() -> None:
        out.extend(_interleaved([*_joined(old, new, gone, come)], alone))
        for each in (gone, come, alone):
            each.clear()

    for pair in pairs:
        left, right = pair
        if pair in unpaired:
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


def _interleaved(pairs: Sequence[Pair], alone: Sequence[Pair]) -> list[Pair]:
    """Insert the pairs in `alone` into `pairs`, in the order of both lists.

    `alone`: pairs of a text and None.
    """
    merged = list(pairs)
    for axis in (0, 1):
        waiting = [place for pair in alone if (place := pair[axis]) is not None]
        waiting.reverse()
        out: list[Pair] = []
        for pair in merged:
            here = pair[axis]
            while waiting and here is not None and waiting[-1] < here:
                out.append(_single(waiting.pop(), axis))
            out.append(pair)
        merged = [*out, *(_single(place, axis) for place in reversed(waiting))]
    return merged


def _single(place: int, axis: int) -> Pair:
    return (place, None) if axis == 0 else (None, place)


def _joined(
    old: Sequence[str], new: Sequence[str], gone: Sequence[int], come: Sequence[int]
) -> Iterator[Pair]:
    """Pair texts that are only in the old list with texts that are only in the new list.

    `gone`, `come`: the indexes of these texts in `old` and in `new`. The order is kept, and the sum
    of the similarities is the highest possible.
    """
    if not gone or not come:
        yield from ((place, None) for place in gone)
        yield from ((None, place) for place in come)
        return
    if len(gone) * len(come) > _MAX_TABLE:
        chosen = [(i, i) for i in range(min(len(gone), len(come)))]
        chosen = [
            (i, j) for i, j in chosen if similarity(old[gone[i]], new[come[j]]) >= _MIN_SIMILARITY
        ]
    else:
        chosen = _best_matching([[similarity(old[i], new[j]) for j in come] for i in gone])
    i = j = 0
    for left, right in [*chosen, (len(gone), len(come))]:
        yield from ((gone[place], None) for place in range(i, left))
        yield from ((None, come[place]) for place in range(j, right))
        if left < len(gone) and right < len(come):
            yield gone[left], come[right]
        i, j = left + 1, right + 1


def _best_matching(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the pairs of row and column, both ascending, with the highest sum of scores.

    `scores`: by row and column. Low scores are never paired.
    """
    height, width = len(scores), len(scores[0])
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            paired = best[i + 1][j + 1] + scores[i][j] if scores[i][j] >= _MIN_SIMILARITY else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    chosen = []
    i = j = 0
    while i < height and j < width:
        if scores[i][j] >= _MIN_SIMILARITY and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            chosen.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return chosen


def similarity(old: str, new: str) -> float:
    """Return the similarity of two texts, from 0 to 1: the Dice coefficient of their bigrams."""
    if old == new:
        return 1.0
    left, right = (Counter(_bigrams(text[:_MAX_LENGTH])) for text in (old, new))
    return 2 * sum((left & right).values()) / max(left.total() + right.total(), 1)


def _bigrams(text: str) -> Iterator[str]:
    text = f"^{text}$"
    return (text[place : place + 2] for place in range(len(text) - 1))
