"""Pages say first what happened in a year: every number of the sentences is read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.site.sites import YEARS, Published, write_reports
from tests.site.test_pages import REQUESTS, figures, select, words

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"水利局": "青山县水利局", "教育局": "青山县教育局", "民政局": "青山县民政局"}
# Positions in `figures`: new applications, reconsideration, litigation.
DESCRIBED = {"新收申请": 0, "行政复议": 5, "行政诉讼": 6}
KINDS = ("予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")


def said(site: Published, path: str) -> list[str]:
    return [words(each) for each in select(site.page(path), "p.said")]


def total(site: Published, units: tuple[str, ...], year: int, index: int) -> int:
    return sum(int(figures(site, unit, year)[index]) for unit in units)


def change(now: int, before: int) -> str:
    if now == before:
        return "与上年相同"
    return f"比上年{'多' if now > before else '少'}{abs(now - before)}件"


def results(site: Published, units: tuple[str, ...], year: int) -> dict[str, int]:
    found = dict.fromkeys(KINDS, 0)
    for unit in units:
        for key, value in site.values(unit, year).items():
            for kind in KINDS:
                if key.startswith(f"{REQUESTS}.本年度办理结果.{kind}.") and key.endswith(".总计"):
                    found[kind] += int(value.amount)
    return found


def test_two_years_are_compared_over_the_units_that_both_have(county: Published) -> None:
    units = ("水利局", "民政局")  # 教育局 has no report of 2022
    clauses = [
        f"{name}{now}件，{change(now, total(county, units, 2021, index))}"
        for name, index in DESCRIBED.items()
        for now in [total(county, units, 2022, index)]
    ]
    expected = f"2个单位合计，上年也只算这些单位：2022年{'；'.join(clauses)}。"
    for path in ("index.html", "years/2022.html"):
        assert said(county, path)[0] == expected
    assert said(county, "years/2021.html")[0].startswith("2021年新收申请")


def test_a_first_year_is_not_compared(county: Published) -> None:
    first = said(county, "years/2020.html")[0]
    sums = [total(county, tuple(NAMES), 2020, index) for index in DESCRIBED.values()]
    texts = [f"{name}{number}件" for name, number in zip(DESCRIBED, sums, strict=True)]
    assert first == f"2020年3个单位合计：{'、'.join(texts)}。"


@pytest.mark.parametrize("path", ["index.html", "years/2022.html", "水利局/index.html"])
def test_the_results_in_the_sentence_are_those_of_the_reports(path: str, county: Published) -> None:
    units = ("水利局",) if path.startswith("水利局") else ("水利局", "民政局")
    expected = {kind: number for kind, number in results(county, units, 2022).items() if number}
    (sentence,) = (each for each in said(county, path) if each.startswith("2022年办结"))
    printed = re.findall(rf"({'|'.join(KINDS)})(\d+)件，(?:占办结申请的|占)([\d.]+)%", sentence)
    assert {kind: int(number) for kind, number, _ in printed} == expected
    assert f"办结申请{sum(expected.values())}件" in sentence
    for _, number, share in printed:
        assert float(share) == pytest.approx(100 * int(number) / sum(expected.values()), abs=0.06)


def test_a_unit_says_first_what_its_last_report_says(county: Published) -> None:
    now, before = (figures(county, "水利局", year) for year in (2022, 2021))
    sentences = said(county, "水利局/index.html")
    for names in (("新收申请", "年底未办完"), ("行政复议", "行政诉讼")):
        clauses = (
            f"{name}{now[index]}件，{change(int(now[index]), int(before[index]))}"
            for name in names
            for index in [DESCRIBED.get(name, 2)]
        )
        assert f"2022年{'；'.join(clauses)}。" in sentences


def added(site: Published, units: tuple[str, ...], pattern: str) -> dict[str, int]:
    """The sums of the cells of 2022 whose key matches, by what the pattern captures."""
    found: dict[str, int] = {}
    for unit in units:
        for key, value in site.values(unit, 2022).items():
            if match := re.fullmatch(pattern, key):
                found[match[1]] = found.get(match[1], 0) + int(value.amount)
    return {key: number for key, number in found.items() if number}


@pytest.mark.parametrize("path", ["index.html", "years/2022.html", "水利局/index.html"])
def test_reasons_and_outcomes_are_those_of_the_reports(path: str, county: Published) -> None:
    units = ("水利局",) if path.startswith("水利局") else ("水利局", "民政局")
    sentences = said(county, path)
    reasons = added(county, units, rf"{REQUESTS}\.本年度办理结果\.不予公开\.([^.]+)\.总计")
    (sentence,) = (each for each in sentences if each.startswith("2022年不予公开"))
    head, _, rest = sentence.removesuffix("。").partition("件，理由是：")
    assert head == f"2022年不予公开{sum(reasons.values())}"
    numbers = [int(each) for each in re.findall(r"(\d+)件", rest)]
    assert sum(numbers) == sum(reasons.values())
    assert numbers[:3] == sorted(reasons.values(), reverse=True)[:3]
    outcomes = added(county, units, r"行政复议行政诉讼情况\..*\.([^.]+)")
    del outcomes["总计"]
    (sentence,) = (each for each in sentences if each.startswith("2022年行政复议、行政诉讼"))
    printed = re.findall(r"(\D{4})(\d+)件，占", sentence.partition("其中")[2])
    assert {name: int(number) for name, number in printed} == outcomes


def test_the_words_of_the_sentences_are_explained(county: Published) -> None:
    for path in ("index.html", "水利局/index.html"):
        text = "".join(said(county, path))
        page = county.page(path)
        explained = {words(term): words(term.getnext()) for term in select(page, "dl.terms dt")}
        assert all(explained.values())
        (reasons,) = re.findall("理由是：(.+?)。", text)
        names = {re.sub(r"\d+件$", "", each) for each in reasons.split("、")} - {"其他理由"}
        outcomes = {"结果维持", "结果纠正", "尚未审结"}
        assert {"办结", *KINDS, "行政复议", "行政诉讼", *names, *outcomes} <= explained.keys()
        (link,) = (a for a in select(page, "p.note a") if a.get("href") == "#words")
        assert words(link) == "下面"


def test_the_fees_of_a_unit_are_compared(tmp_path: Path) -> None:
    write_reports(tmp_path, {"水利局": NAMES["水利局"]})
    for year, fees in ((2021, "12.5"), (2022, "20")):
        file = tmp_path / "reports" / "水利局" / f"{year}.yaml"
        text, count = re.subn(
            "本年收费金额: [^}]+", f"本年收费金额: {fees}", file.read_text("utf-8")
        )
        assert count == 1
        file.write_text(text, "utf-8")
    site = Published(tmp_path, tmp_path / "site")
    assert site.publish().returncode == 0
    page = "水利局/index.html"
    assert said(site, page)[-1] == "2022年行政事业性收费20万元，比上年多7.5万元。"


def test_no_sentence_stands_twice_on_a_page(county: Published) -> None:
    for path in ("index.html", "years/2022.html", "水利局/index.html", "unit.html"):
        page = county.page(path)
        texts = said(county, path) + [words(each) for each in select(page, "figcaption span")]
        sentences = [each for text in texts for each in re.findall("[^。]+。", text)]
        assert len(sentences) == len(set(sentences)) > 5
        assert len(re.findall("没有20[0-9年、至]+的报告", "".join(texts))) <= 1


def test_the_bars_of_the_units_are_their_results_the_largest_first(county: Published) -> None:
    (bars,) = select(county.page("years/2021.html"), "#chart-units svg")
    marks = select(bars, "[data-value]")
    printed = {(m.get("data-unit"), m.get("data-series")): int(m.get("data-value")) for m in marks}
    expected = {
        (unit, kind): number
        for unit in NAMES
        for kind, number in results(county, (unit,), 2021).items()
    }
    assert printed == expected
    tops = {mark.get("data-unit"): float(mark.get("y")) for mark in marks}
    order = sorted(tops, key=tops.__getitem__)
    sums = [total(county, (unit,), 2021, 1) for unit in order]
    assert sums == sorted(sums, reverse=True)


def test_the_small_charts_of_the_units_are_their_applications(county: Published) -> None:
    panels = select(county.page("index.html"), "#chart-each svg")
    marks = {
        (panel.get("data-unit"), int(mark.get("data-year"))): mark.get("data-value")
        for panel in panels
        for mark in select(panel, "[data-value]")
    }
    ids = ("水利局", "民政局")  # those with a report of 2022, without the sum over them
    assert marks == {(id_, y): figures(county, id_, y)[0] for id_ in ids for y in YEARS}
    latest = [int(figures(county, panel.get("data-unit"), 2022)[0]) for panel in panels]
    assert latest == sorted(latest, reverse=True)


def test_the_sums_of_the_chart_are_those_of_the_table(county: Published) -> None:
    page = county.page("index.html")
    marks = {
        int(mark.get("data-year")): int(mark.get("data-value"))
        for mark in select(page, "#chart-received [data-value]")
    }
    units = {2020: tuple(NAMES), 2021: tuple(NAMES), 2022: ("水利局", "民政局")}
    assert marks == {year: total(county, ids, year, 0) for year, ids in units.items()}
    caption = words(select(page, "#chart-received figcaption")[0])
    assert "各年合计的单位不一样" in caption


def test_who_is_missing_and_who_was_late_is_named(tmp_path: Path) -> None:
    write_reports(tmp_path, NAMES)
    dates = {"水利局": "2023-02-01", "教育局": "2023-01-31", "民政局": "2023-02-01"}
    for unit, day in dates.items():
        file = tmp_path / "reports" / unit / "2022.yaml"
        text = re.sub("成文日期:.*", f"成文日期: '{day}'", file.read_text("utf-8"))
        file.write_text(text, "utf-8")
    rows = [f'[[单位]]\n编号 = "{id_}"\n名称 = "{name}"\n' for id_, name in NAMES.items()]
    rows[2] += '期限 = "02-10"\n'
    rows.append('[[单位]]\n编号 = "城管局"\n名称 = "青山县城管局"\n起始年度 = 2022\n')
    (tmp_path / "units.toml").write_text("\n".join(rows), "utf-8")
    site = Published(tmp_path, tmp_path / "site")
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    last = said(site, "years/2022.html")[-2:]
    assert last == [
        "没有年报的：青山县城管局。",
        "发布得晚于期限的：青山县水利局（2023-02-01）。",
    ]
    assert said(site, "index.html")[-1] == (
        "1个单位没有2022年度的年报：青山县城管局。1个单位发布得晚于期限。"
    )
    assert not select(site.page("years/2021.html"), "#late")


def test_a_year_without_a_report_stands_in_the_chart_of_results(tmp_path: Path) -> None:
    write_reports(tmp_path, NAMES)
    (tmp_path / "reports" / "水利局" / "2021.yaml").unlink()
    site = Published(tmp_path, tmp_path / "site")
    assert site.publish().returncode == 0
    rows = {
        words(select(row, "th")[0]): [words(td) for td in select(row, "td")]
        for row in select(site.page("水利局/index.html"), "#chart-results tbody tr")
    }
    assert list(rows) == ["2022年", "2021年", "2020年"]
    assert rows["2021年"][-1] == "没有报告"


def test_the_page_of_one_report_has_no_sums_and_no_chart_of_them(tmp_path: Path) -> None:
    write_reports(tmp_path, {"水利局": NAMES["水利局"]})
    for year in YEARS[:-1]:
        (tmp_path / "reports" / "水利局" / f"{year}.yaml").unlink()
    site = Published(tmp_path, tmp_path / "site")
    assert site.publish().returncode == 0
    own = figures(site, "水利局", 2022)
    texts = [f"{name}{own[index]}件" for name, index in DESCRIBED.items()]
    assert said(site, "index.html")[0] == f"2022年{'、'.join(texts)}。"
    assert not select(site.page("index.html"), "figure")
