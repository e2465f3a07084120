"""The jsonschema library's verdict on a report, and what its errors say of keys."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path  # noqa: TC003 - in a signature that @cache inspects
from typing import TYPE_CHECKING, Any

from nianbao.model.schema import Schema, expanded_schema, load_schema

if TYPE_CHECKING:
    from collections.abc import Set

    from jsonschema import ValidationError

    from nianbao.diagnostics.finding import Pointer

_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
# What the schema says of a row or of a group of rows.
_OF_GROUPS = frozenset({"type", "properties", "required", "additionalProperties"})
_PLAIN = 99999999  # far below what the schema allows in any cell


def validate(
    data: object, edition: int | None, schema_file: Path | None = None
) -> list[ValidationError]:
    """What a library finds wrong with a report of an edition; None where that is not known."""
    return list(make_validator(schema_file, edition).iter_errors(data))


def is_unknown_key_error(error: ValidationError) -> bool:
    """Whether an error is about keys that nobody knows."""
    return error.validator in _UNKNOWN


def is_key_error(error: ValidationError) -> bool:
    """Whether an error is about keys that are unknown or missing."""
    return is_unknown_key_error(error) or error.validator == "required"


def missing_key(error: ValidationError) -> str:
    """The key whose absence is the error."""
    # One error a missing property; the message of the library is the only place that names it.
    return re.sub(r"' is a required property\Z", "", error.message)[1:]


def unknown_keys(errors: list[ValidationError]) -> list[Pointer]:
    """The place of every key that is unknown."""
    return [
        (*error.absolute_path, key)
        for error in errors
        if is_unknown_key_error(error)
        for key in error.instance  # type: ignore[union-attr]
        if key not in error.schema.get("properties", {})  # type: ignore[union-attr]
    ]


def missing_keys(errors: list[ValidationError]) -> list[Pointer]:
    """The place of every key that is missing."""
    return [
        (*error.absolute_path, missing_key(error))
        for error in errors
        if error.validator == "required"
    ]


def node_at(pointer: Pointer, edition: int | None, schema_file: Path | None = None) -> Schema:
    """The definition of what stands at a pointer; empty where the form has nothing there."""
    node: Schema = make_validator(schema_file, edition).schema
    for part in pointer:
        node = node.get("properties", {}).get(part, {}) if isinstance(part, str) else node["items"]
    return node


def is_required(pointer: Pointer, edition: int | None, schema_file: Path | None = None) -> bool:
    """Whether the value at a pointer can't be left out."""
    *above, key = pointer
    return isinstance(key, int) or key in node_at(tuple(above), edition, schema_file).get(
        "required", []
    )


def holds_cells(node: Schema) -> bool:
    """Whether a part of the form is a cell, a row or a group of rows."""
    return "x-cell" in node or any(map(holds_cells, node.get("properties", {}).values()))


@cache
def make_validator(schema_file: Path | None, edition: int | None) -> Any:
    """The library's validator of one edition, or of the whole schema where it is not known."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    keywords = Draft202012Validator.VALIDATORS
    properties = keywords["properties"]
    judging = keywords.keys() - _OF_GROUPS

    def properties_in_doubt(validator: Any, members: Any, instance: Any, schema: Any) -> Any:
        # Nearly every row is of plain numbers, and most of the library's time would go to them.
        if type(instance) is dict:
            members = {
                key: node
                for key, node in members.items()
                if key in instance and not _is_valid_row(instance[key], node, judging)
            }
        return properties(validator, members, instance, schema)

    alone = expanded_schema(edition, schema_file) if edition is not None else None
    schema = alone or load_schema(schema_file)
    return extend(Draft202012Validator, {"properties": properties_in_doubt})(schema)  # type: ignore[no-untyped-call]


def _is_valid_row(value: object, node: Schema, judging: Set[str]) -> bool:
    """Whether a value can't but be right: a plain number in a cell of the form, or a row or group
    that has nothing but such ones, and all that it must have.

    `judging` are the keywords that may forbid more than those of a group do.
    """
    if type(value) is not dict:
        return type(value) is int and 0 <= value <= _PLAIN and "x-cell" in node
    members = node.get("properties", {})
    return (
        node.get("type") == "object"
        and all(
            key in members and _is_valid_row(each, members[key], judging)
            for key, each in value.items()
        )
        and all(key in value for key in node.get("required", ()))
        and judging.isdisjoint(node)
    )
