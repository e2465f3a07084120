"""The web page in a real browser: at no width does the page scroll sideways."""

from __future__ import annotations

import html as escaping
import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from tests.rendering.parsed_outputs import find
from tests.rendering.rendered_reports import NAMES, built, cells_of_tables, changed, web_page

if TYPE_CHECKING:
    from pathlib import Path

BROWSER = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
WIDTHS = (320, 390, 768, 1024, 1280)
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--dump-dom"),
]
# Says how wide each page is, and what sticks out of it without a box of its own to scroll in.
SCRIPT = """
onload = () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const page = frame.contentDocument, root = page.documentElement, width = root.clientWidth;
    const outside = [...page.querySelectorAll("main *")].filter(element =>
      !element.closest(".scroll") && element.getBoundingClientRect().right > width + 1);
    const boxes = [...page.querySelectorAll(".scroll")];
    return {
      name: frame.title, wide: root.scrollWidth - width, width,
      outside: outside.map(element => element.outerHTML.slice(0, 80)),
      scrolling: boxes.filter(box => box.scrollWidth > box.clientWidth).length,
      small: [...page.querySelectorAll("main p, main td, main th, nav a")].filter(element =>
        parseFloat(frame.contentWindow.getComputedStyle(element).fontSize) < 12).length,
    };
  });
  document.querySelector("pre").textContent = JSON.stringify(found);
};
"""

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")


def hostile() -> str:
    """A page with the longest of everything."""
    word = "https://www.example.gov.cn/" + "a" * 200
    line = "| " + " | ".join(f"第{number}列" for number in range(24)) + " |"
    table = f"{line}\n|{' --- |' * 24}\n{line}"
    prose = f"# 标题{word}\n{word}\n`{word}`\n- - - {word}\n> > {word}\n{table}\n"
    changes: dict[Any, Any] = cells_of_tables(2021, {"数值": 999999999999, "注": "注" * 40})
    changes |= {
        ("机关",): "示例省示例市示例自治州示例经济技术开发区管理委员会" * 3,
        ("联系方式",): word,
        ("引言",): prose,
        ("总体情况", "概述"): prose,
        ("主动公开政府信息情况", "注"): [word, "注" * 300],
        ("总体情况", "补充"): [{"标题": word, "正文": prose}],
    }
    return web_page(changed(2021, changes))


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the measures that the browser takes of every page at every width."""
    pages = {name: built(name).html for name in NAMES} | {"hostile": hostile()}
    frames = "".join(
        f'<iframe title="{name}" style="border:0;height:900px;width:{width}px"'
        f' srcdoc="{escaping.escape(page)}"></iframe>'
        for name, page in pages.items()
        for width in WIDTHS
    )
    folder: Path = tmp_path_factory.mktemp("browser")
    wrapper = folder / "wrapper.html"
    wrapper.write_text(
        f"<!DOCTYPE html><meta charset=utf-8><pre></pre>{frames}<script>{SCRIPT}</script>", "utf-8"
    )
    assert BROWSER is not None
    done = subprocess.run(
        [BROWSER, *FLAGS, f"--user-data-dir={folder / 'profile'}", wrapper.as_uri()],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    (result,) = find(html.document_fromstring(done.stdout), "//body/pre[1]") or [None]
    assert result is not None, done.stderr
    found: list[dict[str, Any]] = json.loads(result.text_content())
    assert len(found) == len(pages) * len(WIDTHS)
    return found


def test_the_page_never_scrolls_sideways(measured: list[dict[str, Any]]) -> None:
    assert {one["width"] for one in measured} == set(WIDTHS)
    assert [one for one in measured if one["wide"] > 0 or one["outside"]] == []


def test_on_a_phone_the_wide_tables_scroll_in_their_own_boxes(
    measured: list[dict[str, Any]],
) -> None:
    on_phones = [one for one in measured if one["width"] <= 390 and one["name"] in NAMES]
    assert {one["scrolling"] for one in on_phones} == {2}


def test_next_to_a_wide_window_no_table_of_the_form_has_to_scroll(
    measured: list[dict[str, Any]],
) -> None:
    wide = [one for one in measured if one["width"] >= 1024 and one["name"] in NAMES]
    assert {one["scrolling"] for one in wide} == {0}


def test_no_text_is_smaller_than_twelve_pixels(measured: list[dict[str, Any]]) -> None:
    assert [one for one in measured if one["small"]] == []
