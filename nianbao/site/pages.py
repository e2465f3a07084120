"""Render the pages of the site, in groups of pages that have the same inputs."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

from nianbao.build.digests import add_to_digest
from nianbao.model.schema import load_schema
from nianbao.rendering.data.records import CELLS, DICTIONARY, REPORTS
from nianbao.rendering.document import file_label
from nianbao.rendering.json_ld import script_json
from nianbao.rendering.templates import render
from nianbao.site import addresses
from nianbao.site.comparison import year_tables
from nianbao.site.comparison_data import PAGE as COMPARISON
from nianbao.site.comparison_data import SCRIPTS as COMPARISON_SCRIPTS
from nianbao.site.comparison_data import comparison_index, comparison_unit
from nianbao.site.figures import FIGURES, terms
from nianbao.site.files import write_files
from nianbao.site.history import PAGE as CHANGES
from nianbao.site.model import by_name
from nianbao.site.paging import PageNumber, split_pages
from nianbao.site.search import PAGE as SEARCH
from nianbao.site.search import SCRIPTS as SEARCH_SCRIPTS
from nianbao.site.search import SearchReport, search_index, sentence_parts, sentences
from nianbao.site.unit_charts import unit_charts, unit_sentences
from nianbao.site.year_overview import sum_charts, unit_bars, unit_panels, year_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.model.report import Number
    from nianbao.site.charts import Chart, Multiples
    from nianbao.site.comparison import YearTable
    from nianbao.site.history import ChangeEntry, ChangeLog
    from nianbao.site.model import Site, SiteReport, SiteUnit, SiteYear, UnitLink
    from nianbao.site.open_data import DataYear
    from nianbao.workspace.settings import Settings

_HOME_YEARS: Final = 5
_FEED_ENTRIES: Final = 100
_ROW_WEIGHT: Final = 400  # about the bytes of a report in the list of a year
# A site map may list 50,000 addresses (sitemaps.org).
_SITEMAP_SIZE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The values that every page of a site shows.

    `templates`: the repository's templates folder.
    `name`: the name of the site, or "".
    `latest`: the newest year with a report.
    `unit_count`: the number of units.
    """

    templates: Path
    settings: Settings
    name: str
    latest: int
    unit_count: int


class YearRow(NamedTuple):
    """A report in the list of a year.

    `name`: the name of the unit.
    `unit_href`, `href`: the addresses of the pages of the unit and of the report.
    `date`: the date of publication in ISO 8601.
    `figures`: the numbers of the main figures, in the order of FIGURES.
    `is_counted`: True if the figures are added up for the year.
    """

    name: str
    unit_href: str
    href: str
    date: str
    figures: tuple[Number | None, ...]
    is_counted: bool


class YearView(NamedTuple):
    """The list of the reports of a year, sorted by the names of the units.

    `labels`, `totals`: the labels and the sums of the main figures, in the order of FIGURES.
    `counted`: the number of reports that are added up.
    `missing`: the units without a report.
    `late`: the reports that were published after the deadline.
    `sentences`, `chart`: a description of the numbers of the year.
    `years`: all years with a report.
    """

    year: int
    labels: tuple[str, ...]
    rows: tuple[YearRow, ...]
    totals: tuple[Number | None, ...]
    counted: int
    missing: tuple[UnitLink, ...]
    late: tuple[YearRow, ...]
    sentences: tuple[str, ...]
    chart: Chart | None
    years: tuple[int, ...]


class UnitRow(NamedTuple):
    """A unit in the list of all units.

    `href`: the address of the unit's page.
    `level`: the depth of the unit in the roster, counted from 0.
    `years`: the years with a report.
    """

    name: str
    href: str
    level: int
    years: tuple[int, ...]


