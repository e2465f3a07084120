"""The preview in a real browser follows edits without a reload."""

from __future__ import annotations

import shutil
import signal
import socket
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.county.counties import make_county, name_of
from tests.preview.browser import MISSING, Browser, browsing
from tests.preview.server_process import Served, serving
from tests.support import ROOT, SEED, run_cli, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

NAME = "reports/2022.yaml"
PAGE = "document.querySelector('iframe').contentDocument"
WINDOW = "document.querySelector('iframe').contentWindow"
TEXT = f"{PAGE}.body.innerText"
SUMMARY = "document.getElementById('summary').textContent"
FINDINGS = "document.getElementById('findings').textContent"
NOTICE = "document.getElementById('notice').textContent"
READY = f"{PAGE}.querySelector('h1') && {PAGE}.readyState === 'complete'"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_repo(tmp_path, **{"2022": SEED.read_bytes()})


@pytest.fixture
def served(root: Path, browser: Browser) -> Iterator[Served]:
    """The preview of the seed, open in the browser; that it is never loaded again is marked."""
    with serving(root) as running:
        browser.size(1280, 900)
        browser.open(running.address)
        browser.until(READY)
        browser.run(f"window.loaded = {PAGE}.loaded = 'once'")
        yield running
        assert browser.run("return window.loaded") == "once"


def edit(file: Path, old: str, new: str) -> None:
    """Save a file as editors do: write a temporary file, then rename it."""
    text = file.read_text("utf-8")
    assert old in text
    next_to = file.with_name(".save")
    next_to.write_text(text.replace(old, new, 1), "utf-8")
    next_to.replace(file)


@pytest.mark.usefixtures("served")
def test_an_edit_is_known_and_the_reader_stays_where_he_was(root: Path, browser: Browser) -> None:
    browser.run(f"{WINDOW}.scrollTo(0, 700)")
    edit(root / NAME, "机关: 古县", "机关: 新县")
    browser.until(f"{TEXT}.includes('新县文化和旅游局')")
    assert browser.run(f"return {WINDOW}.scrollY") == 700
    assert browser.run(f"return {PAGE}.loaded") == "once", "the frame was changed, not reloaded"
    (root / NAME).write_text((root / NAME).read_text("utf-8").replace("新县", "旧县"), "utf-8")
    browser.until(f"{TEXT}.includes('旧县文化和旅游局')")
    assert browser.complaints() == []


@pytest.mark.usefixtures("served")
def test_a_finding_comes_and_goes(root: Path, browser: Browser) -> None:
    before = browser.run(f"return {SUMMARY}")
    edit(root / NAME, "总计: 0}", "总计: 7}")
    browser.until(f"{FINDINGS}.includes('总计是 7，各项之和是 0')")
    assert browser.run(f"return {SUMMARY}") != before
    assert browser.run("return document.title").startswith(browser.run(f"return {SUMMARY}"))
    edit(root / NAME, "总计: 7}", "总计: 0}")
    browser.until(f"{SUMMARY} === '{before}'")
    assert "总计是 7" not in browser.run(f"return {FINDINGS}")


@pytest.mark.usefixtures("served")
def test_a_file_that_yaml_cannot_read_keeps_the_last_page(root: Path, browser: Browser) -> None:
    edit(root / NAME, "机关: 古县", "机关: [古县")
    browser.until(f"{SUMMARY}.startsWith('1 个错误')")
    assert "reports/2022.yaml:4:" in browser.run(f"return {FINDINGS}")
    assert "以前的样子" in browser.run(f"return {NOTICE}")
    assert "古县文化和旅游局" in browser.run(f"return {TEXT}")
    edit(root / NAME, "机关: [古县", "机关: 新县")
    browser.until(f"{TEXT}.includes('新县文化和旅游局')")
    assert browser.run(f"return {NOTICE}") == ""


def test_a_file_that_begins_broken_is_shown_once_it_is_fixed(
    tmp_path: Path, browser: Browser
) -> None:
    root = write_repo(tmp_path, **{"2022": "机关: ["})
    with serving(root) as running:
        browser.open(running.address)
        assert "改好以后" in browser.until(NOTICE)
        (root / NAME).write_bytes(SEED.read_bytes())
        browser.until(READY)
        browser.until(f"{NOTICE} === ''")


