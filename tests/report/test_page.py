"""The page of documents: whole, escaped, offline; every number leads somewhere."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from framelens.classification.classifier import FrameClassifier
from framelens.classification.evidence import NO_CUE
from framelens.classification.persistence import digest_of_model
from framelens.core.files import CHECKOUT
from framelens.core.settings import Settings
from framelens.core.types import Passage
from framelens.evaluation.assessment import Origin
from framelens.preprocessing.structure import LeftOut
from framelens.project.project import Project
from framelens.project.relevance import Relevant, with_relevance
from framelens.report.corpus import payload as payload_module
from framelens.report.corpus.contents import collect
from framelens.report.corpus.findings import Grouping, find_out
from framelens.report.corpus.methods import Coverage
from framelens.report.corpus.page import documents_page, write_documents_report
from framelens.report.corpus.payload import embedded

from tests.helpers import open_classifier, read_payload, run_with_hash_seeds

from .conftest import HOSTILE, classified, opened
from .test_reliability import Outline

ENDING = "</script><!-- <script> & \u2028 ]]>"

PASSAGES = [
    Passage(
        f"first {HOSTILE}",
        f"They visited the old prison. {HOSTILE} The calm talks failed.\n\n{ENDING} A dialogue began.",
        meta={"speaker": HOSTILE, "date": "2018-03-01", "title": ENDING, "=field": "=1+1"},
    ),
    Passage(
        "second", "They visited the old prison. We sang.", meta={"speaker": "Ana", "date": "2019"}
    ),
    Passage("third", "The calm talks failed.", meta={"speaker": "Ana", "date": "2020-05"}),
]


def made(
    classifier: FrameClassifier, passages: Sequence[Passage] = PASSAGES, **options: Any
) -> str:
    contents = collect(classified(passages, classifier), classifier.rules.scheme)
    title = options.pop("title", None)
    found = find_out(contents, classifier.tokenizer, **options)
    return documents_page(found, classifier, title=title)


@pytest.fixture
def page(small: FrameClassifier) -> str:
    return made(
        small, title=f"Title {HOSTILE}", grouping=Grouping(by=["speaker", "document", "=field"])
    )


def test_texts_are_shown_as_text(page: str) -> None:
    outline = Outline(page)
    scripts = outline.all("script")
    assert [row.get("type") for row in scripts] == ["application/gzip", "module"]
    assert outline.all("img") == []
    assert not [name for _, given in outline.elements for name in given if name.startswith("on")]
    shown = "".join(outline.words)
    assert shown.count(HOSTILE) >= 3
    assert read_payload(page)["texts"][1].startswith("<script>")


def test_no_text_can_end_the_script_that_holds_it(page: str) -> None:
    inside = page.split('id="data">')[1].split("</script>")[0]
    assert re.fullmatch(r"[\w+/=]+", inside, re.ASCII)
    assert ENDING.split()[0] in "".join(read_payload(page)["texts"])
    value = {"a": [ENDING, HOSTILE, 1, None, "\udce9"]}
    assert read_payload(f"<p>{embedded(value)}</p>") == value


def test_every_sentence_has_its_entry(page: str) -> None:
    payload = read_payload(page)
    sentences = sum(document["sentences"] for document in payload["documents"])
    columns = [payload[name] for name in ("texts", "labels", "primary", "scores", "follows")]
    columns += [*payload["finds"].values(), *(facet["codes"] for facet in payload["facets"])]
    assert {len(column) for column in columns} == {sentences}
    for causes, starts, lengths in zip(*payload["finds"].values(), strict=True):
        assert len(causes) == len(starts) == len(lengths)
        assert all(cause < len(payload["causes"]) for cause in causes)


def test_finds_are_the_words_of_their_rules(page: str) -> None:
    payload = read_payload(page)
    words = {
        (payload["causes"][cause]["name"], text[start : start + length])
        for text, *finds in zip(payload["texts"], *payload["finds"].values(), strict=True)
        for cause, start, length in zip(*finds, strict=True)
    }
    assert ("look.visit", "visited the old prison") in words
    assert ("talk.talks", "talks") in words


def test_what_takes_a_rule_away_is_told() -> None:
    payload = read_payload(made(open_classifier(), [Passage("a", "They negotiated all night.")]))
    causes = [payload["causes"][cause] for cause in payload["finds"]["causes"][0]]
    assert [cause["note"] for cause in causes if cause["kind"] == "subject"] == [NO_CUE]
    bias = [frame["bias"] for frame in payload["frames"]]
    sums = [sum(column) for column in zip(*(cause["weights"] for cause in causes), strict=True)]
    expected = [own + more for own, more in zip(bias, sums, strict=True)]
    assert payload["scores"][0] == pytest.approx(expected, abs=2)


def test_the_fields_are_those_described(page: str) -> None:
    described = re.findall(r"^ {4}(?:  )?(\w+) {2,}\S", str(payload_module.__doc__), re.MULTILINE)
    payload = read_payload(page)
    assert [*payload] == [name for name in described if name not in ("groups", "keyness")]
    assert {"groups", "keyness"} <= {*described} & {*payload["fields"][0]}


def test_nothing_is_fetched_and_only_the_pages_own_script_runs(page: str) -> None:
    outline = Outline(page)
    ids = {given["id"] for _, given in outline.elements if "id" in given}
    for _, given in outline.elements:
        assert not {"src", "srcset", "action", "background", "style-src"} & set(given)
        href = given.get("href") or "#overview"
        assert href.startswith("#find?") or href[1:] in ids
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|innerHTML|insertAdjacent|eval\(", page)
    script = page.split('<script type="module">')[1].split("</script>")[0]
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    (policy,) = [row for row in outline.all("meta") if "http-equiv" in row]
    assert policy["content"] == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_ids_are_unique_and_controls_have_names(page: str) -> None:
    outline = Outline(page)
    ids = [given["id"] for _, given in outline.elements if "id" in given]
    assert len(ids) == len(set(ids))
    for tag in ("nav", "form", "aside"):
        assert all(given.get("aria-label") for given in outline.all(tag))
    for tag in ("input", "select"):
        assert outline.all(tag)
    unlabelled = re.sub(r"<label.*?</label>", "", page, flags=re.DOTALL)
    assert not re.search(r"<(?:input|select)\b", unlabelled)
    assert {given.get("aria-live") for given in outline.all("output")} == {"polite"}
    for given in outline.all("svg"):
        assert given.get("aria-hidden") == "true" or (
            given.get("role") == "img" and given.get("aria-labelledby") in ids
        )


def test_numbers_lead_to_their_sentences(page: str) -> None:
    """What a link asks for, counted from the data, is the number that the link shows."""
    found = read_payload(page)
    links = re.findall(r'<a href="#find\?([^"]*)">([\d,]+)</a>', page)
    assert len(links) > 20
    for asked, number in links:
        query = dict(part.split("=") for part in asked.replace("&amp;", "&").split("&"))
        assert matching(found, query) == int(number.replace(",", "")), asked


def matching(found: dict[str, Any], query: dict[str, str]) -> int:
    codes = []
    if "g" in query:
        facet, code = query["g"].split(".")
        codes = [given == int(code) for given in found["facets"][int(facet)]["codes"]]
    frames = [int(part) for part in query.get("f", "none").split(".") if part != "none"]
    kept = 0
    for at, labels in enumerate(found["labels"]):
        right = set(frames) <= set(labels) and not (query.get("f") == "none" and labels)
        kept += right and (not codes or codes[at])
    return kept


def test_tables_can_be_downloaded(page: str) -> None:
    found = read_payload(page)
    wanted = re.findall(r'data-table="([^"]+)"', page)
    assert sorted(wanted) == sorted(found["tables"])
    assert found["tables"]["overview"][0][:2] == ["frame", "sentences"]
    for table in found["tables"].values():
        assert {len(row) for row in table} == {len(table[0])}


def test_drawings_can_be_saved(page: str) -> None:
    ids = re.findall(r'data-drawing="([^"]+)"', page)
    assert ids == ["time-0", "time-1"]
    for name in ids:
        assert f'id="{name}"' in page


def test_methods_name_versions_digests_and_works(small: FrameClassifier) -> None:
    page, origin = made(small), Origin.of(small)
    contents = collect(classified(PASSAGES, small), small.rules.scheme)
    for digest in (contents.digest, origin.rules_digest, str(origin.model_digest)):
        assert f"<code>{digest}</code>" in page
        assert digest[:12] in page.split('id="paragraph">')[1].split("</blockquote>")[0]
    assert "Wilson, E. B. (1927)" in page
    assert "Kish, L. (1965)" in page
    assert "Kish, L. (1965)" not in made(small, PASSAGES[:1])
    assert "look 0.40, talk 0.60" in page


def test_a_model_has_one_digest_wherever_it_is_told(
    small: FrameClassifier, model_folder: Path
) -> None:
    assert Origin.of(small).model_digest == digest_of_model(Settings(model=str(model_folder)))
    assert small.model is not None
    assert replace(small.model, read_digest=None).digest == digest_of_model(
        Settings(model=str(model_folder))
    )


def test_an_empty_period_has_its_place(small: FrameClassifier) -> None:
    rows = [
        Passage(f"d{year}", "A dialogue began.", meta={"date": str(year)})
        for year in (2010, 2011, 2013)
    ]
    page = made(small, rows, grouping=Grouping(by=[], over="year"))
    for name in ("time", "cross-0"):
        empty = [row for row in read_payload(page)["tables"][name] if "2012" in row]
        frames = [row[-len(row) + row.index("2012") + 1] for row in empty]
        assert frames == ["look", "talk", "none"]
        assert all(row[row.index(0) :] == [0, 0, 0] + [None] * 8 for row in empty)
    assert '<tr><th scope="row">2012</th><td class="n none" data-head="Sentences">0</td>' in page
    assert '<span class="none">–</span>' in page.split('id="cross-0"')[1]


def test_rules_alone_make_a_page(small_folder: Path) -> None:
    page = made(opened(small_folder))
    assert "Labelled by the <strong>rules only</strong>" in page


@pytest.mark.parametrize(
    ("passages", "title"),
    [(PASSAGES, "3 documents"), (PASSAGES[1:2], "second"), (PASSAGES[:1], "&lt;/script&gt;")],
)
def test_titles(passages: Sequence[Passage], title: str, small: FrameClassifier) -> None:
    page = made(small, passages)
    assert page.split("<h1>")[1].startswith(title)


def test_the_same_texts_give_the_same_page(small: FrameClassifier, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    for _ in range(2):
        found = write_documents_report(
            classified(PASSAGES, small), small, path, grouping=Grouping(by=["speaker"])
        )
        assert path.read_text(encoding="utf-8") == made(small, grouping=Grouping(by=["speaker"]))
    assert len(found.contents.documents) == 3
    assert not list(tmp_path.glob("*.partial"))


def test_the_page_does_not_hang_on_the_hash_seed(tmp_path: Path) -> None:
    one, other = run_with_hash_seeds(
        ["report", str(CHECKOUT / "corpus/documents")], tmp_path, "page.html"
    )
    assert one.read_bytes() == other.read_bytes()


def test_letters_that_cannot_be_written_are_replaced(small: FrameClassifier) -> None:
    page = made(small, [Passage("bad\udce9name", "The calm talks failed.")])
    assert "bad\ufffdname" in page
    page.encode("utf-8")


def test_two_fields_at_once_are_a_table_and_lines(small: FrameClassifier) -> None:
    rows = [
        Passage(
            f"d{at}", text, meta={"country": f"<b>{'AB'[at % 2]}", "date": f"20{10 + at}-05-01"}
        )
        for at, text in enumerate(["They visited the old prison.", "A dialogue began."] * 6)
    ]
    grouping = Grouping(by=["country"], over="year", top=None, sort="name")
    page = made(small, rows, grouping=grouping)
    assert page.count('class="figures stacked crossed') == 2
    section = page.split('id="cross-0"')[1].split("</section>")[0]
    assert "&lt;b&gt;A" in section
    assert "<b>A" not in section
    assert [f">{year}<" in section for year in range(2010, 2022)] == [True] * 12
    assert "Cochran (1954) and Armitage (1955)" in page
    works = page.split('<ul class="references">')[1].split("</ul>")[0].split("<li>")[1:]
    assert works == sorted(works)
    assert any(work.startswith("Cochran, W. G. (1954)") for work in works)
    assert "Rao, J. N. K." in page


def test_only_what_is_relevant_is_taken(small: FrameClassifier, tmp_path: Path) -> None:
    rows = with_relevance(classified(PASSAGES, small), ["prison"])
    relevant = Relevant(["prison"])
    left_out = LeftOut(taken=9, kinds=Counter(table=3, note=1), languages=Counter(fr=2))
    left_out.beside_subject["ponds"] = 0.2
    coverage = Coverage(relevant, left_out)
    found = write_documents_report(rows, small, tmp_path / "page.html", coverage=coverage)
    assert 0 < len(found.contents.texts) < relevant.kept + relevant.left_out
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("Only sentences that name “prison”, or stand beside one that does") == 2
    assert page.count("frames are often wrong there: ponds (0.20).") == 2
    # The two are said at the top and in the paragraph for a paper.
    assert page.count("6 of 15 sentences left out: 3 table cells, 1 note, 2 in &#39;fr&#39;.") == 2


def test_labels_that_were_read_are_not_said_to_be_made(small: FrameClassifier) -> None:
    contents = collect(classified(PASSAGES, small), small.rules.scheme)
    found = find_out(contents, small.tokenizer)
    count = len(contents.texts)
    for recorded, said in (({"a.csv": count}, "All labels"), ({"a.csv": 1}, "Some labels")):
        page = documents_page(found, small, coverage=Coverage(recorded=recorded))
        paragraph = page.split('id="paragraph">')[1].split("</blockquote>")[0]
        assert f"{said} were read from what framelens had written earlier (a.csv)" in paragraph
        assert ("Frames were assigned to sentences with" in paragraph) is (said == "Some labels")
    assert "had written earlier" not in documents_page(found, small)


def test_headings_are_in_documents_in_full_and_not_counted(
    small_folder: Path, model_folder: Path, tmp_path: Path
) -> None:
    project = Project.open(
        Settings(rules=str(small_folder), model=str(model_folder), evidence=True, only=("prose",))
    )
    text = f"Pond {HOSTILE}\n\nThe calm talks failed. A dialogue began.\n\n1 See A/POND/3."
    rows = project.classify([Passage("a", text), Passage("b", "We sang all night.")])
    path = tmp_path / "page.html"
    found = write_documents_report(
        rows, project.classifier, path, coverage=Coverage(left_out=project.left_out)
    )
    first, second = read_payload(path.read_text("utf-8"))["documents"]
    assert first == {
        "name": "a",
        "title": f"Pond {HOSTILE}",
        "sentences": 2,
        "others": [[0, "heading", f"Pond {HOSTILE}"], [2, "note", "1 See A/POND/3."]],
    }
    assert (second["title"], second["others"]) == (None, [])
    assert found.overall.sentences == 3


def test_the_share_on_the_subject_is_shown(small: FrameClassifier) -> None:
    rows = classified(PASSAGES, small)
    told = [replace(row, frames=replace(row.frames, about=at / 10)) for at, row in enumerate(rows)]
    found = find_out(
        collect(told, small.rules.scheme), small.tokenizer, grouping=Grouping(by=["speaker"])
    )
    page = documents_page(found, small)
    part = sum(at >= 5 for at in range(len(rows))) / len(rows)
    assert f"<dt>On the subject</dt><dd>{100 * part:.1f}%" in page
    assert page.count('data-head="On the subject"') == len(found.fields[0].groups)
    assert "On the subject" not in made(small, grouping=Grouping(by=["speaker"]))


def test_groups_of_one_document_are_warned_of(small: FrameClassifier) -> None:
    assert "1 of the groups below rests on a single document" in made(
        small, grouping=Grouping(by=["speaker"])
    )
    assert "All of this rests on one document" in made(small, PASSAGES[1:2])


def test_frames_that_exclude_each_other_are_not_said_to_stand_together(
    small_folder: Path,
) -> None:
    scheme = small_folder / "scheme.toml"
    scheme.write_text(f"exclusive = true\nnone = true\n{scheme.read_text(encoding='utf-8')}")
    page = made(opened(small_folder))
    assert "A sentence carries one frame, or none." in page
    assert "can carry several frames" not in page
    assert "With several frames" not in page
    assert 'id="together"' not in page
    assert "#together" not in page
