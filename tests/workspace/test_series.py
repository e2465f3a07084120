"""Grouping files of one unit into a series by the year in their names."""

from __future__ import annotations

from pathlib import Path

from nianbao.workspace.series import find_series


def test_files_that_differ_in_the_year_form_a_series() -> None:
    names = ("甲/2021.yml", "甲/2022.yaml", "乙/2021年报.yml", "乙/2022.yaml", "说明.yaml")
    found = find_series(Path(name) for name in names)
    assert [sorted(series.reports) for series in found] == [[2021, 2022], [2021], [2022]]
    assert found[0].path(2021) == Path("甲/2021.yml")
    assert found[0].path(2023) == Path("甲/2023.yaml")
    assert found[1].path(2023) == Path("乙/2023年报.yml")
    assert found[0].latest_before(2022) == 2021
    assert found[0].latest_before(2030) == 2022
    assert found[0].latest_before(2021) is None


def test_a_longer_number_that_contains_a_year_is_not_a_year() -> None:
    (series,) = find_series([Path("142022号-2021.yaml")])
    assert list(series.reports) == [2021]
    assert series.path(2022) == Path("142022号-2022.yaml")
