"""A report then and now, both checked, and what changed between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.checking import Checked, check_file
from nianbao.comparing import compare
from nianbao.comparing.sides import make_side

if TYPE_CHECKING:
    from nianbao.comparing.change import Change
    from nianbao.settings import Settings
    from nianbao.versions.place import Pairing, Place


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides, as they were checked, and what changed between them."""

    pairing: Pairing
    old: Checked | None
    new: Checked | None
    change: Change


def compare_pairing(pairing: Pairing, settings: Settings) -> Compared:
    """Check both sides by the same settings, and compare them."""
    old, new = (_checked(place, settings) for place in (pairing.old, pairing.new))
    sides = [make_side(one, one.source.path) if one else None for one in (old, new)]
    return Compared(pairing, old, new, compare(*sides, renamed=pairing.renamed))


def _checked(place: Place | None, settings: Settings) -> Checked | None:
    return check_file(place.file, settings, reader=place.reader) if place else None
