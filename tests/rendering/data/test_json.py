"""The data of a report as JSON, and the JSON Schema of it that is published."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from nianbao.model.report import value_at
from nianbao.rendering.data.json import json_schema, render_json
from tests.rendering.pdf.test_archive import attached
from tests.rendering.rendered_reports import NAMES, built, changed, compiled
from tests.strategies import reports, write_yaml
from tests.support import ROOT

PUBLISHED = ROOT / "docs" / "data.schema.json"
VALIDATOR = Draft202012Validator(json.loads(json_schema()))
NEW = ("收到和处理政府信息公开申请情况", "本年新收")


def test_the_published_schema_is_that_of_schema_json() -> None:
    """`python build.py schema --data -o docs/data.schema.json` writes it."""
    assert PUBLISHED.read_bytes() == json_schema()
    Draft202012Validator.check_schema(json.loads(json_schema()))


@pytest.mark.parametrize("name", NAMES)
def test_the_json_is_the_attachment_of_the_pdf_byte_for_byte(name: str) -> None:
    assert attached(built(name).pdf)["report.json"][2] == render_json(built(name).report)


@settings(max_examples=20, deadline=None)
@given(reports())
def test_every_report_gives_json_with_all_cells_that_keeps_to_the_schema(data: Any) -> None:
    report = compiled(write_yaml(data))
    read = json.loads(render_json(report))
    assert not list(VALIDATOR.iter_errors(read))
    for pointer, value in report.values.items():
        cell = value_at(read, pointer)
        number = cell["数值"] if isinstance(cell, dict) else cell
        assert number == ("/" if value.number is None else float(value.number))


def test_a_total_that_is_missing_is_no_data() -> None:
    data = json.loads(render_json(compiled(changed(2021, {}))))
    assert VALIDATOR.is_valid(data)
    for above in (NEW, ("行政复议行政诉讼情况", "行政复议"), (NEW[0], "本年度办理结果")):
        incomplete = copy.deepcopy(data)
        del value_at(incomplete, above)["总计"]
        assert not VALIDATOR.is_valid(incomplete)


def test_nought_not_applicable_and_blank_differ() -> None:
    data = json.loads(render_json(compiled(changed(2021, {(*NEW, "其他"): "/"}))))
    assert value_at(data, (*NEW, "其他")) == "/"
    assert value_at(data, (*NEW, "科研机构")) == 0
    value_at(data, NEW)["科研机构"] = None
    assert not VALIDATOR.is_valid(data)
