"""Spreadsheets are read as texts and tables, with the values that the file has."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from nianbao.errors import UserError
from nianbao.importing.document import SourceDocument, SourceParagraph, SourceTable
from nianbao.importing.readers.spreadsheet import read_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _xlsx(
    cells: Mapping[str, str], merged: Sequence[str] = (), sheet: str = "", state: str = ""
) -> bytes:
    """Return an .xlsx with one sheet.

    `cells`: by their names, a text as 'text or the XML inside of a cell. `sheet`: XML before them.
    """
    rows: dict[int, str] = {}
    for name, value in cells.items():
        inside = f"<is><t>{escape(value[1:])}</t></is>" if value.startswith("'") else value
        kind = ' t="inlineStr"' if inside.startswith("<is>") else ""
        row = int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        rows[row] = rows.get(row, "") + f'<c r="{name}"{kind}>{inside}</c>'
    data = "".join(f'<row r="{number}">{row}</row>' for number, row in sorted(rows.items()))
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    ranges = f"<mergeCells>{ranges}</mergeCells>" if ranges else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        f' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
        f' PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/><Override'
        f' PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="年报" sheetId="1" r:id="r1"{state}/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}">{sheet}'
        f"<sheetData>{data}</sheetData>{ranges}</worksheet>",
    }
    with zipfile.ZipFile(output := BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def _relations(kind: str, target: str) -> str:
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}</Relationships>'


def _texts(document: SourceDocument) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, SourceParagraph)]


def _tables(document: SourceDocument) -> list[list[list[str]]]:
    return [
        [[cell.text if cell else "-" for cell in row] for row in block.matrix()]
        for block in document.blocks
        if isinstance(block, SourceTable)
    ]


def _remarks(document: SourceDocument) -> list[str]:
    return [f"{remark.place}{remark.message}" for remark in document.remarks]


def test_numbers_are_written_as_they_are_shown_and_texts_as_they_are() -> None:
    values = ["<v>1</v>", "<v>0.5</v>", "<v>0.30000000000000004</v>", "<v>123456789012</v>"]
    cells = {f"{column}1": value for column, value in zip("BCDE", values, strict=True)}
    document = read_spreadsheet(_xlsx({"A1": "'规章", **cells, "F1": "'0012", "G1": "'/"}))
    assert _tables(document) == [[["规章", "1", "0.5", "0.3", "123456789012", "0012", "/"]]]


def test_texts_over_the_whole_width_stand_outside_tables() -> None:
    cells = {
        "A1": "'示例县2022年年报",
        "A2": "'二、主动公开政府信息情况",
        "A3": "'第二十条第（一）项",
        "A4": "'信息内容", "B4": "'本年", "C4": "'上年",
        "A5": "'规章", "B5": "<v>1</v>", "C5": "<v>2</v>",
        "A6": "'注：含修订。",
        "A7": "'三、收到和处理情况",
        "A8": "'一、本年新收",
        "B8": "<v>3</v>",
    }  # fmt: skip
    document = read_spreadsheet(_xlsx(cells, ["A1:C1", "A2:C2", "A3:C3", "A7:C7"]))
    assert _texts(document) == [
        "示例县2022年年报",
        "二、主动公开政府信息情况",
        "注：含修订。",
        "三、收到和处理情况",
    ]
    assert _tables(document) == [
        [["第二十条第（一）项"] * 3, ["信息内容", "本年", "上年"], ["规章", "1", "2"]],
        [["一、本年新收", "3"]],
    ]


def test_a_row_of_a_table_with_its_label_alone_stays_in_the_table() -> None:
    cells = {"A1": "'项目", "B1": "'本年", "C1": "'上年", "A2": "'一、规章", "A3": "'二、文件"}
    assert _tables(read_spreadsheet(_xlsx({**cells, "B3": "<v>1</v>"}))) == [
        [["项目", "本年", "上年"], ["一、规章", "", ""], ["二、文件", "1", ""]]
    ]


def test_an_empty_row_ends_a_table_but_not_within_a_merged_cell() -> None:
    cells = {"A1": "'结果", "B1": "'维持", "B3": "'纠正", "A5": "'总计", "B5": "<v>2</v>"}
    document = read_spreadsheet(_xlsx(cells, ["A1:A3"]))
    assert _tables(document) == [
        [["结果", "维持"], ["结果", ""], ["结果", "纠正"]],
        [["总计", "2"]],
    ]


def test_a_merged_cell_stands_once_with_its_place_in_the_sheet() -> None:
    cells = {"B3": "'申请人", "B4": "'自然人", "C4": "'法人"}
    document = read_spreadsheet(_xlsx(cells, ["B3:C3"], ""))
    blocks = [block for block in document.blocks if isinstance(block, SourceTable)]
    assert [(c.text, c.place.row, c.place.column) for b in blocks for c in b.cells if c.text] == [
        ("自然人", 4, 2),
        ("法人", 4, 3),
    ]
    assert _texts(document) == ["申请人"]


def test_formulas_without_values_and_hidden_rows_are_named() -> None:
    cells = {"A1": "'规章", "B1": "<f>1+1</f><v>2</v>", "A2": "'文件", "B2": "<f>1+1</f>"}
    data = _xlsx(cells, sheet='<cols><col min="2" max="2" hidden="1"/></cols>')
    document = read_spreadsheet(data)
    assert _tables(document) == [[["规章", "2"], ["文件", ""]]]
    assert _remarks(document) == [
        "年报 有隐藏的列，也读了",
        "年报 B2 是公式，文件里没有算出的值，读成空白；用 Excel 或 WPS 打开另存再导入",
    ]


def test_a_hidden_sheet_is_left_out_and_named() -> None:
    document = read_spreadsheet(_xlsx({"A1": "'去年"}, state=' state="hidden"'))
    assert (document.blocks, _remarks(document)) == ((), ["年报 隐藏的工作表没有读"])


def test_a_cell_in_the_last_row_and_column_does_not_take_all_memory() -> None:
    with pytest.raises(UserError, match=r"时间或内存太多|超过"):
        read_spreadsheet(_xlsx({"A1": "<v>1</v>", "XFD1048576": "<v>1</v>"}))


def test_damaged_files_and_entities_are_refused() -> None:
    data = _xlsx({"A1": "<v>1</v>"})
    with pytest.raises(UserError, match="损坏"):
        read_spreadsheet(data[: len(data) // 2])
    with pytest.raises(UserError, match="损坏"):
        read_spreadsheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_other_formats_are_read_like_xlsx(suffix: str, tmp_path: Path) -> None:
    cells = {
        "A1": "'申请人情况",
        "A2": "'自然人",
        "B2": "'法人",
        "A3": "<v>1</v>",
        "B3": "<v>2.5</v>",
    }
    source = tmp_path / "report.xlsx"
    source.write_bytes(_xlsx({**cells, "C2": "'总计", "C3": "<v>3.5</v>"}, ["A1:B1"]))
    converted = read_spreadsheet(_converted(source, suffix))
    assert converted == read_spreadsheet(source.read_bytes())


def _converted(source: Path, suffix: str) -> bytes:
    """Return a file as LibreOffice saves it in another format."""
    folder = source.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(folder)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    return source.with_suffix(f".{suffix}").read_bytes()


_RAISED = '<r><rPr><vertAlign val="superscript"/></rPr><t>1</t></r>'
_MARKED = {
    "A1": "'规章",
    "B1": f"<is><r><t>22</t></r>{_RAISED}</is>",
    "A2": "'其他",
    "B2": "'5",
}


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_a_raised_mark_in_a_text_of_the_sheet_is_no_digit_of_the_number(
    suffix: str, tmp_path: Path
) -> None:
    data = _xlsx(_MARKED)
    if suffix != "xlsx":
        if not shutil.which("soffice"):
            pytest.skip("LibreOffice is not installed")
        (tmp_path / "report.xlsx").write_bytes(data)
        data = _converted(tmp_path / "report.xlsx", suffix)
    (table,) = read_spreadsheet(data).blocks
    assert isinstance(table, SourceTable)
    assert [cell.text for cell in table.cells] == ["规章", "22¹", "其他", "5"]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_raised_texts_in_an_xls_are_named(tmp_path: Path) -> None:
    plain, marked = tmp_path / "plain.xlsx", tmp_path / "marked.xlsx"
    plain.write_bytes(_xlsx({"A1": "'规章", "B1": "'22"}))
    marked.write_bytes(_xlsx(_MARKED))
    assert _remarks(read_spreadsheet(_converted(plain, "xls"))) == []
    (remark,) = _remarks(read_spreadsheet(_converted(marked, "xls")))
    assert remark.startswith("文件里有上标的字")


def _excel_2003(rows: str, options: str = "") -> bytes:
    """Return a workbook in the XML of Excel 2003 with one sheet."""
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet ss:Name="年报"><Table>{rows}</Table>{options}</Worksheet>'
    names = f'xmlns="{namespace}" xmlns:ss="{namespace}"'
    return f'<?xml version="1.0"?><Workbook {names}>{sheet}</Workbook>'.encode()


def _cell(text: str, kind: str = "String", at: str = "Index", number: int = 0) -> str:
    attribute = f' ss:{at}="{number}"' if number else ""
    return f'<Cell{attribute}><Data ss:Type="{kind}">{text}</Data></Cell>'


def test_the_xml_of_excel_2003_is_read_like_xlsx() -> None:
    rows = (
        f"<Row>{_cell('一、总体情况', at='MergeAcross', number=2)}</Row>"
        f"<Row ss:Index='3'>{_cell('名称')}{_cell('数', at='Index', number=3)}</Row>"
        f"<Row>{_cell('文件', at='MergeDown', number=1)}{_cell('12.0', 'Number')}"
        "<Cell><Data ss:Type='String'>402<Sup xmlns='http://www.w3.org/TR/REC-html40'>1</Sup>"
        "</Data></Cell></Row>"
        "<Row><Cell ss:Index='2' ss:Formula='=SUM(B4)'/><Cell/></Row>"
    )
    document = read_spreadsheet(_excel_2003(rows))
    assert _texts(document) == ["一、总体情况"]
    table = [["名称", "", "数"], ["文件", "12", "402¹"], ["文件", "", ""]]
    assert _tables(document) == [table]
    assert _remarks(document) == [
        "年报 第1个表第5行第2列是公式，文件里没有算出的值，读成空白；用 Excel 或 WPS 打开另存再导入"
    ]


def test_a_hidden_sheet_of_excel_2003_is_left_out_and_named() -> None:
    hidden = (
        '<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">'
        "<Visible>SheetHidden</Visible></WorksheetOptions>"
    )
    document = read_spreadsheet(_excel_2003(f"<Row>{_cell('暗')}</Row>", hidden))
    assert (document.blocks, _remarks(document)) == ((), ["年报 隐藏的工作表没有读"])


def test_a_row_far_below_in_the_xml_of_excel_2003_is_refused() -> None:
    with pytest.raises(UserError, match="工作表超过"):
        read_spreadsheet(_excel_2003(f"<Row ss:Index='9999999'>{_cell('1')}</Row>"))