@pytest.mark.usefixtures("served")
def test_a_click_on_a_finding_shows_the_file_and_the_line(root: Path, browser: Browser) -> None:
    first = browser.driver.find_element("css selector", "summary")
    assert "P301" in first.text
    first.click()
    assert browser.run("return document.querySelector('[open] code').innerText") == f"{NAME}:15:27"
    meant = "return document.querySelector('[open] .meant').innerText"
    assert browser.run(meant).replace("\t", "").strip().startswith("15")
    assert browser.run("return document.querySelector('[open] mark').innerText") == "1"
    # It stays open, and the keyboard on it, though its line moves.
    edit(root / NAME, "引言: |", "# 一行\n引言: |")
    browser.until(f"document.querySelector('[open] code')?.innerText === '{NAME}:16:27'")
    assert browser.run("return document.activeElement.matches('[open] > summary')")


@pytest.mark.usefixtures("served")
def test_a_finding_and_its_mark_lead_to_each_other(browser: Browser) -> None:
    marks = f"[...{PAGE}.querySelectorAll('.finding-mark')]"
    browser.run(f"{marks}.find(mark => mark.innerText.endsWith('1')).click()")
    assert browser.run("return document.querySelector('[open] .rule').innerText") == "P301"
    assert browser.run(f"return {PAGE}.querySelectorAll('.shown').length") == 1
    browser.run(f"{WINDOW}.scrollTo(0, 0)")
    summaries = browser.driver.find_elements("css selector", "summary")
    summaries[1].click()
    box = f"{PAGE}.querySelector('.shown').getBoundingClientRect()"
    assert browser.run(f"return {PAGE}.querySelector('.shown').innerText")[1:] == "2"
    assert 0 <= browser.run(f"return {box}.top") < browser.run(f"return {WINDOW}.innerHeight")
    assert browser.complaints() == []


def test_a_new_report_is_shown_whole_and_its_marks_go_one_by_one(
    tmp_path: Path, browser: Browser
) -> None:
    root = write_repo(tmp_path)
    assert run_cli(["new", "2022"], root).returncode == 0
    report = root / NAME
    with serving(root) as running:
        browser.open(running.address)
        browser.until(READY)
        ribbon = f"{PAGE}.querySelector('.draft').textContent"
        blanks = f"return {PAGE}.querySelectorAll('td .blank').length"
        assert "还有 166 格" in browser.run(f"return {ribbon}")
        assert browser.run(blanks) == 166
        assert browser.run(f"return {PAGE}.querySelectorAll('table').length") == 6
        for left in (165, 164):
            edit(report, "件数: ,", "件数: 0,") if left == 165 else edit(
                report, "数量: }", "数量: 3}"
            )
            browser.until(f"{ribbon}.includes('还有 {left} 格')")
            assert browser.run(blanks) == left
        text = SEED.read_text("utf-8").replace("审结: 0, 总计: 0}", "审结: 0, 总计: 7}", 1)
        report.write_text(text, "utf-8")
        browser.until(f"{ribbon}.includes('都填了，还有 1 个错误')")
        marked = (
            f"return [...{PAGE}.querySelectorAll('td .error')].map(e => e.closest('td').innerText)"
        )
        assert [each.strip()[0] for each in browser.run(marked)] == ["7"]
        assert browser.run(blanks) == 0
        report.write_bytes(SEED.read_bytes())
        browser.until(f"!{PAGE}.querySelector('.draft')")


@pytest.mark.usefixtures("served")
def test_everything_can_be_done_with_the_keyboard(browser: Browser) -> None:
    for _ in range(2):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        if browser.run("return document.activeElement.tagName") == "SUMMARY":
            break
    ActionChains(browser.driver).send_keys(Keys.ENTER).perform()
    assert browser.until("document.querySelector('[open] .meant')")
    ActionChains(browser.driver).send_keys(Keys.TAB).perform()
    assert browser.run("return document.activeElement.className") == "copy"