class HomeView(NamedTuple):
    """The content of the home page.

    `years`: the newest years, each with the number of its reports.
    `totals`: the label of each main figure, and its sums in these years.
    `all_years`: all years with a report, the newest first.
    `report_count`: the number of all reports.
    `sentences`: a description of the numbers of the newest year.
    `charts`: charts of the sums and of the units.
    `missing`: the units without a report on the newest year.
    `late`: the number of reports on the newest year that were published late.
    `counted`: the number of reports on the newest year that are added up.
    """

    years: tuple[tuple[int, int], ...]
    totals: tuple[tuple[str, tuple[Number | None, ...]], ...]
    units: tuple[UnitRow, ...]
    all_years: tuple[int, ...]
    report_count: int
    sentences: tuple[str, ...]
    charts: tuple[Chart | Multiples, ...]
    missing: tuple[UnitLink, ...]
    late: int
    counted: int


class ReportLink(NamedTuple):
    """A report as an entry of the feed and of the site map.

    `unit`: the name of the unit.
    `body`: 机关 as written in the report.
    `date`: the date of publication in ISO 8601.
    """

    unit: str
    body: str
    year: int
    href: str
    date: str


# Small and picklable, because groups are sent to other processes.
@dataclass(frozen=True, slots=True)
class PageGroup:
    """Pages that depend on the same inputs.

    `name`: identifies the group.
    `digest`: a digest of all inputs.
    `make`: returns the content of each file by its path.
    `view`: a function that returns the argument of `make`; None if `make` has no argument.
    `here`: True if `make` must run in the main process, because it starts processes itself.
    """

    name: str
    digest: str
    make: Callable[..., Mapping[str, bytes]]
    view: Callable[[], object] | None = None
    here: bool = False

    def with_view(self) -> PageGroup:
        """Return an equal group that can be pickled.

        The view is an argument of its `make`, and no longer its `view`.
        """
        return replace(self, make=partial(self.make, self.view()), view=None) if self.view else self


@dataclass(frozen=True, slots=True)
class Crumb:
    """An entry of the breadcrumb at the top of a page.

    `text`: the title of a page.
    `href`: the address of that page, or "" for the current page.
    """

    text: str
    href: str = ""


def make_frame(site: Site, templates: Path) -> Frame:
    """Return the values that every page of a site shows.

    `templates`: the templates folder of the repository.
    """
    settings = site.settings
    name = settings.style.emblem or settings.site.get("SiteName", "")
    return Frame(templates, settings, name, site.years[0].year, len(site.units))


def frame_key(frame: Frame, environment: str) -> str:
    """Return a digest of the inputs that all pages have in common.

    `environment`: a digest of the program, the templates and the settings.
    """
    return add_to_digest(environment, frame.name, frame.latest, frame.unit_count)


def page_groups(site: Site, frame: Frame, key: str, folder: Path) -> Iterator[PageGroup]:
    """Yield the groups of pages of all units and years, and the data of search and comparison.

    `key`: the digest that `frame_key` returns.
    `folder`: the folder of the site, with the JSON files of the reports.
    """
    make: Callable[..., Mapping[str, bytes]]
    for unit in site.units:
        make = partial(unit_pages, frame, unit)
        reports = [report.key for report in unit.reports]
        yield PageGroup(f"unit/{unit.id}", add_to_digest(key, unit.id, unit.name, reports), make)
    years = tuple(year.year for year in site.years)
    for year in site.years:
        before = site.year(year.year - 1)
        inputs = (year.key, before and before.key, years)
        view = partial(_year_view, year, before, years)
        make = partial(year_pages, frame)
        yield PageGroup(f"year/{year.year}", add_to_digest(key, *inputs), make, view)
        texts = [_search_report(unit, report) for unit, report in year.entries]
        digests = [report.digest for _, report in year.entries]
        yield PageGroup(
            f"search/{year.year}",
            add_to_digest(key, texts, digests),
            partial(sentence_files, folder, year.year, texts),
        )
    indexes = _indexes(site)
    yield PageGroup("indexes", add_to_digest(key, indexes), partial(dict, indexes))


