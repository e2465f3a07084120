"""A folder with the pages of search, comparison and changes, from reports of a few units."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from nianbao.model.schema import load_schema
from nianbao.rendering.data.json import render_json
from nianbao.rendering.templates import render
from nianbao.site import comparison_data, search
from nianbao.site.model import ReportReader, SiteUnit
from nianbao.site.pages import Frame
from nianbao.site.search import SearchPassage, SearchReport
from nianbao.workspace.settings import Settings
from tests.support import ROOT, check_text, fixture_reports

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def report_data(tmp_path: Path, text: str) -> dict[str, Any]:
    """The content of the JSON that `build` writes for a report."""
    report = check_text(text, tmp_path).report
    assert report is not None
    data: dict[str, Any] = json.loads(render_json(report))
    return data


def sample(edition: int) -> str:
    """A report of an edition."""
    texts = [file.read_text("utf-8") for file in fixture_reports().values()]
    return next(text for text in texts if f"格式: {edition}" in text)


def make_unit(
    tmp_path: Path, id_: str, name: str, texts: Iterable[str]
) -> tuple[SiteUnit, list[dict[str, Any]]]:
    """A unit with reports, the newest first, and the data of these."""
    found = [report_data(tmp_path, text) for text in texts]
    reports = []
    for data in found:
        file = tmp_path / "report.json"
        file.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        path = f"{id_}/{data['年度']}"
        reports.append(ReportReader().read(file, path, "", ("html",), is_parent=False))
    return SiteUnit(id_, name, 0, tuple(reports)), found


def write_pages(
    folder: Path,
    units: Sequence[SiteUnit],
    texts: Sequence[tuple[SearchReport, Mapping[str, Any]]],
) -> None:
    """Write the pages and their data; `texts`: the data of each report, the newest year first."""
    files = comparison_data.comparison_index(units)
    for unit in units:
        files |= comparison_data.comparison_unit(unit)
    names = [(unit.name, unit.href) for unit in units]
    headings = [(report, search.own_headings(data)) for report, data in texts]
    files |= search.search_index(names, headings)
    for year in {report.year for report, _ in texts}:
        of_year = [(r, search.sentences(data)) for r, data in texts if r.year == year]
        files |= dict(search.sentence_parts(year, of_year))
    years = sorted({report.year for report, _ in texts}, reverse=True)
    for page, title in {search.PAGE: "查找", comparison_data.PAGE: "单位对比"}.items():
        files[page] = render_page(page, title, years=years)
    files["site.css"] = render_page("_styles.html", "")
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    for name in {*search.SCRIPTS, *comparison_data.SCRIPTS}:
        shutil.copy(ROOT / "templates/site" / name, folder)


def render_page(path: str, title: str, **content: Any) -> bytes:
    """Render a template of the site for the top of its folder."""
    frame = Frame(ROOT / "templates", Settings(), load_schema()["title"], 2022, 3)
    page = {"path": path, "top": "", "title": title, "canonical": "", "data": ""}
    extra = {"page": page, "site": frame, "crumbs": [], **content}
    return render(ROOT / "templates", f"site/{path}", "html", None, **extra).encode()


def many_reports(number: int, sentence: str) -> list[tuple[SearchReport, Sequence[SearchPassage]]]:
    """Reports of one year, each with a passage of these sentences."""
    return [
        (SearchReport(f"甲{n}局", 2022, 2021, f"u{n}/2022.html"), [SearchPassage("s5", sentence)])
        for n in range(number)
    ]
