"""schema.json: usable without this program, and as the program reads it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from nianbao.model.form import load_form
from nianbao.model.schema import edition_of, edition_schema, editions, known_edition, load_schema
from nianbao.utils.resources import resource
from tests.parsing.fault_cases import FAULTS, Fault
from tests.support import ROOT, fixture_reports, schema_in_use

SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_bytes())
PLAIN = Draft202012Validator(SCHEMA)


def nodes(node: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every object of a JSON document, with its path."""
    if isinstance(node, dict):
        yield path, node
        for key, child in node.items():
            yield from nodes(child, f"{path}/{key}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from nodes(child, f"{path}/{number}")


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property with a description: those in a condition only test a value."""
    for path, node in nodes(SCHEMA):
        if "/if" not in path:
            for key, child in node.get("properties", {}).items():
                yield f"{path}/properties/{key}", child


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """Return a definition merged with the one it refers to; its own keywords win."""
    if "$ref" not in node:
        return node
    target: Any = SCHEMA
    for part in node["$ref"].removeprefix("#/").split("/"):
        target = target[part]
    return {**resolved(target), **node}


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every definition of a mapping, but those of editions, which the root closes."""
    for path, node in nodes(SCHEMA):
        if "properties" in node and "/if" not in path and not path.endswith("版"):
            yield path, node


# ── with the jsonschema library alone


def test_the_schema_is_valid_against_its_metaschema() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", fixture_reports())
def test_jsonschema_alone_accepts_the_sample_reports(name: str) -> None:
    data = yaml.safe_load(fixture_reports()[name].read_bytes())
    assert [error.message for error in PLAIN.iter_errors(data)] == []


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.structural], ids=lambda fault: fault.name
)
def test_jsonschema_alone_rejects_every_structural_fault(fault: Fault) -> None:
    data = yaml.safe_load(fault.content)
    assert not PLAIN.is_valid(data)


def test_a_date_that_does_not_exist_is_rejected_as_text() -> None:
    # A YAML loader may convert it to a date, or fail; as text the schema checks it.
    data = yaml.safe_load(fixture_reports()["2022"].read_bytes())
    for wrong in ("2023-02-29", "2023-04-31", "2023-13-01", "2023-1-1", "1900-02-29", ""):
        assert not PLAIN.is_valid({**data, "成文日期": wrong}), wrong
    for right in ("2024-02-29", "2000-02-29", "2023-12-31"):
        assert PLAIN.is_valid({**data, "成文日期": right}), right


def test_every_mapping_of_the_schema_is_closed() -> None:
    closed = {path: "additionalProperties" for path, _ in objects()}
    closed["#"] = "unevaluatedProperties"
    assert len(closed) > 20
    assert [path for path, node in objects() if node.get(closed[path]) is not False] == []


@pytest.mark.parametrize("name", fixture_reports())
def test_an_unknown_key_is_rejected_in_every_mapping_of_a_report(name: str) -> None:
    data = yaml.safe_load(fixture_reports()[name].read_bytes())
    mappings = [node for _, node in nodes(data)]
    assert len(mappings) > 30
    for mapping in mappings:
        mapping["没有的键"] = 0
        assert not PLAIN.is_valid(data)
        del mapping["没有的键"]
    assert PLAIN.is_valid(data)


def test_tables_of_the_other_edition_are_rejected() -> None:
    data = yaml.safe_load(fixture_reports()["2022"].read_bytes())
    assert not PLAIN.is_valid({**data, "格式": 2019})


# ── for people


def test_every_property_has_a_title_and_a_chinese_description() -> None:
    assert len(list(properties())) > 100
    for path, property_ in properties():
        node = resolved(property_)
        assert node["title"].strip() == node["title"] != "", path
        assert any("一" <= character <= "鿿" for character in node["description"]), path
        assert node["description"].endswith(("。", "）")), path


