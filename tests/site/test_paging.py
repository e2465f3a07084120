"""Long lists go over several pages, each small enough, without losing or repeating an item."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest

from nianbao.site.paging import MAX_BYTES, PageNumber, split_pages

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    "sizes", [[], [10], [1000] * 59, [1000] * 600, [50_000, 10, 50_000, 40_000]]
)
@pytest.mark.parametrize("head", [0, 40_000])
def test_pages_hold_all_items_in_order_and_none_is_too_large(sizes: list[int], head: int) -> None:
    rendered: dict[PageNumber, Sequence[int]] = {}

    def render(items: Sequence[int], number: PageNumber) -> bytes:
        rendered[number] = items
        return b"x" * (sum(sizes[item] for item in items) + (head if number.number == 1 else 0))

    pages = split_pages(range(len(sizes)), render, lambda item: sizes[item], head=head)
    shown = [rendered[PageNumber(number, len(pages))] for number in range(1, len(pages) + 1)]
    assert list(chain(*shown)) == list(range(len(sizes)))
    assert max(map(len, pages)) <= MAX_BYTES
    assert len(pages) <= (sum(sizes) + head) // (MAX_BYTES // 2) + 1


def test_an_item_that_is_too_large_has_a_page_of_its_own() -> None:
    sizes = [70_000, 10]
    pages = split_pages(sizes, lambda items, _: b"x" * sum(items), lambda size: size)
    assert list(map(len, pages)) in ([70_000, 10], [0, 70_000, 10])
