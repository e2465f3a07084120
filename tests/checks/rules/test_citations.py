"""F: names and numbers of what is cited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.rules.report_cases import check_case

if TYPE_CHECKING:
    from pathlib import Path

FORM = "《中华人民共和国政府信息公开工作年度报告格式》"


def cited(folder: Path, text: str, year: int = 2022) -> list[tuple[str, str]]:
    """Return rule and severity of the findings about citations in an introduction."""
    outcome = check_case(folder, {"引言": text}, year=year, name=str(year))
    return [(f.rule, str(f.severity)) for f in outcome.findings if f.rule in ("F425", "F426")]


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        (
            f"根据国务院办公厅政务公开办公室关于印发{FORM}的通知（国办公开办函〔2021〕30号）编制。",
            [],
        ),
        ("根据国办公开办函〔2021〕60号编制。", ["warning"]),
        ("根据国办公开办函[2019]30号编制。", ["warning"]),
        ("根据国办公开办函〔２０２２〕３０号编制。", ["warning"]),
        (f"按照《国务院办公厅关于印发〈{FORM[1:-1]}〉的通知》（国办公开办函〔2021〕30号）。", []),
        (
            "根据《关于政府信息公开工作年度报告有关事项的通知》（国办公开办函〔2021〕30号）。",
            ["warning"],
        ),
        ("根据国办公开办函〔2019〕60号编制。", ["info"]),
        ("根据国办公开办函〔2019〕61号规范平台。", []),
        ("根据国办发〔2022〕30号开展工作。", []),
        ("根据《中华人民共和国政府信息公开条例》（国务院令第711号）编制。", []),
        ("根据《条例》和《政府信息公开条例》（中华人民共和国国务院令第771号）编制。", ["warning"]),
        ("根据《中华人民共和国政府信息公开条例》（国务院令第492号）编制。", ["info"]),
        ("修订前的《政府信息公开条例》（国务院令第492号）不再适用。", []),
        ("根据《中华人民共和国政府信息公开管理条例》编制。", ["info"]),
        ("根据《贵州省政府信息公开条例》编制。", []),
        ("根据《政府信息公开年度报告格式（试行）》编制。", ["info"]),
        (f"根据{FORM}编制。", []),
    ],
)
def test_a_citation_is_compared_with_what_exists(
    tmp_path: Path, text: str, severities: list[str]
) -> None:
    assert [severity for _, severity in cited(tmp_path, text)] == severities


def test_the_marked_number_is_reported(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"引言": "根据国办公开办函⟦〔2021〕60号⟧文件编制。"})
    assert outcome.reported == outcome.expected("F425")


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        (
            (
                "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政"
                "复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
            ),
            True,
        ),
        (
            (
                "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政"
                "复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分组成。"
            ),
            False,
        ),
        ("本报告包括总体情况、主动公开政府信息情况、存在的主要问题及改进情况等内容。", False),
        ("总体情况良好，由办公室组成专班。", False),
    ],
)
def test_an_introduction_names_the_sections_as_the_form_does(
    tmp_path: Path, text: str, reported: bool
) -> None:
    assert bool(cited(tmp_path, text)) == reported
