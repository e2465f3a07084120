"""A report that was read gets a place in reports/ and never leads out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.errors import UserError
from nianbao.importing.files import ReportPaths, clean_name, import_file
from nianbao.importing.importer import import_document
from nianbao.parsing.reader import read_source
from tests.importing.matching.documents import printed
from tests.support import SEED, write_repo

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.importing.importer import ImportedReport
    from nianbao.model.source import Source

SEED_TEXT = SEED.read_text("utf-8")
LAST = SEED_TEXT.replace("年度: 2022", "年度: 2021")


def _report(body: str = "古县文化和旅游局", year: int = 2023) -> ImportedReport:
    return replace(import_document(printed("2022")), body=body, year=year)


def _place(root: Path, report: ImportedReport) -> str:
    return ReportPaths(root).choose(report.body, report.year).relative_to(root).as_posix()


def test_it_lies_flat_where_the_reports_of_the_body_lie_flat(tmp_path: Path) -> None:
    assert _place(write_repo(tmp_path, **{"2022": SEED_TEXT}), _report()) == "reports/2023.yaml"


def test_it_lies_in_the_folder_of_the_body_whatever_the_folder_is_called(tmp_path: Path) -> None:
    other = SEED_TEXT.replace("机关: 古县文化和旅游局", "机关: 古县教育局")
    root = write_repo(tmp_path, jiaoyu__2022=other, wenlv__2022=SEED_TEXT)
    assert _place(root, _report()) == "reports/wenlv/2023.yaml"
    assert _place(root, _report("古县教育局")) == "reports/jiaoyu/2023.yaml"


def test_it_gets_a_folder_of_its_own_where_no_report_names_the_body(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED_TEXT})
    assert _place(root, _report("古县教育局")) == "reports/古县教育局/2023.yaml"


def test_a_new_body_lies_in_its_folder_of_the_roster(tmp_path: Path) -> None:
    root = write_repo(tmp_path, **{"2022": SEED_TEXT})
    unit = '[[单位]]\n编号 = "{}"\n名称 = "{}"\n'
    roster = [unit.format(".", "古县人民政府"), unit.format("古县/教育", "古县教育局")]
    roster.append(unit.format("古县/教育/本级", "古县教育局") + "上级 = '古县/教育'\n本级 = true\n")
    (root / "units.toml").write_text("".join(roster), "utf-8")
    assert _place(root, _report("古县教育局")) == "reports/古县/教育/2023.yaml"
    assert _place(root, _report("古县人民政府")) == "reports/2023.yaml"
    assert _place(root, _report("古县水利局")) == "reports/古县水利局/2023.yaml"


def test_the_reports_are_read_once_for_any_number_of_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"古县第{number}局" for number in range(5)]
    reports = {f"{name}__2022": SEED_TEXT.replace("古县文化和旅游局", name) for name in names}
    paths = ReportPaths(write_repo(tmp_path, **reports))
    read: list[str] = []

    def counted(path: Path, shown: str) -> Source:
        read.append(path.parent.name)
        return read_source(path, shown)

    monkeypatch.setattr("nianbao.importing.files.read_source", counted)
    for name in [*names, *names, "古县教育局"]:
        assert paths.choose(name, 2023) == tmp_path / "repo" / "reports" / name / "2023.yaml"
    assert sorted(read) == names


def test_an_empty_repository_gets_a_folder_of_the_body(tmp_path: Path) -> None:
    assert _place(tmp_path, _report()) == "reports/古县文化和旅游局/2023.yaml"
    (tmp_path / "reports").mkdir()
    assert _place(tmp_path, _report()) == "reports/古县文化和旅游局/2023.yaml"


def test_a_broken_report_in_the_repository_does_not_stop_it(tmp_path: Path) -> None:
    root = write_repo(tmp_path, a__2022="{", b__2022=SEED_TEXT)
    assert _place(root, _report()) == "reports/b/2023.yaml"


@pytest.mark.parametrize("year", [0, 2023])
def test_without_body_or_year_a_name_must_be_given(tmp_path: Path, year: int) -> None:
    report = _report("" if year else "古县教育局", year)
    with pytest.raises(UserError, match="用 -o 写出报告文件的名字"):
        _place(tmp_path, report)


HOSTILE = [
    "../../etc",
    "..",
    ".",
    "/",
    "/etc/passwd",
    "C:\\temp\\a",
    "a:b*c?d",
    "局\x00\x1b[31m\n",
    ".git",
    "~",
    "局" * 300,
    "a" * 300,
    " 局 ",
    "局.",
    "\u202e局",
    "..\\..\\局",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_no_name_of_a_body_leads_out_of_the_reports(body: str, tmp_path: Path) -> None:
    target = tmp_path / _place(tmp_path, _report(body))
    assert target.parent.parent == tmp_path / "reports"
    target.parent.mkdir(parents=True)
    target.write_text("x", "utf-8")
    assert target.resolve().parent.parent == (tmp_path / "reports").resolve()


@pytest.mark.parametrize("name", ["CON", "nul", "COM1", "aux"])
def test_a_name_that_windows_reserves_is_no_folder(name: str, tmp_path: Path) -> None:
    try:
        target = tmp_path / _place(tmp_path, _report(name))
    except UserError:
        return
    assert target.parent.name.lower() != name.lower()


@given(st.text(min_size=1, max_size=200))
def test_any_name_is_cleaned_to_one_part_of_a_path(text: str) -> None:
    name = clean_name(text)
    assert name == clean_name(name)
    assert 0 < len(name) <= 60
    assert not set('\\/:*?"<>|\x00\n\r') & set(name)
    assert name not in (".", "..")


def test_a_file_that_is_missing_or_a_folder_or_no_report_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    for name, message in (
        ("x.docx", "没有这个文件"),
        (".", "不是一个文件"),
        ("a.docx", "文件名：."),
    ):
        with pytest.raises(UserError, match=message) as error:
            import_file(tmp_path / name, "文件名")
        assert str(error.value).startswith("文件名：")
