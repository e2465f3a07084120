"""schema.json: the form, fit to be used without this program."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from nianbao.model.form import load_form
from nianbao.model.schema import edition_properties, editions, load_schema, resolve
from nianbao.utils.resources import resource
from tests.parsing.fault_cases import FAULTS, Fault
from tests.support import ROOT, fixture_reports

SCHEMA: dict[str, Any] = json.loads((ROOT / "schema.json").read_bytes())
PLAIN = Draft202012Validator(SCHEMA)


def nodes(node: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the schema file, with its path."""
    if isinstance(node, dict):
        yield path, node
        for key, child in node.items():
            yield from nodes(child, f"{path}/{key}")
    elif isinstance(node, list):
        for number, child in enumerate(node):
            yield from nodes(child, f"{path}/{number}")


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that is described for people: those under a condition only test a value."""
    for path, node in nodes(SCHEMA):
        if "/if" not in path:
            for key, child in node.get("properties", {}).items():
                yield f"{path}/properties/{key}", child


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every description of a mapping, but the editions, which the root closes."""
    for path, node in nodes(SCHEMA):
        if "properties" in node and "/if" not in path and not path.endswith("版"):
            yield path, node


# ── with nothing but the jsonschema library


def test_the_schema_is_valid_against_its_metaschema() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", fixture_reports())
def test_a_stock_library_accepts_the_reports(name: str) -> None:
    data = yaml.safe_load(fixture_reports()[name].read_bytes())
    assert [error.message for error in PLAIN.iter_errors(data)] == []


@pytest.mark.parametrize(
    "fault", [fault for fault in FAULTS if fault.structural], ids=lambda fault: fault.name
)
def test_a_stock_library_rejects_every_structural_fault(fault: Fault) -> None:
    data = yaml.safe_load(fault.content)
    assert not PLAIN.is_valid(data)


def test_a_day_that_does_not_exist_is_rejected_as_text_too() -> None:
    # Plain YAML makes a date of it, or fails; as text it is the schema's to judge.
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
        node = resolve(property_, SCHEMA)
        assert node["title"].strip() == node["title"] != "", path
        assert any("一" <= character <= "鿿" for character in node["description"]), path
        assert node["description"].endswith(("。", "）")), path


def test_titles_along_one_level_differ() -> None:
    for path, node in objects():
        titles = [resolve(child, SCHEMA)["title"] for child in node["properties"].values()]
        assert len(titles) == len(set(titles)), path


# ── as the form


@pytest.mark.parametrize("edition", editions(SCHEMA))
def test_every_row_and_column_but_totals_is_required(edition: int) -> None:
    form = load_form(edition)

    def required(*pointer: str) -> set[str]:
        node: dict[str, Any] = {"properties": edition_properties(SCHEMA, edition)}
        for part in pointer:
            node = resolve(node["properties"][part], SCHEMA)
        return set(node["required"])

    for section in form.sections:
        for row in section.rows:
            keys = [str(part) for part in row.pointer]
            for depth in range(1, len(keys)):
                total = row.total and depth == len(keys) - 1
                assert (keys[depth] in required(*keys[:depth])) is not total
            for column in row.columns:
                assert (column.key in required(*keys)) is not column.total


@pytest.mark.parametrize("edition", editions(SCHEMA))
def test_the_six_sections_are_required(edition: int) -> None:
    form = load_form(edition)
    branch = next(b for b in SCHEMA["allOf"] if b["if"]["properties"]["格式"]["const"] == edition)
    assert resolve(branch["then"], SCHEMA)["required"] == [s.key for s in form.sections]


def test_every_edition_has_its_branch() -> None:
    constants = [branch["if"]["properties"]["格式"]["const"] for branch in SCHEMA["allOf"]]
    assert constants == list(editions(SCHEMA))


def test_no_reference_of_the_schema_leads_outside_of_it() -> None:
    references = [node["$ref"] for _, node in nodes(SCHEMA) if isinstance(node.get("$ref"), str)]
    assert references
    assert [name for name in references if not name.startswith("#/$defs/")] == []
    used = {name.removeprefix("#/$defs/") for name in references}
    assert used == set(SCHEMA["$defs"])


# ── in the program


def test_what_stands_beside_a_reference_wins_over_what_it_names() -> None:
    root = {"$defs": {"甲": {"title": "甲", "x": 1}, "乙": {"$ref": "#/$defs/甲", "title": "乙"}}}
    assert resolve({"$ref": "#/$defs/乙", "y": 2}, root) == {"title": "乙", "x": 1, "y": 2}


def test_the_schema_of_the_program_is_the_file_of_the_checkout() -> None:
    assert resource("schema.json") == ROOT / "schema.json"
    assert load_schema() == SCHEMA


def test_another_schema_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"title": "另一份"}', encoding="utf-8")
    assert load_schema(tmp_path / "s.json") == {"title": "另一份"}
