"""Nothing is cut off on a page with many groups of long names, on a phone or on a desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from framelens.core.settings import Settings
from framelens.core.types import Passage
from framelens.project.project import Project
from framelens.report.corpus.findings import Grouping
from framelens.report.corpus.page import write_documents_report

from tests.browser.conftest import Browser
from tests.conftest import SOURCES

pytestmark = pytest.mark.browser

LONG = "Group of Friends of the Pond, with Associated Observers " * 2
NAMES = [LONG, "Frog" * 60, *(f"group {number}" for number in range(28))]
OVER = """
const root = document.documentElement, found = [];
for (const it of document.querySelectorAll("details")) it.open = true;
if (root.scrollWidth > root.clientWidth) found.push(`page ${root.scrollWidth}`);
for (const it of document.querySelectorAll(".wide, figure, td, th, .panel"))
  if (it.checkVisibility() && it.clientWidth > 1 && it.scrollWidth > it.clientWidth + 1)
    found.push(`${it.tagName} ${it.className} ${it.textContent.trim().slice(0, 30)}`);
for (const it of document.querySelectorAll("svg text")) {
  const [own, all] = [it, it.closest("svg")].map((part) => part.getBoundingClientRect());
  if (own.left < all.left - 1 || own.right > all.right + 1) found.push(`text ${it.textContent}`);
}
return found;
"""
NUMBERS = """
return [...document.querySelectorAll("#overview .scale, section .t .scale")]
  .filter((it) => it.checkVisibility()).map((it) => it.innerText.replace(/\\s+/g, " ").trim());
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("widths")
    for name, text in SOURCES.items():
        (folder / name).write_text(text, encoding="utf-8")
    project = Project.open(Settings(rules=str(folder), mode="rules", evidence=True))
    text = "They visited the old prison. The talks failed. Nobody came."
    own = "They visited the old prison. " * 12  # so that the rules of a long name are listed
    passages = [
        Passage(
            f"d{at}",
            own if at % 30 == 1 else text,
            meta={"bloc": NAMES[at % 30], "year": str(2019 + at % 4)},
        )
        for at in range(120)
    ]
    write_documents_report(
        project.classify(passages),
        project.classifier,
        folder / "report.html",
        grouping=Grouping(by=["bloc"]),
    )
    return folder / "report.html"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1400])
def test_nothing_is_cut_off(browser: Browser, page: Path, width: int, dark: bool) -> None:
    browser.show(page.as_uri(), width=width, dark=dark)
    assert browser.run(OVER) == []
    assert browser.run(NUMBERS)
