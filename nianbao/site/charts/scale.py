"""Turn numbers into positions on an axis from 0 to a round number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.model.report import Number

_MOST_TICKS: Final = 4  # above 0


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale from 0 at position `start` to `maximum` at position `end`.

    `step`: the difference between two ticks.
    """

    maximum: Number
    step: Number
    start: float
    end: float

    def at(self, number: Number) -> float:
        """Return the position of a number, rounded to a tenth."""
        return round(self.start + float(number / self.maximum) * (self.end - self.start), 1)

    def ticks(self) -> Iterator[Number]:
        """Yield 0, `step`, twice `step` and so on, up to `maximum`."""
        tick: Number = 0
        while tick <= self.maximum:
            yield tick
            tick += self.step


def make_scale(numbers: Iterable[Number], start: float, end: float) -> Scale:
    """Return a scale from 0 with room for all numbers, and with at most four steps.

    A step is 1, 2 or 5 times a power of ten. Integers have an integer step.

    `start`, `end`: the positions of 0 and of the maximum.

    Raises ValueError if a number is negative.
    """
    found = list(numbers)
    largest = max(found, default=0)
    if min(found, default=0) < 0:
        raise ValueError("negative number")
    if not largest:
        return Scale(1, 1, start, end)
    whole = all(number == int(number) for number in found)
    exponent = Decimal(largest).adjusted() - 1
    steps = (Decimal(digit).scaleb(exponent + more) for more in range(3) for digit in (1, 2, 5))
    exact = next(
        step for step in steps if step * _MOST_TICKS >= largest and (step >= 1 or not whole)
    )
    step: Number = int(exact) if exact >= 1 else exact
    count = next(n for n in range(1, _MOST_TICKS + 1) if step * n >= largest)
    return Scale(step * count, step, start, end)
