"""framelens inside spaCy."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import framelens
import pytest
import spacy
import srsly
from framelens.core.errors import FramelensError
from framelens.core.types import SentenceFrames
from hypothesis import given
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from tests.preprocessing import test_sentences

TEXT = (
    "The rapporteur was refused access to the prisons. We stand for dialogue and cooperation.\n\n"
    "It rained."
)


@pytest.fixture(scope="module")
def ready() -> Language:
    return framelens.load()


def labels(nlp: Language, text: str = TEXT) -> list[tuple[str, ...]]:
    return [sentence._.frames.labels for sentence in nlp(text).sents]


def test_the_ready_pipeline(ready: Language) -> None:
    assert ready.pipe_names == ["framelens_sentences", "framelens"]
    assert labels(ready) == [("monitoring",), ("cooperation", "dialogue"), ()]


def test_a_sentence_carries_its_result(ready: Language) -> None:
    doc = ready(TEXT)
    for sentence in doc.sents:
        found = sentence._.frames
        assert isinstance(found, SentenceFrames)
        assert doc.text[found.start : found.end] == found.text
        for item in found.evidence:
            assert doc.text[item.start : item.end] == item.text
    first = next(doc.sents)._.frames
    assert first.primary == "monitoring"
    assert set(first.scores) == {"monitoring", "cooperation", "accountability", "dialogue"}


def test_evidence_stands_in_the_span_group(ready: Language) -> None:
    doc = ready(TEXT)
    spans = {(span.label_, span.id_) for span in doc.spans["frames"]}
    rules = {item for item in spans if item[1].startswith(f"{item[0]}.")}
    assert {label for label, _ in rules} == {"monitoring", "cooperation", "dialogue"}


def test_pipe_gives_what_single_calls_give(ready: Language) -> None:
    texts = [TEXT, "", "They must be held accountable.", " \n "]
    piped = [[s._.frames for s in doc.sents] for doc in ready.pipe(texts, batch_size=2)]
    assert piped == [[s._.frames for s in ready(text).sents] for text in texts]


def test_the_component_is_found_without_importing_framelens() -> None:
    code = (
        "import spacy, sys\n"
        "nlp = spacy.blank('en')\n"
        "nlp.add_pipe('framelens')\n"
        "doc = nlp('Impunity must end.')\n"
        "print(next(doc.sents)._.frames.labels)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "('accountability',)"


BOUNDED = spacy.blank("en")
BOUNDED.add_pipe("framelens_sentences")


@test_sentences.examples
@given(test_sentences.TEXTS)
def test_boundaries_are_those_of_the_library(text: str) -> None:
    doc, starts = BOUNDED(text), test_sentences.starts_of(text)
    tokens = [token.idx for token in doc if token.is_sent_start]
    firsts = [next((token.idx for token in doc if token.idx >= at), None) for at in starts]
    assert tokens[1:] == [at for at in firsts[1:] if at is not None]
    assert tokens[:1] == [0][: len(doc)]
    assert not len(doc) or doc.has_annotation("SENT_START")


def test_white_space_belongs_to_the_sentence_before() -> None:
    doc = BOUNDED("  One.  \n\nTwo.\n")
    assert [sentence.text for sentence in doc.sents] == ["  One.  \n\n", "Two.\n"]


def test_sentence_boundaries_of_others_are_kept() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [";"]})
    nlp.add_pipe("framelens")
    assert len(list(nlp("One. Two; three.").sents)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffThe talks failed.",
        "They met.\n\n\u202eThe talks\u200b failed.\u200f",
        "They met.\n\n> The talks failed.\n> Nobody came.",
        " \u00ad\u200b ",
        "\ufeff",
        " \n\n",
        "They met. \u200b",
    ],
)
def test_sentences_are_those_of_the_library(ready: Language, text: str) -> None:
    found = [sentence._.frames for sentence in ready(text).sents]
    # Where there is nothing but white space, spaCy has a sentence of it.
    assert [one for one in found if one.text] == next(framelens.classify([text]))
    assert all(one.labels == one.evidence == () for one in found if not one.text)


class OnBlanks:
    """A tokenizer that is none of spaCy's, as its handbook has one."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        return Doc(self.vocab, words=text.split(" "))


def borrowed() -> Language:
    nlp, lender = spacy.blank("en"), spacy.blank("en")
    lender.add_pipe("framelens")
    nlp.add_pipe("framelens", source=lender)
    return nlp


