"""LibreOffice prints Word files as the PDF is printed: the same numbers, lines and pages."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest

from nianbao.diff.redline.tracked import render_tracked
from nianbao.rendering import fonts, render_report
from nianbao.rendering.document import build_document
from nianbao.workspace.settings import Settings
from tests.rendering.docx.test_letterhead import letterhead
from tests.rendering.parsed_outputs import boxes, cells_of_pdf
from tests.rendering.rendered_reports import NAMES, NO_TEMPLATES, built, changed, compiled

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.report import Report

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")

# Nothing but Chinese characters, which fill every line and three pages.
FULL = "政府信息公开工作年度报告全文" * 200
REQUESTS = "收到和处理政府信息公开申请情况"
# By the official names of a face: the family of the open font that stands in for it here.
FAMILIES = {
    "fangsong": "FandolFang R",
    "kai": "FandolKai",
    "song": "Noto Serif CJK SC",
    "xiaobiaosong": "Noto Serif CJK SC",
    "hei": "Noto Sans CJK SC",
}


def font_configuration(folder: Path) -> Path:
    """Return a fontconfig file with which the open fonts stand in for the official ones."""
    matches = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{family}</string></edit>'
        "</match>"
        for key, family in FAMILIES.items()
        for name in fonts.faces.face_for(key).official
    )
    file = folder / "fonts.conf"
    file.write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{fonts.font_folder().resolve()}</dir>'
        f"<cachedir>{folder / 'cache'}</cachedir>{matches}</fontconfig>",
        "utf-8",
    )
    return file


def documents(folder: Path) -> dict[str, bytes]:
    """Return Word files by name: reports, one of full pages, a redline, one with a letterhead."""
    reports: dict[str, Report] = {name: built(name).report for name in NAMES}
    texts = {("总体情况", "主动公开"): FULL, (REQUESTS, "本年新收", "其他"): 98999989}
    reports["full"] = compiled(changed(2021, texts))
    files = {
        name: render_report(report, "docx", Settings(), NO_TEMPLATES)
        for name, report in reports.items()
    }
    old, new = (build_document(reports[name], Settings()) for name in ("2022", "full"))
    files["tracked"] = render_tracked(old, new, NO_TEMPLATES)
    (folder / "templates").mkdir()
    (folder / "templates" / "report.docx").write_bytes(letterhead())
    own = folder / "templates"
    files["letterhead"] = render_report(reports["2022"], "docx", Settings(), own)
    return files


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what LibreOffice prints of the Word files, by name."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for name, data in documents(folder).items():
        (folder / f"{name}.docx").write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", folder, *folder.glob("*.docx")],
        env={**os.environ, "FONTCONFIG_FILE": str(font_configuration(folder))},
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {file.stem: file.read_bytes() for file in folder.glob("*.pdf")}


def lines(page: Any) -> list[str]:
    """Return the lines of a page from top to bottom, without the page number."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for char in page.chars:
        rows.setdefault(round(char["bottom"]), []).append(char)
    text = ["".join(char["text"] for char in rows[bottom]) for bottom in sorted(rows)]
    return text[:-1]


def test_it_opens_every_file(pdfs: dict[str, bytes]) -> None:
    assert set(pdfs) == {*NAMES, "full", "tracked", "letterhead"}


@pytest.mark.parametrize("name", NAMES)
def test_the_same_numbers_stand_in_the_same_cells_on_as_many_pages(
    name: str, pdfs: dict[str, bytes]
) -> None:
    assert cells_of_pdf(pdfs[name]) == cells_of_pdf(built(name).pdf)
    pages = [len(pdfplumber.open(io.BytesIO(data)).pages) for data in (pdfs[name], built(name).pdf)]
    assert pages[0] == pages[1]


def test_a_full_page_has_22_lines_of_28_characters(pdfs: dict[str, bytes]) -> None:
    pages = pdfplumber.open(io.BytesIO(pdfs["full"])).pages
    full = [page for page in pages if all(char in FULL for line in lines(page) for char in line)]
    assert len(full) >= 3
    for page in full[:3]:  # the text ends on the last one
        assert [len(line) for line in lines(page)] == [28] * 22


@pytest.mark.parametrize("name", [*NAMES, "full"])
def test_table_three_stands_whole_on_one_page(name: str, pdfs: dict[str, bytes]) -> None:
    rows = 24 if name == "edition-2019" else 26  # the fewest: those with numbers, and the header
    tallest = max(
        (len({round(cell.top) for cell in cells}), page) for page, cells in boxes(pdfs[name])
    )
    assert tallest[0] >= rows


def test_page_numbers_change_sides(pdfs: dict[str, bytes]) -> None:
    pages = pdfplumber.open(io.BytesIO(pdfs["2022"])).pages
    for page in pages:
        dashes = [char for char in page.chars if char["text"] == "—" and char["top"] > 700]
        middle = sum(char["x0"] for char in dashes) / len(dashes)
        assert (middle > page.width / 2) == (page.page_number % 2 == 1)
