"""Texts from strangers: nothing fails, nothing is lost, nothing drives a terminal or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from framelens.api import classify
from framelens.classification.classifier import BLOCK_CHARACTERS, FrameClassifier, Tokens
from framelens.classification.explanation import explain
from framelens.cli.console import CONTROL, shown
from framelens.cli.render.explanations import print_explanations, write_explanations
from framelens.cli.render.sentences import print_sentences
from framelens.core.files import open_whole
from framelens.core.settings import Settings
from framelens.core.types import Classified, Passage, SentenceFrames, storable
from framelens.parallel.run import classify_text
from framelens.preprocessing.tokenizer import LONGEST, tokenized
from framelens.project.labelled.reading import read_labelled
from framelens.writers.csv_table import FORMULA, csv_line
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from tests.helpers import classify_passages, open_classifier, visible, write_csv, write_jsonl

ODD = (
    "\ud800", "\udfff\ud800", "\0", "\x1b[2J", "\x9b31m", "\u202e", "\u2066", "\u200b", "\ufeff",
    "a\u0301\u0301", "\u2028", "\x85", "\r", "\r\n", "\x1c", "\U000e0041", "=1+1", "@SUM(A1)", "-2+3",
    "<script>alert(1)</script>", "{{ 7 * 7 }}", "[bold red]", '"', "'", "((((", "😀😀", "U.S.", "…", "''s",
    "https://example.org/?a=b&c=d", "The rapporteur was refused access to the prisons. ",
    "The talks failed; those responsible must be tried.",
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(st.sampled_from(ODD), st.text(max_size=12), st.text("\ud800\udc00 a.\r", max_size=6))
).map("".join)


@pytest.fixture(scope="module")
def classifier() -> FrameClassifier:
    return open_classifier()


def rows_of(text: str, classifier: FrameClassifier) -> list[Classified]:
    return list(classify_passages([Passage(f"={text}", text)], classifier))


def check(text: str, found: Sequence[SentenceFrames]) -> None:
    reached = 0
    for sentence in found:
        assert reached <= sentence.start < sentence.end
        assert not visible(text[reached : sentence.start])
        assert text[sentence.start : sentence.end] == sentence.text
        for row in sentence.evidence:
            assert text[row.start : row.end] == row.text != ""
        for frame in explain(sentence).frames:
            assert not frame.given or any(row.weight > 0 for row in frame.contributions)
        reached = sentence.end
    assert not visible(text[reached:])


@settings(max_examples=120, deadline=None)
@example(text="\u202e²")
@example(text="{{ 7 * 7 }}")
@given(text=TEXTS)
def test_any_text_is_classified_whole(classifier: FrameClassifier, text: str) -> None:
    check(text, [row.frames for row in rows_of(text, classifier)])


@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_json_lines_of_any_text(classifier: FrameClassifier, text: str) -> None:
    rows, out = rows_of(text, classifier), io.StringIO()
    write_jsonl(rows, out, unit="document", explain=True)
    lines = out.getvalue().encode().decode().split("\n")
    found = [json.loads(line, parse_constant=pytest.fail) for line in lines[:-1]]
    assert [row["text"] for row in found] == [storable(row.frames.text) for row in rows]
    out = io.StringIO()
    write_explanations(rows, out, unit="document")
    assert len(json.loads(out.getvalue().encode())) == len(rows)


@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_csv_of_any_text(classifier: FrameClassifier, text: str) -> None:
    rows, out = rows_of(text, classifier), io.StringIO()
    write_csv(rows, out, unit="document", frames=classifier.frames, explain=True)
    out.getvalue().encode()
    found = list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), strict=True))
    assert [row["text"].removeprefix("'") for row in found] == [
        storable(row.frames.text).removeprefix("'") for row in rows
    ]
    for row in found:
        assert not any(row[name].startswith(FORMULA) for name in ("id", "doc", "text", "evidence"))


@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_a_terminal_is_given_no_orders(classifier: FrameClassifier, text: str) -> None:
    rows, scheme = rows_of(text, classifier), classifier.rules.scheme
    out = io.StringIO()
    print_sentences(rows, scheme, out, explain=True)
    print_explanations(rows, scheme, out, unit="document", full=True)
    out.getvalue().encode()
    assert not {chr(code) for code in CONTROL} & set(out.getvalue())


@pytest.mark.parametrize("text", ["\ud800", "\0\0", "a\ud800b", "́" * 3000, "<b>"])
def test_what_is_not_white_space_is_a_sentence(classifier: FrameClassifier, text: str) -> None:
    found = [row.frames for row in rows_of(text, classifier)]
    assert [(row.text, row.start, row.end) for row in found] == [(text, 0, len(text))]


def test_what_cannot_be_seen_is_none() -> None:
    texts = ["", " \n\t", "\u202e", "\u200b\ufeff ", "\u2028\u3000", "\x1c\x1d\x85"]
    assert list(classify(texts)) == [[] for _ in texts]


def test_a_lone_surrogate_changes_nothing_around_it(classifier: FrameClassifier) -> None:
    text = "\ud800 The rapporteur was refused access to the prisons."
    (odd,), (even,) = rows_of(text, classifier), rows_of(storable(text), classifier)
    assert odd.frames.scores == even.frames.scores
    assert odd.frames.labels == even.frames.labels != ()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_file_holds_the_mark_for_a_lone_surrogate(tmp_path: Path, form: str) -> None:
    task = Settings(form="csv" if form == "csv" else "jsonl")
    classify_text("We met\udc80 them.", task, tmp_path / "out", texts=tmp_path / "texts")
    assert "We met\ufffd them." in (tmp_path / "out").read_text("utf-8")
    assert (tmp_path / "texts" / "text.txt").read_text("utf-8") == "We met\ufffd them."


def test_any_stream_writes_the_mark(tmp_path: Path) -> None:
    with open_whole(tmp_path / "out") as out:
        out.write("a\ud800\udfff😀")
    assert (tmp_path / "out").read_text("utf-8") == "a\ufffd\ufffd😀"


def test_a_labelled_file_may_spell_out_lone_surrogates(tmp_path: Path) -> None:
    row = {"text": "a \ud800 b", "labels": [], "note": ["\udfff"]}
    (tmp_path / "c.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (found,) = read_labelled(tmp_path / "c.jsonl", ["look"])
    assert (found.text, found.meta) == ("a \ufffd b", {"note": ["\ufffd"]})


@pytest.mark.parametrize(
    "cell", ["a\rb", "a\nb", "a\r\nb", 'a"b', "a,b", "\r", "", "a\0b", "a\u2028b"]
)
def test_a_cell_is_read_as_it_was(cell: str) -> None:
    line = csv_line([cell, "c"], keep_formulas=True)
    assert line.endswith("c\n")
    assert list(csv.reader(io.StringIO(line, newline=""), strict=True)) == [[cell, "c"]]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_formulas_are_cells_of_text_unless_kept(cell: str) -> None:
    def read(*, keep: bool) -> list[str]:
        line = csv_line([cell], keep_formulas=keep)
        return next(csv.reader(io.StringIO(line, newline="")))

    assert read(keep=False) == [f"'{cell}"]
    assert read(keep=True) == [cell]


def test_numbers_are_no_formulas() -> None:
    assert csv_line([-0.5, -2]) == "-0.5,-2\n"


def test_a_line_on_the_screen() -> None:
    assert shown("a\x1b[31m\r\n\tb\u202ec\ud800") == "a�[31m b�c�"


@settings(max_examples=30, deadline=None)
@given(
    parts=st.lists(st.tuples(st.sampled_from([*ODD, "a", " ", "\n"]), st.integers(1, 2 * LONGEST)))
)
def test_tokens_hold_the_whole_text(nlp: Language, parts: list[tuple[str, int]]) -> None:
    text = "".join(part * times for part, times in parts)[:2000]
    tokenizer = nlp.tokenizer
    found = tokenized(text, tokenizer)
    assert found.text == storable(text)
    if all(len(run) <= LONGEST for run in text.split()):
        assert [token.text for token in found] == [
            token.text for token in tokenizer(storable(text))
        ]


def test_evidence_is_held_for_few_long_sentences_at_a_time(
    classifier: FrameClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks: list[int] = []
    real = classifier.classify

    def counting(sentences: Sequence[Tokens], **options: Any) -> list[SentenceFrames]:
        blocks.append(sum(len(row.keys) for row in sentences))
        return real(sentences, **options)

    monkeypatch.setattr(classifier, "classify", counting)
    text = "a " * 100_000
    check(text, [row.frames for row in rows_of(text, classifier)])
    assert sum(blocks) == 100_000
    assert max(blocks) < BLOCK_CHARACTERS