def site_groups(
    site: Site, frame: Frame, key: str, data: Sequence[DataYear]
) -> Iterator[PageGroup]:
    """Yield two groups: the home page, and the files that `other_files` returns.

    `key`: the digest that `frame_key` returns.
    `data`: the open data of all years.
    """
    home = _home_view(site)
    yield PageGroup("home", add_to_digest(key, home), partial(home_pages, frame, home))
    reports = [
        ReportLink(unit.name, r.record.body, r.year, r.href, r.date)
        for unit in site.units
        for r in unit.reports
    ]
    others = partial(other_files, frame, home, reports, data)
    yield PageGroup("others", add_to_digest(key, home, reports, data), others)


def sentence_files(folder: Path, year: int, reports: Sequence[SearchReport]) -> dict[str, bytes]:
    """Return the search scripts with the sentences of a year's reports, by path.

    `folder`: the folder of the site, with the JSON files of the reports.
    """
    files = (folder / f"{unquote(report.href).removesuffix('.html')}.json" for report in reports)
    texts = (sentences(json.loads(file.read_bytes())) for file in files)
    return dict(sentence_parts(year, zip(reports, texts, strict=True)))


def change_pages(frame: Frame, log: ChangeLog, hrefs: Mapping[str, str]) -> dict[str, bytes]:
    """Return the pages that list the changes after publication, by path.

    `hrefs`: the address of each report's page, by report path without suffix.
    """

    def page(shown: Sequence[ChangeEntry], number: PageNumber) -> bytes:
        return _render(
            frame,
            "changes.html",
            addresses.numbered(CHANGES, number.number),
            _numbered_title("公布后的改动", number),
            crumbs=[Crumb("公布后的改动")],
            log=log,
            changes=shown,
            skipped=log.skipped if number.number == 1 else [],
            pages=_page_links(number, partial(addresses.numbered, CHANGES)),
        )

    pages = split_pages(log.entries(hrefs), page, lambda entry: entry.weight)
    return {addresses.numbered(CHANGES, n): content for n, content in enumerate(pages, 1)}


def _indexes(site: Site) -> dict[str, bytes]:
    """Return the scripts, by path, that the pages of search and comparison load first."""
    reports = [
        (_search_report(unit, report), report.headings)
        for year in site.years
        for unit, report in year.entries
    ]
    names = [(unit.name, unit.href) for unit in site.units]
    return search_index(names, reports) | comparison_index(site.units)


def _search_report(unit: SiteUnit, report: SiteReport) -> SearchReport:
    return SearchReport(unit.name, report.year, report.record.edition, report.href)


def write_groups(groups: Sequence[PageGroup], folder: Path) -> list[dict[str, str]]:
    """Write the files of each group.

    `folder`: the folder of the site.

    Return, for each group, the digest of each file's content by path.
    Raises TemplateError if a template is invalid, UserError if a file can't be written.
    """
    return [write_files(folder, group.make()) for group in groups]


def unit_pages(frame: Frame, unit: SiteUnit) -> dict[str, bytes]:
    """Return the pages of a unit and its script for the comparison, by path."""
    tables = year_tables(unit.reports)
    newest = unit.reports[0]
    figures = [
        (
            figure.label(newest.record.edition),
            [r.figure(figure, newest.record.edition) for r in unit.reports],
        )
        for figure in FIGURES
    ]
    charts = unit_charts(unit.reports)
    names = sorted({r.record.body for r in unit.reports} - {unit.name}, key=by_name)
    title = f"{unit.name}历年年报"

    def page(shown: Sequence[YearTable], number: PageNumber) -> bytes:
        path = addresses.unit_page(unit.id, number.number)
        return _render(
            frame,
            "unit.html",
            path,
            _numbered_title(title, number),
            crumbs=[Crumb(unit.name)],
            data=_unit_data(frame, unit) if number.number == 1 else None,
            unit=unit,
            figures=figures,
            charts=charts,
            sentences=unit_sentences(unit.reports) if number.number == 1 else (),
            terms=terms(),
            former_names=names,
            sections=[(t, list(of)) for t, of in groupby(shown, key=lambda each: each.section)],
            pages=_page_links(number, lambda each: addresses.unit_page(unit.id, each)),
            is_first=number.number == 1,
        )

    pages = split_pages(tables, page, lambda table: table.weight, head=_head_weight(unit, charts))
    found = {addresses.unit_page(unit.id, n): content for n, content in enumerate(pages, 1)}
    return found | comparison_unit(unit)


