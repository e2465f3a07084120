"""axe finds nothing on any kind of page of the site: light and dark, wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.preview.browser import Browser, browsing
from tests.test_accessibility import (
    GROUND,
    SCHEMES,
    WIDTHS,
    WITHOUT_AXE,
    findings,
    is_dark,
    prefer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.site.sites import Published

PAGES = (
    *("index.html", "unit.html", "教育局/index.html", "水利局/index.html"),
    *("years/2020.html", "years/2022.html", "years/2022-handled.html"),
    *("years/2022-missing.html", "水利局/2022.html", "data/index.html", "about.html", "404.html"),
    *("search.html", "compare.html", "changes.html"),
)
WIDER = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What the keyboard does not reach although the mouse does, and what is under the pointer but cut.
UNREACHED = """
return [...document.querySelectorAll('a, button, input, select, summary')].filter(
  each => each.tabIndex < 0 && !each.closest('[hidden]')).length
+ [...document.querySelectorAll('*')].filter(each => each.scrollWidth > each.clientWidth + 1
  && getComputedStyle(each).overflowX === 'auto' && each.tabIndex < 0).length
"""
CUT = """
const right = document.documentElement.clientWidth;
return [...document.querySelectorAll('main *')].filter(
  each => each.getClientRects().length && each.getBoundingClientRect().right > right + 1
).map(each => each.outerHTML.slice(0, 80))
"""
SHOWN_NAVIGATION = """
return [...document.querySelectorAll('nav, form, .skip')].filter(
  each => each.getClientRects().length).map(each => each.outerHTML.slice(0, 80))
"""

pytestmark = pytest.mark.skipif(bool(WITHOUT_AXE), reason=WITHOUT_AXE)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_the_keyboard_reaches_everything(
    path: str, county: Published, browser: Browser
) -> None:
    for scheme in SCHEMES:
        prefer(browser, scheme)
        for width in WIDTHS:
            browser.size(width, 900)
            browser.open((county.folder / path).as_uri())
            assert findings(browser) == [], f"{scheme} {width}"
            assert browser.run(WIDER) <= 0, width
            assert browser.run(UNREACHED) == 0
            assert is_dark(browser.run(GROUND)) == (scheme == "dark")


@pytest.mark.parametrize("path", [path for path in PAGES if path != "水利局/2022.html"])
def test_paper_has_no_navigation_and_nothing_wider_than_the_page(
    path: str, county: Published, browser: Browser
) -> None:
    prefer(browser, "light", media="print")
    browser.size(673, 900)  # A4 without margins
    browser.open((county.folder / path).as_uri())
    assert browser.run(WIDER) <= 0
    assert browser.run(CUT) == []
    assert browser.run(SHOWN_NAVIGATION) == []


@pytest.mark.parametrize("path", ["index.html", "水利局/index.html", "years/2022.html"])
def test_print_is_light(path: str, county: Published, browser: Browser) -> None:
    prefer(browser, "dark", media="print")
    browser.open((county.folder / path).as_uri())
    colours = browser.run(
        "const style = element => getComputedStyle(document.querySelector(element));"
        "return [style('h1').color, style('table').backgroundColor]"
    )
    assert [is_dark(colour) for colour in colours] == [True, False]
