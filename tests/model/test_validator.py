"""The fast path of the validator changes no result of jsonschema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nianbao.model.schema import edition_schema
from nianbao.model.validator import validate
from tests.checks.claims.corpus import empty_report
from tests.strategies import EDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema import ValidationError

_DELETED = object()
_NUMBERS = st.sampled_from([-1, 0, 10**9, 10**13, 1.5, True, None, "/", "十"])
_OTHER_VALUES = st.sampled_from(
    [_DELETED, {}, [], {"数值": 3, "注": "甲"}, {"数值": -3}, {"奇": 1}]
)


def _pointers(data: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for key, value in data.items():
        yield (*above, key)
        if isinstance(value, dict):
            yield from _pointers(value, (*above, key))


def _summary(error: ValidationError) -> tuple[object, ...]:
    return list(error.absolute_path), list(error.absolute_schema_path), error.message


@pytest.mark.parametrize("edition", EDITIONS)
@given(data=st.data(), value=_NUMBERS | _OTHER_VALUES, added=st.booleans())
def test_the_errors_are_those_of_jsonschema_alone(
    edition: int, data: st.DataObject, value: object, added: bool
) -> None:
    report = empty_report(edition)
    *above, key = data.draw(st.sampled_from(sorted(_pointers(report))))
    parent: Any = report
    for part in above:
        parent = parent[part]
    if value is _DELETED:
        del parent[key]
    else:
        parent[f"{key}二" if added else key] = value
    alone = Draft202012Validator(edition_schema(edition).root)
    assert list(map(_summary, validate(report, edition))) == list(
        map(_summary, alone.iter_errors(report))
    )