def _head_weight(unit: SiteUnit, charts: Sequence[Chart]) -> int:
    """Estimate how many bytes the first page of a unit has besides its tables."""
    return 5000 + 700 * len(unit.reports) + _chart_weight(charts)


def _chart_weight(charts: Sequence[Chart]) -> int:
    """Estimate how many bytes charts have on a page."""
    marks = sum(len(layer.marks) for chart in charts for layer in chart.layers)
    return 1500 * len(charts) + 130 * marks


def year_pages(frame: Frame, year: YearView) -> dict[str, bytes]:
    """Return the pages of a year by path.

    There is a list of reports for each order: by unit name, and by each main figure.
    A further list contains the units without a report.
    """
    found: dict[str, bytes] = {}
    count = 1
    for index, figure in enumerate((None, *FIGURES), -1):
        key = figure.key if figure else ""

        by = year.labels[index] if figure else "单位名称"

        def page(
            shown: Sequence[YearRow], number: PageNumber, key: str = key, by: str = by
        ) -> bytes:
            title = f"{year.year}年度各单位年报" + (f"（按{by}排列）" if key else "")
            return _render(
                frame,
                "year.html",
                addresses.year_page(year.year, key, number.number),
                _numbered_title(title, number),
                crumbs=[Crumb(f"{year.year}年度")],
                year=year,
                keys=[figure.key for figure in FIGURES],
                rows=shown,
                sorted_by=key,
                by=by,
                is_first=not key and number.number == 1,
                pages=_page_links(number, partial(addresses.year_page, year.year, key)),
            )

        # Equal figures stay in the order of names.
        rows = sorted(year.rows, key=partial(_rank, index)) if figure else year.rows
        head = 0 if figure or not year.chart else _chart_weight([year.chart])
        pages = split_pages(rows, page, lambda _: _ROW_WEIGHT, count, head)
        count = len(pages)
        found |= {addresses.year_page(year.year, key, n): each for n, each in enumerate(pages, 1)}
    return found | _missing_pages(frame, year)


def _rank(index: int, row: YearRow) -> tuple[bool, Number]:
    """Return a key that sorts by a main figure: the largest number first, rows without number last.

    `index`: the index of the figure in FIGURES.
    """
    number = row.figures[index]
    return number is None, -(number or 0)


def _missing_pages(frame: Frame, year: YearView) -> dict[str, bytes]:
    if not year.missing:
        return {}

    def page(shown: Sequence[UnitLink], number: PageNumber) -> bytes:
        return _render(
            frame,
            "missing.html",
            addresses.year_page(year.year, "missing", number.number),
            _numbered_title(f"{year.year}年度没有年报的单位", number),
            crumbs=[Crumb(f"{year.year}年度", f"years/{year.year}.html"), Crumb("没有年报的单位")],
            year=year,
            units=shown,
            pages=_page_links(number, partial(addresses.year_page, year.year, "missing")),
        )

    pages = split_pages(year.missing, page)
    return {addresses.year_page(year.year, "missing", n): each for n, each in enumerate(pages, 1)}


