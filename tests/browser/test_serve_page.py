"""The page of `framelens serve`, in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.conftest import LOOKS, Browser
from tests.conftest import SOURCES
from tests.serve.conftest import Server, started

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
STATEMENT = "😀 The talks failed, and they visited the old prison.\n\nNobody came."

CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
function rgb(colour, under = [0, 0, 0]) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = `rgb(${under.join(" ")})`; canvas.fillRect(0, 0, 1, 1);
  canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
const light = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const shine = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
function paper(element) {
  if (!element) return [255, 255, 255];
  return rgb(getComputedStyle(element).backgroundColor, paper(element.parentElement));
}
const bad = [];
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !element.checkVisibility({ visibilityProperty: true })) continue;
  const ground = paper(element);
  const both = [shine(rgb(getComputedStyle(element).color, ground)), shine(ground)];
  const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
  const name = `${element.tagName}.${element.className} ${element.textContent.trim().slice(0, 30)}`;
  if (ratio < 4.5) bad.push(`${name}: ${ratio.toFixed(2)}`);
}
return bad;
"""


class Page:
    """The page, and what a person does on it."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.driver, self.server = browser, browser.driver, server

    def open(self, **look: Any) -> Page:
        self.browser.show(f"http://localhost:{self.server.port}/", **look)
        return self

    def find(self, place: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, place)

    def texts(self, place: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map((it) => it.textContent)"
        found = self.browser.run(script, place)
        assert isinstance(found, list)
        return found

    def wait(self, done: Callable[[], object]) -> None:
        WebDriverWait(self.driver, 30).until(lambda _: done())

    def click(self, place: str) -> None:
        """Bring an element into view and click it."""
        element = self.find(place)
        script = "arguments[0].scrollIntoView({ behavior: 'instant', block: 'center' })"
        self.browser.run(script, element)
        element.click()

    def write(self, text: str) -> None:
        """Put a text in its field (the driver cannot type what is beyond the BMP)."""
        self.browser.run("document.getElementById('text').value = arguments[0]", text)

    def mark(self, text: str) -> Page:
        self.write(text)
        self.click("#mark")
        self.wait(lambda: " marked in " in self.find("#status").text)
        return self

    def drop(self, *files: tuple[str, list[int]]) -> None:
        script = """
        const held = new DataTransfer();
        for (const [name, bytes] of arguments[0])
          held.items.add(new File([new Uint8Array(bytes)], name));
        for (const kind of ["dragover", "drop"])
          document.querySelector("h1").dispatchEvent(
            new DragEvent(kind, { dataTransfer: held, bubbles: true, cancelable: true }));
        """
        self.browser.run(script, list(files))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("rules")
    for name, text in SOURCES.items():
        noted = text.replace('"A visit looks."', json.dumps(HOSTILE))
        (folder / name).write_text(noted, encoding="utf-8")
    with started("--rules", str(folder), "--rules-only") as server:
        yield server


@pytest.fixture
def page(browser: Browser, running: Server) -> Iterator[Page]:
    page = Page(browser, running)
    yield page
    assert page.browser.complaints() == []


def test_a_statement_is_marked(page: Page) -> None:
    page.open().mark(STATEMENT)
    assert page.texts("#sentences .words") == [
        "😀 The talks failed, and they visited the old prison. (look, talk)",
        "Nobody came. (no frame)",
    ]
    assert page.texts("#sentences mark") == ["talks", "visited the old prison"]
    letters = [
        mark.get_dom_attribute("data-frames")
        for mark in page.driver.find_elements(By.TAG_NAME, "mark")
    ]
    assert letters == ["T", "L"]
    assert page.texts("#counts dd") == ["1of 2 sentences", "1of 2 sentences"]
    assert page.texts("#sentences li.apart .words") == ["Nobody came. (no frame)"]
    assert page.find("#status").text.endswith("; 1 with a frame.")


def test_headings_are_shown_and_not_counted_nor_is_another_language(page: Page) -> None:
    page.open().mark("Talks on old prisons\n\nThe talks failed. Nobody came.")
    assert page.texts("#counts .bounds") == ["of 2 sentences"] * 2
    assert page.texts("#sentences .tag") == ["heading"]
    assert page.texts("#uncounted") == ["Shown and not counted: 1 heading."]
    assert not page.find("#foreign").is_displayed()
    page.mark("Le rapporteur n'a pas pu visiter la prison hier soir.")
    assert page.texts("#counts .bounds") == ["of 0 sentences"] * 2
    assert page.texts("#foreign")[0].startswith("This looks like French, not like English")


def test_marks_within_marks_have_a_letter_where_each_ends(page: Page) -> None:
    page.open().mark("They visited talks at prison.")
    script = "return [...document.querySelectorAll('mark')].map((it) => [it.textContent, it.dataset.frames])"
    assert page.browser.run(script) == [["visited ", None], ["talks", "T"], [" at prison", "L"]]


def test_the_evidence_adds_up_and_says_what_turns_it(page: Page) -> None:
    page.open().mark(STATEMENT)
    page.click("#sentences summary")
    page.wait(lambda: page.texts(".why .account"))
    for table in page.driver.find_elements(By.CSS_SELECTOR, ".why .account"):
        script = "return [...arguments[0].querySelectorAll('.n')].map((it) => it.textContent)"
        cells = page.browser.run(script, table)
        assert isinstance(cells, list)
        *rows, score = [float(cell.replace("−", "-")) for cell in cells]
        assert sum(rows) == pytest.approx(score, abs=0.006 * len(rows))
        assert len(rows) > 1
    turning = page.texts(".why p")
    assert turning == [
        "Would not be given without rule look.visit.",
        "Would not be given without rule talk.talks.",
    ]


def test_markup_in_texts_and_in_notes_of_rules_is_text(page: Page) -> None:
    page.open().mark(f"They visited the old prison. {HOSTILE} The talks failed.")
    page.click("#open")
    page.wait(lambda: page.texts(".why .note"))
    assert page.texts(".why .note")[0] == HOSTILE
    assert HOSTILE in "".join(page.texts("#sentences .words"))
    assert page.texts("main img, main script") == []
    assert page.browser.run("return window.hit === undefined") is True


def test_all_goes_by_keyboard(page: Page) -> None:
    page.open()
    keys = ActionChains(page.driver)
    keys.send_keys(Keys.TAB, Keys.ENTER).perform()
    assert page.browser.run("return location.hash") == "#text"
    keys.send_keys(Keys.TAB, "The talks failed.").perform()
    assert page.browser.run("return document.activeElement.id") == "text"
    keys.key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    page.wait(lambda: page.texts("#sentences summary"))
    seen = []
    for _ in range(6):
        keys.send_keys(Keys.TAB).perform()
        seen.append(page.browser.run("return document.activeElement.matches('summary')"))
        if seen[-1]:
            break
    ring = "return getComputedStyle(document.activeElement).outlineStyle"
    assert page.browser.run(ring) != "none"
    keys.send_keys(Keys.ENTER).perform()
    page.wait(lambda: page.texts(".why .account"))


def test_everything_has_a_name_for_a_screen_reader(page: Page) -> None:
    page.open().mark(STATEMENT)
    page.click("#sentences summary")
    page.wait(lambda: page.texts(".why .account"))
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]
    for role, name in named:
        if role in {"button", "textbox", "link", "heading", "table", "DisclosureTriangle", "form"}:
            assert name.strip(), role
    assert ("textbox", "Statement") in named
    summaries = [name for role, name in named if role == "DisclosureTriangle"]
    assert any("(look, talk)" in name for name in summaries)
    assert {"banner", "main", "contentinfo", "status"} <= {role for role, _ in named}
    levels = page.browser.run(
        "return [...document.querySelectorAll('h1,h2,h3')].map((it) => it.tagName)"
    )
    assert levels == ["H1", "H2", "H2"]


@pytest.mark.parametrize(
    ("bytes_", "shown"),
    [
        (b"The talks failed.", "The talks failed."),
        ("\ufeffThe talks failed: é.".encode(), "The talks failed: é."),
        ("The talks failed: é.".encode("utf-16"), "The talks failed: é."),
    ],
)
def test_a_dropped_file_is_marked(page: Page, bytes_: bytes, shown: str) -> None:
    page.open().drop(("talk.txt", list(bytes_)))
    page.wait(lambda: page.texts("#sentences mark"))
    assert page.find("#text").get_property("value") == shown
    assert page.texts("#sentences mark") == ["talks"]
    assert page.browser.run("return document.body.className") == ""


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ([("long.txt", [97] * 5_996_251)], "long.txt: 5,996,251 bytes; expected at most"),
        ([("a.txt", [97]), ("b.txt", [98])], "Drop one file at a time."),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    page: Page, files: list[tuple[str, list[int]]], problem: str
) -> None:
    page.open().drop(*files)
    page.wait(lambda: page.find("#problem").is_displayed())
    assert page.find("#problem").text.startswith(problem)
    page.mark("The talks failed.")
    assert not page.find("#problem").is_displayed()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.pdf", b"%PDF-1.7\0\xff", "a.pdf: not a PDF that can be read"),
        ("nul.txt", b"The talks\0failed.", "nul.txt: looks binary; expected text"),
        (
            "latin.txt",
            b"caf\xe9",
            "latin.txt: byte 0xE9 at offset 3 (line 1) is not UTF-8; save it as",
        ),
    ],
)
def test_a_file_that_the_server_cannot_read_is_named(
    page: Page, name: str, content: bytes, problem: str
) -> None:
    page.open().drop((name, list(content)))
    page.wait(lambda: page.find("#problem").is_displayed())
    assert page.find("#problem").text.startswith(problem)
    (complaint,) = page.browser.complaints()
    assert "the server responded with a status of 4" in complaint


def test_a_file_is_counted_by_its_structure_until_its_text_is_changed(page: Page) -> None:
    table = b"<table><tr><td>Talks in May</td></tr></table>"
    page.open().drop(("a.html", list(b"<html><body><main><p>The talks failed.</p>" + table)))
    for _ in range(2):
        page.wait(lambda: page.find("#status").text.endswith("1 more is not counted."))
        page.click("#mark")
    page.mark(f"{page.find('#text').get_property('value')} Nobody came.")
    page.wait(lambda: page.find("#status").text.startswith("2 sentences marked"))


def test_a_file_is_opened(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "speech.txt"
    path.write_text("The talks failed.", encoding="utf-8")
    page.open().find("#file").send_keys(str(path))
    page.wait(lambda: page.texts("#sentences mark"))


def test_what_is_pasted_is_marked_at_once(page: Page) -> None:
    page.open().write("The talks failed.")
    page.browser.run("document.getElementById('text').dispatchEvent(new ClipboardEvent('paste'))")
    page.wait(lambda: page.texts("#sentences mark"))


PAGE = "<!DOCTYPE html>\n<html><body><article><p>The talks failed.</p></article></body></html>"


@pytest.mark.parametrize("source", [PAGE, "<p>The talks failed.</p>", f"<!-- x -->{PAGE}"])
def test_the_source_of_a_page_is_not_marked_but_its_text(page: Page, source: str) -> None:
    page.open().mark(source)
    assert page.find("#text").get_property("value") == "The talks failed."
    assert page.texts("#sentences mark") == ["talks"]
    page.mark("a <p> is no page; the talks failed.")
    assert page.find("#text").get_property("value") == "a <p> is no page; the talks failed."


def test_a_page_saved_as_text_is_read_as_one(page: Page) -> None:
    page.open().drop(("page.txt", list(PAGE.encode())))
    page.wait(lambda: page.texts("#sentences mark"))
    assert page.find("#text").get_property("value") == "The talks failed."


@pytest.mark.parametrize("width", [390, 1400])
def test_the_sentences_come_into_view(page: Page, width: int) -> None:
    page.open(width=width, height=500).mark(STATEMENT)
    script = "return document.getElementById('result').getBoundingClientRect().top"
    page.wait(lambda: float(str(page.browser.run(script))) < 0.6 * 500)


def test_the_example_shows_every_frame_and_clear_takes_it_away(page: Page) -> None:
    page.open().find("#try").click()
    page.wait(lambda: page.texts("#counts dd"))
    assert all(figure.startswith("1") for figure in page.texts("#counts dd"))
    page.click("#clear")
    assert not page.find("#result").is_displayed()
    assert page.find("#text").get_property("value") == ""


def test_nothing_to_mark_is_said(page: Page) -> None:
    page.open().write(" \n")
    page.click("#mark")
    assert page.find("#status").text.startswith("Nothing to mark")


def test_the_marked_sentences_are_saved(page: Page, downloads: Path) -> None:
    page.open().mark(STATEMENT)
    page.click("#save")
    path = downloads / "frames.jsonl"
    page.wait(lambda: path.exists() and path.stat().st_size)  # it is made before it is written
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["labels"] for row in rows] == [["look", "talk"], []]
    assert [STATEMENT[row["start"] : row["end"]] for row in rows] == [row["text"] for row in rows]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_readable_light_and_dark_wide_and_narrow(
    page: Page, width: int, look: dict[str, Any]
) -> None:
    page.open(width=width, **look).mark(f"{STATEMENT} {'W' * 300}. {HOSTILE}")
    page.click("#sentences summary")
    page.wait(lambda: page.texts(".why .account"))
    assert page.browser.fits()
    assert page.browser.run(CONTRAST) == []
    paper = page.browser.run("return getComputedStyle(document.documentElement).backgroundColor")
    own = "rgb(23, 25, 28)" if look.get("dark") else "rgb(252, 251, 248)"
    assert (paper == own) is not look.get("forced", False)


def test_nothing_is_loaded_from_elsewhere(page: Page) -> None:
    page.open().mark(STATEMENT)
    loaded = page.browser.run(
        "return performance.getEntriesByType('resource').map((it) => it.name)"
    )
    assert isinstance(loaded, list)
    assert {name.rpartition("/")[2] for name in loaded} >= {"page.css", "page.js", "classify"}
    assert all(name.startswith(f"http://localhost:{page.server.port}/") for name in loaded)


def test_a_long_statement_stays_usable(page: Page) -> None:
    page.open()
    watch = """
    window.longest = 0;
    let before = performance.now();
    (function tick() {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - before);
      before = now;
      setTimeout(tick);
    })();
    """
    page.browser.run(watch)
    page.mark("They visited the old prison. The talks failed. Nobody came.\n\n" * 2000)
    assert page.find("#status").text.startswith("6,000 sentences marked")
    longest = page.browser.run("return window.longest")
    assert isinstance(longest, int | float)
    assert longest < 1000
    assert not page.find("#open").is_displayed()


def test_a_server_that_is_gone_is_said(browser: Browser) -> None:
    with started("--rules-only") as server:
        page = Page(browser, server).open()
        server.process.terminate()
        server.process.wait(timeout=30)
        page.write("The talks failed.")
        page.click("#mark")
        page.wait(lambda: page.find("#problem").is_displayed())
        assert page.find("#problem").text.startswith("The server does not answer.")
        assert page.find("#ask").get_dom_attribute("aria-busy") == "false"


def test_frames_that_exclude_one_another_have_no_thresholds_and_no_further_frames(
    browser: Browser, tmp_path: Path
) -> None:
    for name, text in SOURCES.items():
        said = "exclusive = true\nnone = true\n" if name == "scheme.toml" else ""
        (tmp_path / name).write_text(f"{said}{text}", encoding="utf-8")
    with started("--rules", str(tmp_path), "--rules-only") as server:
        page = Page(browser, server).open().mark("They visited the old prison.")
        page.click("#sentences summary")
        page.wait(lambda: page.texts("#sentences .why caption"))
        shown = " ".join(page.texts("body"))
        assert "threshold" not in shown
        assert "further frame" not in shown
        assert "A sentence carries one frame, or none" in shown
        assert browser.complaints() == []
