"""Search and comparison in a real browser, from the disk and over http."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from nianbao.model.form import load_form
from nianbao.rendering.data.fields import cell_fields
from nianbao.site.history import (
    ChangeLine,
    ChangeLog,
    PublishedChange,
    ReportChanges,
    SkippedVersion,
)
from nianbao.site.search import SearchReport, sentence_parts
from tests.preview.browser import MISSING, Browser, browsing
from tests.site.small_site import make_unit, many_reports, render_page, sample, write_pages
from tests.test_accessibility import SCHEMES, WITHOUT_AXE, findings, prefer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.site.model import SiteUnit

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

EVIL = "</script><img src=x onerror=window.evil=1>\u2028"
STATUS = "document.getElementById('search-status').textContent"
COMPARED = "document.getElementById('compare-status').textContent"


@pytest.fixture(scope="module")
def units() -> list[SiteUnit]:
    return []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, units: list[SiteUnit]) -> Path:
    """The pages of four units, of which one has a hostile name, one reports of two editions."""
    scratch = tmp_path_factory.mktemp("reports")
    new, old = sample(2021), sample(2019)
    year = next(line for line in old.splitlines() if line.startswith("年度: "))
    changed = new.replace(
        "行政处罚: {本年处理决定数量: 2}", "行政处罚: {本年处理决定数量: {数值: 7, 注: 含跨年2件}}"
    )
    written = {
        ("wl", "文旅局"): [new],
        ("evil", f"甲{EVIL}局"): [
            changed.replace("加强政策宣贯", "宣贯ＡＢＣ１２３㈱"),
        ],
        ("both", "城管局"): [
            new.replace("年度: 2022", "年度: 2023").replace("2023-01", "2024-01"),
            old.replace(year, "年度: 2022"),
        ],
        ("某局", "某局"): [new.replace("年度: 2022", "年度: 2021")],
    }
    texts = []
    for (id_, name), reports in written.items():
        unit, found = make_unit(scratch, id_, name, reports)
        units.append(unit)
        texts += [
            (SearchReport(name, r.year, r.record.edition, r.href), data)
            for r, data in zip(unit.reports, found, strict=True)
        ]
    texts.sort(key=lambda each: -each[0].year)
    target = tmp_path_factory.mktemp("site")
    write_pages(target, units, texts)
    lines = (ChangeLine("一、总体情况", "文字有改动"), ChangeLine("", EVIL))
    change = PublishedChange("", "2023-03-01", lines)
    skipped = SkippedVersion("", "2023-03-02", EVIL)
    report = ReportChanges("wl/2022.yaml", EVIL, 2022, "2023-01-31", (change,), (skipped,))
    log = ChangeLog("", (report,))
    entries = log.entries({"wl/2022": "wl/2022.html"})
    page = {"log": log, "changes": entries, "skipped": log.skipped, "pages": []}
    (target / "changes.html").write_bytes(render_page("changes.html", "公布以后的改动", **page))
    return target


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without scripts of other origins or in the page."""

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'"
        )
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module", params=["file", "http"])
def top(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of the folder."""
    if request.param == "file":
        yield f"{folder.as_uri()}/"
        return
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        yield running


def complaints(browser: Browser) -> list[str]:
    """Return the browser's errors, except that of the icon which it requests by itself."""
    return [each for each in browser.complaints() if "favicon.ico" not in each]


def search(browser: Browser, words: str) -> str:
    """Search with the keyboard; return the counts."""
    field = browser.driver.find_element("id", "search-q")
    browser.run("document.getElementById('search-status').textContent = ''")
    field.clear()
    field.send_keys(words, Keys.ENTER)
    return str(browser.until(f"/正文 [0-9]+ 处$/.test({STATUS}) && {STATUS}"))


def open_page(browser: Browser, address: str) -> None:
    browser.open("about:blank")
    browser.open(address)
    browser.until("!document.querySelector('form.tool').hidden")


def hits(browser: Browser) -> list[list[str]]:
    """Address and marked text of each sentence found."""
    script = """return [...document.querySelectorAll('#search-texts li')].map(item =>
        [item.querySelector('a').getAttribute('href'), item.querySelector('mark').textContent])"""
    return browser.run(script)  # type: ignore[no-any-return]


def test_a_sentence_is_found_in_any_width_and_case_and_leads_to_its_section(
    top: str, browser: Browser
) -> None:
    open_page(browser, f"{top}search.html")
    assert search(browser, "贯abc123(株").endswith("正文 1 处")
    assert hits(browser) == [["evil/2022.html#s1", "贯ＡＢＣ１２３㈱"]]
    assert search(browser, "ＡＢＣ１２３").endswith("正文 1 处")
    assert hits(browser) == [["evil/2022.html#s1", "ＡＢＣ１２３"]]
    assert search(browser, "没有这样的话") == "单位和标题 0 处，正文 0 处"
    assert not browser.driver.find_element("id", "search-texts").is_displayed()
    assert complaints(browser) == []


def test_units_and_headings_are_found_while_one_types_without_the_sentences(
    top: str, browser: Browser
) -> None:
    open_page(browser, f"{top}search.html")
    browser.driver.find_element("id", "search-q").send_keys("城管")
    browser.until(f"{STATUS}.startsWith('单位和标题 1 处')")
    places = """return [...document.querySelectorAll('#search-places a')].map(link =>
        [link.getAttribute('href'), link.textContent])"""
    assert browser.run(places) == [["both/index.html", "城管局"]]
    loaded = "return performance.getEntriesByType('resource').map(e => e.name.split('/').pop())"
    assert "2022-1.js" not in browser.run(loaded)
    browser.driver.find_element("id", "search-q").clear()
    browser.driver.find_element("id", "search-q").send_keys("政务服务效能")
    browser.until(f"{STATUS}.startsWith('单位和标题 4 处')")
    found = browser.run(places)
    assert [href for href, _ in found] == [
        *("both/2023.html#s1", "wl/2022.html#s1", "evil/2022.html#s1"),
        f"{quote('某局')}/2021.html#s1",
    ]


def test_headings_of_the_form_are_listed_once_for_a_unit(top: str, browser: Browser) -> None:
    open_page(browser, f"{top}search.html#q={quote('平台建设')}")
    browser.until(f"/正文 [0-9]+ 处$/.test({STATUS})")
    links = """return [...document.querySelectorAll('#search-places a')].map(
        link => link.getAttribute('href').split('#')[0])"""
    found = browser.run(links)
    assert "both/2023.html" in found
    assert "both/2022.html" not in found
    open_page(browser, f"{top}search.html#q={quote('依申请公开')}&year=2022")
    browser.until(f"/正文 [0-9]+ 处$/.test({STATUS})")
    assert browser.run(links)


def test_a_search_stands_in_the_address_and_the_back_button_returns_to_it(
    top: str, browser: Browser
) -> None:
    open_page(browser, f"{top}search.html#q=%E7%9F%AD%E8%A7%86%E9%A2%91&year=2022")
    browser.until(f"/正文 [0-9]+ 处$/.test({STATUS})")
    years = {href.split("/")[1][:4] for href, _ in hits(browser)}
    assert years == {"2022"}
    assert browser.driver.find_element("id", "search-year").get_attribute("value") == "2022"
    search(browser, "抖音")
    browser.driver.back()
    browser.until("document.getElementById('search-q').value === '短视频'")
    browser.until("document.querySelector('#search-texts mark')?.textContent === '短视频'")
    browser.driver.forward()
    browser.until("document.querySelector('#search-texts mark')?.textContent === '抖音'")
    browser.run("location.hash = ''")
    browser.until("document.getElementById('search-texts').hidden")
    assert browser.run("return document.getElementById('search-q').value") == ""


def test_words_of_strangers_do_nothing_but_are_found(top: str, browser: Browser) -> None:
    open_page(browser, f"{top}search.html#q={quote(EVIL.strip())}")
    browser.until(f"{STATUS}.startsWith('单位和标题 1 处')")
    assert "onerror" in browser.run("return document.getElementById('search-places').textContent")
    open_page(browser, f"{top}compare.html#u=evil&u=wl")
    browser.until("document.querySelector('table.compared')")
    assert "<img" in browser.run("return document.querySelector('.compared thead').textContent")
    assert browser.run("return document.querySelectorAll('img').length") == 0
    assert browser.run("return window.evil") is None
    browser.open(f"{top}changes.html")
    assert "onerror" in browser.run("return document.querySelector('ul.changes').textContent")
    assert browser.run("return document.querySelectorAll('img').length") == 0
    assert browser.run("return window.evil") is None
    assert complaints(browser) == []


def test_of_many_results_only_the_first_are_shown_with_a_count(
    folder: Path, browser: Browser, tmp_path: Path
) -> None:
    target = tmp_path / "site"
    reports = many_reports(6000, "重复的话。\n又是重复的话。\n别的。")
    write_pages(target, [], [])
    for path, content in sentence_parts(2022, reports):
        (target / path).write_bytes(content)
    (target / "search/index.js").write_bytes(
        (folder / "search/index.js").read_bytes().replace(b"[2023,2022,2021]", b"[2022]")
    )
    assert len(list((target / "search").iterdir())) > 2
    open_page(browser, f"{target.as_uri()}/search.html")
    assert search(browser, "重复的话").endswith("正文 12000 处")
    assert len(browser.driver.find_elements("css selector", "#search-texts li")) == 201
    assert "还有 11800 处" in browser.run(
        "return document.getElementById('search-texts').innerText"
    )


def test_without_its_files_a_page_says_so(browser: Browser, tmp_path: Path) -> None:
    write_pages(tmp_path / "site", [], [])
    (tmp_path / "site/search/index.js").unlink()
    (tmp_path / "site/compare/index.js").unlink()
    browser.open(f"{(tmp_path / 'site').as_uri()}/search.html#q=x")
    browser.until(f"{STATUS}.includes('读不到')")
    browser.open(f"{(tmp_path / 'site').as_uri()}/compare.html")
    browser.until(f"{COMPARED}.includes('读不到')")


def table_cells(browser: Browser) -> dict[str, list[str]]:
    """The cells of the comparison by the path of their line."""
    script = """return [...document.querySelectorAll('tr[data-path]')].map(row =>
        [row.dataset.path, [...row.querySelectorAll('td')].map(cell => cell.textContent)])"""
    return dict(browser.run(script))


def test_units_are_compared_cell_by_cell_as_in_their_reports(
    top: str, browser: Browser, units: list[SiteUnit]
) -> None:
    open_page(browser, f"{top}compare.html#u=wl&u=evil&y=2022&d=1")
    browser.until("document.querySelector('table.compared')")
    reports = [units[0].reports[0], units[1].reports[0]]
    fields = cell_fields(load_form(2021))
    expected = {
        field.path: [
            value.text + (f"（{value.note}）" if value.note else "")
            for report in reports
            for value in [report.record.values[number]]
        ]
        for number, field in enumerate(fields)
    }
    assert table_cells(browser) == expected
    assert ["2", "7（含跨年2件）"] in expected.values()
    browser.driver.find_element("name", "d").click()
    browser.until("!location.hash.includes('d=1') && document.querySelector('caption').isConnected")
    browser.until(f"document.querySelectorAll('tr[data-path]').length < {len(fields)}")
    # What all lines have in common stands in the caption.
    heads = "return [...document.querySelectorAll('.compared tbody th')].map(e => e.textContent)"
    assert not [head for head in browser.run(heads) if "总计（" in head or "申请人情况" in head]
    captions = "return [...document.querySelectorAll('.compared caption')].map(e => e.textContent)"
    assert "三、收到和处理政府信息公开申请情况（件，只列总计）" in browser.run(captions)
    fewer = table_cells(browser)
    assert fewer.items() < expected.items()
    assert complaints(browser) == []


def test_the_choice_is_kept_in_the_address_and_made_with_the_keyboard(
    top: str, browser: Browser
) -> None:
    open_page(browser, f"{top}compare.html")
    assert browser.until(COMPARED) == "选两个到五个单位"
    browser.run("document.getElementById('compare-u1').focus()")
    for word in ("文", "城", "某"):
        ActionChains(browser.driver).send_keys(word, Keys.TAB).perform()
    browser.until("document.querySelectorAll('.compared thead a').length > 0")
    browser.until(
        "new URLSearchParams(location.hash.slice(1)).getAll('u').join() === 'wl,both,某局'"
    )
    address = browser.run("return location.href")
    browser.driver.back()
    browser.until("new URLSearchParams(location.hash.slice(1)).getAll('u').join() === 'wl,both'")
    browser.until("document.getElementById('compare-u3').value === ''")
    open_page(browser, address)
    values = "[...document.querySelectorAll('[name=u]')].map(select => select.value).join()"
    assert browser.until(f"{COMPARED} && {values}") == "wl,both,某局,,"


def test_a_unit_of_another_edition_or_without_a_report_is_named_not_mixed(
    top: str, browser: Browser
) -> None:
    open_page(browser, f"{top}compare.html#u=wl&u=evil&u=both&u={quote('某局')}&y=2022")
    browser.until("document.querySelector('table.compared')")
    words = browser.run(f"return {COMPARED}")
    assert words.startswith("2022年。文旅局、甲")
    assert "没有这一年的年报：某局" in words
    assert "这一年用的是另一版格式，数不能并列：城管局" in words
    heads = browser.run(
        "return document.querySelectorAll('.compared thead')[0].rows[0].cells.length"
    )
    assert heads == 3
    # Of an unknown unit, a sixth unit, or a year without reports, nothing is shown.
    open_page(browser, f"{top}compare.html#u=both&u=nobody&u=__proto__&y=1999")
    browser.until("document.querySelector('table.compared')")
    assert browser.run(f"return {COMPARED}") == "2023年。城管局"
    assert complaints(browser) == []


@pytest.mark.parametrize(
    "name", ["search.html#q=政府", "compare.html#u=wl&u=evil&d=1", "changes.html"]
)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.skipif(bool(WITHOUT_AXE), reason=WITHOUT_AXE)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    name: str, width: int, folder: Path, browser: Browser
) -> None:
    browser.size(width, 844)
    browser.open("about:blank")
    browser.open(f"{folder.as_uri()}/{name}")
    browser.until("document.querySelector('mark, .compared, ul.changes')")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.run(f"return {wide}") == 0
    for scheme in SCHEMES:
        prefer(browser, scheme)
        assert findings(browser) == []
