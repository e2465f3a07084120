"""A real browser for the tests, driven by Selenium."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

from for_tests import BROWSERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BROWSER = next(filter(None, map(shutil.which, BROWSERS)), None)
DRIVER = shutil.which("chromedriver")
MISSING = (
    "no Chromium on this machine: make test installs it where it may"
    if BROWSER is None
    else "no chromedriver on this machine: make test installs it where it may"
    if DRIVER is None
    else ""
)
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars"),
)
_PATIENCE = 60


class Browser:
    """A browser window, and what the tests do with it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        """Go to a page."""
        self.driver.get(address)

    def size(self, width: int, height: int) -> None:
        """Set the size of the window in CSS pixels; it may be smaller than a real window."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def run(self, script: str, *arguments: object) -> Any:
        """Run the body of a function in JavaScript and return its result."""
        return self.driver.execute_script(script, *arguments)

    def complaints(self) -> list[str]:
        """Return the messages of the browser's console since the last call."""
        entries = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in entries]

    def until(self, script: str) -> Any:
        """Wait until an expression in JavaScript is true, and return its value."""

        def something(driver: webdriver.Chrome) -> Any:
            return driver.execute_script(f"return {script}")

        return self.wait(something, script)

    def wait(self, ready: Callable[[webdriver.Chrome], Any], what: str) -> Any:
        """Wait until a function returns something that is true, and return it."""
        return WebDriverWait(self.driver, _PATIENCE, poll_frequency=0.05).until(ready, what)


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Start a browser with a profile of its own, and end it."""
    assert BROWSER
    assert DRIVER
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*_FLAGS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    # Selenium would look for a driver on the network where none is named.
    environment = {**os.environ, "SE_OFFLINE": "true", "SE_AVOID_STATS": "true"}
    driver = webdriver.Chrome(options=options, service=Service(DRIVER, env=environment))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
