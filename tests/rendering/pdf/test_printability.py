"""F502: more text than a PDF is made of, reported in its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from nianbao.rendering.pdf.printability import MAX_PRINTED_LINES, find_unprintable
from tests.parsing.fault_cases import change, seed
from tests.rendering.rendered_reports import compiled
from tests.support import run_cli, write_repo

if TYPE_CHECKING:
    from pathlib import Path

LEAD = "引言: |\n"


def with_lead(text: str) -> str:
    return change(seed(), LEAD, LEAD + "".join(f"  {line}\n" for line in text.split("\n")))


@pytest.mark.parametrize(
    "text",
    [
        "政府信息公开工作" * 9000,  # over 200 kB in one paragraph
        "\n".join(["Information is open to all. " * 40] * 180),  # over 200 kB of ASCII
        "\n".join(["一"] * 3800),
    ],
)
def test_two_hundred_kilobytes_of_prose_can_be_printed(text: str) -> None:
    assert list(find_unprintable(compiled(with_lead(text)))) == []


@pytest.mark.parametrize(
    "text", ["甲" * 28 * MAX_PRINTED_LINES, "\n".join("甲" * MAX_PRINTED_LINES)]
)
def test_more_lines_than_the_limit_are_one_finding_at_their_text(text: str) -> None:
    (finding,) = find_unprintable(compiled(with_lead(text)))
    assert (finding.rule, finding.pointer) == ("F502", ("引言",))
    assert f"最多印 {MAX_PRINTED_LINES} 行" in finding.message


def test_a_report_that_is_too_long_for_a_pdf_has_a_web_page_and_markdown(tmp_path: Path) -> None:
    root = write_repo(tmp_path, report=with_lead("甲" * 28 * MAX_PRINTED_LINES))
    done = run_cli(["build"], root)
    assert done.returncode == 1
    assert done.stdout.count("错误 F502") == 1
    assert sorted(file.suffix for file in (root / "output").iterdir()) == [".html", ".md"]
    checked = run_cli(["check", "--format", "json"], root)
    findings = json.loads(checked.stdout)["findings"]
    assert checked.returncode == 0
    assert [f["severity"] for f in findings if f["rule"] == "F502"] == ["warning"]
