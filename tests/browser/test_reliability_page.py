"""The report on how far labels can be trusted fits a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from framelens.cli.main import run

from tests.browser.conftest import LOOKS, Browser
from tests.browser.test_serve_page import CONTRAST

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reliability") / "report.html"
    assert run(["evaluate", "--report", str(path)]) == 0
    return path


@pytest.mark.parametrize("width", [390, 660, 1400])
@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_scrolls_sideways(page: Path, browser: Browser, width: int, is_open: bool) -> None:
    browser.show(page.as_uri(), width=width)
    browser.run(f"for (const it of document.querySelectorAll('details')) it.open = {int(is_open)}")
    assert browser.fits()
    assert browser.complaints() == []


@pytest.mark.parametrize("look", LOOKS)
def test_it_can_be_read(page: Path, browser: Browser, look: dict[str, Any]) -> None:
    browser.show(page.as_uri(), **look)
    browser.run("for (const it of document.querySelectorAll('details')) it.open = true")
    assert browser.run(CONTRAST) == []


HEADED = """return [...document.querySelectorAll("#stances td[data-head]")].map((it) =>
    [it.dataset.head, it.closest("table").tHead.rows[0].cells[it.cellIndex].textContent])"""


def test_a_figure_of_stances_stands_under_what_it_is(page: Path, browser: Browser) -> None:
    browser.show(page.as_uri())
    found: Any = browser.run(HEADED)
    assert {"F1", "Accuracy"} < {own for own, _ in found}
    assert all(own == head for own, head in found)


def test_errors_are_searched_as_words_are_typed(page: Path, browser: Browser) -> None:
    browser.show(page.as_uri())
    browser.run(
        """const field = document.querySelector("#search"); field.value = "beijing's view";
        field.dispatchEvent(new Event("input", { bubbles: true }))"""
    )
    assert browser.run("return document.querySelector('#shown').textContent") == "1 of 10 shown"
