"""The data of many reports: files that agree with each other and with the tables of the form."""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from nianbao.errors import UserError
from nianbao.model.form import load_form
from nianbao.model.schema import editions
from nianbao.rendering.data.fields import cell_fields, data_tables, status_of, wide_text
from tests.rendering.data.datasets import (
    HOSTILE,
    NEW,
    REQUESTS,
    fixture_records,
    hostile_record,
    read_csv,
    write_dataset,
)
from tests.rendering.rendered_reports import NAMES, built
from tests.support import run_python

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.rendering.data.records import DataRecord

OFFICE = shutil.which("soffice")
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def records() -> list[DataRecord]:
    return [*fixture_records(), hostile_record()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of reports of both editions, one of them with hostile texts."""
    path = tmp_path_factory.mktemp("data")
    write_dataset(path, records())
    return path


def query(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "data.sqlite")) as connection:
        return connection.execute(statement).fetchall()


def test_the_long_table_has_a_line_for_each_cell_of_each_report(folder: Path) -> None:
    found = read_csv(folder / "cells.csv")
    expected = [
        (record.report, record.body, str(record.year), field.path, status_of(value), value.note)
        for record in records()
        for field, value in zip(cell_fields(load_form(record.edition)), record.values, strict=True)
    ]
    columns = ("报告", "机关", "年度", "路径", "状态", "注")
    assert [tuple(line[name] for name in columns) for line in found] == expected
    assert query(folder, f"SELECT {', '.join(columns)} FROM cells") == [
        (*line[:2], int(line[2]), *line[3:5], line[5] or None) for line in expected
    ]


def test_every_table_has_the_columns_of_its_edition_and_the_reports_of_its_edition_alone(
    folder: Path,
) -> None:
    for edition in editions():
        of_edition = [each for each in records() if each.edition == edition]
        assert of_edition
        for table in data_tables(load_form(edition)):
            found = read_csv(folder / f"{table.name}.csv")
            view = f"table_{table.name.replace('-', '_')}"
            rows = query(folder, f"SELECT * FROM {view}")
            expected = [dict(each.values_by_table())[table.name] for each in of_edition]
            for line, row, record, values in zip(found, rows, of_edition, expected, strict=True):
                assert list(line) == ["报告", "机关", "年度", *(f.name for f in table.fields)]
                texts = list(map(wide_text, values))
                assert list(line.values()) == [
                    *(record.report, record.body, str(record.year)),
                    *texts,
                ]
                numbers = [value.number if value.number is not None else "/" for value in values]
                assert list(row[:3]) == [record.report, record.body, record.year]
                assert list(row[3:]) == [n if n == "/" else float(n) for n in numbers]


def test_the_dictionary_names_each_cell_once_and_says_where_it_is(folder: Path) -> None:
    found = read_csv(folder / "dictionary.csv")
    keys = [(line["格式"], line["路径"]) for line in found]
    cells = [len(row.columns) for edition in editions() for row in load_form(edition).rows]
    assert len(keys) == len(set(keys)) == sum(cells)
    for line in found:
        head = (folder / f"{line['表名']}.csv").read_text("utf-8-sig").splitlines()[0]
        assert line["字段"] in head.split(",")
        assert line["说明"]
    totals = {line["路径"] for line in found if line["总计"] == "1"}
    assert f"{REQUESTS}.本年新收.总计" in totals
    assert f"{REQUESTS}.本年度办理结果.总计.自然人" in totals
    assert f"{REQUESTS}.本年新收.自然人" not in totals


def test_sql_adds_up_the_totals_of_the_form(folder: Path) -> None:
    wrong = query(
        folder,
        """
        SELECT c.报告, c.行, sum(CASE 总计 WHEN 0 THEN 数值 END) AS parts,
               sum(CASE 总计 WHEN 1 THEN 数值 END) AS total, count(*)
        FROM cells AS c JOIN dictionary AS d USING (格式, 路径)
        WHERE c.表 LIKE '三、%' AND c.行 NOT LIKE '%总计' AND c.报告 NOT LIKE '=%'
        GROUP BY c.报告, c.行 HAVING parts <> total OR count(*) <> 7
        """,
    )
    assert wrong == []
    rows = "SELECT DISTINCT 报告, 行 FROM cells WHERE 表 LIKE '三、%' AND 行 NOT LIKE '%总计'"
    assert len(query(folder, rows)) > 60


def test_frictionless_finds_nothing_in_the_package(folder: Path) -> None:
    code = (
        "import sys; from frictionless import validate; report = validate(sys.argv[1]);"
        "print(report.valid, len(report.tasks), report.flatten(['type', 'message'])[:3])"
    )
    done = run_python(code, folder, str(folder / "datapackage.json"))
    files = len(list(folder.iterdir())) - 1
    assert done.stdout == f"True {files} []\n", done.stdout + done.stderr


def test_frictionless_sees_a_line_that_belongs_to_no_report(folder: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "reports.csv").write_text(
        "\r\n".join((folder / "reports.csv").read_text("utf-8").split("\r\n")[:-2]) + "\r\n",
        "utf-8",
    )
    code = "import sys; from frictionless import validate; print(validate(sys.argv[1]).valid)"
    assert run_python(code, tmp_path, str(broken / "datapackage.json")).stdout == "False\n"


def test_the_package_has_types_and_no_licence(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_bytes())
    assert "licenses" not in package
    schemas = {each["name"]: each["schema"] for each in package["resources"] if "schema" in each}
    types = {f["name"]: f["type"] for f in schemas["reports"]["fields"]}
    assert (types["年度"], types["成文日期"]) == ("integer", "date")
    assert schemas["2021-3"]["missingValues"] == ["", "/"]
    assert schemas["cells"]["missingValues"] == [""]


# The workbook


def sheet_texts(folder: Path) -> dict[str, list[list[tuple[str, str]]]]:
    """Type and text of each cell of each sheet, by the XML of the workbook."""
    found = {}
    with zipfile.ZipFile(folder / "data.xlsx") as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
        names = [each.get("name") for each in book.iter(f"{SPREADSHEET}sheet")]
        for number, name in enumerate(names, 1):
            sheet = etree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            found[str(name)] = [
                [
                    (cell.get("t") or "n", "".join(map(str, cell.itertext())))
                    for cell in row.iter(f"{SPREADSHEET}c")
                ]
                for row in sheet.iter(f"{SPREADSHEET}row")
            ]
    return found


def test_texts_are_never_formulas_or_links_in_the_workbook(folder: Path) -> None:
    with zipfile.ZipFile(folder / "data.xlsx") as archive:
        for name in archive.namelist():
            xml = archive.read(name)
            assert b"<f>" not in xml
            assert b"<hyperlink" not in xml
            assert b"officeDocument/2006/relationships/hyperlink" not in xml
    sheets = sheet_texts(folder)
    notes = [row[-1] for row in sheets["注"] if row[0][1] == "=2+3/2025"]
    assert {("inlineStr", note) for note in HOSTILE[: len(NEW)]} <= set(notes)
    assert ("inlineStr", "=1+1") in [cell for row in sheets["报告"] for cell in row]


def test_a_text_that_looks_like_a_formula_stays_a_text_when_its_cell_is_edited(
    folder: Path,
) -> None:
    with zipfile.ZipFile(folder / "data.xlsx") as archive:
        styles = etree.fromstring(archive.read("xl/styles.xml"))
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    (formats,) = styles.iter(f"{SPREADSHEET}cellXfs")
    quoted = [each.get("quotePrefix") == "1" for each in formats]
    found = {
        "".join(map(str, cell.itertext())): quoted[int(cell.get("s") or 0)]
        for cell in sheet.iter(f"{SPREADSHEET}c")
    }
    assert (found["=1+1"], found["@SUM(A1)"], found["=2+3/2025"]) == (True, True, True)
    assert found["古县文化和旅游局"] is False


def test_only_sheets_of_editions_without_reports_are_hidden(tmp_path: Path) -> None:
    write_dataset(tmp_path, [record for record in records() if record.edition == 2021], ["xlsx"])
    with zipfile.ZipFile(tmp_path / "data.xlsx") as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
    states = {str(each.get("name")): each.get("state") for each in book.iter(f"{SPREADSHEET}sheet")}
    assert {name for name, state in states.items() if state == "hidden"} == {
        name for name in states if name.startswith("2019")
    }
    assert len(states) == 3 + sum(len(data_tables(load_form(edition))) for edition in editions())


@pytest.mark.skipif(OFFICE is None, reason="no LibreOffice on this machine")
def test_libreoffice_reads_the_numbers_of_the_reports_and_its_sums_are_the_totals(
    folder: Path, tmp_path: Path
) -> None:
    assert OFFICE is not None
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", ALL_SHEETS, "--outdir"]
    subprocess.run(
        [*command, str(tmp_path), str(folder / "data.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    for edition in editions():
        of_edition = [each for each in records() if each.edition == edition]
        for table in data_tables(load_form(edition)):
            (file,) = tmp_path.glob(f"data-{edition} {table.label}.csv")
            _, heads, *rows = [line.split(",") for line in file.read_text("utf-8-sig").splitlines()]
            assert heads == ["报告", "机关", "年度", *(field.column for field in table.fields)]
            for row, record in zip(rows, of_edition, strict=True):
                values = dict(record.values_by_table())[table.name]
                assert row[:3] == [record.report, record.body, str(record.year)]
                assert row[3:] == list(map(wide_text, values))


# The same input, the same bytes; whole or not at all; nobody else's files


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def test_the_same_reports_give_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    if hasattr(time, "tzset"):
        time.tzset()
    try:
        write_dataset(tmp_path / "另一个", records())
    finally:
        monkeypatch.undo()
        if hasattr(time, "tzset"):
            time.tzset()
    assert digests(tmp_path / "另一个") == digests(folder)
    with closing(sqlite3.connect(folder / "data.sqlite")) as connection:
        dump = "\n".join(connection.iterdump())
    with closing(sqlite3.connect(tmp_path / "另一个" / "data.sqlite")) as connection:
        assert "\n".join(connection.iterdump()) == dump


def test_a_later_run_replaces_its_own_files_and_removes_those_it_does_not_write(
    tmp_path: Path,
) -> None:
    first = write_dataset(tmp_path, records())
    (tmp_path / "mine.csv").write_text("1", "utf-8")
    second = write_dataset(tmp_path, [built_record("2022")], ["csv"])
    assert set(second) < set(first)
    assert {file.name for file in tmp_path.iterdir()} == {*second, "mine.csv"}


@pytest.mark.parametrize("name", ["cells.csv", "2019-3.csv", "data.xlsx", "datapackage.json"])
def test_a_file_of_somebody_else_stops_the_run_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text('{"resources": [{"path": "cells.csv"}]}', "utf-8")
    before = digests(tmp_path)
    with pytest.raises(UserError, match="不是 data 写的"):
        write_dataset(tmp_path, records())
    assert digests(tmp_path) == before


def test_a_description_can_claim_no_file_outside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    write_dataset(folder, records(), ["csv"])
    (tmp_path / "a.csv").write_text("1", "utf-8")
    package = json.loads((folder / "datapackage.json").read_bytes())
    package["resources"] += [{"path": "../a.csv"}, {"path": str(tmp_path / "a.csv")}, {"path": 1}]
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with pytest.raises(UserError, match="不是 data 写的"):  # `1` makes it a wrong description
        write_dataset(folder, records(), ["csv"])
    package["resources"].pop()
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    write_dataset(folder, records(), ["csv"])
    assert (tmp_path / "a.csv").exists()


def built_record(name: str) -> DataRecord:
    (record,) = [
        each for each, known in zip(fixture_records(), NAMES, strict=True) if known == name
    ]
    assert record.body == built(name).report.body
    return record


def test_ctrl_c_during_the_workbook_ends_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda each: ignored.append(each.exc_value))
    write = zipfile.ZipFile.write

    def interrupted(archive: zipfile.ZipFile, *arguments: Any) -> None:
        write(archive, *arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(zipfile.ZipFile, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            write_dataset(tmp_path, records())
    gc.collect()
    assert ignored == []
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".xlsx"] == []
