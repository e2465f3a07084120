"""axe in a real browser finds nothing wrong with any page: light and dark, wide and narrow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.preview.browser import MISSING, Browser, browsing
from tests.preview.server_process import Served, serving
from tests.support import SEED, run_cli, write_repo

if TYPE_CHECKING:
    from collections.abc import Iterator

AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"
WITHOUT_AXE = MISSING or ("" if AXE.exists() else "no axe-core: make test installs it")
SCHEMES = ("light", "dark")
WIDTHS = (1280, 390)
FILES = {
    "report": "output/2022.html",
    "draft": "output/unfinished.draft.html",
    "redline": "output/2022.redline.html",
    "diff": "diff.html",
    "styled": "styled/2022.html",
}
# Everything that prose can hold and the seed does not.
INTRODUCTION = """\
引言: |
  见[古县政府网站](https://www.example.gov.cn/)。
  - 一

  > 引用`代码`

  |甲|乙|
  |--|--|
  |1|2|

"""
STYLE = '[样式]\n强调色 = "#ffcc00"\n宽度 = "70rem"\n徽标文字 = "古县人民政府"\n'
FRAME = "document.querySelector('iframe')"
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(({violations, incomplete}) =>
  done([...violations, ...incomplete].flatMap(({id, nodes}) =>
    nodes.map(({target, any}) => `${id} ${target} ${any.map(check => check.message)}`))));
"""
GROUND = "return getComputedStyle(document.body).backgroundColor"
GROUND_OF_FRAME = (
    f"return {FRAME}.contentWindow.getComputedStyle({FRAME}.contentDocument.body).backgroundColor"
)

pytestmark = pytest.mark.skipif(bool(WITHOUT_AXE), reason=WITHOUT_AXE)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as running:
        # Policies of the preview let no script into the frame, not even axe.
        running.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        yield running


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with all kinds of pages: finished, unfinished, compared."""
    text = SEED.read_text("utf-8")
    new = text.replace("引言: |\n", INTRODUCTION, 1)
    unfinished = new.replace("机关: 古县", "机关: # 古县", 1).replace("审结: 0,", "审结: ,", 1)
    root = write_repo(tmp_path_factory.mktemp("pages"), **{"2022": new, "unfinished": unfinished})
    (root / "old.yaml").write_text(text.replace("自然人: 0,", "自然人: 3,"), "utf-8")
    run_cli(["build", "--to", "html,md,json,csv"], root)
    run_cli(["build", "--draft", "--to", "html"], root)
    run_cli(["diff", "old.yaml", "reports/2022.yaml", "--to", "html", "-o", "output"], root)
    page = run_cli(["diff", "old.yaml", "reports/2022.yaml", "--format", "html"], root).stdout
    (root / "diff.html").write_text(page, "utf-8")
    (root / "nianbao.toml").write_text(STYLE, "utf-8")
    run_cli(["build", "reports/2022.yaml", "--to", "html,md", "-o", "styled"], root)
    (root / "nianbao.toml").unlink()
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as running:
        yield running


def prefer(browser: Browser, scheme: str, media: str = "screen") -> None:
    """Make the browser prefer a colour scheme."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"media": media, "features": features}
    )


def open_preview(browser: Browser, address: str) -> None:
    """Open a report in the preview with a finding unfolded, its frame ready for axe."""
    browser.open(address)
    browser.until(f"!!{FRAME}.contentDocument?.querySelector('h1')")
    browser.driver.find_element("css selector", "summary").click()
    browser.run(f"{FRAME}.removeAttribute('sandbox'); {FRAME}.src = '/frame?again'")
    browser.until(
        f"{FRAME}.contentWindow.location.search && !!{FRAME}.contentDocument.querySelector('h1')"
    )
    browser.driver.switch_to.frame(0)
    browser.run(AXE.read_text("utf-8"))
    browser.driver.switch_to.default_content()


def findings(browser: Browser) -> list[str]:
    """Return the violations that axe finds on the page and in its frame."""
    browser.run(AXE.read_text("utf-8"))
    found: list[str] = browser.driver.execute_async_script(RUN)
    return found


def is_dark(colour: Any) -> bool:
    """Return True if a computed colour is dark."""
    return sum(map(int, str(colour).removeprefix("rgb(").removesuffix(")").split(","))) < 3 * 64


@pytest.mark.parametrize("name", [*FILES, "list", "preview"])
def test_axe_finds_nothing_in_any_scheme_at_any_width(
    name: str, root: Path, served: Served, browser: Browser
) -> None:
    for scheme in SCHEMES:
        prefer(browser, scheme)
        for width in WIDTHS:
            browser.size(width, 900)
            if name == "preview":
                open_preview(browser, served.report("reports/unfinished.yaml"))
                assert is_dark(browser.run(GROUND_OF_FRAME)) == (scheme == "dark")
            else:
                browser.open(served.address if name == "list" else (root / FILES[name]).as_uri())
            assert findings(browser) == [], f"{scheme} {width}"
            assert is_dark(browser.run(GROUND)) == (scheme == "dark")


def test_a_text_that_cannot_be_read_is_found(root: Path, browser: Browser) -> None:
    prefer(browser, "light")
    browser.size(1280, 900)
    browser.open((root / FILES["report"]).as_uri())
    browser.run("document.querySelector('h1').style.color = '#999'")
    (first, *_) = findings(browser)
    assert first.startswith("color-contrast h1")


@pytest.mark.parametrize("name", FILES)
def test_print_is_light_whatever_the_screen_is(name: str, root: Path, browser: Browser) -> None:
    prefer(browser, "dark", media="print")
    browser.open((root / FILES[name]).as_uri())
    colours = browser.run(
        "const style = getComputedStyle(document.querySelector('main'));"
        "return [style.color, style.backgroundColor]"
    )
    assert [is_dark(colour) for colour in colours] == [True, False]
