"""Validate a report against the schema with the jsonschema library."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from nianbao.model.schema import Schema, edition_schema, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from nianbao.diagnostics.finding import Pointer

_UNKNOWN_KEY = ("additionalProperties", "unevaluatedProperties")
_LARGEST_PLAIN = 99999999  # far below the limit that the schema sets for any cell
# For each type of plain values: its name in JSON Schema, and the keywords that `_is_plain` knows.
_KEYWORDS: dict[type, tuple[str, frozenset[str]]] = {
    dict: ("object", frozenset({"type", "properties", "required", "additionalProperties"})),
    list: ("array", frozenset({"type", "items"})),
    str: ("string", frozenset({"type", "not", "minLength", "maxLength", "pattern"})),
    int: ("integer", frozenset({"type", "minimum", "maximum"})),
    type(None): ("null", frozenset({"type"})),
}


class ReportValidator:
    """Validates reports against a schema, faster than jsonschema and with the same errors."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def errors(self, data: Any) -> list[ValidationError]:
        """Return the errors of jsonschema in a report's data, in the order of jsonschema."""
        # Only values that the fast check does not accept are validated by jsonschema.
        return [] if _is_plain(data, self._schema) else list(self._validator.iter_errors(data))

    @cached_property
    def _validator(self) -> Validator:
        from jsonschema import Draft202012Validator
        from jsonschema.validators import extend

        check_properties: Any = Draft202012Validator.VALIDATORS["properties"]

        def skip_plain_members(
            validator: Validator, properties: Schema, instance: object, schema: Schema
        ) -> Iterator[ValidationError]:
            if type(instance) is dict:
                properties = {
                    key: node
                    for key, node in properties.items()
                    if key in instance and not _is_plain(instance[key], node)
                }
            yield from check_properties(validator, properties, instance, schema)

        fast_class = extend(Draft202012Validator, {"properties": skip_plain_members})  # type: ignore[no-untyped-call]
        validator: Validator = fast_class(self._schema)
        return validator


def _is_plain(value: object, node: Schema) -> bool:
    """Return True if a value is certainly valid; jsonschema has to decide about all others.

    `node`: the definition of the value. The result is True for numbers of usual size, for texts,
    and for lists and mappings of these; and only if all keywords of `node` are known here.
    """
    if "x-cell" in node:
        return type(value) is int and 0 <= value <= _LARGEST_PLAIN
    keywords = _restrictions(tuple(node))
    if keywords == {"enum"}:
        return (type(value), value) in [(type(each), each) for each in node["enum"]]
    name, known = _KEYWORDS.get(type(value), ("", frozenset()))
    if not keywords <= known or name not in node.get("type", (name,)):
        return False
    if isinstance(value, dict):
        return _has_plain_members(value, node)
    if isinstance(value, list):
        return all(_is_plain(each, node.get("items", {})) for each in value)
    if isinstance(value, str):
        return _is_plain_text(value, node)
    if isinstance(value, int):
        return bool(node.get("minimum", value) <= value <= node.get("maximum", value))
    return True


def _has_plain_members(value: dict[str, object], node: Schema) -> bool:
    """Return True if a mapping is certainly valid. `node`: its definition."""
    members = node.get("properties", {})
    for key, each in value.items():
        if key not in members or not _is_plain(each, members[key]):
            return False
    return all(map(value.__contains__, node.get("required", ())))


def _is_plain_text(text: str, node: Schema) -> bool:
    """Return True if a text is certainly valid. `node`: its definition."""
    excluded = node.get("not", {"type": ()})
    return (
        "string" not in excluded.get("type", "string")
        and node.get("minLength", 0) <= len(text) <= node.get("maxLength", len(text))
        and re.search(node.get("pattern", ""), text) is not None
    )


@cache
def _restrictions(keywords: tuple[str, ...]) -> frozenset[str]:
    """Return those keywords of a definition that are not only descriptions."""
    return frozenset(key for key in keywords if not key.startswith("x-")) - {"title", "description"}


@cache
def make_validator(edition: int | None) -> ReportValidator:
    """Return the validator for an edition of the form.

    `edition`: None to validate against the whole schema.json.
    """
    return ReportValidator(load_schema() if edition is None else edition_schema(edition).root)


def validate(data: Any, edition: int | None) -> list[ValidationError]:
    """Return the errors in a report's data.

    `edition`: the edition of the report; None to validate against the whole schema.json.
    """
    return make_validator(edition).errors(data)


def is_unknown_key_error(error: ValidationError) -> bool:
    """Return True if an error reports keys that the schema does not allow."""
    return error.validator in _UNKNOWN_KEY


def is_key_error(error: ValidationError) -> bool:
    """Return True if an error reports unknown or missing keys."""
    return is_unknown_key_error(error) or error.validator == "required"


def missing_key(error: ValidationError) -> str:
    """Return the missing key that an error of the keyword `required` reports."""
    # jsonschema makes an error for each missing key, and names the key only in the message.
    return re.sub(r"' is a required property\Z", "", error.message)[1:]


def unknown_keys(errors: list[ValidationError]) -> list[Pointer]:
    """Return the pointers of all unknown keys that the errors report."""
    return [
        (*error.absolute_path, key)
        for error in errors
        if is_unknown_key_error(error)
        for key in error.instance  # type: ignore[union-attr]
        if key not in error.schema.get("properties", {})  # type: ignore[union-attr]
    ]


def missing_keys(errors: list[ValidationError]) -> list[Pointer]:
    """Return the pointers of all missing keys that the errors report."""
    return [
        (*error.absolute_path, missing_key(error))
        for error in errors
        if error.validator == "required"
    ]
