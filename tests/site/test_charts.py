"""Charts read back from the page: each mark is where its number is, and every number is there."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from nianbao.model.draft import OpenValue
from nianbao.model.report import Number, Value
from nianbao.rendering.templates import jinja_environment
from nianbao.site.charts import (
    MAX_LINES,
    MAX_PARTS,
    Bar,
    Chart,
    Multiples,
    UnitSeries,
    bar_chart,
    line_chart,
    small_multiples,
)
from nianbao.site.series import YearSeries
from nianbao.utils.colours import contrast
from tests.preview.browser import Browser, browsing
from tests.support import ROOT
from tests.test_accessibility import SCHEMES, WIDTHS, WITHOUT_AXE, findings, prefer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SLASH = Value(None)
PAGE = """\
<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>图</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{% include "report.css" %}{% include "site/charts.css" %}</style></head>
<body><main><h1>图</h1>{% from "site/_charts.html" import figure %}
<div class="charts">{% for chart in charts %}{{ figure(chart) }}{% endfor %}</div>
</main></body></html>
"""
HOSTILE = "<script>alert(1)</script>\"'&{{ 1 }}" + "很长的名称" * 20

_numbers = st.one_of(st.integers(0, 12), st.integers(0, 999_999_999_999))
_amounts = st.one_of(_numbers, st.decimals(0, 10**6, places=4))
_values = st.one_of(st.builds(Value, _amounts), st.sampled_from([SLASH, OpenValue(None), None]))
_series = st.lists(
    st.dictionaries(st.integers(2008, 2030), _values, max_size=15), min_size=1, max_size=MAX_LINES
)


def series(name: str, numbers: Mapping[int, Number | Value | None], unit: str = "件") -> YearSeries:
    """A series of numbers by year."""
    return YearSeries(
        name,
        unit,
        {
            year: Value(each) if isinstance(each, (int, Decimal)) else each
            for year, each in numbers.items()
        },
    )


def page(*charts: Chart | Multiples) -> str:
    """A web page with charts, printed by the templates."""
    environment = jinja_environment(Path("/no templates"), "html")
    return environment.from_string(PAGE).render(charts=charts)


def tree(*charts: Chart | Multiples) -> Any:
    """The main part of a page with charts."""
    return html.document_fromstring(page(*charts)).find(".//main")


def bars(*rows: Iterable[Number]) -> list[Bar]:
    """A bar for each year from 2018 on."""
    return [
        Bar(year, f"{year}年", tuple(map(Value, numbers)))
        for year, numbers in enumerate(rows, 2018)
    ]


def ticks(svg: Any, axis: str) -> dict[Decimal, float]:
    """The numbers of an axis with their positions, which are those of their lines."""
    lines = [
        float(re.findall(r"[0-9.]+", path.get("d"))[axis == "y"]) for path in svg.findall("path")
    ]
    numbers = [Decimal(text.get("data-tick")) for text in svg.iter("text") if text.get("data-tick")]
    return dict(zip(numbers, lines, strict=True))


def positions(svg: Any, axis: str) -> Any:
    """Return the function that turns a number into a position of the drawing."""
    at = ticks(svg, axis)
    top = max(at)
    return lambda number: at[Decimal(0)] + float(Decimal(number) / top) * (at[top] - at[Decimal(0)])


def with_values(node: Any) -> list[Any]:
    """The marks of a drawing."""
    return [mark for mark in node.iter() if mark.get("data-value") is not None]


@settings(max_examples=60, deadline=None)
@given(_series)
def test_each_number_of_a_line_is_one_mark_at_its_height(values: list[dict[int, Any]]) -> None:
    lines = [YearSeries(f"线{number}", "件", each) for number, each in enumerate(values)]
    svg = tree(line_chart("c", "图", lines, "")).find(".//svg")
    marks = with_values(svg)
    read = [
        (mark.get("data-series"), int(mark.get("data-year")), Decimal(mark.get("data-value")))
        for mark in marks
    ]
    written = [
        (line.name, year, Decimal(number))
        for line in lines
        for year in sorted(line.values)
        if (number := line.number(year)) is not None
    ]
    assert read == written
    height = positions(svg, "y")
    for mark in marks:
        assert float(mark.get("y")) == pytest.approx(height(mark.get("data-value")), abs=0.06)
    by_year = sorted((int(mark.get("data-year")), float(mark.get("x"))) for mark in marks)
    for (year, x), (later, right) in pairwise(by_year):
        assert (x < right) if year < later else (x == right)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_amounts, min_size=3, max_size=3), min_size=1, max_size=12))
def test_the_parts_of_a_bar_follow_each_other_and_end_at_the_sum(rows: list[list[Number]]) -> None:
    svg = tree(bar_chart("c", "图", "件", ("甲", "乙", "丙"), bars(*rows), "")).find(".//svg")
    at = positions(svg, "x")
    for year, numbers in enumerate(rows, 2018):
        parts = [mark for mark in with_values(svg) if mark.get("data-year") == str(year)]
        assert [Decimal(part.get("data-value")) for part in parts] == [*map(Decimal, numbers)]
        assert [part.get("data-series") for part in parts] == ["甲", "乙", "丙"]
        total = Decimal(0)
        for part, number in zip(parts, numbers, strict=True):
            assert float(part.get("x")) == pytest.approx(at(total), abs=0.06)
            total += number
            end = float(part.get("x")) + float(part.get("width"))
            assert end == pytest.approx(at(total), abs=0.12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dictionaries(st.integers(2018, 2022), _values), min_size=1, max_size=8))
def test_small_multiples_are_all_on_one_scale(values: list[dict[int, Any]]) -> None:
    units = [
        UnitSeries(f"u{n}", YearSeries(f"单位{n}", "件", each)) for n, each in enumerate(values)
    ]
    chart = small_multiples("c", "图", units, "")
    figure = tree(chart)
    assert [svg.get("data-unit") for svg in figure.iter("svg")] == [key for key, _ in units]
    for svg, (_, own) in zip(figure.iter("svg"), units, strict=True):
        top, base = (float(re.findall(r"[0-9.]+", p.get("d"))[1]) for p in svg.findall("path"))
        assert svg.get("data-max") == chart.maximum
        marks = with_values(svg)
        assert {int(m.get("data-year")): Decimal(m.get("data-value")) for m in marks} == {
            year: Decimal(number) for year in own.values if (number := own.number(year)) is not None
        }
        for mark in marks:
            share = float(Decimal(mark.get("data-value")) / Decimal(chart.maximum))
            assert float(mark.get("cy")) == pytest.approx(base - share * (base - top), abs=0.06)


@given(st.lists(_numbers, min_size=1, max_size=5))
def test_ticks_are_few_round_numbers_from_0_up(numbers: list[int]) -> None:
    line = series("新收", dict(enumerate(numbers, 2018)))
    found = [Decimal(tick.number) for tick in line_chart("c", "图", [line], "").ticks]
    step = found[1]
    assert found == [step * count for count in range(len(found))]
    assert 2 <= len(found) <= 5
    assert found[-2] < max(*numbers, 1) <= found[-1]
    assert step == int(step)
    assert str(int(step)).rstrip("0") in ("1", "2", "5")


def test_amounts_have_ticks_between_whole_numbers() -> None:
    line = series("金额", {2021: Decimal("0.35"), 2022: Decimal("0.01")}, "万元")
    assert [tick.label for tick in line_chart("c", "图", [line], "").ticks] == [
        *("0", "0.1", "0.2", "0.3", "0.4")
    ]
    large = series("新收", {2021: 10**9, 2022: 15_000})
    assert [tick.label for tick in line_chart("c", "图", [large], "").ticks] == ["0", "5亿", "10亿"]


def test_only_numbers_of_years_that_follow_each_other_are_joined() -> None:
    line = series("新收", {2015: 1, 2017: 2, 2018: 3, 2019: SLASH, 2020: 4, 2021: 0, 2022: 5})
    layer = line_chart("c", "图", [line], "").layers[0]
    at = {mark.key: f"{mark.x} {mark.y}" for mark in layer.marks}
    assert layer.path == f"M{at[2017]}L{at[2018]}M{at[2020]}L{at[2021]}L{at[2022]}"


def test_what_is_missing_differs_from_0_and_from_what_does_not_apply() -> None:
    line = series("新收", {2018: 0, 2019: SLASH, 2020: OpenValue(None), 2021: None, 2023: 2})
    chart = line_chart("c", "图", [line], "")
    assert [mark.key for mark in chart.layers[0].marks] == [2018, 2023]
    signs = [(text.text, text.full) for text in chart.texts if text.anchor == "m" and text.full]
    assert signs == [("/", "/"), ("缺", "没有填"), ("缺", "没有这一项"), ("缺", "没有报告")]
    assert [row[1] for row in chart.table.rows] == ["0", "/", "没有填", "没有这一项", "2"]


def test_a_bar_without_a_report_differs_from_one_of_0_and_from_one_that_does_not_apply() -> None:
    given_bars = [
        Bar(2020, "2020年", ()),
        Bar(2021, "2021年", (Value(0), Value(0))),
        Bar(2022, "2022年", (SLASH, SLASH)),
        Bar(2023, "2023年", (SLASH, Value(3))),
    ]
    chart = bar_chart("c", "图", "件", ("甲", "乙"), given_bars, "")
    assert [row[-1] for row in chart.table.rows] == ["没有报告", "0", "/", "3"]
    assert [[mark.key for mark in layer.marks] for layer in chart.layers] == [[2021], [2021, 2023]]
    assert {"没有报告", "0", "/", "3"} <= {text.text for text in chart.texts}


def test_the_number_of_a_part_is_printed_once_and_inside_only_where_it_has_room() -> None:
    chart = bar_chart("c", "图", "件", ("甲", "乙"), bars((30, 0), (29, 1), (15, 14)), "")
    assert [text.text for text in chart.texts if text.kind == "v"] == [
        *("29", "15", "14"),
        *("30", "30", "29"),
    ]


SHAPES: dict[str, list[YearSeries]] = {
    "one year": [series("新收", {2022: 7})],
    "two years apart": [series("新收", {2010: 7, 2022: 9})],
    "all zero": [series("新收", dict.fromkeys(range(2018, 2023), 0))],
    "very large": [series("新收", {year: 10**12 - year for year in range(2008, 2023)})],
    "no number": [series("新收", {2021: SLASH, 2022: None})],
    "nothing": [series("新收", {})],
    "six lines": [
        series(f"{HOSTILE}{n}", {year: n * (year - 2000) for year in range(2008, 2023)})
        for n in range(MAX_LINES)
    ],
}


@pytest.mark.parametrize("name", SHAPES)
def test_all_marks_and_texts_lie_inside_the_drawing(name: str) -> None:
    chart = line_chart("c", "图", SHAPES[name], "")
    width, height = float(chart.width), float(chart.height)
    for layer in chart.layers:
        assert all(0 < float(m.x) < width and 0 < float(m.y) < height for m in layer.marks)
    assert all(0 <= float(text.x) < width and 0 < float(text.y) < height for text in chart.texts)
    years = [text for text in chart.texts if re.fullmatch("20[0-9]{2}", text.text) and text.anchor]
    assert all(float(b.x) - float(a.x) > 31 for a, b in pairwise(years))
    ends = sorted(float(sign.y) for sign in chart.signs)
    assert all(lower - upper >= 15.9 for upper, lower in pairwise(ends))


def test_a_single_line_has_its_numbers_at_its_points_where_they_have_room() -> None:
    few = line_chart("c", "图", [series("新收", {2020: 3, 2021: 12, 2022: 7})], "")
    assert {text.text for text in few.texts if text.kind == "v"} == {"3", "12", "7"}
    many = line_chart("c", "图", SHAPES["very large"], "")
    assert 0 < len([text for text in many.texts if text.kind == "v"]) < 15


def test_lines_are_named_with_their_latest_number_at_their_ends() -> None:
    lines = [series("新收", {2021: 1, 2022: 7}), series("结转", {2021: 4})]
    chart = line_chart("c", "图", lines, "")
    labels = [text for text in chart.texts if text.text.startswith(("新收", "结转"))]
    assert {text.text for text in labels} == {"新收 7", "结转"}


def test_the_name_of_a_line_is_as_high_as_its_end_but_never_over_another_name() -> None:
    lines = [series(name, {2021: 10, 2022: 5}) for name in "甲乙丙"]
    chart = line_chart("c", "图", [*lines, series("丁", {2021: 0, 2022: 9})], "")
    heights = {sign.layer: float(sign.y) for sign in chart.signs}
    assert heights[3] == float(chart.layers[3].marks[-1].y)
    assert heights[0] == float(chart.layers[0].marks[-1].y)
    assert [heights[1] - heights[0], heights[2] - heights[1]] == [16, 16]


def test_a_name_is_shortened_where_all_can_see_it_and_stands_whole_in_the_table() -> None:
    figure = tree(
        line_chart("a", "图", [series(HOSTILE, {2022: 7}), series("乙", {2022: 3})], HOSTILE),
        bar_chart(
            "b", HOSTILE, "件", (HOSTILE, "乙"), [Bar(HOSTILE, HOSTILE, (Value(1),) * 2)], ""
        ),
        small_multiples("c", "图", [UnitSeries(HOSTILE, series(HOSTILE, {2022: 7}))], ""),
    )
    assert figure.findall(".//script") == []
    assert {mark.get("data-series") for mark in with_values(figure)} == {HOSTILE, "乙", None}
    shortened = [t for t in figure.iter("text") if t.find("title") is not None]
    assert len(shortened) == 3
    for text in shortened:
        assert text.find("title").text == HOSTILE
        assert "…" in text.find("title").tail
    assert [th.text for th in figure.iter("th")].count(HOSTILE) == 4


def test_the_table_has_all_numbers_of_the_chart() -> None:
    line = series("新收", {2021: 2, 2022: 7})
    figure = tree(line_chart("c", "新收的申请", [line], "2022年新收7件。"))
    cells = [[cell.text for cell in row] for row in figure.iter("tr")]
    assert cells == [["年度", "新收"], ["2021年", "2"], ["2022年", "7"]]
    assert figure.find(".//caption").text_content() == "新收的申请（单位：件）"
    assert "2022年新收7件。" in figure.find(".//figcaption").text_content()


def test_ids_begin_with_that_of_the_chart_and_names_and_descriptions_are_there() -> None:
    line = series("新收", {2021: 2, 2022: 7})
    figure = tree(
        line_chart("a", "图", [line, line], ""),
        bar_chart("b", "图", "件", ("甲", "乙"), bars((1, 2)), ""),
        small_multiples("c", "图", [UnitSeries("u", line), UnitSeries("v", line)], ""),
    )
    ids = [node.get("id") for node in figure.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {name[0] for name in ids} == {"a", "b", "c"}
    for svg in figure.iter("svg"):
        assert svg.get("role") == "img"
        title, description = svg.get("aria-labelledby").split()
        assert svg.find(f".//title[@id='{title}']").text
        assert svg.find(f".//desc[@id='{description}']").text
    for use in figure.iter("use"):
        assert use.get("href").removeprefix("#") in ids
    assert re.findall(r"url\(#(.+?)\)", page(bar_chart("b", "图", "", "甲", bars((1,)), ""))) == [
        *("b-0", "b-0")
    ]


def test_lines_and_parts_differ_without_colours() -> None:
    line = series("新收", {2021: 2, 2022: 7})
    figure = tree(
        line_chart("a", "图", [line] * MAX_LINES, ""),
        bar_chart("b", "图", "件", ["甲"] * MAX_PARTS, bars([1] * MAX_PARTS), ""),
    )
    markers = [path.get("d") for path in figure.findall(".//defs/path")]
    patterns = [path.get("d") for path in figure.findall(".//defs/pattern/path")]
    assert (len(set(markers)), len(set(patterns))) == (MAX_LINES, MAX_PARTS)
    css = (ROOT / "templates" / "site" / "charts.css").read_text("utf-8")
    dashes = re.findall(r"\.s([0-9]) > path \{ stroke-dasharray: ([0-9 ]+); \}", css)
    assert len({dash for _, dash in dashes}) == len(dashes) == MAX_LINES - 1  # the first is solid


def test_every_colour_is_visible_on_the_paper() -> None:
    css = (ROOT / "templates" / "site" / "charts.css").read_text("utf-8")
    papers = re.findall(
        "--paper: (#[0-9a-f]+)", (ROOT / "templates" / "report.css").read_text("utf-8")
    )
    schemes = css.split("prefers-color-scheme: dark")
    assert len(papers) == len(schemes) == 2
    for scheme, paper in zip(schemes, papers, strict=True):
        colours = re.findall("--s[0-9]: (#[0-9a-f]{6})", scheme)
        assert len(colours) == MAX_PARTS
        ground = paper.replace("#fff", "#ffffff") if len(paper) == 4 else paper
        assert all(contrast(colour, ground) >= 4.5 for colour in colours)


def test_a_chart_of_three_lines_over_ten_years_is_small() -> None:
    lines = [
        series(name, {year: (year * 7 + number) % 13 for year in range(2013, 2023)})
        for number, name in enumerate(("新收", "上年结转", "行政复议"))
    ]
    chart = line_chart("c1", "申请和复议", lines, "2022年新收7件，比上年多5件。")
    printed = len(page(chart).encode()) - len(page().encode())
    assert printed < 6000


def test_positions_have_no_needless_digits() -> None:
    drawing = page(
        line_chart("a", "图", [series("甲", {2008 + n: n * n for n in range(14)})], ""),
        bar_chart("b", "图", "件", ("甲", "乙", "丙"), bars((1, 1, 1), (3, 4, 7)), ""),
    )
    svg = "".join(re.findall(r"<svg.*?</svg>", drawing, re.DOTALL))
    numbers = re.findall(r'(?<=[ "MLHV])[0-9]+\.[0-9]+', svg)
    assert len(numbers) > 20
    assert [number for number in numbers if not re.fullmatch(r"[0-9]+\.[1-9]", number)] == []


@pytest.mark.parametrize(
    "lines",
    [
        [series("甲", {2022: -1})],
        [series("甲", {2022: 1}), series("乙", {2022: 1}, "万元")],
        [series("甲", {2022: 1})] * (MAX_LINES + 1),
        [],
    ],
)
def test_what_cannot_be_drawn_is_refused(lines: list[YearSeries]) -> None:
    with pytest.raises(ValueError, match=r"series|negative"):
        line_chart("c", "图", lines, "")


def test_a_negative_part_is_refused_even_if_the_sum_is_not_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        bar_chart("c", "图", "件", "甲乙", bars((5, -1)), "")


def test_more_parts_than_patterns_are_refused() -> None:
    with pytest.raises(ValueError, match="9 parts"):
        bar_chart("c", "图", "件", "甲" * 9, bars([1] * 9), "")


# ── in a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        yield running


def all_charts() -> list[Chart | Multiples]:
    """Charts of all kinds and shapes."""
    lines = [line_chart(f"l{n}", name, SHAPES[name], "") for n, name in enumerate(SHAPES)]
    parts = [f"第{n}部分" for n in range(MAX_PARTS)]
    years = [Bar(2020, "2020年", ()), *bars(range(MAX_PARTS), range(8, 16), [0] * 8)]
    names = ("青山县教育局", "青山县人力资源和社会保障局", HOSTILE)
    units = [Bar(name, name, tuple(map(Value, range(2, 10)))) for name in names]
    numbers: dict[int, Number | Value | None] = {2018: 3, 2019: SLASH, 2021: 0, 2022: 12}
    return [
        *lines,
        bar_chart("b1", "各年", "件", parts, years, ""),
        bar_chart("b2", "各单位", "件", parts, units, ""),
        small_multiples("m", "各单位", [UnitSeries(n, series(n, numbers)) for n in names * 3], ""),
    ]


SMALLEST_TEXT = """
return Math.min(...[...document.querySelectorAll("svg")].map(svg =>
  svg.getBoundingClientRect().width / svg.viewBox.baseVal.width *
  Math.min(...[...svg.querySelectorAll("text")].map(each =>
    parseFloat(getComputedStyle(each).fontSize)))));
"""


@pytest.mark.skipif(bool(WITHOUT_AXE), reason=WITHOUT_AXE)
def test_axe_finds_nothing_and_every_text_can_be_read(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "charts.html"
    file.write_text(page(*all_charts()), "utf-8")
    for scheme in SCHEMES:
        prefer(browser, scheme)
        for width in (*WIDTHS, 360):
            browser.size(width, 900)
            browser.open(file.as_uri())
            browser.run("for (const each of document.querySelectorAll('details')) each.open = true")
            assert findings(browser) == [], f"{scheme} {width}"
            assert browser.run(SMALLEST_TEXT) >= 12
            assert browser.run("return document.documentElement.scrollWidth") == width
    assert browser.complaints() == []
