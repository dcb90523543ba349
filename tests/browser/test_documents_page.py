"""The page of `framelens report`, in a browser."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterator
from io import StringIO
from math import exp, hypot
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from xml.etree import ElementTree

import pytest
from framelens.api import open_classifier
from framelens.classifier import FrameClassifier
from framelens.matching.statistics import wilson
from framelens.passages import Passage
from framelens.report.documents import write_documents_report
from framelens.stream import classify_passages
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.conftest import Browser
from tests.browser.test_serve_page import CONTRAST
from tests.conftest import SOURCES

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hit=1"></script><script>window.hit=1</script>'
LOOK = "🕊 They visited the old prison."
TALK = "The talks failed."
BOTH = "They visited the old prison, and a dialogue began."
NONE = "Nobody came."
DRAFT = f"{LOOK} {TALK} The members of the team met in the morning for an hour."
FINAL = f"{LOOK} {NONE} The members of the group met in the morning for an hour."

PASSAGES = [
    Passage(
        "draft", f"{DRAFT}\n\n{HOSTILE}\n\n{BOTH}", meta={"speaker": "Ana", "date": "2018-01-01"}
    ),
    Passage("final", FINAL, meta={"speaker": "Ben", "date": "2019-01-01", "title": HOSTILE}),
    *(
        Passage(f"ana {at}", f"{LOOK} Impunity persists.", meta={"speaker": "Ana"})
        for at in range(12)
    ),
    *(
        Passage(
            f"ben {at}", f"{TALK} +1 =1+1, people say.", meta={"speaker": "Ben", "date": "2020"}
        )
        for at in range(12)
    ),
]


class Page:
    """A page, and what a person does on it."""

    def __init__(self, browser: Browser, path: Path, downloads: Path) -> None:
        self.browser, self.driver, self.path = browser, browser.driver, path
        self.downloads = downloads

    def open(self, asked: str = "", **look: Any) -> Page:
        self.driver.get("about:blank")
        self.browser.show(f"{self.path.as_uri()}{asked}", **look)
        return self

    def find(self, place: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, place)

    def all(self, place: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, place)

    def click(self, place: str) -> None:
        self.browser.run("document.querySelector(arguments[0]).click()", place)

    def texts(self, place: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)"
        found: Any = self.browser.run(script, place)
        return list(found)

    def type(self, place: str, words: str) -> None:
        script = """const [place, words] = arguments; const input = document.querySelector(place);
        input.value = words; input.dispatchEvent(new Event("input", { bubbles: true }));"""
        self.browser.run(script, place, words)

    def choose(self, place: str, text: str) -> None:
        script = """const [place, text] = arguments; const select = document.querySelector(place);
        const option = [...select.options].find((it) => it.text.startsWith(text));
        select.value = option.value;
        for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));"""
        self.browser.run(script, place, text)

    def shown(self) -> list[str]:
        """The sentences that stand in the text and are asked for."""
        return self.texts("#text .s:not(.dim) .words")

    def saved(self, place: str, name: str) -> str:
        """What a button downloads."""
        target = self.downloads / name
        target.unlink(missing_ok=True)
        # A second download without a person's click would be held back.
        button = self.find(place)
        self.browser.run("arguments[0].scrollIntoView({ behavior: 'instant' })", button)
        button.click()
        end = monotonic() + 10
        while not target.exists() and monotonic() < end:
            sleep(0.05)
        return target.read_text(encoding="utf-8-sig")

    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.texts("#data")[0])
        return found


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> FrameClassifier:
    folder = tmp_path_factory.mktemp("rules")
    for name, text in SOURCES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return open_classifier(rules=folder, mode="rules")


@pytest.fixture(scope="module")
def path(classifier: FrameClassifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages") / "report.html"
    rows = classify_passages(PASSAGES, classifier)
    write_documents_report(
        rows,
        classifier,
        made,
        by=["speaker", "document"],
        compare=["draft", "final"],
        title=HOSTILE,
    )
    return made


@pytest.fixture
def page(browser: Browser, path: Path, downloads: Path) -> Iterator[Page]:
    found = Page(browser, path, downloads)
    yield found
    assert found.browser.run("return window.hit") is None
    assert found.browser.complaints() == []


@pytest.mark.parametrize("width", [1280, 700, 360])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_and_can_be_read(page: Page, width: int, dark: bool) -> None:
    page.open(width=width, dark=dark)
    page.click(".s .why")
    over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.browser.run(over) == 0
    assert page.browser.run(CONTRAST) == []


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
        wait(page, number=str(number))
        assert len(page.shown()) == int(str(number).replace(",", ""))


def wait(page: Page, *, number: str) -> None:
    """Until the page says that it shows so many sentences."""
    end = monotonic() + 5
    while not page.find("#shown").text.startswith(f"{number} of") and monotonic() < end:
        sleep(0.01)
    assert page.find("#shown").text.startswith(f"{number} of ")


def test_a_link_takes_the_reader_there_and_back(page: Page) -> None:
    page.open()
    page.click("#overview tbody a")
    wait(page, number="15")
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
    page.type("#search", "")
    page.choose("#choose-doc", "final")
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
    wait(page, number="15")


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


def test_tables_are_saved_without_formulas(page: Page) -> None:
    page.open()
    rows = list(csv.DictReader(StringIO(page.saved('[data-table="by-0"]', "by-0.csv"))))
    assert [row["speaker"] for row in rows[:3]] == ["Ana"] * 3
    assert rows[0]["given"] == "14"
    page.type("#search", "people say")
    page.click("#view-matches")
    rows = list(csv.DictReader(StringIO(page.saved("#save-sentences", "sentences.csv"))))
    assert len(rows) == 12
    assert {row["text"] for row in rows} == {"'+1 =1+1, people say."}
    assert {row["speaker"] for row in rows} == {"Ben"}


def test_drawings_are_saved_as_files_of_their_own(page: Page) -> None:
    page.open()
    drawing = ElementTree.fromstring(page.saved('[data-drawing="time-0"]', "time-0.svg"))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    curve = drawing.find(".//*[@class='curve']")
    assert curve is not None
    assert "stroke: rgb" in str(curve.get("style"))


def test_what_sets_groups_apart_leads_into_context(page: Page) -> None:
    page.open()
    page.choose("#apart-group", "Ana")
    terms = page.texts("#apart-terms .item")
    assert "impunity persists" in terms
    assert "look.visit" in page.texts("#apart-rules code")
    page.click("#apart-terms .item")
    assert page.find("#context-words").get_attribute("value") == terms[0]
    assert page.find("#lines-shown").text == "12 places in 12 sentences"
    assert len(page.all("#lines tbody tr")) == 12


def test_words_in_context(page: Page) -> None:
    page.open()
    page.type("#context-words", "old pris*")
    assert set(page.texts("#lines .key")) == {"Words", "old prison"}
    assert page.texts("#lines td.before")[0] == "🕊 They visited the "
    page.choose("#context-order", "by the words after")
    assert page.texts("#lines td.after")[-1] == ", and a dialogue began."
    page.type("#context-words", "(.*)[")
    assert page.find("#lines-shown").text == "0 places in 0 sentences"
    page.type("#context-words", "old prison")
    page.click("#lines a")
    end = monotonic() + 5
    while page.browser.run("return document.activeElement.closest('.s')?.id") != "s0":
        assert monotonic() < end
        sleep(0.01)
    assert page.texts("#why") == ["Why these frames"]


def test_two_documents_lie_side_by_side(page: Page) -> None:
    page.open()
    said = "6 of 6 rows shown: 1 same, 1 changed, 3 left out, 1 put in"
    assert page.find("#pairs-shown").text == said
    assert page.texts("#pairs .changed del") == ["team"]
    assert page.texts("#pairs .changed ins") == ["group"]
    before = len(page.all("#pairs tbody tr"))
    page.click('[name="differing"][value="changed"]')
    assert len(page.all("#pairs tbody tr")) == before - 1
    page.click('[name="differing"][value="frames"]')
    assert TALK in "".join(page.texts("#pairs td"))
    assert LOOK not in "".join(page.texts("#pairs td"))


def test_shares_side_by_side_have_the_intervals_of_the_program(page: Page) -> None:
    page.open()
    one, other = (2, 5), (1, 3)
    bounds = [wilson(*figures) for figures in (one, other)]
    shares = [given / total for given, total in (one, other)]
    low = shares[1] - shares[0] - hypot(shares[1] - bounds[1][0], bounds[0][1] - shares[0])
    high = shares[1] - shares[0] + hypot(bounds[1][1] - shares[1], shares[0] - bounds[0][0])
    cells = page.texts("#compare-shares tbody tr:first-child td")
    for cell, (figures, (below, above)) in zip(
        cells, zip((one, other), bounds, strict=True), strict=False
    ):
        assert cell.split()[0] == str(figures[0])
        assert cell.endswith(f"{100 * below:.1f}–{100 * above:.1f}")
    shown = re.findall(r"[+−][\d.]+", cells[2])
    assert [float(part.replace("−", "-")) for part in shown] == pytest.approx(
        [100 * (shares[1] - shares[0]), 100 * low, 100 * high], abs=0.06
    )


def test_groups_lie_side_by_side(page: Page) -> None:
    page.open()
    page.choose("#compare-first", "Ana")
    page.choose("#compare-second", "Ben")
    page.choose("#compare-only", "talk")
    assert not page.find("#only-differing").is_displayed()
    rows = page.all("#pairs tbody tr")
    assert len(rows) == 12
    data = page.data()
    (part,) = [part for part in data["fields"][0]["parts"] if part[0] == 0]
    cell = page.texts("#compare-shares tbody tr:first-child td")[0]
    assert cell.endswith(f"{part[3][0] / 10:.1f}–{part[4][0] / 10:.1f}")
    page.click("#compare-shares tbody a")
    wait(page, number=str(part[2][0]))


def test_all_of_it_is_printed(page: Page) -> None:
    page.open()
    page.click("#view-matches")
    made = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert len(made["data"]) > 20_000
    page.browser.run("dispatchEvent(new Event('beforeprint'))")
    assert len(page.all("#text .s")) == len(page.data()["texts"])
    page.browser.run("dispatchEvent(new Event('afterprint'))")
    assert len(page.all("#text .s")) <= 200


LONG = 10_000
WORDS = """the of and to in rights human states council government report visit dialogue impunity
cooperation assistance special rapporteur justice commission national international prison access
people women children law courts police authorities committee recommendations measures support
review situation violations resolution session delegation country region security development"""


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten thousand sentences of 180 characters, as many as those of the two documents have that
    come with the package, from 200 documents, with all that the shipped model says of them."""
    chance, words = random.Random(1), WORDS.split()

    def sentence() -> str:
        text = ""
        while len(text) < 175:
            text += f" {chance.choice(words)}"
        return f"{text.strip().capitalize()}."

    passages = (
        Passage(
            f"document-{at}",
            "\n".join(sentence() for _ in range(LONG // 200)),
            meta={"country": f"c{at % 20}", "date": f"{2005 + at % 15}"},
        )
        for at in range(200)
    )
    shipped = open_classifier()
    made = tmp_path_factory.mktemp("long") / "long.html"
    found = write_documents_report(classify_passages(passages, shipped), shipped, made)
    assert len(found.contents.texts) == LONG
    return made


def test_ten_thousand_sentences_stay_small(long_page: Path) -> None:
    assert long_page.stat().st_size < 3_000_000


STEPS = """
const done = arguments[arguments.length - 1];
const tick = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
const input = (place, words) => {
  const field = document.querySelector(place);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};
const choose = (place, value) => {
  const field = document.querySelector(place);
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
const click = (place) => document.querySelector(place).click();
const steps = {
  frame: () => click("#frame-0"), second: () => click("#frame-1"), none: () => click("#frame-none"),
  clear: () => click("#clear"), matches: () => click("#view-matches"),
  word: () => input("#search", "impunity"), words: () => input("#search", "human rights"),
  empty: () => input("#search", ""), text: () => click("#view-text"),
  field: () => choose("#choose-field", "0"), value: () => choose("#choose-value", "3"),
  document: () => choose("#choose-doc", "17"), all: () => click("#clear"),
  evidence: () => click(".s .why"), link: () => click("#by-0 td a"),
  context: () => input("#context-words", "the"), compare: () => choose("#compare-first", "d9"),
};
(async () => {
  const taken = {};
  for (const [name, step] of Object.entries(steps)) {
    await tick();
    const begun = performance.now();
    step();
    await tick();
    taken[name] = performance.now() - begun;
  }
  done(taken);
})();
"""


def test_ten_thousand_sentences_are_filtered_without_a_freeze(
    browser: Browser, long_page: Path, downloads: Path
) -> None:
    """Each step by itself, from the click to the next picture; the best of three, for what else
    the machine does is not the page's doing."""
    page = Page(browser, long_page, downloads)
    rounds: list[dict[str, float]] = []
    for _ in range(3):
        found: Any = page.open().driver.execute_async_script(STEPS)
        rounds.append(found)
        assert 0 < len(page.all("#text .s")) <= 200
    best = {name: min(taken[name] for taken in rounds) for name in rounds[0]}
    assert max(best.values()) < 200, best
    assert browser.complaints() == []
