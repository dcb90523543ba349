"""Stances on the page of `framelens report`, told by the shipped model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from framelens.core.settings import Settings
from framelens.core.types import Passage
from framelens.project.project import Project
from framelens.report.corpus.page import write_documents_report

from tests.browser.conftest import LOOKS, Browser
from tests.browser.documents.page import Page
from tests.browser.test_serve_page import CONTRAST

pytestmark = pytest.mark.browser

DEMANDED = "The government must let the monitors visit the prisons."
LACKING = "Nobody has been prosecuted for the torture of the prisoners."
AFFIRMED = "The colonel was convicted of torture."


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stances") / "report.html"
    project = Project.open(Settings(evidence=True))
    passages = [Passage("one", f"{DEMANDED} {LACKING}"), Passage("two", AFFIRMED)]
    write_documents_report(project.classify(passages), project.classifier, path)
    return path


@pytest.fixture
def page(browser: Browser, written: Path, downloads: Path) -> Iterator[Page]:
    found = Page(browser, written, downloads)
    yield found
    assert found.browser.complaints() == []


def test_sentences_are_chosen_by_stance(page: Page) -> None:
    page.open()
    page.choose("#choose-stance", "lacking")
    page.wait("1")
    assert page.shown() == [LACKING]
    page.click("#frame-0")
    assert page.shown() == []
    page.choose("#choose-stance", "demanded")
    assert page.shown() == [DEMANDED]
    assert page.find("#shown").text.endswith("with monitoring, demanded")


def test_who_labelled_what_stances_were_learnt_from_is_said_beside_them(page: Page) -> None:
    page.open()
    assert "no human expert has validated the labels" in page.texts("#stances > p")[0]


def test_a_part_of_a_bar_leads_to_its_sentences(page: Page) -> None:
    page.open()
    page.click('#stances .split a[title^="affirmed: 1 of 2 sentences"]')
    page.wait("1")
    assert page.shown() == [AFFIRMED]
    assert page.find("#choose-stance").get_property("value") == "0"
    page.click("#text .why")
    probability = page.texts("#evidence caption b")[1]
    told = (
        f"accountability probability {probability}, threshold 0.50; stance: affirmed – “convicted”"
    )
    assert told in page.texts("#evidence caption")[0]
    said = page.texts("#said")[0]
    assert re.match(r"accountability \d+%, affirmed\. Enter", said)


def test_sentences_are_saved_with_their_stances(page: Page) -> None:
    page.open()
    rows = page.saved("#save-sentences", "2-documents-sentences.csv")
    assert [line.count(":demanded") for line in rows.splitlines()] == [0, 1, 0, 0]


@pytest.mark.parametrize("look", LOOKS)
def test_bars_can_be_read(page: Page, look: dict[str, Any]) -> None:
    page.open(**look, width=360)
    assert page.browser.run(CONTRAST) == []


def test_bars_are_told_apart_in_colours_of_the_system(page: Page) -> None:
    page.open(forced=True)
    script = """return [...document.querySelectorAll(".legend i")].map((it) =>
      ["backgroundColor", "backgroundImage"].map((name) => getComputedStyle(it)[name]).join())"""
    looks = page.browser.run(script)
    assert isinstance(looks, list)
    assert len(set(looks)) == len(looks) == 4
