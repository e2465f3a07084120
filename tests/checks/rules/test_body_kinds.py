"""Kinds of bodies: those of the schema, and their deadlines."""

from __future__ import annotations

from datetime import date

import pytest

from nianbao.checks.rules.body_kinds import BODY_KINDS, body_kind_of, publication_deadline
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


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("示例市", "县级以上政府"),
        ("示例县人民政府", "县级以上政府"),
        ("示例镇人民政府", "乡镇街道"),
        ("示例县示例镇", "乡镇街道"),
        ("示例区示例街道", "乡镇街道"),
        ("示例市财政局", "县级以上部门"),
    ],
)
def test_a_place_alone_is_a_government_or_a_township(body: str, kind: str) -> None:
    assert body_kind_of(body).name == kind
