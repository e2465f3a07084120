"""Validate a report against the schema with the jsonschema library."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from nianbao.model.schema import Schema, edition_schema, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from nianbao.diagnostics.finding import Pointer

_UNKNOWN_KEY = ("additionalProperties", "unevaluatedProperties")
# The keywords of a row or a group of rows, all of which `_is_valid_row` respects.
_GROUP_KEYWORDS = frozenset({"type", "properties", "required", "additionalProperties"})
_LARGEST_PLAIN = 99999999  # far below the limit that the schema sets for any cell


class ReportValidator:
    """Validates reports with jsonschema, but checks rows of plain numbers itself, for speed."""

    def __init__(self, schema: Schema) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import extend

        keywords: dict[str, Any] = dict(Draft202012Validator.VALIDATORS)
        self._check_properties = keywords["properties"]
        self._other_keywords = keywords.keys() - _GROUP_KEYWORDS
        fast_class = extend(Draft202012Validator, {"properties": self.skip_valid_rows})  # type: ignore[no-untyped-call]
        self._validator: Validator = fast_class(schema)

    def errors(self, data: Any) -> list[ValidationError]:
        """Return the errors in a report's data: the same as jsonschema's, in the same order."""
        return list(self._validator.iter_errors(data))

    def skip_valid_rows(
        self, validator: Validator, properties: Schema, instance: object, schema: Schema
    ) -> Iterator[ValidationError]:
        """Replacement for jsonschema's function for the keyword `properties`: skip valid rows.

        Yield the errors in the members of `instance`. Nearly every row has only plain numbers;
        jsonschema would spend most of its time on such rows.
        """
        if type(instance) is dict:
            properties = {
                key: node
                for key, node in properties.items()
                if key in instance and not self._is_valid_row(instance[key], node)
            }
        errors: Iterator[ValidationError] = self._check_properties(
            validator, properties, instance, schema
        )
        return errors

    def _is_valid_row(self, value: object, node: Schema) -> bool:
        """Return True for a plain number in a cell, and for a row or group of only such numbers.

        `node`: the definition of the value. The result is True only if all required keys are
        present and `node` has no validating keywords except _GROUP_KEYWORDS.
        """
        if type(value) is not dict:
            return type(value) is int and 0 <= value <= _LARGEST_PLAIN and "x-cell" in node
        members = node.get("properties", {})
        for key, each in value.items():
            if key not in members or not self._is_valid_row(each, members[key]):
                return False
        return (
            node.get("type") == "object"
            and value.keys() >= set(node.get("required", ()))
            and self._other_keywords.isdisjoint(node)
        )


@cache
def make_validator(edition: int | None) -> ReportValidator:
    """Return the validator for an edition of the form.

    `edition`: None for a validator that uses the whole schema.json.
    """
    return ReportValidator(load_schema() if edition is None else edition_schema(edition).root)


def validate(data: Any, edition: int | None) -> list[ValidationError]:
    """Return the errors in a report's data. `edition`: None if the edition is unknown."""
    return make_validator(edition).errors(data)


def is_unknown_key_error(error: ValidationError) -> bool:
    """Return True if an error says that there are keys which the schema does not allow."""
    return error.validator in _UNKNOWN_KEY


def is_key_error(error: ValidationError) -> bool:
    """Return True if an error says that keys are unknown or missing."""
    return is_unknown_key_error(error) or error.validator == "required"


def missing_key(error: ValidationError) -> str:
    """Return the key that is missing according to an error of the keyword `required`."""
    # jsonschema makes an error for each missing key, and names the key only in the message.
    return re.sub(r"' is a required property\Z", "", error.message)[1:]


def unknown_keys(errors: list[ValidationError]) -> list[Pointer]:
    """Return the pointers of all keys that are unknown according to the errors."""
    return [
        (*error.absolute_path, key)
        for error in errors
        if is_unknown_key_error(error)
        for key in error.instance  # type: ignore[union-attr]
        if key not in error.schema.get("properties", {})  # type: ignore[union-attr]
    ]


def missing_keys(errors: list[ValidationError]) -> list[Pointer]:
    """Return the pointers of all keys that are missing according to the errors."""
    return [
        (*error.absolute_path, missing_key(error))
        for error in errors
        if error.validator == "required"
    ]
