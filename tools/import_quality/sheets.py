"""Make samples of spreadsheets as offices fill them in, with the reports that they show.

XlsxWriter makes the samples with formulas and hidden parts, LibreOffice makes the others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from import_quality import variants
from import_quality.pages import plain_page
from import_quality.pdf import placed_cells
from import_quality.print_programs import convert_with_libreoffice
from import_quality.printed import Part, Printed, make_printed

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

Maker = Callable[[Printed, Path], bytes | None]
_WIDTH = 10  # columns of the widest table
_CREATED = datetime(2023, 1, 10, tzinfo=UTC)
_CALC_READS_HTML = "--infilter=HTML (StarCalc)"


def make_samples(folder: Path, rng: random.Random) -> None:
    """Write samples and the reports that they show to a folder; the same `rng`, same reports."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, suffix, make in _samples():
        printed = make_printed(rng, 2019 if "2019" in name else 2021, cell_notes="noted" in name)
        with tempfile.TemporaryDirectory() as scratch:
            data = make(printed, Path(scratch))
        if data is not None:
            (folder / f"sheet-{name}.{suffix}").write_bytes(data)
            (folder / f"sheet-{name}.truth.yaml").write_text(printed.truth, "utf-8")
    (folder / "sheet-list.refuse.xls").write_bytes(_TABLE_OF_NAMES)
    if (budget := workbook([("决算", _BUDGET)])) is not None:
        (folder / "sheet-budget.refuse.xlsx").write_bytes(budget)


def _samples() -> Iterator[tuple[str, str, Maker]]:
    """Yield name, suffix and maker of each sample."""
    for suffix in ("xlsx", "xls", "ods"):
        for name in ("page", "page-2019"):
            yield f"{name}-{suffix}", suffix, _from_page(suffix)
        yield f"joined-{suffix}", suffix, _from_page(suffix, variants.joined_tables)
        yield f"written-{suffix}", suffix, _from_workbook(suffix)
    yield "one-sheet", "xlsx", lambda p, _: workbook([("年报", p.parts)])
    yield "one-sheet-noted", "xlsx", lambda p, _: workbook([("年报", p.parts)])
    yield "one-sheet-2019", "xlsx", lambda p, _: workbook([("年报", p.parts)])
    yield "many-sheets", "xlsx", lambda p, _: workbook(_by_section(p))
    yield "no-empty-rows", "xlsx", lambda p, _: workbook([("年报", p.parts)], apart=False)
    yield "as-text", "xlsx", lambda p, _: workbook([("年报", p.parts)], numbers=False)
    yield "formulas", "xlsx", lambda p, _: workbook([("年报", p.parts)], formulas=True)
    yield "hidden", "xlsx", lambda p, _: workbook([("年报", p.parts), ("去年", p.parts)], hidden=1)
    yield "two-years", "xlsx", lambda p, _: workbook(_two_years(p))
    yield (
        "reworded",
        "xlsx",
        lambda p, _: workbook([("年报", variants.reworded_labels(p).parts)], apart=False),
    )


def _from_page(suffix: str, *changes: variants.Variant) -> Maker:
    def make(printed: Printed, folder: Path) -> bytes | None:
        for change in changes:
            printed = change(printed)
        file = folder / "report.html"
        file.write_text(plain_page(printed), "utf-8")
        return convert_with_libreoffice(file, suffix, _CALC_READS_HTML)

    return make


def _from_workbook(suffix: str) -> Maker:
    def make(printed: Printed, folder: Path) -> bytes | None:
        data = workbook([("Sheet1", printed.parts)], formulas=True)
        file = folder / "report.xlsx"
        file.write_bytes(data)
        return data if suffix == "xlsx" else convert_with_libreoffice(file, suffix)

    return make


def _two_years(printed: Printed) -> list[tuple[str, Sequence[Part]]]:
    """Return a sheet for the year before and one for the year."""
    before, year = variants.other_year(printed), printed.report.year
    return [(f"{year - 1}年", before.parts), (f"{year}年", printed.parts)]


def _by_section(printed: Printed) -> list[tuple[str, list[Part]]]:
    """Return the parts of each section, for a sheet of its own."""
    sheets: list[tuple[str, list[Part]]] = [("封面", [])]
    for part in printed.parts:
        if part.kind == "heading":
            sheets.append((part.text[:20], []))
        sheets[-1][1].append(part)
    return sheets


def workbook(
    sheets: Sequence[tuple[str, Sequence[Part]]],
    *,
    apart: bool = True,
    numbers: bool = True,
    formulas: bool = False,
    hidden: int = -1,
) -> bytes:
    """Return an .xlsx.

    `sheets`: the name and the content of each sheet. `apart`: True for an empty row before and
    after each table. `numbers`: True to write figures as numbers, False as texts. `formulas`: True
    to write totals as formulas with their values. `hidden`: the index of a sheet to hide, from 0;
    -1 for none.
    """
    import xlsxwriter

    output = BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        styles = {
            "text": book.add_format({"text_wrap": True}),
            "title": book.add_format({"bold": True, "align": "center"}),
            "cell": book.add_format({"border": 1, "text_wrap": True, "align": "center"}),
        }
        for index, (name, parts) in enumerate(sheets):
            sheet = book.add_worksheet(name)
            row = 0
            for part in parts:
                if part.rows:
                    row += apart
                    _write_table(sheet, row, part, styles["cell"], numbers, formulas)
                    row += len(part.rows) + apart
                else:
                    style = styles["title" if part.kind == "title" else "text"]
                    sheet.merge_range(row, 0, row, _WIDTH - 1, part.text, style)
                    row += 1
            if index == hidden:
                sheet.hide()
    return output.getvalue()


def _write_table(
    sheet: Any, start: int, part: Part, style: Any, numbers: bool, formulas: bool
) -> None:
    for row, column, cell in placed_cells(part.rows):
        value: object = cell.text
        if numbers and not cell.header and _is_number(cell.text):
            value = float(cell.text)
        first, last = start + row, start + row + cell.rowspan - 1
        right = column + cell.colspan - 1
        if (last, right) != (first, column):
            sheet.merge_range(first, column, last, right, value, style)
        elif formulas and isinstance(value, float):
            sheet.write_formula(first, column, f"={value:.15g}+0", style, value)
        elif isinstance(value, float):
            sheet.write_number(first, column, value, style)
        else:
            sheet.write_string(first, column, value, style)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


_BUDGET = (Part("title", "2022年部门决算公开"), Part("text", "收入支出情况见附表。"))
_TABLE_OF_NAMES = "姓名\t电话\n张三\t0000\n".encode("gb18030")
