"""A long run does not fill the memory with the words it meets, and says the same all the same."""

from __future__ import annotations

import gc
from contextlib import suppress
from threading import Event, Thread

import pytest
from framelens.api import classify
from framelens.classification import classifier as classifier_module
from framelens.core import memory
from framelens.core.memory import collected_seldom, forgetting, uncollected
from framelens.core.types import Passage, SentenceFrames

from tests.helpers import classify_passages, open_classifier

TEXTS = [f"The {'ab'[at % 2]}{at}x rapporteur visited the pr{at}ison." for at in range(2000)]


@pytest.fixture(scope="module")
def expected() -> list[list[SentenceFrames]]:
    return list(classify(TEXTS, unit="sentence"))


def test_words_beyond_the_most_are_let_go(
    monkeypatch: pytest.MonkeyPatch, expected: list[list[SentenceFrames]]
) -> None:
    monkeypatch.setattr(memory, "MOST_WORDS", 1500)
    assert list(classify(TEXTS, unit="sentence")) == expected


@pytest.mark.parametrize(("most", "kept"), [(10**9, True), (1, False)])
def test_a_large_vocabulary_does_not_grow(
    monkeypatch: pytest.MonkeyPatch, most: int, kept: bool
) -> None:
    monkeypatch.setattr(memory, "MOST_WORDS", most)
    classifier = open_classifier()
    strings = classifier.tokenizer.vocab.strings
    passages = (Passage(str(at), text) for at, text in enumerate(TEXTS))
    rows = list(classify_passages(passages, classifier, unit="sentence"))
    assert rows[-1].frames.labels == rows[-3].frames.labels == ("monitoring",)
    assert [f"pr{at}ison" in strings for at in (0, 1000, 1999)] == [kept] * 3


def test_after_very_many_words_a_new_vocabulary_is_begun(
    monkeypatch: pytest.MonkeyPatch, expected: list[list[SentenceFrames]]
) -> None:
    monkeypatch.setattr(memory, "MOST_WORDS", 1500)
    monkeypatch.setattr(classifier_module, "MAX_VOCABULARY", 2500)
    monkeypatch.setattr(classifier_module, "BLOCK", 500)
    classifier = open_classifier()
    vocab = classifier.tokenizer.vocab
    passages = (Passage(str(at), text) for at, text in enumerate(TEXTS))
    found = classify_passages(passages, classifier, unit="sentence")
    assert [row.frames.labels for row in found] == [rows[0].labels for rows in expected]
    assert classifier.tokenizer.vocab is not vocab


def test_a_zone_that_is_open_already_is_left_to_whoever_opened_it() -> None:
    vocab = open_classifier().tokenizer.vocab
    with vocab.memory_zone(), forgetting(vocab):
        vocab.strings.add("somethingnew")
    assert "somethingnew" not in vocab.strings


@pytest.mark.parametrize("word", ["IS_ALPHA", "ORTH", "LAW", "PERSON"])
def test_words_that_spacy_has_a_use_for_are_met_again(word: str) -> None:
    tokenizer = open_classifier().tokenizer
    for _ in range(2):
        with forgetting(tokenizer.vocab):
            assert tokenizer(word)[0].text == word
    assert tokenizer(word)[0].text == word


@pytest.mark.parametrize(
    ("before", "within"),
    [((700, 10, 10), (200_000, 20, 20)), ((900_000, 5, 5), (900_000, 20, 20)), ((0, 10, 10),) * 2],
)
def test_garbage_is_looked_for_less_often_only_in_the_block(
    before: tuple[int, int, int], within: tuple[int, int, int]
) -> None:
    kept = gc.get_threshold()
    gc.set_threshold(*before)
    try:
        with collected_seldom(), suppress(KeyError), collected_seldom():
            assert gc.get_threshold() == within
            raise KeyError
        assert gc.get_threshold() == before
    finally:
        gc.set_threshold(*kept)


def test_a_thread_may_begin_while_another_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, before, restore = gc.get_threshold(), (700, 10, 10), gc.set_threshold
    begun, over = Event(), Event()

    def second() -> None:
        with collected_seldom():
            begun.set()
            over.wait()

    thread = Thread(target=second)

    def restored_late(*thresholds: int) -> None:
        if thresholds == before and thread.ident is None:
            thread.start()
            begun.wait(0.1)
        restore(*thresholds)

    restore(*before)
    monkeypatch.setattr(gc, "set_threshold", restored_late)
    try:
        with collected_seldom():
            pass
        over.set()
        thread.join()
        assert gc.get_threshold() == before
    finally:
        restore(*kept)


def test_garbage_is_collected_again_though_a_thread_begins_while_another_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    is_enabled, asked, ended = gc.isenabled, Event(), Event()

    def answered_late() -> bool:
        enabled = is_enabled()
        if not enabled:
            asked.set()
            ended.wait(0.1)
        return enabled

    def second() -> None:
        with uncollected():
            pass

    monkeypatch.setattr(gc, "isenabled", answered_late)
    thread = Thread(target=second)
    try:
        with uncollected():
            thread.start()
            asked.wait()
        ended.set()
        thread.join()
        assert is_enabled()
    finally:
        gc.enable()