def with_other_tokenizer() -> Language:
    nlp = framelens.load()
    nlp.tokenizer = spacy.blank("de").tokenizer
    return nlp


def with_strange_tokenizer() -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = OnBlanks(nlp.vocab)
    nlp.add_pipe("framelens")
    return nlp


def of_another_language() -> Language:
    nlp = spacy.blank("zh")  # a token a character
    nlp.add_pipe("framelens")
    return nlp


@pytest.mark.parametrize(
    "made", [borrowed, with_other_tokenizer, with_strange_tokenizer, of_another_language]
)
def test_words_are_the_library_s_whatever_the_tokens(made: Callable[[], Language]) -> None:
    nlp = made()
    # Words that no other text here has, in a sentence that is read as it is written and in one that is not.
    assert labels(nlp, "Zorgpeople quuxed the talks to hold a dialogue. Blarg\u00ad.") == [
        ("dialogue",),
        (),
    ]


def test_tokens_that_another_component_has_merged_are_read_apart(ready: Language) -> None:
    doc = ready.make_doc(TEXT)
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[:4])  # The rapporteur was refused
    found = [sentence._.frames for sentence in ready(doc).sents]
    assert found == next(framelens.classify([TEXT]))


@pytest.mark.slow
def test_time_grows_with_the_length_of_a_document(ready: Language) -> None:
    def seconds(count: int) -> float:
        text = " ".join(f"The rapporteur visited prison {at}." for at in range(count))
        begun = process_time()
        assert len(ready(text).spans["frames"]) >= count
        return process_time() - begun

    seconds(1000)
    # Twelve times the text; with the square of the length it would be over a hundred times.
    assert seconds(12_000) < 40 * seconds(1000)