def home_pages(frame: Frame, home: HomeView) -> dict[str, bytes]:
    """Return the home page and the further pages of its list of units, by path."""

    def page(shown: Sequence[UnitRow], number: PageNumber) -> bytes:
        first = number.number == 1
        return _render(
            frame,
            "home.html" if first else "units.html",
            addresses.home_page(number.number),
            _title(frame) if first else _numbered_title("各单位年报", number),
            crumbs=[] if first else [Crumb("各单位")],
            data=_site_data(frame, home) if first else None,
            home=home,
            units=shown,
            terms=terms(),
            pages=_page_links(number, addresses.home_page),
        )

    pages = split_pages(home.units, page)
    return {addresses.home_page(n): content for n, content in enumerate(pages, 1)}


def other_files(
    frame: Frame, home: HomeView, reports: Sequence[ReportLink], data: Sequence[DataYear]
) -> dict[str, bytes]:
    """Return the files that belong neither to a unit nor to a year, by path.

    Examples are about.html, search.html and the style sheet.
    Feed and site map are included only if the settings have the site's address.
    """
    names = {
        addresses.ABOUT: ("about.html", "关于本站"),
        addresses.DATA: ("data.html", "开放数据"),
        addresses.NOT_FOUND: ("404.html", "没有这一页"),
        SEARCH: ("search.html", "查找"),
        COMPARISON: ("compare.html", "单位对比"),
    }
    found = {
        path: _render(
            frame,
            template,
            path,
            title,
            crumbs=[Crumb(title)],
            terms=terms(),
            home=home,
            years=home.all_years,
            example=reports[0],
            packages=data,
            columns=[("reports", REPORTS), ("cells", CELLS), ("dictionary", DICTIONARY)],
        )
        for path, (template, title) in names.items()
    }
    found |= {name: _text(frame, name) for name in {*SEARCH_SCRIPTS, *COMPARISON_SCRIPTS}}
    found[addresses.STYLE] = _text(frame, "_styles.html")
    found[addresses.ROBOTS] = _text(frame, "robots.txt")
    if frame.settings.address:
        newest = sorted(reports, key=lambda each: (each.date, each.href), reverse=True)
        entries = newest[:_FEED_ENTRIES]
        found[addresses.FEED] = _text(frame, "feed.xml", title=_title(frame), entries=entries)
        found |= _sitemaps(frame, home, reports)
    return found


def _sitemaps(frame: Frame, home: HomeView, reports: Sequence[ReportLink]) -> dict[str, bytes]:
    """Return the site map by path; if it is too long, an index and several site maps."""
    pages = [
        ("", ""),
        (addresses.ABOUT, ""),
        (CHANGES, ""),
        (addresses.DATA.removesuffix(addresses.HOME), ""),
    ]
    pages += [(addresses.year_page(year), "") for year in home.all_years]
    pages += [(unit.href.removesuffix(addresses.HOME), "") for unit in home.units]
    pages += [(report.href, report.date) for report in reports]
    parts = [pages[n : n + _SITEMAP_SIZE] for n in range(0, len(pages), _SITEMAP_SIZE)]
    if len(parts) == 1:
        return {addresses.SITEMAP: _text(frame, "sitemap.xml", pages=pages, parts=())}
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    found = {
        name: _text(frame, "sitemap.xml", pages=part, parts=())
        for name, part in zip(names, parts, strict=True)
    }
    return found | {addresses.SITEMAP: _text(frame, "sitemap.xml", pages=(), parts=names)}


def _title(frame: Frame) -> str:
    return f"{frame.name}{load_schema()['title']}"


def _render(
    frame: Frame,
    template: str,
    path: str,
    title: str,
    *,
    data: object = None,
    **content: Any,
) -> bytes:
    """Return the page at `path`, rendered from a template.

    `data`: an object that is written into the page as JSON-LD, or None. `content`: the variables of
    the template.
    """
    top = addresses.top(path)
    canonical = addresses.url(path).removesuffix(addresses.HOME) if frame.settings.address else ""
    page = {
        "path": path,
        # A page that is shown in place of a missing one can be at any address.
        "top": frame.settings.address if path == addresses.NOT_FOUND else top,
        "title": title,
        "canonical": frame.settings.address + canonical if frame.settings.address else "",
        "data": script_json(data) if data else "",
    }
    return _text(frame, template, page=page, **content)


