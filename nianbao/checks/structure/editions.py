"""Tables written as another edition of the form has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.schema import edition_schema, editions, holds_cells
from nianbao.model.validator import is_key_error, missing_keys, unknown_keys, validate

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from nianbao.diagnostics.finding import Pointer
    from nianbao.model.form import Form


@dataclass(frozen=True, slots=True)
class OtherEdition:
    """The tables, or parts of tables, that fit another edition; `whole`: that is all of them."""

    edition: int
    places: tuple[Pointer, ...]
    whole: bool
    faults: frozenset[Pointer]

    def explains(self, error: ValidationError) -> bool:
        """Whether an error is gone once the edition is the right one."""
        pointer: Pointer = tuple(error.absolute_path)
        inside = any(pointer[: len(place)] == place for place in self.places)
        return inside and (is_key_error(error) or pointer not in self.faults)


def detect_other_edition(
    data: dict[str, object], form: Form, errors: list[ValidationError]
) -> OtherEdition | None:
    """What in a report is written as another edition has it, told by its keys."""
    unknown = unknown_keys(errors)
    if not unknown:  # keys alone that are missing are told by their names
        return None
    mine = unknown + missing_keys(errors)
    for edition in editions():
        if edition == form.edition:
            continue
        other = edition_schema(edition)
        there = validate(data, edition)
        theirs = unknown_keys(there) + missing_keys(there)
        faults = frozenset(tuple(error.absolute_path) for error in there)
        differing = [
            (key,)
            for key, node in form.schema.properties_at(()).items()
            if holds_cells(node) and key in data and node != other.node_at((key,))
        ]
        if differing and all(_fits(place, mine, theirs) for place in differing):
            return OtherEdition(edition, tuple(differing), True, faults)
        places = [
            place
            for key in differing
            for place in _smallest(key, data[key[0]], mine, theirs)
            if other.node_at(place)
        ]
        if places:
            return OtherEdition(edition, tuple(places), False, faults)
    return None


def _fits(place: Pointer, mine: list[Pointer], theirs: list[Pointer]) -> bool:
    """Whether what stands at a place has far fewer wrong keys in the other edition."""
    here, there = (sum(fault[: len(place)] == place for fault in each) for each in (mine, theirs))
    return here >= 2 and there * 4 <= here


def _smallest(
    place: Pointer, value: object, mine: list[Pointer], theirs: list[Pointer]
) -> list[Pointer]:
    """The smallest parts of a table that fit the other edition."""
    if not isinstance(value, dict):
        return []
    below = [
        found
        for key, child in value.items()
        for found in _smallest((*place, key), child, mine, theirs)
    ]
    if not _fits(place, mine, theirs):
        return below
    told = [fault for fault in mine if any(fault[: len(each)] == each for each in below)]
    inside = [fault for fault in mine if fault[: len(place)] == place]
    return below if len(below) == 1 and told == inside else [place]
