"""The helpers of the rules' tests write the reports that they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.diagnostics.finding import Span
from tests.checks.rules.report_cases import (
    base_report_2019,
    check_case,
    check_written,
    extract_markers,
    report_yaml,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_markers_are_removed_and_give_their_spans() -> None:
    text, markers = extract_markers("甲: 1\n乙: {丙: ⟦22⟧, 丁: ⟦3⟧}\n")
    assert text == "甲: 1\n乙: {丙: 22, 丁: 3}\n"
    assert markers == (Span(2, 8, 2, 10), Span(2, 15, 2, 16))


def test_report_without_changes_has_no_findings(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, last={})
    assert outcome.checked.report is not None
    assert outcome.findings == ()


def test_change_of_a_cell_keeps_the_other_cells_of_its_row(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"行政复议": {"结果维持": 1}})
    line = next(line for line in outcome.checked.source.lines if "  行政复议:" in line)
    assert line == "  行政复议: {结果维持: 1, 结果纠正: 0, 其他结果: 0, 尚未审结: 0}"


def test_ambiguous_path_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="其他"):
        check_case(tmp_path, {"其他": {"自然人": 1}})


def test_report_of_the_2019_edition_has_no_findings(tmp_path: Path) -> None:
    outcome = check_written(tmp_path, report_yaml(base_report_2019()), name="2020")
    assert outcome.checked.report is not None
    assert outcome.checked.report.form.edition == 2019
    assert outcome.findings == ()