def _text(frame: Frame, template: str, **content: Any) -> bytes:
    extra = {"site": frame, "file_label": file_label, **content}
    return render(frame.templates, f"site/{template}", "html", None, **extra).encode()


def _numbered_title(title: str, number: PageNumber) -> str:
    return title if number.number == 1 else f"{title}（第{number.number}页）"


def _page_links(number: PageNumber, path: Callable[[int], str]) -> list[tuple[int, str]]:
    """Return number and address of each page of a list; [] if the list has only one page.

    The address of the current page is "". `number`: the number of the current page. `path`: returns
    the path of the page with a number.
    """
    if number.last == 1:
        return []
    return [
        (each, "" if each == number.number else addresses.url(path(each)))
        for each in range(1, number.last + 1)
    ]


def _unit_data(frame: Frame, unit: SiteUnit) -> object:
    """Return a description of a unit's reports as JSON-LD (schema.org)."""
    up = addresses.top(addresses.unit_page(unit.id))
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": f"{unit.name}{load_schema()['title']}",
        "inLanguage": "zh-CN",
        "creator": {"@type": "GovernmentOrganization", "name": unit.name},
        "dataset": [_report_data(frame, report, up) for report in unit.reports],
    }


def _report_data(frame: Frame, report: SiteReport, up: str) -> object:
    return {
        "@type": "Dataset",
        "name": f"{report.record.body}{report.year}年{load_schema()['title']}",
        "description": f"{report.record.body}{report.year}年的{load_schema()['title']}",
        "temporalCoverage": f"{report.year}-01-01/{report.year}-12-31",
        "datePublished": report.date,
        "url": (frame.settings.address or up) + report.href,
    }


def _site_data(frame: Frame, home: HomeView) -> object:
    """Return a description of the site as JSON-LD (schema.org)."""
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": _title(frame),
        "inLanguage": "zh-CN",
        "temporalCoverage": f"{home.all_years[-1]}-01-01/{home.all_years[0]}-12-31",
        "url": frame.settings.address or addresses.HOME,
    }


def _year_view(year: SiteYear, before: SiteYear | None, years: tuple[int, ...]) -> YearView:
    counted = {report.unit for report in year.counted}

    def rows(entries: Sequence[tuple[SiteUnit, SiteReport]]) -> tuple[YearRow, ...]:
        entries = sorted(entries, key=lambda entry: (by_name(entry[0].name), entry[0].id))
        return tuple(
            YearRow(
                unit.name,
                unit.href,
                report.href,
                report.date,
                tuple(map(report.figure, FIGURES)),
                unit.id in counted,
            )
            for unit, report in entries
        )

    return YearView(
        year.year,
        tuple(figure.label(year.edition) for figure in FIGURES),
        rows(year.entries),
        tuple(map(year.total, FIGURES)),
        len(year.counted),
        year.missing,
        rows(year.late),
        year_sentences(year, before),
        unit_bars(year) if len(year.counted) > 1 else None,
        years,
    )


def _home_view(site: Site) -> HomeView:
    years = site.years[:_HOME_YEARS]
    latest = years[0]
    edition = latest.edition
    return HomeView(
        tuple((year.year, len(year.entries)) for year in years),
        tuple(
            (
                figure.label(edition),
                tuple(year.total(figure, edition) for year in years),
            )
            for figure in FIGURES
        ),
        tuple(UnitRow(unit.name, unit.href, unit.level, unit.years) for unit in site.units),
        tuple(year.year for year in site.years),
        len(site.reports),
        year_sentences(latest, site.year(latest.year - 1)),
        sum_charts(years) + ((panels,) if (panels := unit_panels(years)) else ()),
        latest.missing,
        len(latest.late),
        len(latest.counted),
    )