def test_titles_of_one_level_differ() -> None:
    for path, node in objects():
        titles = [resolved(child)["title"] for child in node["properties"].values()]
        assert len(titles) == len(set(titles)), path


# ── as the form


@pytest.mark.parametrize("edition", editions())
def test_every_row_and_column_but_totals_is_required(edition: int) -> None:
    form, schema = load_form(edition), edition_schema(edition)
    for section in form.sections:
        for row in section.rows:
            for depth in range(1, len(row.pointer)):
                total = row.total and depth == len(row.pointer) - 1
                assert schema.is_required(row.pointer[: depth + 1]) is not total
            for column in row.columns:
                assert schema.is_required((*row.pointer, column.key)) is not column.total


@pytest.mark.parametrize("edition", editions())
def test_the_six_sections_are_required(edition: int) -> None:
    form = load_form(edition)
    branch = next(b for b in SCHEMA["allOf"] if b["if"]["properties"]["格式"]["const"] == edition)
    assert resolved(branch["then"])["required"] == [s.key for s in form.sections]


def test_every_edition_has_its_branch() -> None:
    constants = [branch["if"]["properties"]["格式"]["const"] for branch in SCHEMA["allOf"]]
    assert constants == list(editions())


def test_every_reference_of_the_schema_is_inside_it() -> None:
    references = [node["$ref"] for _, node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)]
    assert references
    assert [name for name in references if not name.startswith("#/$defs/")] == []
    used = {name.removeprefix("#/$defs/") for name in references}
    assert used == set(SCHEMA["$defs"])


# ── in the program


def test_keywords_next_to_a_reference_win_over_its_target(tmp_path: Path) -> None:
    definitions = {"甲": {"title": "甲", "x": 1}, "乙": {"$ref": "#/$defs/甲", "title": "乙"}}
    properties = {"丙": {"$ref": "#/$defs/乙", "y": 2}}
    schema = {"$defs": definitions, "properties": properties, "allOf": []}
    with schema_in_use(schema, tmp_path):
        assert edition_schema(None).node_at(("丙",)) == {"title": "乙", "x": 1, "y": 2}


@pytest.mark.parametrize("edition", [None, *editions()])
def test_the_schema_of_an_edition_has_no_reference_and_no_condition(edition: int | None) -> None:
    schema = edition_schema(edition)
    assert not [path for path, node in nodes(schema.root) if node.keys() & {"$ref", "if", "allOf"}]
    assert set(SCHEMA["properties"]) <= set(schema.properties_at(()))


def test_a_pointer_that_the_form_does_not_have_has_no_definition() -> None:
    schema = edition_schema(2021)
    assert schema.node_at(("总体情况", "没有", 0, "标题")) == {}
    assert schema.node_at(("总体情况", 0)) == {}
    assert schema.properties_at(("没有",)) == {}


def test_the_properties_of_a_list_are_those_of_its_items() -> None:
    schema = edition_schema(2021)
    assert list(schema.properties_at(("总体情况", "补充"))) == ["标题", "正文"]
    assert list(schema.properties_at(("总体情况", "补充", 0))) == ["标题", "正文"]


@pytest.mark.parametrize(
    ("data", "edition"),
    [
        ({"格式": 2021}, 2021),
        ({"格式": 2021.0}, None),
        ({"格式": 2020}, None),
        ({}, None),
        ([], None),
    ],
)
def test_known_edition_needs_an_integer_that_the_schema_has(
    data: object, edition: int | None
) -> None:
    assert known_edition(data) == edition


def test_an_edition_is_in_force_until_the_next() -> None:
    found = {year: edition_of(year) for year in (2018, 2019, 2020, 2021, 2022)}
    assert found == {2018: None, 2019: 2019, 2020: 2019, 2021: 2021, 2022: 2021}


def test_the_schema_of_the_program_is_the_file_of_the_checkout() -> None:
    assert resource("schema.json") == ROOT / "schema.json"
    assert load_schema() == SCHEMA
