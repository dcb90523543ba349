"""The switch between shares as counted and corrected ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from framelens.report.corpus.page import documents_page

from tests.browser.conftest import LOOKS, Browser
from tests.browser.documents.page import Page
from tests.browser.test_serve_page import CONTRAST
from tests.report.conftest import opened
from tests.report.test_corrected_page import found

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, small_folder: Path, tmp_path: Path, downloads: Path) -> Page:
    classifier = opened(small_folder)
    path = tmp_path / "page.html"
    path.write_text(documents_page(found(classifier, 120), classifier), encoding="utf-8")
    return Page(browser, path, downloads)


def shown(page: Page, kind: str) -> set[object]:
    script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.checkVisibility())"
    found = page.browser.run(script, f"#overview .{kind}, #time .panel > .{kind}")
    assert isinstance(found, list)
    return set(found)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [390, 1400])
def test_either_kind_of_shares_is_shown(page: Page, width: int, look: dict[str, Any]) -> None:
    page.open(width=width, **look)
    assert (shown(page, "as-corrected"), shown(page, "as-counted")) == ({True}, {False})
    page.click("#show-counted")
    assert (shown(page, "as-corrected"), shown(page, "as-counted")) == ({False}, {True})
    assert page.browser.fits()
    assert page.browser.run(CONTRAST) == []
    assert page.browser.complaints() == []


COVERED = """
const bar = document.querySelector(".switch");
return [...document.querySelectorAll("section, #text")].filter((it) => {
  it.scrollIntoView({ behavior: "instant" });
  return it.getBoundingClientRect().top < bar.getBoundingClientRect().bottom;
}).map((it) => it.id);
"""


@pytest.mark.parametrize("width", [390, 1400])
def test_the_switch_covers_nothing_that_links_lead_to(page: Page, width: int) -> None:
    page.open(width=width)
    assert page.browser.run(COVERED) == []
