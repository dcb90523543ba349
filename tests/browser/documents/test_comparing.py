"""Comparing on the page of `framelens report`: tables, groups, contexts, two documents."""

from __future__ import annotations

import csv
import re
from io import StringIO
from math import hypot
from pathlib import Path
from time import monotonic, sleep
from xml.etree import ElementTree

import pytest
from framelens.core.settings import Settings
from framelens.core.types import Passage
from framelens.project.project import Project
from framelens.report.corpus.page import write_documents_report
from framelens.statistics.proportions import wilson

from tests.browser.conftest import Browser
from tests.browser.documents.page import HOSTILE, LOOK, TALK, Page

pytestmark = pytest.mark.browser

TITLE = "-".join(re.findall(r"[a-z0-9]+", HOSTILE))[:40]
"""How the page's title begins the names of what is saved."""


def test_tables_are_saved_without_formulas(page: Page) -> None:
    page.open()
    rows = list(
        csv.DictReader(StringIO(page.saved('[data-table="by-0"]', f"{TITLE}-by-speaker.csv")))
    )
    assert [row["speaker"] for row in rows[:3]] == ["Ana"] * 3
    assert rows[0]["given"] == "14"
    page.type("#search", "people say")
    page.click("#view-matches")
    name = f"{TITLE}-sentences-with-the-words-people-say.csv"
    rows = list(csv.DictReader(StringIO(page.saved("#save-sentences", name))))
    assert len(rows) == 12
    assert {row["text"] for row in rows} == {"'+1 =1+1, people say."}
    assert {row["speaker"] for row in rows} == {"Ben"}


def test_drawings_are_saved_as_files_of_their_own(page: Page) -> None:
    page.open()
    drawing = ElementTree.fromstring(
        page.saved('[data-drawing="time-0"]', f"{TITLE}-over-time-look.svg")
    )
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    curve = drawing.find(".//*[@class='curve']")
    assert curve is not None
    assert "stroke: rgb" in str(curve.get("style"))


def test_what_sets_groups_apart_leads_into_context(page: Page) -> None:
    page.open()
    page.choose("#keyness-group", "Ana")
    terms = page.texts("#keyness-terms .item")
    assert "impunity persists" in terms
    assert "look.visit" in page.texts("#keyness-rules code")
    page.click("#keyness-terms .item")
    assert page.find("#context-words").get_attribute("value") == terms[0]
    assert page.find("#lines-shown").text == "12 places in 12 sentences"
    assert len(page.all("#lines tbody tr")) == 12


@pytest.mark.parametrize(
    ("words", "lines"),
    [("team's staff", 1), ("prison, and a", 1), ("people-say", 12), ("staff met.", 2), ("mor*", 2)],
)
def test_words_in_context_with_whatever_stands_between(page: Page, words: str, lines: int) -> None:
    page.open()
    page.type("#context-words", words)
    assert page.find("#lines-shown").text.startswith(f"{lines} place")


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
    (group,) = [it for it in data["fields"][0]["groups"] if it["code"] == 0]
    cell = page.texts("#compare-shares tbody tr:first-child td")[0]
    assert cell.endswith(f"{100 * group['low'][0]:.1f}–{100 * group['high'][0]:.1f}")
    page.click("#compare-shares tbody a")
    page.wait(str(group["given"][0]))


def test_only_what_is_alike_stands_side_by_side_unasked(
    browser: Browser, tmp_path: Path, downloads: Path
) -> None:
    project = Project.open(Settings(mode="rules", evidence=True))
    passages = [Passage("one", "It rained. We left."), Passage("other", "He sang. They slept.")]
    path = tmp_path / "unlike.html"
    write_documents_report(project.classify(passages), project.classifier, path)
    page = Page(browser, path, downloads).open()
    assert page.find("#pairs p").text == "These are not versions of one text."
    assert page.all("#compare-shares tr")
    assert not page.all("#pairs table")
    page.click("#pairs button")
    assert page.texts("#pairs tbody tr:first-child .words") == ["It rained.", "He sang."]


def test_a_difference_of_nothing_has_no_sign(page: Page) -> None:
    page.open()
    page.choose("#compare-first", "ana 0")
    page.choose("#compare-second", "ana 1")
    assert page.texts("#compare-shares tbody tr:first-child td.n")[2].split()[0] == "0"
    assert not re.search(r"[+−]0\.0(?!\d)", "".join(page.texts("body main")))


def test_files_have_names_of_their_own(page: Page) -> None:
    page.open()
    names = page.browser.run(
        """const names = [];
        HTMLAnchorElement.prototype.click = function () { names.push(this.download); };
        for (const button of document.querySelectorAll("[data-table], [data-drawing]")) button.click();
        for (const group of document.querySelectorAll("#keyness-group option")) {
          group.selected = true;
          group.parentElement.dispatchEvent(new Event("change"));
          document.querySelector("#save-keyness").click();
        }
        for (const words of ["old prison", "old prison*"]) {
          const field = document.querySelector("#context-words");
          field.value = words;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          document.querySelector("#save-lines").click();
        }
        for (const frame of ["#frame-0", "#frame-1"]) {
          document.querySelector(frame).click();
          document.querySelector("#save-sentences").click();
        }
        return names;"""
    )
    assert isinstance(names, list)
    assert len(names) > 10
    assert len({*names}) == len(names)