@pytest.mark.usefixtures("served")
def test_a_template_of_ones_own_is_known_and_its_scripts_do_not_run(
    root: Path, browser: Browser
) -> None:
    (root / "templates").mkdir()
    (root / "templates/report.html").write_text(
        "<title>甲</title><h1 style='color: #010203' onclick='document.title=1'>我们的样子</h1>"
        "<script>document.querySelector('h1').textContent = '脚本'; parent.loaded = 'run'</script>"
        "<img src=x onerror='parent.loaded = 1'><a href='javascript:parent.loaded=2'>链接</a>",
        "utf-8",
    )
    browser.until(f"{TEXT}.includes('我们的样子')")
    browser.run(f"{PAGE}.querySelector('a').click(); {PAGE}.querySelector('h1').click()")
    assert browser.run(f"return {PAGE}.title") == "甲"
    colour = f"return getComputedStyle({PAGE}.querySelector('h1')).color"
    assert browser.run(colour) == "rgb(1, 2, 3)"


@pytest.mark.usefixtures("served")
def test_a_template_reaches_no_other_address(root: Path, browser: Browser) -> None:
    (root / "templates").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.setblocking(False)
        there = f"http://127.0.0.1:{stranger.getsockname()[1]}/"
        (root / "templates/report.html").write_text(
            f"<meta http-equiv=refresh content='0;url={there}'><link rel=stylesheet href={there}>"
            f"<link rel=prefetch href={there}><link rel=preconnect href={there}><img src={there}>"
            f"<iframe src={there}></iframe><iframe srcdoc='<link rel=preconnect href={there}>'>"
            f"</iframe><svg><image href={there} /></svg><object data={there}></object>"
            "<h1>我们的样子</h1>"
            f"<p style='background: url({there})'><video src={there}></video><base href={there}>",
            "utf-8",
        )
        browser.until(f"{TEXT}.includes('我们的样子')")
        with pytest.raises(BlockingIOError):
            stranger.accept()


@pytest.mark.usefixtures("served")
def test_an_added_style_sheet_is_known_and_reaches_no_other_address(
    root: Path, browser: Browser
) -> None:
    (root / "templates").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.setblocking(False)
        there = f"http://127.0.0.1:{stranger.getsockname()[1]}/"
        (root / "templates/extra.css").write_text(
            f"h1 {{ color: #010203; background: url({there}) }} p {{ content: url({there}) }}"
            f"@font-face {{ font-family: x; src: url({there}) }} p {{ font-family: x }}",
            "utf-8",
        )
        colour = f"{WINDOW}.getComputedStyle({PAGE}.querySelector('h1')).color"
        browser.until(f"{colour} === 'rgb(1, 2, 3)'")
        with pytest.raises(BlockingIOError):
            stranger.accept()


def test_the_frame_leads_nowhere_else(root: Path, served: Served, browser: Browser) -> None:
    outside = f"{served.address}report/{NAME}?outside"
    edit(root / NAME, "引言: |", f"引言: |\n  [甲](https://www.example.gov.cn/)[乙]({outside})")
    browser.until(f"{PAGE}.querySelectorAll('.lead a').length === 2")
    # A click is for a new window; the frame stays with the report.
    browser.run("window.opened = []; window.open = (...a) => opened.push(a)")
    browser.run(f"for (const a of {PAGE}.querySelectorAll('.lead a')) a.click()")
    opened = [address for address, *_ in browser.run("return window.opened")]
    assert opened == ["https://www.example.gov.cn/", outside]
    assert browser.run(f"return {WINDOW}.location.pathname") == "/frame"
    browser.run(f"{PAGE}.querySelector('nav a').click()")
    assert browser.until(f"{WINDOW}.location.hash") == "#s1"


