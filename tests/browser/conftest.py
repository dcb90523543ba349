"""A real browser, driven headless. Without one these tests fail: run them with `-m browser`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


LOOKS: list[dict[str, Any]] = [
    {},
    {"dark": True},
    {"forced": True},
    {"forced": True, "dark": True},
]
"""How people have pages shown: light, dark, and in the colours of the system either way."""


class Browser:
    """A window of a size, light or dark, and what went wrong in it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def show(
        self,
        address: str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        forced: bool = False,
    ) -> None:
        """Open an address; `forced` has the system choose the colours, as high contrast does."""
        self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        media = {"prefers-color-scheme": "dark" if dark else "light"}
        media["forced-colors"] = "active" if forced else "none"
        features = [{"name": name, "value": value} for name, value in media.items()]
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        self.driver.get(address)

    def run(self, script: str, *arguments: object) -> object:
        """What a script returns."""
        found: object = self.driver.execute_script(script, *arguments)
        return found

    def fits(self) -> bool:
        """Whether the page is no wider than its window, which a phone widens to what is in it."""
        root = "const root = document.documentElement;"
        return self.run(f"{root} return root.scrollWidth <= root.clientWidth") is True

    def complaints(self) -> list[str]:
        """What the page has written to the console since it was opened: errors, refused loads."""
        return [entry["message"] for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]


def _found(*names: str) -> str:
    place = next((place for name in names if (place := shutil.which(name))), None)
    if place is None:
        pytest.fail(f"found none of {', '.join(names)}; install chromium and chromium-driver")
    return place


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser puts what it downloads."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory, downloads: Path) -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = _found("chromium", "chromium-browser", "google-chrome")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_found("chromedriver")))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
