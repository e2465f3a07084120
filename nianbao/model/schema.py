"""schema.json: where it lies, and its definitions with references followed."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from nianbao.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.diagnostics.finding import Pointer

Schema = dict[str, Any]


@cache
def load_schema(file: Path | None = None) -> Schema:
    """The national form as JSON Schema; without `file`, the one that comes with the program."""
    schema: Schema = json.loads((file or resource("schema.json")).read_bytes())
    return schema


def resolve(schema: Schema, root: Schema) -> Schema:
    """Follow `$ref` (local ones only); what stands beside a `$ref` wins over what it names."""
    while "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        rest = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
        schema = {**target, **rest}
    return schema


def editions(root: Schema) -> tuple[int, ...]:
    """The values of 格式 that the schema knows."""
    return tuple(root["properties"]["格式"]["enum"])


def edition_of(root: Schema, year: int) -> int | None:
    """The edition in force for the reports of a year; editions are named for their first year."""
    return max((edition for edition in editions(root) if edition <= year), default=None)


def edition_properties(root: Schema, edition: int) -> dict[str, Schema]:
    """All properties that a report of an edition may have, in the form's order, unresolved.

    Of those that every edition shares, what follows the introduction follows the sections.
    """
    shared = list(root["properties"].items())
    leads = [number for number, (_, node) in enumerate(shared, 1) if node.get("x-text") == "lead"]
    middle = leads[0] if leads else len(shared)
    properties = dict(shared[:middle])
    for branch in root["allOf"]:
        if branch["if"]["properties"]["格式"]["const"] == edition:
            properties |= resolve(branch["then"], root)["properties"]
    return properties | dict(shared[middle:])


def edition_schema(root: Schema, edition: int) -> Schema:
    """The schema of one edition alone, without a reference or a condition in it.

    It says the same as the whole schema does of a report of that edition, in a third of the time:
    the library looks references up at each use, and goes through conditions twice for
    `unevaluatedProperties`.
    """
    branches = [
        resolve(branch["then"], root)
        for branch in root["allOf"]
        if branch["if"]["properties"]["格式"]["const"] == edition
    ]
    properties = edition_properties(root, edition)
    required = [key for part in (root, *branches) for key in part.get("required", [])]
    flat = {"type": "object", "properties": properties, "required": required}
    expanded: Schema = _expand({**flat, "additionalProperties": False}, root, {})
    return expanded


def _expand(node: Any, root: Schema, done: dict[str, Schema]) -> Any:
    """A node without references; `done` holds what each has led to, which most rows share."""
    if isinstance(node, list):
        return [_expand(item, root, done) for item in node]
    if not isinstance(node, dict):
        return node
    own = {key: _expand(value, root, done) for key, value in node.items() if key != "$ref"}
    name = node.get("$ref")
    if name is None:
        return own
    if name not in done:
        done[name] = _expand(resolve({"$ref": name}, root), root, done)
    return {**done[name], **own}


@cache
def expanded_schema(edition: int, schema_file: Path | None = None) -> Schema:
    """What `edition_schema` gives of an edition, worked out once."""
    return edition_schema(load_schema(schema_file), edition)


def properties_at(root: Schema, edition: int, pointer: Pointer) -> dict[str, Schema]:
    """What may stand under a pointer of a report: the resolved properties, by key, in order."""
    properties = edition_properties(root, edition)
    for part in pointer:
        node = properties.get(part, {}) if isinstance(part, str) else {"properties": properties}
        node = resolve(node, root)
        properties = resolve(node.get("items", node), root).get("properties", {})
    return {key: resolve(node, root) for key, node in properties.items()}


@cache
def all_keys() -> frozenset[str]:
    """Every key that a report of any edition may have anywhere."""
    return frozenset(_keys(load_schema()))


@cache
def list_item_keys() -> frozenset[str]:
    """The keys that the items of lists may have."""
    return frozenset(_keys(load_schema(), of_items=True))


def _keys(node: Any, *, of_items: bool = False, inside: bool = False) -> Iterator[str]:
    """The properties defined in a part of the schema, or only those of what `items` defines."""
    if isinstance(node, list):
        for value in node:
            yield from _keys(value, of_items=of_items, inside=inside)
    elif isinstance(node, dict):
        for keyword, value in node.items():
            if keyword == "properties" and (inside or not of_items):
                yield from value
            deeper = inside or keyword == "items"
            yield from _keys(value, of_items=of_items, inside=deeper)
