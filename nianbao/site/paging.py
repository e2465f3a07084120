"""Split a long list over several pages, none of them larger than the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

MAX_BYTES: Final = 60_000


class PageNumber(NamedTuple):
    """The number of a page of a list, from 1, and the number of pages."""

    number: int
    last: int


def split_pages(
    items: Sequence[T],
    render: Callable[[Sequence[T], PageNumber], bytes],
    weigh: Callable[[T], int] = lambda _: 1,
    count: int = 1,
) -> list[bytes]:
    """Return the pages of a list, as few as the limit allows.

    `render`: makes a page of some of the items. `weigh`: about how large an item is, in any unit.
    `count`: how many pages there are at least. A page of a single item can be larger.
    """
    while True:
        chunks = _chunks(items, weigh, count)
        pages = [
            render(chunk, PageNumber(number, len(chunks))) for number, chunk in enumerate(chunks, 1)
        ]
        largest = max(map(len, pages))
        if largest <= MAX_BYTES or len(chunks) == max(len(items), 1):
            return pages
        count = max(count + 1, len(chunks) * largest // MAX_BYTES)


def _chunks(items: Sequence[T], weigh: Callable[[T], int], count: int) -> list[Sequence[T]]:
    """Return the items in at most `count` chunks of about the same weight, but at least in one."""
    weights = list(map(weigh, items))
    chunks: dict[int, list[T]] = {}
    done, whole = 0, sum(weights)
    for item, weight in zip(items, weights, strict=True):
        # The middle of an item decides on its chunk.
        chunks.setdefault((2 * done + weight) * count // (2 * whole), []).append(item)
        done += weight
    return list(chunks.values()) or [items]
