"""The fast path of the validator changes no result of jsonschema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nianbao.model.schema import edition_schema
from nianbao.model.validator import ReportValidator, validate
from tests.checks.claims.corpus import empty_report
from tests.strategies import EDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

    from nianbao.model.schema import Schema

_DELETED = object()
_TEXTS = st.sampled_from(
    ["", " ", "甲", "两\n行", "甲" * 2001, "2023-02-28", "2023-02-29", "2023-02-28\n", "国务院部门"]
)
_LISTS = st.sampled_from(
    [["甲"], [""], [{"标题": "甲", "正文": "乙"}], [{"标题": "甲", "奇": "乙"}], [3], [None]]
)
_NUMBERS = st.sampled_from([-1, 0, 10**9, 10**13, 1.5, True, None, "/", "十"])
_OTHER_VALUES = st.sampled_from(
    [_DELETED, {}, [], {"数值": 3, "注": "甲"}, {"数值": -3}, {"奇": 1}]
)


def _pointers(node: Schema, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, member in node.get("properties", {}).items():
        yield (*above, key)
        yield from _pointers(member, (*above, key))


def _summary(error: ValidationError) -> tuple[object, ...]:
    return list(error.absolute_path), list(error.absolute_schema_path), error.message


@pytest.mark.parametrize("edition", EDITIONS)
@given(data=st.data(), value=_NUMBERS | _OTHER_VALUES | _TEXTS | _LISTS, added=st.booleans())
def test_the_errors_are_those_of_jsonschema_alone(
    edition: int, data: st.DataObject, value: object, added: bool
) -> None:
    report = empty_report(edition)
    *above, key = data.draw(st.sampled_from(sorted(_pointers(edition_schema(edition).root))))
    parent: Any = report
    for part in above:
        parent = parent.setdefault(part, {})
    if value is _DELETED:
        parent.pop(key, None)
    else:
        parent[f"{key}二" if added else key] = value
    alone = Draft202012Validator(edition_schema(edition).root)
    assert list(map(_summary, validate(report, edition))) == list(
        map(_summary, alone.iter_errors(report))
    )


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ({"type": "string"}, 1),
        ({"type": ["string", "null"]}, 1),
        ({"type": "integer"}, True),
        ({"type": "string", "minLength": 1}, ""),
        ({"type": "string", "maxLength": 1}, "ab"),
        ({"type": "string", "pattern": "^b"}, "ab"),
        ({"type": "string", "const": "b"}, "a"),
        ({"not": {"type": ["null", "string"]}}, "a"),
        ({"not": {"minLength": 1}}, "a"),
        ({"type": "integer", "minimum": 1}, 0),
        ({"type": "integer", "maximum": 1}, 2),
        ({"type": "integer", "multipleOf": 2}, 1),
        ({"enum": [1, 2]}, True),
        ({"enum": [1, 2], "const": 1}, 2),
        ({"type": "array", "items": {"type": "string"}}, ["a", 1]),
        ({"type": "array", "maxItems": 1}, [1, 2]),
        ({"type": "object", "additionalProperties": False}, {"a": 1}),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": 1}),
        ({"type": "object", "required": ["a"]}, {}),
        ({"type": "object", "maxProperties": 0}, {"a": 1}),
        ({"x-cell": "count", "type": "integer", "minimum": 0}, -1),
    ],
)
def test_no_keyword_is_passed_over(definition: Schema, value: object) -> None:
    """Another schema may use keywords in ways in which ours does not."""
    for schema, data in (
        (definition, value),
        ({"type": "object", "properties": {"a": definition}}, {"a": value}),
    ):
        alone = list(map(_summary, Draft202012Validator(schema).iter_errors(data)))
        assert alone
        assert list(map(_summary, ReportValidator(schema).errors(data))) == alone
