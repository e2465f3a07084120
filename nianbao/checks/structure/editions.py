"""Detect tables written in another edition of the form."""

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
    """The tables of a report that follow another edition of the form.

    `edition`: the other edition.
    `pointers`: the tables, or parts of tables, that follow `edition`.
    `whole`: True if all tables that differ between the editions are in `pointers`.
    `invalid`: the pointers of the errors of the report under `edition`.
    """

    edition: int
    pointers: tuple[Pointer, ...]
    whole: bool
    invalid: frozenset[Pointer]

    def explains(self, error: ValidationError) -> bool:
        """Return True if an error is there only because the tables follow another edition."""
        pointer: Pointer = tuple(error.absolute_path)
        inside = any(_is_below(pointer, each) for each in self.pointers)
        return inside and (is_key_error(error) or pointer not in self.invalid)


def detect_other_edition(
    data: dict[str, object], form: Form, errors: list[ValidationError]
) -> OtherEdition | None:
    """Find the tables of a report that follow another edition than its 格式.

    `data`: the content of the report.
    `form`: the form of the edition in 格式.
    `errors`: the errors of the report under `form`.

    Return None if there are no such tables.
    """
    unknown = unknown_keys(errors)
    if not unknown:  # without unknown keys, the missing keys are reported
        return None
    wrong = unknown + missing_keys(errors)
    for edition in editions():
        if edition == form.edition:
            continue
        other = edition_schema(edition)
        other_errors = validate(data, edition)
        other_wrong = unknown_keys(other_errors) + missing_keys(other_errors)
        invalid = frozenset(tuple(error.absolute_path) for error in other_errors)
        differing: list[Pointer] = [
            (key,)
            for key, node in form.schema.properties_at(()).items()
            if holds_cells(node) and key in data and node != other.node_at((key,))
        ]
        if differing and all(_fits(pointer, wrong, other_wrong) for pointer in differing):
            return OtherEdition(edition, tuple(differing), True, invalid)
        parts = [
            part
            for pointer in differing
            for part in _smallest_parts(pointer, data[str(pointer[0])], wrong, other_wrong)
            if other.node_at(part)
        ]
        if parts:
            return OtherEdition(edition, tuple(parts), False, invalid)
    return None


def _is_below(pointer: Pointer, above: Pointer) -> bool:
    return pointer[: len(above)] == above


def _fits(pointer: Pointer, wrong: list[Pointer], other_wrong: list[Pointer]) -> bool:
    """Return True if the other edition makes far fewer keys wrong at a pointer and below it.

    `wrong`, `other_wrong`: the pointers of wrong keys in the report's own and in the other edition.
    """
    here, there = (sum(_is_below(key, pointer) for key in keys) for keys in (wrong, other_wrong))
    return here >= 2 and there * 4 <= here


def _smallest_parts(
    pointer: Pointer, value: object, wrong: list[Pointer], other_wrong: list[Pointer]
) -> list[Pointer]:
    """Return the pointers of the smallest parts of a table that fit the other edition.

    `wrong`, `other_wrong`: the pointers of wrong keys in the report's own and in the other edition.
    """
    if not isinstance(value, dict):
        return []
    below = [
        part
        for key, child in value.items()
        for part in _smallest_parts((*pointer, key), child, wrong, other_wrong)
    ]
    if not _fits(pointer, wrong, other_wrong):
        return below
    explained = [key for key in wrong if any(_is_below(key, part) for part in below)]
    inside = [key for key in wrong if _is_below(key, pointer)]
    return below if len(below) == 1 and explained == inside else [pointer]
