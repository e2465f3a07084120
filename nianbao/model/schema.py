"""Load schema.json, and make the schema of each edition of the form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from nianbao.utils.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Set

    from nianbao.diagnostics.finding import Pointer

Schema = dict[str, Any]
# The key of a report that says which units' figures its tables are the sum of.
SUM_KEY: Final = "汇总"
DIGEST_KEY: Final = "摘要"  # of the figures of a unit that the sum includes


@cache
def load_schema() -> Schema:
    """Return the content of schema.json, which covers all editions."""
    schema: Schema = json.loads(resource("schema.json").read_bytes())
    return schema


def editions() -> tuple[int, ...]:
    """Return the editions of the form, which are the values of 格式, newest first."""
    return tuple(load_schema()["properties"]["格式"]["enum"])


def edition_of(year: int) -> int | None:
    """Return the edition in force for a year, or None if there was none.

    An edition is identified by its first year in force.
    """
    return max((edition for edition in editions() if edition <= year), default=None)


def known_edition(data: object) -> int | None:
    """Return the value of 格式 in a report's data; None if there is no such edition."""
    edition = data.get("格式") if isinstance(data, dict) else None
    return edition if type(edition) is int and edition in editions() else None


@dataclass(frozen=True, slots=True, eq=False)
class EditionSchema:
    """The schema of one edition, without `$ref` or conditions.

    `root`: the definition of a whole report, with its properties in the form's order.
    """

    root: Schema

    def node_at(self, pointer: Pointer) -> Schema:
        """Return the definition of the value at a pointer.

        Return {} if the form has no such value.
        """
        node = self.root
        for part in pointer:
            if isinstance(part, int):
                node = node.get("items", {})
            else:
                node = node.get("properties", {}).get(part, {})
        return node

    def properties_at(self, pointer: Pointer) -> dict[str, Schema]:
        """Return the keys allowed in the mapping at a pointer, each with its value's definition.

        For a pointer to a list, return the keys of the list's items.
        """
        node = self.node_at(pointer)
        properties: dict[str, Schema] = node.get("items", node).get("properties", {})
        return properties

    def is_required(self, pointer: Pointer) -> bool:
        """Return True if the report must have the value at a pointer."""
        *above, key = pointer
        return isinstance(key, int) or key in self.node_at(tuple(above)).get("required", ())


@cache
def edition_schema(edition: int | None) -> EditionSchema:
    """Return the schema of an edition, for faster validation than with schema.json.

    `edition`: None for a schema with only the keys that all editions share.
    """
    # The result accepts the same reports as schema.json in a third of the time: with schema.json,
    # jsonschema would look up a reference at each use, and evaluate conditions twice for
    # `unevaluatedProperties`.
    schema = load_schema()
    branches = schema["allOf"]
    own = [b["then"] for b in branches if b["if"]["properties"]["格式"]["const"] == edition]
    branch = _expand(own[0], schema, {}) if own else {}
    # Order: shared keys up to the introduction, sections of the edition, the other shared keys.
    shared = list(schema["properties"].items())
    leads = [number for number, (_, node) in enumerate(shared, 1) if node.get("x-text") == "lead"]
    middle = leads[0] if leads else len(shared)
    root = {
        "type": "object",
        "properties": dict(shared[:middle]) | branch.get("properties", {}) | dict(shared[middle:]),
        "required": [*schema.get("required", ()), *branch.get("required", ())],
        "additionalProperties": False,
    }
    return EditionSchema(_expand(root, schema, {}))


def _expand(node: Any, schema: Schema, targets: dict[str, Schema]) -> Any:
    """Return a node with each `$ref` replaced by its target.

    A keyword next to a `$ref` overrides the same keyword of the target. `schema`: the whole schema,
    in which targets are looked up. `targets`: a cache of the expanded target of each reference,
    because most rows have the same target.
    """
    if isinstance(node, list):
        return [_expand(item, schema, targets) for item in node]
    if not isinstance(node, dict):
        return node
    own = {key: _expand(value, schema, targets) for key, value in node.items() if key != "$ref"}
    name = node.get("$ref")
    if name is None:
        return own
    if name not in targets:
        target: Any = schema
        for part in name.removeprefix("#/").split("/"):
            target = target[part]
        targets[name] = _expand(target, schema, targets)
    return {**targets[name], **own}


def members(node: Schema) -> dict[str, Schema]:
    """Return the keys that a mapping can have, each with the definition of its value.

    `node`: the definition of the mapping; for a cell, the keys are 数值 and 注.

    Return {} if `node` allows no mapping.
    """
    for option in (node, *node.get("anyOf", ())):
        if "properties" in option:
            properties: dict[str, Schema] = option["properties"]
            return properties
    return {}


def holds_cells(node: Schema) -> bool:
    """Return True if a definition describes a cell, or a mapping with cells at any depth."""
    return "x-cell" in node or any(map(holds_cells, node.get("properties", {}).values()))


def _form_fields() -> Iterator[tuple[str, Schema]]:
    """Yield every key of every edition, at any depth, with the definition of its value."""
    below = [edition_schema(edition).root for edition in editions()]
    while below:
        for key, node in members(below.pop()).items():
            yield key, node
            below.append(node.get("items", node))


@cache
def all_keys() -> frozenset[str]:
    """Return every key that a report of any edition can have, at any depth."""
    return frozenset(_keys(load_schema()))


@cache
def list_item_keys() -> frozenset[str]:
    """Return the keys that list items can have in any edition."""
    return frozenset(_keys(load_schema(), items_only=True))


@cache
def line_keys() -> frozenset[str]:
    """Return the keys whose value is a line of text or a list of lines.

    The keys of all editions are included.
    """
    return frozenset(
        key for key, node in _form_fields() if node.get("items", node).get("x-value") == "line"
    )


@cache
def prose_keys() -> frozenset[str]:
    """Return the keys whose value is prose at every place, in every edition."""
    found = {(key, node.get("x-value") == "prose") for key, node in _form_fields()}
    return frozenset(key for key, prose in found if prose and (key, False) not in found)


@cache
def required_columns() -> frozenset[frozenset[str]]:
    """Return, for each row of the form, the keys of its required columns.

    The rows of all editions are included. Rows with the same keys give one set.
    """

    def rows(node: Schema) -> Iterator[frozenset[str]]:
        children = node.get("properties", {})
        if any("x-cell" in child for child in children.values()):
            yield frozenset(node.get("required", ()))
        for child in children.values():
            yield from rows(child)

    return frozenset(row for edition in editions() for row in rows(edition_schema(edition).root))


def is_whole_row(keys: Set[str]) -> bool:
    """Return True if `keys` contain all required columns of at least one row."""
    return any(row <= keys for row in required_columns())


def _keys(node: Any, *, items_only: bool = False, in_items: bool = False) -> Iterator[str]:
    """Yield the keys that a part of the schema defines.

    `items_only`: yield only the keys of list items. `in_items`: True if `node` is part of the
    definition of a list item.
    """
    if isinstance(node, list):
        for value in node:
            yield from _keys(value, items_only=items_only, in_items=in_items)
    elif isinstance(node, dict):
        for keyword, value in node.items():
            if keyword == "properties" and (in_items or not items_only):
                yield from value
            yield from _keys(value, items_only=items_only, in_items=in_items or keyword == "items")
