"""The changes of a redline are numbered and linked, and keys lead from one to the next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from nianbao.diff.redline.steps import add_steps
from tests.diff.redline.test_redline import NEW, redline
from tests.diff.report_pairs import GOOD
from tests.preview.browser import MISSING, Browser, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

needs_browser = pytest.mark.skipif(bool(MISSING), reason=MISSING)
START = "<body><!-- steps -->"
HASH = "return location.hash"


def changes(body: str) -> list[str]:
    """The changes of a page, without their links."""
    found = re.findall(
        r'id="c[0-9]+" tabindex="-1">(.*?)<span class="steps"', add_steps(START + body)
    )
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>一<del>二</del>\n<ins>三</ins>四</p>", ["<del>二</del>\n<ins>三</ins>"]),
        ("<td><del>0</del> <ins>1</ins></td><td><ins>2</ins></td>", 2),
        ("<p><del>一</del>二<ins>三</ins></p>", 2),
        ('<p><del class="moved">一</del></p>', 1),
        ("<p><del>一</del><strong><del>二</del></strong><del>三</del></p>", 1),
        ("<p><strong>一<ins>二</ins></strong></p>", ["<ins>二</ins>"]),
        ("<h1><span><del>一</del></span><span><ins>二</ins></span></h1>", 1),
        # No link stands within a link.
        ('<a href="#">一<ins>二</ins></a><a href="#">三</a>', ['<a href="#">一<ins>二</ins></a>']),
        ('<a href="#">一</a><ins>二</ins>', ["<ins>二</ins>"]),
        ('<ins class="sign">下划线</ins>', 0),
        ("<p>&lt;ins&gt;一&lt;/ins&gt;</p>", 0),
    ],
)
def test_what_stands_together_is_one_change(body: str, expected: int | list[str]) -> None:
    body = body.replace("\n", " ")
    found = changes(body)
    if isinstance(expected, int):
        assert len(found) == expected
    else:
        assert found == [each.replace("\n", " ") for each in expected]


def test_a_page_without_changes_stays_as_it_is() -> None:
    assert (
        add_steps(f"<title><ins>一</ins></title>{START}二")
        == "<title><ins>一</ins></title><body>二"
    )


def test_very_many_unfinished_links_take_linear_time() -> None:
    body = '<a href="#">' * 50_000 + "<ins>" * 50_000
    assert changes(body) == []


def test_every_change_of_a_redline_leads_to_its_neighbours() -> None:
    root: Any = html.document_fromstring(redline(GOOD, NEW).decode())
    found = root.xpath("//span[@class='change']")
    total = len(found)
    assert total > 8
    assert root.xpath("//p[@class='walk']/a/@href") == ["#c1"]
    assert f"共{total}处" in root.xpath("string(//p[@class='walk'])")
    for number, change in enumerate(found, 1):
        assert change.get("id") == f"c{number}"
        (steps,) = change.xpath("./span[@class='steps']")
        assert "hidden" in steps.attrib, "a style sheet of one's own need not know of it"
        assert steps[0].text == f"第{number}处，共{total}处"
        near = [n for n in (number - 1, number + 1) if 1 <= n <= total]
        assert steps.xpath("./a/@href") == [f"#c{n}" for n in near]
    outside = [
        mark for mark in root.xpath("//ins|//del") if not mark.xpath("ancestor::*[@class='change']")
    ]
    assert [mark.text for mark in outside] == ["下划线", "删除线"]
    assert len(root.xpath("//@id")) == len(set(root.xpath("//@id")))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder: Path = tmp_path_factory.mktemp("browser")
    (folder / "redline.html").write_bytes(redline(GOOD, NEW))
    with browsing(folder) as running:
        running.size(1280, 900)
        running.open((folder / "redline.html").as_uri())
        yield running


@pytest.fixture
def opened(browser: Browser) -> Browser:
    """The browser at the top of the redline, with scripts."""
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.open(browser.driver.current_url.partition("#")[0] + "?")
    return browser


def press(browser: Browser, *keys: str) -> None:
    for key in keys:
        ActionChains(browser.driver).send_keys(key).perform()


def is_in_window(browser: Browser, selector: str) -> bool:
    """Return True if an element lies within the window."""
    box = f"document.querySelector('{selector}').getBoundingClientRect()"
    inside = f"return {box}.height > 0 && {box}.top >= 0 && {box}.bottom <= innerHeight"
    return bool(browser.run(inside))


@needs_browser
def test_keys_lead_to_the_next_change_and_to_the_one_before(opened: Browser) -> None:
    at = []
    for key in "njnpkpp":
        press(opened, key)
        at.append(opened.run(HASH))
        assert is_in_window(opened, ".change:target")
        assert is_in_window(opened, ".change:target > .steps")
    assert at == ["#c1", "#c2", "#c3", "#c2", "#c1", "#c1", "#c1"]
    total = opened.run("return document.querySelectorAll('.change').length")
    said = "document.querySelector('.walk [role=status]').textContent"
    assert opened.until(said) == f"第1处，共{total}处"
    press(opened, *("n" * (total + 3)))
    assert opened.run(HASH) == f"#c{total}"
    assert opened.complaints() == []


@needs_browser
def test_keys_can_be_switched_off(opened: Browser) -> None:
    opened.driver.find_element("css selector", ".walk input").click()
    press(opened, "n")
    assert opened.run(HASH) == ""


@needs_browser
def test_links_lead_from_change_to_change_without_a_script(opened: Browser) -> None:
    opened.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    opened.driver.refresh()
    assert not opened.driver.find_element("css selector", ".walk label").is_displayed()
    opened.driver.find_element("css selector", ".walk a").click()
    press(opened, Keys.TAB, Keys.ENTER)
    assert opened.driver.current_url.endswith("#c2")
    press(opened, Keys.TAB, Keys.TAB, Keys.ENTER)
    assert opened.driver.current_url.endswith("#c3")
    press(opened, Keys.TAB, Keys.ENTER)
    assert opened.driver.current_url.endswith("#c2")
