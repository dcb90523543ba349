"""The page of `framelens serve --label`, in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from framelens.project.items import Item, read_items, write_items
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import LOOKS, Browser
from tests.browser.test_serve_page import CONTRAST, HOSTILE, Page
from tests.conftest import SOURCES
from tests.serve.conftest import Server, started

pytestmark = pytest.mark.browser

FRAMES = ("look", "talk")
TEXTS = ["They visited the old prison.", f"The talks failed {HOSTILE}.", "It rained."]
BOOK = f"# Codebook\n\n| frame | test |\n| - | - |\n| look | *somebody* looks {HOSTILE} |\n"


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """Three sentences in a folder with rules and a codebook."""
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "CODEBOOK.md").write_text(BOOK, encoding="utf-8")
    items = [
        Item(id=f"s#{n}", text=text, document="s.txt", before="Before.", after="After " * 20)
        for n, text in enumerate(TEXTS)
    ]
    path = tmp_path / "to-label.csv"
    write_items(items, path)
    return path


@pytest.fixture
def server(sample: Path) -> Iterator[Server]:
    with started("--label", str(sample), "--rules", str(sample.parent)) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    page = Page(browser, server)
    yield page
    assert page.browser.complaints() == []
    page.browser.run("coder = ''")  # lest leaving the page be asked about


def press(page: Page, *keys: str) -> None:
    ActionChains(page.driver).send_keys(*keys).perform()


def begin(page: Page, name: str = "ana", **look: object) -> Page:
    page.open(**look)
    # A browser sees to the field that is to have the focus when the page is first drawn.
    page.wait(lambda: page.browser.run("return document.activeElement.id") == "coder")
    assert mains(page) == 1
    press(page, name, Keys.ENTER)
    page.wait(lambda: page.find("#desk").is_displayed())
    assert mains(page) == 1
    return page


def mains(page: Page) -> int:
    """How many main parts are seen: readers of the screen leap to the one."""
    return sum(it.is_displayed() for it in page.driver.find_elements("css selector", "main"))


def said(sample: Path, coder: str = "ana") -> list[tuple[object, ...]]:
    items = read_items(sample.with_name(f"to-label.{coder}.csv"), FRAMES)
    return [(item.labels, item.unsure, item.note) for item in items]


def at(page: Page, number: int, done: int) -> None:
    wanted = f"{done} of 3 labelled · this is sentence {number}"
    page.wait(lambda: page.find("#count").text == wanted)


def test_a_sample_is_labelled_by_keyboard_alone(page: Page, sample: Path) -> None:
    begin(page)
    at(page, 1, 0)
    press(page, "L", "t", Keys.ENTER)
    at(page, 2, 1)
    press(page, "t", "?", "/", "so it ", "l", Keys.ESCAPE, Keys.ENTER)
    at(page, 3, 2)
    press(page, "0", Keys.ENTER)
    page.wait(lambda: page.find("#end").is_displayed())
    assert said(sample) == [(FRAMES, False, ""), (("talk",), True, "so it l"), ((), False, "")]
    assert page.find("#file").text == "to-label.ana.csv"
    ring = "return document.activeElement.id"
    assert page.browser.run(ring) == "sentence"
    begin(page)
    assert page.find("#file").text == "to-label.ana.csv"


def test_frames_that_exclude_each_other_are_chosen_one_at_a_time(page: Page) -> None:
    begin(page)
    page.browser.run("document.getElementById('choices').dataset.exclusive = ''")
    press(page, "l", "t")
    assert page.texts("[aria-pressed=true]") == ["T talk"]
    press(page, "0")
    assert page.texts("[aria-pressed=true]") == ["0 no frame"]


def test_answers_are_undone_one_by_one(page: Page, sample: Path) -> None:
    begin(page)
    press(page, "l", Keys.ENTER)
    at(page, 2, 1)
    press(page, "t", Keys.ENTER)
    at(page, 3, 2)
    press(page, Keys.BACKSPACE)
    at(page, 2, 1)
    ActionChains(page.driver).key_down(Keys.CONTROL).send_keys("z").key_up(Keys.CONTROL).perform()
    at(page, 1, 0)
    assert said(sample) == [(None, False, "")] * 3


def test_nothing_chosen_is_no_answer_but_an_unsure_one_is_passed_over(
    page: Page, sample: Path
) -> None:
    begin(page)
    press(page, Keys.ENTER)
    assert page.find("#problem").text.startswith("No frame is chosen.")
    press(page, "?", Keys.ENTER)
    at(page, 2, 0)
    assert not page.find("#problem").is_displayed()
    for number in (2, 3):
        press(page, "0", Keys.ENTER)
        at(page, 3 if number == 2 else 1, number - 1)
    assert said(sample)[0] == (None, True, "")


def test_what_was_chosen_is_kept_when_one_moves_on(page: Page, sample: Path) -> None:
    begin(page)
    press(page, "l", Keys.ARROW_RIGHT)
    at(page, 2, 1)
    press(page, Keys.ARROW_LEFT)
    at(page, 1, 1)
    assert said(sample)[0] == (("look",), False, "")


def test_two_coders_label_and_each_goes_on_where_they_were(page: Page, sample: Path) -> None:
    for name, key, labels in (("ana", "l", ("look",)), ("ben", "0", ())):
        begin(page, name)
        at(page, 1, 0)
        press(page, key, Keys.ENTER)
        at(page, 2, 1)
        assert said(sample, name)[0][0] == labels
    begin(page, "ana")
    at(page, 2, 1)
    press(page, Keys.ARROW_LEFT)
    at(page, 1, 1)
    assert page.texts("[aria-pressed=true]") == ["L look"]


def test_texts_and_codebook_are_shown_as_what_they_are(page: Page) -> None:
    begin(page)
    press(page, Keys.ARROW_RIGHT)
    page.wait(lambda: page.texts("#text") == [TEXTS[1]])
    assert page.texts("#before") == ["Before."]
    press(page, "h")
    assert page.texts("#codebook td")[1] == f"somebody looks {HOSTILE}"
    press(page, Keys.ESCAPE)
    assert page.browser.run("return document.activeElement.id") == "sentence"
    assert page.browser.run("return window.hit === undefined") is True


def test_a_server_that_was_killed_is_said_and_gone_on_with(browser: Browser, sample: Path) -> None:
    arguments = ("--label", str(sample), "--rules", str(sample.parent))
    with started(*arguments) as running:
        page = begin(Page(browser, running))
        press(page, "l", Keys.ENTER)
        at(page, 2, 1)
        running.process.kill()
        running.process.wait()
        press(page, "t", Keys.ENTER)
        page.wait(lambda: page.find("#problem").text.startswith("The server does not answer."))
        assert page.texts("[aria-pressed=true]") == ["T talk"]
    with started(*arguments, "--port", str(running.port)):
        press(page, Keys.ENTER)
        at(page, 3, 2)
    assert said(sample) == [(("look",), False, ""), (("talk",), False, ""), (None, False, "")]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [390, 1400])
def test_it_is_readable_light_and_dark_wide_and_narrow(
    page: Page, width: int, look: dict[str, Any]
) -> None:
    begin(page, width=width, **look)
    press(page, "l", "?", "h")
    assert page.browser.fits()
    assert page.browser.run(CONTRAST) == []
    press(page, Keys.ESCAPE, "l", "?")


def test_what_is_chosen_is_told_apart_in_colours_of_the_system(page: Page) -> None:
    begin(page, forced=True)
    press(page, "l", "?")
    colour = """return ["true", "false"].map((state) => [...new Set([...document.querySelectorAll(
      `button[aria-pressed=${state}]`)].map((it) => getComputedStyle(it).backgroundColor))])"""
    found = page.browser.run(colour)
    assert isinstance(found, list)
    chosen, others = found
    assert len(chosen) == len(others) == 1
    assert chosen != others
    press(page, "l", "?")


def test_nothing_is_loaded_from_elsewhere_and_all_has_a_name(page: Page) -> None:
    begin(page)
    script = "return performance.getEntriesByType('resource').map((it) => it.name)"
    loaded = page.browser.run(script)
    assert isinstance(loaded, list)
    assert all(name.startswith(f"http://localhost:{page.server.port}/") for name in loaded)
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    for node in nodes:
        role = node.get("role", {}).get("value")
        if not node.get("ignored") and role in {"button", "textbox", "progressbar"}:
            assert node["name"]["value"].strip(), node
