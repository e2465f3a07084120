"""json, gitlab and sarif: the exact documents, with hostile text escaped."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft7Validator

from nianbao.checks.catalog import finding_kinds
from nianbao.diagnostics.finding import FILE_START, Edit, Finding, Severity, Span
from nianbao.diagnostics.reporters import DOCUMENTS, ReportFormat, format_findings
from nianbao.diagnostics.reporters.fingerprints import fingerprints
from nianbao.utils.safe_json import only_ascii
from tests.diagnostics.reporters.samples import (
    ALL,
    ERROR,
    HOSTILE,
    HOSTILE_FINDING,
    LINES,
    PATH,
    WAIVED,
    WARNING,
    finding,
)
from tests.support import ROOT

SARIF_SCHEMA = ROOT.parent / "shared" / "reference" / "sarif-schema-2.1.0.json"
each_document = pytest.mark.parametrize("to", sorted(DOCUMENTS))


def document(to: ReportFormat, *findings: Finding) -> Any:
    return json.loads(format_findings(findings, LINES, to=to, kinds=finding_kinds()))


# All of them


@each_document
def test_control_characters_are_escaped(to: ReportFormat) -> None:
    output = format_findings([HOSTILE_FINDING], {}, to=to, kinds=finding_kinds())
    assert all(character.isprintable() or character == "\n" for character in output)
    assert not any(line.startswith("::") for line in output.split("\n"))
    assert "##[" not in output
    assert json.loads(output)


@each_document
def test_chinese_is_not_escaped(to: ReportFormat) -> None:
    assert "各项之和" in format_findings([ERROR], {}, to=to, kinds=finding_kinds())


@each_document
def test_a_file_name_with_surrogates_can_be_encoded(to: ReportFormat) -> None:
    output = format_findings(
        [finding(path="reports/\udcff.yaml")], {}, to=to, kinds=finding_kinds()
    )
    assert output.encode()


@each_document
def test_ascii_json_has_the_same_content(to: ReportFormat) -> None:
    output = format_findings([*ALL, finding(message="𠮷\xa0é")], {}, to=to, kinds=finding_kinds())
    narrow = only_ascii(output)
    assert narrow.isascii()
    assert json.loads(narrow) == json.loads(output)


# json


def test_json_has_all_fields_and_the_summary() -> None:
    assert document("json", ERROR, WAIVED) == {
        "findings": [
            {
                "rule": "A101",
                "severity": "error",
                "path": PATH,
                "line": 2,
                "column": 22,
                "end_line": 2,
                "end_column": 23,
                "pointer": "/收到和处理政府信息公开申请情况/本年新收/总计",
                "message": "“总计”是 3，各项之和是 2",
                "help": "改成 2",
                "waived": False,
                "fixable": False,
            },
            {
                "rule": "A103",
                "severity": "error",
                "path": PATH,
                "line": 2,
                "column": 22,
                "end_line": 2,
                "end_column": 23,
                "pointer": "/收到和处理政府信息公开申请情况/本年新收/总计",
                "message": "两边不等",
                "help": "改成 2",
                "waived": True,
                "fixable": False,
            },
        ],
        "summary": {"errors": 1, "warnings": 0, "infos": 0, "waived": 1},
    }


def test_json_preserves_every_character() -> None:
    (output,) = document("json", HOSTILE_FINDING)["findings"]
    assert (output["message"], output["help"]) == (HOSTILE, HOSTILE)
    assert output["path"] == f"reports/{HOSTILE}.yaml"


def test_a_pointer_is_escaped_by_rfc_6901() -> None:
    (output,) = document("json", finding(pointer=("a/b", "~", 0)))["findings"]
    assert output["pointer"] == "/a~1b/~0/0"


# gitlab


def test_gitlab_lists_findings_that_are_not_waived() -> None:
    first, *others = document("gitlab", *ALL)
    assert first == {
        "description": "“总计”是 3，各项之和是 2（改法：改成 2）",
        "check_name": "A101",
        "fingerprint": fingerprints(ALL)[0],
        "severity": "critical",
        "location": {"path": PATH, "lines": {"begin": 2}},
    }
    assert [item["check_name"] for item in others] == ["P301", "F417"]
    assert document("gitlab") == []


@pytest.mark.parametrize(
    ("rule", "severity", "expected"),
    [
        ("S103", Severity.ERROR, "blocker"),
        ("A101", Severity.ERROR, "critical"),
        ("P301", Severity.WARNING, "major"),
        ("W901", Severity.WARNING, "minor"),
        ("F413", Severity.INFO, "info"),
    ],
)
def test_gitlab_has_its_own_severities(rule: str, severity: Severity, expected: str) -> None:
    (output,) = document("gitlab", finding(rule, severity=severity))
    assert output["severity"] == expected


def test_a_fingerprint_stays_when_the_line_or_the_wording_changes() -> None:
    moved = finding(message="换了说法", span=Span.at(90, 1), help="", numbers=(4, 2))
    assert fingerprints([ERROR]) == fingerprints([moved])


@pytest.mark.parametrize(
    "changes",
    [{"path": "reports/2021.yaml"}, {"pointer": ("引言",)}, {"quote": "收到1条"}],
)
def test_another_pointer_or_quote_gives_another_fingerprint(changes: dict[str, Any]) -> None:
    assert fingerprints([ERROR]) != fingerprints([finding(**changes)])
    assert fingerprints([ERROR]) != fingerprints([finding("A102")])


def test_equal_findings_have_different_fingerprints() -> None:
    names = fingerprints([ERROR, ERROR, WARNING, ERROR])
    assert len(set(names)) == 4
    assert names[0] == fingerprints([ERROR])[0]


# sarif


def run_of(*findings: Finding) -> Any:
    (run,) = document("sarif", *findings)["runs"]
    return run


@pytest.mark.skipif(not SARIF_SCHEMA.exists(), reason="the SARIF schema is not available")
def test_sarif_is_valid_against_its_schema() -> None:
    schema = json.loads(SARIF_SCHEMA.read_text("utf-8"))
    beyond = finding(path="/elsewhere/甲 乙.yaml", span=FILE_START, pointer=())
    output = document("sarif", *ALL, HOSTILE_FINDING, beyond, finding("X999"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(output)] == []
    assert Draft7Validator(schema).is_valid(document("sarif"))


def test_a_sarif_result_has_message_location_and_level() -> None:
    first, second, third, _ = run_of(*ALL)["results"]
    index = [entry.id for entry in finding_kinds()].index("A101")
    assert first == {
        "ruleId": "A101",
        "ruleIndex": index,
        "level": "error",
        "message": {"text": "“总计”是 3，各项之和是 2\n改法：改成 2"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": "reports/%E6%9F%90%E5%B1%80/2022.yaml",
                    },
                    "region": {"startLine": 2, "startColumn": 22, "endLine": 2, "endColumn": 23},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": "/收到和处理政府信息公开申请情况/本年新收/总计"}
                ],
            }
        ],
        "partialFingerprints": {"finding/v1": fingerprints(ALL)[0]},
        "suppressions": [],
    }
    assert (second["level"], third["level"]) == ("warning", "note")


def test_a_sarif_result_has_the_edits_of_a_fixable_finding() -> None:
    edits = (Edit(Span.at(2, 3, 1), ","), Edit(Span(4, 1, 5, 2), "a\n"))
    fixable, other = document("sarif", replace(ERROR, edits=edits), WARNING)["runs"][0]["results"]
    (fix,) = fixable["fixes"]
    (changed,) = fix["artifactChanges"]
    assert (
        changed["artifactLocation"]
        == fixable["locations"][0]["physicalLocation"]["artifactLocation"]
    )
    region = {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 4}
    assert changed["replacements"][0] == {
        "deletedRegion": region,
        "insertedContent": {"text": ","},
    }
    assert changed["replacements"][1]["deletedRegion"]["endLine"] == 5
    assert "fixes" not in other


def test_waived_findings_are_suppressed_in_sarif() -> None:
    (result,) = run_of(WAIVED)["results"]
    assert result["suppressions"] == [{"kind": "inSource", "status": "accepted"}]


def test_sarif_counts_columns_in_code_points() -> None:
    assert run_of(ERROR)["columnKind"] == "unicodeCodePoints"


def test_sarif_lists_every_rule_with_its_documentation() -> None:
    rules = run_of()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [entry.id for entry in finding_kinds()]
    (balance,) = [rule for rule in rules if rule["id"] == "A103"]
    assert balance["shortDescription"]["text"].startswith("收办平衡")
    assert balance["help"]["markdown"].startswith("**为什么**：表三左上角")
    assert "不通过" in balance["help"]["text"]
    assert balance["defaultConfiguration"] == {"level": "error"}
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("reports/a b#c?d%e:f.yaml", "reports/a%20b%23c%3Fd%25e%3Af.yaml"),
        ("/tmp/甲.yaml", "file:///tmp/%E7%94%B2.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
    ],
)
def test_a_path_is_a_uri(path: str, uri: str) -> None:
    (result,) = run_of(finding(path=path))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": uri}
    assert unquote(uri).endswith(path)


def test_quoted_text_is_no_link_in_sarif() -> None:
    (result,) = run_of(finding(message="有没填的“[点这里](https://example.com)”"))["results"]
    assert "](" not in result["message"]["text"]


def test_hostile_text_is_sanitized_in_messages() -> None:
    (result,) = run_of(HOSTILE_FINDING)["results"]
    (quality,) = document("gitlab", HOSTILE_FINDING)
    for text in (result["message"]["text"].replace("\n", ""), quality["description"]):
        assert text.isprintable()
