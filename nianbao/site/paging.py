"""Split a long list over several pages, each smaller than a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

MAX_BYTES: Final = 60_000


class PageNumber(NamedTuple):
    """The number of a page of a long list.

    `number`: counted from 1.
    `last`: the number of the last page.
    """

    number: int
    last: int


def split_pages(
    items: Sequence[T],
    render: Callable[[Sequence[T], PageNumber], bytes],
    weigh: Callable[[T], int] = lambda _: 1,
    count: int = 1,
    head: int = 0,
) -> list[bytes]:
    """Return the pages of a list: as few as possible, each at most MAX_BYTES large.

    A page with a single item can be larger.

    `render`: returns the page with some of the items.
    `weigh`: estimates the size of an item, in any unit.
    `count`: the lowest number of pages.
    `head`: the size of additional content on the first page, in the unit of `weigh`.
    """
    while True:
        chunks = _chunks(items, weigh, count, head)
        pages = [
            render(chunk, PageNumber(number, len(chunks))) for number, chunk in enumerate(chunks, 1)
        ]
        largest = max(map(len, pages))
        if largest <= MAX_BYTES or count > 2 * len(items):
            return pages
        count += 1


def _chunks(
    items: Sequence[T], weigh: Callable[[T], int], count: int, head: int
) -> list[Sequence[T]]:
    """Return the items in at most `count` chunks of about the same weight.

    `head`: a weight that is added to the first chunk, which can therefore be empty.
    """
    weights = list(map(weigh, items))
    chunks: dict[int, list[T]] = {0: []}
    done, whole = head, head + sum(weights)
    for item, weight in zip(items, weights, strict=True):
        # The middle of an item decides on its chunk.
        chunks.setdefault((2 * done + weight) * count // (2 * whole), []).append(item)
        done += weight
    return list(chunks.values())
