"""Define the units of a repository, and the roster of all units (units.toml)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.workspace.discovery import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the roster.

    `id`: the unit's folder below reports/.
    `name`: the full name of the unit.
    `kind`: 机关类型; "" if not set.
    `parent`: the id of the unit that sums up this unit.
    `first`: the first year on which the unit must report.
    `last`: the last year on which the unit must report.
    `deadline`: MM-DD, 无, or "" if not set.
    `is_own`: True if the unit's figures are the parent's own figures (本级).
    """

    id: str
    name: str
    kind: str = ""
    parent: str = TOP
    first: int = 0
    last: int = 9999
    deadline: str = ""
    is_own: bool = False

    def reports_in(self, year: int) -> bool:
        """Return True if the unit must have a report on `year`."""
        return self.first <= year <= self.last


@dataclass(frozen=True, slots=True)
class Roster:
    """All units of a repository.

    `units`: the units by id, in the order of units.toml.
    `children`: by the id of each parent, the ids of the units that it sums up.
    """

    units: Mapping[str, Unit]
    children: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def tree(self) -> Iterator[tuple[int, Unit]]:
        """Yield every unit, with its depth in the tree counted from 0.

        A unit comes before the units that it sums up.
        """
        below: list[tuple[int, str]] = [(0, each) for each in reversed(self._tops())]
        while below:
            depth, id_ = below.pop()
            yield depth, self.units[id_]
            below += [(depth + 1, each) for each in reversed(self.children.get(id_, ()))]

    def _tops(self) -> Sequence[str]:
        return [TOP] if TOP in self.units else self.children.get(TOP, ())
