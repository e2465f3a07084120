"""Find the known words that are most similar to a misspelt word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 80  # characters of a word that are compared: the time grows with their square


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the known word that is most similar to `word`, or "" if none is similar enough.

    `cutoff` is the least similarity, from 0 to 1, as difflib measures it.
    """
    return next(iter(closest_words(word, known, 1, cutoff)), "")


def closest_words(word: str, known: Iterable[str], limit: int, cutoff: float = 0.6) -> list[str]:
    """Return up to `limit` known words that are similar to `word`, the most similar first.

    `cutoff` is the least similarity, from 0 to 1, as difflib measures it.
    """
    import difflib  # seldom needed

    return difflib.get_close_matches(word[:_LONGEST], list(known), limit, cutoff)
