"""The pages say what the report files say: every number of every table and chart is read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from nianbao.model.form import label, load_form
from tests.site.sites import YEARS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from tests.site.sites import Published

STEP = re.compile(r"(\w*)([.#][\w-]+)?(?:\[([\w-]+)=?([\w-]*)\])?")
REQUESTS = "收到和处理政府信息公开申请情况"
CASES = "行政复议行政诉讼情况"
# The main figures by their keys, in the order of the columns; those of 2019 last.
KEYS = (
    (f"{REQUESTS}.本年新收.总计",),
    (f"{REQUESTS}.本年度办理结果.总计.总计",),
    (f"{REQUESTS}.结转下年度继续办理.总计",),
    (
        "主动公开政府信息情况.第二十条第一项.行政规范性文件.现行有效件数",
        "主动公开政府信息情况.第二十条第一项.规范性文件.对外公开总数量",
    ),
    (
        "主动公开政府信息情况.第二十条第五项.行政许可.本年处理决定数量",
        "主动公开政府信息情况.第二十条第五项.行政许可.处理决定数量",
    ),
    (f"{CASES}.行政复议.总计",),
    (f"{CASES}.行政诉讼.未经复议直接起诉.总计", f"{CASES}.行政诉讼.复议后起诉.总计"),
)


def select(element: HtmlElement, path: str) -> list[HtmlElement]:
    """Elements below another one: names of tags, with `.class`, `#id`, `[attribute]`."""
    steps = []
    for step in path.split():
        tag, name, attribute, value = STEP.fullmatch(step).groups()  # type: ignore[union-attr]
        tests = f"[@id='{name[1:]}']" if (name or "").startswith("#") else ""
        if (name or "").startswith("."):
            tests = f"[contains(concat(' ', @class, ' '), ' {name[1:]} ')]"
        tests += (
            f"[@{attribute}{(value and '=') or ''}{value and repr(value)}]" if attribute else ""
        )
        steps.append(f"//{tag or '*'}{tests}")
    found: list[HtmlElement] = element.xpath("." + "".join(steps))
    return found


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def figures(site: Published, unit: str, year: int) -> list[str]:
    """The main figures of a report, as a page prints them."""
    values = site.values(unit, year)
    found = []
    for keys in KEYS:
        numbers = [values[key].number for key in keys if key in values]
        known = [number for number in numbers if number is not None]
        found.append(str(sum(known)) if known else "—")
    return found


def year_tables(page: HtmlElement) -> dict[tuple[str, str, int], str]:
    """The cells of all tables of a unit by row, column and year."""
    found = {}
    for table in select(page, "table.by-year"):
        years = [int(words(th).rstrip("年")) for th in select(table, "thead th.year")]
        caption = words(select(table, "caption")[0]).rpartition("（")[0]
        for body in select(table, "tbody"):
            heads = [words(th) for th in select(body, "th[scope=rowgroup]")]
            for row in [tr for tr in select(body, "tr") if select(tr, "td")]:
                line = words(select(row, "th")[0])
                by_column = caption.startswith("申请人情况")
                where = (" ".join([*heads, line]), caption) if by_column else (heads[0], line)
                for year, cell in zip(years, select(row, "td"), strict=True):
                    assert (*where, year) not in found
                    found[*where, year] = words(cell)
    return found


@pytest.mark.parametrize("unit", ["", "水利局", "教育局", "民政局"])
def test_every_cell_of_every_report_stands_on_the_page_of_its_unit(
    unit: str, county: Published
) -> None:
    pages = [county.page((unit and f"{unit}/index.html") or "unit.html")]
    pages += [
        county.page(path.relative_to(county.folder).as_posix())
        for path in sorted((county.folder / unit).glob("index-*.html" if unit else "unit-*.html"))
    ]
    printed = {key: text for page in pages for key, text in year_tables(page).items()}
    expected = {}
    years = [year for year in YEARS if (county.root / "reports" / unit / f"{year}.yaml").exists()]
    for year in years:
        values = county.values(unit, year)
        for row in load_form(county.data(unit, year)["格式"]).rows:
            for pointer, column in row.cells():
                value = values[".".join(map(str, pointer))]
                note = f"（{value.note}）" if value.note else ""
                expected[label(row.path, " "), label(column.path, "："), year] = value.text + note
    assert len(expected) > 190 * len(years)
    assert {key: printed[key] for key in expected} == expected
    rest = {text for key, text in printed.items() if key not in expected}
    assert rest <= {"—"}  # cells that the edition of a year has not


def test_main_figures_and_charts_of_a_unit_are_those_of_its_reports(county: Published) -> None:
    page = county.page("水利局/index.html")
    rows = select(page, "table.figures tbody tr")
    printed = [[words(td) for td in select(row, "td")] for row in rows]
    by_year = [figures(county, "水利局", year) for year in YEARS[::-1]]
    expected = [list(line) for line in zip(*by_year, strict=True)]
    expected[3][2] = "—"  # 2019's edition counts other documents there
    assert printed == expected
    (lines,) = select(page, "#chart-received svg")
    marks = {
        (mark.get("data-series"), int(mark.get("data-year"))): mark.get("data-value")
        for mark in select(lines, "[data-value]")
    }
    names = {"新收申请": 0, "年底未办完": 2}
    assert marks == {
        (name, year): figures(county, "水利局", year)[index]
        for name, index in names.items()
        for year in YEARS
    }


def test_the_bars_of_the_results_are_sums_of_the_rows_of_each_kind(county: Published) -> None:
    (bars,) = select(county.page("民政局/index.html"), "#chart-results svg")
    marks = {
        (mark.get("data-series"), int(mark.get("data-year"))): mark.get("data-value")
        for mark in select(bars, "[data-value]")
    }
    kinds = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
    for year in YEARS:
        values = county.values("民政局", year)
        for kind in kinds:
            prefix = f"{REQUESTS}.本年度办理结果.{kind}."
            cells = [
                value.amount
                for key, value in values.items()
                if key.startswith(prefix) and key.endswith(".总计")
            ]
            assert cells
            assert marks.get((kind, year), "0") == str(sum(cells))


def test_the_list_of_a_year_has_all_units_in_every_order(county: Published) -> None:
    # The report of the government is marked, because it is not added up.
    units = {"青山县人民政府 汇总": "", "青山县水利局": "水利局", "青山县民政局": "民政局"}
    keys = ("received", "handled", "carried", "documents", "licences", "reconsideration")
    for index, key in enumerate(["", *keys, "litigation"], -1):
        page = county.page(f"years/2022{key and '-'}{key}.html")
        rows = {
            words(select(row, "th")[0]): [words(td) for td in select(row, "td")]
            for row in select(page, "table.units tbody tr")
        }
        assert rows == {
            name: [*figures(county, id_, 2022), "2023-01-20"] for name, id_ in units.items()
        }
        if key:
            column = [cells[index] for cells in rows.values()]
            numbers = [-1 if text == "—" else int(text) for text in column]
            assert numbers == sorted(numbers, reverse=True)
            (sorted_by,) = select(page, "th[aria-sort]")
            assert sorted_by.get("aria-sort") == "descending"
        else:
            assert list(rows) == ["青山县民政局", "青山县人民政府 汇总", "青山县水利局"]


def test_totals_do_not_count_a_government_and_its_units_twice(county: Published) -> None:
    page = county.page("index.html")
    table = select(page, "table.figures")[0]
    printed = [[words(td) for td in select(row, "td")] for row in select(table, "tbody tr")]
    units = {2022: ("水利局", "民政局"), 2021: ("水利局", "教育局", "民政局")}
    for column, (year, ids) in enumerate(units.items()):
        for line, numbers in enumerate(zip(*(figures(county, u, year) for u in ids), strict=True)):
            known = [int(number) for number in numbers if number != "—"]
            assert printed[line][column] == (str(sum(known)) if known else "—")
    assert printed[-1] == ["3", "4", "4"]


def test_units_without_a_report_are_listed_and_own_figures_of_a_parent_are_not(
    county: Published,
) -> None:
    names = select(county.page("years/2022-missing.html"), "ul.units li")
    assert [words(name) for name in names] == ["青山县城管局", "青山县教育局"]
    links = [link.get("href") for name in names for link in select(name, "a")]
    assert links == ["../%E6%95%99%E8%82%B2%E5%B1%80/index.html"]  # 城管局 has no page
    (lead,) = select(county.page("教育局/index.html"), "p.lead")
    assert words(lead) == "本站没有这个单位2022年度的年报，最近的一份是2021年度的。"
    assert not select(county.page("水利局/index.html"), "p.lead")
    assert not (county.folder / "years/2021-missing.html").exists()
    assert not (county.folder / "本级").exists()


def test_a_year_leads_to_the_other_years(county: Published) -> None:
    for path in ("years/2021.html", "years/2021-handled.html"):
        links = [link.get("href") for link in select(county.page(path), "nav.pages a")]
        assert links == ["../years/2022.html", "../years/2020.html"]


def test_cells_that_only_an_older_edition_has_are_a_table_of_their_years(county: Published) -> None:
    old: list[list[str]] = []
    new: list[list[str]] = []
    for table in select(county.page("水利局/index.html"), "table.by-year"):
        caption = words(select(table, "caption")[0])
        years = [words(th) for th in select(table, "thead th.year")]
        if caption.startswith("第二十条"):
            (old if "2019年的格式" in caption else new).append(years)
    assert old == [["2020年"]] * 4
    # 2021's edition has no table of the ninth item.
    assert new == [["2022年", "2021年"]] * 4 + [["2020年"]]


def test_the_page_of_a_report_is_that_of_build_with_links_to_the_site(county: Published) -> None:
    from tests.support import run_cli

    run_cli(["build", "reports/水利局/2022.yaml", "--to", "html,md,json,csv"], county.root)
    built = (county.root / "output/水利局/2022.html").read_text("utf-8")
    page = (county.folder / "水利局/2022.html").read_text("utf-8")
    start, end = page.index("<article>"), page.index("</html>")
    assert page[start:end] == built[built.index("<article>") : built.index("</html>")]
    bar = select(county.page("水利局/2022.html"), "nav.site-bar a")
    unit = "%E6%B0%B4%E5%88%A9%E5%B1%80"
    assert [link.get("href") for link in bar] == ["../index.html", f"../{unit}/index.html"]