@pytest.mark.parametrize("mode", ["hybrid", "rules", "model"])
def test_a_pipeline_comes_back_from_disk(mode: str, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("framelens", config={"mode": mode, "thresholds": {"dialogue": 0.4}})
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    assert labels(loaded) == labels(nlp)
    assert (tmp_path / "framelens" / "rules" / "scheme.toml").is_file()


def test_a_pipeline_comes_back_from_bytes(ready: Language) -> None:
    nlp = framelens.load()
    nlp.from_bytes(ready.to_bytes())
    assert labels(nlp) == labels(ready)


def test_a_second_component_is_warned_of() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("framelens")
    nlp.replace_pipe("framelens", "framelens", config={"mode": "rules"})
    with pytest.warns(UserWarning, match="^other: .* writes over; expected a pipeline for each"):
        nlp.add_pipe("framelens", name="other")


@pytest.mark.parametrize("option", ["model", "rules"])
def test_a_folder_of_no_name_is_refused(option: str) -> None:
    with pytest.raises(FramelensError, match=f"framelens: {option} is ''; expected a path"):
        spacy.blank("en").add_pipe("framelens", config={option: ""})


def test_a_user_s_own_frames(small_folder: Path) -> None:
    nlp = framelens.load(rules=small_folder, mode="rules")
    text = "They visited the camp. The talks failed. An observer sat there."
    assert labels(nlp, text) == [("look",), ("talk",), ()]


def test_a_model_of_other_rules_is_refused(small_folder: Path) -> None:
    with pytest.raises(
        FramelensError, match=r"give the model that was trained with these \(model=\)"
    ):
        framelens.load(rules=small_folder)


def test_a_model_of_changed_rules_is_refused(tmp_path: Path) -> None:
    nlp = framelens.load(mode="rules")
    tagger: Any = nlp.get_pipe("framelens")
    tagger.to_disk(tmp_path)
    scheme = tmp_path / "rules" / "scheme.toml"
    scheme.write_text(scheme.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(FramelensError, match=r"train one \(framelens train"):
        framelens.load(rules=tmp_path / "rules")
    assert framelens.load(rules=tmp_path / "rules", mode="model")


TEXTS = ["The talks failed. It rained.", "They visited the old prison.", "Nobody came."]


def frames_of(doc: Doc) -> list[object]:
    return [sentence._.frames for sentence in doc.sents]


def through_bytes(nlp: Language, docs: list[Doc], folder: Path) -> list[Doc]:  # noqa: ARG001
    return [Doc(nlp.vocab).from_bytes(doc.to_bytes()) for doc in docs]


def through_disk(nlp: Language, docs: list[Doc], folder: Path) -> list[Doc]:
    for number, doc in enumerate(docs):
        doc.to_disk(folder / str(number))
    return [Doc(nlp.vocab).from_disk(folder / str(number)) for number in range(len(docs))]


def through_docbin(nlp: Language, docs: list[Doc], folder: Path) -> list[Doc]:  # noqa: ARG001
    data = DocBin(docs=docs, store_user_data=True).to_bytes()
    return list(DocBin().from_bytes(data).get_docs(nlp.vocab))


def joined_and_cut(nlp: Language, docs: list[Doc], folder: Path) -> list[Doc]:  # noqa: ARG001
    """The first text once more, from the end of a document in which it stands after the others."""
    joined = Doc.from_docs([*docs, docs[0]])
    assert joined is not None
    spans = list(joined.sents)
    one = [row for doc in docs for row in frames_of(doc)]
    for span, before in zip(spans, [*one, *frames_of(docs[0])], strict=True):
        found = span._.frames
        assert (found.labels, found.text) == (before.labels, before.text)  # type: ignore[attr-defined]
        for row in found.evidence:
            assert joined.text[row.start : row.end] == row.text
    first = joined[spans[-2].start : spans[-1].end]
    return [first.as_doc(copy_user_data=True), *docs[1:]]


def through_processes(nlp: Language, docs: list[Doc], folder: Path) -> list[Doc]:  # noqa: ARG001
    return list(nlp.pipe([doc.text for doc in docs], n_process=2))


def through_pickle(nlp: Language, docs: list[Doc], folder: Path) -> list[Doc]:  # noqa: ARG001
    return list(pickle.loads(pickle.dumps(nlp)).pipe([doc.text for doc in docs]))


@pytest.mark.parametrize(
    "way",
    [
        through_bytes,
        through_disk,
        through_docbin,
        joined_and_cut,
        through_processes,
        through_pickle,
    ],
)
def test_what_was_found_survives(
    way: Callable[[Language, list[Doc], Path], list[Doc]], small_folder: Path, tmp_path: Path
) -> None:
    nlp = framelens.load(rules=small_folder, mode="rules")
    docs = list(nlp.pipe(TEXTS))
    assert frames_of(docs[0])[0] is not None
    assert [frames_of(doc) for doc in way(nlp, docs, tmp_path)] == [frames_of(doc) for doc in docs]


@pytest.mark.parametrize("size", [0, -1, 1.5, "x"])
def test_batches_of_no_size_are_refused(ready: Language, size: Any) -> None:
    with pytest.raises(
        FramelensError, match=r"batch_size is .*; expected a whole number from 1 on"
    ):
        list(ready.pipe(TEXTS, batch_size=size))


def test_what_is_no_document_is_refused(ready: Language) -> None:
    with pytest.raises(FramelensError, match="doc is 'x'; expected a Doc"):
        ready.get_pipe("framelens")("x")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-5],
        lambda _: srsly.msgpack_dumps([1]),
        lambda data: srsly.msgpack_dumps(
            {**srsly.msgpack_loads(data), "rules/scheme.toml": b"\xff"}
        ),
        lambda data: srsly.msgpack_dumps({**srsly.msgpack_loads(data), "model/meta.json": None}),
        lambda _: 3,
    ],
)
def test_damaged_bytes_are_refused(ready: Language, damage: Callable[[bytes], Any]) -> None:
    tagger: Any = ready.get_pipe("framelens")
    before = labels(ready)
    with pytest.raises(FramelensError, match="bytes of the component framelens are damaged: "):
        tagger.from_bytes(damage(tagger.to_bytes()))
    assert labels(ready) == before
    assert gc.isenabled()


def test_a_component_is_not_written_over_a_file(ready: Language, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tagger: Any = ready.get_pipe("framelens")
    with pytest.raises(FramelensError, match=r"file.rules: cannot be written"):
        tagger.to_disk(tmp_path / "file")


def test_rules_of_an_earlier_pipeline_are_not_read_back(
    ready: Language, small_folder: Path, tmp_path: Path
) -> None:
    ready.to_disk(tmp_path / "saved")
    ready.to_disk(tmp_path / "saved")
    with pytest.raises(FramelensError, match=r"accountability.toml: rules of another making; exp"):
        framelens.load(rules=small_folder, mode="rules").to_disk(tmp_path / "saved")


def test_an_extension_of_somebody_else_is_told() -> None:
    framelens.load()  # which sets it
    own = Span.remove_extension("frames")
    Span.set_extension("frames", default=None)
    try:
        with pytest.raises(FramelensError, match=r"Span._.frames is another extension; expected"):
            framelens.load()
    finally:
        Span.set_extension("frames", getter=own[2], force=True)
