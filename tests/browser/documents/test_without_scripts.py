"""What the page shows where scripts are switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.documents.page import Page

pytestmark = pytest.mark.browser

SHOWN = """
const shown = (of) => [...document.querySelectorAll(of)].filter((it) => it.checkVisibility());
const ids = (of) => shown(of).map((it) => it.id || it.getAttribute("href") || it.textContent.trim());
return [ids("main select, main input, main button, .skip"), ids("section"), ids("nav a")];
"""


@pytest.fixture
def scriptless(page: Page) -> Iterator[Page]:
    command = "Emulation.setScriptExecutionDisabled"
    page.browser.driver.execute_cdp_cmd(command, {"value": True})
    yield page
    page.browser.driver.execute_cdp_cmd(command, {"value": False})


def test_what_needs_scripts_is_not_shown_without_them(scriptless: Page) -> None:
    scriptless.browser.show(scriptless.path.as_uri())
    found: Any = scriptless.browser.run(SHOWN)
    controls, sections, links = found
    assert controls == []
    assert {"overview", "methods"} <= {*sections}
    assert not {"sentences", "keyness", "context", "compare"} & {*sections}
    assert {link.removeprefix("#") for link in links} <= {*sections}
    assert "need JavaScript" in str(scriptless.browser.run("return document.body.innerText"))
