"""The demonstration: a county of made-up units whose reports and site have no errors."""

import json
import subprocess
from pathlib import Path

import pytest

from demo.county import UNITS, YEARS, county_reports
from demo.repository import DemoError, make_demo, new_folder, report_file, write_repository
from tests.support import run_cli


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_folder(tmp_path_factory.mktemp("demo") / "county")
    write_repository(folder)
    return folder


def test_the_same_reports_are_made_every_time() -> None:
    reports = list(county_reports())
    assert reports == list(county_reports())
    assert len({unit.folder for unit, _, _ in reports}) == len(UNITS) == 12
    assert {year for _, year, _ in reports} == set(YEARS)


def test_every_report_says_that_it_is_made_up() -> None:
    assert [unit.name for unit, _, text in county_reports() if "都是编造的" not in text] == []


def test_only_late_reports_are_found_by_the_check(county: Path) -> None:
    done = run_cli(["check", "--format", "json"], county)
    assert done.returncode == 0
    assert {finding["rule"] for finding in json.loads(done.stdout)["findings"]} == {"F401"}


def test_each_year_is_committed_and_one_figure_is_corrected_later(county: Path) -> None:
    command = ["git", "log", "--reverse", "--date=short", "--format=%ad"]
    days = subprocess.run(command, cwd=county, check=True, capture_output=True, text=True).stdout
    assert days.split() == sorted([*(f"{year + 1}-03-01" for year in YEARS), "2025-05-12"])


@pytest.mark.slow
def test_the_site_has_a_page_for_each_report_and_lists_the_correction(tmp_path: Path) -> None:
    home = make_demo(new_folder(tmp_path / "demo"), ["html"])
    site = home.parent
    assert "虚构的青山县" in home.read_text("utf-8")
    for unit, year, _ in county_reports():
        page = report_file(tmp_path, unit.folder, year).relative_to(tmp_path / "reports")
        assert (site / page.with_suffix(".html")).is_file()
    changes = (site / "changes.html").read_text("utf-8")
    assert "2025-05-12" in changes or "2025年5月12日" in changes
    assert "行政许可" in changes


def test_only_an_earlier_demonstration_is_replaced(county: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(DemoError, match="有别的文件"):
        new_folder(tmp_path)
    assert (tmp_path / "letter.txt").read_text("utf-8") == "mine"
    assert list(new_folder(county).iterdir()) == []
