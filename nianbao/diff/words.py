"""Compare two texts word by word.

A word is a Chinese character, a number or a Latin word.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Final

from nianbao.diff.model import RunKind, TextRun

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# A number is never split.
_WORD: Final = re.compile(
    r"[0-9０-９]+(?:[.,．][0-9０-９]+)*[%％‰]?|[^\W\d_\u3400-\u9fff]+|\s+|.", re.DOTALL
)
_CLAUSE: Final = re.compile(r"[^，。；：！？、\n]*[，。；：！？、\n]?")
# Limit of pairs of equal words that are compared for one report: about a second of work. The limit
# is needed, because a report may be a megabyte of one repeated word.
_MAX_PAIRS: Final = 3_000_000


@dataclass(slots=True)
class Budget:
    """Limits the time of comparisons.

    `pairs`: the remaining steps; a step compares one old with one new word.
    """

    pairs: int = _MAX_PAIRS

    def allows(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Subtract the cost of comparing two sequences from `pairs`, and return True.

        If `pairs` is too small, subtract nothing and return False.
        """
        counts = Counter(new)
        # SequenceMatcher searches again on both sides of each match.
        cost = sum(counts[item] for item in old) * 4 + len(old) + len(new)
        if cost > self.pairs:
            return False
        self.pairs -= cost
        return True


def words(text: str) -> list[str]:
    """Split a text into words, Chinese characters, runs of blanks and punctuation marks.

    The joined parts are equal to the text.
    """
    return _WORD.findall(text)


def compare_words(old: str, new: str, budget: Budget) -> tuple[TextRun, ...]:
    """Compare two texts; return their equal, deleted and inserted pieces in reading order.

    Replaced text is a deletion, then an insertion.

    `budget`: limits the time. If it does not suffice, the texts are compared by clauses, not by
        words.
    """
    if old == new:
        return (TextRun(RunKind.EQUAL, old),) if old else ()
    left, right = words(old), words(new)
    start, end = common_ends(left, right)
    middle = left[start : len(left) - end], right[start : len(right) - end]
    runs = [TextRun(RunKind.EQUAL, "".join(left[:start]))]
    if budget.allows(*middle):
        runs += _matched(*middle)
    else:
        clauses = _clauses(middle[0]), _clauses(middle[1])
        runs += _matched(*clauses) if budget.allows(*clauses) else _replaced(*middle)
    runs.append(TextRun(RunKind.EQUAL, "".join(left[len(left) - end :])))
    return _tidy(runs)


def common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return the lengths of the common prefix and of the common suffix of two sequences.

    The prefix and the suffix do not overlap.
    """
    most = min(len(old), len(new))
    start = 0
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[len(old) - 1 - end] == new[len(new) - 1 - end]:
        end += 1
    return start, end


def _clauses(tokens: Sequence[str]) -> list[str]:
    return [clause for clause in _CLAUSE.findall("".join(tokens)) if clause]


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[TextRun]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield TextRun(RunKind.EQUAL, "".join(old[i1:i2]))
        else:
            yield from _replaced(old[i1:i2], new[j1:j2])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[TextRun]:
    yield TextRun(RunKind.DELETE, "".join(old))
    yield TextRun(RunKind.INSERT, "".join(new))


def _tidy(runs: Iterable[TextRun]) -> tuple[TextRun, ...]:
    """Join adjacent runs, and make accidental equal runs part of the change around them.

    An equal run is accidental if it is short, and shorter than both changes next to it.
    """
    # A rewritten sentence has one long change instead of many short changes.
    # Each change as deleted and inserted text; `stayed` holds the equal texts between changes.
    changes: list[tuple[str, str]] = [("", "")]
    stayed: list[str] = []
    for is_equal, group in groupby(runs, lambda run: run.kind is RunKind.EQUAL):
        pieces = list(group)
        if is_equal:
            text = "".join(run.text for run in pieces)
            if text:
                stayed.append(text)
                changes.append(("", ""))
        else:
            went, came = changes[-1]
            went += "".join(run.text for run in pieces if run.kind is RunKind.DELETE)
            came += "".join(run.text for run in pieces if run.kind is RunKind.INSERT)
            changes[-1] = (went, came)
    kept: list[str] = []
    joined = [changes[0]]
    for text, change in zip(stayed, changes[1:], strict=True):
        before = joined[-1]
        if _is_accidental(text, before, change):
            joined[-1] = (before[0] + text + change[0], before[1] + text + change[1])
        else:
            kept.append(text)
            joined.append(change)
    tidy = []
    for number, (went, came) in enumerate(joined):
        tidy += [TextRun(RunKind.EQUAL, kept[number - 1])] if number else []
        tidy += [TextRun(RunKind.DELETE, went)] if went else []
        tidy += [TextRun(RunKind.INSERT, came)] if came else []
    return tuple(tidy)


def _is_accidental(text: str, before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Return True if a short equal text is shorter than both changes around it."""
    return len(text) <= 4 and all(len(text) < max(map(len, each)) for each in (before, after))
