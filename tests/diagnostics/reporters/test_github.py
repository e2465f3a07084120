"""github: workflow commands, escaped so that no text of a report becomes a command."""

from __future__ import annotations

import re

import pytest

from nianbao.diagnostics.finding import Severity, Span
from nianbao.diagnostics.reporters import format_findings
from nianbao.diagnostics.reporters.github import protect_commands, workflow_commands
from tests.diagnostics.reporters.samples import ALL, HOSTILE_FINDING, LINES, finding

COMMAND = re.compile(r"::(error|warning|notice) ([^:\s]*(?: [^:\s]*)*)::([^\r\n]*)")


def test_each_finding_is_a_command_and_the_counts_come_last() -> None:
    assert format_findings(ALL, LINES, to="github").split("\n") == [
        (
            "::error file=reports/某局/2022.yaml,line=2,endLine=2,col=22,endColumn=23,title=A101"
            "::“总计”是 3，各项之和是 2%0A改法：改成 2"
        ),
        (
            "::warning file=reports/某局/2022.yaml,line=3,endLine=3,col=15,endColumn=16,title=P301"
            "::正文说“收到1条”，表里是 0%0A改法：核对后改正文或改表"
        ),
        # GitHub refuses columns for a span of several lines.
        "::notice file=reports/某局/2022.yaml,line=2,endLine=3,title=F417::没有写",
        "1 个错误，1 个警告，1 个提示，1 个已豁免",
    ]


def test_without_findings_there_are_only_the_counts() -> None:
    assert format_findings([], {}, to="github") == "没有发现问题"


@pytest.mark.parametrize(
    ("path", "escaped"),
    [
        ("reports/a,b:c%d.yaml", "reports/a%2Cb%3Ac%25d.yaml"),
        ("reports/甲 乙.yaml", "reports/甲 乙.yaml"),
        ("reports/a\nb.yaml", "reports/a b.yaml"),
    ],
)
def test_a_path_is_escaped_as_a_property(path: str, escaped: str) -> None:
    (command,) = workflow_commands([finding(path=path)])
    assert f" file={escaped},line=" in command


def test_a_message_keeps_its_colons_and_commas_and_escapes_percent() -> None:
    (command,) = workflow_commands([finding(message="100%，a:b,c::d%0A", help="")])
    assert command.endswith("title=A101::100%25，a:b,c::d%250A")


def test_an_empty_span_has_an_end() -> None:
    (command,) = workflow_commands([finding(span=Span(1, 1, 1, 1))])
    assert ",line=1,endLine=1,col=1,endColumn=1," in command


@pytest.mark.parametrize("severity", Severity)
def test_hostile_text_stays_inside_its_command(severity: Severity) -> None:
    output = format_findings([finding(severity=severity), HOSTILE_FINDING], {}, to="github")
    lines = output.split("\n")
    assert len(lines) == 3
    assert all(COMMAND.fullmatch(line) for line in lines[:-1])
    assert all(character.isprintable() or character == "\n" for character in output)


def test_protected_text_is_between_stop_and_token() -> None:
    assert "".join(protect_commands(["甲\n##[add-", "mask]乙"], "token")) == (
        "::stop-commands::token\n甲\n##[add-mask]乙\n::token::"
    )
