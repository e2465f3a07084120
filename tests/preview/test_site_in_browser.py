"""`serve --site` shows the site in a real browser, and follows edits."""

from __future__ import annotations

import http.client
import signal
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.preview.browser import MISSING, Browser, browsing
from tests.preview.server_process import Served, serving
from tests.site.sites import write_reports
from tests.support import run_cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNITS = {"水利局": "青山县水利局", "教育局": "青山县教育局"}
FOOTER = "document.querySelector('footer')"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("county")
    write_reports(root, UNITS)
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root, "--site") as running:
        yield running


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        yield running


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_an_edit_is_shown_and_search_and_comparison_work(
    root: Path, served: Served, browser: Browser
) -> None:
    browser.open(served.address)
    browser.until(f"{FOOTER} && document.body.innerText.includes('青山县水利局')")
    browser.complaints()
    report = root / "reports" / "水利局" / "2022.yaml"
    edit(report, "青山县水利局", "青山县水务局")
    browser.until("document.body.innerText.includes('青山县水务局')")
    browser.open(f"{served.address}search.html")
    box = browser.driver.find_element("css selector", "input[type=search]")
    box.send_keys("水务")
    browser.until("document.querySelector('main').innerText.includes('青山县水务局')")
    browser.open(f"{served.address}compare.html?unit=水利局&unit=教育局")
    browser.until("document.querySelectorAll('main select option, main input').length > 1")
    for path in ("水利局/index.html", "水利局/2022.html", "data/", "about.html"):
        browser.open(served.address + path)
        browser.until(f"document.readyState === 'complete' && {FOOTER}")
    assert browser.complaints() == []
    # A report with an error leaves the site, and comes back.
    browser.open(f"{served.address}years/2022.html")
    edit(report, "年度: 2022", "年度: 二〇二二")
    browser.until("!document.body.innerText.includes('青山县水务局')")
    edit(report, "年度: 二〇二二", "年度: 2022")
    browser.until("document.body.innerText.includes('青山县水务局')")


def test_only_files_of_the_site_are_served(root: Path, served: Served) -> None:
    wait_for_site(served)
    (root / "output" / "site" / "secret.html").write_text("secret", "utf-8")
    for path in (
        *("/secret.html", "/.nianbao-site", "/../../reports/教育局/2022.yaml", "//etc/passwd"),
        *("/%2e%2e/%2e%2e/nianbao.toml", "/教育局/../../../nianbao.toml", "/%00", "/教育局"),
    ):
        answer, text = served.get(quote(path, safe="/%"))
        assert answer.status == http.client.NOT_FOUND, path
        assert "没有这一页" in text
        assert "secret" not in text


def wait_for_site(served: Served) -> None:
    """Wait for the first version: the stream of events says when there is one."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("GET", "/~events")
    stream = connection.getresponse()
    while stream.readline().strip() in (b"", b":", b"data: 0"):
        pass
    connection.close()


def test_every_answer_allows_no_other_address_and_another_host_learns_nothing(
    served: Served,
) -> None:
    wait_for_site(served)
    for path in ("/", "/site.css", "/search.js", "/search/index.js", "/nothing", "/~reload.js"):
        answer, _ = served.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer, text = served.get(path, headers={"Host": "evil.example"})
        assert (answer.status, "水" in text) == (http.client.FORBIDDEN, False)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    write_reports(tmp_path, {"水利局": "青山县水利局"})
    folder = tmp_path / "output" / "site"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine", "utf-8")
    done = run_cli(["serve", "--site"], tmp_path)
    assert done.returncode == 1
    assert "里有别的文件" in done.stderr
    assert [each.name for each in folder.iterdir()] == ["mine.txt"]


def test_it_ends_by_a_signal(tmp_path: Path) -> None:
    write_reports(tmp_path, {"水利局": "青山县水利局"})
    with serving(tmp_path, "--site") as running:
        wait_for_site(running)
        assert running.stop(signal.SIGTERM)[0] == 0
