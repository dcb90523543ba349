"""The page: whole, escaped, offline, and readable without its drawings."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from framelens.evaluation.assessment import Assessment, assess
from framelens.evaluation.trial import Overlap
from framelens.report.methods import methods
from framelens.report.reliability import reliability_page, write_reliability_report

from .conftest import HOSTILE, LABELLED, write

VOID = {"meta", "input", "link", "br", "img"}
CHROMIUM = shutil.which("chromium")


class Outline(HTMLParser):
    """The elements of a page, checked to be closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def page(assessment: Assessment) -> str:
    return reliability_page(assessment)


def test_data_is_shown_as_text(page: str) -> None:
    outline = Outline(page)
    assert len(outline.all("script")) == 1
    assert outline.all("img") == []
    shown = "".join(outline.words)
    assert shown.count(HOSTILE) >= 4
    assert "<b>ana" in shown
    assert not [name for _, given in outline.elements for name in given if name.startswith("on")]


def test_nothing_is_fetched_and_only_the_pages_own_script_runs(page: str) -> None:
    outline = Outline(page)
    for _, given in outline.elements:
        assert not {"src", "srcset", "action", "background"} & set(given)
        assert (given.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import", page)
    script = page.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    (policy,) = [row for row in outline.all("meta") if "http-equiv" in row]
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in str(
        policy["content"]
    )


def test_links_lead_somewhere_and_ids_are_unique(page: str) -> None:
    outline = Outline(page)
    names = [given["id"] for _, given in outline.elements if "id" in given]
    assert len(names) == len(set(names))
    targets = {str(given["href"])[1:] for given in outline.all("a")}
    assert targets <= set(names)
    assert {"glance", "errors", "methods", "data", "coders", "rules"} <= targets


def test_drawings_have_words_and_tables_behind_them(page: str, assessment: Assessment) -> None:
    outline = Outline(page)
    drawings = [row for row in outline.all("svg") if row.get("aria-hidden") != "true"]
    assert len(drawings) == 2 * len(assessment.rules.scheme.frames)
    names = {given.get("id") for _, given in outline.elements}
    for row in drawings:
        assert row["role"] == "img"
        assert {row["aria-labelledby"], row["aria-describedby"]} <= names
    for figure in re.findall(r"<figure>.*?</figure>", page, re.DOTALL):
        assert "<table" in figure


def test_every_mistake_is_listed_with_its_account(page: str, assessment: Assessment) -> None:
    items = page.split('<ol class="mistakes">')[1].split("</ol>")[0].split("<li ")[1:]
    assert len(items) == len(assessment.mistakes) == 3
    assert 'class="w w0 "' in items[0]
    assert "wrongly predicted" in items[0]
    assert "look.visit" in items[0]


def test_the_same_assessment_gives_the_same_page(page: str, assessment: Assessment) -> None:
    assert reliability_page(assessment) == page


def test_the_page_names_its_data_and_tiers(page: str, assessment: Assessment) -> None:
    origin = assessment.provenance
    for digest in (origin.labels_digest, origin.model_digest, origin.rules_digest):
        assert str(digest) in page
    assert "labelled &amp; signed.jsonl" in page
    assert "lower end of the 95% interval of Krippendorff’s alpha" in page


def test_a_page_without_errors_says_so(assessment: Assessment) -> None:
    page = reliability_page(replace(assessment, mistakes=(), mistaken=0))
    Outline(page)
    assert "exactly the frames it is labelled with" in page


def test_sentences_that_the_model_knows_are_told(assessment: Assessment) -> None:
    known = replace(assessment, evaluation=replace(assessment.evaluation, overlap=Overlap(2)))
    assert "Not a fair test" in reliability_page(known)
    assert "2 of which the model had been trained on" in methods(known)
    without = replace(assessment.evaluation, overlap=Overlap(2, 1, left_out=True))
    page = methods(replace(assessment, evaluation=without))
    assert "2 sentences left out that the model was trained on and 1 near-duplicates" in page


@pytest.mark.parametrize("mode", ["rules", "model"])
def test_parts_have_pages_of_their_own(
    mode: str, small_folder: Path, model_folder: Path, tmp_path: Path
) -> None:
    labelled = write(tmp_path / "labelled.jsonl", LABELLED)
    found = assess(labelled, rules=small_folder, model=model_folder, modes=[mode])  # type: ignore[list-item]
    page = reliability_page(found)
    Outline(page)
    assert f"Under test: <strong>{mode} only</strong>" in page
    assert ('<section id="rules">' in page) == (mode == "rules")


@pytest.mark.parametrize("labels", [[], ["look"]])
def test_one_sentence_is_enough(labels: list[str], small_folder: Path, tmp_path: Path) -> None:
    labelled = write(tmp_path / "labelled.jsonl", [{"text": "Nobody came.", "labels": labels}])
    Outline(reliability_page(assess(labelled, rules=small_folder, modes=["rules"])))


def test_the_methods_paragraph_holds_the_figures(assessment: Assessment) -> None:
    said = methods(assessment)
    macro = assessment.evaluation.systems["framelens"].macro_f1
    assert f"{macro.value:.2f} ({macro.low:.2f}–{macro.high:.2f})" in said
    assert "trained on 1,234 labelled sentences" in said
    assert "none of which the model had been trained on" in said
    assert "Agreement between <b>ana, ben, cid" in said


def test_the_shipped_labels_are_said_to_be_those_of_language_models() -> None:
    assessment = assess(modes=["rules"])
    page = reliability_page(assessment)
    for text in (methods(assessment), page):
        assert "labelled by language models and adjudicated; no human expert" in text
    assert "by hand" not in page


def test_of_other_labels_nothing_is_said(page: str, assessment: Assessment) -> None:
    assert "language models" not in page + methods(assessment)
    assert "by whom they were labelled" in page


def test_the_file_is_written_whole(assessment: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_reliability_report(assessment, path)
    assert path.read_text(encoding="utf-8") == reliability_page(assessment)
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_a_browser_runs_the_pages_script_and_no_other(page: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    filtered = page.replace('id="any" checked', 'id="any"').replace(
        'id="missed"', 'id="missed" checked'
    )
    path.write_text(filtered, encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    made = subprocess.run(
        [str(CHROMIUM), *flags, f"--user-data-dir={tmp_path}/user", "--dump-dom", path.as_uri()],
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert "2 of 3 shown" in made.stdout.decode()
