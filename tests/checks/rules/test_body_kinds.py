"""Kinds of bodies: those of the schema, and their deadlines."""

from __future__ import annotations

from datetime import date

import pytest

from nianbao.checks.rules.body_kinds import BODY_KINDS, publication_deadline
from nianbao.model.schema import load_schema


def test_kinds_are_those_of_the_schema() -> None:
    assert sorted(BODY_KINDS) == sorted(load_schema()["properties"]["机关类型"]["enum"])


@pytest.mark.parametrize(
    ("kind", "configured", "deadline"),
    [
        ("县级以上部门", "", date(2023, 1, 31)),
        ("县级以上政府", "", date(2023, 3, 31)),
        ("县级以上政府", "02-15", date(2023, 2, 15)),
        ("乡镇街道", "", None),
        ("乡镇街道", "02-15", date(2023, 2, 15)),
        ("国务院部门", "无", None),
    ],
)
def test_configured_deadline_overrides_that_of_the_kind(
    kind: str, configured: str, deadline: date | None
) -> None:
    assert publication_deadline(2022, BODY_KINDS[kind], configured) == deadline
