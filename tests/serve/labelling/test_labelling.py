"""What coders answer on the page for labelling: whole files, one a coder, whatever happens."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from framelens.cli.main import Exit, run
from framelens.core.codebook import Frame, Scheme
from framelens.core.errors import FramelensError
from framelens.project.adjudication import disputed, merged
from framelens.project.items import Item, read_items, write_items
from framelens.serve.labelling.answers import Answers
from framelens.serve.labelling.app import create_label_app, keys
from framelens.serve.labelling.outlook import outlook_of

from tests.serve.conftest import started

FRAMES = ("look", "talk")
SCHEME = Scheme("Two", tuple(Frame(name, "?", name[0], "red") for name in FRAMES))
ITEMS = [
    Item(id=f"speech.txt#{n}", text=text, document="speech.txt", probability=0.25, design="random")
    for n, text in enumerate(["They visited the prison.", "The talks failed.", "It rained; “so”…"])
]
FIRST = ITEMS[0].id


@pytest.fixture(params=["to-label.csv", "to-label.jsonl"])
def sample(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path: Path = tmp_path / request.param
    write_items(ITEMS, path)
    return path


def test_each_answer_is_in_the_coders_own_file_with_all_that_the_sample_says(sample: Path) -> None:
    answers = Answers(sample, SCHEME)
    path = answers.answer("Ana B.2", FIRST, ["talk", "look"], True, "two,\nin fact")
    answers.answer("ben", FIRST, [], False, "")
    said = replace(ITEMS[0], labels=FRAMES, unsure=True, note="two,\nin fact", coder="Ana B.2")
    assert path.name == f"to-label.ana b.2{sample.suffix}"
    assert read_items(path, FRAMES) == [said, *ITEMS[1:]]
    assert [item.labels for item in answers.of("ben")] == [(), None, None]
    assert read_items(sample, FRAMES) == ITEMS


def test_a_coder_goes_on_where_the_file_is_and_takes_answers_back(sample: Path) -> None:
    Answers(sample, SCHEME).answer("ana", FIRST, ["look"], False, "")
    again = Answers(sample, SCHEME)
    again.answer("Ana", ITEMS[1].id, ["talk"], False, "")
    again.answer("ana", FIRST, None, False, "")
    assert [item.labels for item in again.of("ana")] == [None, ("talk",), None]


def test_files_of_coders_are_merged_and_disputes_settled(sample: Path) -> None:
    answers = Answers(sample, SCHEME)
    for coder, labels in (("ana", ["look"]), ("ben", [])):
        answers.answer(coder, FIRST, labels, False, "")
        answers.answer(coder, ITEMS[1].id, ["talk"], False, "")
    coders = {str(answers.path(name)): answers.of(name) for name in ("ana", "ben")}
    gold = merged(coders, FRAMES)
    assert [item.labels for item in gold] == [None, ("talk",), None]
    assert [item.id for item in disputed(coders)] == [FIRST]


@pytest.mark.parametrize(
    ("coder", "identifier", "labels", "why"),
    [
        ("../ana", FIRST, [], "a coder's name is '../ana'"),
        ("", FIRST, [], "a coder's name is ''"),
        ("ana ", FIRST, [], "a coder's name is 'ana '"),
        ("ana", "speech.txt#9", [], "has no sentence 'speech.txt#9'"),
        ("ana", FIRST, ["look", "sing"], "'sing' is no frame; expected look, talk"),
    ],
)
def test_what_is_no_answer_is_refused(
    sample: Path, coder: str, identifier: str, labels: list[str], why: str
) -> None:
    before = sorted(sample.parent.iterdir())
    with pytest.raises(FramelensError, match=why):
        Answers(sample, SCHEME).answer(coder, identifier, labels, False, "")
    assert sorted(sample.parent.iterdir()) == before


@pytest.mark.parametrize("none", [False, True])
def test_a_codebook_of_one_label_offers_its_labels_and_none_where_it_has_it(
    sample: Path, none: bool
) -> None:
    answers = Answers(sample, replace(SCHEME, exclusive=True, none=none))
    answers.answer("ana", FIRST, ["talk"], False, "")
    with pytest.raises(FramelensError, match="2 frames; expected one"):
        answers.answer("ana", FIRST, ["look", "talk"], False, "")
    assert answers.of("ana")[0].labels == ("talk",)
    page = TestClient(create_label_app(answers), base_url="http://localhost").get("/").text
    assert ("none of these" in page) is none
    assert "no frame" not in page
    if none:
        answers.answer("ana", FIRST, [], False, "")
        return
    with pytest.raises(FramelensError, match="'none' for its label; expected a frame"):
        answers.answer("ana", FIRST, [], False, "")


@pytest.mark.parametrize(
    "other",
    [{"id": "other.txt#0"}, {"probability": 0.5}, {"design": "unsure"}, {"text": "They left."}],
)
def test_a_file_of_another_sample_is_refused(sample: Path, other: dict[str, Any]) -> None:
    """A sample that is drawn anew under its name, with more sentences, shares some with the old one."""
    answers = Answers(sample, SCHEME)
    write_items([replace(ITEMS[0], **other)], answers.path("ana"))
    with pytest.raises(FramelensError, match=r"is not in .*, or with another .*--avoid"):
        answers.of("ana")


def test_a_coder_goes_on_where_a_spreadsheet_has_cut_digits(sample: Path) -> None:
    items = [replace(item, probability=20 / 63) for item in ITEMS]
    write_items(items, sample)
    answers = Answers(sample, SCHEME)
    write_items([replace(item, probability=0.317460317) for item in items], answers.path("ana"))
    answers.answer("ana", FIRST, ["look"], False, "")
    coders = {name: answers.of(name) for name in ("ana", "ben")}
    assert [item.labels for item in merged(coders, FRAMES)] == [("look",), None, None]


@pytest.mark.parametrize(
    ("put", "problem"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (os.mkfifo, "is a pipe or a device"),
        (lambda path: path.symlink_to("/dev/null"), "is a pipe or a device"),
        (lambda path: path.symlink_to(path), "links lead round in a circle"),
        (lambda path: path.symlink_to(f"to-label{path.suffix}"), "is read, too"),
    ],
)
def test_answers_go_to_a_file_of_their_own_alone(
    sample: Path, put: Callable[[Path], object], problem: str
) -> None:
    answers, before = Answers(sample, SCHEME), sample.read_bytes()
    put(sample.with_name(f"to-label.ana{sample.suffix}"))
    for ask in (
        lambda: answers.answer("ana", FIRST, ["look"], False, ""),
        lambda: answers.of("ana"),
    ):
        with pytest.raises(FramelensError, match=problem):
            ask()
    answers.answer("ben", FIRST, ["look"], False, "")
    assert sample.read_bytes() == before


def test_a_name_that_is_too_long_beside_the_samples_is_told(tmp_path: Path) -> None:
    sample = tmp_path / f"{'l' * 230}.csv"
    write_items(ITEMS, sample)
    with pytest.raises(FramelensError, match="File name too long"):
        Answers(sample, SCHEME).answer("a" * 40, FIRST, ["look"], False, "")


def test_two_servers_for_one_sample_lose_no_answer(sample: Path) -> None:
    def label(server: Answers, item: Item) -> None:
        server.answer("ana", item.id, ["look"], False, "")

    for _ in range(10):
        servers = [Answers(sample, SCHEME) for _ in ITEMS]
        with ThreadPoolExecutor() as pool:
            list(pool.map(label, servers, ITEMS))
        coded = servers[0].path("ana")
        assert [item.labels for item in read_items(coded, FRAMES)] == [("look",)] * len(ITEMS)
        coded.unlink()


def test_a_blind_sample_stays_blind_and_bad_requests_get_one_line(sample: Path) -> None:
    client = TestClient(create_label_app(Answers(sample, SCHEME)), base_url="http://localhost")
    given = client.get("/items", params={"coder": "ana"}).json()
    assert given["file"] == f"to-label.ana{sample.suffix}"
    first = given["items"][0]
    assert (first["proposed"], first["labels"]) == (None, None)
    assert "probability" not in first
    answer = {"coder": "ana", "id": FIRST, "labels": ["sing"]}
    for fields, why in (
        (answer, "'sing' is no frame"),
        ({**answer, "labels": "look"}, "labels: "),
        ({**answer, "more": 1}, "more: "),
    ):
        given = client.post("/answer", json=fields)
        assert given.status_code == 422
        assert given.json()["error"].startswith(why)
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400


def test_the_page_says_whether_more_labels_would_help() -> None:
    many = [
        replace(ITEMS[at % 3], id=f"s{at}", proposed=("talk",) if at % 3 == 1 else ())
        for at in range(60)
    ]
    assert outlook_of(many, FRAMES) == ""
    half = [replace(item, labels=("talk",) if at % 5 else ()) for at, item in enumerate(many[:30])]
    said = outlook_of([*half, *many[30:]], FRAMES)
    found = re.fullmatch(
        r"With 100 more labels, .* \(talk\) would be known to about ±([\d.]+) points in place of "
        r"±([\d.]+) \((\d+)% narrower\)\. That is of these texts alone; .*",
        said,
    )
    assert found is not None
    left = float(found[1]) / float(found[2])
    assert 0.35 < left < 0.6
    assert int(found[3]) == pytest.approx(100 * (1 - left), abs=1)
    assert outlook_of([replace(item, probability=None) for item in half], FRAMES) == ""
    for chance, expected in (
        (0.75, "With 10 more labels, "),
        (1.0, ""),
    ):  # no more sentences are there
        assert outlook_of([replace(it, probability=chance) for it in half], FRAMES)[:21] == expected


def test_a_codebook_is_drawn_and_its_tags_stay_text(sample: Path) -> None:
    book = "# Rules\n\n| a | b |\n| - | - |\n| *x* | <script>y</script> |\n"
    app = create_label_app(Answers(sample, SCHEME), codebook=book)
    page = TestClient(app, base_url="http://localhost").get("/").text
    assert "<h3>Rules</h3>" in page
    assert "<td><em>x</em></td>" in page
    assert "&lt;script&gt;y" in page


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("LT", ["l", "t"]), ("AA", ["a", "1"]), (["Lo", "1"], ["2", "1"]), ("0?", ["1", "2"])],
)
def test_every_frame_has_a_key_of_its_own(letters: str | list[str], expected: list[str]) -> None:
    frames = (Frame(f"f{n}", "?", letter, "red") for n, letter in enumerate(letters))
    assert keys(Scheme("Any", tuple(frames))) == expected


def test_a_server_that_is_killed_has_lost_nothing(tmp_path: Path, rules_folder: Path) -> None:
    sample = tmp_path / "to-label.csv"
    write_items(ITEMS, sample)
    arguments = ("--label", str(sample), "--rules", str(rules_folder))
    with started(*arguments) as server:
        for item in ITEMS:
            said = {"coder": "ana", "id": item.id, "labels": ["talk"], "note": item.text}
            assert server.ask("POST", "/answer", said) == (
                200,
                {"saved": "to-label.ana.csv", "outlook": ""},
            )
        server.stop(signal.SIGKILL)
    saved = read_items(tmp_path / "to-label.ana.csv", FRAMES)
    assert [(item.labels, item.note) for item in saved] == [(("talk",), i.text) for i in ITEMS]
    assert {path.name for path in tmp_path.iterdir()} == {"to-label.csv", "to-label.ana.csv"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--label", "nowhere.csv"], "nowhere.csv: no such file"),
        (["--codebook", "any.md"], "--codebook: expected with --label alone"),
    ],
)
def test_bad_options_are_one_line(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--port", "0", *arguments]) == Exit.BAD_INPUT
    assert capsys.readouterr().err.strip() == f"framelens: error: {expected}"
