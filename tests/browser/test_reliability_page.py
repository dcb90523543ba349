"""The report on how far labels can be trusted fits a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from framelens.cli.main import run

from tests.browser.conftest import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reliability") / "report.html"
    assert run(["evaluate", "--report", str(path)]) == 0
    return path


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("is_open", [False, True])
def test_nothing_scrolls_sideways(page: Path, browser: Browser, width: int, is_open: bool) -> None:
    browser.show(page.as_uri(), width=width)
    browser.run(f"for (const it of document.querySelectorAll('details')) it.open = {int(is_open)}")
    assert browser.fits()
    assert browser.complaints() == []
