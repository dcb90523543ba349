"""Reading on the page of `framelens report`: it fits, filters, explains, and can be listened to."""

from __future__ import annotations

import re
from math import exp
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.conftest import LOOKS
from tests.browser.documents.page import BOTH, HOSTILE, LOOK, NONE, TALK, Page
from tests.browser.test_serve_page import CONTRAST

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 700, 360])
@pytest.mark.parametrize("look", LOOKS)
def test_it_fits_and_can_be_read(page: Page, width: int, look: dict[str, Any]) -> None:
    page.open(width=width, **look)
    page.type("#search", "the")
    page.click(".s:not(.dim) .why")
    page.browser.run("for (const it of document.querySelectorAll('details')) it.open = true")
    over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.browser.run(over) == 0
    assert page.browser.run(CONTRAST) == []


def test_nothing_scrolls_sideways_on_a_phone(page: Page) -> None:
    page.open(width=390)
    page.type("#context-words", "prison")
    wide = """return [...document.querySelectorAll("body *")].filter((it) => it.clientWidth > 0 &&
        it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX === "auto")
        .map((it) => it.outerHTML.slice(0, 80))"""
    assert page.browser.run(wide) == []


def test_links_of_the_contents_are_tall_enough_for_a_finger(page: Page) -> None:
    page.open(width=320)
    tall = "return [...document.querySelectorAll('nav a')].map((it) => it.offsetHeight)"
    heights = page.browser.run(tall)
    assert isinstance(heights, list)
    assert min(heights) >= 24  # WCAG 2.2, 2.5.8


def test_the_sentence_explained_is_told_apart_in_colours_of_the_system(page: Page) -> None:
    page.open(forced=True)
    page.click(".s:not(.dim) .why")
    style = "return getComputedStyle(document.querySelector(arguments[0])).outlineStyle"
    assert page.browser.run(style, ".s.current .words") == "solid"
    assert page.browser.run(style, ".s:not(.current) .words") == "none"


