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
    head: int = 0,
) -> list[bytes]:
    """Return the pages of a list, as few as the limit allows.

    `render`: makes a page of some of the items. `weigh`: about how large an item is, in any unit.
    `count`: how many pages there are at least. `head`: the weight of what the first page has
    besides. A page of a single item can be larger.
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

    `head`: a weight that the first chunk has already; it can be without items.
    """
    weights = list(map(weigh, items))
    chunks: dict[int, list[T]] = {0: []}
    done, whole = head, head + sum(weights)
    for item, weight in zip(items, weights, strict=True):
        # The middle of an item decides on its chunk.
        chunks.setdefault((2 * done + weight) * count // (2 * whole), []).append(item)
        done += weight
    return list(chunks.values())
