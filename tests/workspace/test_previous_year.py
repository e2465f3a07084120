"""Y: which file is last year's report, and what is said where it can't be compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from nianbao.checks.checker import check_file
from nianbao.workspace.discovery import find_reports
from nianbao.workspace.settings import Settings
from tests.checks.rules.examples import base_report
from tests.checks.rules.report_cases import (
    Changes,
    changed,
    check_case,
    check_written,
    extract_markers,
    report_yaml,
)
from tests.support import write_repo

if TYPE_CHECKING:
    from pathlib import Path

# Two reports that add up and don't fit together; and a report of last year that fits.
NOW: Changes = {"上年结转": {"自然人": 2}, "结转下年度继续办理": {"自然人": 2}}
LAST: Changes = {"本年新收": {"自然人": 3}, "结转下年度继续办理": {"自然人": 3}}
SAME: Changes = {"本年新收": {"自然人": 2}, "结转下年度继续办理": {"自然人": 2}}


# ── which file is last year's


def test_a_gap_of_a_year_is_reported_at_the_year(tmp_path: Path) -> None:
    older = report_yaml(base_report(2019))
    (tmp_path / "2019.yaml").write_text(older, "utf-8")
    outcome = check_case(tmp_path, {"年度": "⟦2022⟧"})
    assert outcome.reported == outcome.expected("Y203")
    assert outcome.only().message == "没有上一年的报告 2021.yaml，跨年的核对没有做"


def test_the_first_report_of_a_folder_has_no_gap(tmp_path: Path) -> None:
    (tmp_path / "2023.yaml").write_text(report_yaml(base_report(2023)), "utf-8")
    (tmp_path / "说明2019.yaml").write_text(report_yaml(base_report(2019)), "utf-8")
    assert check_case(tmp_path).findings == ()


def test_a_year_forgotten_in_a_copied_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "2021.yaml").write_text(report_yaml(base_report(2021)), "utf-8")
    text, spots = extract_markers(report_yaml(changed(base_report(2021), {"年度": "⟦2021⟧"})))
    outcome = check_written(tmp_path, text, spots, "2022")
    assert outcome.reported == outcome.expected("Y203")
    assert outcome.only().message == "年度是 2021，文件名里是 2022，跨年的核对没有做"


@pytest.mark.parametrize("name", ["report", "第1稿", "12022号", "表格2019版", "2021-2022"])
def test_a_name_without_a_later_year_is_left_alone(tmp_path: Path, name: str) -> None:
    assert check_case(tmp_path, name=name).findings == ()


@pytest.mark.parametrize(
    ("name", "last_name"),
    [
        ("2022", "2021"),
        ("古县-2022", "古县-2021"),
        ("文旅局2022年报", "文旅局2021年报"),
        ("2022_v2022", "2021_v2021"),
        # An area code that contains the digits of the year is not the year.
        ("142022-2022", "142022-2021"),
        ("120221.2022", "120221.2021"),
    ],
)
def test_last_years_file_is_found_by_its_name(tmp_path: Path, name: str, last_name: str) -> None:
    outcome = check_case(tmp_path, NOW, LAST, name=name, last_name=last_name)
    assert outcome.rules == ["Y201"]
    assert f"（{last_name}.yaml）" in outcome.only().message


@pytest.mark.parametrize("last_name", ["2021", "新县-2021", "古县-2021-初稿", "古县2021"])
def test_the_file_of_another_body_is_not_last_years(tmp_path: Path, last_name: str) -> None:
    assert check_case(tmp_path, NOW, LAST, name="古县-2022", last_name=last_name).findings == ()


def test_folders_do_not_mix(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path,
        甲局__2022=report_yaml(changed(base_report(), NOW)),
        乙局__2022=report_yaml(changed(base_report(), NOW)),
        乙局__2021=report_yaml(changed(base_report(2021), SAME)),
        丙局__2021=report_yaml(changed(base_report(2021), LAST)),
        **{"2021": report_yaml(changed(base_report(2021), LAST))},
    )
    for file in find_reports(root, ()):
        assert check_file(file, Settings()).findings == (), file.shown


def test_older_reports_in_another_folder_make_no_gap(tmp_path: Path) -> None:
    root = write_repo(
        tmp_path, 甲局__2024=report_yaml(base_report(2024)), 乙局__2022=report_yaml(base_report())
    )
    for file in find_reports(root, ()):
        assert check_file(file, Settings()).findings == (), file.shown


# ── a report of last year that can't be used


@pytest.mark.parametrize(
    "broken", ["", "格式: 2021\n", "机关: ［", b"\xff\xfe\x00", "年度: 2021\n年度: 2021\n"]
)
def test_a_broken_report_of_last_year_is_reported_at_the_year(
    tmp_path: Path, broken: str | bytes
) -> None:
    raw = broken if isinstance(broken, bytes) else broken.encode()
    (tmp_path / "2021.yaml").write_bytes(raw)
    outcome = check_case(tmp_path, {"年度": "⟦2022⟧"})
    assert outcome.reported == outcome.expected("Y205")
    assert outcome.only().message == "2021.yaml 有错误，跨年的核对没有做"


@pytest.mark.parametrize("suffix", [".yml", ".YAML", ".YML"])
def test_last_years_file_may_have_another_suffix(tmp_path: Path, suffix: str) -> None:
    last = changed(base_report(2021), LAST)
    (tmp_path / f"2021{suffix}").write_text(report_yaml(last), "utf-8")
    outcome = check_case(tmp_path, NOW)
    assert "Y201" in {finding.rule for finding in outcome.findings}
    assert f"2021{suffix}" in outcome.findings[0].message


def test_a_folder_or_a_broken_link_as_last_years_file_is_reported(
    tmp_path: Path,
) -> None:
    (tmp_path / "2021.yaml").mkdir()
    outcome = check_case(tmp_path, {"年度": "⟦2022⟧"})
    assert outcome.reported == outcome.expected("Y205")
    (tmp_path / "2021.yaml").rmdir()
    (tmp_path / "2021.yaml").symlink_to("nowhere")
    assert check_case(tmp_path, {"年度": "⟦2022⟧"}).reported == outcome.reported


def test_a_broken_reference_in_last_years_prose_is_reported_too(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"年度": "⟦2022⟧"}, {"引言": "本年{{ 没有.这个 }}件。"})
    assert outcome.reported == outcome.expected("Y205")


def test_wrong_sums_of_last_year_are_that_reports_own_matter(tmp_path: Path) -> None:
    assert check_case(tmp_path, {}, {"行政复议": {"总计": 7}}).findings == ()


def test_last_years_file_of_another_year_is_reported_and_not_compared(tmp_path: Path) -> None:
    outcome = check_case(
        tmp_path, NOW | {"年度": "⟦2022⟧"}, LAST | {"年度": 2020, "机关": "示例县财政局"}
    )
    assert outcome.reported == outcome.expected("Y205")
    assert outcome.only().message == "2021.yaml 里的年度是 2020，不是 2021"
    assert outcome.only().numbers == (2020, 2021)


# ── the body


def test_another_body_than_last_year_is_reported_at_its_name(tmp_path: Path) -> None:
    outcome = check_case(tmp_path, {"机关": "⟦示例县民政和社会工作局⟧"}, {})
    assert outcome.reported == outcome.expected("Y204")
    assert outcome.only().message == (
        "机关是“示例县民政和社会工作局”，上一年是“示例县民政局”，请核实"
    )
