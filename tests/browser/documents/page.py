"""A page of documents, and what a person does on it."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep
from typing import Any

from framelens.core.types import Passage
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.conftest import Browser
from tests.helpers import read_payload

HOSTILE = '<img src=x onerror="window.hit=1"></script><script>window.hit=1</script>'
LOOK = "🕊 They visited the old prison."
TALK = "The talks failed."
BOTH = "They visited the old prison, and a dialogue began."
NONE = "Nobody came."
DRAFT = f"{LOOK} {TALK} The members of the team’s staff met in the\nmorning for an hour."
FINAL = f"{LOOK} {NONE} The members of the group’s staff met in the morning for an hour."

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
        end = monotonic() + 10
        while not self.all("html.ready"):
            assert monotonic() < end, self.browser.complaints()
            sleep(0.01)
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

    def wait(self, number: str) -> None:
        """Until the page says that it shows so many sentences."""
        end = monotonic() + 5
        while not self.find("#shown").text.startswith(f"{number} of") and monotonic() < end:
            sleep(0.01)
        assert self.find("#shown").text.startswith(f"{number} of ")

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
        while not (target.exists() and target.stat().st_size) and monotonic() < end:
            sleep(0.05)
        return target.read_text(encoding="utf-8-sig")

    def data(self) -> dict[str, Any]:
        return read_payload(self.path.read_text(encoding="utf-8"))