def test_the_schema_is_known_and_a_broken_one_is_reported(tmp_path: Path, browser: Browser) -> None:
    tree = tmp_path / "repo"
    write_repo(tmp_path, **{"2022": SEED.read_bytes()})
    for name in ("nianbao", "templates"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("build.py", "schema.json"):
        shutil.copy(ROOT / name, tree)
    with serving(tree, program=tree / "build.py") as running:
        browser.open(running.address)
        browser.until(READY)
        edit(tree / "schema.json", "一、总体情况", "一、全面情况")
        browser.until(f"{TEXT}.includes('一、全面情况')")
        edit(tree / "schema.json", '"type": "object",', '"type": "object"')
        browser.until(f"{FINDINGS}.includes('schema.json 不能用')")
        assert "一、全面情况" in browser.run(f"return {TEXT}")
        edit(tree / "schema.json", '"type": "object"', '"type": "object",')
        browser.until(f"!{FINDINGS}.includes('schema.json 不能用')")
        edit(tree / "templates/report.css", "--accent: #1f4e8c", "--accent: #123456")
        browser.until(f"{PAGE}.querySelector('style').textContent.includes('#123456')")


def test_a_report_that_comes_is_listed(root: Path, browser: Browser) -> None:
    (root / "reports/2021.yaml").write_bytes(SEED.read_bytes())
    with serving(root) as running:
        browser.open(running.address)
        names = "[...document.querySelectorAll('li a')].map(a => a.textContent).join()"
        assert browser.until(names) == f"reports/2021.yaml,{NAME}"
        (root / "reports/2020.yaml").write_bytes(SEED.read_bytes())
        browser.until(f"{names} === 'reports/2020.yaml,reports/2021.yaml,{NAME}'")
        browser.driver.find_elements("css selector", "li a")[2].click()
        browser.until(READY)
        browser.driver.find_element("link text", "全部报告").click()
        assert browser.until(names)


def test_words_of_strangers_are_shown_as_words(root: Path, browser: Browser) -> None:
    evil = "<script>window.evil=1<script><img src=x onerror='window.evil=1'>"
    name = f"reports/{evil}2022.yaml"
    text = SEED.read_text("utf-8").replace("平台建设: |", f'"平台{evil}": |')
    (root / name).write_text(text, "utf-8")
    with serving(root, name) as running:
        browser.open(running.report(name))
        assert evil in browser.until(FINDINGS)
        assert browser.run("return document.querySelector('h1').textContent") == name
        edit(root / name, "成文日期: 2023", "成文日期: x")
        browser.until(f"{FINDINGS}.includes('成文日期')")
        assert evil in browser.run(f"return {FINDINGS}")
        inside = "return document.querySelectorAll('#findings :is(script, img), h1 *').length"
        assert browser.run(inside) == 0
        assert browser.run("return window.evil") is None
        assert quote(name) in browser.run("return location.href")


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.usefixtures("served")
def test_nothing_is_cut_off_at_any_width(width: int, browser: Browser) -> None:
    browser.size(width, 844)
    browser.driver.find_element("css selector", "summary").click()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.run(f"return {wide}") == 0
    outside = """
        const pane = document.getElementById('findings').getBoundingClientRect();
        return [...document.querySelectorAll('#findings *')].filter(element =>
          element.getBoundingClientRect().right > pane.right + 1).length;
    """
    assert browser.run(outside) == 0
    heights = [
        browser.run(f"return document.querySelector('{name}').getBoundingClientRect().height")
        for name in ("iframe", "#findings")
    ]
    assert min(heights) > 200


def test_that_the_server_has_ended_is_reported(served: Served, browser: Browser) -> None:
    assert served.stop(signal.SIGTERM)[0] == 0
    assert "预览停了" in browser.until("document.getElementById('connection').textContent")


def test_the_table_of_units_follows_a_change_and_keeps_the_place(
    tmp_path: Path, browser: Browser
) -> None:
    county = make_county(tmp_path, 40)
    with serving(county.root) as served:
        browser.size(1280, 500)
        browser.open(served.address)
        browser.until("document.body.textContent.includes('可以公布 40')")
        browser.run("document.getElementById('preview').scrollTop = 700")
        last = county.units[-1]
        county.change(last, "维护栏目3个。", "【待定稿】")
        browser.until("document.body.textContent.includes('草稿 1')")
        assert browser.run("return document.getElementById('preview').scrollTop") == 700
        for width in (1280, 390):
            browser.size(width, 800)
            place = "document.getElementById('preview')"
            assert browser.run(f"return {place}.scrollWidth <= {place}.clientWidth")
        assert [each for each in browser.complaints() if served.address in each] == []
        link = browser.run(
            f"return [...document.links].find(a => a.text == '{name_of(last)}').href"
        )
        browser.open(link)
        browser.until("document.body.textContent.includes('待定稿')")