LANDED = """
const [done] = arguments;
const pause = (time) => new Promise((next) => setTimeout(next, time));
(async () => {
  const missed = [];
  for (const link of document.querySelectorAll("nav a")) {
    scrollTo({ top: 0, behavior: "instant" });
    await pause(50);
    link.click();
    for (let last = -1; last !== scrollY;) {
      last = scrollY;
      await pause(150);
    }
    const { top } = document.querySelector(link.hash).getBoundingClientRect();
    const rest = document.documentElement.scrollHeight - innerHeight - scrollY;
    if (Math.abs(top) > 40 && rest > 1) missed.push([link.hash, top]);
  }
  done(missed);
})();
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_links_of_the_contents_land_at_their_headings(page: Page, width: int) -> None:
    page.open(width=width)
    assert page.driver.execute_async_script(LANDED) == []
    page.open("#methods", width=width)
    top = "return document.querySelector('#methods').getBoundingClientRect().top"
    rest = "return document.documentElement.scrollHeight - innerHeight - scrollY"
    assert abs(float(str(page.browser.run(top)))) < 40 or float(str(page.browser.run(rest))) <= 1


def test_texts_are_shown_as_text(page: Page) -> None:
    page.open()
    assert page.find("h1").text == HOSTILE
    assert any(HOSTILE in text for text in page.shown())
    assert HOSTILE in page.texts("#text h3, #text .id")
    page.click("#s3 .why, #s4 .why")
    page.type("#context-words", "window.hit")
    assert page.all("#lines .key")
    assert page.browser.run("return document.images.length + document.scripts.length") == 2


def test_every_number_leads_to_its_sentences(page: Page) -> None:
    page.open()
    links = [
        (link.get_attribute("href"), link.get_attribute("textContent"))
        for link in page.all("main a[href^='#find?']")
    ]
    assert len(links) > 40
    for address, number in links:
        if not re.fullmatch(r"[\d,]+", str(number)):
            continue
        page.browser.run("location.hash = arguments[0]", str(address).partition("#")[2])
        page.wait(str(number))
        assert len(page.shown()) == int(str(number).replace(",", ""))


def test_a_link_takes_the_reader_there_and_back(page: Page) -> None:
    page.open()
    page.click("#overview tbody a")
    page.wait("15")
    assert page.browser.run("return document.activeElement.id") == "documents-title"
    assert "with look" in page.find("#shown").text
    assert page.find("#view-matches").is_selected()
    assert page.find("#frame-0").is_selected()
    page.browser.run("scrollTo(0, 0)")
    page.click("#overview tbody a")
    assert page.browser.run("return scrollY") != 0
    page.open("#find?f=1&d=0")
    assert page.shown() == [TALK, BOTH]


def test_frames_words_documents_and_fields_are_chosen(page: Page) -> None:
    page.open()
    page.click("#frame-0")
    assert {LOOK, BOTH} == set(page.shown())
    assert page.all("#text .s.dim")
    page.click("#frame-1")
    assert page.shown() == [BOTH]
    page.click("#frame-none")
    assert not page.find("#frame-0").is_selected()
    assert NONE in page.shown()
    page.click("#clear")
    page.type("#search", '"old prison" DIALOGUE')
    assert page.shown() == [BOTH]
    assert page.texts("#text mark.hit") == ["old prison", "dialogue"]
    for words in ('"met in the morning"', "“met in the morning”", "morning staff"):
        page.type("#search", words)
        assert len(page.shown()) == 2
    page.type("#search", "team's")
    assert page.texts("#text mark.hit") == ["team’s"]
    page.type("#search", "")
    page.choose("#choose-doc", HOSTILE[:60])
    assert page.find("#shown").text.endswith(f"in {HOSTILE[:60]}… (final)")
    assert len(page.shown()) == 3
    assert page.texts("#text h3, #text .id") == [HOSTILE]
    page.click("#clear")
    page.choose("#choose-field", "speaker")
    page.choose("#choose-value", "Ben")
    page.click("#view-matches")
    assert LOOK in page.shown()
    assert "Impunity persists." not in page.shown()
    assert page.find("#shown").text.endswith("speaker: Ben")


def test_evidence_adds_up(page: Page) -> None:
    page.open()
    page.choose("#choose-doc", "draft")
    number = page.texts("#text .words").index(BOTH)
    page.click(f"#s{number} .why")
    assert page.find("#why").text == "Why these frames"
    assert page.texts("#evidence mark") == ["visited the old prison", "dialogue"]
    accounts = page.all("#evidence > .account")
    assert len(accounts) == 2
    for account in accounts:
        cells = account.find_elements(By.CSS_SELECTOR, "td.n")
        *parts, score = (float(cell.text.replace("−", "-")) for cell in cells)
        assert sum(parts) == pytest.approx(score, abs=1e-9)
        chance = float(account.find_element(By.CSS_SELECTOR, "caption > b").text)
        assert chance == pytest.approx(1 / (1 + exp(-score)), abs=0.006)
    assert "look.visit" in accounts[0].text
    assert "A visit looks." in accounts[0].text
    page.click("#evidence .account a")
    page.wait("15")


def test_places_after_wide_letters_are_right(page: Page) -> None:
    page.open()
    page.click("#s0 .why")
    assert page.texts("#evidence mark") == ["visited the old prison"]


def test_by_keyboard_alone(page: Page) -> None:
    page.open()
    page.browser.run(
        "document.querySelector('#clear').scrollIntoView(); document.querySelector('#save-sentences').focus()"
    )
    keys = ActionChains(page.driver)
    keys.send_keys(Keys.TAB).perform()
    active = "return document.activeElement.closest('.s')?.id"
    assert page.browser.run(active) == "s0"
    keys.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN).perform()
    assert page.browser.run(active) == "s2"
    assert page.find("#said").get_attribute("textContent") == "No frame. Enter goes to the scores."
    keys.send_keys(Keys.ARROW_UP, Keys.ENTER).perform()
    assert page.browser.run("return document.activeElement.id") == "why"
    assert TALK in page.find("#evidence blockquote").text.replace("T", "T")
    keys.send_keys(Keys.ESCAPE).perform()
    assert page.browser.run(active) == "s1"
    keys.send_keys(Keys.TAB).perform()
    assert page.browser.run("return document.activeElement.closest('#text') === null")


def test_the_keyboard_is_at_the_first_sentence_at_once_and_goes_back_to_the_choices(
    page: Page,
) -> None:
    page.open()
    keys = ActionChains(page.driver)
    keys.send_keys(Keys.TAB, Keys.ENTER).perform()
    active = "return document.activeElement.closest('.s')?.id ?? document.activeElement.id"
    assert page.browser.run(active) == "text"
    keys.send_keys(Keys.TAB).perform()
    assert page.browser.run(active) == "s0"
    keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
    assert page.browser.run(active) == "save-sentences"


def test_what_listens_hears_names(page: Page) -> None:
    page.open()
    page.click(".s .why")
    page.type("#context-words", "prison")
    tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = {
        "button",
        "link",
        "checkbox",
        "radio",
        "combobox",
        "searchbox",
        "image",
        "region",
        "form",
    }
    nameless = [
        node
        for node in tree
        if not node["ignored"]
        and node["role"]["value"] in roles
        and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    landmarks = {node["role"]["value"] for node in tree if not node["ignored"]}
    assert {"banner", "navigation", "main", "complementary"} <= landmarks


def test_all_of_it_is_printed(page: Page) -> None:
    page.open()
    page.click("#view-matches")
    made = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(made["data"]) > 20_000
    page.browser.run("dispatchEvent(new Event('beforeprint'))")
    assert len(page.all("#text .s")) == len(page.data()["texts"])
    page.browser.run("dispatchEvent(new Event('afterprint'))")
    assert len(page.all("#text .s")) <= 200
