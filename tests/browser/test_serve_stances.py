"""Stances on the page of `framelens serve`, told by the shipped model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Browser
from tests.browser.test_serve_page import CONTRAST, Page
from tests.serve.conftest import started

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with started() as server:
        page = Page(browser, server)
        yield page
        assert page.browser.complaints() == []


def test_a_stance_stands_beside_the_letter_and_in_the_evidence(page: Page) -> None:
    page.open().mark("Nobody has been prosecuted for the torture of the prisoners.")
    assert page.texts("#sentences .given .chip") == ["A lacking"]
    assert page.texts("#sentences .words")[0].endswith("(accountability lacking)")
    page.click("#sentences summary")
    page.wait(lambda: page.texts("#sentences .why p"))
    assert "Stance: lacking, probability 0." in page.texts("#sentences .why p")[0]
    assert page.browser.run(CONTRAST) == []
