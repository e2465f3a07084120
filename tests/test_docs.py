"""The documents say what is so: annotations, rule IDs, rooms, limits, links, the worked example."""

from __future__ import annotations

import ast
import copy
import importlib
import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from nianbao.model.schema import load_schema
from tests.support import schema_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LARGEST_IMAGE = 300_000


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def code() -> Iterator[Path]:
    yield from sorted((ROOT / "nianbao").rglob("*.py"))


# Links


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_links_and_pictures_lead_somewhere(file: Path) -> None:
    text = FENCED.sub("", file.read_text("utf-8"))
    text = re.sub(r"`[^`\n]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = unquote(target).partition("#")
        linked = file.parent / path if path else file
        assert linked.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", linked.read_text("utf-8"), re.MULTILINE)
            assert anchor in map(slug, headings), target


def test_pictures_are_shown_and_of_modest_size() -> None:
    shown = "".join(file.read_text("utf-8") for file in PAGES)
    for picture in (DOCS / "images").iterdir():
        assert picture.name in shown
        assert picture.stat().st_size < LARGEST_IMAGE


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_files_and_names_of_the_code_exist(file: Path) -> None:
    text = file.read_text("utf-8")
    for name in re.findall(r"`(nianbao/[\w/]+\.\w+)`", text):
        assert (ROOT / name).exists(), name
    for module, name in re.findall(r"`(nianbao(?:\.[a-z_]+)+)\.([A-Z]\w+)`", text):
        assert hasattr(importlib.import_module(module), name), name


# docs/schema.md


def keywords_of(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key.startswith("x-"):
                yield key
            else:
                yield from keywords_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from keywords_of(value)


def test_the_annotations_documented_are_those_in_use() -> None:
    documented = re.findall(r"^\| `(x-[a-z]+)` \|", page("schema.md"), re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == set(keywords_of(load_schema()))


def test_the_examples_of_annotations_are_json() -> None:
    rows = re.findall(r"^\| `x-[a-z]+` \|.*\| `(.+)` \|$", page("schema.md"), re.MULTILINE)
    assert len(rows) == len(set(keywords_of(load_schema())))
    for example in rows:
        json.loads(example)


def seed() -> dict[str, Any]:
    from nianbao.parsing.reader import read_source

    data = read_source(ROOT / "reports" / "2022.yaml", "2022.yaml").data
    assert isinstance(data, dict)
    return data


def test_the_worked_example_of_an_edition_checks_and_prints(tmp_path: Path) -> None:
    from nianbao.checks.structure import check_structure
    from nianbao.model.report import compile_report
    from nianbao.parsing.reader import parse_source
    from nianbao.rendering import render_report
    from nianbao.workspace.settings import Settings

    (example,) = re.findall(r"^```json\n(.*?)^```$", page("schema.md"), re.MULTILINE | re.DOTALL)
    addition = json.loads(example)
    schema = copy.deepcopy(load_schema())
    schema["properties"]["格式"] |= addition["格式"]
    schema["allOf"] += addition["allOf"]
    schema["$defs"] |= addition["$defs"]
    Draft202012Validator.check_schema(schema)
    text = (ROOT / "reports" / "2022.yaml").read_text("utf-8").replace("格式: 2021", "格式: 2026")
    rows = ["行政处罚: {本年决定件数: 2}", "行政强制: {本年决定件数: 0}"]
    rows += ["行政检查: {本年决定件数: 31}"]
    before, _, rest = text.partition("  第二十条第六项:\n")
    after = rest[rest.index("  第二十条第八项:") :]
    text = before + "  第二十条第六项:\n" + "".join(f"    {row}\n" for row in rows) + after
    with schema_in_use(schema, tmp_path):
        source = parse_source(text.encode(), "2026.yaml")
        form, findings = check_structure(source)
    assert [finding.message for finding in (*source.findings, *findings)] == []
    assert form is not None
    report, _ = compile_report(source, form)
    printed = render_report(report, "md", Settings(), tmp_path / "templates").decode()
    assert "| 信息内容 | 本年决定件数 |" in printed
    assert "| 行政检查 | 31 |" in printed


@pytest.mark.parametrize(
    ("value", "accepted"), [(7, True), (5.0, True), (5.5, False), (-1, False), ("５", False)]
)
def test_the_plain_library_sees_of_counts_what_the_page_says(value: object, accepted: bool) -> None:
    data = seed()
    data["收到和处理政府信息公开申请情况"]["本年新收"]["自然人"] = value
    assert Draft202012Validator(load_schema()).is_valid(data) is accepted


def test_a_fault_inside_makes_the_plain_library_speak_of_the_root_too() -> None:
    data = seed()
    data["收到和处理政府信息公开申请情况"]["本年新收"]["自然人"] = -1
    errors = list(Draft202012Validator(load_schema()).iter_errors(data))
    assert "unevaluatedProperties" in {e.validator for e in errors if not e.absolute_path}


# docs/findings.md


def test_the_findings_documented_are_those_of_the_code() -> None:
    rooms = [
        file
        for file in code()
        if "rules" not in file.relative_to(ROOT).parts and file.stem != "pages"
    ]
    used = {
        node.value
        for file in rooms
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[A-Z][0-9]{3}", node.value)
    }
    documented = re.findall(r"^\| ([A-Z][0-9]{3}) \|", page("findings.md"), re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == used


def test_the_program_says_of_a_structural_finding_what_the_page_says() -> None:
    from nianbao.checks.structure.pages import STRUCTURE_DOCS

    rows = re.findall(
        r"^\| ([A-Z][0-9]{3}) \| (.+?) \| (.+?) \|$", page("findings.md"), re.MULTILINE
    )
    reported = [(id_, *(text.replace("\\|", "|") for text in texts)) for id_, *texts in rows]
    assert reported == [(id_, *texts) for id_, texts in STRUCTURE_DOCS.items()]


def test_every_rule_that_a_page_names_exists() -> None:
    from nianbao.checks.rules import RULES

    structural = re.findall(r"^\| ([A-Z][0-9]{3}) \|", page("findings.md"), re.MULTILINE)
    known = {rule.id for rule in RULES} | set(structural)
    for file in (ROOT / "README.md", ROOT / "README.zh-CN.md", DOCS / "schema.md"):
        named = set(re.findall(r"\b[SAYPF][0-9]{3}\b", file.read_text("utf-8")))
        assert named <= known, file.name


def test_the_limits_documented_are_those_of_the_code() -> None:
    from nianbao.diagnostics.finding import MAX_FINDINGS
    from nianbao.model import prose
    from nianbao.model.schema import load_schema
    from nianbao.parsing.constructor import MAX_VALUES
    from nianbao.parsing.reader import MAX_BYTES, MAX_DEPTH
    from nianbao.rendering.pdf.printability import MAX_PRINTED_LINES

    text = page("findings.md")
    assert f"超过 {MAX_BYTES // 1024 // 1024} MB" in text
    assert f"超过 {MAX_DEPTH} 层" in text
    assert f"超过 {MAX_FINDINGS} 处" in text
    rows = re.findall(r"^\| .+ \| (.+) \| ([SF][0-9]{3}) \|$", page("writing.md"), re.MULTILINE)
    numbers = [
        (rule, [int(n.replace(",", "")) for n in re.findall(r"[0-9][0-9,]*", most)])
        for most, rule in rows
    ]
    assert numbers == [
        ("S002", [MAX_BYTES // 1024 // 1024]),
        ("S011", [MAX_VALUES]),
        ("S007", [MAX_DEPTH]),
        ("S105", [_definition("单行文字")["maxLength"]]),
        ("S105", [load_schema()["properties"]["豁免"]["maxItems"]]),
        ("S105", [load_schema()["properties"]["汇总"]["maxItems"]]),
        ("S202", [prose.MAX_CHARACTERS]),
        ("S202", [prose.MAX_MARKED_CHARACTERS, prose.MAX_LINES, prose.MAX_MARKS]),
        ("S202", [prose.MAX_COLUMNS, prose.MAX_CELLS]),
        ("S202", [prose.MAX_NESTING]),
        ("S202", [prose.MAX_LINE_MARKS]),
        ("F502", [MAX_PRINTED_LINES, 28, 110_000]),
    ]
    assert f"超过 {MAX_VALUES} 个" in text
    assert f"超过 {MAX_PRINTED_LINES} 行" in text
    assert all(sign in page("writing.md") for sign in prose.MARKS)


def _definition(name: str) -> dict[str, Any]:
    from nianbao.model.schema import load_schema

    definition: dict[str, Any] = load_schema()["$defs"][name]
    return definition


# docs/prose.md


def test_the_classes_of_words_documented_are_those_of_the_vocabulary() -> None:
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|", page("prose.md"), re.MULTILINE)
    documented = [name for row in rows for name in re.findall(r"`([a-z_]+)`", row)]
    vocabulary = ROOT / "nianbao" / "checks" / "claims" / "vocabulary.toml"
    assert sorted(documented) == sorted(tomllib.loads(vocabulary.read_text("utf-8")))


def test_every_module_that_reads_prose_is_documented() -> None:
    for module in (ROOT / "nianbao" / "checks" / "claims").rglob("[a-z]*.py"):
        assert module.name in page("prose.md")
